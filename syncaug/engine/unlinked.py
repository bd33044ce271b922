"""Whether rows of two streams are the same things although no `rows:` says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from syncaug.modalities.carrier import Carrier
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.modalities.plane.keypoints import KeypointsCarrier
from syncaug.modalities.world.boxes3d import Boxes3dCarrier
from syncaug.suspicions import Suspicions

__all__ = ["suspect_rows"]

_CODE = "rows"
_HALF = 0.5
_MARGIN = 0.1
"""By how much of its size a box may miss points of the body in it."""
_PAGE = "(see docs/rows.md)"


def suspect_rows(
    pairs: Iterable[tuple[str, str]], carriers: Mapping[str, Carrier], suspicions: Suspicions
) -> None:
    """Let streams say so whose row n is probably what row n of some boxes is."""
    for boxes, other in pairs:
        own, beside = carriers.get(boxes), carriers.get(other)
        if suspicions.has_said(other, _CODE) or not isinstance(own, BoxesCarrier):
            continue
        alike = (isinstance(beside, KeypointsCarrier) and _bodies_in_boxes(beside, own)) or (
            isinstance(beside, Boxes3dCarrier) and _same_names(beside.labels, own.labels)
        )
        if alike and beside is not None:
            beside.suspect(
                _CODE,
                f"its {own.row_count()} rows are probably those of {boxes!r}, and each stream "
                "drops rows by its own rules: row n of one will not be row n of the other. Declare "
                f"rows: NAME at both, so that they go together, or rows: none {_PAGE}",
            )


def _bodies_in_boxes(points: KeypointsCarrier, boxes: BoxesCarrier) -> bool:
    """Whether there are as many bodies as boxes, and their places do not speak against it.

    Points without a body count only where there are several, each in its own box.
    """
    count = points.row_count()
    if not count or count != boxes.row_count() or len(boxes.kept) != count:
        return False
    bodies = points.came.ndim == 3
    corners = boxes.corners[:, None]
    margin = 1.0 + _MARGIN * (corners[..., 2:] - corners[..., :2])
    places = points.pixels.reshape(count, -1, 2)
    within = (places >= corners[..., :2] - margin) & (places <= corners[..., 2:] + margin)
    visible = points.visible.reshape(count, -1)
    counted = visible.sum(axis=1)
    seen = counted > 0
    inside = (within.all(axis=2) & visible).sum(axis=1)[seen] / counted[seen]
    agree = int(np.count_nonzero(inside > _HALF))
    if not bodies or count == 1:
        return bool(seen.all()) and agree == count and (bodies or (count > 1 and not points.names))
    return agree > 0 or not seen.any()


def _same_names(own: Sequence[object], other: Sequence[object]) -> bool:
    """Whether two lists name the same several things in the same order."""
    names = [str(name) for name in own]
    return len(set(names)) > 1 and names == [str(name) for name in other]
