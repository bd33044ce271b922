"""How much of a picture is content, and how much of the original can still be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.measure import Measure, Outcome
from syncaug.checks.views import Points, grid, shown_by
from syncaug.maps.mask import Occlusion
from syncaug.maps.plane import PlaneMap

__all__ = ["measure"]

_GRID = 96

Hidden = Sequence[tuple[PlaneMap, Occlusion]]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The least share of an augmented picture that is not fill.

    Also measured: the share of the original that is still visible. What is covered is neither. Both
    are counted on a grid of pixel centres; a plane that met a warp without a formula is left out.
    """
    parts: dict[str, float] = {}
    failed: list[str] = []
    for plane, total in outcome.state.totals.items():
        if plane in outcome.state.warped or options.get("plane", plane) != plane:
            continue
        hidden = outcome.state.hidden.get(plane, ())
        content, kept = _content(total, hidden), _kept(total, hidden)
        parts |= {f"{plane}/content": content, f"{plane}/original": kept}
        if content < options["min_content"]:
            failed.append(f"{content:.0%} of picture {plane!r} is not fill")
        if kept < options["min_original"]:
            failed.append(f"{kept:.0%} of the original of {plane!r} is still visible")
    if not parts:
        return Measure.nothing("no picture that moved by a formula")
    least = min(value for name, value in parts.items() if name.endswith("/content"))
    return Measure(least, not failed, ", ".join(failed), parts)


def _kept(total: PlaneMap, hidden: Hidden) -> float:
    source = grid(total.source, _GRID)
    return float((shown_by(total, source)[1] & ~_covered(source, hidden)).mean())


def _content(total: PlaneMap, hidden: Hidden) -> float:
    matrix = total.matrix
    if abs(np.linalg.det(matrix)) < 1e-12:
        return 0.0
    # A pixel and its source must lie on the same side of a turned camera.
    inverse = np.asarray(np.linalg.inv(matrix), dtype=np.float64)
    back = PlaneMap.of(inverse, total.size, total.source)
    source, inside = shown_by(back, grid(total.size, _GRID))
    inside &= total.leaves(np.nan_to_num(source))
    return float((inside & ~_covered(source, hidden)).mean())


def _covered(source: Points, hidden: Hidden) -> NDArray[np.bool_]:
    """Which pixels of the original were covered when they were where a map took them."""
    out: NDArray[np.bool_] = np.zeros(len(source), dtype=np.bool_)
    for there, occlusion in hidden:
        with np.errstate(invalid="ignore"):
            out |= occlusion.covers(shown_by(there, source)[0])
    return out
