"""pycocotools: masks as run lengths, as COCO's annotations hold them.

The runs go down the columns of a mask, from the left, and begin with zeros. Compressed they are a
text of six bits a letter, of which each number is the difference to the one before the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError

__all__ = ["compressed", "decoded", "runs_of", "uncompressed"]

Mask = NDArray[np.uint8]


def decoded(counts: Sequence[int], size: tuple[int, int]) -> Mask:
    """The mask (H, W) of 0 and 1 of runs that add up to it; `size` is (height, width).

    The library's own way would warn of numpy 2 at each mask.
    """
    height, width = size
    marks = np.arange(len(counts), dtype=np.uint8) & 1
    return np.ascontiguousarray(np.repeat(marks, counts).reshape(width, height).T)


def compressed(mask: Mask) -> bytes:
    """The runs of a mask (H, W) of 0 and 1, as COCO compresses them."""
    counts: bytes = _library().encode(np.asfortranarray(mask))["counts"]
    return counts


def uncompressed(mask: Mask) -> list[int]:
    """The runs of a mask (H, W) of 0 and 1: how many zeros, how many ones, and so on."""
    return runs_of(compressed(mask))


def runs_of(counts: bytes) -> list[int]:
    """The runs that a compressed text holds. Raises ValueError where it is none.

    The library reads beyond the end of a text that is cut off, so that it is read here first.
    """
    out: list[int] = []
    number, shift = 0, 0
    for letter in counts:
        bits = letter - 48
        if not 0 <= bits < 64 or shift > 60:
            raise ValueError("a letter or a number that no run has")
        number |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            number -= 1 << shift
        out.append(number + (out[-2] if len(out) > 2 else 0))
        number = shift = 0
    if shift:
        raise ValueError("the text ends within a number")
    return out


def _library() -> Any:
    try:
        from pycocotools import mask
    except ImportError:
        raise MissingExtraError("pycocotools", "coco") from None
    return mask
