"""Data that are augmented already: what wraps them augments each sample twice."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from syncaug.errors import SampleWarning

__all__ = ["warn_of_two"]

_INSIDE = (
    *("dataset", "datasets", "source", "samples", "iterable", "cuts", "data", "work", "pipeline"),
    "_format_kwargs",
)
"""Where data sets, nodes and pipelines keep what they read: ours, torch's and other libraries'."""
_DEPTH = 8


def warn_of_two(given: Any, *, stacklevel: int = 3) -> None:
    """Warn where samples come augmented already, whose steps would be carried out twice.

    Only what objects hold under the usual names is looked at; no sample is read.
    """
    inner = next(_augmenting(given, _DEPTH), "")
    if inner:
        warnings.warn(
            SampleWarning(
                f"{inner} augments these samples already, and here they are augmented once more. "
                "Give what it reads, or put the steps of both into one policy"
            ),
            stacklevel=stacklevel + 1,
        )


def _augmenting(given: Any, depth: int) -> Iterator[str]:
    """The names of what augments inside of a data set."""
    kind = type(given)
    if kind.__module__.startswith("syncaug.loaders.") and hasattr(kind, "policy"):
        yield kind.__name__
        return
    held = given if isinstance(given, Mapping) else getattr(given, "__dict__", None)
    if not depth or not isinstance(held, dict):
        return
    names = ("transform",) if held is given else _INSIDE
    for inner in [held[name] for name in names if name in held]:
        several = isinstance(inner, list | tuple) and len(inner) <= _DEPTH
        for one in inner if several else [inner]:
            yield from _augmenting(one, depth - 1)
