"""Operations on clouds: a matrix that cameras can follow, and columns for normals."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.catalogue import OperationSpec
from syncaug.compiler.complaints import Path
from syncaug.compiler.declared import Declared
from syncaug.plan.step import Call
from syncaug.values.value import Constant

__all__ = ["require_normals", "require_similar", "what_bends"]

_TOLERANCE = 1e-6
_LAST = (0.0, 0.0, 0.0, 1.0)


def require_similar(call: Call, spec: OperationSpec, path: Path, declared: Declared) -> None:
    """A matrix that moves a world must be one that cameras and boxes can follow."""
    if spec.moves != "world":
        return
    for key, value in call.parameters.items():
        bends = what_bends(value.value) if isinstance(value, Constant) else ""
        if bends:
            declared.complaints.add(
                "SA512",
                (*path, key),
                f"{spec.name} cannot take this matrix: {bends}",
                expected="a similarity: rotation, mirror, uniform scale and shift",
            )


def require_normals(call: Call, spec: OperationSpec, path: Path, declared: Declared) -> None:
    """What finds normals writes them to columns of the cloud, which it must have."""
    if not spec.may_change("normals"):
        return
    from syncaug.plan.columns import WORLD, layout_of  # where there are no columns, not loaded

    vectors = layout_of(declared.streams[call.stream].options).vectors
    if not any(v.kind is WORLD["normal"] and len(v.columns) == 3 for v in vectors):
        declared.complaints.add(
            "SA310",
            (*path, "op"),
            f"{spec.name} fills the columns of the normals, and {call.stream!r} has none",
            expected="nx, ny and nz among its columns, which the clouds hold",
        )


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
