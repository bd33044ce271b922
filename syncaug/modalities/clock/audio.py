"""Audio: (T,) or (C, T) floating-point samples in [-1, 1]; stereo follows mirrors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.kernels.phase import phase_rotated
from syncaug.kernels.sound_mix import mixed_sound
from syncaug.kernels.sound_noise import noisy_sound
from syncaug.kernels.sound_time import length_of, resounded
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import Carrier, Lane, describe
from syncaug.modalities.clock.lasting import Lasting
from syncaug.modalities.clock.lengths import lengths_after
from syncaug.modalities.conversion import array_hint, batch_hint
from syncaug.modalities.flat import FlatLane
from syncaug.modalities.pairs import note_mix, require_equal
from syncaug.plan.plan import Stream
from syncaug.unread import UnreadSound

__all__ = ["AudioCarrier"]

_FORM = "audio of shape (T,) or (C, T), float32 in about [-1, 1]"

_FLOATS = frozenset(map(np.dtype, (np.float32, np.float64)))
"""The dtypes of sounds that need no other to be carried."""
_LOUDEST = 8.0
"""The greatest level, 18 dB above full scale, that samples in [-1, 1] are taken to have."""

_MIRRORED_CHANNELS = {
    1: [0],
    2: [1, 0],
    4: [1, 0, 3, 2],  # front left and right, back left and right
    6: [1, 0, 2, 3, 5, 4],  # 5.1: FL FR FC LFE BL BR
    8: [1, 0, 2, 3, 5, 4, 7, 6],  # 7.1: FL FR FC LFE BL BR SL SR
}
"""For each number of channels in WAV order, the order after a left-right mirror."""


@dataclass(frozen=True, slots=True)
class SoundRules:
    """What a sound's options decide: its rate in Hz, 0 where the sample says it, and its offset."""

    rate: float
    offset: float


_UPRIGHT = (1.0, 0.0, 0.0, 1.0)
"""The linear part (2x2, by rows) of no map."""


