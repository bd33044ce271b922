"""Places that a text writes, carried by the maps of its picture and written again as they came.

What becomes of a box is what becomes of one in a boxes stream (`box_views`), and of a point what
becomes of one in a keypoints stream: boxes count from the picture's edge, points in pixels from the
centres of pixels. Numbers keep the unit and the order in which they stand, and are as exact as the
most exact of their unit in the text: 0.5 beside 0.2581 stands for 0.5000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError, SampleError
from syncaug.kernels import polygon
from syncaug.kernels.field_lookup import follow_field
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.modalities.plane.box_shapes import sampled
from syncaug.modalities.plane.box_views import seen_under
from syncaug.words import Edit
from syncaug.words.coordinates import Coordinates, find_coordinates
from syncaug.words.json_texts import Item, items_of, without_items
from syncaug.words.places import Number, Place

__all__ = ["UNITS", "Move", "PlaceRules", "moved_numbers", "place_edits", "unread"]

UNITS = {"pixels": 0.0, "per_mille": 1000.0, "percent": 100.0, "fraction": 1.0}
"""What a whole width is in each unit; 0 where it is the picture's own."""

_FRACTION = "fraction"
_OF_FRACTIONS = 2
"""Decimals of fractions, of which one alone would be a tenth of the picture."""
Move = PlaneMap | FieldMap | None
"""A map on the way of a picture; None where everything was carried out before the next one."""
_Moved = PlaneMap | FieldMap
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """What the numbers of a stream's texts mean where they do not say it themselves.

    `unit` is one of `UNITS`, `order` is `xyxy`, `yxyx` or `xywh`. Places of which the picture shows
    nothing any more refuse the draw, or are dropped with their JSON objects (`gone`).
    """

    unit: str
    order: str = "xyxy"
    gone: str = "refuse"


def unread(text: str, places: Sequence[Place]) -> list[Coordinates]:
    """What of a text looks like coordinates and is none of its places."""
    return [
        found
        for found in find_coordinates(text)
        if not any(
            place.start < found.start + len(found.text) and found.start < place.end
            for place in places
        )
    ]


def place_edits(
    text: str,
    places: Sequence[Place],
    moves: Sequence[Move],
    rules: PlaceRules,
    stream: str,
    *,
    beside: Sequence[Place] = (),
) -> list[Edit]:
    """The edits after which the places of a text are true again in a picture that moved.

    Its numbers are as exact as those of the places `beside` them. Raises SampleError where the
    numbers cannot be places of the picture, and RefusalError where the picture does not show a
    place any more that cannot be left out.
    """
    met = _composed(moves)
    if not met or not places:
        return []
    edits: list[Edit] = []
    gone: list[Place] = []
    decimals = _decimals_in([*places, *beside], rules)
    for place in places:
        reading = _Reading(place, rules, met[0].source, stream)
        moved = reading.shape(met)
        if moved is None:
            gone.append(place)
        else:
            edits += reading.written(moved, met[-1].size, decimals[reading.unit])
    if not gone:
        return edits
    left_out = _left_out(text, gone, rules, stream)
    kept = [
        edit
        for edit in edits
        if not any(start <= edit.start and edit.end <= end for start, end in left_out)
    ]
    return [*kept, *(Edit(start, end, "") for start, end in left_out)]


def moved_numbers(
    values: Sequence[float], moves: Sequence[Move], rules: PlaceRules, stream: str
) -> list[float] | None:
    """A box (four numbers) or a point (two) after some maps; None where nothing of it is seen.

    Whole numbers stay whole. Raises SampleError where the numbers are no place of the picture.
    """
    met = _composed(moves)
    if not met:
        return list(values)
    numbers = tuple(Number(0, 0, repr(value)) for value in values)
    place = Place("numbers", "box" if len(values) == 4 else "point", 0, 0, numbers)
    reading = _Reading(place, rules, met[0].source, stream)
    points = reading.shape(met)
    if points is None:
        return None
    whole = all(isinstance(value, int) for value in values) and reading.unit != _FRACTION
    found = reading.numbers(points, met[-1].size, whole=whole)
    return [round(value) for value in found] if whole else found


def _composed(moves: Sequence[Move]) -> list[_Moved]:
    """Neighbouring plane maps as one; nothing where all of them together move nothing."""
    out: list[PlaneMap | FieldMap] = []
    apart = True
    for move in moves:
        if move is None:
            apart = True
            continue
        last = out[-1] if out else None
        if isinstance(move, PlaneMap) and isinstance(last, PlaneMap) and not apart:
            out[-1] = last.then(move)
        else:
            out.append(move)
        apart = False
    return [] if all(isinstance(each, PlaneMap) and each.is_identity for each in out) else out


