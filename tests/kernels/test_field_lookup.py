"""Points under a field: the nearest of all pixels is found, whatever the field."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from syncaug.kernels.field_lookup import follow_field
from syncaug.maps.plane import FieldMap


def field(seed: int, strength: float, width: int = 60, height: int = 45) -> FieldMap:
    """A smooth warp of some pixels."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    waves = generator.standard_normal((height, width, 2)).astype(np.float32)
    waves = cv2.GaussianBlur(waves, (0, 0), 6)
    places = np.stack([x, y], axis=2) + strength * waves / max(np.abs(waves).max(), 1e-6)
    inside = (places >= 0) & (places <= np.array([width - 1, height - 1]))
    return FieldMap(places, inside.all(axis=2), (width, height))


def one_by_one(field: FieldMap, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slow rule: compare a point with the source of every pixel, then one Newton step."""
    height, width = field.valid.shape
    source = field.field.astype(np.float64)
    distance = np.where(field.valid, np.sum((source - point) ** 2, axis=2), np.inf)
    row, column = np.unravel_index(np.argmin(distance), distance.shape)
    if not distance[row, column] <= 1.5**2:
        return np.full(2, np.nan)
    top, left = min(max(int(row), 1), height - 2), min(max(int(column), 1), width - 2)
    across = (source[top, left + 1] - source[top, left - 1]) / 2
    down = (source[top + 1, left] - source[top - 1, left]) / 2
    jacobian = np.stack([across, down], axis=1)
    step = np.zeros(2)
    if np.isfinite(jacobian).all() and abs(np.linalg.det(jacobian)) > 1e-3:
        step = np.linalg.solve(jacobian, point - source[row, column])
    return np.asarray(np.array([column, row]) + np.clip(step, -1.0, 1.0))


FIELDS = {
    "none": field(1, 0.0),
    "gentle": field(2, 3.0),
    "wild": field(3, 15.0),
    "with ties": FieldMap(np.round(field(4, 5.0).field), field(4, 5.0).valid, (60, 45)),
    "mirrored": FieldMap(field(5, 4.0).field[:, ::-1], field(5, 4.0).valid[:, ::-1], (60, 45)),
    "unknown outside": FieldMap(
        np.where(field(6, 6.0).valid[..., None], field(6, 6.0).field, np.float32(np.nan)),
        field(6, 6.0).valid,
        (60, 45),
    ),
    "nothing shown": FieldMap(field(7, 1.0).field, np.zeros((45, 60), bool), (60, 45)),
    "another size": FieldMap(
        field(8, 3.0).field[:20, 10:], field(8, 3.0).valid[:20, 10:], (60, 45)
    ),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_point_goes_where_the_nearest_pixel_says(name: str) -> None:
    points = np.random.default_rng(9).uniform(-6, 66, (150, 2))
    points[::5] = np.round(points[::5])
    points[3], points[4], points[5] = np.nan, 1e9, [-1e300, 20.0]
    with np.errstate(invalid="ignore", over="ignore"):
        wanted = [one_by_one(FIELDS[name], point) for point in points]
    moved = follow_field(FIELDS[name], points)
    assert np.array_equal(moved, wanted, equal_nan=True)
    assert np.isfinite(moved).any() == (name != "nothing shown")


def test_many_points_go_where_each_goes() -> None:
    points = np.random.default_rng(10).uniform(0, 60, (20_000, 2))
    moved = follow_field(FIELDS["gentle"], points)
    for at in (0, 8191, 8192, 19_999):
        alone = follow_field(FIELDS["gentle"], points[at : at + 1])
        assert np.array_equal(moved[at : at + 1], alone, equal_nan=True)
    assert follow_field(FIELDS["gentle"], points[:0]).shape == (0, 2)
