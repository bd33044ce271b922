"""Annotations of a film as samples hold them: read frame by frame, and handed back as they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.clock.lasting import Lasting
from syncaug.modalities.clock.lengths import lengths_after
from syncaug.modalities.clock.rates import stamps_hint

__all__ = ["Film", "framed", "in_form", "lists_beside", "read_frames"]

_FORM = "an entry for each frame of the film"


@dataclass(frozen=True, slots=True)
class Film:
    """The frames as they came, and what a mapping says of their times (0 and None otherwise).

    `key` is that of the frames in the mapping; empty where they came bare.
    """

    came: Any
    key: str
    frames: list[Any]
    fps: float
    stamps: NDArray[np.float64] | None
    duration: float

    @property
    def held(self) -> Any:
        """The frames in the form in which they came."""
        return self.came[self.key] if self.key else self.came


def read_frames(value: Any, carrier: Carrier) -> Film:
    """The frames of a sequence, of an array, or of a mapping that states times. Raises SampleError.

    A mapping holds them under "frames", or under the name of the modality.
    """
    key, held = "", value
    if isinstance(value, Mapping):
        modality = carrier.stream.modality
        names = ("frames", modality, f"{modality}s")
        key = next((name for name in names if name in value), "")
        if not key:
            expected = f'a mapping with "frames", or {_FORM}'
            raise carrier.fail(expected, describe(value))
        held = value[key]
    if not _is_sequence(held):
        raise carrier.fail(_FORM, describe(held))
    frames = list(held)
    if not frames:
        raise carrier.fail(_FORM, "none")
    if not isinstance(value, Mapping):
        return Film(value, "", frames, 0.0, None, 0.0)
    rate = 0.0 if value.get("fps") is None else carrier.scalar(value["fps"], "fps")
    length = value.get("duration")
    duration = 0.0 if length is None else carrier.scalar(length, "duration")
    stamps = _stamps(value["timestamps"], len(frames), carrier) if "timestamps" in value else None
    return Film(value, key, frames, rate, stamps, duration)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _stamps(value: Any, count: int, carrier: Carrier) -> NDArray[np.float64]:
    try:
        stamps = np.zeros(0) if stamps_hint(value) else np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        stamps = np.zeros(0)
    if stamps.shape != (count,) or not np.isfinite(stamps).all():
        expected = f"{count} timestamps in seconds, one for each frame"
        raise carrier.fail(expected, describe(value), stamps_hint(value))
    if stamps[0] < 0.0 or (np.diff(stamps) <= 0.0).any():
        raise carrier.fail("timestamps from 0 on that grow", describe(value))
    return stamps


def lists_beside(carrier: Carrier, count: int) -> dict[str, Sequence[Any]]:
    """The lists beside the stream: for each frame, a list of as many entries as it has rows."""
    lists: dict[str, Sequence[Any]] = {}
    for key in carrier.stream.parallel_keys:
        each = carrier.parallel(key, count)
        for index, entries in enumerate(each):
            if not _is_sequence(entries):
                raise SampleError(
                    key,
                    expected="a list for each frame",
                    came=f"{describe(entries)} (in frame {index})",
                )
        lists[key] = each
    return lists


def framed(entries: list[Any], like: Any, carrier: Carrier) -> Any:
    """One entry for each frame, in the form of those that came.

    Arrays that are no longer of one shape come out as a list, and the stream says so.
    """
    if isinstance(like, tuple):
        return tuple(entries)
    if not isinstance(like, np.ndarray):
        return entries
    if like.dtype.kind == "O":
        out = np.empty(len(entries), dtype=object)
        out[:] = entries
        return out
    arrays = [np.asarray(entry) for entry in entries]
    if len({array.shape for array in arrays}) == 1:
        return np.stack(arrays).astype(like.dtype, copy=False)
    carrier.suspect(
        "ragged",
        "its frames came as one array and differ in their rows now, which no array holds; a list "
        "of arrays goes out for this sample. Give a list of arrays",
    )
    return entries


def in_form(
    frames: list[Any],
    film: Film,
    times: NDArray[np.float64],
    lasting: tuple[float, float],
    carrier: Carrier,
) -> Any:
    """The frames of the result in the form in which they came, with their times where stated.

    `lasting` are the seconds before and after all maps of time.
    """
    out = framed(frames, film.held, carrier)
    if not film.key:
        return out
    before, after = Lasting(lasting[0], len(film.frames)), Lasting(lasting[1], len(frames))
    mapping = {**film.came, film.key: out, **lengths_after(film.came, before, after, carrier)}
    if film.stamps is not None:
        stamps = film.came["timestamps"]
        if isinstance(stamps, np.ndarray):
            mapping["timestamps"] = times.astype(
                stamps.dtype if stamps.dtype.kind == "f" else float
            )
        else:
            mapping["timestamps"] = type(stamps)(times.tolist())
    return mapping
