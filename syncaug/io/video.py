"""Video in files: frames by the time at which they are shown, decoded when they are asked for.

A video comes upright: the turn or mirror that the file asks of its player is carried out, and
what is written asks for none. Frames that are shown only before the clock's 0 are left out, as
players leave them out. Pixels that are not square stay as they are stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import Indices
from syncaug.errors import ManifestError
from syncaug.forks import in_child
from syncaug.io.colours import as_rgb
from syncaug.io.containers import pick
from syncaug.io.frame_index import FrameIndex, index_frames
from syncaug.io.frame_reader import FrameReader
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.losses import warn_of_losses
from syncaug.io.problem import FileProblem
from syncaug.io.shared_container import is_sharing, shared_container

__all__ = ["LAZY_ABOVE", "FileClip", "checked_clip", "open_clip", "read_video"]

LAZY_ABOVE = 256 << 20
"""Bytes of decoded frames up to which a video is read whole; longer ones come as a `FileClip`."""

_EXPECTED = "a video (MP4, MOV, Matroska, WebM ...)"

Turn = tuple[bool, bool, bool]
"""How stored pictures become upright: swap x and y, then mirror x, then mirror y."""


_OPEN: WeakSet[FileClip] = WeakSet()
_ABANDONED: list[FrameReader] = []
"""Decoders of a parent, never freed in a child: to free one is to wait for its threads."""


def _after_fork() -> None:
    for clip in list(_OPEN):
        clip.forked()


in_child(_after_fork)


class FileClip:
    """A clip that decodes its frames from a file: uint8 (n, H, W, 3), RGB.

    It can be pickled, and read from several threads, one after the other. `read` raises
    ManifestError where the file is damaged.
    """

    def __init__(
        self,
        path: Path,
        number: int,
        index: FrameIndex,
        size: tuple[int, int],
        turn: Turn,
        reader: FrameReader | None = None,
    ) -> None:
        self.path, self.number = path, number
        self._index, self._size, self._turn = index, size, turn
        self._reader = reader or FrameReader(path, number, index, _EXPECTED)
        self._lock = Lock()
        _OPEN.add(self)

    def forked(self) -> None:
        """Begin anew in a forked child: the parent's lock and decoder stay with the parent."""
        _ABANDONED.append(self._reader)
        self._reader = FrameReader(self.path, self.number, self._index, _EXPECTED)
        self._lock = Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.number, self._index, self._size, self._turn)

    def __len__(self) -> int:
        return len(self._index.times)

    @property
    def times(self) -> NDArray[np.float64]:
        return self._index.times

    @property
    def duration(self) -> float:
        return self._index.duration

    @property
    def fps(self) -> float:
        return self._index.fps

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, upright."""
        return self._size

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self), self._size[1], self._size[0], 3

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(np.uint8)

    def read(self, indices: Indices) -> NDArray[np.uint8]:
        try:
            return self.decode(indices)
        except FileProblem as problem:
            raise ManifestError(str(problem)) from None

    def decode(self, indices: Indices) -> NDArray[np.uint8]:
        """What `read` gives. Raises FileProblem."""
        width, height = self._size
        out = np.empty((len(indices), height, width, 3), dtype=np.uint8)
        self.decode_into(indices, out)
        return out

    def decode_into(
        self, indices: Indices, rows: Sequence[NDArray[np.uint8]] | NDArray[np.uint8]
    ) -> None:
        """What `read` gives, each frame in one of `rows`, (H, W, 3). Raises FileProblem."""
        order = np.asarray(indices, dtype=np.intp)
        if not order.size:
            return
        if not (order.min() >= 0 and order.max() < len(self)):
            raise IndexError(f"frames 0 to {len(self) - 1}; got {order.min()} to {order.max()}")
        shown = self._index.shows[order]
        by_index = np.argsort(shown, kind="stable")
        wanted, starts = np.unique(shown[by_index], return_index=True)
        places = np.split(by_index, starts[1:])
        with self._lock:
            frames = self._reader.frames(wanted.tolist())
            for (first, *others), (_, frame) in zip(places, frames, strict=True):
                self._put(frame, rows[first])
                for other in others:
                    rows[other][...] = rows[first]

    def close(self) -> None:
        """Let go of the file; the next read opens it again."""
        with self._lock:
            self._reader.close()

    def _put(self, frame: Any, out: NDArray[np.uint8]) -> None:
        """Write the frame, upright, into `out`."""
        plain = not any(self._turn) and (frame.width, frame.height) == self._size
        picture = as_rgb(frame, out if plain else None)
        if picture is out:
            return
        picture = _upright(picture, self._turn)
        if picture.shape[:2] != self._size[::-1]:
            width, height = self._size
            came = f"{self.path}, where a frame has {picture.shape[1]}x{picture.shape[0]} pixels"
            raise FileProblem(f"frames of {width}x{height} pixels, as the first has", came)
        out[...] = picture


def open_clip(path: Path, track: int = 0, limits: Limits = LIMITS) -> FileClip:
    """The clip of a file's video track. Its first frame is decoded. Raises FileProblem."""
    with shared_container(path, _EXPECTED, anywhere=False) as opened:
        stream = pick(path, opened.container, "video", track)
        limits.check_picture(path, _EXPECTED, stream.width, stream.height)
        opened.moved = True
        index = index_frames(path, opened.container, stream, _EXPECTED)
        if not len(index.times):
            raise FileProblem(_EXPECTED, f"{path}, whose frames are all shown before its clock's 0")
        begun = opened if index.tabled else None
        reader = FrameReader(path, track, index, _EXPECTED, begun)
        stays = False
        try:
            place, frame = reader.first()
            turn = _turn(frame, reader.orientation)
            warn_of_losses(path, track, reader.stream, frame)
            stays = is_sharing() and place == 0
        finally:
            if not stays:
                reader.close()
    index = index.starting_with(place)
    size = (frame.height, frame.width) if turn[0] else (frame.width, frame.height)
    return FileClip(path, track, index, size, turn, reader if stays else None)


