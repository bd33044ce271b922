"""Admission of oriented boxes: holding them against their picture and their convention."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.least_rectangle import least_rectangle
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.plane.bounds import TOLERANCE, remedy
from syncaug.modalities.plane.oriented_forms import Quads, quads_of
from syncaug.modalities.plane.oriented_table import OrientedTable, areas_of, fresh, gone, outline
from syncaug.modalities.units import suspect_fractions, suspect_pixels

__all__ = ["admitted"]

_FULL_TURN = 2 * math.pi + 1e-6
_QUARTER = math.pi / 2 + 1e-6
_FEW = 3


def admitted(came: NDArray[np.float64], size: Size, carrier: Carrier) -> OrientedTable:
    """The boxes in a picture of that size; what is none in it goes or is held as `outside:` says.

    Raises SampleError where the rule lets none go.
    """
    rules = carrier.rules
    quads = quads_of(came, rules.convention, size)
    table = fresh(quads)
    known = table.alive
    strict = rules.outside in ("error", "keep")
    if strict and not known.all() and not _may_lack(came, known, carrier):
        told = remedy(carrier.stream.name, "such boxes are to be left out.")
        raise carrier.fail(
            "finite numbers", f"NaN or infinity in box {int(np.argmin(known))}", told
        )
    if came.shape[1:] == (5,):
        _suspect_angles(came[known], carrier)
        remedy_of_sides = "Multiply cx and w by the width, and cy and h by the height"
        suspect_fractions(carrier, came[known, :4].reshape(-1, 2), size, remedy_of_sides)
        inverted = np.flatnonzero((came[:, 2:4] < 0.0).any(axis=1))
        if inverted.size:
            raise carrier.fail(
                "boxes with width and height above 0",
                f"box {inverted[0]}: {came[inverted[0]].round(3).tolist()}",
            )
    elif rules.convention.fractions:
        suspect_pixels(carrier, came[known])
    elif known.any():
        suspect_fractions(carrier, came[known].reshape(-1, 2), size, "Declare unit: fractions")
    areas = np.where(known, areas_of(np.where(known[:, None, None], quads, 0.0)), 1.0)
    flat = areas <= 0.0
    if strict and flat.any():
        told = remedy(carrier.stream.name, "boxes without an area are to be left out.")
        index = int(np.argmax(flat))
        raise carrier.fail("boxes with an area", f"box {index}: {came[index].tolist()}", told)
    table = gone(table, ~flat)
    return table if rules.outside == "keep" else _held(table, size, carrier)


def _may_lack(came: NDArray[np.float64], known: NDArray[np.bool_], carrier: Carrier) -> bool:
    """Whether the rows that are not known hold nothing, as a follower's may."""
    return carrier.stream.follows and bool(np.isnan(came[~known]).all())


def _held(table: OrientedTable, size: Size, carrier: Carrier) -> OrientedTable:
    """Boxes that reach out of their picture as the rule has it."""
    rule = carrier.rules.outside
    limit = np.array(size) - 0.5
    over = np.maximum(-0.5 - table.quads, table.quads - limit).max(axis=(1, 2))
    beyond = table.alive & (over > (0.0 if rule == "clip" else TOLERANCE))
    if not beyond.any():
        return table
    if rule == "error":
        index = int(np.argmax(beyond))
        raise carrier.fail(
            f"boxes inside the picture of {size[0]}x{size[1]} pixels",
            f"box {index} with corners {(table.quads[index] + 0.5).round(2).tolist()}",
            remedy(carrier.stream.name, "boxes may reach beyond the picture."),
        )
    if rule == "drop":
        return gone(table, ~beyond)
    quads: Quads = table.quads.copy()
    alive, growth = table.alive.copy(), table.growth.copy()
    for index in beyond.nonzero()[0].tolist():
        quad = quads[index]
        seen, share = outline(quad).within((-0.5, -0.5, *limit.tolist()))
        alive[index] = bool(seen)
        if seen:
            quads[index] = least_rectangle(seen.rings[0], quad[1] - quad[0])
            growth[index] = share
    return OrientedTable(quads, alive, table.left, growth)


def _suspect_angles(came: NDArray[np.float64], carrier: Carrier) -> None:
    """Degrees where radians are declared, and the reverse."""
    if not len(came):
        return
    angles, degrees = came[:, 4], carrier.rules.convention.degrees
    most = float(np.abs(angles).max())
    if not degrees and most > _FULL_TURN:
        carrier.suspect(
            "angle",
            f"its angles reach {most:g}; in radians a full turn is 6.283, and this looks like "
            "degrees. Declare angle: degrees",
        )
    if degrees and len(angles) >= _FEW and 0.0 < most <= _QUARTER and (angles % 1.0 != 0.0).any():
        carrier.suspect(
            "angle",
            f"its angles reach only {most:g} degrees; this looks like radians. Declare angle: "
            "radians",
        )
