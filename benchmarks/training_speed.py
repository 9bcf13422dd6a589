"""Training speed: seed-steps per second of heldout's runner against a plain PyTorch loop on the same work.

    python benchmarks/training_speed.py --torch-python PATH [--cores 1 2] [--seeds 1 4 16] [--json FILE]

PATH is the Python of an environment with `pip install torch==2.13.0 numpy`. Every contestant runs in processes of its own, pinned to
as many cores as the row says, never at the same time as another; all wait for a common start and are timed by the clock for
`--seconds`, several rounds in turn, of which the best counts.

Ours is what a study does: `Supervised` learners through the runner's compiled programs, in chunks of four seeds, one
single-threaded worker per core, `vmap` or `map` as the runner chooses. Theirs is the best of: eager modules, one after the other,
with fused AdamW; `torch.func` over stacked modules; each of them with as many threads as cores or as many processes.
Data are gathered batch by batch from one array, by the same number of random indices.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """What is trained: `width` for perceptrons of two hidden layers, `channels` for three convolutions of strides 1, 2, 2."""

    name: str
    inputs: tuple[int, ...]
    batch: int
    target: float
    width: int = 0
    channels: int = 0

    def flops(self) -> float:
        """Multiplications and additions of one update of one seed: three times those of a forward pass."""
        if self.width:
            sizes = (self.inputs[0], self.width, self.width, 10)
            return 6.0 * self.batch * sum(a * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))
        side, before, total = self.inputs[0], 1, 0
        for stride in (1, 2, 2):
            side = -(-side // stride)
            total, before = total + side * side * 9 * before * self.channels, self.channels
        return 6.0 * self.batch * (total + side * side * before * 10)


CASES = (
    Case("MLP 2x64, batch 32", (16,), 32, 5.0, width=64),
    Case("MLP 2x256, batch 256", (64,), 256, 1.1, width=256),
    Case("CNN 3x32, 8x8, batch 256", (8, 8), 256, 0.9, channels=32),
    Case("CNN 3x32, 28x28, batch 256", (28, 28), 256, 0.7, channels=32),
)
IMAGES = 4096


def main() -> None:
    """Run every row and print it."""
    options = _options()
    if options.worker:
        return _work(json.loads(options.worker))
    peak = _rate([[json.dumps({"side": "peak", "seconds": options.seconds, "cpu": options.cpu}), [0], sys.executable]])
    print(f"one core multiplies matrices of 512 at {peak:.0f} GFLOP/s (NumPy)")
    print(
        f"{'case':28} {'cores':>5} {'seeds':>5} {'ours':>9} {'theirs':>9}  {'ratio':>5} {'target':>6}  {'of peak':>7}  theirs is"
    )
    rows = []
    for case in (c for c in CASES if options.case in c.name):
        for cores in options.cores:
            for seeds in options.seeds:
                row = _row(case, cores, seeds, options)
                row["share_of_peak"] = row["ours"] * case.flops() / (1e9 * peak * cores)
                rows.append(row)
                print(
                    f"{case.name:28} {cores:5} {seeds:5} {row['ours']:9.1f} {row['theirs']:9.1f}  {row['ratio']:5.2f}"
                    f" {case.target:6.2f}  {row['share_of_peak']:7.0%}  {row['kind']}",
                    flush=True,
                )
    if options.json:
        Path(options.json).write_text(json.dumps({"peak_gflops": peak, "rows": rows}, indent=1), encoding="utf-8")
    return None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Seed-steps per second against PyTorch")
    parser.add_argument("--torch-python", default=sys.executable)
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--case", default="", help="only cases with this in their name")
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--cpu", action="store_true", help="by processor time: rough, for a machine that others use too"
    )
    parser.add_argument("--json", default="")
    parser.add_argument("--worker", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _row(case: Case, cores: int, seeds: int, options: argparse.Namespace) -> dict:
    contestants = {"ours": _ours(case, cores, seeds, options)}
    for kind in ("eager", "func"):
        contestants[f"{kind}, threads"] = _theirs(case, kind, [(seeds, cores)], options)
        if cores > 1 and seeds >= cores:
            contestants[f"{kind}, processes"] = _theirs(case, kind, [(seeds // cores, 1)] * cores, options)
    best = dict.fromkeys(contestants, 0.0)
    for _ in range(options.rounds):
        for name, workers in contestants.items():
            best[name] = max(best[name], _rate(workers))
    ours = best.pop("ours")
    kind = max(best, key=lambda k: best[k])
    row = {"case": case.name, "cores": cores, "seeds": seeds, "ours": ours, "theirs": best[kind], "kind": kind}
    return row | {"ratio": ours / best[kind], "target": case.target, "all": best}


def _ours(case: Case, cores: int, seeds: int, options: argparse.Namespace) -> list:
    """One worker per core, chunks dealt out as the pool does: `counts` of seeds by worker."""
    chunks = [min(4, seeds - start) for start in range(0, seeds, 4)]
    dealt = [chunks[core::cores] for core in range(cores)]
    spec = {"side": "jax", "case": asdict(case), "seconds": options.seconds, "cpu": options.cpu}
    return [[json.dumps(spec | {"chunks": c}), [core], sys.executable] for core, c in enumerate(dealt) if c]


def _theirs(case: Case, kind: str, split: list[tuple[int, int]], options: argparse.Namespace) -> list:
    spec = {"side": "torch", "kind": kind, "case": asdict(case), "seconds": options.seconds, "cpu": options.cpu}
    workers, first = [], 0
    for seeds, threads in split:
        cores = list(range(first, first + threads))
        workers.append([json.dumps(spec | {"seeds": seeds, "threads": threads}), cores, options.torch_python])
        first += threads
    return workers


def _rate(workers: list) -> float:
    """The sum of what the workers report, started together once all are ready."""
    available = sorted(os.sched_getaffinity(0))
    running = []
    for spec, cores, python in workers:
        threads = {n: str(len(cores)) for n in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        running.append(
            subprocess.Popen(
                [python, __file__, "--worker", spec],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | threads,
            )
        )
        os.sched_setaffinity(running[-1].pid, {available[c] for c in cores})
    for process in running:
        if process.stdout.readline().strip() != "ready":
            return 0.0  # this kind does not exist for this model
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    return sum(float(process.communicate()[0]) for process in running)


def _timed(step, spec: dict) -> float:
    """Calls of `step` per second; it is compiled and warm when "go" is heard."""
    print("ready", flush=True)
    sys.stdin.readline()
    start, busy, calls = time.perf_counter(), time.process_time(), 0
    while (elapsed := time.perf_counter() - start) < spec["seconds"] or calls < 2:
        step()
        calls += 1
    return calls / ((time.process_time() - busy) / spec.get("threads", 1) if spec["cpu"] else elapsed)


def _work(spec: dict) -> None:
    sides = {"peak": _peak, "jax": _jax, "torch": _torch}
    print(sides[spec["side"]](spec), flush=True)


def _peak(spec: dict) -> float:
    import numpy as np

    a = np.random.default_rng(0).random((512, 512), np.float32)
    return _timed(lambda: a @ a, spec) * 2 * 512**3 / 1e9


def _task(case: Case):
    """Random images with random labels, kept as bytes: what is learnt makes no difference to speed."""
    from typing import ClassVar

    import jax
    import jax.numpy as jnp
    import numpy as np

    from heldout.core import TRAIN
    from heldout.tasks.interfaces import Batch

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (IMAGES, *case.inputs)).astype(np.uint8)
    labels = rng.integers(0, 10, IMAGES).astype(np.int32)

    @dataclass(frozen=True)
    class Points:
        version: ClassVar[int] = 1
        traced: ClassVar[bool] = True
        name: ClassVar[str] = "points"
        splits: ClassVar[tuple] = (TRAIN,)
        inputs: ClassVar[tuple] = case.inputs
        outputs: ClassVar[int] = 10
        loss: ClassVar[str] = "cross entropy"

        def draw(self, _split, key, n):
            index = (jax.random.uniform(key, (n,)) * IMAGES).astype(jnp.int32)
            return Batch(jnp.asarray(images)[index].astype(jnp.float32) / 255.0, jnp.asarray(labels)[index])

    return Points()


def _jax(spec: dict) -> float:
    import jax

    from heldout.core.cell import Cell
    from heldout.learners.optimiser import AdamW
    from heldout.learners.supervised import Supervised
    from heldout.models.cnn import CNN
    from heldout.models.mlp import MLP
    from heldout.runner.compiling import use_cache
    from heldout.runner.mode import choose
    from heldout.runner.together import keys, programs

    use_cache()
    case = Case(**(spec["case"] | {"inputs": tuple(spec["case"]["inputs"])}))
    model = MLP(case.width) if case.width else CNN((case.channels,) * 3, (1, 2, 2))
    cell = Cell(_task(case), Supervised(model, 1_000_000, case.batch, AdamW()))
    program = programs(cell, choose(cell, tuple(range(spec["chunks"][0])), ()))
    live, reached = [], [1] * len(spec["chunks"])
    for chunk in spec["chunks"]:
        states = program.start(keys(cell, tuple(range(chunk)), "start", traced=True), ())
        live.append(jax.block_until_ready(program.advance(states, (), 1)))

    def advance(index: int, updates: int) -> None:
        reached[index] += updates
        live[index] = jax.block_until_ready(program.advance(live[index], (), reached[index]))

    block, took = 1, 0.0
    while took < 0.1:  # as many updates a call as take a tenth of a second: a study's calls are longer
        block, begun = 2 * block, time.perf_counter()
        advance(0, block)
        took = time.perf_counter() - begun

    def step() -> None:
        for index in range(len(live)):
            advance(index, block)

    return _timed(step, spec) * block * sum(spec["chunks"])


def _torch(spec: dict) -> float:
    import torch
    from torch import nn

    torch.set_num_threads(spec["threads"])
    case = Case(**(spec["case"] | {"inputs": tuple(spec["case"]["inputs"])}))
    shape = case.inputs if case.width else (1, *case.inputs)
    images = torch.randint(0, 256, (IMAGES, *shape), dtype=torch.uint8)
    labels = torch.randint(0, 10, (IMAGES,))

    def build() -> nn.Module:
        if case.width:
            w = case.width
            return nn.Sequential(nn.Linear(shape[0], w), nn.ReLU(), nn.Linear(w, w), nn.ReLU(), nn.Linear(w, 10))
        layers, before, side = [], 1, case.inputs[0]
        for stride in (1, 2, 2):
            layers += [nn.Conv2d(before, case.channels, 3, stride, 1), nn.ReLU()]
            before, side = case.channels, -(-side // stride)
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * side * side, 10))

    modules = [build() for _ in range(spec["seeds"])]
    make = _eager if spec["kind"] == "eager" else _func
    step = make(modules, images, labels, case.batch)
    for _ in range(3):
        step()
    return _timed(step, spec) * spec["seeds"]


def _eager(modules, images, labels, batch):
    import torch

    optimisers = [torch.optim.AdamW(m.parameters(), 1e-3, fused=True) for m in modules]

    def step() -> None:
        for module, optimiser in zip(modules, optimisers, strict=True):
            index = torch.randint(0, IMAGES, (batch,))
            loss = torch.nn.functional.cross_entropy(module(images[index].float() / 255), labels[index])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()

    return step


def _func(modules, images, labels, batch):
    import torch
    from torch.func import functional_call, grad, stack_module_state, vmap

    parameters, _ = stack_module_state(modules)
    parameters = {k: v.detach().requires_grad_() for k, v in parameters.items()}
    optimiser, one = torch.optim.AdamW(parameters.values(), 1e-3, fused=True), modules[0]

    def loss(values, x, y):
        return torch.nn.functional.cross_entropy(functional_call(one, values, (x,)), y)

    gradients = vmap(grad(loss))

    def step() -> None:
        index = torch.randint(0, IMAGES, (len(modules), batch))
        found = gradients({k: v.detach() for k, v in parameters.items()}, images[index].float() / 255, labels[index])
        for name, value in parameters.items():
            value.grad = found[name]
        optimiser.step()

    return step


if __name__ == "__main__":
    main()