class AudioCarrier(Carrier):
    """Samples and their rate: an array whose rate is declared, or {"array", "sampling_rate"}.

    Time maps and shifts of pitch wait and compose, so that all of them cost one resampling.
    `planes` are the maps of the picture that wait, `lain` is what those before them make of its
    axes, and `traded` says that channels trade places under these.
    """

    __slots__ = ("finite", "lain", "pending", "planes", "rate", "semitones", "traded", "wrapped")
    reads_parts: ClassVar[bool] = True
    rules: SoundRules

    @classmethod
    def rules_of(cls, stream: Stream) -> SoundRules:
        options = stream.options
        return SoundRules(float(options.get("sample_rate", 0)), float(options.get("offset", 0.0)))

    @classmethod
    def flat(cls, lane: Lane) -> FlatLane | None:
        return FlatLane(np.ndarray, _is_quiet, _after_plane)

    def read(self, value: Any) -> NDArray[Any]:
        self.planes: list[PlaneMap] = []
        self.lain = _UPRIGHT
        self.traded = False
        self.pending: TimeMap | None = None
        self.semitones = 0.0
        self.finite: Any = None
        plain = type(value) is np.ndarray  # as most are, and asking an abstract class costs
        self.wrapped = not plain and isinstance(value, Mapping)
        declared = self.rules.rate
        if not plain and isinstance(value, UnreadSound):
            self.rate = value.rate
            self.finite = value
            return value  # type: ignore[return-value]
        if self.wrapped:
            if not {"array", "sampling_rate"} <= set(value):
                expected = 'a mapping with "array" and "sampling_rate"'
                raise self.fail(expected, describe(value), _key_hint(value))
            self.rate = self.scalar(value["sampling_rate"], "sampling_rate")
            if declared and self.rate != declared:
                raise self.fail(
                    f"a sample rate of {declared:g} Hz, as declared", f"{self.rate:g} Hz"
                )
            value = value["array"]
        else:
            self.rate = declared
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            hint = array_hint(value) or "Divide 16-bit samples by 32768."
            raise self.fail(_FORM, describe(value), hint)
        if value.ndim not in (1, 2) or value.size == 0:
            raise self.fail(_FORM, describe(value), batch_hint(value, 2))
        if value.ndim == 2 and value.shape[0] > value.shape[1]:
            raise self.fail(_FORM, describe(value), "Channels come first: transpose it.")
        self._check_level(value)
        self.finite = value
        return value

    def _check_level(self, sound: NDArray[Any]) -> None:
        """Floats that are whole-number samples: nothing that was recorded is 18 dB above full."""
        if _is_surely_quiet(sound):
            return
        lowest, highest = float(sound.min()), float(sound.max())
        if not (math.isfinite(lowest) and math.isfinite(highest)):
            raise self.fail("finite samples", "NaN or infinity")
        greatest = max(highest, -lowest)
        if greatest > _LOUDEST:
            scale = next((bits for bits in (8, 16, 24, 32) if greatest <= 2.0 ** (bits - 1)), 32)
            raise self.fail(
                _FORM,
                f"samples up to {greatest:.6g}",
                f"Divide by {2 ** (scale - 1)}, if they are samples of {scale} bits.",
            )

    @property
    def seconds(self) -> float:
        """The duration; 0 where no sample rate is known."""
        return float(self.data.shape[-1] / self.rate) if self.rate else 0.0

    def sample_rate(self) -> float:
        return self.rate

    def clock_duration(self) -> float | None:
        rate = self.rate
        if not rate:
            return None
        pending = self.pending
        return float(self.data.shape[-1] / rate) if pending is None else pending.duration

    def time(self, time: TimeMap) -> None:
        self._wait(time.seen_from(self.rules.offset))

    def blank(self, blank: Blank) -> None:
        """Silence in spans of the clock, cut at the nearest samples."""
        seconds = self.clock_duration()
        if seconds is not None:
            offset = self.rules.offset
            spans = [(start - offset, stop - offset) for start, stop in blank.spans]
            self._wait(TimeMap.blanking(spans, seconds))

    def _wait(self, time: TimeMap) -> None:
        self.pending = time if self.pending is None else self.pending.then(time)
        channels = self.data.shape[0] if self.data.ndim == 2 else 1
        seconds = self.pending.duration
        self.require_room(seconds * self.rate * channels, f"{seconds:.6g} s of sound")

    def pitch(self, tone: ToneMap) -> None:
        if not self.rate:
            raise self.fail(
                "a known sample rate where pitch moves",
                "an array, which does not say",
                "Declare sample_rate: in Hz.",
            )
        self.semitones += tone.pitch

    def drop(self, drop: Drop) -> None:
        """Silence, as long as the sound."""
        if isinstance(self.data, UnreadSound):  # of which nothing is read
            channels, samples = self.data.shape
            if self.pending is not None:
                samples = self._length(self.pending)
            self.pending, self.semitones = None, 0.0
            self.data = self._in_form(np.zeros((channels, samples), np.float32))
        self.settle()
        self.data = np.zeros_like(self.data)

    def phase(self, degrees: float) -> None:
        """Turn the phase of every frequency; time that runs backwards would turn it back."""
        self.settle()
        self.data = phase_rotated(self.data, degrees)

    def plane(self, plane: PlaneMap) -> None:
        self.planes.append(plane)

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture; left stays left."""

    def settle(self) -> None:
        if self.pending is not None or self.semitones:
            self._resound()
        if type(self.data) is not np.ndarray and isinstance(self.data, UnreadSound):
            self.finite = self.data = self._in_form(self.data[:, :])
            self._check_level(self.data)
        if self.planes:
            self._swap()

    def _in_form(self, sound: NDArray[Any]) -> NDArray[Any]:
        """Samples (C, T) as files of one channel or several give them."""
        return sound[0] if len(sound) == 1 else sound

    def _length(self, time: TimeMap) -> int:
        """How many samples a time map leaves. Raises RefusalError where it is none."""
        samples = length_of(time.duration, self.rate)
        if samples < 1:
            raise RefusalError(
                self.stream.name,
                f"{time.duration:.3g} s of sound are left, not one sample at {self.rate:g} Hz",
            )
        return samples

    def _resound(self) -> None:
        """Carry out what waits on time and pitch, at one go."""
        time = self.pending or TimeMap.identity(self.seconds)
        semitones = self.semitones
        self.pending, self.semitones = None, 0.0
        self._length(time)
        if time.is_identity and not semitones:
            return
        sound = self.data if self.data.ndim == 2 else self.data[None]
        moved = resounded(sound, self.rate, time, semitones)
        if isinstance(self.data, UnreadSound):
            self.data = self._in_form(moved)
            self._check_level(self.data)
            return
        self.data = moved if self.data.ndim == 2 else moved[0]

    def _swap(self) -> None:
        """Let the channels trade places as the sides of the picture did."""
        right, down, left, up = self.lain
        for plane in self.planes:
            a, b, c, d = plane.jacobian
            right, down, left, up = (
                a * right + b * left,
                a * down + b * up,
                c * right + d * left,
                c * down + d * up,
            )
        self.planes.clear()
        self.lain = right, down, left, up
        traded = _trades(right, down)
        sound = self.data
        if traded != self.traded and sound.ndim == 2 and len(sound) > 1:
            mirrored = _mirrored(sound)
            if mirrored is None:
                raise self.fail(
                    "1, 2, 4, 6 or 8 channels where a mirror swaps left and right",
                    f"{len(sound)}",
                    "Declare spatial: false if its channels have no sides.",
                )
            self.traded, self.data = traded, mirrored
            if sound is self.finite:
                self.finite = self.data

    def surely_finite(self) -> bool:
        """So it is where channels have traded places, and nothing else was done to samples."""
        return not self.wrapped and self.data is self.finite

    def noise(self, noise: Noise) -> None:
        self.settle()
        if noise.snr_db == math.inf:
            return
        self.data = noisy_sound(
            self.data, noise.kind, noise.snr_db, self.rate, noise.entropy.philox()
        )

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Blend with the partner's sound, or let a span of it be heard."""
        assert isinstance(partner, AudioCarrier)
        name = self.stream.name
        require_equal(name, "a sample rate of", f"{self.rate:g} Hz", f"{partner.rate:g} Hz")
        require_equal(name, "sound of", _channels(self.data), _channels(partner.data))
        require_equal(name, "samples of", self.data.dtype, partner.data.dtype)
        self.data = mixed_sound(self.data, partner.data, self.rate, mix, self.rules.offset)
        self.lain, self.traded = _UPRIGHT, False  # as both of them lie now
        note_mix(self.notes, mix)

    def finish(self) -> dict[str, Any]:
        self.settle()
        name = self.stream.name
        value = self.sample[name]
        if type(value) is np.ndarray:
            return {name: self.data}
        if isinstance(value, UnreadSound):
            return {name: value.around(np.atleast_2d(self.data))}
        if not self.wrapped:
            return {name: self.data}
        before, after = (
            Lasting(count / self.rate, count)
            for count in (np.shape(value["array"])[-1], self.data.shape[-1])
        )
        told = lengths_after(value, before, after, self)
        return {name: {**value, "array": self.data, **told}}


