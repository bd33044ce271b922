"""How many frames are read at a time: few of a film that runs forward, many of any other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug.clips.chosen_clip import chosen
from syncaug.clips.clip import ArrayClip, Clip, regular_times
from syncaug.clips.frame_time import NOTHING, Choice
from syncaug.clips.frames import changed
from syncaug.clips.mixed_clip import MixedClip
from syncaug.clips.parts import parts, runs_forward
from syncaug.maps.mix import Mix

COUNT, FORM = 60, (512, 512, 4)
MANY = 32
"""Such frames of a MiB each."""


def film() -> ArrayClip:
    frames: Any = np.broadcast_to(np.uint8(0), (COUNT, *FORM))
    return ArrayClip(frames, regular_times(COUNT, 25), COUNT / 25)


def showing(clip: Clip, frames: Any) -> Clip:
    rows = np.asarray(frames)
    return chosen(clip, Choice(rows, regular_times(len(rows), 25), len(rows) / 25), 25.0, 0)


def mixed(partner: Clip) -> Clip:
    return MixedClip(film(), partner, np.arange(COUNT), Mix("blend", weight=0.5))


CLIPS: dict[str, tuple[Clip, bool]] = {
    "as it is": (film(), True),
    "every second": (showing(film(), range(0, COUNT, 2)), True),
    "slow, with a gap": (showing(film(), [0, 0, NOTHING, 1, 1, 2]), True),
    "backwards": (showing(film(), range(COUNT)[::-1]), False),
    "backwards, changed": (changed(showing(film(), range(COUNT)[::-1]), (np.copy,), FORM), False),
    "forward of backwards": (showing(showing(film(), range(COUNT)[::-1]), range(COUNT)), False),
    "mixed": (mixed(film()), True),
    "mixed with one that runs backwards": (mixed(showing(film(), range(COUNT)[::-1])), False),
}


@pytest.mark.parametrize("name", CLIPS)
def test_few_frames_where_a_clip_runs_forward(name: str) -> None:
    clip, forward = CLIPS[name]
    assert runs_forward(clip) == forward
    order = np.arange(len(clip))
    found = list(parts(clip, order))
    assert np.array_equal(np.concatenate(found), order)
    assert max(map(len, found)) == min(len(clip), 8 if forward else MANY)


def test_an_order_that_runs_backwards_takes_many() -> None:
    assert max(map(len, parts(film(), range(COUNT)[::-1]))) == MANY


def test_of_large_frames_some_are_read_for_two_threads() -> None:
    frames: Any = np.broadcast_to(np.uint8(0), (10, 1024, 2048, 3))
    large = ArrayClip(frames, regular_times(10, 25), 0.4)
    assert [len(part) for part in parts(large, range(10))] == [4, 4, 2]
