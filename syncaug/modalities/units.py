"""What numbers make likely another unit: depth in millimetres, turn rates in degrees, fractions.

Each check says so through `Carrier.suspect`, with what was seen, what is likely and what to do.
The bounds leave out what real sensors give in the declared unit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size
from syncaug.modalities.carrier import Carrier

__all__ = [
    "suspect_boxes",
    "suspect_depth",
    "suspect_fractions",
    "suspect_inertial",
    "suspect_normals",
    "suspect_pixels",
    "suspect_stamps",
]

_LOOKS = 4096
"""Numbers that a look takes, evenly chosen."""

_FARTHEST_WHOLE = 200.0
_FARTHEST = 1000.0
"""Metres: whole numbers of which a twentieth lies beyond the first, and others of which half lies
beyond the second, are no distances that a depth sensor gives."""
_FASTEST = 35.0
"""rad/s: the range of most gyroscopes ends at 2000 degrees a second, which is 34.9."""
_ONE_G = (0.8, 1.25)
_NINE_G = (8.5, 11.0)
"""What the length of a body's accelerations is in the median under gravity, in g and in m/s2."""
_HARDEST = 160.0
"""m/s2: the range of most accelerometers ends at 16 g."""
_FEW_STAMPS = 4
_FEW_POINTS = 3
"""Fewer points than these may well lie in the first pixel."""
_AWAY = 0.98
"""The share of normals that look away from their camera, where a seen surface faces it."""
_FULL_TURN = 2.0 * math.pi + 1e-3
_FEW_TURNS = 3
"""Fewer boxes than these may well lie in any way."""
_NOTHING = 1e-4
_FRAMES_APART = (8.0, 205.0)
_ROWS_APART = (2.0, 1e4)
"""Whole numbers so far apart are milliseconds, of frames at 5 to 125 Hz and of readings."""
_LAPSES = frozenset({10.0, 15.0, 30.0, 60.0, 90.0, 120.0, 180.0})
"""Seconds that pictures of a time lapse lie apart."""
_LARGEST = 200.0
"""Metres: half of all objects are smaller."""


def suspect_stamps(carrier: Carrier, stamps: NDArray[np.float64], *, film: bool) -> None:
    """Timestamps of frames, or of readings, that are probably in milliseconds."""
    if len(stamps) < _FEW_STAMPS or (stamps != np.rint(stamps)).any():
        return
    step = float(np.median(np.diff(stamps)))
    low, high = _FRAMES_APART if film else _ROWS_APART
    if low <= step <= high and not (film and step in _LAPSES):
        carrier.suspect(
            "timestamps",
            f"its timestamps lie {step:g} s apart, as if they were milliseconds; divide them by "
            "1000 if they are",
        )


