"""What a text mentions is still in the picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.words.mentions import mentions

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The least visible share of a mentioned box.

    A box is mentioned by the phrase that is grounded to it; without phrases, by its class standing
    as a word in the text, in the singular or with a plural ending of the text's language, and then
    the best visible box of that class counts.
    """
    shares: list[tuple[float, str]] = []
    for text in outcome.carriers(TextCarrier, options.get("stream", "")):
        grounded = [phrases for phrases in outcome.carriers(PhrasesCarrier) if phrases.text is text]
        for phrases in grounded:
            shares.extend(_by_phrase(phrases))
        if not grounded:
            plane = text.stream.spaces.get("plane")
            for boxes in outcome.carriers(BoxesCarrier):
                if boxes.stream.spaces["plane"] == plane:
                    shares.extend(_by_class(text, boxes))
    if not shares:
        return Measure.nothing("the text mentions no box")
    least, mention = min(shares)
    passed = least >= options["min_area"]
    return Measure(
        least, passed, "" if passed else f"{mention!r} is mentioned and {least:.0%} visible"
    )


def _by_phrase(phrases: PhrasesCarrier) -> Iterator[tuple[float, str]]:
    if phrases.boxes is not None:
        for grounding in phrases.groundings:
            pairs = zip(grounding.phrases, phrases.boxes.share, strict=True)
            for index, (phrase, share) in enumerate(pairs):
                if phrase is not None and index in grounding.spoken:
                    yield float(share), phrase


def _by_class(text: TextCarrier, boxes: BoxesCarrier) -> Iterator[tuple[float, str]]:
    best: dict[str, float] = {}
    for index, (label, share) in enumerate(zip(boxes.labels, boxes.share, strict=False)):
        if isinstance(label, str) and index not in boxes.unadmitted:
            best[label] = max(best.get(label, 0.0), float(share))
    lexicon = text.rules.lexicon
    for label, most in best.items():
        if any(mentions(caption.original, label, lexicon) for caption in text.captions):
            yield most, label
