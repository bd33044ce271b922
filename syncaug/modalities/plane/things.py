"""Rows of things in a picture: what boxes, polygons, instances and oriented boxes share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from syncaug.maps.mask import Drop
from syncaug.maps.plane import PlaneMap
from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.rows import Bools, Numbers
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.plane.geometry import GeometryCarrier

__all__ = ["ThingsCarrier"]


class ThingRules(Protocol):
    """What the rules of all of them hold."""

    @property
    def sides(self) -> Sides:
        """What becomes of names of sides in a mirror."""
        ...

    @property
    def lists(self) -> ListRules:
        """The parallel lists."""
        ...


class ThingsCarrier(GeometryCarrier):
    """N things with parallel lists; `blind` says that the stream was dropped.

    A thing of which too little is seen is not alive any more; it leaves with its entries at the
    end.
    """

    __slots__ = ("blind", "lists")
    rules: ThingRules
    blind: bool
    lists: ParallelLists

    @property
    def labels(self) -> Any:
        """The list that says what the things are, if there is one."""
        return self.lists.names

    def side_names(self) -> Iterable[str]:
        return self.lists.texts()

    def turn_lists(self, plane: PlaneMap) -> None:
        """Let the lists follow a map: names of sides in a mirror, and lists that tell of places."""
        if self.lists and plane.mirrors:
            self.lists = self.lists.mirrored(self.rules.sides)
        if self.lists.tell_places and not plane.is_identity:
            turned = not (plane.is_affine and np.allclose(plane.matrix[:2, :2], np.eye(2)))
            self.lists.suspect_places(self, turned=turned)

    def drop(self, drop: Drop) -> None:
        """Nothing is left, nor what runs parallel to it; the picture still shows the things."""
        self.settle()
        self.blind = True
        if not self.stream.rows:  # else its rows live on, and hold nothing
            self.lose_all()

    @abstractmethod
    def lose_all(self) -> None:
        """Go on with no thing alive."""

    @abstractmethod
    def row_count(self) -> int: ...

    @abstractmethod
    def alive_rows(self) -> Bools: ...

    @abstractmethod
    def give_rows(self, kept: Numbers) -> dict[str, Any]: ...

    def finish(self) -> dict[str, Any]:
        self.settle()
        return self.give_rows(self.alive_rows().nonzero()[0])
