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


def options(description: str, *, seconds: float = 2.0, rounds: int = 2) -> argparse.ArgumentParser:
    """What every contest can be told; more options may be added."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--cpu", action="store_true", help="by processor time: for a machine that others use too")
    parser.add_argument("--json", default="")
    parser.add_argument("--worker", default="", help=argparse.SUPPRESS)
    return parser


def seed_steps(task, learner, seeds: int, spec: dict) -> float:
    """Seed-steps per second of a learner of heldout's, so many seeds together; each call takes a tenth of a second or more."""
    import jax

    from heldout.core.cell import Cell
    from heldout.runner.compiling import use_cache
    from heldout.runner.mode import choose
    from heldout.runner.together import keys, programs

    use_cache()
    cell, units = Cell(task, learner), tuple(range(seeds))
    program = programs(cell, choose(cell, units, ()))
    states = program.start(keys(cell, units, "start", traced=True), ())
    reached, block, took = 1, 1, 0.0
    states = jax.block_until_ready(program.advance(states, (), reached))

    def step() -> None:
        nonlocal states, reached
        reached += block
        states = jax.block_until_ready(program.advance(states, (), reached))

    while took < 0.1:  # a study's calls are longer
        block, begun = 2 * block, time.perf_counter()
        step()
        took = time.perf_counter() - begun
    return timed(step, spec) * block * seeds
