"""Films as samples hold them: how they are read, and handed back in the form in which they came."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import ArrayClip, Clip, end_of, regular_times
from syncaug.clips.frames import in_memory
from syncaug.clips.kept_clip import KeptClip
from syncaug.kernels.channels import CHANNELS, Channels, channels_of, reordered
from syncaug.maps.plane import PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.clock.rates import renamed_hint, stamps_hint, told_otherwise, usual_step
from syncaug.modalities.conversion import array_hint, batch_hint
from syncaug.modalities.floats import surely_within
from syncaug.modalities.units import suspect_stamps
from syncaug.plan.plan import Stream
from syncaug.unread import UnreadFilm

__all__ = ["FilmCarrier"]

_WHITE = {np.dtype(np.uint8): 255.0, np.dtype(np.uint16): 65535.0, np.dtype(np.float32): 1.0}
"""The dtypes of frames, and the level of white in each."""
_FORM = "a video of shape TxHxWxC, uint8, uint16 or float32 in [0, 1]"


@dataclass(frozen=True, slots=True)
class FilmRules:
    """What a film's options decide: its form, its offset, and its rate, 0 where samples say it."""

    fps: float
    channels: str
    channels_first: bool
    fill: Any
    offset: float


class FilmCarrier(Carrier):
    """A film in memory, or a clip that is decoded when it is asked for.

    In memory it is an array TxHxWxC (or TxCxHxW) whose `fps` is declared, or a mapping with
    "frames" and "fps" or "timestamps"; on its way through files it is a `Clip`, and stays one.
    `shown` tells of each frame which one of the original it shows, or NOTHING; `choices` are the
    frames that time has chosen, each among those before.
    """

    __slots__ = (
        "came",
        "channels",
        "choices",
        "fps",
        "lazy",
        "pending",
        "pending_time",
        "pending_tone",
        "shown",
    )
    data: Clip
    rules: FilmRules

    @classmethod
    def rules_of(cls, stream: Stream) -> FilmRules:
        options = stream.options
        return FilmRules(
            options.get("fps", 0.0),
            options.get("channels", ""),
            options.get("layout", "hwc") == "chw",
            options.get("fill", 0),
            float(options.get("offset", 0.0)),
        )

    def read(self, value: Any) -> Clip:
        self.pending: PlaneMap | None = None
        self.pending_time: TimeMap | None = None
        self.pending_tone: ToneMap | None = None
        self.choices: list[NDArray[np.int64]] = []
        self.fps: float = self.rules.fps
        if isinstance(value, UnreadFilm):
            return self._in_file(value)
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

    def _in_file(self, value: UnreadFilm) -> Clip:
        """A film whose frames are read when they are shown, and handed back as an array."""
        clip = value.clip
        self.lazy = False
        channels = channels_of(self.rules.channels, clip.shape[3])
        if channels is None:
            declared = self.rules.channels
            raise self.fail(f"the {CHANNELS[declared]} channels of {declared}", f"{clip.shape[3]}")
        self.channels = channels
        self.fps = self.rules.fps or value.rate
        self.came = clip
        self._check(clip)
        self.shown = np.arange(len(clip))
        return clip

    def _channels(self, held: Any) -> Channels:
        """What the channels of frames are, as their number or the stream says."""
        shape: tuple[int, ...] = getattr(held, "shape", ())
        if len(shape) != 4:
            return Channels(3, True)  # no video, as will be told
        declared = self.rules.channels
        count = shape[1] if self.rules.channels_first and not self.lazy else shape[3]
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
                'a mapping with "frames" and "fps" or "timestamps"',
                describe(dict(value)),
                renamed_hint(value),
            )
        frames = self._frames(value["frames"])
        if "timestamps" not in value:
            self.fps = self._rate(value)
            return self._regular(frames)
        self.fps = 0.0
        times = _seconds(value["timestamps"])
        if times is None or times.shape != (len(frames),):
            hint = stamps_hint(value["timestamps"])
            if not hint and times is not None:
                hint = "Give one for each frame, or fps in their place."
            raise self.fail(
                f"{len(frames)} timestamps in seconds", describe(value["timestamps"]), hint
            )
        if times[0] < 0:
            raise self.fail("timestamps from 0 on", f"{times[0]:g}")
        late = np.flatnonzero(np.diff(times) <= 0)
        if late.size:
            first = late[0]
            raise self.fail("timestamps that grow", f"{times[first + 1]:g} after {times[first]:g}")
        suspect_stamps(self, times, film=True)
        end = end_of(times)
        if value.get("duration") is not None:
            end = self.scalar(value["duration"], "duration")
        if not (math.isfinite(end) and end > times[-1]):
            raise self.fail("a duration after the last timestamp", f"{end:g}")
        stated = value.get("fps")
        self._agree(self.rules.fps if stated is None else self._rate(value), times)
        return ArrayClip(frames, times, end)

    def _rate(self, value: Mapping[str, Any]) -> float:
        """The rate that a mapping states, which must be the declared one."""
        rate = self.scalar(value["fps"], "fps")
        declared: float = self.rules.fps
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
            hint = array_hint(value) or batch_hint(value, 4)
            raise self.fail(_FORM, describe(value), hint)
        frames = value.transpose(0, 2, 3, 1) if self.rules.channels_first else value
        return reordered(frames, self.channels)

    def _regular(self, frames: NDArray[Any]) -> ArrayClip:
        return ArrayClip(frames, regular_times(len(frames), self.fps), len(frames) / self.fps)

    def _check(self, clip: Clip) -> None:
        if clip.shape[3] > 16:
            raise self.fail(
                _FORM, f"shape {clip.shape}", "Declare layout: chw if channels come first."
            )
        if clip.dtype not in _WHITE:
            raise self.fail(_FORM, f"{clip.dtype}")
        self.check_fill(self.rules.fill, clip.shape[3], 0.0, _WHITE[clip.dtype])
        if clip.dtype == np.float32 and isinstance(clip, ArrayClip):
            if surely_within(clip.frames, 1.0):
                return
            low, high = float(clip.frames.min()), float(clip.frames.max())
            if not (low >= 0.0 and high <= 1.0):
                came = "values that are not finite"
                if not math.isnan(low):
                    came = f"values from {low:g} to {high:g}"
                raise self.fail(_FORM, came, "Divide by 255 where the values are 8-bit levels.")

    def still(self, stated: Any) -> Any:
        """The rate that a mapping stated beside its timestamps, as it is after all time maps."""
        before, after = usual_step(self.came.times), usual_step(self.data.times)
        if not before or math.isclose(before, after, rel_tol=1e-9):
            return stated
        return float(stated) * before / after

    def in_form(self, value: Any) -> Any:
        """The frames as they came: lazily, or as an array of the same layout."""
        if self.lazy:
            return self.data
        if self.data is self.came and not isinstance(value, KeptClip):
            return value
        frames = reordered(in_memory(self.data).frames, self.channels)
        if self.rules.channels_first:
            return np.ascontiguousarray(frames.transpose(0, 3, 1, 2))
        if isinstance(value, KeptClip):
            value = value.room
        return frames.copy() if np.may_share_memory(frames, value) else frames


def _seconds(value: Any) -> NDArray[np.float64] | None:
    """Timestamps as float64, or None where they are no finite numbers."""
    if getattr(value, "dtype", np.dtype(float)).kind in "mM":
        return None  # counts of a unit of its own
    try:
        times = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return times if times.ndim == 1 and np.isfinite(times).all() else None
