"""Points still project where their pixels went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.checks.measure import Measure, Outcome
from syncaug.maps.plane import apply_projective
from syncaug.modalities.camera import CameraCarrier
from syncaug.modalities.points import PointsCarrier

__all__ = ["measure"]

_MOST_POINTS = 2048
_NEAREST = 1e-3


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest distance in pixels, over points that the first picture showed.

    A point's pixel before, moved by the picture's own map, against the pixel where the augmented
    camera sees the augmented point; up to 2048 points, evenly chosen.
    """
    worst, said, measured = 0.0, "", False
    for camera in outcome.carriers(CameraCarrier):
        plane, world = camera.stream.spaces["plane"], camera.stream.spaces["world"]
        if plane in outcome.scene.bent:
            continue
        for points in outcome.carriers(PointsCarrier):
            if points.stream.spaces["world"] != world:
                continue
            step = max(1, len(points.rows) // _MOST_POINTS)
            rows = points.rows[::step]
            original = outcome.before[points.stream.name][rows, :3].astype(np.float64)
            pixels, depth = camera.original.project(original)
            width, height = camera.original.size
            with np.errstate(invalid="ignore"):
                seen = (depth > _NEAREST) & (
                    (pixels > -0.5) & (pixels < [width - 0.5, height - 0.5])
                ).all(axis=1)
            if not seen.any():
                continue
            measured = True
            matrix = outcome.plane(plane).matrix
            # What a turned camera has behind it went out of the picture, and projects nowhere.
            seen[seen] = pixels[seen] @ matrix[2, :2] + matrix[2, 2] > _NEAREST
            if not seen.any():
                continue
            wanted = apply_projective(matrix, pixels[seen])
            now, now_depth = camera.camera.project(points.data[::step, :3].astype(np.float64)[seen])
            distance = np.where(now_depth > 0, np.linalg.norm(now - wanted, axis=1), np.inf)
            if float(distance.max()) > worst:
                worst = float(distance.max())
                name = points.stream.name
                said = f"a point of {name!r} projects {worst:.2f} pixels from where its pixel went"
    if not measured:
        return Measure.nothing("no point projects into a picture")
    passed = worst <= options["max_pixels"]
    return Measure(worst, passed, "" if passed else said)
