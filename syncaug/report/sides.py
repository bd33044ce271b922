"""Sides: a result before and after, and how both become one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from syncaug.engine.choices import Choices
from syncaug.plan.plan import Plan, Stream
from syncaug.report.figures import Figure, Row
from syncaug.report.result import Result

__all__ = ["Sides", "counted", "name_side", "row_of"]


class Sides:
    """Before and after of one result; `after` is empty where the sample was dropped.

    Of texts of which one was chosen, `before` holds this one; `partner` says whose choice it was.
    """

    def __init__(self, result: Result, *, partner: bool = False) -> None:
        self.plan: Plan = result.plan
        choices, draw = Choices(result.plan), result.record.draw
        self.before = choices.made(result.before, draw, partner=partner)
        self.after: Mapping[str, Any] | None = result.after or None
        self.notes = result.record.notes
        self._traded: Mapping[str, str] = result.record.maps.get("traded", {})

    def each(self) -> Iterator[tuple[Mapping[str, Any], bool]]:
        """Each sample that there is, and whether it is the one after."""
        yield self.before, False
        if self.after is not None:
            yield self.after, True

    def streams(self, modality: str, space: str, name: str) -> Iterator[Stream]:
        """The streams of one modality that live in a space and are in the sample.

        Those that stand frame by frame are drawn into their film.
        """
        for stream in self.plan.streams:
            known = stream.modality == modality and not stream.framed
            if known and stream.name in self.before:
                if stream.spaces.get(space) == name:
                    yield stream

    def came_as(self, stream: str) -> str:
        """The stream of the original that a stream shows after; another where a pair traded."""
        return self._traded.get(stream, stream)

    def dropped(self, stream: str) -> Sequence[int]:
        """The rows of `came_as` that a stream has no more after."""
        rows: Sequence[int] = self.notes.get(self.came_as(stream), {}).get("dropped", ())
        return rows

    def kept(self, stream: str, count: int, is_after: bool) -> list[int]:
        """For each box that is there, its number in the original."""
        dropped = set(self.dropped(stream)) if is_after else set()
        return [index for index in range(count + len(dropped)) if index not in dropped][:count]


def row_of(title: str, about: str, shown: Sequence[Figure], *, small: bool = False) -> Row:
    """One or two figures, before and perhaps after, as a row."""
    return Row(title, about, shown[0], shown[1] if len(shown) > 1 else None, small)


def name_side(stream: Stream, is_after: bool) -> str:
    """What a picture is called where it cannot be seen."""
    return f"{stream.name} {'after' if is_after else 'before'}"


def counted(number: int, one: str, several: str) -> str:
    """A number of things, in words: 1 box, 2 boxes."""
    return f"{number} {one if number == 1 else several}"
