"""Lamps of traffic lights in other languages do what `traffic_lights` says."""

from __future__ import annotations

import pytest

from syncaug.words import AmbiguousColour, apply_edits, lexicon_for, recolour_edits

LAMPS = [
    ("de", "Halten Sie an der roten Ampel.", "Halten Sie an der grünen Ampel."),
    ("de", "Die Ampel ist rot.", "Die Ampel ist grün."),
    ("fr", "Arrêtez-vous au feu rouge.", "Arrêtez-vous au feu vert."),
    ("fr", "Le feu est passé au rouge.", "Le feu est passé au vert."),
    ("es", "Párese en el semáforo en rojo.", "Párese en el semáforo en verde."),
    ("es", "El semáforo está rojo.", "El semáforo está verde."),
    ("zh", "红灯亮了。", "绿灯亮了。"),
    ("zh", "交通灯变成了红色。", "交通灯变成了绿色。"),
]


@pytest.mark.parametrize(("language", "text", "after"), LAMPS)
def test_lamps_do_what_the_stream_says(language: str, text: str, after: str) -> None:
    lexicon = lexicon_for(language)
    assert apply_edits(text, recolour_edits(text, 120, lexicon)) == after
    assert recolour_edits(text, 120, lexicon, traffic_lights="keep") == []
    with pytest.raises(AmbiguousColour, match="lamp of a traffic light"):
        recolour_edits(text, 120, lexicon, traffic_lights="refuse")
