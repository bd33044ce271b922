"""Every pair of modalities that a sample can hold has a way to be parted."""

from __future__ import annotations

import itertools

import pytest

from syncaug.catalogue.modalities import MODALITIES
from syncaug.plan.stream import Stream
from syncaug.stress.knobs import KNOBS, knobs_of, moved_of

SPACES = {"plane": "p", "clock": "t", "world": "w"}


def stream(name: str, modality: str) -> Stream:
    probe = Stream(name, modality, {}, {})
    return Stream(name, modality, {kind: SPACES[kind] for kind in probe.spec.spaces}, {})


@pytest.mark.parametrize(
    ("one", "other"), list(itertools.combinations_with_replacement(sorted(MODALITIES), 2))
)
def test_each_pair_has_a_knob_with_a_unit_and_a_scale(one: str, other: str) -> None:
    stays, moves = moved_of(stream("a", one), stream("b", other))
    found = knobs_of(stays, moves)
    assert found
    assert len({knob.name for knob in found}) == len(found)
    for knob in found:
        assert KNOBS[knob.name] is knob
        assert knob.unit in {"ms", "px", "degrees", "share"}
        assert knob.full > 0
        assert knob.share == (knob.unit == "share")


def test_words_are_moved_and_pictures_stay() -> None:
    stays, moves = moved_of(stream("caption", "text"), stream("photo", "image"))
    assert (stays.name, moves.name) == ("photo", "caption")
    assert [knob.name for knob in knobs_of(stays, moves)] == ["sides", "colours", "exchange"]


def test_a_film_and_its_sound_are_parted_in_time() -> None:
    stays, moves = moved_of(stream("sound", "audio"), stream("film", "video"))
    assert moves.name == "sound"
    assert knobs_of(stays, moves)[0].name == "time"
