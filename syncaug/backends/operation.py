"""The protocol of all operations: one call of a library on one stream, and what it implies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from syncaug.catalogue import OperationSpec
    from syncaug.maps.plane import FieldMap, PlaneMap
    from syncaug.maps.time import TimeMap
    from syncaug.maps.world import WorldMap
    from syncaug.randomness import Entropy
    from syncaug.words import Edit

__all__ = ["Operated", "Operation", "PerFrame"]


class Operated(NamedTuple):
    """What one call made of a stream.

    `data` is the stream afterwards. `moved` is the map that the very same parameters imply, for the
    streams that follow; None where nothing moves. `border` is what a moved picture shows beyond its
    source, by OpenCV's number (0 is fill). Of a text, `edits` lead from the old one to `data`, in
    order and disjoint. Of points, `rows` are the indices that are kept, where some are dropped.
    """

    data: Any
    moved: PlaneMap | FieldMap | TimeMap | WorldMap | None = None
    border: int = 0
    edits: tuple[Edit, ...] = ()
    rows: NDArray[np.int64] | None = None


class PerFrame(NamedTuple):
    """What one call does to each frame of a film: a pure function (HxWxC), the same for all.

    `moved` and `border` are those of `Operated`.
    """

    function: Callable[[NDArray[Any]], NDArray[Any]]
    moved: PlaneMap | FieldMap | None = None
    border: int = 0


class Operation(ABC):
    """One operation made ready for one stream, built once per plan; safe from several threads.

    `spec` is its entry in the catalogue.
    """

    spec: OperationSpec

    @abstractmethod
    def run(
        self, data: Any, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        """The stream afterwards: a pure function of all four, which are left as they are.

        `values` holds concrete values of the parameters that vary per sample; whatever else the
        library draws comes from `entropy`. `rate` is the sample rate of sound in Hz, or 0. Raises
        ValueError where the data do not suit.
        """

    def avoiding(self, spans: Sequence[tuple[int, int]]) -> Operation:
        """The operation that leaves these spans of a text as they are, where it can spare any."""
        return self

    def among(self, texts: Mapping[str, tuple[str, ...]]) -> Operation:
        """The operation that may put one of these texts, by name, in the place of a text."""
        return self

    def on_frames(
        self, first: NDArray[Any], values: Mapping[str, Any], entropy: Entropy
    ) -> PerFrame | None:
        """What happens to each frame of a film whose first one is `first`, drawn once.

        None where the operation knows no frames: `run` then gets all of them as one array.
        """
        return None
