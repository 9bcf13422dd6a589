"""Training speed of sequence models: seed-steps per second of heldout's runner against a plain PyTorch loop on the same work.

    python benchmarks/sequence_speed.py --torch-python PATH [--seeds 1 4] [--rounds 2] [--cpu] [--json FILE]

PATH is the Python of an environment with `pip install torch==2.13.0 numpy`. The work: strings of up to 20 symbols, reversed, which makes
40 positions of 3 channels, in batches of 32; models of 64 units, stacks and tapes of cells of 8 numbers as long as the input;
AdamW with clipped gradients. Ours draws its strings itself and weights what is asked; theirs takes batches out of an array.
Theirs: `nn.RNN` and `nn.LSTM`; stack and tape written as the published formulas say, position by position, one batched call for
each; seeds one after the other. Everybody has one core, and processes of their own; the best of several rounds counts.

First the outputs of both are compared for the same weights and strings: they agree to 1e-4, or the benchmark stops.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from contest import options, seed_steps, timed, worker

BATCH, WIDTH, CELL, LONGEST = 32, 64, 8, 20
POSITIONS, CHANNELS, OUTPUTS = 2 * LONGEST, 3, 2
TARGETS = {"RNN": 2.0, "LSTM": 0.75, "Stack-RNN": 2.0, "Tape-RNN": 2.0}


def main() -> None:
    """Compare outputs, then run every row and print it."""
    options = _options()
    if options.worker:
        spec = json.loads(options.worker)
        print({"jax": _jax, "torch": _torch}[spec["side"]](spec), flush=True)
        return
    rows = []
    print(f"{'model':10} {'seeds':>5} {'ours':>9} {'theirs':>9}  {'ratio':>5} {'target':>6}  outputs differ by")
    for model, target in TARGETS.items():
        with tempfile.TemporaryDirectory() as folder:
            file = str(Path(folder, "same.npz"))
            worker(__file__, "jax", options, model=model, write=file)
            apart = worker(__file__, "torch", options, model=model, read=file)
        if not apart < 1e-4:
            sys.exit(f"{model}: the outputs differ by {apart:.2g}: this is not the same work")
        for seeds in options.seeds:
            best = {"jax": 0.0, "torch": 0.0}
            for _ in range(options.rounds):
                for side, known in best.items():
                    best[side] = max(known, worker(__file__, side, options, model=model, seeds=seeds))
            rows.append({"model": model, "seeds": seeds, "target": target, "apart": apart} | best)
            ratio = best["jax"] / best["torch"]
            print(
                f"{model:10} {seeds:5} {best['jax']:9.1f} {best['torch']:9.1f}  {ratio:5.2f} {target:6.2f}  {apart:.1e}",
                flush=True,
            )
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = options("Seed-steps per second of sequence models against PyTorch")
    parser.add_argument("--torch-python", default=sys.executable)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 4])
    return parser.parse_args()


def _jax(spec: dict) -> float:
    import jax
    import numpy as np

    from heldout.learners.optimiser import AdamW
    from heldout.learners.supervised import Supervised
    from heldout.models.lstm import LSTM
    from heldout.models.rnn import RNN
    from heldout.models.stack_rnn import StackRNN
    from heldout.models.tape_rnn import TapeRNN
    from heldout.tasks.formal.reverse_string import ReverseString

    specs = {
        "RNN": RNN(WIDTH),
        "LSTM": LSTM(WIDTH),
        "Stack-RNN": StackRNN(WIDTH, CELL),
        "Tape-RNN": TapeRNN(WIDTH, CELL),
    }
    architecture, task = specs[spec["model"]], ReverseString(LONGEST)
    assert task.inputs == (POSITIONS, CHANNELS)
    if "write" in spec:
        batch = task.draw(task.splits[1], jax.random.key(1), BATCH)
        model = architecture.build(jax.random.key(0), task.inputs, task.outputs)
        leaves = {f"w{i:02}": np.asarray(x) for i, x in enumerate(jax.tree.leaves(model))}
        np.savez(spec["write"], x=batch.inputs, y=model(batch.inputs), **leaves)
        return 0.0
    learner = Supervised(architecture, 10_000_000, BATCH, AdamW(clip=1.0))
    return seed_steps(task, learner, spec["seeds"], spec)


def _torch(spec: dict) -> float:
    import numpy as np
    import torch

    torch.set_num_threads(1)
    if "read" in spec:
        saved = np.load(spec["read"])
        module = _module(spec["model"])
        _set(module, spec["model"], [torch.from_numpy(saved[k]) for k in sorted(saved) if k.startswith("w")])
        with torch.no_grad():
            return float((module(torch.from_numpy(saved["x"])) - torch.from_numpy(saved["y"])).abs().max())
    strings = torch.randint(0, 2, (4096, LONGEST))
    tokens = torch.cat([strings, torch.full_like(strings, 2)], 1)
    inputs = torch.nn.functional.one_hot(tokens, CHANNELS).float()
    modules = [_module(spec["model"]) for _ in range(spec["seeds"])]
    optimisers = [torch.optim.AdamW(m.parameters(), 1e-3, fused=True) for m in modules]

    def step() -> None:
        for module, optimiser in zip(modules, optimisers, strict=True):
            index = torch.randint(0, len(inputs), (BATCH,))
            answers = module(inputs[index])[:, LONGEST:]
            wanted = strings[index].flip(1)
            loss = torch.nn.functional.cross_entropy(answers.reshape(-1, OUTPUTS), wanted.reshape(-1))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            optimiser.step()

    step()
    return timed(step, spec) * spec["seeds"]


def _module(model: str):
    """The module; parameters of stack and tape stand in the order of ours."""
    import torch
    from torch import nn

    class Library(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.core = {"RNN": nn.RNN, "LSTM": nn.LSTM}[model](CHANNELS, WIDTH, batch_first=True)
            self.head = nn.Linear(WIDTH, OUTPUTS)

        def forward(self, x):
            return self.head(self.core(x)[0])

    class Memory(nn.Module):
        """A tanh layer beside a stack or a tape (batch, cells, numbers), the top or the head first."""

        def __init__(self) -> None:
            super().__init__()
            self.read, self.here = nn.Linear(CHANNELS, WIDTH), nn.Linear(CELL, WIDTH, bias=False)
            first = CELL if model == "Stack-RNN" else 64
            self.say = nn.Linear(WIDTH, WIDTH + (3 + CELL if model == "Stack-RNN" else 5 + first))
            self.write = nn.ModuleList([] if model == "Stack-RNN" else [nn.Linear(64, 64), nn.Linear(64, CELL)])
            self.head = nn.Linear(WIDTH, OUTPUTS)

        def forward(self, x):
            n, length, _ = x.shape
            given, memory, states = self.read(x), x.new_zeros(n, length, CELL), []
            far = x[..., :-1].sum((1, 2)).long()[:, None]
            place = torch.arange(length)
            jumps = [((place + s * far) % length)[..., None].expand(-1, -1, CELL) for s in (1, -1)]
            again, act = 0.0, self._stack if model == "Stack-RNN" else self._tape
            for t in range(length):
                state = torch.tanh(given[:, t] + again + self.here(memory[:, 0]))
                said = self.say(state)
                again = said[:, :WIDTH]
                memory = act(memory, said[:, WIDTH:], jumps)
                states.append(state)
            return self.head(torch.stack(states, 1))

        def _stack(self, stack, said, _):
            value, actions = said[:, :CELL], said[:, CELL:].softmax(-1)[..., None, None]
            pushed = torch.cat([value[:, None], stack[:, :-1]], 1)
            popped = torch.cat([stack[:, 1:], torch.zeros_like(stack[:, :1])], 1)
            return actions[:, 0] * pushed + actions[:, 1] * popped + actions[:, 2] * stack

        def _tape(self, tape, said, jumps):
            moves, value = said[:, :5].softmax(-1)[..., None, None], said[:, 5:]
            for layer in self.write:
                value = layer(value.relu())
            tape = torch.cat([value[:, None], tape[:, 1:]], 1)
            moved = [tape, tape.roll(-1, 1), tape.roll(1, 1), *(tape.gather(1, j) for j in jumps)]
            return sum(moves[:, i] * m for i, m in enumerate(moved))

    return Library() if model in ("RNN", "LSTM") else Memory()


def _set(module, model: str, leaves: list) -> None:
    """Put our arrays into the module; ours are (fan_in, fan_out), and one bias stands for PyTorch's two."""
    import torch

    with torch.no_grad():
        if model in ("RNN", "LSTM"):
            weight, bias, again, head, shift = leaves
            for mine, theirs in zip((weight.T, again.T, bias, bias * 0), module.core.parameters(), strict=True):
                theirs.copy_(mine)
            module.head.weight.copy_(head.T)
            module.head.bias.copy_(shift)
            return
        layers = [module.read, module.here, module.say, *module.write, module.head]
        for layer in layers:
            layer.weight.copy_(leaves.pop(0).T)
            if layer.bias is not None:
                layer.bias.copy_(leaves.pop(0))


if __name__ == "__main__":
    main()
