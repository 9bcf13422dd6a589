"""PyTorch modules as functions of NumPy arrays."""

from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.extras import missing


def module(thing: Any, reference: str, weights: Path | None) -> Any:
    """A module in evaluation mode, built where a class or function was given, with its weights where there are any.

    `weights`: safetensors only; a pickle is never opened.
    """
    try:
        import torch  # pyright: ignore[reportMissingImports]
    except ModuleNotFoundError as error:
        raise HeldoutError(missing(reference, error)) from error
    net = thing if isinstance(thing, torch.nn.Module) else _built(thing, reference)
    if not isinstance(net, torch.nn.Module):
        raise HeldoutError(f"{reference} builds {type(net).__name__}, no PyTorch module")
    if weights is not None:
        _load(net, weights)
    net.eval()

    def answer(inputs: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return _asked(net, torch.from_numpy(np.ascontiguousarray(inputs)), reference).float().numpy()

    return answer


def _built(thing: Any, reference: str) -> Any:
    try:
        return thing()
    except TypeError as error:
        raise HeldoutError(
            f"{reference} needs arguments ({error}): name a function without any that builds it"
        ) from error


def _load(net: Any, weights: Path) -> None:
    if weights.suffix != ".safetensors":
        raise HeldoutError(
            f"{weights}: weights must be a .safetensors file, as pickles can run code: "
            "safetensors.torch.save_model(net, 'net.safetensors')"
        )
    from safetensors import SafetensorError
    from safetensors.torch import load_model  # pyright: ignore

    try:
        load_model(net, weights)
    except (SafetensorError, RuntimeError, ValueError) as error:
        line = " ".join(str(error).split())[:200]
        raise HeldoutError(f"{weights} does not fit the module: {line}") from error


def _asked(net: Any, some: Any, reference: str) -> Any:
    try:
        return net(some)
    except (RuntimeError, ValueError, TypeError) as error:
        line = " ".join(str(error).split())[:160]
        raise HeldoutError(
            f"{reference} cannot take inputs of shape {tuple(some.shape)}: {line}; wrap it in a function that reshapes"
        ) from error
