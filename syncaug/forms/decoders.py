"""torchcodec's decoders, and what they give: batches of frames and samples of sound.

A film is decoded when its frames are asked for, and only those; it comes back as a FrameBatch, as
the decoder itself gives frames. A sound is decoded whole, and comes back as AudioSamples.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import Indices, chunks, constant_rate, end_of
from syncaug.clips.frames import in_memory
from syncaug.forms import tensors
from syncaug.forms.came import Came
from syncaug.forms.places import Place
from syncaug.maps.plane import Size

__all__ = ["DecoderClip", "take"]

_LOOKS = 4
"""Frames of a film whose times are compared with those of a constant rate."""
_STEADY = 0.1
"""By what share of a frame the time of a frame at a constant rate may differ."""


@dataclass(frozen=True, slots=True)
class _Film:
    """What is known of a decoder's film: when its frames are shown, and how they come.

    `first` says that their channels come first. `content` tells it from other films.
    """

    times: NDArray[np.float64]
    duration: float
    shape: tuple[int, int, int]
    dtype: np.dtype[Any]
    first: bool
    content: bytes


_KNOWN: WeakKeyDictionary[Any, _Film] = WeakKeyDictionary()


class DecoderClip:
    """A clip that decodes its frames with torchcodec when they are asked for."""

    def __init__(self, decoder: Any, place: Place) -> None:
        self._decoder, self._place = decoder, place
        self._film = _film_of(decoder, place)

    def __len__(self) -> int:
        return len(self._film.times)

    @property
    def times(self) -> NDArray[np.float64]:
        return self._film.times

    @property
    def duration(self) -> float:
        return self._film.duration

    @property
    def fps(self) -> float:
        return constant_rate(self.times, self.duration)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self), *self._film.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._film.dtype

    @property
    def content(self) -> bytes:
        """What tells the film from others of the same length: a digest of a few frames."""
        return self._film.content

    @property
    def first(self) -> bool:
        """Whether the decoder gives channels first."""
        return self._film.first

    def read(self, indices: Indices) -> NDArray[Any]:
        order = np.asarray(indices, dtype=np.intp)
        if not order.size:
            return np.empty((0, *self._film.shape), self.dtype)
        frames, times = _frames(self._decoder, order.tolist(), self._place)
        late = np.abs(times - self.times[order])
        if float(late.max()) > _STEADY / 2 + self.duration / len(self):
            raise self._place.fail(
                "a film whose frames come at a steady rate, or with timestamps",
                f"a frame of {times[int(late.argmax())]:.3f} s where "
                f"{self.times[order][int(late.argmax())]:.3f} s is its turn",
                "Give decoder.get_all_frames(), which holds the timestamps of all frames.",
            )
        return _channels_last(frames) if self.first else frames


def _film_of(decoder: Any, place: Place) -> _Film:
    """What is known of a film, by a look at a few of its frames. Raises SampleError."""
    known = _KNOWN.get(decoder)
    if known is not None:
        return known
    about = decoder.metadata
    count = int(about.num_frames or 0)
    if not count or not about.average_fps:
        raise place.fail("a film with frames", "a VideoDecoder of none")
    looks = np.unique(np.linspace(0, count - 1, min(count, _LOOKS)).round().astype(int))
    frames, told = _frames(decoder, looks.tolist(), place)
    times = float(about.begin_stream_seconds) + np.arange(count) / float(about.average_fps)
    end = float(about.end_stream_seconds)
    if float(np.abs(times[looks] - told).max()) * float(about.average_fps) > _STEADY:
        size = frames[0].nbytes
        parts = [_frames(decoder, list(part), place)[1] for part in chunks(count, size)]
        times = np.concatenate(parts)
        end = end if end > times[-1] else end_of(times)
    first = frames.shape[1] in (1, 3, 4) and frames.shape[-1] not in (1, 3, 4)
    shape = frames.shape[1:]
    height, width, channels = (shape[1], shape[2], shape[0]) if first else shape
    content = blake2b(frames.tobytes(), digest_size=16).digest()
    film = _Film(times, end, (height, width, channels), frames.dtype, first, content)
    _KNOWN[decoder] = film
    return film


def _frames(
    decoder: Any, order: list[int], place: Place
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Frames as the decoder gives them, and the seconds from which they are shown."""
    try:
        batch = decoder.get_frames_at(order)
    except (RuntimeError, IndexError, ValueError) as error:
        raise place.fail(
            "a film that torchcodec can decode", f"one that it cannot: {error}"[:300]
        ) from None
    return tensors.numbers_of(batch.data, place), batch.pts_seconds.double().numpy()


