"""Whether a matrix that a policy gives moves the world without bending it."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["what_bends"]

_TOLERANCE = 1e-6
_LAST = (0.0, 0.0, 0.0, 1.0)


def what_bends(rows: Sequence[Sequence[float]]) -> str:
    """Why a 4x4 matrix is no similarity (rotation, mirror, uniform scale, shift); else empty."""
    if any(abs(a - b) > _TOLERANCE for a, b in zip(rows[3], _LAST, strict=True)):
        return f"its last row is {[float(number) for number in rows[3]]}"
    columns = [[float(rows[row][column]) for row in range(3)] for column in range(3)]
    lengths = [sum(number * number for number in column) ** 0.5 for column in columns]
    longest = max(lengths)
    if min(lengths) <= _TOLERANCE * longest or longest == 0.0:
        return "it flattens the world"
    if longest - min(lengths) > _TOLERANCE * longest:
        return "it scales axes by " + ", ".join(f"{length:g}" for length in lengths)
    for first, second in ((0, 1), (0, 2), (1, 2)):
        skew = sum(a * b for a, b in zip(columns[first], columns[second], strict=True))
        if abs(skew) > _TOLERANCE * longest * longest:
            return "it shears the world"
    return ""
