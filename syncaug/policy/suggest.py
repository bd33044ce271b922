"""The nearest known name, for `did you mean`."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["suggest"]


def suggest(name: str, candidates: Iterable[str]) -> str:
    """`did you mean 'time_shift'?`, or nothing where no candidate is near."""
    near = get_close_matches(name, [str(candidate) for candidate in candidates], n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""
