"""To what phrases belong, where their text says them, and when they are spoken."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from syncaug.errors import SampleError
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.carrier import describe
from syncaug.plan.stream import Stream

__all__ = ["PhraseRules", "Span", "found_in", "require_lists", "spans_under"]

Span = tuple[int, int]
"""The characters of a text from the first up to the second."""


@dataclass(frozen=True, slots=True)
class PhraseRules:
    """The streams of a phrase's box and text, the key of its times and their offset; "" for none.

    `sides` say what a mirror makes of phrases that belong to no text.
    """

    boxes: str
    text: str
    times: str
    offset: float
    sides: Sides

    @staticmethod
    def of(stream: Stream) -> PhraseRules:
        """The rules that a stream's options give."""
        options = stream.options
        return PhraseRules(
            boxes=options.get("boxes", ""),
            text=options.get("text", ""),
            times=options.get("times", ""),
            offset=float(options.get("offset", 0.0)),
            sides=Sides.of(options),
        )


def spans_under(key: str, times: Any) -> list[tuple[float, float] | None]:
    """The times of phrases, in seconds. Raises SampleError where one is no span."""
    spans: list[tuple[float, float] | None] = []
    for index, span in enumerate(times):
        if span is None:
            spans.append(None)
            continue
        try:
            start, end = map(float, span)
        except (TypeError, ValueError):
            start, end = math.nan, math.nan
        if not 0.0 <= start <= end < math.inf:
            raise SampleError(
                key,
                expected="[start, end] in seconds with start <= end, or null, for each phrase",
                came=f"entry {index}: {describe(span)}",
            )
        spans.append((start, end))
    return spans


def require_lists(key: str, text: str, value: Any, count: int) -> None:
    """Raise SampleError unless there is a list under `key` for each of `count` texts of a list.

    All of these lists are as long as the first: they have an entry for each box.
    """
    came = describe(value)
    if isinstance(value, list | tuple):
        flat = [index for index, each in enumerate(value) if not isinstance(each, list | tuple)]
        uneven = [] if flat else [n for n, each in enumerate(value) if len(each) != len(value[0])]
        if len(value) == count and not (flat or uneven):
            return
        if flat:
            came = f"list {flat[0]}: {describe(value[flat[0]])}"
            came = f"one list of {len(value)}" if len(flat) == len(value) else came
        elif len(value) != count:
            came = f"{len(value)} lists"
        else:
            first = uneven[0]
            came = f"list 0 of {len(value[0])} and list {first} of {len(value[first])}"
    raise SampleError(
        key,
        expected=f"a list of {count} lists of one length, one for each string of {text!r}",
        came=came,
        hint="A string that speaks of no box has null for each.",
    )


def found_in(text: str, phrases: Iterable[str | None]) -> list[Span | None]:
    """Where a text says each of its phrases; the same phrase twice means its next occurrence.

    Raises KeyError with the first phrase that the text does not say.
    """
    spans: list[Span | None] = []
    taken: dict[str, int] = {}
    for phrase in phrases:
        if phrase is None:
            spans.append(None)
            continue
        start = text.find(phrase, taken.get(phrase, 0))
        if start < 0 and phrase not in taken:
            start = text.lower().find(phrase.lower()) if text.lower().isascii() else -1
        if start < 0:
            start = text.find(phrase)  # one mention may ground several boxes
        if start < 0:
            raise KeyError(phrase)
        taken[phrase] = start + len(phrase)
        spans.append((start, start + len(phrase)))
    return spans