def _channels_last(frames: NDArray[Any]) -> NDArray[Any]:
    from syncaug.backends.opencv import interleaved

    out = np.empty((len(frames), *frames.shape[2:], frames.shape[1]), frames.dtype)
    for index, frame in enumerate(frames):
        out[index] = interleaved(frame)
    return out


def take(value: Any, place: Place) -> Came | None:
    """A decoder, or what one gave, on both sides of the border."""
    taker = _TAKERS.get((place.modality, _kind(value)))
    return None if taker is None else taker(value, place)


def _kind(value: Any) -> str:
    names = [base.__name__ for base in type(value).__mro__]
    return next(name for name in names if name in _KINDS)


def _video_decoder(value: Any, place: Place) -> Came:
    clip = DecoderClip(value, place)
    return Came(value, clip, partial(_batch, first=clip.first, begin=0.0), other=True)


def _frame_batch(value: Any, place: Place) -> Came:
    """Frames with their timestamps, counted from the first of them."""
    frames = tensors.numbers_of(value.data, place)
    moments = tensors.numbers_of(value.pts_seconds, place).astype(np.float64)
    lengths = tensors.numbers_of(value.duration_seconds, place).astype(np.float64)
    first = frames.ndim == 4 and frames.shape[1] in (1, 3, 4) and frames.shape[-1] not in (1, 3, 4)
    begin = float(moments[0]) if moments.size else 0.0
    film = {
        "frames": _channels_last(frames) if first else frames,
        "timestamps": moments - begin,
        "duration": float(moments[-1] + lengths[-1] - begin) if moments.size else 0.0,
    }
    return Came(value, film, partial(_batch, first=first, begin=begin))


def _batch(out: Any, size: Size | None, *, first: bool, begin: float) -> Any:
    """A film as a batch of frames with their timestamps."""
    if isinstance(out, Mapping):
        frames, times, end = out["frames"], out["timestamps"], out["duration"]
    else:
        clip = in_memory(out)
        frames, times, end = clip.frames, clip.times, clip.duration
    if first:
        from syncaug.backends.opencv import planar

        planes = np.empty((len(frames), frames.shape[3], *frames.shape[1:3]), frames.dtype)
        for index, frame in enumerate(frames):
            planes[index] = planar(frame)
        frames = planes
    torch = sys.modules["torch"]
    return sys.modules["torchcodec"].FrameBatch(
        data=torch.from_numpy(np.ascontiguousarray(frames)),
        pts_seconds=torch.from_numpy(np.asarray(times) + begin),
        duration_seconds=torch.from_numpy(np.diff(times, append=end)),
    )


def _audio_decoder(value: Any, place: Place) -> Came:
    try:
        samples = value.get_all_samples()
    except (RuntimeError, ValueError) as error:
        raise place.fail(
            "a sound that torchcodec can decode", f"one that it cannot: {error}"[:300]
        ) from None
    came = _audio_samples(samples, place)
    return Came(value, came.seen, came.back, other=True)


def _audio_samples(value: Any, place: Place) -> Came:
    sound = {
        "array": tensors.numbers_of(value.data, place),
        "sampling_rate": int(value.sample_rate),
    }
    return Came(value, sound, partial(_samples, begin=float(value.pts_seconds)))


def _samples(out: Any, size: Size | None, *, begin: float) -> Any:
    array = np.ascontiguousarray(out["array"])
    torch = sys.modules["torch"]
    return sys.modules["torchcodec"].AudioSamples(
        data=torch.from_numpy(array if array.flags.writeable else array.copy()),
        pts_seconds=begin,
        duration_seconds=array.shape[-1] / out["sampling_rate"],
        sample_rate=out["sampling_rate"],
    )


_TAKERS: Mapping[tuple[str, str], Any] = {
    ("video", "VideoDecoder"): _video_decoder,
    ("video", "FrameBatch"): _frame_batch,
    ("audio", "AudioDecoder"): _audio_decoder,
    ("audio", "AudioSamples"): _audio_samples,
}
"""Modality and type -> how it is taken in."""
_KINDS = frozenset(kind for _, kind in _TAKERS)
