"""Phrases of two samples, and the one text that says what is still seen of both."""

from __future__ import annotations

from syncaug.errors import RefusalError
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.words import CountsGone, Edit, NothingLeft, apply_edits, move_span, rebuild
from syncaug.words.fusion import join

__all__ = ["join_phrases"]


def join_phrases(own: PhrasesCarrier, partner: PhrasesCarrier | None, *, fuse: bool) -> bool:
    """Let phrases follow their boxes, which have mixed; whether their texts became one here.

    With `fuse` they do, and say what is seen. What the text does not say of the partner's boxes is
    null, and so are the times at which the partner's phrases are spoken.
    """
    assert own.boxes is not None
    assert own.boxes.joined is not None
    kept, came = own.boxes.joined.own, own.boxes.joined.partner
    spans: list[tuple[int, int] | None] = [None] * len(came)
    said: list[str | None] = [None] * len(came)
    fused = fuse and own.text is not None and partner is not None and partner.text is not None
    if fused:
        assert partner is not None
        spans = _fused(own, partner, kept, came)
        said = [
            None if span is None else partner.data[index]
            for index, span in zip(came, spans, strict=True)
        ]
    own.become(kept, said, spans)
    return fused


def _fused(
    own: PhrasesCarrier, partner: PhrasesCarrier, kept: list[int], came: list[int]
) -> list[tuple[int, int] | None]:
    """Let the own text say what it still shows and what came; where the partner's phrases lie.

    Raises RefusalError where nothing is left to say.
    """
    text = own.text
    assert text is not None
    assert partner.text is not None
    mine = _shown(own, kept)
    theirs = _shown(partner, came)
    if mine is None and theirs is None:
        raise RefusalError(text.stream.name, "neither sample shows a thing that its text speaks of")
    if mine is not None:
        text.edit(mine)
    said, shift = "", 0
    edits: list[Edit] = theirs or []
    if theirs is not None:
        said = apply_edits(partner.text.data, edits)
        if mine is None:
            text.edit([Edit(0, len(text.data), said)])
        else:
            joined = join(text.data, said, partner.text.data)
            shift = joined.shift
            text.edit(joined.edits)
    text.mixed(said)
    spans: list[tuple[int, int] | None] = []
    for index in came:
        span = partner.moved(index) if said else None
        if span is not None:
            start, stop = move_span(span, edits)
            span = start + shift, stop + shift
        spans.append(span)
    return spans


def _shown(phrases: PhrasesCarrier, kept: list[int]) -> list[Edit] | None:
    """The edits that leave of a text what the kept boxes show; None where nothing is left."""
    assert phrases.text is not None
    spoken = phrases.counted(set(kept))
    if spoken and not any(each.kept for each in spoken):
        return None
    try:
        return rebuild(phrases.text.data, spoken)
    except (CountsGone, NothingLeft):
        return None
