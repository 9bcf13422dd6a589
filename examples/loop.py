"""A training loop of one's own, recorded: does longer training help on rotated digits as on upright ones.

    python examples/loop.py

Any loop will do; this one is scikit-learn's. Each run is one block of `heldout.record`, from any process, in any order; the
claims are decided on what was recorded.
"""

import numpy as np
from scipy.ndimage import rotate
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier

import heldout
from heldout import Split

ROTATED = {degrees: Split(f"rotated {degrees}", "rotation", degrees) for degrees in (15, 30, 45)}
EPOCHS = {"short": 2, "long": 20}


def main(seeds: int = 12, store: str = ".heldout") -> tuple[heldout.Verdict, ...]:
    """Train, record and judge."""
    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8) / 16
    turned = {d: rotate(images, d, axes=(1, 2), reshape=False, order=1) for d in ROTATED}
    for seed in range(seeds):
        order = np.random.default_rng(seed).permutation(len(images))
        train, test = order[:600], order[600:]
        for name, epochs in EPOCHS.items():
            model = SGDClassifier(loss="log_loss", random_state=seed)
            with heldout.record("digits", name, seed=seed, store=store) as r:
                for _ in range(epochs):
                    model.partial_fit(images[train].reshape(600, -1), labels[train], classes=range(10))
                r.score("iid", model.score(images[test].reshape(len(test), -1), labels[test]), step=epochs)
                for degrees, split in ROTATED.items():
                    r.score(split, model.score(turned[degrees][test].reshape(len(test), -1), labels[test]), step=epochs)
    return heldout.judge(
        {
            "longer training is better upright": 'score(digits, long, "iid") > score(digits, short, "iid")',
            "and when rotated": 'score(digits, long, "rotation") > score(digits, short, "rotation")',
            "rotation by 45 degrees costs more than half": 'score(digits, long, "rotated 45") < 0.5',
        },
        store,
        seeds=24,
    )


if __name__ == "__main__":
    for verdict in main():
        print(
            f"{verdict.verdict:10} {verdict.claim}: {verdict.estimate:.3f} [{verdict.low:.3f}, {verdict.high:.3f}], "
            f"{verdict.n} seeds"
        )
