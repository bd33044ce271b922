"""The test of the test: a cut that one stream forgets is found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug.maps.plane import PlaneMap
from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap
from tests.cuts import test_plane_chains, test_time_chains
from tests.scene.planting import Plant, replaced, skewed

_CHAINS = range(12)
_LONGER = range(40)


def _uncut(plane: PlaneMap) -> PlaneMap:
    return plane._replace(windows=())


def _own_picture_only(plane: str, camera: Any, cut: PlaneMap | None, view: Any) -> Any:
    camera = camera if cut is None else camera.moved(cut)
    return (camera.shown,)


def _still_there(time: TimeMap) -> TimeMap:
    """What a map cuts off the beginning comes in again where its result ends."""
    first = time.segments[0]
    if len(time.segments) > 1 or first.is_gap or not 0.0 < first.first < first.last:
        return time
    late = Segment(first.stop - first.first / 4, first.stop, 0.0, first.first / 4)
    return TimeMap((first._replace(stop=late.start, last=first.at(late.start)), late), time.source)


PLANE: dict[str, tuple[str, Plant]] = {
    "the image": ("image", skewed("plane.image:ImageCarrier", "plane", _uncut)),
    "the mask": ("mask", skewed("plane.mask:MaskCarrier", "plane", _uncut)),
    "the depth": ("depth", skewed("plane.depth:DepthCarrier", "plane", _uncut)),
    "the film": ("film", skewed("clock.video:VideoCarrier", "plane", _uncut)),
    "the boxes": ("boxes", skewed("plane.boxes:BoxesCarrier", "plane", _uncut)),
    "the keypoints": ("keypoints", skewed("plane.keypoints:KeypointsCarrier", "plane", _uncut)),
    "the cloud": ("points", replaced("transforms.crop:_seen", _own_picture_only)),
    "turned windows": ("image", replaced("maps.plane:PlaneMap.shown", None)),
    "what is before a crop": ("mask", replaced("maps.plane:PlaneMap._parts", ((0, 0, 64, 48), ()))),
    "the depth behind a turn": (
        "depth",
        replaced("modalities.plane.depth:_weights", lambda row, shape: np.ones(shape)),
    ),
}


@pytest.mark.parametrize("name", PLANE)
def test_a_stream_that_forgets_a_cut(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, plant = PLANE[name]
    plant(monkeypatch)
    found = [text for number in _CHAINS for text in test_plane_chains.wrong_in(number)]
    assert any(text.startswith(f"on: {kind}") for text in found), found


CLOCK = {
    "film": "clock.video:VideoCarrier",
    "sound": "clock.audio:AudioCarrier",
    "words": "language.timed_text:TimedTextCarrier",
    "latents": "clock.timed_rows:TimedRowsCarrier",
    "cloud": "world.points:PointsCarrier",
}


@pytest.mark.parametrize("kind", CLOCK)
def test_a_stream_that_remembers_what_was_trimmed(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    skewed(CLOCK[kind], "time", _still_there)(monkeypatch)
    found = [text for number in _LONGER for text in test_time_chains.wrong_in(number)]
    assert any(text.startswith(f"on: {kind}") for text in found), found
