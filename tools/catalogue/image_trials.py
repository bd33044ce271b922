"""Albumentations' operations tried out: the pictures they take, what they move and recolour."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.backends import albumentations as adapter
from syncaug.catalogue import OperationSpec, ParameterSpec
from syncaug.catalogue.reader import Moves
from syncaug.maps.plane import FieldMap
from syncaug.randomness import Source
from tools.catalogue.colours import Shift, worst
from tools.catalogue.image_facts import COLOURING, MOVING, REQUIRED, SMEARS, STAYS, TURNING

__all__ = ["accepted", "changes_colours", "moves_of"]

LIBRARY = "albumentations"
A = adapter.library


def changes_colours(cls: type, kind: str) -> bool:
    """Whether some of the values tried makes words for colours wrong, on pictures of one kind."""
    name = cls.__name__
    if not kind.endswith("x3") or name in SMEARS:
        return False
    trials = [REQUIRED.get(name, {}), COLOURING.get(name, {})]
    return any(colour_shift(cls, kind, given).changes_colours for given in trials)


def colour_shift(cls: type, kind: str, given: dict[str, Any]) -> Shift:
    """What an operation with these values does to colours, at its worst."""
    operation = adapter.AlbumentationsOperation(_spec(cls, kind, given), "image", given)

    def run(picture: Any, seed: int) -> Any:
        return operation.run(picture, {}, Source(seed, "catalogue", 0).entropy("colour")).data

    return worst(run, kind.partition("x")[0])


def picture(kind: str, height: int = 48, width: int = 64) -> np.ndarray[Any, Any]:
    """A smooth picture with some detail."""
    dtype, _, channels = kind.partition("x")
    y, x = np.mgrid[:height, :width]
    waves = [0.5 + 0.4 * np.sin(x / (4 + c) + y / (7 - c)) for c in range(int(channels))]
    levels = np.stack(waves, axis=-1)
    levels[height // 3 : height // 2, width // 4 : width // 2] = 0.9
    return (levels * 255).astype(np.uint8) if dtype == "uint8" else levels.astype(np.float32)


def _spec(cls: type, kind: str, given: dict[str, Any], moves: Moves = "nothing") -> OperationSpec:
    parameters = {n: ParameterSpec(n, {}, "fixed") for n in given}
    return OperationSpec(
        f"{LIBRARY}.{cls.__name__}",
        LIBRARY,
        "image",
        "",
        ("image",),
        moves,
        parameters,
        accepts=(kind,),
    )


def accepted(cls: type, kind: str) -> bool:
    """Whether an operation gives back pictures of the kind that it gets."""
    data = picture(kind)
    try:
        given = REQUIRED.get(cls.__name__, {})
        operation = adapter.AlbumentationsOperation(_spec(cls, kind, given), "image", given)
        results = [
            operation.run(data, {}, Source(i, "catalogue", 0).entropy("try")).data for i in range(3)
        ]
    except Exception:
        return False
    return all(
        r.dtype == data.dtype and r.ndim == 3 and r.shape[2] == data.shape[2] for r in results
    )


def moves_of(cls: type, kind: str) -> tuple[str, list[str]]:
    """The space that an operation moves, and what of sides, mirror, size and area it may change."""
    if issubclass(cls, A.ImageOnlyTransform) or cls.__name__ in STAYS:
        return "nothing", []
    name = cls.__name__
    moves, changes = "nothing", set()
    trials = [(MOVING.get(name, {}), 12)] + ([(TURNING[name], 1)] if name in TURNING else [])
    for values, seeds in trials:
        given = {**REQUIRED.get(name, {}), **values}
        operation = adapter.AlbumentationsOperation(
            _spec(cls, kind, given, "field"), "image", given
        )
        for seed in range(seeds):
            entropy = Source(seed, "catalogue", 0).entropy("move")
            found = operation.run(picture(kind), {}, entropy).moved
            if found.size != found.source:
                changes.add("size")
            if sorted(found.size) != sorted(found.source):
                changes.add("area")
            if isinstance(found, FieldMap):
                moves = "field" if _bends(found) else moves
                continue
            if _mirrors(found.matrix):
                changes.add("mirror")
            if _trades_sides(found.matrix):
                changes.add("sides")
            if found.size != found.source or not np.allclose(found.matrix, np.eye(3)):
                moves = "plane" if moves == "nothing" else moves
    return moves, sorted(changes)


def _bends(found: FieldMap) -> bool:
    if found.size != found.source:
        return True
    height, width = found.valid.shape
    y, x = np.mgrid[:height, :width]
    away = np.abs(found.field - np.stack([x, y], axis=-1))[found.valid]
    return bool(away.size and away.max() >= 0.01)


def _mirrors(matrix: Any) -> bool:
    (a, b), (c, d) = np.asarray(matrix)[:2, :2]
    return bool(a * d - b * c < 0)


def _trades_sides(matrix: Any) -> bool:
    """Whether what was left is not left any more: a mirror, or a turn by 45 degrees and more."""
    (a, b), (c, d) = np.asarray(matrix)[:2, :2]
    return _mirrors(matrix) or bool(abs(np.degrees(np.arctan2(c - b, a + d))) >= 45)
