"""Instances: one mask for each of N things, all of them moved by one resampling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.maps.mask import Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.rows import Bools, Numbers, gone_rows
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.plane.instance_forms import (
    empty_picture,
    marked,
    packed,
    read_masks,
    unpacked,
)
from syncaug.modalities.plane.mask_shares import pixels_under, seen_share
from syncaug.modalities.plane.stencil import extents_of
from syncaug.modalities.plane.things import ThingsCarrier
from syncaug.plan.plan import Stream

__all__ = ["InstancesCarrier"]

_ROUNDING = 1e-9
_PARTNERS = -1


@dataclass(frozen=True, slots=True)
class InstanceRules:
    """`last` says that the N of arrays is their last axis, `refuses` that each must mark a pixel.

    `least` is the share of its area that a thing must show to stay, less rounding.
    """

    last: bool
    refuses: bool
    least: float
    sides: Sides
    lists: ListRules


class InstancesCarrier(ThingsCarrier):
    """N masks of one size, with parallel lists where declared.

    A mask that marks no pixel any more, or less than `min_visible` of its thing, is dropped with
    its entries. `bits` (H, W, B) holds eight masks a byte; for each row that came or that a mix
    gave: `alive` (N,), whether it stays; `left` (N,), the share of it that is left; `whole` (N,),
    the pixels that its entry of a list of areas tells of; `sources` (N,), which row of the sample
    it is, -1 for a partner's. `blind` says that the stream was dropped.
    """

    needs_size: ClassVar[bool] = False
    __slots__ = ("alive", "bits", "form", "left", "sources", "whole")
    rules: InstanceRules
    alive: Bools

    @classmethod
    def rules_of(cls, stream: Stream) -> InstanceRules:
        options = stream.options
        return InstanceRules(
            last=options.get("layout", "nhw") == "hwn",
            refuses=options.get("empty", "drop") == "error" and not stream.follows,
            least=options.get("min_visible", 0.0) - _ROUNDING,
            sides=Sides.of(options),
            lists=ListRules.of(stream),
        )

    def read(self, value: Any) -> Any:
        self.pending = None
        self.blind = False
        self.form, masks = read_masks(value, self)
        count = len(value) if masks is None else len(masks)
        self.size = (0, 0)
        self.bits = empty_picture((0, 0), count)
        self.alive = np.zeros(count, dtype=bool)
        self.whole = np.zeros(count)
        if masks is not None:
            self.size = masks.shape[2], masks.shape[1]
            self.bits = packed(masks)
            self.alive = marked(self.bits, count)
            if self._measures:
                self.whole = masks.sum(axis=(1, 2), dtype=np.float64)
        if self.rules.refuses and not self.alive.all():
            raise self.fail(
                "masks of at least one pixel",
                f"row {int(np.argmin(self.alive))} with nobody in it",
                f"Declare empty: drop of {self.stream.name!r} if such rows are to be left out.",
            )
        self.left, self.sources = np.ones(count), np.arange(count)
        self.lists = ParallelLists.beside(self, count, self.rules.lists)
        return value

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        if self.size == (0, 0):
            if size is None:
                raise self.fail(
                    "masks, or a picture on their plane that tells its size", "none of both"
                )
            self.start(size)

    def start(self, size: Size) -> None:
        """Learn the picture's size where no mask tells it."""
        if self.size == (0, 0):
            self.size = size
            self.bits = empty_picture(size, len(self.alive))

    # What is known of the masks

    @property
    def _measures(self) -> bool:
        """Whether areas count: something asks for shares or for a list of them."""
        return bool(self.rules.lists.areas) or self.rules.least > 0.0

    @property
    def masks(self) -> NDArray[np.bool_]:
        """The masks (N, H, W), those that are gone too."""
        return unpacked(self.bits, len(self.alive))

    @property
    def extents(self) -> NDArray[np.float64]:
        """Left, top, right and bottom (N, 4) of what is left of each, in pixel centres; or NaN."""
        out = extents_of(np.moveaxis(self.masks, 0, -1))
        out[~self.alive] = np.nan
        return out

    # Maps

    def plane(self, plane: PlaneMap) -> None:
        if plane.size != plane.source:
            width, height = plane.size
            room = width * height * max(1, len(self.alive))
            self.require_room(room, f"{len(self.alive)} masks of {width}x{height} pixels")
        super().plane(plane)

    def settle(self) -> None:
        if self.pending is None:
            return
        plane, self.pending = self.pending, None
        self.turn_lists(plane)
        self._carry(opencv.warp_map(self.bits, plane, "nearest", 0), plane)

    def field(self, field: FieldMap) -> None:
        self.settle()
        self.lists.suspect_places(self, turned=True)
        self._carry(opencv.remap(self.bits, field, "nearest", 0), field)

    def occlude(self, occlusion: Occlusion) -> None:
        """Show nothing where something covers them, unless the step keeps masks."""
        if not occlusion.covers_masks:
            return
        self.settle()
        bits = self.bits.copy()
        for left, top, right, bottom in occlusion.rectangles:
            bits[top:bottom, left:right] = 0
        self._carry(bits, None)

    def _carry(self, bits: NDArray[np.uint8], map_: PlaneMap | FieldMap | None) -> None:
        """Go on with other bits, under a map or in the same place, and see who is left."""
        bits = bits.reshape(*bits.shape[:2], self.bits.shape[2])
        count = len(self.alive)
        if self.rules.least > 0.0:
            under = 1.0 if map_ is None else pixels_under(map_)
            before = self.masks.sum(axis=(1, 2), dtype=np.float64).tolist()
            after = unpacked(bits, count)
            shares = [seen_share(n, mask, under) for n, mask in zip(before, after, strict=True)]
            self.left = self.left * np.array(shares, dtype=np.float64)
            self.alive = self.alive & (self.left >= self.rules.least)
        self.alive = self.alive & marked(bits, count)
        self.bits, self.size = bits, (bits.shape[1], bits.shape[0])

    def lose_all(self) -> None:
        self.alive = np.zeros(len(self.alive), dtype=bool)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what the window covers, and take in the partner's masks that are seen in it."""
        assert isinstance(partner, InstancesCarrier)
        mine, own = self._part(mix, own=True)
        theirs, other = partner._part(mix, own=False)
        lost = (self.alive & ~own).nonzero()[0].tolist()
        note_mix(self.notes, mix, gone=lost, joined=other.nonzero()[0].tolist())
        self._join(partner, mine, theirs, np.concatenate([own, other]))

    def _part(self, mix: Mix, *, own: bool) -> tuple[NDArray[np.bool_], Bools]:
        """The masks as a mix shows them, and which of them show enough of themselves."""
        masks = self.masks
        if mix.kind != "region":
            seen = 1.0 - mix.weight if own else mix.weight
            return masks, self.alive & (seen >= mix.least - _ROUNDING)
        left, top, right, bottom = mix.window
        inside = np.zeros(masks.shape[1:], dtype=bool)
        inside[top:bottom, left:right] = True
        shown = masks & (~inside if own else inside)
        before, after = (m.sum(axis=(1, 2), dtype=np.float64) for m in (masks, shown))
        share = np.divide(after, before, out=np.zeros(len(before)), where=before > 0.0)
        self.left = self.left * share
        enough = (share >= mix.least - _ROUNDING) & (self.left >= self.rules.least) & (after > 0.0)
        return shown, self.alive & enough

    def _join(
        self,
        partner: InstancesCarrier,
        own: NDArray[np.bool_],
        other: NDArray[np.bool_],
        alive: Bools,
    ) -> None:
        """Go on with the rows of both, the own ones first."""
        self.bits = packed(np.concatenate([own, other]))
        self.lists = self.lists.joined(partner.lists)
        self.left = np.concatenate([self.left, partner.left])
        self.whole = np.concatenate([self.whole, partner.whole])
        self.sources = np.concatenate([self.sources, np.full(len(other), _PARTNERS)])
        self.alive = alive

    # Rows of a group

    def row_count(self) -> int:
        return len(self.alive)

    def alive_rows(self) -> Bools:
        return self.alive

    def add_rows(self, partner: Carrier) -> None:
        assert isinstance(partner, InstancesCarrier)
        nothing = np.zeros((len(partner.alive), *self.bits.shape[:2]), dtype=bool)
        alive = np.concatenate([self.alive, np.zeros(len(nothing), dtype=bool)])
        self._join(partner, self.masks, nothing, alive)

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        self.settle()
        count = len(self.alive)
        if lost := gone_rows(kept, count):
            self.notes["dropped"] = lost
        masks = self.masks
        hidden = np.ones(count, dtype=bool) if self.blind else ~self.alive
        chosen = masks if len(kept) == count else masks[kept]
        if hidden[kept].any():
            chosen = chosen.copy()
            chosen[hidden[kept]] = False
        lists = self.lists
        if self.rules.lists.areas:
            areas = np.where(hidden, 0.0, masks.sum(axis=(1, 2), dtype=np.float64))
            growth = np.divide(areas, self.whole, out=np.zeros(count), where=self.whole > 0.0)
            lists = lists.scaled(growth, self)
        rows = self.form.written(chosen, self.sources[kept])
        return {self.stream.name: rows, **lists.taken(kept).lists}
