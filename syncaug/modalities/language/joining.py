"""Phrases of two samples, and the one text that says what is still seen of both."""

from __future__ import annotations

from typing import Any

from syncaug.errors import RefusalError
from syncaug.maps.mix import Mix
from syncaug.modalities.language.grounding import Grounding
from syncaug.modalities.language.phrase_rules import Span
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.words import CountsGone, Edit, NothingLeft, apply_edits, move_span, rebuild
from syncaug.words.languages import language_name

__all__ = ["join_phrases"]


def join_phrases(own: PhrasesCarrier, partner: PhrasesCarrier | None, mix: Mix | None) -> bool:
    """Let phrases follow their boxes, which have mixed; whether their texts became one here.

    With the `mix` of their text they do, and say what is seen; texts of a list do so one by one.
    What a text does not say of the partner's boxes is null, and so are the times at which the
    partner's phrases are spoken.
    """
    assert own.boxes is not None
    assert own.boxes.joined is not None
    kept, came = own.boxes.joined.own, own.boxes.joined.partner
    spans: list[list[Span | None]] = [[None] * len(came) for _ in own.groundings]
    fused = own.text is not None and partner is not None and partner.text is not None
    said: list[list[str | None]] = [[None] * len(came) for _ in own.groundings]
    if mix is None:
        fused = False
    elif fused:
        assert own.text is not None
        assert partner is not None
        assert partner.text is not None
        own.text.require_as_many(partner.text)
        pairs = list(zip(own.groundings, partner.groundings, strict=True))
        spans = [_fused(mine, theirs, kept, came, mix) for mine, theirs in pairs]
        said = [
            [
                None if span is None else theirs.phrases[index]
                for index, span in zip(came, places, strict=True)
            ]
            for (_, theirs), places in zip(pairs, spans, strict=True)
        ]
    if own.stream.rows:
        _become_rows(own, said, spans)
    else:
        own.become(kept, said, spans)
    return fused


def _become_rows(
    own: PhrasesCarrier, said: list[list[str | None]], spans: list[list[Span | None]]
) -> None:
    """Go on with all rows of both samples, where those that do not go into the mix say nothing."""
    assert own.boxes is not None
    assert own.boxes.joined is not None
    joined, count = own.boxes.joined, len(own.groundings[0].phrases) if own.groundings else 0
    others = own.boxes.row_count() - count
    places = {row: place for place, row in enumerate(joined.partner)}

    def all_rows(entries: list[Any]) -> list[Any]:
        return [entries[places[row]] if row in places else None for row in range(others)]

    own.become(list(range(count)), [*map(all_rows, said)], [*map(all_rows, spans)])
    own.mute(set(range(count)) - set(joined.own))


def _fused(
    own: Grounding, partner: Grounding, kept: list[int], came: list[int], mix: Mix
) -> list[Span | None]:
    """Let the own text say what it still shows and what came; where the partner's phrases lie.

    Raises RefusalError where nothing is left to say.
    """
    text = own.caption
    assert text is not None
    assert partner.caption is not None
    mine = _shown(own, kept)
    theirs = _shown(partner, came)
    if mine is None and theirs is None:
        raise RefusalError(
            text.rules.stream, "neither sample shows a thing that its text speaks of"
        )
    if mine is not None:
        text.edit(mine)
    said, shift = "", 0
    if theirs is not None:
        said = apply_edits(partner.caption.text, theirs)
        if mine is None:
            text.edit([Edit(0, len(text.text), said)])
        elif mix.halves is not None:
            shift = text.beside(said, mix.halves.sides)
        else:
            shift = text.join(said, partner.caption.text)
    text.mixed(said)
    spans: list[Span | None] = []
    for index in came:
        span = partner.moved(index) if theirs is not None and said else None
        if span is not None:
            start, stop = move_span(span, theirs or [])
            span = start + shift, stop + shift
        spans.append(span)
    return spans


def _shown(phrases: Grounding, kept: list[int]) -> list[Edit] | None:
    """The edits that leave of a text what the kept boxes show; None where nothing is left."""
    assert phrases.caption is not None
    spoken = phrases.counted(set(kept))
    if spoken and not any(each.kept for each in spoken):
        return None
    if not any(each.kept < each.boxes for each in spoken):
        return []
    language = phrases.caption.rules.lexicon.language
    if language != "en":
        raise RefusalError(
            phrases.caption.rules.stream,
            f"a thing that the text speaks of is gone, and captions in {language_name(language)} "
            "cannot be rebuilt",
        )
    try:
        return rebuild(phrases.caption.text, spoken)
    except (CountsGone, NothingLeft):
        return None
