"""Vectors of any library as numbers of double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["vectors_of"]

_SHOWN = 80


def vectors_of(name: str, given: Any, *, detached: bool = False) -> NDArray[np.float64]:
    """Arrays, lists and tensors, those of bfloat16 and of other devices too, as float64.

    Raises ValueError for what holds no real numbers, and for a tensor that requires a gradient,
    which would be lost, unless it may be `detached`.

    >>> vectors_of("a", [1, 2]).tolist()
    [1.0, 2.0]
    """
    if hasattr(given, "detach"):
        if given.requires_grad and not detached:
            raise ValueError(
                f"{name}: expected numbers; got a tensor that requires a gradient, which would be "
                "lost here. Give it with .detach(), or mix it with torch.lerp."
            )
        given = given.detach().cpu()
        given = (given.double() if given.is_floating_point() else given).numpy()
    try:
        array = np.asarray(given)
        if array.dtype.kind not in "biufO":
            raise TypeError
        return array.astype(np.float64)
    except (TypeError, ValueError):
        came = f"{type(given).__name__} {given!r}"[:_SHOWN]
        raise ValueError(
            f"{name}: expected real numbers, vectors of one length; got {came}"
        ) from None
