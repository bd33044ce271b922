"""The known name that was meant by a wrong one, for `did you mean`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from syncaug.policy.other_names import Guess, meant

__all__ = ["Guess", "few_suggestions", "foreign", "guess", "nearest", "suggest"]

_COMPARISONS = 20_000
_NEAR = 0.65
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


def guess(name: object, candidates: Iterable[object], section: str = "") -> Guess:
    """The candidate that was probably meant, and a hint; both empty where nothing comes to mind.

    `section` is the table of other libraries' names that knows such words; see `other_names`.
    """
    left = _left.get()
    if left is not None and left[0] <= 0:
        return Guess()
    known = [str(candidate) for candidate in candidates]
    found = meant(section, name, known) if section else Guess()
    if found.hint:
        return found
    small = str(name).lower()
    same = next((one for one in known if one.lower() == small), "")
    if same:
        return Guess(same, f"did you mean {same!r}?")
    from difflib import get_close_matches

    if left is not None:
        left[0] -= len(known)
    near = next(iter(get_close_matches(str(name), known, n=1, cutoff=_NEAR)), "")
    if not near:
        return Guess()
    letters = foreign(str(name)) if near.isascii() else ""
    return Guess(near, f"did you mean {near!r}?" + f" {letters}" * bool(letters))


def foreign(word: str) -> str:
    """Which characters of a word are not seen, or only look like ones of ASCII, as a hint."""
    others = [one for one in dict.fromkeys(word) if ord(one) > 127]
    unseen = [f"U+{ord(one):04X}" for one in others if not one.isprintable()]
    if unseen:
        return f"it holds {', '.join(unseen)}, which is not seen"
    odd = [f"{one!r} is U+{ord(one):04X}" for one in others if one.isalpha()]
    return f"{', '.join(odd)}, another letter" if odd else ""


def nearest(name: object, candidates: Iterable[object]) -> str:
    """The candidate whose spelling is near, or nothing."""
    return guess(name, candidates).name


def suggest(name: object, candidates: Iterable[object], section: str = "") -> str:
    """`did you mean 'time_shift'?`, or nothing where nothing comes to mind."""
    return guess(name, candidates, section).hint
