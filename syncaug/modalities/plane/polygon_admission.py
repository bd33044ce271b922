"""Admission of polygons: holding outlines and run lengths against their picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from syncaug.kernels.rings import Ring, extent, has_inside
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.plane.bounds import TOLERANCE, remedy
from syncaug.modalities.plane.outline import Outline
from syncaug.modalities.plane.outline_forms import Row, Units, nothing, outline_of
from syncaug.modalities.plane.outline_table import Item, OutlineTable, fresh
from syncaug.modalities.plane.stencil import Stencil
from syncaug.modalities.units import suspect_fractions, suspect_pixels

__all__ = ["admitted"]


def admitted(
    forms: Sequence[Row],
    came: Sequence[tuple[Ring, ...] | Stencil],
    units: Units,
    size: Size,
    carrier: Carrier,
) -> OutlineTable:
    """The rows in a picture of that size; what is none in it goes or is held as `outside:` says.

    Raises SampleError where the rule lets none go.
    """
    items: list[Item] = []
    shares = np.ones(len(forms))
    points: list[Ring] = []
    for index, (form, value) in enumerate(zip(forms, came, strict=True)):
        if isinstance(value, Stencil):
            items.append(_stencil(value, index, size, carrier))
            continue
        rings = tuple(units.read(ring) for ring in value)
        outline = outline_of(form, _sound(rings, index, carrier))
        item, shares[index] = _held(outline, index, size, carrier)
        items.append(item if item else nothing(form, size))
        points += value
    if points and carrier.rules.fractions:
        suspect_pixels(carrier, np.concatenate(points))
    elif points:
        suspect_fractions(carrier, np.concatenate(points), size, "Declare unit: fractions")
    return fresh(forms, items, shares)


def _stencil(stencil: Stencil, index: int, size: Size, carrier: Carrier) -> Stencil:
    height, width = stencil.mask.shape
    if (width, height) == size:
        return stencil
    if carrier.rules.outside != "drop":
        raise carrier.fail(
            f"run lengths of the picture's size [{size[1]}, {size[0]}] (height, width)",
            f"row {index} of [{height}, {width}]",
            "Give the masks of this picture, or declare outside: drop.",
        )
    return Stencil.nothing(size)


def _sound(rings: tuple[Ring, ...], index: int, carrier: Carrier) -> tuple[Ring, ...]:
    """The rings that surround something; only `outside: error` refuses the others."""
    name, strict = carrier.stream.name, carrier.rules.outside == "error"
    sound = []
    for ring in rings:
        if not np.isfinite(ring).all():
            if strict:
                told = remedy(name, "such rings are to be left out.")
                raise carrier.fail("finite coordinates", f"NaN or infinity in row {index}", told)
        elif has_inside(ring):
            sound.append(ring)
        elif strict:
            raise carrier.fail(
                "rings of at least 3 points that surround something",
                f"row {index} with a ring of {len(ring)} points"
                + (" on one line" if len(ring) > 2 else ""),
                remedy(name, "such rings are to be left out."),
            )
    return tuple(sound)


def _held(outline: Outline, index: int, size: Size, carrier: Carrier) -> tuple[Outline, float]:
    """An outline that reaches out of its picture, as the rule has it; the share that is left."""
    if not outline:
        return outline, 1.0
    left, top, right, bottom = outline.extent
    width, height = size[0] - 0.5, size[1] - 0.5
    over = max(-0.5 - left, -0.5 - top, right - width, bottom - height)
    if carrier.rules.outside == "clip" and over > 0.0:
        return outline.within((-0.5, -0.5, width, height))
    if over <= TOLERANCE:
        return outline, 1.0
    if carrier.rules.outside == "drop":
        return Outline((), outline.holes), 1.0
    told = [round(edge + 0.5, 3) for edge in extent(outline.rings)]
    raise carrier.fail(
        f"outlines inside the picture of {size[0]}x{size[1]} pixels",
        f"row {index} from {told[:2]} to {told[2:]}",
        remedy(carrier.stream.name, "outlines may reach beyond the picture."),
    )
