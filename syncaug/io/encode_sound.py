"""Sound encoded: a second at a time, its first sample at the clock's 0."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.container_forms import SOUNDS, Coding, Form, Sound
from syncaug.io.containers import load_av
from syncaug.io.problem import FileProblem

__all__ = ["SoundTrack", "sound_for"]

_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
"""Channels in WAV order, as PyAV names their arrangement; 4 are front and back, left and right."""

_AAC_RATES = frozenset(
    [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
)


class SoundTrack:
    """One sound on its way into a container: samples (C, T) or (T,) and their rate."""

    def __init__(
        self, container: Any, samples: NDArray[Any], rate: float, form: Form, coding: Coding
    ) -> None:
        self._samples = samples[None] if samples.ndim == 1 else samples
        self._rate = round(rate)
        name = sound_for(form, coding, self._rate, len(self._samples))
        self._sound: Sound = SOUNDS[name]
        self._layout = _LAYOUTS[len(self._samples)]
        self._at = 0
        self._ended = False
        self._stream = container.add_stream(self._sound.encoder, rate=self._rate)
        context = self._stream.codec_context
        context.layout = self._layout
        context.format = self._sound.samples
        context.time_base = Fraction(1, self._rate)
        if name == "aac":  # four bits a sample: what is lost cannot be heard
            context.bit_rate = min(192_000, 4 * self._rate) * len(self._samples)
        elif name == "opus":
            context.bit_rate = 128_000 * len(self._samples)

    @property
    def time(self) -> float:
        return math.inf if self._ended else self._at / self._rate

    def step(self) -> list[Any]:
        stop = min(self._at + self._rate, self._samples.shape[1])
        packets: list[Any] = []
        if stop > self._at:
            packets += self._stream.encode(self._frame(self._samples[:, self._at : stop]))
        self._at = stop
        if stop == self._samples.shape[1]:
            packets += self._stream.encode(None)
            self._ended = True
        return [packet for packet in packets if packet.size]

    def _frame(self, samples: NDArray[Any]) -> Any:
        # Packed, whatever the encoder takes: PyAV miscounts the planes of eight channels.
        kind = self._sound.samples.removesuffix("p")
        if kind == "s32":  # both encoders keep 24 bits: round to them here
            levels = np.rint(np.clip(samples, -1.0, 1.0).astype(np.float64) * 2.0**23)
            levels = np.clip(levels, -(2.0**23), 2.0**23 - 1)
            data = levels.astype(np.int32) << 8
        else:
            data = samples.astype(np.float32, copy=False)
        data = np.ascontiguousarray(data.T).reshape(1, -1)
        frame = load_av().AudioFrame.from_ndarray(data, format=kind, layout=self._layout)
        frame.sample_rate = self._rate
        frame.pts, frame.time_base = self._at, Fraction(1, self._rate)
        return frame


def sound_for(form: Form, coding: Coding, rate: int, channels: int) -> str:
    """The name of the encoder for a sound. Raises FileProblem where there is none.

    Without a choice it is the container's first that holds the sound as it is.
    """
    if channels not in _LAYOUTS:
        raise FileProblem("a sound of 1 to 8 channels", f"one of {channels}")
    if coding.sound and coding.sound not in form.sounds:
        raise FileProblem(
            f"sound that {form.muxer} can hold ({', '.join(form.sounds)})", coding.sound
        )
    for name in (coding.sound,) if coding.sound else form.sounds:
        if name == "aac" and rate not in _AAC_RATES:
            continue
        if SOUNDS[name].only_rate in (0, rate) and channels in SOUNDS[name].channels:
            return name
    wanted = coding.sound or " or ".join(form.sounds)
    raise FileProblem(f"sound that {wanted} can hold", f"{channels} channels at {rate} Hz")
