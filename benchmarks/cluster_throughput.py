"""How throughput grows with the nodes of a cluster, and what two studies would cost at their published scale.

    python benchmarks/cluster_throughput.py [--nodes 1 2] [--seconds 3] [--price 0.05]

Needs `heldout[lab,cluster]`. Three parts:

1. Measured: a study of 48 runs in batches of four is run locally and on clusters of one-core nodes, raylets of this machine: as many as it
   has cores, as more would share them. Training seconds per second of wall clock, from the first batch's start to the last one's end.
2. Measured: what a batch costs beside its training, by a study of 400 runs whose trainings take no time; batches per second through one
   head, in the second half of it.
3. Modelled: n nodes of one core do n times the work of one until the head hands out batches no faster. And, from the seed-steps per
   second of this machine's core, hours and money (`--price` per core and hour) for two studies as large as published:
   chomsky: 20,910 networks (Deletang et al., 2023, abstract) of 256 units, each 1,000,000 updates of 128 strings of up to 40 symbols;
   grokking: the two-layer transformer, 128 wide, of Power et al. (2022), 100,000 updates of 512 equations modulo 97, for 12 operations
   at 12 training fractions and 24 seeds, which is what heldout would run to decide a claim at each point of their Figure 2.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contest import options, seed_steps, worker

STUDY = """
from heldout import Budget, Paper, Study, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.mlp import MLP
from heldout.tasks.formal.modular import Modular

task = Modular(23)
a, b = (Supervised(MLP(64), {steps}, 64, AdamW(rate), label=name) for name, rate in (("a", 1e-3), ("b", 1.001e-3)))
study = Study(Paper("load"), (task,), (a, b), {{"c": score(task, a) > score(task, b)}}, budget=Budget(seeds={seeds}))
"""
NODES = """
import os
os.environ["RAY_worker_niceness"] = "0"
from ray.cluster_utils import Cluster
made = Cluster(initialize_head=True, head_node_args={{"num_cpus": 0, "include_dashboard": False}})
for _ in range({nodes}):
    made.add_node(num_cpus=1)
print("at", made.address, flush=True)
input()
made.shutdown()
"""
HEAD = 0.9
"""Share of the head's measured batches per second up to which the model counts."""


def main() -> None:
    """Measure, model, print."""
    options = _options()
    if options.worker:
        print(_speed(json.loads(options.worker)), flush=True)
        return
    long, short = 12_000, 20
    print(f"{'where':>14} {'runs':>5} {'wall':>7} {'trained':>8} {'seconds of training a second':>29}")
    one = None
    for where in (None, *options.nodes):
        found = _load(long, 24, where)
        print(
            f"{_name(where):>14} {found['runs']:5} {found['wall']:6.1f}s {found['trained']:7.1f}s {found['rate']:29.2f}"
        )
        one = one or found
    each = _load(short, 200, max(options.nodes))["each"]
    length = found["trained"] / found["batches"]
    print(
        f"\na batch without training: {1000 * each:.0f} ms through the head; one of this study trains for {length:.1f} s"
    )
    print(
        "modelled, for batches of 60 s:  "
        + ", ".join(f"{n:,} nodes: {_grown(n, each, 60.0):,.0f} x" for n in (8, 64, 512, 4096))
    )
    _costs(options)


def _options() -> argparse.Namespace:
    parser = options("Throughput of clusters", seconds=3.0)
    parser.add_argument("--nodes", type=int, nargs="+", default=list(range(1, len(os.sched_getaffinity(0)) + 1)))
    parser.add_argument("--price", type=float, default=0.05, help="of a core for an hour")
    return parser.parse_args()


def _name(where: int | None) -> str:
    return "local, 1 core" if where is None else f"{where} node{'s' if where > 1 else ''}"


