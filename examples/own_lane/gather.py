"""A lane of one's own: `gather` carries masks with plain numpy instead of OpenCV.

The entry point `gather = "gather"` in the group `syncaug.lanes` names this module. `TAKES` are the
modalities that it carries, and `lane` makes the lane of a stream that says `lane: gather`. What the
stream met, a composed plane map, comes from the same steps as ever; only what carries it out is
another. In earnest this would be a lane over tensors on an accelerator.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import PlaneMap
from syncaug.modalities import Lane
from syncaug.modalities.plane.mask import MaskCarrier
from syncaug.plan.plan import Stream

TAKES = ("mask",)


class GatherCarrier(MaskCarrier):
    """A mask of which each target pixel looks up the source pixel nearest to where it came from."""

    __slots__ = ()

    def warp(self, plane: PlaneMap) -> NDArray[Any]:
        width, height = plane.size
        y, x = np.mgrid[:height, :width]
        target = np.stack([x, y, np.ones_like(x)], axis=-1).reshape(-1, 3)
        source = target @ np.reshape(plane.inverse, (3, 3)).T
        seen = source[:, 2] > 0.0
        places = np.full((len(source), 2), -1.0)
        places[seen] = source[seen, :2] / source[seen, 2:]
        columns, rows = np.rint(places).astype(np.intp).T
        seen &= (columns >= 0) & (columns < plane.source[0])
        seen &= (rows >= 0) & (rows < plane.source[1]) & plane.leaves(places)
        out = np.full((len(source), *self.data.shape[2:]), self.fill(), self.data.dtype)
        out[seen] = self.data[rows[seen], columns[seen]]
        return out.reshape(height, width, *self.data.shape[2:])


def lane(stream: Stream) -> Lane:
    """The lane of one stream of a plan, made once for all samples."""
    return GatherCarrier.lane(stream)
