"""Video: frames in time, in memory or decoded when they are asked for; on a plane and a clock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.backends.operation import Operated, Operation
from syncaug.clips.chosen_clip import chosen
from syncaug.clips.clip import ArrayClip, Clip
from syncaug.clips.frame_steps import Applied, Covered, Noisy, Recoloured, Remapped, Warped
from syncaug.clips.frame_time import NOTHING, Choice, retimed
from syncaug.clips.frames import Step, changed, in_memory
from syncaug.clips.mixed_clip import mixed_clip
from syncaug.kernels.channels import (
    fill_in_order,
)
from syncaug.kernels.picture_noise import power_of
from syncaug.limits import OverLimitError
from syncaug.maps.levels import as_floats
from syncaug.maps.mask import Blank, Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.clock.film import FilmCarrier
from syncaug.modalities.clock.lasting import Lasting
from syncaug.modalities.clock.lengths import lengths_after
from syncaug.modalities.pairs import note_mix, require_equal
from syncaug.modalities.plane.hues import refuse_hue
from syncaug.randomness import Entropy
from syncaug.unread import UnreadFilm

__all__ = ["VideoCarrier"]

_MEASURED = 32
"""Frames, evenly spaced, by which the level of a video is measured."""


class VideoCarrier(FilmCarrier):
    """A film; maps become steps on each frame and a choice of frames, computed when read.

    Plane maps compose into one warp for all frames, time maps into one choice of frames. A stream
    with `fps` keeps its rate; one with timestamps keeps its frames and gets new timestamps. What
    a clip does not show is `fill`, whatever steps on colours say.
    """

    __slots__ = ()
    reads_parts: ClassVar[bool] = True

    # What its space asks

    def picture_size(self) -> Size:
        if self.pending is not None:
            return self.pending.size
        return self.data.shape[2], self.data.shape[1]

    def clock_duration(self) -> float:
        return self.data.duration if self.pending_time is None else self.pending_time.duration

    def fill(self) -> Any:
        """What shows where there is no picture: outside of its plane, and of its time."""
        return fill_in_order(self.rules.fill, self.channels)

    # Maps

    def plane(self, plane: PlaneMap) -> None:
        if self.pending_tone is not None:
            self.settle_frames()
        width, height = plane.size
        self._require(len(self.data), width, height)
        self.pending = plane if self.pending is None else self.pending.then(plane)

    def cut(self) -> None:
        if self.pending is not None:
            self.pending = self.pending.cut

    def field(self, field: FieldMap) -> None:
        self.settle_frames()
        self._change(Remapped(field, self.fill()), field.size)

    def tone(self, tone: ToneMap) -> None:
        refuse_hue(self, self.channels, self.data.shape[3], tone)
        if tone.stages:
            waiting = self.pending_tone
            self.pending_tone = tone if waiting is None else waiting.then(tone)

    def noise(self, noise: Noise) -> None:
        self.settle()
        if noise.snr_db == math.inf:
            return
        if not self.lazy:
            self.data = in_memory(self.data)  # so that measuring computes no frame twice
        some = np.linspace(0, len(self.data) - 1, min(len(self.data), _MEASURED)).round()
        frames = (self.data.read([index])[0] for index in some.astype(int).tolist())
        power = float(np.mean([self._power(frame) for frame in frames]))
        self._change(Noisy(noise, power, self.channels.colours), self.picture_size())

    def _power(self, frame: NDArray[Any]) -> float:
        colours = frame[..., : self.channels.colours]
        return power_of(as_floats(colours) if frame.dtype == np.uint16 else colours)

    def occlude(self, occlusion: Occlusion) -> None:
        self.settle_frames()
        self._change(Covered(occlusion, self.fill()), self.picture_size())

    def time(self, time: TimeMap) -> None:
        self._retime(time.seen_from(self.rules.offset))

    def _retime(self, time: TimeMap) -> None:
        self.pending_time = time if self.pending_time is None else self.pending_time.then(time)
        rate = self.fps or len(self.data) / max(self.data.duration, 1e-9)
        self._require(self.pending_time.duration * rate, *self.picture_size())

    def _require(self, frames: float, width: int, height: int) -> None:
        """Refuse more frames than a memory holds; a film in a file is written frame by frame."""
        kept = 1 if self.lazy else frames
        what = f"{frames:,.0f} frames of {width}x{height} pixels"
        self.require_room(kept * width * height * self.data.shape[3], what)
        self.require_room(frames, what)

    def blank(self, blank: Blank) -> None:
        offset = self.rules.offset
        spans = [(start - offset, stop - offset) for start, stop in blank.spans]
        self._retime(TimeMap.blanking(spans, self.clock_duration()))

    def drop(self, drop: Drop) -> None:
        self.settle()
        choice = Choice(np.full(len(self.data), NOTHING), self.data.times, self.data.duration)
        self._choose(choice)

    def expose(self) -> None:
        """Frames are chosen later: what a clip does not show is no business of a library."""
        self.settle_frames()

    def operate(
        self, operation: Operation, values: Mapping[str, Any], entropy: Entropy
    ) -> Operated | None:
        """All frames go through what the operation draws once.

        One that knows no frames acts at once, on the array of all that the clip now shows.
        """
        first = self.data.read([0])[0]
        drawn = operation.on_frames(first, values, entropy)
        if drawn is None:
            self.settle()
            clip = in_memory(self.data)
            operated = operation.run(clip.frames, values, entropy)
            self.data = ArrayClip(operated.data, clip.times, clip.duration)
            return operated
        height, width, _ = drawn.function(first).shape
        self._change(Applied(drawn.function), (width, height))
        return Operated(self.data, drawn.moved, drawn.border)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Show the partner's frames of its time in a window or blended, or those of a span."""
        assert isinstance(partner, VideoCarrier)
        name = self.stream.name
        require_equal(name, "frames of", _frame(self.data), _frame(partner.data))
        if self.fps and partner.fps:
            rates = (f"{clip.fps:g} frames in a second" for clip in (self, partner))
            require_equal(name, "a rate of", *rates)
        offset = self.rules.offset
        self.data = mixed_clip(self.data, partner.data, mix, offset)
        note_mix(self.notes, mix)

    def _change(self, step: Step, size: Size) -> None:
        """Let all frames go through one more step, which gives frames of `size`."""
        self.data = changed(self.data, (step,), (size[1], size[0], self.data.shape[3]))

    def settle_frames(self) -> None:
        """Make steps of what is pending on the plane; the choice of frames goes on waiting."""
        if self.pending is not None:
            plane, self.pending = self.pending, None
            try:
                opencv.require_sides(plane.size, plane.numbers, plane.size)
            except OverLimitError as error:
                raise self.refusal(error) from error
            self._change(Warped(plane, self.fill()), plane.size)
        if self.pending_tone is not None:
            tone, self.pending_tone = self.pending_tone, None
            self._change(Recoloured(tone, self.channels), self.picture_size())

    def settle(self) -> None:
        self.settle_frames()
        if self.pending_time is not None:
            time, self.pending_time = self.pending_time, None
            if not time.is_identity:
                choice = retimed(self.data, self.fps, time)
                self.choices.append(choice.frames)
                self._choose(choice)

    def _choose(self, choice: Choice) -> None:
        self.data = chosen(self.data, choice, self.fps, self.fill())
        self.shown = np.where(choice.frames == NOTHING, NOTHING, self.shown[choice.frames])

    def pair(self) -> tuple[NDArray[Any], NDArray[Any]] | None:
        """A frame as it came and as it is now, near the middle; None where nothing is shown."""
        self.settle()
        there = np.flatnonzero(self.shown != NOTHING)
        if not there.size:
            return None
        now = int(there[there.size // 2])
        return self.came.read([self.shown[now]])[0], self.data.read([now])[0]

    # And back

    def finish(self) -> dict[str, Any]:
        self.settle()
        name, value = self.stream.name, self.sample[self.stream.name]
        if isinstance(value, UnreadFilm):
            if self.data is self.came:
                return {name: value.value()}
            value = value.around(value.clip)
            if not isinstance(value, Mapping):
                return {name: self.in_form(value)}
        elif isinstance(value, Clip):
            return {name: self.data}
        if not isinstance(value, Mapping):
            return {name: self.in_form(value)}
        before = Lasting(self.came.duration, len(self.came))
        told = lengths_after(value, before, Lasting(self.data.duration, len(self.data)), self)
        out = {**value, "frames": self.in_form(value["frames"]), **told}
        if "timestamps" in value:
            out["timestamps"] = _like(self.data.times, value["timestamps"])
            if "duration" in value:
                out["duration"] = self.data.duration
            if value.get("fps") is not None and len(self.data) > 1:
                out["fps"] = self.still(value["fps"])
        return {name: out}


def _like(times: NDArray[np.float64], value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return times.astype(value.dtype) if value.dtype.kind == "f" else times
    return type(value)(times.tolist())


def _frame(clip: Clip) -> str:
    _, height, width, channels = clip.shape
    return f"{width}x{height} pixels, {channels} channels, {clip.dtype}"