def _left_out(
    text: str, gone: Sequence[Place], rules: PlaceRules, stream: str
) -> list[tuple[int, int]]:
    """The stretches of the JSON objects that hold places which are gone."""
    items: list[Item] = []
    known = items_of(text) if rules.gone == "drop" else []
    for place in gone:
        at = place.numbers[0].start
        around = [item for item in known if item.start < at < item.end]
        if not around:
            raise RefusalError(
                stream,
                f"the picture does not show {text[place.start : place.end][:60]!r} any more"
                + ("" if rules.gone == "drop" else ", and gone: drop is not declared")
                + (", which is no object of a JSON list" if rules.gone == "drop" else ""),
            )
        items.append(max(around, key=lambda item: item.start))
    outer = list(dict.fromkeys(items))
    return _merged(without_items(text, outer))


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches in order, of which none overlaps another."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


class _Reading:
    """One place as points of a picture of some size, and its numbers again."""

    def __init__(self, place: Place, rules: PlaceRules, size: Size, stream: str) -> None:
        self.place, self.stream = place, stream
        self.unit = place.unit or rules.unit
        order = place.order or rules.order
        self.order = order if place.shape == "box" else order.replace("wh", "xy")
        self.values = [number.value for number in place.numbers]
        self.points = self._points(size)

    def _grid(self, size: Size) -> tuple[float, float]:
        """What the whole width and the whole height are in the unit of the numbers."""
        if self.unit == "pixels":
            return float(size[0]), float(size[1])
        whole = UNITS.get(self.unit) or float(self.unit)
        return whole, whole

    def _points(self, size: Size) -> Points:
        """The corners or points (N, 2) in pixels whose centres lie on integers."""
        pairs = np.array(self.values).reshape(-1, 2)
        if self.order == "yxyx":
            pairs = pairs[:, ::-1]
        elif self.order == "xywh":
            pairs = np.array([pairs[0], pairs[0] + pairs[1]])
        across, down = self._grid(size)
        self._check(pairs, across, down, size)
        centred = self.unit == "pixels" and self.place.shape != "box"
        edges: Points = pairs * np.array([size[0] / across, size[1] / down])
        return edges if centred else edges - 0.5

    def _check(self, pairs: Points, across: float, down: float, size: Size) -> None:
        """Raise SampleError where numbers lie out of the picture, or are no corners."""
        slack = 1.0 if self.unit not in ("fraction",) else 0.01
        beyond = (pairs < -slack).any() or (pairs > np.array([across, down]) + slack).any()
        values, texts = self.values, [number.text for number in self.place.numbers]
        tiny = self.unit in ("pixels", "per_mille") and max(values) <= 1.0
        tiny = tiny and any("." in text for text in texts)
        if beyond or tiny:
            where = f"{size[0]}x{size[1]} pixels" if self.unit == "pixels" else "the picture"
            raise SampleError(
                self.stream,
                expected=f"places in {self.unit}, inside {where}"
                if not self.unit.isdigit()
                else f"places on a grid of {self.unit}",
                came=f"{', '.join(texts)}",
                hint="Declare coordinates: pixels, per_mille, percent or fraction as the text has "
                "them, or coordinates: keep if they are none.",
            )
        if self.place.shape == "box" and (pairs[1] < pairs[0]).any():
            raise SampleError(
                self.stream,
                expected=f"a box as {self.order}, its first corner left of and above the second",
                came=f"{', '.join(texts)}",
                hint="Declare order: xyxy, yxyx or xywh as the text writes boxes.",
            )

    def shape(self, moves: Sequence[_Moved]) -> Points | None:
        """Its points after some maps; None where the picture shows nothing of it any more.

        Raises RefusalError where a cut leaves of an outline what is none.
        """
        points: Points | None = self.points
        for move in moves:
            if points is None:
                return None
            if self.place.shape == "box":
                points = _box(points, move)
            elif self.place.shape == "point":
                points = _point(points, move)
            else:
                points = self._outline(points, move)
        return points

    def _outline(self, points: Points, move: _Moved) -> Points | None:
        """An outline, clipped by the picture."""
        if isinstance(move, FieldMap):
            moved = follow_field(move, points)
            return moved if np.isfinite(moved).all() else None
        seen = move.points(points)
        if move.is_affine and not move.cuts:
            clipped = polygon.clipped(seen.tolist(), polygon.edges(move.size))
            if len(clipped) < 3:
                return None
            inside = (seen >= -0.5).all() and (seen <= np.array(move.size) - 0.5).all()
            return seen if inside else np.array(clipped)
        if _all_seen(points, seen, move):
            return seen
        raise RefusalError(
            self.stream, "a cut picture shows a part of an outline that the text writes"
        )

    def written(self, points: Points, size: Size, decimals: tuple[int, int]) -> list[Edit]:
        """The edits that write points of a picture of that size in place of its numbers.

        `decimals` are the fewest and the most of its unit; a place of whole numbers has none.
        """
        numbers = self.place.numbers
        whole = self.unit != _FRACTION and not any(_decimals(number) for number in numbers)
        decimals = (0, 0) if whole else decimals
        values = self.numbers(points, size, whole=whole)
        if len(values) == len(numbers):
            return [
                Edit(number.start, number.end, text)
                for number, value in zip(numbers, values, strict=True)
                if float(text := _text(number, value, decimals)) != number.value
            ]
        return self._rewritten(values)

    def numbers(self, points: Points, size: Size, *, whole: bool) -> list[float]:
        """Points of a picture of that size in the unit and the order of the place."""
        across, down = self._grid(size)
        centred = self.unit == "pixels" and self.place.shape != "box"
        edges = points if centred else points + 0.5
        pairs = edges * np.array([across / size[0], down / size[1]])
        high = np.array([across, down])
        if centred or self.unit.isdigit():
            high = high - 1.0
        if whole or not centred:
            pairs = np.clip(pairs, 0.0, high)
        if whole:
            pairs = _apart(np.rint(pairs), high) if self.place.shape == "box" else np.rint(pairs)
        if self.order == "yxyx":
            pairs = pairs[:, ::-1]
        elif self.order == "xywh":
            pairs = np.array([pairs[0], pairs[1] - pairs[0]])
        return list(pairs.ravel().tolist())

    def _rewritten(self, values: Sequence[float]) -> list[Edit]:
        """An outline with another count of corners cannot keep what stands between its numbers."""
        raise RefusalError(
            self.stream,
            f"the picture cuts an outline of {len(self.place.numbers) // 2} corners, of which "
            f"{len(values) // 2} would be left",
        )


