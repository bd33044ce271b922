"""Annotations frame by frame: what marks one picture, once for each frame of a film.

Each frame has a carrier of its own, of the modality's own class, which meets what the plane meets.
Time chooses frames: those that the film on the same clock shows, one for one, by the film's own
choice. Without a film the annotations are chosen by the same rule, at their own rate.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import end_of, regular_times
from syncaug.clips.frame_time import NOTHING, retimed
from syncaug.errors import RefusalError, SampleError
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.mix import Mix
from syncaug.maps.plane import Size
from syncaug.maps.time import TimeMap
from syncaug.modalities.annotations.rows import Bools, Numbers, RowCarrier, require_ids
from syncaug.modalities.carrier import Carrier, Lane
from syncaug.modalities.clock.frame_forms import framed, in_form, lists_beside, read_frames
from syncaug.modalities.clock.video import VideoCarrier
from syncaug.modalities.pairs import note_mix
from syncaug.plan.plan import Stream

__all__ = ["FramesCarrier", "frames_lane"]

_SETTLED = "settled"
_TIMED = ("clock", "offset", "fps", "ids")
"""Options that are those of the film, or of all frames together."""


@dataclass(frozen=True, slots=True)
class FrameRules:
    """`inner` is the lane of one frame's annotations; `fps` is 0 where the film says it."""

    inner: Lane
    fps: float
    offset: float


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds from which frames are shown, and at which the last one ends."""

    times: NDArray[np.float64]
    duration: float

    def __len__(self) -> int:
        return len(self.times)


def frames_lane(stream: Stream, own: type[Carrier]) -> Lane:
    """The lane of a stream of annotations of class `own`, one for each frame of a film."""
    keys = stream.parallel_keys
    options = {key: value for key, value in stream.options.items() if key not in _TIMED}
    if keys:
        options["labels"] = list(keys)
    spaces = {kind: name for kind, name in stream.spaces.items() if kind != "clock"}
    inner = own.lane(Stream(stream.name, stream.modality, spaces, options))
    rate, offset = stream.options.get("fps", 0.0), stream.options.get("offset", 0.0)
    rules = FrameRules(inner, float(rate), float(offset))
    kinds = set(inner.meetings) - {"time", "blank"}
    meetings = {kind: _recorded(kind) for kind in kinds}
    meetings |= {"time": FramesCarrier.time, "blank": FramesCarrier.blank}
    meetings |= {"drop": FramesCarrier.leave_out, "cut": FramesCarrier.cut_off}
    return Lane(stream, FramesCarrier, rules, keys, meetings)


def _recorded(kind: str) -> Callable[..., None]:
    def meet(self: FramesCarrier, map_: Any) -> None:
        self.events.append((kind, map_))

    return meet


class FramesCarrier(Carrier):
    """Annotations of T frames: a sequence, or a mapping with "frames" and "fps" or "timestamps".

    `inner` are the carriers of the frames that came, `met` how many of `events` each has met, and
    `frames` for each frame of the result which of them it shows, or NOTHING. `heeded` are the
    choices of the film that are in it already.
    """

    __slots__ = (
        *("events", "film", "fps", "frames", "heeded", "inner", "met", "origin", "pending"),
        *("size", "times", "value"),
    )
    needs_size: ClassVar[bool] = True
    rules: FrameRules

    def read(self, value: Any) -> Any:
        self.value = read_frames(value, self)
        lists = lists_beside(self, len(self.value.frames))
        self._require_ids(lists)
        self.events: list[tuple[str, Any]] = []
        self.pending: TimeMap | None = None
        self.film: VideoCarrier | None = None
        self.heeded = 0
        self.fps, self.times = self._own_times()
        self._begin(self.value.frames, lists)
        return value

    def _require_ids(self, lists: Mapping[str, Sequence[Any]]) -> None:
        """Raise SampleError where two rows of one frame have the same identity."""
        key = self.stream.ids
        for index, ids in enumerate(lists.get(key, ())):
            try:
                require_ids(key, ids)
            except SampleError as error:
                raise _in_frame(error, index) from error

    def _begin(self, frames: Sequence[Any], lists: Mapping[str, Sequence[Any]]) -> None:
        """Let there be a carrier for each of some frames. Raises SampleError, with the frame."""
        self.origin = frames[0], {key: each[0] for key, each in lists.items()}
        self.size: Size | None = None
        self.inner = [
            self._carrier(index, frame, {key: each[index] for key, each in lists.items()})
            for index, frame in enumerate(frames)
        ]
        self.met = [0] * len(self.inner)
        self.frames: NDArray[np.int64] = np.arange(len(self.inner))

    def _carrier(self, index: int, frame: Any, lists: Mapping[str, Any]) -> Carrier:
        lane = self.rules.inner
        try:
            return lane.kind(lane, {self.stream.name: frame, **lists}, self.suspicions)
        except SampleError as error:
            raise _in_frame(error, index) from error

    def _own_times(self) -> tuple[float, Times | None]:
        """The rate (0 where it varies) and the times that the sample or the stream states."""
        count = len(self.value.frames)
        if self.value.stamps is not None:
            stamps = self.value.stamps
            return 0.0, Times(stamps, self.value.duration or end_of(stamps))
        rate = self.value.fps or self.rules.fps
        return (rate, Times(regular_times(count, rate), count / rate)) if rate else (0.0, None)

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        """Learn the picture's size, and find the film whose frames these are."""
        self._sized(size)
        self._agree(carriers)
        films = [
            carrier
            for carrier in carriers.values()
            if isinstance(carrier, VideoCarrier)
            and carrier.stream.spaces["clock"] == self.stream.spaces["clock"]
        ]
        films.sort(key=lambda film: film.stream.spaces["plane"] != self.stream.spaces["plane"])
        film = films[0] if films else None
        if film is not None and self.times is not None:
            same_rate = bool(self.fps) and abs(self.fps - film.fps) < 1e-6 * self.fps
            if not same_rate and len(film.came) != len(self.inner):
                film = None  # annotations at a rate of their own
        if film is None and self.times is None:
            raise self.fail(
                "a film on the same clock, or a rate",
                "neither",
                'Declare fps:, or give {"frames", "fps" or "timestamps"}.',
            )
        if film is not None and len(film.came) != len(self.inner):
            raise self.fail(
                f"{len(film.came)} frames, as many as {film.stream.name!r} has",
                f"{len(self.inner)}",
                "Give an entry for each frame, an empty one where there is nothing; or declare "
                "fps: where the annotations have a rate of their own.",
            )
        self.film = film

    def _sized(self, size: Size | None) -> None:
        """Let all frames hold their annotations against a picture of that size."""
        self.size = size
        for index, inner in enumerate(self.inner):
            try:
                inner.connect({}, size)
            except SampleError as error:
                raise _in_frame(error, index) from error

    def _agree(self, carriers: Mapping[str, Carrier]) -> None:
        """Raise SampleError unless all of a group have as many rows in each frame."""
        for other in carriers.values():
            if (
                self.stream.rows
                and isinstance(other, FramesCarrier)
                and other.stream.rows == self.stream.rows
            ):
                counts = [[len(frame) for frame in one.value.frames] for one in (self, other)]
                for index, (own, theirs) in enumerate(zip(*counts, strict=False)):
                    if own != theirs:
                        raise self.fail(
                            f"{theirs} rows in frame {index}, as many as {other.stream.name!r} has",
                            f"{own}",
                        )

    # What its space asks

    def picture_size(self) -> Size | None:
        size = self.inner[0].picture_size()
        for kind, map_ in self.events[self.met[0] :]:
            size = map_.size if kind in ("plane", "field", "lens") else size
        return size

    def clock_duration(self) -> float | None:
        if self.pending is not None:
            return self.pending.duration
        return None if self.times is None else self.times.duration

    def side_names(self) -> Iterator[str]:
        return (name for inner in self.inner for name in inner.side_names())

    # Maps

    def time(self, time: TimeMap) -> None:
        """The film says which frames are shown; without one they are chosen here."""
        if self.film is None:
            own = time.seen_from(self.rules.offset)
            self.pending = own if self.pending is None else self.pending.then(own)

    def blank(self, blank: Blank) -> None:
        """Nothing is marked on frames that show nothing."""
        if self.film is None:
            offset = self.rules.offset
            spans = [(start - offset, stop - offset) for start, stop in blank.spans]
            own = TimeMap.blanking(spans, self.clock_duration() or 0.0)
            self.pending = own if self.pending is None else self.pending.then(own)

    def drop(self, drop: Drop) -> None:
        self.events.append(("drop", drop))

    def cut(self) -> None:
        self.events.append(("cut", None))

    def settle(self) -> None:
        """Let what comes meet what is carried out, as a single picture's annotations do."""
        self._choose()
        self.events.append((_SETTLED, None))

    def _choose(self) -> None:
        """Take in the frames that time has chosen since it was asked last."""
        if self.film is not None:
            self.film.settle()
            for choice in self.film.choices[self.heeded :]:
                self._take(choice)
            self.heeded = len(self.film.choices)
        elif self.pending is not None:
            time, self.pending = self.pending, None
            assert self.times is not None
            if not time.is_identity:
                chosen = retimed(self.times, self.fps, time)
                self.times = Times(chosen.times, chosen.duration)
                self._take(chosen.frames)

    def _take(self, choice: NDArray[np.int64]) -> None:
        self.frames = np.where(choice == NOTHING, NOTHING, self.frames[choice])

    def brought(self, index: int) -> Carrier:
        """The carrier of a frame that came, after all that its plane has met."""
        inner = self._met(self.inner[index], self.met[index])
        self.met[index] = len(self.events)
        return inner

    def _met(self, inner: Carrier, begin: int) -> Carrier:
        """A frame's carrier after it has met the events from one on."""
        for kind, map_ in self.events[begin:]:
            inner.step = self.step
            if kind == _SETTLED:
                inner.settle()
            else:
                inner.meets[kind](inner, map_)
        return inner

    def shown(self) -> Iterator[tuple[int, Carrier]]:
        """Frames of the result, each with the carrier of what is marked on it."""
        self._choose()
        for place, index in enumerate(self.frames.tolist()):
            if index != NOTHING:
                yield place, self.brought(index)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Mix frame by frame, with those of the partner's frames that the film shows there."""
        assert isinstance(partner, FramesCarrier)
        if self.stream.rows:
            self.add_rows(partner)
        own, theirs = self._carried(), partner._carried()
        clock, other = self._frame_times(), partner._frame_times()
        middles = (clock.times + np.append(clock.times[1:], clock.duration)) / 2
        rows = np.searchsorted(other.times, middles + 1e-9, side="right") - 1
        rows = np.clip(rows, 0, len(other) - 1)
        size, name = self.picture_size(), self.stream.name
        if not len(own) or not len(theirs):
            raise RefusalError(name, "the time that is left has none of its frames")
        for key in own[0].keys() - theirs[0].keys():
            raise RefusalError(name, f"the partner has no {key!r}")
        frames, lists = _apart(own, name)
        self._begin(frames, lists)
        self._sized(size)
        self.events = []
        for index, row in enumerate(rows.tolist()):
            entries = theirs[row]
            beside = {key: each for key, each in entries.items() if key != name}
            came = partner._carrier(row, entries[name], beside)
            came.connect({}, size)
            self.inner[index].mix(mix, came)
        note_mix(self.notes, mix)

    def _frame_times(self) -> Times:
        if self.film is not None:
            return Times(self.film.data.times, self.film.data.duration)
        assert self.times is not None
        return self.times

    # And back

    def _carried(self, kept: Numbers | None = None) -> list[dict[str, Any]]:
        """What each frame of the result has: the annotations, and the lists beside them.

        `kept` are the rows of all frames together that a group keeps.
        """
        self._choose()
        begins = np.concatenate([[0], np.cumsum(self._counts())]) if kept is not None else None
        done: dict[int, dict[str, Any]] = {}
        out = []
        for index in self.frames.tolist():
            if index in done:  # a frame that is shown twice has entries of its own
                out.append(copy.deepcopy(done[index]))
                continue
            inner = self._nothing() if index == NOTHING else self.brought(index)
            if kept is None or begins is None:
                done[index] = inner.finish()
            else:
                low, high = begins[index : index + 2] if index != NOTHING else (0, 0)
                rows = kept[(kept >= low) & (kept < high)] - low
                done[index] = cast("RowCarrier", inner).give_rows(rows)
            out.append(done[index])
        return out

    def _nothing(self) -> Carrier:
        """The carrier of a frame that shows nothing: as the first, with all dropped."""
        frame, lists = self.origin
        inner = self._carrier(0, frame, lists)
        inner.connect({}, self.size)
        self._met(inner, 0).drop(Drop())
        return inner

    def finish(self) -> dict[str, Any]:
        return self._out(self._carried())

    def _out(self, carried: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        name = self.stream.name
        frames, lists = _apart(carried, name)
        out = {key: framed(each, self.sample[key], self) for key, each in lists.items()}
        now = self._frame_times()
        was = self.times or (now if self.film is None else self.film.came)
        out[name] = in_form(frames, self.value, now.times, (was.duration, now.duration), self)
        return out

    # Rows of a group: those of all frames that came, one frame after the other

    def _counts(self) -> list[int]:
        return [cast("RowCarrier", inner).row_count() for inner in self.inner]

    def row_count(self) -> int:
        return sum(self._counts())

    def alive_rows(self) -> Bools:
        alive = []
        for index in range(len(self.inner)):
            inner = self.brought(index)
            inner.settle()
            alive.append(cast("RowCarrier", inner).alive_rows())
        return np.concatenate(alive)

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        return self._out(self._carried(kept))

    def add_rows(self, partner: Carrier) -> None:
        raise RefusalError(self.stream.name, "rows of films, frame by frame, are not mixed")


def _apart(
    carried: Sequence[Mapping[str, Any]], name: str
) -> tuple[list[Any], dict[str, list[Any]]]:
    """The annotations of all frames, and the lists beside them by their keys."""
    keys = [key for key in carried[0] if key != name] if carried else []
    return [each[name] for each in carried], {key: [each[key] for each in carried] for key in keys}


def _in_frame(error: SampleError, index: int) -> SampleError:
    """The same error, which says in which frame it is."""
    came = f"{error.came} (in frame {index})"
    return SampleError(error.stream, expected=error.expected, came=came, hint=error.hint)
