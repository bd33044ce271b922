"""The cells of the table: every transform on every modality, and what holds each of them.

A cell is a square where one of the transform's kinds of map carries the modality, and otherwise
unaffected, for the reasons that the library gives.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncaug.catalogue.transforms import transform, transform_names
from syncaug.plan.spaces import CARRIED_BY, LIVES_IN, REASONS
from tests.scene.render import MODALITY_OF
from tests.scene.scenes import DRAWS

__all__ = ["NOISY", "REFUSED", "SQUARES", "UNAFFECTED", "reason_of"]

Cell = tuple[str, str]

REFUSED: Mapping[Cell, tuple[str, str]] = {}
"""Cells that do not compile: the parameters that one would write, and the problem's code."""


_THROUGH_TEXT = frozenset({"tone", "noise"})
"""Kinds of map that reach phrases through the text in which they stand."""


def _carried(name: str, modality: str) -> bool:
    kinds = CARRIED_BY[modality] | (_THROUGH_TEXT if modality == "phrases" else frozenset())
    return any(kind in kinds for kind in transform(name).makes)


_ALL = [
    (name, modality)
    for name in transform_names()
    for modality in LIVES_IN
    if name in DRAWS and modality in MODALITY_OF
]
NOISY: tuple[Cell, ...] = tuple(cell for cell in _ALL if cell[0] == "noise" and _carried(*cell))
"""Cells whose square is one of levels: noise leaves a scene as it is."""
SQUARES: tuple[Cell, ...] = tuple(
    cell for cell in _ALL if _carried(*cell) and cell not in REFUSED and cell not in NOISY
)
"""Cells that a commuting square proves."""
UNAFFECTED: tuple[Cell, ...] = tuple(
    cell for cell in _ALL if not _carried(*cell) and cell not in REFUSED
)
"""Cells in which the stream comes out as it came, byte for byte."""


def reason_of(name: str, modality: str) -> str:
    """Why a transform leaves a modality as it is; empty where nobody says."""
    reasons = [REASONS.get((modality, kind), "") for kind in transform(name).makes]
    return next((reason for reason in reasons if reason), "")
