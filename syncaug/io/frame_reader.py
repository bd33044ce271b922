"""Frames of one video track in any order: sequential reads never seek, memory stays bounded."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zlib import crc32

from syncaug.io.containers import decoding, load_av, open_container, pick
from syncaug.io.frame_index import FrameIndex
from syncaug.io.picture_header import read_header
from syncaug.io.problem import FileProblem
from syncaug.io.shared_container import Opened
from syncaug.threads import limited

__all__ = ["FrameReader"]

BEHIND = 128 << 20
"""Bytes of decoded frames that are kept for a reader who goes backwards."""

THREADS = 4
"""Each thread of a decoder holds a frame, so that there are not as many as cores."""

_SEEKS = 4
"""How many keys before the wanted one are sought before a file is read from its beginning."""

_RENEWED = frozenset({"h264"})
"""Codecs without key frames where an encoder renews the picture part by part."""

_CONCEALING = frozenset({"mjpeg"})
"""Codecs whose decoder leaves what it cannot read as the memory was, unless it is told not to."""

_LEFT: list[Any] = []
"""Decoders that came along into a forked process: their threads did not, so none may be closed."""


class FrameReader:
    """A decoder and where it stands. Not for several threads at once.

    A reader who goes backwards asks for the frames before the present ones next; those that were
    decoded on the way to the present ones are kept, up to `BEHIND` bytes.

    Pictures are named by their places in the order in which they are shown. After a seek only what
    follows a picture from which decoding can start is trusted. Formats without an index may seek
    too far, or name pictures otherwise than before: then an earlier place is sought, and at last
    the file is read from its beginning.
    """

    def __init__(
        self,
        path: Path,
        number: int,
        index: FrameIndex,
        expected: str,
        begun: Opened | None = None,
    ) -> None:
        self._path, self._number, self._index, self._expected = path, number, index, expected
        self._named_by_time = len(index.stamps) > 0
        marked = index.stamps[: len(index.marks)].tolist()
        self._marks: dict[int, int] = dict(zip(marked, index.marks.tolist(), strict=True))
        self._met: set[int] = set()  # times of packets that are those of the index
        self._keys = frozenset(index.keys.tolist())
        self._recent: OrderedDict[int, Any] = OrderedDict()
        self._kept = 1
        self._begun = begun  # a container to read first, which stands where it begins
        self._opened = ExitStack()
        self._frames: Iterator[Any] = iter(())
        self._container: Any = None
        self._stream: Any = None
        self._next = -1  # the picture that the decoder gives next; -1 where it has not begun
        self._named = ""  # the decoder
        self._lost = False  # whether it has still to come to a picture that leans on no other
        self._sought = False  # whether it began elsewhere than at the file's beginning
        self._back = 0  # how many keys before the wanted one this file must be sought
        self._last = -1
        self._process = os.getpid()
        self.orientation = 0
        """What EXIF in the first picture of a film of JPEGs says, 1 to 8; 0 of other films."""

    def frames(self, wanted: Sequence[int]) -> Iterator[tuple[int, Any]]:
        """The pictures of ascending places, as PyAV has them. Raises FileProblem."""
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

    def first(self) -> tuple[int, Any]:
        """The first picture that can be decoded, and its place. Raises FileProblem.

        Only what is shown before the first key may be missing, and what a file that begins inside a
        group of pictures has lost.
        """
        if self._index.headless and not len(self._index.keys):
            raise FileProblem(
                self._expected,
                f"{self._path}, which begins inside a group of pictures and holds no picture from "
                "which decoding can start",
                "Cut the recording at a key frame.",
            )
        self._go_to(0)
        latest = max(self._index.lead, int(self._index.shows[0]))
        with decoding(self._path, self._expected):
            for frame in self._frames:
                place = self._arrived(frame)
                if place >= 0 and (self._index.headless or place <= latest):
                    return place, frame
                if place >= 0:
                    break
        self.close()
        raise self._damaged(0)

    @property
    def stream(self) -> Any:
        """The track that is read, while it is open."""
        return self._stream

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
        for start in self._starts(index):
            if start != self._next:
                self._go_to(start)
            frame = self._forward(index, backwards)
            if frame is not None:
                return frame
            if not self._sought:
                break
        self.close()
        raise self._damaged(index)

    def _starts(self, index: int) -> Iterator[int]:
        """Where to begin, the best place first: where the decoder stands, keys, the beginning."""
        seeks = self._named_by_time and self._back < _SEEKS
        best = self._index.key_before(index, self._back) if seeks else 0
        if best <= self._next <= index:
            yield self._next
        elif seeks:
            for back in range(self._back, _SEEKS):
                start = self._index.key_before(index, back)
                if start == 0:
                    break
                yield start
                self._back = back + 1
        yield 0

    def _forward(self, index: int, backwards: bool) -> Any:
        """Decode up to a picture; None where it does not come this way. Raises FileProblem."""
        try:
            with decoding(self._path, self._expected):
                for frame in self._frames:
                    place = self._arrived(frame)
                    if place < 0:
                        if self._sought and self._is_beyond(frame, index):
                            return None
                        continue
                    if frame.is_corrupt:
                        raise self._damaged(place)
                    self._remember(place, frame, backwards)
                    if place == index:
                        return frame
                    if place > index:
                        return None
        except FileProblem:
            if not self._sought:
                self.close()
                raise
        return None

    def _arrived(self, frame: Any) -> int:
        """The place of a picture that the decoder gave; -1 where it is none, or not to trust."""
        place = self._place_of(frame.pts) if self._named_by_time else max(self._next, 0)
        if self._sought and self._marks and frame.pts not in self._met:
            return -1
        if place < 0 or (self._lost and not self._can_begin(place)):
            return -1
        self._lost = False
        self._next = place + 1
        return place

    def _place_of(self, stamp: int | None) -> int:
        """The place of the picture that is shown at a tick; -1 where none is."""
        if stamp is None:
            return -1
        place = int(self._index.stamps.searchsorted(stamp))
        there = place < len(self._index.stamps) and int(self._index.stamps[place]) == stamp
        return place if there else -1

    def _can_begin(self, place: int) -> bool:
        """Whether a picture leans on nothing that was not decoded."""
        if place in self._keys:
            return True
        # These decoders hold pictures back until all that they lean on was renewed bit by bit.
        return not self._sought and self._named in _RENEWED and place >= self._index.lead

    def _is_beyond(self, frame: Any, index: int) -> bool:
        return frame.pts is not None and bool(frame.pts > self._index.stamps[index])

    def _go_to(self, key: int) -> None:
        """Let the decoder begin at a picture from which it can."""
        if self._container is None or key == 0 or not self._named_by_time:
            self._reopen()
            self._lost = self._index.headless
        if key == 0 or not self._named_by_time:
            self._sought, self._next = False, 0
            return
        self._sought = self._lost = True
        self._met = set()
        self._next = key
        with decoding(self._path, self._expected):
            stamp = int(self._index.stamps[key])
            self._container.seek(stamp, stream=self._stream, backward=True)
        self._frames = self._given()

    def _given(self) -> Iterator[Any]:
        """What the decoder gives for packet after packet; those without bytes repeat a picture."""
        failures = load_av().error.FFmpegError
        for packet in self._container.demux(self._stream):
            if packet.size == 0:
                continue
            if self._named in _CONCEALING and not self.orientation:
                header = read_header(bytes(packet))
                self.orientation = header.orientation if header else 1
            if self._sought and self._marks and self._marks.get(packet.pts) == crc32(packet):
                self._met.add(packet.pts)
            try:
                frames = packet.decode()
            except failures:
                if not self._lost:
                    raise
                continue
            yield from frames
        yield from self._stream.decode(None)

    def _reopen(self) -> None:
        self.close()
        if self._begun is not None:
            self._container = self._begun.container
            self._opened.enter_context(self._begun.kept())
            self._begun = None
        else:
            opened = open_container(self._path, self._expected)
            self._container = self._opened.enter_context(opened)
        self._stream = pick(self._path, self._container, "video", self._number)
        self._named = self._stream.codec_context.name
        if self._named in _CONCEALING:
            self._stream.codec_context.options = {"err_detect": "explode"}
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.thread_count = limited(THREADS)
        self._frames = self._given()

    def _remember(self, place: int, frame: Any, backwards: bool) -> None:
        self._recent[place] = frame
        if backwards and self._kept == 1:
            size = frame.width * frame.height * max(1, frame.format.padded_bits_per_pixel // 8)
            self._kept = max(1, BEHIND // size)
        while len(self._recent) > self._kept:
            self._recent.popitem(last=False)

    def _damaged(self, place: int) -> FileProblem:
        count = len(self._index.stamps) or len(self._index.shows)
        return FileProblem(
            self._expected,
            f"{self._path}, which is damaged: frame {place} of {count} cannot be decoded",
        )