def suspect_depth(carrier: Carrier, depth: NDArray[np.float32]) -> None:
    """Depth that is probably in millimetres (or centimetres)."""
    flat = depth.reshape(-1)
    some = flat[:: max(1, len(flat) // _LOOKS)]
    if float(np.fmax.reduce(some)) <= _FARTHEST_WHOLE:  # as nearly all are
        return
    solid = some[np.isfinite(some) & (some > 0.0)].astype(np.float64)
    if len(solid) == 0:
        return
    middle, far = float(np.median(solid)), float(np.quantile(solid, 0.95))
    whole = bool((solid == np.rint(solid)).all())
    if middle > _FARTHEST or (whole and far > _FARTHEST_WHOLE):
        kind = "whole numbers" if whole else "numbers"
        carrier.suspect(
            "unit",
            f"its distances are {kind} up to {float(solid.max()):g}, {middle:g} in the median; "
            "depth is in metres, and this looks like millimetres. Divide by the units in a metre: "
            "depth / numpy.float32(1000)",
        )


def suspect_normals(carrier: Carrier, ahead: NDArray[Any]) -> None:
    """Normals in the axes of OpenGL: almost all look along the camera's z, away from it.

    `ahead` are their z, NaN or 0 where they are not known.
    """
    flat = ahead.reshape(-1)
    some = flat[:: max(1, len(flat) // _LOOKS)]
    away, facing = int((some > 0.0).sum()), int((some < 0.0).sum())
    if away and away >= _AWAY * (away + facing):
        carrier.suspect(
            "axes",
            f"{100.0 * away / (away + facing):.0f}% of its normals look away from the camera, as "
            "no surface does that it shows; this looks like the axes of OpenGL. Declare axes: "
            "opengl, or axes: opencv if x right, y down, z forward is right",
        )


def suspect_inertial(
    carrier: Carrier,
    rows: NDArray[np.float64],
    gyroscope: Sequence[int],
    accelerometer: Sequence[int],
) -> None:
    """Turn rates in degrees a second, and accelerations in multiples of gravity."""
    options = carrier.stream.options
    degrees = options.get("units", "si") == "degrees_g"
    rates = np.abs(rows[:, list(gyroscope)])
    if not degrees and rates.size and rates.max() > _FASTEST:
        carrier.suspect(
            "turn rate",
            f"its turn rates reach {rates.max():.0f}; they are in rad/s, and this looks like "
            "degrees a second. Convert them with numpy.radians, or declare units: degrees_g, "
            "with accelerations in multiples of gravity",
        )
    if len(accelerometer) != 3:
        return
    length = float(np.median(np.linalg.norm(rows[:, list(accelerometer)], axis=1)))
    heavy = options.get("acceleration", "with_gravity") == "with_gravity"
    low, high = _NINE_G if degrees else _ONE_G
    if heavy and low <= length <= high:
        seen = f"its accelerations are {length:.2f} long in the median; "
        said = (
            "they are in multiples of gravity, and this looks like m/s2. Divide them by 9.80665, "
            "or leave units: degrees_g out, with turn rates in rad/s"
            if degrees
            else "they are in m/s2 with gravity, which is 9.81 at rest, and this looks like "
            "multiples of gravity. Multiply them by 9.80665, declare units: degrees_g, with turn "
            "rates in degrees, or gravity: removed if they hold none"
        )
        carrier.suspect("acceleration", seen + said)
    elif length > _HARDEST / (9.80665 if degrees else 1.0):
        carrier.suspect(
            "acceleration",
            f"its accelerations are {length:.0f} long in the median, beyond what accelerometers "
            "measure; these look like raw counts or thousandths. Scale them to the declared unit",
        )


def suspect_boxes(carrier: Carrier, sizes: NDArray[np.float64], yaws: NDArray[np.float64]) -> None:
    """Yaws (N,) in degrees instead of radians, and sizes (N, 3) in other units than metres."""
    if len(sizes) == 0:
        return
    most = float(np.abs(yaws).max(initial=0.0))
    if most > _FULL_TURN:
        carrier.suspect(
            "yaw",
            f"its yaws reach {most:g}; they are in radians, a full turn being 6.283, and this "
            "looks like degrees. Declare yaw: degrees, or convert them with numpy.radians",
        )
    if float(sizes.max()) <= _LARGEST:  # as nearly all are
        return
    middle = float(np.median(sizes.max(axis=1)))
    if middle > _LARGEST:
        carrier.suspect(
            "unit",
            f"its boxes are {middle:g} long in the median; sizes are in metres, and this looks "
            "like centimetres or millimetres. Divide places and sizes by the units in a metre",
        )


def suspect_quaternions(carrier: Carrier, turns: NDArray[np.float64]) -> None:
    """Quaternions (N, 4) as w, x, y, z that were probably given in the other order.

    Things that stand turn about the vertical axis. Read in the other order, they are half turns
    about an axis of their own each, or only roll.
    """
    if len(turns) < _FEW_TURNS or np.ptp(turns, axis=0).max() < _NOTHING:
        return
    none = np.abs(turns).max(axis=0) < _NOTHING
    half, rolled = bool(none[0]), bool(none[2] and none[3])
    if half or rolled:
        seen = "turn all of its boxes by just 180 degrees" if half else "only roll its boxes"
        carrier.suspect(
            "quaternion",
            f"its quaternions {seen}, as those do whose scalar stands at the other end. Name their "
            "columns in the order in which they stand: qw, qx, qy, qz, or qx, qy, qz, qw",
        )


def suspect_fractions(
    carrier: Carrier, points: NDArray[np.float64], size: Size, remedy: str
) -> None:
    """Points as fractions of their picture: all of them lie inside its first pixel."""
    if len(points) < _FEW_POINTS or points.max() > 1.0 or points.min() < 0.0:
        return
    if min(size) > _FEW_POINTS and (points != np.rint(points)).any():
        carrier.suspect(
            "unit",
            f"its points are numbers up to {points.max():g} in a picture of {size[0]}x{size[1]}; "
            f"they are in pixels, and these look like fractions. {remedy}",
        )


def suspect_pixels(carrier: Carrier, ways: NDArray[np.floating]) -> None:
    """Places or ways declared as fractions of the picture, of which most are beyond it."""
    known = np.abs(ways[np.isfinite(ways) & (ways != 0.0)])
    if known.size and (middle := float(np.median(known))) > 1.0:
        carrier.suspect(
            "unit",
            f"its numbers are {middle:g} in the median; fractions above 1 lead out of the picture, "
            "and this looks like pixels. Declare unit: pixels",
        )
