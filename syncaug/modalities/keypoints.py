"""Keypoints: named pixels; under a mirror, left and right names trade places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, apply_projective
from syncaug.modalities.carrier import Carrier, describe, plural_key
from syncaug.modalities.geometry import GeometryCarrier
from syncaug.modalities.lookup import follow_field
from syncaug.modalities.pairs import joined, note_mix
from syncaug.modalities.sides import swapped_name, swapped_order

__all__ = ["KeypointsCarrier"]

_HALF = 0.5


class KeypointsCarrier(GeometryCarrier):
    """An array (K, 2), (K, 3), (N, K, 2) or (N, K, 3) of x, y and perhaps visibility, in pixels.

    `names:` as a list fixes the order of K: a mirror swaps rows so that row `left_eye` holds what
    is now the left eye, and an invisible point keeps its row with visibility 0. `labels:` names a
    parallel list of names for a (K, 2|3) array: a mirror renames, and the invisible go with theirs.
    """

    __slots__ = ("kept", "labels", "mirrored", "names", "pixels", "visible")

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
            raise self.fail("keypoints of shape (N,)KxC with C 2 or 3", describe(value))
        if not np.isfinite(points).all():
            raise self.fail(
                "finite coordinates", "NaN or infinity", "Mark a missing point by visibility 0."
            )
        self.names = tuple(self.stream.options.get("names") or ())
        key = self.stream.options.get("labels", "")
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
        if key and points.ndim == 3:
            raise self.fail("an array of shape Kx2 or Kx3 beside a list of names", describe(value))
        self.labels = self.parallel(key, len(points)) if key else ()
        self.pixels = points[..., :2].reshape(-1, 2)
        self.visible = (
            points[..., 2].reshape(-1) > 0
            if points.shape[-1] == 3
            else np.ones(len(self.pixels), bool)
        )
        self.kept = np.arange(len(points))
        return value

    def field(self, field: FieldMap) -> None:
        self.settle()
        moved = follow_field(field, self.pixels)
        found: NDArray[np.bool_] = np.all(np.isfinite(moved), axis=1)
        self.pixels = np.where(found[:, None], moved, self.pixels)
        self.visible = self.visible & found
        self.size = field.size

    def settle(self) -> None:
        if self.pending is None:
            return
        plane, self.pending = self.pending, None
        self.size = plane.size
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
        self.mirrored ^= plane.mirrors

    def occlude(self, occlusion: Occlusion) -> None:
        """Points that are covered are invisible."""
        self.settle()
        self.visible = self.visible & ~occlusion.covers(self.pixels)

    def drop(self, drop: Drop) -> None:
        """No point is visible."""
        self.settle()
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
        name, key = self.stream.name, self.stream.options.get("labels", "")
        if self.names and np.ndim(self.data) == 2:
            self._become({**self.sample, **own})
            return
        if np.shape(own[name])[1:] != np.shape(other[name])[1:] and len(other[name]):
            raise RefusalError(
                name,
                f"the partner's keypoints have the shape {np.shape(other[name])}, "
                f"these {np.shape(own[name])}",
            )
        both = {name: joined(own[name], other[name])}
        if key:
            both[key] = joined(own[key], other[key])
        self._become({**self.sample, **both})

    def _cut(self, mix: Mix, *, inside: bool) -> dict[str, Any]:
        """What `finish` gives with only the points inside, or outside, of the window visible."""
        left, top, right, bottom = (edge - 0.5 for edge in mix.window)
        x, y = self.pixels.T
        within: NDArray[np.bool_] = (x >= left) & (x < right) & (y >= top) & (y < bottom)
        visible = self.visible
        self.visible = visible & (within == inside)
        out = self.finish()
        if inside and np.ndim(out[self.stream.name]) == 3:
            bodies = self.visible.reshape(len(out[self.stream.name]), -1).any(axis=1)
            out[self.stream.name] = plural_key(out[self.stream.name], np.flatnonzero(bodies))
        self.visible = visible
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
            key = self.stream.options.get("labels", "")
            return {self.stream.name: self.data} | ({key: self.labels} if key else {})
        points = np.array(self.data, dtype=np.float64).reshape(
            -1, shape[-1] if len(shape) > 1 else 2
        )
        points[:, :2] = self.pixels
        if points.shape[1] == 3:
            points[~self.visible, 2] = 0.0
        out: dict[str, Any] = {}
        key = self.stream.options.get("labels", "")
        if self.names or len(shape) == 3:
            points = points.reshape(shape)
            if self.mirrored and self.names:
                points = points[..., swapped_order(self.names), :]
        else:
            kept = self.visible.nonzero()[0] if len(points) else self.kept
            if len(kept) < len(self.visible):
                points = points[kept]
                self.notes["dropped"] = sorted(set(range(len(self.visible))) - set(kept.tolist()))
            if key:
                labels = plural_key(self.labels, kept)
                out[key] = _renamed(labels) if self.mirrored else labels
        out[self.stream.name] = _in_form(points, self.data)
        return out


def _renamed(labels: Any) -> Any:
    renamed = [swapped_name(str(label)) for label in labels]
    if isinstance(labels, np.ndarray):
        return np.array(
            renamed, dtype=np.array(renamed + list(labels)).dtype if renamed else labels.dtype
        )
    return type(labels)(renamed)


def _in_form(points: NDArray[np.float64], like: Any) -> Any:
    if isinstance(like, np.ndarray):
        if like.dtype.kind in "iu":
            points = np.rint(points)
        return points.astype(like.dtype)
    return points.tolist()
