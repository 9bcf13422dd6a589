"""A PyTorch network under corruption (needs `pip install torch`).

    python examples/cnn.py      # trains it on digits, writes net.safetensors
    heldout score examples/cnn.py:build corruptions:digits --weights net.safetensors

`build` is all that heldout needs to know; weights are a safetensors file.
"""

import numpy as np
import torch
from safetensors.torch import save_model
from sklearn.datasets import load_digits

from heldout.tasks.vision.handwriting import partition


def build() -> torch.nn.Module:
    """A network from images (n, 8, 8) in [0, 1] to ten logits."""
    return torch.nn.Sequential(
        torch.nn.Unflatten(1, (1, 8)),
        torch.nn.Conv2d(1, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.Conv2d(16, 16, 3, stride=2, padding=1),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(256, 10),
    )


def train(steps: int = 300, seed: int = 0) -> torch.nn.Module:
    """Train on the digits that the task `corruptions:digits` does not hold out."""
    torch.manual_seed(seed)
    images, labels = load_digits(return_X_y=True)
    rows, _ = partition("digits", 400)
    x = torch.tensor(images.reshape(-1, 8, 8)[rows] / 16, dtype=torch.float32)
    y = torch.tensor(labels[rows])
    net, g = build(), np.random.default_rng(seed)
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    for _ in range(steps):
        chosen = torch.tensor(g.integers(0, len(x), 64))
        loss = torch.nn.functional.cross_entropy(net(x[chosen]), y[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net


if __name__ == "__main__":
    save_model(train(), "net.safetensors")
    print("wrote net.safetensors")
