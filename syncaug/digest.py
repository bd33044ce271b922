"""Digests: whether a sample is the one that a record tells of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.unread import IN_MEMORY, Unread

__all__ = ["digest_of"]

_LANES = 1024
"""64-bit words in a row of a large array."""
_ROWS = 256
"""Rows that are weighted at once: 2 MiB."""
_SMALL = 4 * 8 * _LANES
"""Bytes up to which an array is hashed as it is."""

_KEPT = 64
"""Blocks of rows whose weights are kept, 2 KiB each: those of most pictures and films."""
_ENDS = 1 << 16
"""Bytes at both ends of a file by which it is told from others of its name and size."""


def digest_of(
    sample: Mapping[str, Any], names: Iterable[str], by_file: Collection[str] = ()
) -> str:
    """32 hexadecimal digits of the entries `names` of a sample, as far as it has them.

    Arrays count with dtype, shape and every byte; lists and tuples count the same. What is not in
    memory (a clip or another object with a `path`) counts by its file's name, size, beginning and
    end, by its track `number` and its `times`, so that nothing is decoded for it; what has no path
    by the bytes that it gives as its `content`. Streams in files count as what they hold, which is
    read for it, but for those of `by_file`.
    """
    state = blake2b(digest_size=16)
    for name in names:
        if name in sample:
            state.update(b"\0@" + name.encode("utf-8", "surrogatepass"))
            value = sample[name]
            if type(value) not in IN_MEMORY and isinstance(value, Unread):
                if name in by_file:
                    state.update(b"\0u%d" % value.number)
                    _feed_file(state, value.path)
                    continue
                value = value.value()
            _feed(state, value)
    return state.hexdigest()


def _feed(state: Any, value: Any) -> None:
    kind = type(value)  # most are of these two, and to ask an abstract class costs
    if kind is str:
        state.update(b"\0s" + value.encode("utf-8", "surrogatepass"))
    elif kind is np.ndarray or isinstance(value, np.ndarray):
        state.update(f"\0a{value.dtype.str}{value.shape}".encode())
        _feed_bytes(state, _bytes(value))
    elif isinstance(value, Mapping):
        state.update(b"\0{%d" % len(value))
        for key, item in value.items():
            _feed(state, key)
            _feed(state, item)
    elif isinstance(value, list | tuple):
        state.update(b"\0[%d" % len(value))
        for item in value:
            _feed(state, item)
    elif isinstance(value, str):
        state.update(b"\0s" + value.encode("utf-8", "surrogatepass"))
    elif isinstance(value, np.generic):
        _feed(state, value.item())
    elif value is None or isinstance(value, bool | int | float | complex | bytes):
        state.update(f"\0v{value!r}".encode())
    else:
        _feed_object(state, value)


def _feed_object(state: Any, value: Any) -> None:
    """Something that holds its data elsewhere: its file, its arrays in memory, its times."""
    state.update(f"\0o{type(value).__name__}".encode())
    path = getattr(value, "path", None)
    if isinstance(path, str | Path):
        _feed_file(state, Path(path))
    for name in ("number", "shape", "times", "frames", "content"):
        item = getattr(value, name, None)
        if isinstance(item, np.ndarray | tuple | int | bytes):
            _feed(state, item)


def _feed_file(state: Any, path: Path) -> None:
    state.update(f"\0p{path.name}".encode("utf-8", "surrogatepass"))
    if path.is_file():
        size = path.stat().st_size
        state.update(b"%d" % size)
        with path.open("rb") as file:
            state.update(file.read(_ENDS))
            file.seek(max(0, size - _ENDS))
            state.update(file.read(_ENDS))


def _bytes(array: np.ndarray) -> NDArray[np.uint8]:
    """The array's bytes in C order, without a copy where they lie so; objects by their text."""
    if array.dtype.hasobject:
        text = repr(array.tolist()).encode("utf-8", "surrogatepass")
        return np.frombuffer(text, dtype=np.uint8)
    flat: NDArray[np.uint8] = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return flat


def _feed_bytes(state: Any, data: NDArray[np.uint8]) -> None:
    """Hash bytes; of many, the sums of their rows of words, each times an odd number of its own.

    That is several times as fast, and no change of one word, no swap of rows goes unseen: it tells
    samples apart that are taken for one another, not those that somebody forges.
    """
    if data.size <= _SMALL:
        state.update(data)
        return
    whole = data.size // (8 * _LANES)
    words = data[: whole * 8 * _LANES].view(np.uint64).reshape(whole, _LANES)
    total = np.zeros(_LANES, dtype=np.uint64)
    for start in range(0, whole, _ROWS):
        block = words[start : start + _ROWS]
        total += (block * _weights(start, len(block))[:, None]).sum(axis=0, dtype=np.uint64)
    state.update(total)
    state.update(data[whole * 8 * _LANES :])


@lru_cache(maxsize=_KEPT)
def _weights(start: int, count: int) -> NDArray[np.uint64]:
    """Odd 64-bit numbers for rows: the finaliser of SplitMix64 (Steele and others, OOPSLA 2014)."""
    x = np.arange(start + 1, start + count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (x ^ (x >> np.uint64(31))) | np.uint64(1)
