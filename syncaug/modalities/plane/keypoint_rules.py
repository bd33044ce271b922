"""What the options of a stream of keypoints decide, resolved once for all of its samples."""

from __future__ import annotations

from dataclasses import dataclass

from syncaug.body_sides import swapped_order
from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.sides import Sides
from syncaug.plan.plan import Stream

__all__ = ["KeypointRules"]


@dataclass(frozen=True, slots=True)
class KeypointRules:
    """`outside` is what becomes of visible points that lie beyond their picture.

    `names` fix the order of a body's points; `mirrored_order` is, for each of its rows, the row
    that a mirror brings there, and is empty where rows stay. `sides` is for names in lists. `rowed`
    says that its rows are those of a group, `lacks` that one may hold nothing as it comes, and
    `edge` that its numbers count from the picture's edge.
    """

    names: tuple[str, ...]
    mirrored_order: tuple[int, ...]
    outside: str
    sides: Sides
    lists: ListRules
    rowed: bool = False
    lacks: bool = False
    edge: bool = False

    @staticmethod
    def of(stream: Stream) -> KeypointRules:
        """The rules of a stream."""
        options = stream.options
        names = tuple(options.get("names") or ())
        sides = Sides.of(options, default="swap")
        return KeypointRules(
            names=names,
            mirrored_order=tuple(swapped_order(names)) if names and sides.swaps else (),
            outside=options.get("outside", "keep"),
            sides=sides,
            lists=ListRules.of(stream),
            rowed=bool(stream.rows),
            lacks=stream.follows,
            edge=options.get("origin", "centre") == "edge",
        )
