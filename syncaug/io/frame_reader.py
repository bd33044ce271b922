"""Frames of one video track in any order: sequential reads never seek, memory stays bounded."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from syncaug.io.containers import decoding, open_container, pick
from syncaug.io.frame_index import FrameIndex
from syncaug.io.problem import FileProblem

__all__ = ["FrameReader"]

BEHIND = 128 << 20
"""Bytes of decoded frames that are kept for a reader who goes backwards."""

THREADS = 4
"""Each thread of a decoder holds a frame, so that there are not as many as cores."""

_LEFT: list[Any] = []
"""Decoders that came along into a forked process: their threads did not, so none may be closed."""


class FrameReader:
    """A decoder and where it stands. Not for several threads at once.

    A reader who goes backwards asks for the frames before the present ones next; those that were
    decoded on the way to the present ones are kept, up to `BEHIND` bytes.
    """

    def __init__(self, path: Path, number: int, index: FrameIndex, expected: str) -> None:
        self._path, self._number, self._index, self._expected = path, number, index, expected
        self._places = {int(stamp): place for place, stamp in enumerate(index.stamps)}
        self._recent: OrderedDict[int, Any] = OrderedDict()
        self._kept = 1
        self._opened = ExitStack()
        self._frames: Iterator[Any] = iter(())
        self._container: Any = None
        self._stream: Any = None
        self._next = -1  # the frame that the decoder gives next; -1 where it has not begun
        self._trusted = 0  # frames before it lean on some that were not decoded
        self._last = -1
        self._process = os.getpid()

    def frames(self, wanted: Sequence[int]) -> Iterator[tuple[int, Any]]:
        """The frames of ascending indices, as PyAV has them. Raises FileProblem."""
        if not wanted:
            return
        if self._process != os.getpid():
            self._leave()
        backwards = self._last > wanted[0]
        self._last = wanted[-1]
        if not backwards:
            self._kept = 1
        for index in wanted:
            frame = self._recent.get(index)
            if frame is None:
                frame = self._decode(index, backwards)
            yield index, frame

    def close(self) -> None:
        """Let go of the file and of all frames."""
        self._recent.clear()
        self._frames = iter(())
        self._opened.close()
        self._container = self._stream = None
        self._next = -1

    def _leave(self) -> None:
        """Begin anew in a forked process, whose parent goes on with the file and the threads."""
        _LEFT.append((self._opened, self._frames, self._container, self._stream, self._recent))
        self._opened, self._frames, self._recent = ExitStack(), iter(()), OrderedDict()
        self._container = self._stream = None
        self._next, self._process = -1, os.getpid()

    def _decode(self, index: int, backwards: bool) -> Any:
        key = self._index.key_before(index)
        if self._next < 0 or index < self._next or key > self._next:
            self._go_to(key)
        first = True
        with decoding(self._path, self._expected):
            for frame in self._frames:
                place = self._place(frame)
                if first and place > index and self._trusted > 0:
                    self._go_to(0)  # the format sought too far: from the beginning, then
                    return self._decode(index, backwards)
                first = False
                if place < 0:
                    continue
                self._next = place + 1
                if frame.is_corrupt:
                    raise self._damaged(place)
                if place >= self._trusted:
                    self._remember(place, frame, backwards)
                if place == index:
                    return frame
                if place > index:
                    break
        self.close()
        raise self._damaged(index)

    def _place(self, frame: Any) -> int:
        if not self._places:
            return max(self._next, 0)
        return self._places.get(frame.pts, -1)

    def _go_to(self, key: int) -> None:
        """Let the decoder begin at a frame from which it can."""
        if self._container is None or key == 0 or not self._places:
            self._reopen()
            self._trusted = 0
            return
        with decoding(self._path, self._expected):
            stamp = int(self._index.stamps[key])
            self._container.seek(stamp, stream=self._stream, backward=True)
            self._frames = self._container.decode(self._stream)
        self._next = self._trusted = key

    def _reopen(self) -> None:
        self.close()
        self._container = self._opened.enter_context(open_container(self._path, self._expected))
        self._stream = pick(self._path, self._container, "video", self._number)
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.thread_count = THREADS
        self._frames = self._container.decode(self._stream)
        self._next = 0

    def _remember(self, place: int, frame: Any, backwards: bool) -> None:
        self._recent[place] = frame
        if backwards and self._kept == 1:
            size = frame.width * frame.height * max(1, frame.format.padded_bits_per_pixel // 8)
            self._kept = max(1, BEHIND // size)
        while len(self._recent) > self._kept:
            self._recent.popitem(last=False)

    def _damaged(self, place: int) -> FileProblem:
        count = len(self._index.times)
        return FileProblem(
            self._expected,
            f"{self._path}, which is damaged: frame {place} of {count} cannot be decoded",
        )
