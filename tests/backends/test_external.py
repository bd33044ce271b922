"""Operations of third parties keep their simple contract and come in the form of all others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug.backends.external import ExternalOperation
from syncaug.catalogue import OperationSpec
from syncaug.errors import ExternalError
from syncaug.maps.plane import PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.world import WorldMap
from syncaug.words import Edit
from tests.backends import material as given


def wrapped(theirs: Any, modality: str, moves: Any = "nothing", **constants: Any) -> Any:
    spec = OperationSpec("mine.Own", "mine", "", "", (modality,), moves, {})
    return ExternalOperation(spec, modality, constants, theirs)


class Plain:
    def run(self, data: Any, values: Any, entropy: Any) -> Any:
        return data * values["factor"]


class Rated:
    def run(self, data: Any, values: Any, entropy: Any, *, sample_rate: float = 0) -> Any:
        return data + sample_rate


class Moving(Plain):
    border_mode = 4

    def run_with_map(self, data: Any, values: Any, entropy: Any) -> Any:
        return data[:, ::-1], PlaneMap.of(np.diag([-1.0, 1.0, 1.0]), (4, 3), (4, 3))

    def run_with_time(self, data: Any, values: Any, entropy: Any, *, sample_rate: float) -> Any:
        return data[::-1], TimeMap.identity(len(data) / sample_rate)

    def on_frames(self, first: Any, values: Any, entropy: Any) -> Any:
        return np.fliplr, None


class Rows:
    def run(self, data: Any, values: Any, entropy: Any) -> Any:
        return np.arange(0, len(data), 2)


class Words:
    def run(self, data: Any, values: Any, entropy: Any) -> Any:
        return "b", [Edit(0, 1, "b")]


DATA = np.arange(12.0).reshape(3, 4)
VALUES = {"factor": 2.0}


def test_what_stays_in_place() -> None:
    operated = wrapped(Plain(), "image").run(DATA, VALUES, given.entropy())
    assert np.array_equal(operated.data, 2 * DATA)
    assert operated[1:] == (None, 0, (), None)
    assert wrapped(Plain(), "video").on_frames(DATA, VALUES, given.entropy()) is None


def test_sound_that_wants_to_know_its_rate() -> None:
    assert wrapped(Rated(), "audio").run(DATA, {}, given.entropy(), 5.0).data[0, 0] == 5.0
    assert wrapped(Rated(), "image").run(DATA, {}, given.entropy(), 5.0).data[0, 0] == 0.0


def test_what_moves_brings_its_map() -> None:
    picture = wrapped(Moving(), "image", "plane").run(DATA, VALUES, given.entropy())
    assert isinstance(picture.moved, PlaneMap)
    assert picture.border == 4
    sound = wrapped(Moving(), "audio", "clock").run(DATA[0], VALUES, given.entropy(), 2.0)
    assert sound.moved.duration == 2.0
    frames = wrapped(Moving(), "video").on_frames(DATA, VALUES, given.entropy())
    assert np.array_equal(frames.function(DATA), DATA[:, ::-1])
    matrix = np.diag([2.0, 2.0, 2.0, 1.0]).tolist()
    cloud = wrapped(Plain(), "points", "world", matrix=matrix).run(DATA, VALUES, given.entropy())
    assert isinstance(cloud.moved, WorldMap)
    with pytest.raises(ValueError, match="similarity"):
        wrapped(Plain(), "points", "world", matrix=np.diag([2.0, 1, 1, 1]).tolist())


def test_rows_and_words() -> None:
    cloud = wrapped(Rows(), "points", "rows").run(DATA, {}, given.entropy())
    assert np.array_equal(cloud.data, DATA[cloud.rows])
    text = wrapped(Words(), "text").run("a", {}, given.entropy())
    assert (text.data, text.edits) == ("b", (Edit(0, 1, "b"),))


def test_a_map_that_is_none_is_told() -> None:
    class Wrong(Plain):
        def run_with_map(self, data: Any, values: Any, entropy: Any) -> Any:
            return data, np.eye(3)

    with pytest.raises(ExternalError, match="run_with_map gave ndarray where a map was expected"):
        wrapped(Wrong(), "image", "plane").run(DATA, VALUES, given.entropy())
