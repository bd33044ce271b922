"""From the tokens that an augmenter gives back to edits of the text from which they came."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words import Edit

__all__ = ["PlacedToken", "Span", "edits_between"]

Span = tuple[int, int, str]
"""Start, end, and the token that stands for the text between."""


class PlacedToken(str):
    """A word that remembers its place among the text's words."""

    __slots__ = ("place",)
    place: int

    def __new__(cls, word: str, place: int) -> PlacedToken:
        token = super().__new__(cls, word)
        token.place = place
        return token


def edits_between(text: str, spans: Sequence[Span], tokens: Sequence[str]) -> tuple[Edit, ...]:
    """The differences between a text's words and the tokens that came back."""
    edits: list[Edit] = []
    for (start, end, token), came in zip(spans, _aligned(spans, tokens), strict=True):
        if not came:
            edits.append(_deletion(text, start, end, edits))
        elif (joined := " ".join(came)) != token:
            edits.append(Edit(start, end, joined))
    return tuple(edits)


def _deletion(text: str, start: int, end: int, edits: Sequence[Edit]) -> Edit:
    """The word goes with the blank before it; at the start, with the one after it."""
    taken = edits[-1].end if edits else 0
    if start > taken and text[start - 1].isspace():
        return Edit(start - 1, end, "")
    if not text[:start].strip() and end < len(text) and text[end].isspace():
        return Edit(start, end + 1, "")
    return Edit(start, end, "")


def _aligned(spans: Sequence[Span], tokens: Sequence[str]) -> list[list[str]]:
    """For each word the tokens that replace it: itself, another, two after a split, or none."""
    if len(tokens) == len(spans):
        return [[token] for token in tokens]
    aligned: list[list[str]] = [[] for _ in spans]
    loose: list[str] = []
    first = 0
    for token in (*tokens, PlacedToken("", len(spans))):
        if not isinstance(token, PlacedToken):
            loose.append(token)
            continue
        _share(loose, spans, range(first, token.place), aligned)
        loose = []
        if token.place < len(spans):
            aligned[token.place] = [token]
        first = token.place + 1
    return aligned


def _share(
    loose: Sequence[str], spans: Sequence[Span], places: range, aligned: list[list[str]]
) -> None:
    """Give the changed tokens between two unchanged ones to the words that are missing there."""
    if len(loose) == 2 * len(places):
        for index, place in enumerate(places):
            aligned[place] = list(loose[2 * index : 2 * index + 2])
        return
    waiting = list(loose)
    for index, place in enumerate(places):
        must = len(places) - index <= len(waiting)
        if waiting and (must or _came_from(waiting[0], spans[place][2])):
            aligned[place] = [waiting.pop(0)]


def _came_from(token: str, word: str) -> bool:
    """Whether a word with some letters deleted gives the token."""
    letters = iter(word.lower())
    return all(letter in letters for letter in token.lower())
