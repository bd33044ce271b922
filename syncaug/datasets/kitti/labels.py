"""Lines of KITTI's label files: what each of their fifteen or sixteen fields means.

The development kit of the object benchmark (Geiger et al. 2012, readme.txt) defines them: type,
truncated, occluded, alpha, the box in the left colour image (left, top, right, bottom), height,
width, length, the centre of the bottom face x, y, z in the rectified camera's axes (x right, y
down, z forward), rotation_y about the camera's y axis, and in results a score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from syncaug.datasets.problem import text_lines
from syncaug.errors import ManifestError

__all__ = ["NO_PLACE", "Label", "line_of", "read_labels"]

_TRACKED = (
    ". The tracking benchmark has a frame and a track in front of them: write a file of 15 fields "
    "for each frame"
)
NO_PLACE = (-1.0, -1.0, -1.0, -1000.0, -1000.0, -1000.0, -10.0)
"""Height, width, length, x, y, z and rotation_y of a row that has no place in the world."""


@dataclass(frozen=True, slots=True)
class Label:
    """One object; `solid` is x, y, z, height, width, length, rotation_y; None without a place."""

    kind: str
    truncated: float
    occluded: int
    box: tuple[float, float, float, float]
    solid: tuple[float, ...] | None
    score: float | None = None


def read_labels(path: Path) -> list[Label]:
    """The objects of a label file. Raises ManifestError with the line."""
    return [_label(path, number, line) for number, line in enumerate(text_lines(path), start=1)]


def _label(path: Path, number: int, line: str) -> Label:
    fields = line.split()
    if len(fields) not in (15, 16):
        raise ManifestError(
            f"{path}:{number}: expected 15 fields of an object, or 16 with a score; "
            f"got {len(fields)}{_TRACKED if len(fields) in (17, 18) else ''}"
        )
    try:
        numbers = [float(field) for field in fields[1:]]
    except ValueError:
        raise ManifestError(
            f"{path}:{number}: expected numbers behind the type; got {line!r}"
        ) from None
    if not all(map(math.isfinite, numbers)):
        raise ManifestError(f"{path}:{number}: expected finite numbers; got {line!r}")
    truncated, occluded, _, *rest = numbers
    height, width, length, x, y, z, turn = rest[4:11]
    placed = min(height, width, length) > 0
    return Label(
        fields[0],
        truncated,
        int(occluded),
        (rest[0], rest[1], rest[2], rest[3]),
        (x, y, z, height, width, length, turn) if placed else None,
        rest[11] if len(rest) > 11 else None,
    )


def line_of(label: Label) -> str:
    """The line of an object.

    alpha, the angle at which the camera sees it, is rotation_y less the direction to its place.
    """
    alpha, place = -10.0, NO_PLACE
    if label.solid is not None:
        x, y, z, height, width, length, turn = label.solid
        alpha = _angle(turn - math.atan2(x, z))
        place = (height, width, length, x, y, z, _angle(turn))
    numbers = [*label.box, *place]
    fields = [label.kind, _shown(label.truncated, 2), str(label.occluded), _shown(alpha, 6)]
    fields += [_shown(number, 6) for number in numbers]
    fields += [] if label.score is None else [_shown(label.score, 6)]
    return " ".join(fields)


def _angle(radians: float) -> float:
    """The same angle in -pi to pi."""
    return math.remainder(radians, math.tau)


def _shown(number: float, digits: int) -> str:
    """A number with at least two digits, as the benchmark writes them, and as many as it needs."""
    text = f"{number:.{digits}f}"
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"
