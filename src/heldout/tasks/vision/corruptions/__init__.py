"""The corruptions of ImageNet-C (Hendrycks and Dietterich, 2019) for images of any size, one family per file.

Each is a pure function (images, severity, rng) -> images on arrays (n, h, w) or (n, h, w, 3) in [0, 1] with severity 1 to 5.
Strengths are those published for 224 pixels; lengths are shares of the side, so that a severity means the same at any size
(see `blur` for the one factor between theirs and ours).
"""

import numpy as np

FAMILIES = (
    ("noise", ("gaussian noise", "shot noise", "impulse noise")),
    ("blur", ("defocus blur", "glass blur", "motion blur", "zoom blur")),
    ("weather", ("snow", "frost", "fog", "brightness")),
    ("digital", ("contrast", "elastic transform", "pixelate", "jpeg compression")),
)
"""The fifteen types by family."""

VALIDATION = (
    ("noise", ("speckle noise",)),
    ("blur", ("gaussian blur",)),
    ("weather", ("spatter",)),
    ("digital", ("saturate",)),
)
"""The types published for tuning, to be kept apart from the fifteen."""

SEVERITIES = (1, 2, 3, 4, 5)


def corrupt(images: np.ndarray, family: str, kind: str, severity: int, rng: np.random.Generator) -> np.ndarray:
    """Images in [0, 1] corrupted by one type at one severity."""
    from importlib import import_module

    function = getattr(import_module(f"{__name__}.{family}"), kind.replace(" ", "_"))
    return function(images, severity, rng)
