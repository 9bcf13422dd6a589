"""Two sides of a speed contest, each in processes of its own, on one core."""

import argparse
import json
import os
import subprocess
import sys
import time


def worker(script: str, side: str, options: argparse.Namespace, **spec) -> float:
    """What one process on one core reports: its speed, or how far its outputs lie from those in a file."""
    spec |= {"side": side, "seconds": options.seconds, "cpu": options.cpu}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    python = sys.executable if side == "jax" else options.torch_python
    core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        [python, script, "--worker", json.dumps(spec)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | threads,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    return float(done.stdout.splitlines()[-1])


def timed(step, spec: dict) -> float:
    """Calls of `step` per second."""
    clock = time.process_time if spec["cpu"] else time.perf_counter
    start, calls = clock(), 0
    while (elapsed := clock() - start) < spec["seconds"] or calls < 2:
        step()
        calls += 1
    return calls / elapsed
