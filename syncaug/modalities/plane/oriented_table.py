"""What is known of a picture's oriented boxes, as a frozen table; each change gives a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.least_rectangle import least_rectangle
from syncaug.modalities.plane.oriented_forms import Quads
from syncaug.modalities.plane.outline import Outline

__all__ = [
    "OrientedTable",
    "areas_of",
    "carried",
    "fitted",
    "fresh",
    "gone",
    "is_rectangle",
    "joined",
    "outline",
]

_RIGHT = 1e-9
"""The cosine of an angle up to which it is a right one."""


@dataclass(frozen=True, slots=True)
class OrientedTable:
    """All boxes that came and that mixes gave, those that are gone too.

    For each: its corners in `quads` (N, 4, 2); whether it is `alive` (N,), by the share in `left`
    (N,) of it that is left; and by how much it grew, in `growth` (N,).
    """

    quads: Quads
    alive: NDArray[np.bool_]
    left: NDArray[np.float64]
    growth: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.quads)


def fresh(quads: Quads) -> OrientedTable:
    """All boxes, whole; those with NaN are gone."""
    known: NDArray[np.bool_] = np.all(np.isfinite(quads), axis=(1, 2))
    return OrientedTable(quads, known, np.ones(len(quads)), np.ones(len(quads)))


def outline(quad: Quads) -> Outline:
    """One box as an outline."""
    return Outline(((quad,),), True)


def areas_of(quads: Quads) -> NDArray[np.float64]:
    """The pixels inside of each box."""
    x, y = quads[..., 0], quads[..., 1]
    cross = x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)
    area: NDArray[np.float64] = np.abs(cross.sum(axis=1)) / 2
    return area


def carried(
    table: OrientedTable,
    change: Callable[[Quads], tuple[Quads, float]],
    stays: Callable[[Quads, float], bool],
) -> OrientedTable:
    """The boxes after a change of each, with the share of it that is still seen.

    `stays` says of new corners and the share of the original that is left whether a box stays.
    """
    quads, left, alive = table.quads.copy(), table.left.copy(), table.alive.copy()
    growth = table.growth.copy()
    for index in alive.nonzero()[0].tolist():
        before = quads[index]
        quads[index], share = change(before)
        left[index] *= share
        alive[index] = bool(np.isfinite(quads[index]).all()) and stays(quads[index], left[index])
        if alive[index]:
            whole, now = areas_of(before[None])[0], areas_of(quads[index][None])[0]
            growth[index] *= share * now / whole if whole > 0.0 else share
    return OrientedTable(quads, alive, left, growth)


def fitted(quads: Quads) -> Quads:
    """Boxes whose corners are no right angles any more, as the least rectangles around them."""
    out = quads
    for index in range(len(quads)):
        if not is_rectangle(quads[index]):
            out = quads.copy() if out is quads else out
            out[index] = least_rectangle(quads[index], quads[index][1] - quads[index][0])
    return out


def is_rectangle(quad: Quads) -> bool:
    """Whether the sides of four corners are at right angles."""
    a, b, c, d = quad
    across, down = b - a, d - a
    size = float(np.linalg.norm(across) * np.linalg.norm(down))
    scale = float(np.abs(quad).max()) + 1.0
    straight = bool(np.abs(a + c - b - d).max() <= _RIGHT * scale)
    return straight and abs(float(across @ down)) <= _RIGHT * max(size, 1e-300) + 1e-18 * scale


def gone(table: OrientedTable, stays: NDArray[np.bool_]) -> OrientedTable:
    """The same boxes, of which those that do not stay are gone."""
    return replace(table, alive=table.alive & stays)


def joined(own: OrientedTable, partner: OrientedTable) -> OrientedTable:
    """The boxes of both, the own ones first."""
    return OrientedTable(
        *(
            np.concatenate([getattr(own, name), getattr(partner, name)])
            for name in ("quads", "alive", "left", "growth")
        )
    )