def _is_surely_quiet(sound: NDArray[Any]) -> bool:
    """Whether no sample is too loud, as is so of what is short or quiet: by the sum of squares."""
    return float(np.vdot(sound, sound)) <= _LOUDEST * _LOUDEST


def _trades(right: float, down: float) -> bool:
    """Whether a picture's x axis, as it lies now, makes what was left right.

    That is after a left-right mirror, a half turn, or both.
    """
    return right < 0 and abs(right) > abs(down)


def _mirrored(sound: NDArray[Any]) -> NDArray[Any] | None:
    """Samples (C, T) with the channels of both sides traded; None where theirs are not known."""
    order = _MIRRORED_CHANNELS.get(len(sound))
    if order is None:
        return None
    # A copy of rows backwards takes a third of the time of one by their numbers.
    return sound[order] if len(order) > 2 else np.array(sound[::-1])


def _is_quiet(value: NDArray[Any]) -> bool:
    """Whether an array is seen at once to be the samples of a sound: its flat lane takes it."""
    shape = value.shape
    if value.dtype not in _FLOATS or not value.size or not shape or len(shape) > 2:
        return False
    if len(shape) == 2 and shape[0] > shape[1]:
        return False
    return float(np.vdot(value, value)) <= _LOUDEST * _LOUDEST


def _after_plane(
    sound: NDArray[Any], plane: PlaneMap | None, tone: ToneMap | None, world: WorldMap | None
) -> NDArray[Any] | None:
    """Samples whose picture has met a plane map: the flat lane of sounds."""
    if plane is None or sound.ndim == 1 or len(sound) == 1:  # no channel trades places
        return sound
    right, down = plane.numbers[:2]  # it is affine
    if right >= 0.0 or abs(right) <= abs(down):
        return sound
    return _mirrored(sound)


def _channels(sound: NDArray[Any]) -> str:
    count = 1 if sound.ndim == 1 else len(sound)
    return f"{count} channel{'s' * (count > 1)} in {sound.ndim} dimension{'s' * (sound.ndim > 1)}"


def _key_hint(value: Mapping[Any, Any]) -> str:
    """What to do with a sound whose rate has another name, as other libraries give it."""
    rates = [key for key in value if "rate" in str(key).lower() or key in ("sr", "fs")]
    return f'Rename the key {rates[0]!r} to "sampling_rate".' if "array" in value and rates else ""
