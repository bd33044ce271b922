"""Outlines of two samples as one: which rows are seen, and every place inside or outside."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scene.compare_outlines import decoded, rings_in
from tests.scene.mixing import LEAST, Exposure
from tests.scene.render_outlines import inside

__all__ = ["mixed_rows", "same_outlines", "stitched_outlines"]

_FINE = 8
Size = tuple[int, int]


def _places(size: Size) -> Any:
    width, height = size
    across = (np.arange(width * _FINE) + 0.5) / _FINE - 0.5
    return across + 1j * ((np.arange(height * _FINE) + 0.5) / _FINE - 0.5)[:, None]


def _marks(row: Any, size: Size) -> NDArray[np.bool_]:
    """The places that a row marks; of run lengths whole pixels."""
    if isinstance(row, dict):
        return np.kron(decoded(row), np.ones((_FINE, _FINE))) != 0
    return inside(rings_in(row), _places(size))


def _screen(how: Exposure, size: Size) -> NDArray[np.bool_]:
    """The places at which the partner is seen."""
    at = _places(size)
    left, top, right, bottom = how.window or (0, 0, 0, 0)
    x, y = at.real + 0.5, at.imag + 0.5
    return np.asarray((x > left) & (x < right) & (y > top) & (y < bottom))


def mixed_rows(own: Any, other: Any, how: Exposure, size: Size) -> list[tuple[bool, int, Any]]:
    """Whose row, which, and the places that it marks, of all rows that are still seen."""
    out = []
    screen = _screen(how, size)
    for mine, rows in ((True, own), (False, other)):
        for index, marks in enumerate(rows):
            if how.window is None:
                share = 1.0 - how.weight if mine else how.weight
                left = marks
            else:
                left = marks & (~screen if mine else screen)
                share = left.sum() / marks.sum()
            if share >= LEAST:
                out.append((mine, index, left))
    return out


def same_outlines(name: str, own: Any, partner: Any, got: Any, how: Exposure, size: Size) -> None:
    """Raise AssertionError where rows or what they are differ from what the mix shows."""
    key = _KEY[name]
    marks = [_rows_marks(key, sample[key], size) for sample in (own, partner)]
    wanted = mixed_rows(*marks, how, size)
    if name != key:
        assert got[name] == [(own if mine else partner)[name][index] for mine, index, _ in wanted]
        return
    assert len(got[key]) == len(wanted)
    for row, (mine, index, left) in zip(got[key], wanted, strict=True):
        came = (own if mine else partner)[key][index]
        if key == "front_oriented_boxes":  # what stays is whole
            assert np.abs(row - came).max() <= 1e-6
            continue
        assert isinstance(row, dict) == isinstance(came, dict)
        assert np.array_equal(_rows_marks(key, [row], size)[0], left)


_KEY = {
    f"front_{name}": f"front_{key}"
    for key, classes in (
        ("polygons", "outline_classes"),
        ("instances", "instance_classes"),
        ("oriented_boxes", "oriented_classes"),
    )
    for name in (key, classes)
}


def _rows_marks(key: str, rows: Any, size: Size) -> list[NDArray[np.bool_]]:
    """The places that each row marks."""
    if key == "front_polygons":
        return [_marks(row, size) for row in rows]
    if key == "front_instances":
        return [np.kron(mask, np.ones((_FINE, _FINE))) != 0 for mask in rows]
    return [inside([_corners(row)], _places(size)) for row in rows]


def _corners(row: Any) -> Any:
    x, y, width, height, degrees = row
    half = np.array([-1 - 1j, 1 - 1j, 1 + 1j, -1 + 1j]) / 2
    way = np.exp(1j * np.radians(degrees))
    return complex(x, y) - 0.5 - 0.5j + way * (half.real * width + 1j * half.imag * height)


def stitched_outlines(name: str, own: Any, partner: Any, got: Any, given: Any, size: Size) -> None:
    """Raise AssertionError where rows are not those of two pictures beside each other."""
    key = _KEY[name]
    if name != key:
        assert got[name] == [*own[name], *partner[name]]
        return
    across, first = given["direction"] == "horizontal", given["first"] == "own"
    whole = (2 * size[0], size[1]) if across else (size[0], 2 * size[1])
    rows = [(first, marks) for marks in _rows_marks(key, own[key], size)]
    rows += [(not first, marks) for marks in _rows_marks(key, partner[key], size)]
    assert len(got[key]) == len(rows)
    for (before, marks), found in zip(rows, _rows_marks(key, got[key], whole), strict=True):
        nothing = np.zeros_like(marks)
        halves = [marks, nothing] if before else [nothing, marks]
        assert np.array_equal(found, np.concatenate(halves, axis=int(across)))
