"""What the library makes of a case today, and how that compares with what is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from syncaug.words import (
    AmbiguousColour,
    CountsGone,
    NothingLeft,
    Spoken,
    UnmovableDirection,
    apply_edits,
    direction_edits,
    rebuild,
    recolour_edits,
)
from syncaug.words.edits import Edit
from syncaug.words.lexicon import lexicon_for
from tests.words.cases import SYMMETRIES, Case

__all__ = ["REFUSALS", "Verdict", "came", "grounded", "grounded_by", "verdict"]

Span = tuple[int, int]
Verdict = Literal["right", "refused", "unchanged", "wrong"]
REFUSALS = (AmbiguousColour, UnmovableDirection, NothingLeft, CountsGone)


def came(case: Case) -> str:
    """The text that comes of a case, or `refused`."""
    try:
        return apply_edits(case.text, _edits(case))
    except REFUSALS:
        return "refused"


def verdict(case: Case, text: str) -> Verdict:
    """How what came compares with what is right: refused and unchanged only where neither is."""
    answers = [case.text if answer == "same" else answer for answer in case.right]
    if text in answers:
        return "right"
    if text == "refused":
        return "refused"
    return "unchanged" if text == case.text else "wrong"


def _edits(case: Case) -> list[Edit]:
    if case.change == "hue":
        options = _options(case, "traffic_lights")
        return recolour_edits(case.text, case.degrees, lexicon_for(case.language), **options)
    if case.change == "rebuild":
        return rebuild(case.text, grounded(case.text, case.phrases, case.gone)[1])
    lexicon, options = lexicon_for(case.language), _options(case, "compass")
    return direction_edits(case.text, SYMMETRIES[case.change], lexicon, **options)


def _options(case: Case, *names: str) -> dict[str, Any]:
    return {name: case.options[name] for name in names if name in case.options}


def grounded(
    text: str, phrases: Sequence[str], gone: Sequence[str]
) -> tuple[list[tuple[Span, bool]], list[Spoken]]:
    """Each phrase's span and whether it is kept, and the spans with their counts.

    `gone` are phrases; one that stands there twice is gone as often as `gone` says it.
    """
    missing, kept = list(gone), []
    for phrase in phrases:
        kept.append(phrase not in missing)
        if phrase in missing:
            missing.remove(phrase)
    assert not missing, f"{text}: {missing} are no phrases of it"
    return grounded_by(text, phrases, kept)


def grounded_by(
    text: str, phrases: Sequence[str], kept: Sequence[bool]
) -> tuple[list[tuple[Span, bool]], list[Spoken]]:
    """The same, of which phrases `kept` says whether each is left."""
    taken: dict[str, int] = {}
    spans: list[Span] = []
    for phrase in phrases:
        start = text.find(phrase, taken.get(phrase, 0))
        start = text.find(phrase) if start < 0 else start
        taken[phrase] = start + len(phrase)
        spans.append((start, start + len(phrase)))
    counts = {
        span: Spoken(
            *span,
            spans.count(span),
            sum(keep for other, keep in zip(spans, kept, strict=True) if other == span),
        )
        for span in spans
    }
    return list(zip(spans, kept, strict=True)), list(counts.values())
