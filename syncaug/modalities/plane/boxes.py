"""Boxes: N axis-aligned rectangles; carried as quadrilaterals and fitted again at the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.field_lookup import follow_field
from syncaug.maps.mask import Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.annotations.whole_numbers import in_whole_numbers
from syncaug.modalities.carrier import Carrier, describe, listed
from syncaug.modalities.pairs import covered, inside, note_mix
from syncaug.modalities.plane.bounds import TOLERANCE, beyond, clipped, remedy
from syncaug.modalities.plane.box_shapes import (
    Corners,
    areas_of,
    enlargement,
    from_corners,
    in_whole_pixels,
    reach,
    sampled,
    seen_under,
    to_corners,
)
from syncaug.modalities.plane.geometry import GeometryCarrier

__all__ = ["BoxesCarrier"]

_PARTNERS = -1
"""What `rows` says of a box that came from a partner."""
_ROUNDING = 1e-9
_SEVERAL = 3
"""So many boxes of a picture tell that they are in another format."""
_FAR = 4.0
"""Sizes of a picture by which no box reaches out: numbers above are pixels."""
_TINY = 4
"""Pictures up to this size may have boxes of a pixel only."""


class BoxesCarrier(GeometryCarrier):
    """Rectangles in one of four formats, with parallel lists (classes, ids ...) where declared.

    `corners` (N, 4) holds left, top, right, bottom in pixel-centre coordinates. A box of which less
    than `min_visible` of its area remains in the picture is dropped, with its entries and phrase.
    `unadmitted` are the boxes that `outside:` left out at the beginning. `growth` is by how much
    the visible area of each box that is left has changed since its entries were last written, where
    an entry of them says how large it is.
    """

    __slots__ = (
        *("blind", "corners", "covered", "doomed", "growth", "joined", "kept"),
        *("lists", "settled_share", "share", "sources", "unadmitted"),
    )

    def read(self, value: Any) -> Any:
        # The picture's size is told by `start` before any map arrives: formats need it.
        self.pending = None
        self.size = (0, 0)
        try:
            boxes = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise self.fail("boxes of shape Nx4", describe(value)) from None
        if boxes.size == 0:
            boxes = boxes.reshape(0, 4)
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise self.fail("boxes of shape Nx4", describe(value))
        self.corners = boxes
        self.lists = ParallelLists.beside(self, len(boxes))
        self.kept = np.arange(len(boxes))
        self.sources = self.kept
        self.settled_share = np.ones(len(boxes))
        self.share = self.settled_share
        self.growth = self.settled_share
        self.unadmitted: frozenset[int] = frozenset()
        self.doomed: set[int] = set()
        self.blind = False
        self.covered: tuple[tuple[int, int, int, int], ...] = ()
        self.joined: Joined | None = None
        return value

    def start(self, size: Size) -> None:
        """Turn the format into corners, now that the picture's size is known."""
        self.size = size
        with np.errstate(invalid="ignore"):
            self.corners = to_corners(
                self.corners, self.stream.options.get("format", "pascal_voc"), size
            )
            if len(self.corners) and not self._are_ordinary(size):
                self._admit(size)

    @property
    def _outside(self) -> str:
        return str(self.stream.options.get("outside", "error"))

    def _are_ordinary(self, size: Size) -> bool:
        """Whether no box needs a closer look, as is so of nearly all samples."""
        corners = self.corners
        left, top, right, bottom = reach(corners)
        slack = 0.5 + (0.0 if self._outside == "clip" else TOLERANCE)
        width, height = size
        return (
            left >= -slack
            and top >= -slack
            and right <= width - 1.0 + slack
            and bottom <= height - 1.0 + slack
            and max(right, bottom) > 0.5
            and bool((corners[:, 2:] > corners[:, :2]).all())
        )

    def _admit(self, size: Size) -> None:
        """Hold the boxes against their picture; leave out, or clip, what `outside:` says."""
        form = self.stream.options.get("format", "pascal_voc")
        name, rule = self.stream.name, self._outside
        finite = np.isfinite(self.corners).all(axis=1)
        if rule == "error" and not finite.all():
            raise self.fail(
                "finite coordinates",
                f"NaN or infinity in box {int(np.argmin(finite))}",
                remedy(name, "such boxes are to be left out."),
            )
        sides = self.corners[:, 2:] - self.corners[:, :2]
        inverted = np.flatnonzero((sides < 0).any(axis=1))
        if inverted.size:
            raise self.fail(
                "boxes with width and height above 0",
                f"box {inverted[0]}: {self._shown(inverted[0])}",
                f"The format is {form}."
                + (" Is it coco: corner, width and height?" if form == "pascal_voc" else ""),
            )
        flat = np.flatnonzero((sides == 0).any(axis=1))
        if flat.size and rule == "error":
            raise self.fail(
                "boxes with width and height above 0",
                f"box {flat[0]}: {self._shown(flat[0])}",
                remedy(name, "boxes without an area are to be left out."),
            )
        keep: NDArray[np.bool_] = finite & np.all(sides > 0, axis=1)
        self._require_unit(keep, size)
        outside = beyond(self.corners, size)
        if rule == "error" and outside.any():
            index = int(np.argmax(outside))
            other = "Is it pascal_voc: two corners? " if self._are_corners(size) else ""
            remedied = remedy(name, "boxes may reach beyond the picture.")
            raise self.fail(
                f"boxes inside the picture of {size[0]}x{size[1]} pixels",
                f"box {index}: {self._shown(index)}",
                f"The format is {form}. {other}{remedied}",
            )
        if rule == "error":
            return
        if len(outside) >= _SEVERAL and outside.mean() >= 0.5 and self._are_corners(size):
            self.suspect(
                "format",
                f"{int(outside.sum())} of its {len(outside)} boxes reach beyond the picture of "
                f"{size[0]}x{size[1]} as coco has them (corner, width and height), such as "
                f"{self._shown(int(np.argmax(outside)))}, and none as two corners. Declare format: "
                "pascal_voc if they are corners",
            )
        inside, share = self.corners, np.ones(len(self.corners))
        if rule == "clip":
            inside = clipped(self.corners, size)
            share[keep] = areas_of(inside[keep]) / areas_of(self.corners[keep])
            keep &= share > 0.0
        else:
            keep &= ~outside
        self.unadmitted = frozenset(np.flatnonzero(~keep).tolist())
        self.corners, self.kept = inside[keep], self.kept[keep]
        self.share = keep.astype(np.float64)
        self.settled_share, self.growth = np.ones(len(self.kept)), share[keep]

    def _require_unit(self, keep: NDArray[np.bool_], size: Size) -> None:
        """Refuse fractions in a format of pixels, and pixels in a format of fractions."""
        form = self.stream.options.get("format", "pascal_voc")
        if not keep.any():
            return
        first = int(np.argmax(keep))
        if form not in ("pascal_voc", "coco"):
            numbers = np.abs(np.asarray(self.data, dtype=np.float64)[keep])
            if float(numbers.max(axis=1).min()) > _FAR:
                raise self.fail(
                    f"boxes as fractions of the picture, as {form} has them",
                    f"numbers up to {numbers.max():g}, such as {self._shown(first)}",
                    "Declare format: coco or pascal_voc if they are pixels.",
                )
        elif min(size) > _TINY and float(self.corners[keep, 2:].max()) <= 0.5:
            raise self.fail(
                f"boxes in pixels of a picture of {size[0]}x{size[1]}, as {form} has them",
                f"numbers up to 1, such as {self._shown(first)}",
                "Declare format: albumentations or yolo if they are fractions.",
            )

    def _are_corners(self, size: Size) -> bool:
        """Whether boxes that are declared as corner and size all fit as two corners."""
        if self.stream.options.get("format", "pascal_voc") != "coco":
            return False
        boxes = np.asarray(self.data, dtype=np.float64).reshape(-1, 4)
        edges = np.array(size) + TOLERANCE
        return bool((boxes[:, 2:] > boxes[:, :2]).all() and (boxes[:, 2:] <= edges).all())

    def corners_in(self, value: Any, size: Size) -> Corners:
        """The corners of boxes in this stream's form, in a picture of that size."""
        boxes = np.asarray(value, dtype=np.float64).reshape(-1, 4)
        return to_corners(boxes, self.stream.options.get("format", "pascal_voc"), size)

    def _shown(self, index: int) -> str:
        return str(
            [round(float(number), 3) for number in np.asarray(self.data[index], dtype=float)]
        )

    def field(self, field: FieldMap) -> None:
        self.settle()
        self.lists.suspect_places(self, turned=True)
        edges = sampled(self.corners)
        moved = follow_field(field, edges.reshape(-1, 2)).reshape(edges.shape)
        found: NDArray[np.bool_] = np.all(np.isfinite(moved), axis=2)
        low = np.where(found[..., None], moved, np.inf).min(axis=1, initial=np.inf)
        high = np.where(found[..., None], moved, -np.inf).max(axis=1, initial=-np.inf)
        limit = np.array(field.size) - 0.5  # points of its last pixels may lie a little beyond
        corners = np.hstack([np.clip(low, -0.5, limit), np.clip(high, -0.5, limit)])
        wide = (corners[:, 2:] > corners[:, :2]).all(axis=1)
        self.size = field.size
        self.covered = ()
        share = np.mean(found, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = areas_of(corners) / (areas_of(self.corners) * share)
        self._keep(np.any(found, axis=1) & wide, corners, share, growth)

    def settle(self) -> None:
        if self.pending is None:
            return
        plane, self.pending = self.pending, None
        self.size = plane.size
        self.covered = ()
        corners, share, visible = self._clipped(plane)
        growth = enlargement(self.corners, plane) if self.lists.scales else 1.0
        if self.lists and plane.mirrors:
            self._mirror()
        if self.lists.may_tell_places and not plane.is_identity:
            turned = not (plane.is_affine and np.allclose(plane.matrix[:2, :2], np.eye(2)))
            self.lists.suspect_places(self, turned=turned)
        self._keep(visible, corners, share, growth)

    def _mirror(self) -> None:
        sides = Sides.of(self.stream.options)
        if sides.swaps:
            self.lists = self.lists.mirrored(sides)

    def side_names(self) -> Iterable[str]:
        return self.lists.texts()

    def occlude(self, occlusion: Occlusion) -> None:
        """Lose the share that is covered; a box of which too little is seen is dropped."""
        self.settle()
        before = 1.0 - Occlusion(self.covered, self.size).shares(self.corners)
        self.covered += occlusion.rectangles  # what is covered twice is lost once
        share = (1.0 - Occlusion(self.covered, self.size).shares(self.corners)) / before
        least = self.stream.options.get("min_visible", 0.0)
        left = self.settled_share * share
        self._keep((share > 0.0) & (left >= least - _ROUNDING), self.corners, share)

    def drop(self, drop: Drop) -> None:
        """No box is left, nor what runs parallel to them; the picture still shows the things."""
        self.settle()
        self.blind = True
        self._keep(
            np.zeros(len(self.corners), dtype=bool), self.corners, np.zeros(len(self.corners))
        )

    def leave(self) -> None:
        """Let the boxes that are out of the picture now be gone for good, whatever comes later."""
        if self.pending is not None:
            _, _, visible = self._clipped(self.pending)
            self.doomed.update(self.kept[~visible].tolist())

    def visible(self, plane: PlaneMap) -> NDArray[np.intp]:
        """The boxes, by their places in the sample, that would be left after one more map."""
        _, _, visible = self._clipped(plane if self.pending is None else self.pending.then(plane))
        return self.kept[visible]

    def _clipped(self, plane: PlaneMap) -> tuple[Corners, NDArray[np.float64], NDArray[np.bool_]]:
        """The boxes under a map, their visible shares, and which of them are left."""
        corners, share = seen_under(self.corners, plane)
        least = self.stream.options.get("min_visible", 0.0)
        # What counts is the share of the original box, however often maps were carried out.
        left = self.settled_share[: len(share)] * share
        visible = (share > 0.0) & (left >= least - _ROUNDING)
        if self.doomed:
            visible &= [index not in self.doomed for index in self.kept.tolist()]
        return corners, share, visible

    def _keep(
        self,
        visible: NDArray[np.bool_],
        corners: Corners,
        share: NDArray[np.float64],
        growth: NDArray[np.float64] | float = 1.0,
    ) -> None:
        """Go on with the visible boxes; `growth` is by how much each became larger, seen or not."""
        if self.lists.scales:
            self.growth = (self.growth[: len(share)] * share * growth)[visible]
        whole = np.zeros(len(self.share))
        whole[self.kept] = self.settled_share[: len(self.kept)] * share
        self.share = whole
        self.corners = corners[visible]
        self.settled_share = (self.settled_share[: len(share)] * share)[visible]
        self.kept = self.kept[visible]

    @property
    def rows(self) -> NDArray[np.intp]:
        """For each box that is left, which box of the original it is; -1 for a partner's."""
        return self.sources[self.kept]

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what the window covers, and take in the partner's boxes that are seen in it.

        From here on, `kept` and `share` count the boxes of both, the own ones first.
        """
        assert isinstance(partner, BoxesCarrier)
        own, own_share = self.corners, np.full(len(self.corners), 1.0 - mix.weight)
        other, other_share = partner.corners, np.full(len(partner.corners), mix.weight)
        if mix.kind == "region":
            own, own_share = covered(self.corners, mix.window)
            other, other_share = inside(partner.corners, mix.window)
        stays = self._counts(own_share, mix.least)
        comes = partner._counts(other_share, mix.least)
        gone = sorted(set(range(len(self.share))) - set(self.kept[stays].tolist()))
        note_mix(self.notes, mix, gone=gone, joined=partner.kept[comes].tolist())
        self.lists = self._lists(stays, own_share if mix.kind == "region" else 1.0).joined(
            partner._lists(comes, other_share if mix.kind == "region" else 1.0)
        )
        self.joined = Joined(
            self.kept[stays].tolist(),
            partner.kept[comes].tolist(),
            np.concatenate(
                [
                    areas_of(self.corners[stays]) * own_share[stays],
                    areas_of(partner.corners[comes]) * other_share[comes],
                ]
            ),
        )
        self.settled_share = np.concatenate(
            [
                (self.settled_share * own_share)[stays],
                (partner.settled_share * other_share)[comes],
            ]
        )
        self.corners = np.concatenate([own[stays], other[comes]])
        self.sources = np.concatenate(
            [self.sources[self.kept[stays]], np.full(int(comes.sum()), _PARTNERS)]
        )
        self.kept = np.arange(len(self.corners))
        self.share = self.settled_share
        self.growth = np.ones(len(self.corners))
        self.unadmitted = frozenset()
        self.doomed.clear()

    def _lists(
        self, chosen: NDArray[np.bool_], share: NDArray[np.float64] | float
    ) -> ParallelLists:
        """The entries of some of the boxes that are left, of which a share is still seen."""
        lists = self.lists.taken(self.kept[chosen])
        if not lists.scales:
            return lists
        return lists.scaled((self.growth[: len(self.kept)] * share)[chosen], self)

    @property
    def labels(self) -> Any:
        """The list that says what the boxes hold, if there is one."""
        return self.lists.names

    def _counts(self, share: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
        """Which boxes show enough of what is left of them, and of what they were, to count."""
        whole = self.settled_share[: len(share)] * share
        enough: NDArray[np.bool_] = whole >= (
            self.stream.options.get("min_visible", 0.0) - _ROUNDING
        )
        return enough & (share >= least - _ROUNDING) & (share > 0.0)

    def finish(self) -> dict[str, Any]:
        self.settle()
        if len(self.kept) < len(self.share):
            self.notes["dropped"] = sorted(set(range(len(self.share))) - set(self.kept.tolist()))
        every = np.ones(len(self.kept), dtype=bool)
        return {self.stream.name: self._in_form(), **self._lists(every, 1.0).lists}

    def _in_form(self) -> Any:
        """The boxes in the format, type and dtype that came."""
        form, like = self.stream.options.get("format", "pascal_voc"), self.data
        boxes = from_corners(self.corners, form, self.size)
        if not isinstance(like, np.ndarray):
            return listed(boxes, like)
        if like.dtype.kind not in "iu":
            return boxes.astype(like.dtype)
        if form in ("pascal_voc", "coco"):
            boxes = in_whole_pixels(boxes, self.corners, form, self.size)
        elif np.abs(boxes - np.rint(boxes)).max(initial=0.0) > _ROUNDING:
            self.suspect("wider", f"fractions came as {like.dtype}, which holds none; float64 goes "
                         "out for this sample. Give float32.")  # fmt: skip
            return boxes
        return in_whole_numbers(np.rint(boxes), like.dtype, self)


class Joined(NamedTuple):
    """Which own boxes a mix kept, which of the partner's came, and the pixels that each shows."""

    own: list[int]
    partner: list[int]
    areas: NDArray[np.float64]
