"""The nearest known name, for `did you mean`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["few_suggestions", "nearest", "suggest"]

_COMPARISONS = 20_000
_left: ContextVar[list[int] | None] = ContextVar("_left", default=None)


@contextmanager
def few_suggestions() -> Iterator[None]:
    """Within it names are compared with 20,000 others in all: the first few mistakes get hints.

    Thousands of misspelt names among thousands of known ones would take minutes.
    """
    token = _left.set([_COMPARISONS])
    try:
        yield
    finally:
        _left.reset(token)


def nearest(name: object, candidates: Iterable[object]) -> str:
    """The candidate that was probably meant, or nothing where none is near."""
    left = _left.get()
    if left is not None and left[0] <= 0:
        return ""
    from difflib import get_close_matches

    known = [str(candidate) for candidate in candidates]
    if left is not None:
        left[0] -= len(known)
    return next(iter(get_close_matches(str(name), known, n=1, cutoff=0.6)), "")


def suggest(name: object, candidates: Iterable[object]) -> str:
    """`did you mean 'time_shift'?`, or nothing where no candidate is near."""
    near = nearest(name, candidates)
    return f"did you mean {near!r}?" if near else ""
