"""Remedies that carriers give for arrays, in the words of the library from which a value came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["in_words_of"]

_CALLS = re.compile(r"\bnumpy\.|\.astype\(|\.transpose\(")
_TORCH: Mapping[str, str] = {
    ".astype(numpy.": ".to(torch.",
    "numpy.float32(": "torch.tensor(",
    "numpy.asarray(": "torch.as_tensor(",
    "numpy.radians": "torch.deg2rad",
}
"""What a remedy says of arrays -> the same for tensors."""


def in_words_of(value: Any, hint: str) -> str:
    """A remedy for arrays as one for the value: for tensors in torch's words, else on its array."""
    if not _CALLS.search(hint):
        return hint
    package = type(value).__module__.split(".")[0]
    if package in ("torch", "torchvision"):
        for call, other in _TORCH.items():
            hint = hint.replace(call, other)
    elif package == "PIL":
        hint = f"Give an array, numpy.asarray(picture). {hint}"
    return hint
