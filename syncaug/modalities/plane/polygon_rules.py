"""What the options of a stream of polygons decide, resolved once for all of its samples."""

from __future__ import annotations

from dataclasses import dataclass

from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.sides import Sides
from syncaug.plan.plan import Stream

__all__ = ["PolygonRules"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class PolygonRules:
    """`outside` is what becomes of outlines that reach beyond their picture.

    `fractions` says that numbers are shares of the picture's sides, `edge` that they count from its
    edge and not from the centre of its first pixel. `least` is the share of its area that a thing
    must show to stay, less rounding.
    """

    outside: str
    fractions: bool
    edge: bool
    least: float
    sides: Sides
    lists: ListRules

    @staticmethod
    def of(stream: Stream) -> PolygonRules:
        """The rules of a stream."""
        options = stream.options
        return PolygonRules(
            outside=options.get("outside", "error"),
            fractions=options.get("unit", "pixels") == "fractions",
            edge=options.get("origin", "edge") == "edge",
            least=options.get("min_visible", 0.0) - _ROUNDING,
            sides=Sides.of(options),
            lists=ListRules.of(stream),
        )