def checked_clip(path: Path, options: Mapping[str, Any], track: int, limits: Limits) -> FileClip:
    """The clip of a track that has the rate that its stream declares. Raises FileProblem."""
    clip = open_clip(path, track, limits)
    declared = float(options.get("fps") or 0.0)
    if declared and abs(clip.fps - declared) > 1e-3:
        found = f"{clip.fps:g}" if clip.fps else "a varying number of"
        raise FileProblem(
            f"{declared:g} frames in a second, as declared",
            f"{path} with {found}",
            "Leave fps out of the declaration.",
        )
    return clip


def read_video(
    path: Path,
    options: Mapping[str, Any],
    *,
    track: int = 0,
    lazy_above: int = LAZY_ABOVE,
    limits: Limits = LIMITS,
) -> Any:
    """A video as its stream declares it.

    More than `lazy_above` bytes of frames come as a FileClip. Else, with a declared `fps`, which
    must be the file's, the array (n, H, W, 3) alone; without one {"frames", "fps"}, or {"frames",
    "timestamps", "duration"} where the rate varies or the first frame is late. `layout: chw` gives
    arrays (n, 3, H, W). Raises FileProblem.
    """
    clip = checked_clip(path, options, track, limits)
    declared = float(options.get("fps") or 0.0)
    if int(np.prod(clip.shape)) > lazy_above:
        return clip
    try:
        frames: NDArray[np.uint8] = clip.decode(range(len(clip)))
    finally:
        clip.close()
    if options.get("layout") == "chw":
        frames = np.ascontiguousarray(frames.transpose(0, 3, 1, 2))
    if declared:
        return frames
    if clip.fps:
        return {"frames": frames, "fps": clip.fps}
    return {"frames": frames, "timestamps": clip.times, "duration": clip.duration}


def _turn(frame: Any, orientation: int) -> Turn:
    """What the frame's display matrix asks for, to the nearest quarter turn, or EXIF's orientation.

    A stored pixel (x, y) is shown at (a x + c y, b x + d y); the matrix holds a, b, 0, c, d, 0 ...
    as fixed-point numbers (ISO 14496-12, section 6.2.2).
    """
    a, b, c, d = 1, 0, 0, 1
    try:
        beside = frame.side_data
    except ValueError:  # PyAV gives none where FFmpeg has one that it cannot name, such as EXIF
        return orientation > 4, orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
    for place in range(len(beside)):
        data = beside[place]
        if data.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = np.frombuffer(bytes(data), np.int32)[:5].tolist()
    if abs(b) + abs(c) > abs(a) + abs(d):
        return True, c < 0, b < 0
    return False, a < 0, d < 0


def _upright(picture: NDArray[np.uint8], turn: Turn) -> NDArray[np.uint8]:
    swap, mirror_x, mirror_y = turn
    if swap:
        picture = picture.transpose(1, 0, 2)
    return picture[:: -1 if mirror_y else 1, :: -1 if mirror_x else 1]
