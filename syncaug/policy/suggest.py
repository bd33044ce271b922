"""The nearest known name, for `did you mean`."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["nearest", "suggest"]


def nearest(name: object, candidates: Iterable[object]) -> str:
    """The candidate that was probably meant, or nothing where none is near."""
    from difflib import get_close_matches

    known = [str(candidate) for candidate in candidates]
    return next(iter(get_close_matches(str(name), known, n=1, cutoff=0.6)), "")


def suggest(name: object, candidates: Iterable[object]) -> str:
    """`did you mean 'time_shift'?`, or nothing where no candidate is near."""
    near = nearest(name, candidates)
    return f"did you mean {near!r}?" if near else ""
