"""Two streams of one kind, the own and the partner's: what they must share before they mix."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.errors import RefusalError
from syncaug.maps.mix import Mix, Window

__all__ = ["covered", "inside", "joined", "note_mix", "require_equal", "require_same"]

Corners = Any


def note_mix(notes: dict[str, Any], mix: Mix, **more: Any) -> None:
    """Tell the record of one mix; a stream may meet several."""
    notes.setdefault("mixed", []).append({**mix.as_json(), **more})


def require_equal(stream: str, what: str, own: Any, partner: Any) -> None:
    """Refuse two streams of which one thing differs; the error names both."""
    if own != partner:
        raise RefusalError(stream, f"the partner has {what} {partner}, and this sample {own}")


def require_same(stream: str, what: str, of: str, own: np.ndarray, partner: np.ndarray) -> None:
    """Refuse two arrays of another dtype or shape."""
    if own.dtype != partner.dtype or own.shape != partner.shape:
        raise RefusalError(
            stream,
            f"the partner's {what} has the {of} {partner.dtype} {partner.shape}, "
            f"this one {own.dtype} {own.shape}",
        )


def joined(own: Any, partner: Any) -> Any:
    """Two parallel lists, tuples or arrays as one, in the form of the first."""
    if not isinstance(own, np.ndarray):
        return type(own)([*own, *partner])
    return np.concatenate([own, np.asarray(partner)]) if len(partner) else own


def inside(corners: Corners, window: Window) -> tuple[Corners, Any]:
    """The parts of boxes (N, 4) that lie in a window of whole pixels, and their shares."""
    edges = np.array(window, dtype=np.float64) - 0.5
    low = np.maximum(corners[:, :2], edges[:2])
    high = np.minimum(corners[:, 2:], edges[2:])
    size = np.maximum(high - low, 0.0)
    area = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
    return np.hstack([low, high]), np.prod(size, axis=1) / area


def covered(corners: Corners, window: Window) -> tuple[Corners, Any]:
    """The rectangles around what a window leaves of boxes (N, 4), and the shares that it leaves.

    A box shrinks only on a side that the window covers from edge to edge.
    """
    _, hidden = inside(corners, window)
    left, top, right, bottom = np.array(window, dtype=np.float64) - 0.5
    out = corners.copy()
    if right <= left or bottom <= top:
        return out, 1.0 - hidden
    tall = (corners[:, 1] >= top) & (corners[:, 3] <= bottom)
    wide = (corners[:, 0] >= left) & (corners[:, 2] <= right)
    crossed = hidden > 0.0
    for across, low, high, rows in ((0, left, right, tall), (1, top, bottom, wide)):
        from_low = crossed & rows & (corners[:, across] >= low) & (corners[:, across + 2] > high)
        from_high = crossed & rows & (corners[:, across] < low) & (corners[:, across + 2] <= high)
        out[from_low, across] = high
        out[from_high, across + 2] = low
    return out, 1.0 - hidden
