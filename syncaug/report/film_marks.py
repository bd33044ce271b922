"""What is marked frame by frame, drawn into the film that the page plays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import Clip, DerivedClip, Indices
from syncaug.modalities import lane_of
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.clock.frames import FramesCarrier
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.modalities.plane.keypoints import KeypointsCarrier
from syncaug.modalities.plane.mask import MaskCarrier
from syncaug.report.colours import label_colours
from syncaug.report.pictures import levels_of
from syncaug.report.sides import Sides

__all__ = ["with_marks"]

_TINT = 0.45


@dataclass(frozen=True, slots=True, eq=False)
class _MarkedClip(DerivedClip):
    """A clip with what is marked on each of its frames drawn into it."""

    marks: tuple[FramesCarrier, ...]

    def read(self, indices: Indices) -> NDArray[Any]:
        frames = [levels_of(frame).copy() for frame in self.source.read(indices)]
        for frame, index in zip(frames, np.asarray(indices).tolist(), strict=True):
            for marks in self.marks:
                place = _place(marks, float(self.source.times[index]), index, len(self.source))
                if place < len(marks.inner):
                    _draw(frame, marks.inner[place])
        return np.stack(frames)

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(np.uint8)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        count, height, width, _ = self.source.shape
        return count, height, width, 3


def with_marks(film: Any, sides: Sides, sample: Mapping[str, Any]) -> Clip:
    """The clip of a film's carrier with the annotations of its frames, if there are any."""
    spaces = film.stream.spaces
    size = film.picture_size()
    marks = []
    for stream in sides.plan.streams:
        if stream.framed and stream.spaces == spaces and sample.get(stream.name) is not None:
            lane = lane_of(stream)
            carrier = lane.kind(lane, sample, [])
            assert isinstance(carrier, FramesCarrier)
            carrier.connect({film.stream.name: film}, size)
            marks.append(carrier)
    return _MarkedClip(film.data, tuple(marks)) if marks else film.data


def _place(marks: FramesCarrier, second: float, index: int, count: int) -> int:
    """Which entry marks a frame: the same one, or the one of its time."""
    if marks.times is None or len(marks.inner) == count:
        return index
    return max(0, int(np.searchsorted(marks.times.times, second + 1e-6, side="right")) - 1)


def _draw(frame: NDArray[np.uint8], marks: Carrier) -> None:
    height, width = frame.shape[:2]
    thick = max(1, round(max(width, height) / 200))
    if isinstance(marks, MaskCarrier):
        there = marks.data[..., 0] > 0 if marks.data.ndim == 3 else marks.data > 0
        colours = label_colours(marks.data.reshape(height, width))
        mixed = frame * (1.0 - _TINT) + colours * _TINT
        frame[there] = mixed[there].astype(np.uint8)
    elif isinstance(marks, BoxesCarrier):
        colours = label_colours(np.arange(1, len(marks.corners) + 1))
        for corners, colour in zip(marks.corners, colours, strict=True):
            left, top, right, bottom = np.rint(np.clip(corners, 0.0, 1e6)).astype(int).tolist()
            frame[top : top + thick, left : right + 1] = colour
            frame[max(top, bottom - thick + 1) : bottom + 1, left : right + 1] = colour
            frame[top : bottom + 1, left : left + thick] = colour
            frame[top : bottom + 1, max(left, right - thick + 1) : right + 1] = colour
    elif isinstance(marks, KeypointsCarrier):
        pixels = marks.pixels[marks.visible]
        colours = label_colours(np.arange(1, len(pixels) + 1))
        spots = np.rint(pixels).astype(int).tolist()
        for (column, row), colour in zip(spots, colours, strict=True):
            if 0 <= column < width and 0 <= row < height:
                frame[max(0, row - thick) : row + thick + 1,
                      max(0, column - thick) : column + thick + 1] = colour  # fmt: skip
