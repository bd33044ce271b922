"""Keypoints: named pixels; under a mirror, left and right names trade places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, Size
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.rows import Bools, Numbers, spread
from syncaug.modalities.annotations.whole_numbers import in_whole_numbers
from syncaug.modalities.carrier import Carrier, plural_key
from syncaug.modalities.own_form import listed
from syncaug.modalities.pairs import joined, note_mix
from syncaug.modalities.plane.geometry import GeometryCarrier
from syncaug.modalities.plane.keypoint_admission import held_in_picture, read_points
from syncaug.modalities.plane.keypoint_rules import KeypointRules
from syncaug.modalities.plane.keypoint_table import (
    PointTable,
    both,
    moved,
    reordered,
    shifted,
    unseen,
    warped,
    within,
)
from syncaug.plan.plan import Stream

__all__ = ["KeypointsCarrier"]

_HALF = 0.5
_TO_EDGE = 0.5
"""Pixels from the centre of the first pixel to the picture's edge."""
_HIDDEN = 1.0
"""COCO's visibility of a point that is labelled and covered."""


class KeypointsCarrier(GeometryCarrier):
    """An array (K, 2), (K, 3), (N, K, 2) or (N, K, 3) of x, y and perhaps visibility, in pixels.

    `names:` as a list fixes the order of K: a mirror swaps rows so that row `left_eye` holds what
    is now the left eye, and a point out of the picture keeps its row with visibility 0. `labels:`
    names parallel lists for a (K, 2|3) array: a mirror renames, and what is gone goes with its
    entries. Visibility is COCO's: 2 seen, 1 labelled but `hidden`, which is what is covered becomes
    while its place is in the picture, 0 not in it. A row 0, 0, 0 was never labelled and stays so.
    `came` are the numbers as they came, `silent` whether unlabelled points are gone as well.
    `lasting` are the rows that live although no point of theirs is seen: none ever was.
    """

    __slots__ = ("came", "lasting", "lists", "mirrored", "silent", "table")
    rules: KeypointRules
    table: PointTable

    @classmethod
    def rules_of(cls, stream: Stream) -> KeypointRules:
        return KeypointRules.of(stream)

    def read(self, value: Any) -> Any:
        self.pending = None
        self.size = (0, 0)
        self.mirrored = self.silent = False
        self.came, self.table = read_points(value, self)
        if self.rules.edge:
            self.table = shifted(self.table, -_TO_EDGE)
        self.lists = ParallelLists.beside(self, len(self.came), self.rules.lists)
        return value

    def start(self, size: Size) -> None:
        """Hold the visible points against their picture, as `outside:` says."""
        self.size = size
        self.table = held_in_picture(self.table, size, self)
        self.lasting = self.table.unlabelled
        if self._fixed and self.rules.rowed:
            self.lasting = ~np.any(self.came[..., 2] > 0.0, axis=-1)

    # What is known of the points

    @property
    def pixels(self) -> NDArray[np.float64]:
        """x and y (M, 2) of all points, body by body."""
        return self.table.pixels

    @property
    def visible(self) -> NDArray[np.bool_]:
        """Which points (M,) are labelled and in the picture."""
        return self.table.visible

    @property
    def extents(self) -> NDArray[np.float64]:
        """Left, top, right and bottom (N, 4) around the visible points of each row; else NaN."""
        seen = self.table.visible.reshape(self._by_row)[..., None]
        places = self.table.pixels.reshape(*self._by_row, 2)
        low = np.where(seen, places, np.inf).min(axis=1)
        out = np.hstack([low, np.where(seen, places, -np.inf).max(axis=1)])
        out[~np.isfinite(out).all(axis=1)] = np.nan
        return out

    @property
    def names(self) -> tuple[str, ...]:
        """The declared names of a body's points."""
        return self.rules.names

    @property
    def labels(self) -> Any:
        """The list that names the points, if there is one."""
        return self.lists.names

    @property
    def _fixed(self) -> bool:
        """Whether every row has its place, and stays in it though its point has left."""
        return bool(self.rules.names) or self.came.ndim == 3

    # Maps

    def settle(self) -> None:
        if self.pending is None:
            return
        plane, self.pending = self.pending, None
        self.size = plane.size
        if self.lists.tell_places and not plane.is_identity:
            self.lists.suspect_places(self, turned=True)
        self.table = moved(self.table, plane, closed=self.rules.edge)
        self.mirrored ^= plane.mirrors

    def field(self, field: FieldMap) -> None:
        self.settle()
        self.size = field.size
        self.table = warped(self.table, field)

    def occlude(self, occlusion: Occlusion) -> None:
        """Points that are covered are hidden; without a column to say so they are gone."""
        self.settle()
        covered = occlusion.covers(self.table.pixels)
        if self.came.shape[-1] == 3:
            self.table = self.table._replace(hidden=self.table.hidden | covered)
        else:
            self.table = unseen(self.table, covered)

    def drop(self, drop: Drop) -> None:
        """No point is visible."""
        self.settle()
        self.silent = True
        if self.rules.rowed:
            return  # its rows live on, and hold nothing
        self.table = unseen(self.table, self.table.visible)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what the window covers, and take in the partner's points that are seen in it.

        Points in rows of fixed places belong to one body each: bodies join as wholes, and where
        there is only one, in (K, 3), it stays and the partner's does not join. A blend takes the
        points of the larger share.
        """
        assert isinstance(partner, KeypointsCarrier)
        note_mix(self.notes, mix)
        if self.rules.rowed:
            self._join_rows(mix, partner)
            return
        if mix.kind != "region":
            if mix.weight > _HALF:
                self._become(self._in_own_form(partner.finish()))
            return
        own = self._cut(mix, inside=False)
        other = self._in_own_form(partner._cut(mix, inside=True))
        name = self.stream.name
        if self.rules.names and self.came.ndim == 2:
            self._become(own)
            return
        if np.shape(own[name])[1:] != np.shape(other[name])[1:] and len(other[name]):
            raise RefusalError(
                name,
                f"the partner's keypoints have the shape {np.shape(other[name])}, "
                f"these {np.shape(own[name])}",
            )
        keys = (name, *self.rules.lists.keys)
        self._become({key: joined(own[key], other[key]) for key in keys})

    def _in_own_form(self, theirs: Mapping[str, Any]) -> dict[str, Any]:
        """A partner's points and lists in the type and the dtype of these."""
        name, last = self.stream.name, self.came.shape[-2:] if self._fixed else self.came.shape[-1:]
        points = np.asarray(theirs[name], np.float64)
        points = points if len(points) else np.zeros((0, *last))
        lists = {key: joined(own[:0], theirs[key]) for key, own in self.lists.lists.items()}
        return {**lists, name: self._in_form(points)}

    def _cut(self, mix: Mix, *, inside: bool) -> dict[str, Any]:
        """What comes out with only the points inside, or outside, of the window visible."""
        table = unseen(self.table, within(self.table, mix.window) != inside)
        out = self._out(table, silent=self.silent or inside)  # what is not labelled does not join
        points = out[self.stream.name]
        if inside and np.ndim(points) == 3:
            bodies = np.flatnonzero(table.visible.reshape(np.shape(points)[:2]).any(axis=1))
            out[self.stream.name] = plural_key(points, bodies)
            out.update(self.lists.taken(bodies).lists)
        return out

    # Rows of a group

    def row_count(self) -> int:
        return len(self.came)

    def alive_rows(self) -> Bools:
        seen: Bools = self.table.visible.reshape(self._by_row).any(axis=1) | self.lasting
        return seen

    def add_rows(self, partner: Carrier) -> None:
        assert isinstance(partner, KeypointsCarrier)
        partner.settle()
        gone = np.ones(len(partner.table.visible), bool)
        self._join(unseen(partner.table, gone), np.zeros(len(partner.came), bool), partner)

    def _join_rows(self, mix: Mix, partner: KeypointsCarrier) -> None:
        """Take in all rows of the partner's: in a blend as they are, in a window what it shows."""
        if mix.kind != "region":
            self._join(partner.table, partner.lasting, partner)
            return
        self.table = unseen(self.table, within(self.table, mix.window))
        shown = unseen(partner.table, ~within(partner.table, mix.window))
        self._join(shown, np.zeros(len(partner.came), bool), partner)

    def _join(self, theirs: PointTable, lasting: Bools, partner: KeypointsCarrier) -> None:
        """Count the partner's rows behind the own ones, with what is seen of their points."""
        if not len(partner.came):
            return
        if not len(self.came) and self.came.shape[1:] != partner.came.shape[1:]:
            self.came = np.zeros((0, *partner.came.shape[1:]))
        if self.came.shape[1:] != partner.came.shape[1:]:
            raise RefusalError(
                self.stream.name,
                f"the partner's keypoints have the shape {partner.came.shape}, "
                f"these {self.came.shape}",
            )
        self._turn_over()
        self.came = np.concatenate([self.came, partner.came])
        self.table = both(self.table, theirs)
        self.lasting = np.concatenate([self.lasting, lasting])
        self.lists = self.lists.joined(partner.lists)

    def _turn_over(self) -> None:
        """Let rows and names of the other side trade places now, as a mirror has asked."""
        if not self.mirrored:
            return
        self.mirrored = False
        order = self.rules.mirrored_order
        if self._fixed:
            if order:
                self.came = self.came.take(order, axis=-2)
                self.table = reordered(self.table, order)
        else:
            self.lists = self.lists.mirrored(self.rules.sides)

    @property
    def _by_row(self) -> tuple[int, int]:
        return len(self.came), self.came.shape[1] if self._fixed else 1

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        self.settle()
        self._turn_over()
        alive = self.table.visible if not self.silent else np.zeros_like(self.table.visible)
        points = self._numbers(self.table._replace(visible=alive)).reshape(self.came.shape)[kept]
        lists = self.lists.taken(kept).lists
        if self.came.shape[-1] == 3:
            return {**lists, self.stream.name: self._in_form(points)}
        seen = alive[kept]
        rows = spread(self._in_form(points[seen]), seen, self)
        return {**lists, self.stream.name: rows}

    def _become(self, entries: Mapping[str, Any]) -> None:
        """Go on with other points as if they had come so."""
        size = self.size
        self.sample = {**self.sample, **entries}
        self.data = self.read(self.sample[self.stream.name])
        self.start(size)

    # The way out

    def finish(self) -> dict[str, Any]:
        self.settle()
        return self._out(self.table, silent=self.silent)

    def _out(self, table: PointTable, *, silent: bool) -> dict[str, Any]:
        """The stream's entry and those of its lists, for what a table knows of the points."""
        name, shape, rules = self.stream.name, self.came.shape, self.rules
        if not self.came.size:
            return {name: self.data, **self.lists.lists}
        points = self._numbers(table)
        if self._fixed:
            points = points.reshape(shape)
            if self.mirrored and rules.mirrored_order:
                points = points.take(rules.mirrored_order, axis=-2)
            return {**self.lists.lists, name: self._in_form(points)}
        stays = table.visible if silent else table.visible | table.unlabelled
        kept = stays.nonzero()[0]
        if len(kept) < len(stays):
            points = points[kept]
            self.notes["dropped"] = (~stays).nonzero()[0].tolist()
        lists = self.lists.taken(kept)
        if self.mirrored:
            lists = lists.mirrored(rules.sides)
        return {**lists.lists, name: self._in_form(points)}

    def _numbers(self, table: PointTable) -> NDArray[np.float64]:
        """All points (M, 2|3) where a table has them, with the visibility that it says."""
        points: NDArray[np.float64] = self.came.reshape(-1, self.came.shape[-1]).copy()
        pixels = (shifted(table, _TO_EDGE) if self.rules.edge else table).pixels
        if np.count_nonzero(table.unlabelled):  # which stay as they came
            pixels = np.where(table.unlabelled[:, None], points[:, :2], pixels)
        points[:, :2] = pixels
        if points.shape[1] == 3:
            if np.count_nonzero(table.hidden):
                points[table.hidden, 2] = np.minimum(points[table.hidden, 2], _HIDDEN)
            if np.count_nonzero(table.visible) < len(points):
                points[~table.visible, 2] = 0.0
        return points

    def _in_form(self, points: NDArray[np.float64]) -> Any:
        like = self.data
        if not isinstance(like, np.ndarray):
            return listed(points, like)
        if like.dtype.kind in "iu":
            return in_whole_numbers(np.rint(points), like.dtype, self)
        return points.astype(like.dtype)
