"""What the options of a stream of boxes decide, resolved once for all of its samples."""

from __future__ import annotations

from dataclasses import dataclass

from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.sides import Sides
from syncaug.plan.plan import Stream

__all__ = ["BoxRules"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class BoxRules:
    """`form` is the format, `outside` what becomes of boxes that reach beyond their picture.

    `least` is the share of its original area that a box must show to stay, less rounding. `lacks`
    says that a row may come without a box, because other streams of its group may hold it.
    """

    form: str
    outside: str
    least: float
    sides: Sides
    lists: ListRules
    lacks: bool = False

    @staticmethod
    def of(stream: Stream) -> BoxRules:
        """The rules of a stream."""
        options = stream.options
        return BoxRules(
            form=options.get("format", "pascal_voc"),
            outside=options.get("outside", "error"),
            least=options.get("min_visible", 0.0) - _ROUNDING,
            sides=Sides.of(options),
            lists=ListRules.of(stream),
            lacks=stream.follows,
        )
