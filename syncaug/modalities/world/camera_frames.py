"""A camera that moves: one pose for each frame of a film, or at moments of its own.

Each frame has a camera of its own, which meets what its plane and its world meet; time chooses
cameras as it chooses frames. Where a film shows no frame the camera stays where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.frame_time import NOTHING, retimed
from syncaug.maps.camera import Camera
from syncaug.modalities.carrier import Carrier, Lane, describe
from syncaug.modalities.clock.frame_forms import framed
from syncaug.modalities.clock.frames import FramesCarrier, frames_lane
from syncaug.modalities.world.camera import CameraCarrier
from syncaug.plan.plan import Stream

__all__ = ["CameraFramesCarrier", "camera_frames_lane"]

_TIMES = ("timestamps", "fps", "duration")
_MATRICES = ((3, 3), (3, 4), (4, 4))
"""Shapes of the matrices of which a camera may have one for each frame."""


def camera_frames_lane(stream: Stream, own: type[Carrier]) -> Lane:
    """The lane of a camera with a pose for each frame of a film."""
    return replace(frames_lane(stream, own), kind=CameraFramesCarrier)


class CameraFramesCarrier(FramesCarrier):
    """Cameras of T frames: a list of cameras, or one whose matrices have T entries.

    `stacked` are the keys of the latter that have one entry for each frame.
    """

    __slots__ = ("stacked",)

    def read(self, value: Any) -> Any:
        self.stacked: tuple[str, ...] = ()
        if isinstance(value, Mapping) and "frames" not in value:
            value = self._unstacked(value)
        return super().read(value)

    def _unstacked(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """One camera whose matrices have an entry for each frame, as a camera for each frame."""
        counts = {str(key): _count(key, given) for key, given in value.items()}
        counts = {key: count for key, count in counts.items() if count}
        if not counts:
            raise self.fail(
                "a camera for each frame: a list of them, or one with poses Tx4x4",
                describe(value),
                "Leave clock: out of a camera that does not move.",
            )
        count = next(iter(counts.values()))
        for key, other in counts.items():
            if other != count:
                raise self.fail(f"{count} entries of {key!r}, as many as frames", f"{other}")
        self.stacked = tuple(counts)
        rest = {key: given for key, given in value.items() if key not in _TIMES}
        frames = [
            {key: given[index] if key in counts else given for key, given in rest.items()}
            for index in range(count)
        ]
        return {"frames": frames, **{key: value[key] for key in _TIMES if key in value}}

    def connect(self, carriers: Mapping[str, Carrier], size: Any) -> None:
        super().connect(carriers, size)
        first = cast("CameraCarrier", self.inner[0]).original
        for index, inner in enumerate(self.inner):
            other = cast("CameraCarrier", inner).original
            if other.size != first.size:
                wide, high = other.size
                raise self.fail(
                    f"one size of all frames, {first.size[0]}x{first.size[1]}",
                    f"{wide}x{high} (in frame {index})",
                )

    # What steps ask

    @property
    def camera(self) -> Camera:
        """The camera of the first frame that is shown now."""
        return self.cameras[0]

    @property
    def cameras(self) -> tuple[Camera, ...]:
        """The cameras of all frames that are shown now, each once."""
        frames = dict.fromkeys(self._shown_now().tolist())
        return tuple(cast("CameraCarrier", self.brought(index)).camera for index in frames)

    def _shown_now(self) -> NDArray[np.int64]:
        """The frames that all time maps so far leave, without carrying out any."""
        frames, film = self.frames, self.film
        choices: list[NDArray[np.int64]] = []
        if film is not None:
            choices = list(film.choices[self.heeded :])
            if film.pending_time is not None:
                choices.append(retimed(film.data, film.fps, film.pending_time).frames)
        elif self.pending is not None and self.times is not None:
            choices.append(retimed(self.times, self.fps, self.pending).frames)
        for choice in choices:
            frames = _held(np.where(choice == NOTHING, NOTHING, frames[choice]))
        return frames

    def _take(self, choice: NDArray[np.int64]) -> None:
        super()._take(choice)
        self.frames = _held(self.frames)

    # And back

    def _out(self, carried: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        if not self.stacked:
            return super()._out(carried)
        name = self.stream.name
        cameras = [each[name] for each in carried]
        came = self.sample[name]
        out = dict(came)
        for key in cameras[0]:
            if key in self.stacked:
                out[key] = framed([camera[key] for camera in cameras], came[key], self)
            else:
                out[key] = cameras[0][key]
        if self.value.stamps is not None:
            stamps, times = came["timestamps"], self._frame_times().times
            if isinstance(stamps, np.ndarray):
                out["timestamps"] = times.astype(
                    stamps.dtype if stamps.dtype.kind == "f" else float
                )
            else:
                out["timestamps"] = type(stamps)(times.tolist())
        return {name: out}


def _count(key: Any, given: Any) -> int:
    """How many frames a value of a camera has an entry for; 0 where it is one for all."""
    try:
        shape = np.shape(given)
    except ValueError:
        return 0
    if len(shape) == 3 and shape[1:] in _MATRICES:
        return int(shape[0])
    if str(key) in ("t", "T") and len(shape) == 2 and shape[1] == 3 and shape[0] > 1:
        return int(shape[0])
    return 0


def _held(frames: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same frames, where there is none the one before, or the first that there is."""
    known = frames != NOTHING
    if known.all() or not len(frames):
        return frames
    if not known.any():
        return np.zeros_like(frames)
    last = np.maximum.accumulate(np.where(known, np.arange(len(frames)), -1))
    last[last < 0] = int(np.flatnonzero(known)[0])
    return np.asarray(frames[last])
