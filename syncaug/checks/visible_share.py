"""How much of a picture is content, and how much of the original can still be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.checks.measure import Measure, Outcome
from syncaug.checks.views import grid, shown_by
from syncaug.maps.plane import PlaneMap

__all__ = ["measure"]

_GRID = 96


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The least share of an augmented picture that is not fill.

    Also measured: the share of the original that is still visible. Both are counted on a grid of
    pixel centres; a plane that met a warp without a formula is left out.
    """
    parts: dict[str, float] = {}
    failed: list[str] = []
    for plane, total in outcome.scene.totals.items():
        if plane in outcome.scene.bent or options.get("plane", plane) != plane:
            continue
        content, kept = _content(total), _kept(total)
        parts |= {f"{plane}/content": content, f"{plane}/original": kept}
        if content < options["min_content"]:
            failed.append(f"{content:.0%} of picture {plane!r} is not fill")
        if kept < options["min_original"]:
            failed.append(f"{kept:.0%} of the original of {plane!r} is still visible")
    if not parts:
        return Measure.nothing("no picture that moved by a formula")
    least = min(value for name, value in parts.items() if name.endswith("/content"))
    return Measure(least, not failed, ", ".join(failed), parts)


def _kept(total: PlaneMap) -> float:
    return float(shown_by(total, grid(total.source, _GRID))[1].mean())


def _content(total: PlaneMap) -> float:
    matrix = total.matrix
    if abs(np.linalg.det(matrix)) < 1e-12:
        return 0.0
    # A pixel and its source must lie on the same side of a turned camera.
    inverse = np.asarray(np.linalg.inv(matrix), dtype=np.float64)
    back = PlaneMap(inverse, total.size, total.source)
    return float(shown_by(back, grid(total.size, _GRID))[1].mean())
