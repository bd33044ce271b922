"""The eight symmetries of the square, acting on a picture and on the sides of it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SIDES", "Symmetry"]

SIDES = ("left", "bottom", "right", "top")
"""The sides in the order in which a counterclockwise quarter turn carries one to the next."""


@dataclass(frozen=True, slots=True)
class Symmetry:
    """First a left-right mirror (if `mirrored`), then `quarters` counterclockwise quarter turns.

    `Symmetry(True, 0)` mirrors left-right, `Symmetry(True, 2)` top-bottom, `Symmetry(False, 2)` is
    the half turn. `quarters` is taken modulo 4.

    >>> from syncaug.words import Symmetry
    >>> Symmetry(mirrored=True).side("left"), Symmetry(quarters=1).side("right")
    ('right', 'top')
    """

    mirrored: bool = False
    quarters: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "quarters", self.quarters % 4)

    @property
    def is_identity(self) -> bool:
        """Whether the picture stays as it is."""
        return not self.mirrored and self.quarters == 0

    @property
    def swaps_axes(self) -> bool:
        """Whether what was horizontal becomes vertical."""
        return self.quarters % 2 == 1

    @staticmethod
    def of(mirrored: bool, quarters: int) -> Symmetry:
        """One of the eight, made once for all who ask."""
        return _ALL[4 * mirrored + quarters % 4]

    def then(self, later: Symmetry) -> Symmetry:
        """This symmetry followed by `later`, as one."""
        quarters = -self.quarters if later.mirrored else self.quarters
        return Symmetry(self.mirrored != later.mirrored, quarters + later.quarters)

    def side(self, side: str) -> str:
        """Where `side` ("left", "bottom", "right" or "top") of the picture lies afterwards."""
        index = SIDES.index(side)
        return SIDES[((2 - index if self.mirrored else index) + self.quarters) % 4]

    def corner(self, corner: str) -> str:
        """Where a corner ("top-left") of the picture lies afterwards."""
        one, other = map(self.side, corner.split("-"))
        return f"{one}-{other}" if one in ("top", "bottom") else f"{other}-{one}"


_ALL = tuple(Symmetry(mirrored, quarters) for mirrored in (False, True) for quarters in range(4))
