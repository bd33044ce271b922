"""Keypoints: named pixels; under a mirror, left and right names trade places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.kernels.field_lookup import follow_field
from syncaug.maps.mask import Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, Size, apply_projective
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.annotations.whole_numbers import in_whole_numbers
from syncaug.modalities.carrier import Carrier, describe, plural_key
from syncaug.modalities.pairs import joined, note_mix
from syncaug.modalities.plane.bounds import beyond, remedy
from syncaug.modalities.plane.geometry import GeometryCarrier
from syncaug.modalities.units import suspect_fractions
from syncaug.words.body_sides import swapped_order

__all__ = ["KeypointsCarrier"]

_HALF = 0.5
_HIDDEN = 1.0
"""COCO's visibility of a point that is labelled and covered."""


class KeypointsCarrier(GeometryCarrier):
    """An array (K, 2), (K, 3), (N, K, 2) or (N, K, 3) of x, y and perhaps visibility, in pixels.

    `names:` as a list fixes the order of K: a mirror swaps rows so that row `left_eye` holds what
    is now the left eye, and a point out of the picture keeps its row with visibility 0. `labels:`
    names parallel lists for a (K, 2|3) array: a mirror renames, and what is gone goes with its
    entries. Visibility is COCO's: 2 seen, 1 labelled but `hidden`, which is what is covered becomes
    while its place is in the picture, 0 not in it. A row 0, 0, 0 was never labelled and stays so.
    """

    __slots__ = (
        *("hidden", "kept", "lists", "mirrored", "names", "pixels", "silent"),
        *("unlabelled", "visible"),
    )

    def read(self, value: Any) -> Any:
        self.pending = None
        self.mirrored = False
        self.size = (0, 0)
        try:
            points = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise self.fail("keypoints of shape (N,)KxC with C 2 or 3", describe(value)) from None
        if points.size == 0 and points.ndim < 2:  # nobody, in a plain list
            names = len(self.stream.options.get("names") or ())
            points = points.reshape((0, names, 3) if names else (0, 2))
        if points.ndim not in (2, 3) or points.shape[-1] not in (2, 3):
            raise self.fail(
                "keypoints of shape (N,)KxC with C 2 or 3", describe(value), _flat_hint(points)
            )
        finite = np.isfinite(points)
        missing: NDArray[np.bool_] | None = None
        if not finite.all():
            missing = np.any(~finite, axis=-1)
            if self._outside in ("keep", "error"):
                raise self.fail(
                    "finite coordinates",
                    "NaN or infinity",
                    "Mark a missing point by visibility 0, or declare outside: drop.",
                )
            points = np.where(missing[..., None], 0.0, points)
        self.names = tuple(self.stream.options.get("names") or ())
        if self.names and len(self.names) != points.shape[-2]:
            raise self.fail(
                f"{len(self.names)} keypoints, one for each name", f"{points.shape[-2]}"
            )
        if points.shape[-1] == 2 and (self.names or points.ndim == 3):
            raise self.fail(
                "a third column, visibility, where rows have fixed places",
                describe(value),
                "A point that leaves the picture keeps its row, with visibility 0.",
            )
        if self.stream.label_keys and points.ndim == 3:
            raise self.fail("an array of shape Kx2 or Kx3 beside a list of names", describe(value))
        self.lists = ParallelLists.beside(self, len(points))
        rows = points.reshape(-1, points.shape[-1])
        self.pixels = rows[:, :2]
        self.visible = np.ones(len(rows), bool)
        self.unlabelled = np.zeros(len(rows), bool)
        self.hidden = np.zeros(len(rows), bool)
        self.silent = False
        if rows.shape[1] == 3:
            self.visible = rows[:, 2] > 0
            self.unlabelled = np.all(rows == 0.0, axis=1)
        if missing is not None and not self._fixed(points.shape):
            self.visible = self.visible & ~missing
            self.unlabelled = self.unlabelled & ~missing
        self.kept = np.arange(len(points))
        return value

    @property
    def _outside(self) -> str:
        return str(self.stream.options.get("outside", "keep"))

    def _fixed(self, shape: tuple[int, ...]) -> bool:
        """Whether every row has its place, and stays in it though its point has left."""
        return bool(self.names) or len(shape) == 3

    def start(self, size: Size) -> None:
        """Hold the visible points against their picture, as `outside:` says."""
        super().start(size)
        if len(self.pixels) and self.pixels.max() <= 1.0:
            suspect_fractions(self, self.pixels[self.visible], size)
        if self._outside == "keep":
            return
        places = np.hstack([self.pixels, self.pixels])
        outside = self.visible & beyond(places, size)
        if self._outside == "error" and outside.any():
            index = int(np.argmax(outside))
            raise self.fail(
                f"visible points inside the picture of {size[0]}x{size[1]} pixels",
                f"point {index} at {self.pixels[index].round(3).tolist()}",
                remedy(self.stream.name, "points may reach beyond the picture."),
            )
        if self._outside == "drop":
            self.visible = self.visible & ~outside
        elif self._outside == "clip" and self.visible.any():
            edges = np.array(size) - 0.5
            over = self.visible & ((self.pixels < -0.5) | (self.pixels >= edges)).any(axis=1)
            held = np.clip(self.pixels, 0.0, np.array(size) - 1.0)
            self.pixels = np.where(over[:, None], held, self.pixels)
            self.hidden = self.hidden | outside

    def field(self, field: FieldMap) -> None:
        self.settle()
        moved = follow_field(field, self.pixels)
        found: NDArray[np.bool_] = np.all(np.isfinite(moved), axis=1) & ~self.unlabelled
        self.size = field.size
        width, height = field.size
        inside = (moved >= -0.5) & (moved < (width - 0.5, height - 0.5))
        self.pixels = np.where(found[:, None], moved, self.pixels)
        self.visible = self.visible & found & inside.all(axis=1)

    def settle(self) -> None:
        if self.pending is None:
            return
        plane, self.pending = self.pending, None
        self.size = plane.size
        if self.lists.may_tell_places and not plane.is_identity:
            self.lists.suspect_places(self, turned=True)
        before = self.pixels
        if plane.cuts:
            self.visible = self.visible & plane.leaves(self.pixels)
        if plane.is_affine:
            self.pixels = apply_projective(plane.matrix, self.pixels)
        else:
            in_front = self.pixels @ plane.matrix[2, :2] + plane.matrix[2, 2] > 0
            moved = apply_projective(plane.matrix, np.where(in_front[:, None], self.pixels, 0.0))
            self.pixels = np.where(in_front[:, None], moved, self.pixels)
            self.visible = self.visible & in_front
        width, height = plane.size
        inside = (self.pixels >= -0.5) & (self.pixels < (width - 0.5, height - 0.5))
        self.visible = self.visible & inside[:, 0] & inside[:, 1]
        if self.unlabelled.any():
            self.pixels = np.where(self.unlabelled[:, None], before, self.pixels)
        self.mirrored ^= plane.mirrors

    def occlude(self, occlusion: Occlusion) -> None:
        """Points that are covered are hidden; without a column to say so they are gone."""
        self.settle()
        covered = occlusion.covers(self.pixels)
        if np.shape(self.data)[-1:] == (3,):
            self.hidden = self.hidden | covered
        else:
            self.visible = self.visible & ~covered

    def drop(self, drop: Drop) -> None:
        """No point is visible."""
        self.settle()
        self.silent = True
        self.visible = np.zeros_like(self.visible)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what the window covers, and take in the partner's points that are seen in it.

        Points in rows of fixed places belong to one body each: bodies join as wholes, and where
        there is only one, in (K, 3), it stays and the partner's does not join. A blend takes the
        points of the larger share.
        """
        assert isinstance(partner, KeypointsCarrier)
        note_mix(self.notes, mix)
        if mix.kind != "region":
            if mix.weight > _HALF:
                self._become({**self.sample, **partner.finish()})
            return
        own, other = self._cut(mix, inside=False), partner._cut(mix, inside=True)
        name = self.stream.name
        if self.names and np.ndim(self.data) == 2:
            self._become({**self.sample, **own})
            return
        if np.shape(own[name])[1:] != np.shape(other[name])[1:] and len(other[name]):
            raise RefusalError(
                name,
                f"the partner's keypoints have the shape {np.shape(other[name])}, "
                f"these {np.shape(own[name])}",
            )
        both = {key: joined(own[key], other[key]) for key in (name, *self.stream.label_keys)}
        self._become({**self.sample, **both})

    def _cut(self, mix: Mix, *, inside: bool) -> dict[str, Any]:
        """What `finish` gives with only the points inside, or outside, of the window visible."""
        left, top, right, bottom = (edge - 0.5 for edge in mix.window)
        x, y = self.pixels.T
        within: NDArray[np.bool_] = (x >= left) & (x < right) & (y >= top) & (y < bottom)
        visible, silent = self.visible, self.silent
        self.visible = visible & (within == inside)
        self.silent = silent or inside  # what a partner never labelled does not join
        out = self.finish()
        if inside and np.ndim(out[self.stream.name]) == 3:
            bodies = self.visible.reshape(len(out[self.stream.name]), -1).any(axis=1)
            out[self.stream.name] = plural_key(out[self.stream.name], np.flatnonzero(bodies))
        self.visible, self.silent = visible, silent
        return out

    def _become(self, sample: dict[str, Any]) -> None:
        """Go on with other points as if they had come so."""
        size, notes = self.size, self.notes
        self.sample = sample
        self.data = self.read(sample[self.stream.name])
        self.start(size)
        self.notes = notes

    def finish(self) -> dict[str, Any]:
        self.settle()
        shape = np.shape(self.data)
        if not np.size(self.data):
            return {self.stream.name: self.data, **self.lists.lists}
        points = np.array(self.data, dtype=np.float64).reshape(
            -1, shape[-1] if len(shape) > 1 else 2
        )
        points[:, :2] = self.pixels
        if points.shape[1] == 3:
            points[self.hidden, 2] = np.minimum(points[self.hidden, 2], _HIDDEN)
            points[~self.visible, 2] = 0.0
        out: dict[str, Any] = {}
        sides = Sides.of(self.stream.options, default="swap")
        if self._fixed(shape):
            points = points.reshape(shape)
            if self.mirrored and self.names and sides.swaps:
                points = points[..., swapped_order(self.names), :]
        else:
            stays = self.visible if self.silent else self.visible | self.unlabelled
            kept = stays.nonzero()[0] if len(points) else self.kept
            if len(kept) < len(stays):
                points = points[kept]
                self.notes["dropped"] = sorted(set(range(len(stays))) - set(kept.tolist()))
            lists = self.lists.taken(kept)
            out.update((lists.mirrored(sides) if self.mirrored and lists else lists).lists)
        out[self.stream.name] = self._in_form(points)
        return out

    @property
    def labels(self) -> Any:
        """The list that names the points, if there is one."""
        return self.lists.names

    def _in_form(self, points: NDArray[np.float64]) -> Any:
        like = self.data
        if not isinstance(like, np.ndarray):
            return points.tolist()
        if like.dtype.kind in "iu":
            return in_whole_numbers(np.rint(points), like.dtype, self)
        return points.astype(like.dtype)


def _flat_hint(points: NDArray[np.float64]) -> str:
    """How rows of x, y, visibility, x, y, visibility ... become points, as COCO writes them."""
    count = points.shape[-1] if points.ndim in (1, 2) else 0
    if count > 3 and count % 3 == 0:
        return f"Flat rows as of COCO become points by numpy.reshape(value, (-1, {count // 3}, 3))."
    return ""