def _apart(pairs: Points, high: Points) -> Points:
    """Whole corners of a box, at least one apart and inside of the grid."""
    for axis in (0, 1):
        if pairs[1, axis] - pairs[0, axis] < 1.0:
            pairs[0, axis] = min(pairs[0, axis], high[axis] - 1.0)
            pairs[1, axis] = pairs[0, axis] + 1.0
    return pairs


def _decimals(number: Number) -> int:
    """How many digits stand behind the point of a number."""
    return len(number.text.partition(".")[2])


def _decimals_in(places: Sequence[Place], rules: PlaceRules) -> dict[str, tuple[int, int]]:
    """For each unit the fewest and the most decimals of its numbers; of fractions two at least."""
    found: dict[str, list[int]] = {}
    for place in places:
        found.setdefault(place.unit or rules.unit, []).extend(map(_decimals, place.numbers))
    least = {unit: _OF_FRACTIONS if unit == _FRACTION else 0 for unit in found}
    return {unit: (min(some), max(least[unit], *some)) for unit, some in found.items()}


def _text(number: Number, value: float, decimals: tuple[int, int]) -> str:
    """A value as numbers beside it are written: with its leading zeros, and none at the end.

    It keeps so many zeros at the end that it has the fewest decimals of them.
    """
    text, (fewest, most) = number.text, decimals
    if not most:
        digits = str(round(value))
        return digits.zfill(len(text)) if text.startswith("0") and len(text) > 1 else digits
    out = f"{value:.{most}f}"
    kept = len(out) - most + fewest
    out = (out[:kept] + out[kept:].rstrip("0")).rstrip(".")
    if out.startswith("-") and float(out) == 0.0:
        out = out[1:]
    return out.lstrip("0") if text.startswith(".") and out.startswith("0.") else out


def _box(points: Points, move: _Moved) -> Points | None:
    """A box (2, 2) under a map, as a boxes stream carries it."""
    corners = points.reshape(1, 4)
    if isinstance(move, FieldMap):
        edges = sampled(corners)
        moved = follow_field(move, edges.reshape(-1, 2))
        moved = moved[np.isfinite(moved).all(axis=1)]
        if not len(moved):
            return None
        limit = np.array(move.size) - 0.5
        out = np.clip(np.array([moved.min(axis=0), moved.max(axis=0)]), -0.5, limit)
        return out if (out[1] > out[0]).all() else None
    seen, share = seen_under(corners, move)
    return seen[0].reshape(2, 2) if share[0] > 0.0 else None


def _point(points: Points, move: _Moved) -> Points | None:
    """A point (1, 2) under a map, as a keypoints stream carries it."""
    if isinstance(move, FieldMap):
        moved = follow_field(move, points)
        return moved if np.isfinite(moved).all() else None
    moved = move.points(points)
    return moved if _all_seen(points, moved, move) else None


def _all_seen(points: Points, moved: Points, move: PlaneMap) -> bool:
    """Whether the picture shows all of some points, in front of its camera."""
    ahead = points @ move.matrix[2, :2] + move.matrix[2, 2] > 0.0
    inside = (moved >= -0.5).all(axis=1) & (moved <= np.array(move.size) - 0.5).all(axis=1)
    return bool((ahead & inside & move.leaves(points)).all())
