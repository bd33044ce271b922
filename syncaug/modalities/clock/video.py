"""Video: frames in time, in memory or decoded when they are asked for; on a plane and a clock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.backends.operation import Operated, Operation
from syncaug.clips.clip import ArrayClip, Clip, end_of, regular_times
from syncaug.clips.frame_steps import Applied, Covered, Noisy, Recoloured, Remapped, Warped
from syncaug.clips.frame_time import NOTHING, Choice, retimed
from syncaug.clips.frames import Step, changed, chosen, in_memory
from syncaug.clips.mixed_clip import mixed_clip
from syncaug.kernels.channels import (
    CHANNELS,
    Channels,
    channels_of,
    fill_in_order,
    reordered,
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
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.clock.rates import told_otherwise, usual_step
from syncaug.modalities.conversion import array_hint
from syncaug.modalities.pairs import note_mix, require_equal
from syncaug.modalities.plane.hues import refuse_hue
from syncaug.randomness import Entropy

__all__ = ["VideoCarrier"]

_MEASURED = 32
"""Frames, evenly spaced, by which the level of a video is measured."""
_WHITE = {np.dtype(np.uint8): 255.0, np.dtype(np.uint16): 65535.0, np.dtype(np.float32): 1.0}
"""The dtypes of frames, and the level of white in each."""
_FORM = "a video of shape TxHxWxC, uint8, uint16 or float32 in [0, 1]"


class VideoCarrier(Carrier):
    """A clip; maps become steps on each frame and a choice of frames, computed when read.

    In memory it is an array TxHxWxC (or TxCxHxW) whose `fps` is declared, or a mapping with
    "frames" and "fps" or "timestamps"; on its way through files it is a `Clip`, and stays one.
    Plane maps compose into one warp for all frames, time maps into one choice of frames. A stream
    with `fps` keeps its rate; one with timestamps keeps its frames and gets new timestamps. What
    a clip does not show is `fill`, whatever steps on colours say. `shown` tells of each frame which
    one of the original it shows, or NOTHING.
    """

    __slots__ = (
        "came",
        "channels",
        "fps",
        "lazy",
        "pending",
        "pending_time",
        "pending_tone",
        "shown",
    )
    data: Clip

    def read(self, value: Any) -> Clip:
        self.pending: PlaneMap | None = None
        self.pending_time: TimeMap | None = None
        self.pending_tone: ToneMap | None = None
        self.fps: float = self.stream.options.get("fps", 0.0)
        held = value["frames"] if isinstance(value, Mapping) and "frames" in value else value
        self.lazy = isinstance(held, Clip)
        self.channels = self._channels(held)
        if self.lazy:
            self.fps = held.fps
            self.came: Clip = held
        elif isinstance(value, Mapping):
            self.came = self._from_mapping(value)
        else:
            self.came = self._from_array(value)
        self._check(self.came)
        self.shown: NDArray[np.int64] = np.arange(len(self.came))
        return self.came

    def _channels(self, held: Any) -> Channels:
        """What the channels of frames are, as their number or the stream says."""
        shape: tuple[int, ...] = getattr(held, "shape", ())
        if len(shape) != 4:
            return Channels(3, True)  # no video, as will be told
        declared = self.stream.options.get("channels", "")
        count = shape[1] if self._channels_first and not self.lazy else shape[3]
        channels = channels_of(declared, count)
        if channels is None:
            raise self.fail(f"the {CHANNELS[declared]} channels of {declared}", f"{count}")
        if self.lazy and channels.backward:
            raise self.fail(
                "channels: bgr of frames in memory",
                "a film from a file, which is read with red first",
                "Remove channels: of this stream.",
            )
        return channels

    def _from_array(self, value: Any) -> Clip:
        frames = self._frames(value)
        if not self.fps:
            raise self.fail(
                "frames in a second",
                "an array, which does not say",
                "Declare fps:, or give a mapping with frames and fps or timestamps.",
            )
        return self._regular(frames)

    def _from_mapping(self, value: Mapping[str, Any]) -> Clip:
        if "frames" not in value or not ("fps" in value or "timestamps" in value):
            raise self.fail(
                'a mapping with "frames" and "fps" or "timestamps"', describe(dict(value))
            )
        frames = self._frames(value["frames"])
        if "timestamps" not in value:
            self.fps = self._rate(value)
            return self._regular(frames)
        self.fps = 0.0
        times = _seconds(value["timestamps"])
        if times is None or times.shape != (len(frames),):
            raise self.fail(f"{len(frames)} timestamps in seconds", describe(value["timestamps"]))
        if times[0] < 0:
            raise self.fail("timestamps from 0 on", f"{times[0]:g}")
        late = np.flatnonzero(np.diff(times) <= 0)
        if late.size:
            first = late[0]
            raise self.fail("timestamps that grow", f"{times[first + 1]:g} after {times[first]:g}")
        end = end_of(times)
        if value.get("duration") is not None:
            end = self.scalar(value["duration"], "duration")
        if not (math.isfinite(end) and end > times[-1]):
            raise self.fail("a duration after the last timestamp", f"{end:g}")
        stated = value.get("fps")
        self._agree(
            self.stream.options.get("fps", 0.0) if stated is None else self._rate(value), times
        )
        return ArrayClip(frames, times, end)

    def _rate(self, value: Mapping[str, Any]) -> float:
        """The rate that a mapping states, which must be the declared one."""
        rate = self.scalar(value["fps"], "fps")
        declared: float = self.stream.options.get("fps", 0.0)
        if declared and abs(declared - rate) > 1e-6 * declared:
            raise self.fail(f"{declared:g} frames in a second, as declared", f"{rate:g}")
        return rate

    def _agree(self, rate: float, times: NDArray[np.float64]) -> None:
        """Raise SampleError where timestamps tell of another rate than the one beside them."""
        told = told_otherwise(rate, times)
        if told:
            raise self.fail(
                f"timestamps of {rate:g} frames in a second, as fps says",
                f"{told} in a second",
                "Leave out fps, or give the timestamps in seconds.",
            )

    def _frames(self, value: Any) -> NDArray[Any]:
        """The array as TxHxWxC, not copied."""
        if not isinstance(value, np.ndarray) or value.ndim != 4 or value.size == 0:
            raise self.fail(_FORM, describe(value), array_hint(value))
        frames = value.transpose(0, 2, 3, 1) if self._channels_first else value
        return reordered(frames, self.channels)

    @property
    def _channels_first(self) -> bool:
        return bool(self.stream.options.get("layout", "hwc") == "chw")

    def _regular(self, frames: NDArray[Any]) -> ArrayClip:
        return ArrayClip(frames, regular_times(len(frames), self.fps), len(frames) / self.fps)

    def _check(self, clip: Clip) -> None:
        if clip.shape[3] > 16:
            raise self.fail(
                _FORM, f"shape {clip.shape}", "Declare layout: chw if channels come first."
            )
        if clip.dtype not in _WHITE:
            raise self.fail(_FORM, f"{clip.dtype}")
        self.check_fill(self.stream.options.get("fill", 0), clip.shape[3], 0.0, _WHITE[clip.dtype])
        if clip.dtype == np.float32 and isinstance(clip, ArrayClip):
            low, high = float(clip.frames.min()), float(clip.frames.max())
            if not (low >= 0.0 and high <= 1.0):
                came = "values that are not finite"
                if not math.isnan(low):
                    came = f"values from {low:g} to {high:g}"
                raise self.fail(_FORM, came, "Divide by 255 where the values are 8-bit levels.")

    # What the scene asks

    def picture_size(self) -> Size:
        if self.pending is not None:
            return self.pending.size
        return self.data.shape[2], self.data.shape[1]

    def clock_duration(self) -> float:
        return self.data.duration if self.pending_time is None else self.pending_time.duration

    def fill(self) -> Any:
        """What shows where there is no picture: outside of its plane, and of its time."""
        return fill_in_order(self.stream.options.get("fill", 0), self.channels)

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
        self._retime(time.seen_from(float(self.stream.options.get("offset", 0.0))))

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
        offset = float(self.stream.options.get("offset", 0.0))
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
        offset = float(self.stream.options.get("offset", 0.0))
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
                self._choose(retimed(self.data, self.fps, time))

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
        if isinstance(value, Clip):
            return {name: self.data}
        if not isinstance(value, Mapping):
            return {name: self._in_form(value)}
        out = {**value, "frames": self._in_form(value["frames"])}
        if "timestamps" in value:
            out["timestamps"] = _like(self.data.times, value["timestamps"])
            if "duration" in value:
                out["duration"] = self.data.duration
            if value.get("fps") is not None and len(self.data) > 1:
                out["fps"] = self._still(value["fps"])
        return {name: out}

    def _still(self, stated: Any) -> Any:
        """The rate that a mapping stated beside its timestamps, as it is after all time maps."""
        before, after = usual_step(self.came.times), usual_step(self.data.times)
        if not before or math.isclose(before, after, rel_tol=1e-9):
            return stated
        return float(stated) * before / after

    def _in_form(self, value: Any) -> Any:
        """The frames as they came: lazily, or as an array of the same layout."""
        if self.lazy:
            return self.data
        if self.data is self.came:
            return value
        frames = reordered(in_memory(self.data).frames, self.channels)
        if self._channels_first:
            return np.ascontiguousarray(frames.transpose(0, 3, 1, 2))
        return frames.copy() if np.may_share_memory(frames, value) else frames


def _seconds(value: Any) -> NDArray[np.float64] | None:
    """Timestamps as float64, or None where they are no finite numbers."""
    try:
        times = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return times if times.ndim == 1 and np.isfinite(times).all() else None


def _like(times: NDArray[np.float64], value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return times.astype(value.dtype) if value.dtype.kind == "f" else times
    return type(value)(times.tolist())


def _frame(clip: Clip) -> str:
    _, height, width, channels = clip.shape
    return f"{width}x{height} pixels, {channels} channels, {clip.dtype}"