def _load(steps: int, seeds: int, nodes: int | None) -> dict[str, Any]:
    """One run of the study: runs, batches, seconds from the first one's start to the last one's end, and seconds trained.

    `each`: seconds from batch to batch in the second half of the run, when every worker has begun and compiled.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "load.py").write_text(STUDY.format(steps=steps, seeds=seeds), encoding="utf-8")
        command = [sys.executable, "-m", "heldout", "run", "load.py", "--no-page", "--json", "--store", "s"]
        if nodes is None:
            subprocess.run(
                [*command, "--workers", "1"],
                cwd=folder,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        else:
            _clustered(command, folder, nodes)
        sql = (
            "with batches as (select count(*) as runs, max(epoch(started) + seconds * chunk) as ended, min(epoch(started)) as began, "
            "sum(cpu_seconds) as trained from runs group by batch) select sum(runs)::int as runs, count(*) as batches, "
            "max(ended) - min(began) as wall, sum(trained) as trained, "
            "2 * (max(ended) - median(ended)) / count(*) as each from batches"
        )
        command = [sys.executable, "-m", "heldout", "sql", sql, "--store", "s", "--json"]
        (row,) = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout)
        return row | {"rate": row["trained"] / row["wall"]}


def _clustered(command: list[str], folder: str, nodes: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", NODES.format(nodes=nodes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    where = next(line.split()[1] for line in process.stdout if line.startswith("at "))
    try:
        subprocess.run(
            [*command, "--on", f"ray://{where}"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    finally:
        process.communicate("\n", timeout=60)


def _grown(nodes: int, each: float, length: float) -> float:
    """Batches per second of so many nodes as multiples of one node's."""
    return min(nodes / (length + each), HEAD / each) * (length + each)


def _costs(options: argparse.Namespace) -> None:
    """Hours and money at published scale, from the speed of one core."""
    print(
        f"\n{'study':10} {'networks':>9} {'updates each':>12} {'core seconds each':>18} {'core hours':>11} {'money':>9} {'on 1,000 cores':>15}"
    )
    speeds = {
        m: worker(__file__, "jax", options, model=m)
        for m in ("RNN", "LSTM", "Stack-RNN", "Tape-RNN", "Transformer", "grokking")
    }
    for name, speed in speeds.items():
        print(f"  {name:12} {speed:8.2f} seed-steps per second", file=sys.stderr)
    several = list(speeds.values())[:5]
    rows = (
        ("chomsky", 20_910, 1_000_000, sum(1_000_000 / s for s in several) / len(several)),
        ("grokking", 12 * 12 * 24, 100_000, 100_000 / speeds["grokking"]),
    )
    for name, networks, updates, seconds in rows:
        hours = networks * seconds / 3600
        print(
            f"{name:10} {networks:9,} {updates:12,} {seconds:18,.0f} {hours:11,.0f} {hours * options.price:9,.0f} "
            f"{hours / 1000:12,.1f} h"
        )


@dataclass(frozen=True)
class Equations:
    """A network that reads `a o b =` and answers at the last of the four tokens."""

    layers: Any

    def build(self, key: Any, inputs: tuple[int, ...], outputs: int) -> Any:
        """(n, 2, p) one-hot numbers to (n, p) logits."""
        import equinox as eqx
        import jax.numpy as jnp

        class Read(eqx.Module):
            inner: eqx.Module

            def __call__(self, x: Any) -> Any:
                signs = jnp.ones((len(x), 2, x.shape[-1]), x.dtype)
                return self.inner(jnp.concatenate([x, signs], 1))[:, -1]  # type: ignore[operator]

        return Read(self.layers.build(key, (4, inputs[-1]), outputs))


def _speed(spec: dict[str, Any]) -> float:
    """Seed-steps per second of one core, four seeds together."""
    from heldout.learners.optimiser import AdamW
    from heldout.learners.supervised import Supervised
    from heldout.models.lstm import LSTM
    from heldout.models.rnn import RNN
    from heldout.models.stack_rnn import StackRNN
    from heldout.models.tape_rnn import TapeRNN
    from heldout.models.transformer import Transformer
    from heldout.tasks.formal.modular import Modular
    from heldout.tasks.formal.reverse_string import ReverseString

    strings = ReverseString(20)
    known = {
        "RNN": (RNN(256), strings, 128),
        "LSTM": (LSTM(256), strings, 128),
        "Stack-RNN": (StackRNN(256), strings, 128),
        "Tape-RNN": (TapeRNN(256), strings, 128),
        "Transformer": (Transformer(64, 5), strings, 128),
        "grokking": (Equations(Transformer(128, 2)), Modular(97), 512),
    }
    architecture, task, batch = known[spec["model"]]
    return seed_steps(task, Supervised(architecture, 10_000_000, batch, AdamW()), 4, spec)


if __name__ == "__main__":
    main()
