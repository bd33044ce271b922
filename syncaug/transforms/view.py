"""What a transform may ask about the sample: sizes and cameras, never data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.maps.latent import Latent
from syncaug.maps.lens_map import LensMap
from syncaug.maps.mask import Blank, Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.oriented import Solid
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Rebuild, Speech, Tilt
from syncaug.maps.world import Frustum, WorldMap
from syncaug.randomness import Entropy

__all__ = ["ANYWHERE", "Located", "Map", "Maps", "Objects", "View", "words_of"]

Map = (
    PlaneMap
    | LensMap
    | TimeMap
    | WorldMap
    | Frustum
    | ToneMap
    | Noise
    | Blank
    | Occlusion
    | Drop
    | Mix
    | Latent
    | Rebuild
    | Tilt
    | float
)
Located = tuple[str, str, Map]
"""The kind of map, the name of the space or stream that it acts on, and the map."""
Maps = Sequence[Located]

ANYWHERE = ""
"""The space of maps that act wherever the step reaches."""


class Objects(NamedTuple):
    """The 3-D boxes (N, 7) of a world and of the same world of the partner, upright, with z up.

    `axes` (3, 3) take them to the axes of the world; `solids` are the partner's as they lie there,
    each with its stream and its row. `counts` says how many of the partner's points lie in each of
    its boxes (infinitely many where it has no points); `extent` holds the lowest and highest x and
    y of the own points, or boxes, and is None where there is neither; `ground` holds the height of
    the own ground and of the partner's, and is None where one of them has no points.
    """

    own: NDArray[np.float64]
    partner: NDArray[np.float64]
    counts: NDArray[np.float64]
    extent: NDArray[np.float64] | None
    ground: tuple[float, float] | None
    axes: NDArray[np.float64]
    solids: Sequence[tuple[str, int, Solid]]


def words_of(parameters: Mapping[str, object], streams: Iterable[str]) -> dict[str, str]:
    """What a step says of streams by their own names, beside its parameters."""
    return {stream: str(parameters[stream]) for stream in streams if stream in parameters}


class View(Protocol):
    """The state of a sample's spaces when a step begins."""

    def planes(self, named: str) -> Sequence[str]:
        """The planes that the step reaches; only `named` where that is not empty."""

    def pictures(self, named: str) -> Iterable[tuple[str, Size]]:
        """Those planes, each with the width and height of its picture now."""

    def worlds(self, named: str) -> Sequence[str]:
        """The worlds that the step reaches; only `named` where that is not empty."""

    def clocks(self, named: str) -> Sequence[str]:
        """The clocks that the step reaches; only `named` where that is not empty."""

    def duration(self, clock: str) -> float:
        """How many seconds a clock lasts now."""

    def falls_short(self, clock: str, unit: float) -> None:
        """Warn of a clock that is shorter than any `duration`, in units of seconds, of the step."""

    def tick(self, clock: str) -> float:
        """The seconds between two samples of a clock's finest sound; 0 where there is none."""

    def size(self, plane: str) -> Size:
        """Width and height of a plane's picture now."""

    def history(self, plane: str) -> PlaneMap:
        """Where the pixels of a plane's first picture are now, and what was cut of them.

        Of a picture whose distortion was taken out, since then.
        """

    def straight(self, plane: str) -> tuple[PlaneMap, LensMap] | None:
        """What a plane met before its distortion was taken out, and the warp that did so."""

    def camera(self, plane: str) -> Camera | None:
        """The camera of a plane as it stands now, if the sample has one."""

    def looks(self, plane: str) -> Sequence[Camera]:
        """The cameras of a plane: one, or of a film one for each frame that is shown now."""

    def world_of(self, plane: str) -> str | None:
        """The world in which that camera stands."""

    def foremost(self, world: str) -> Camera | None:
        """The first camera of a world, for a stream that draws for itself; None for all others."""

    def has_body(self, plane: str) -> bool:
        """Whether an inertial sensor measures in the axes of a plane's camera."""

    def cameras(self, world: str) -> Sequence[str]:
        """The planes of all cameras that stand in a world, in the order of the policy."""

    def speeches(self, plane: str, cut: PlaneMap) -> Sequence[Speech]:
        """When the phrases are spoken that would remain in a plane's picture after one more map."""

    def noisy(self) -> Mapping[str, str]:
        """The streams that can be noisy, and their modality."""

    def mixing(self) -> Mapping[str, tuple[str, Mapping[str, str]]]:
        """The streams that the step reaches: their modality, and their spaces by kind."""

    def partner_duration(self, clock: str) -> float:
        """How many seconds the same clock of the partner lasts; 0 where it has none."""

    def partner_size(self, plane: str) -> Size:
        """Width and height of the same plane's picture of the partner; the own ones without it."""

    def objects(self, world: str) -> Objects:
        """The objects of a world and of the same world of the partner, as they stand now."""

    def entropy(self, stream: str) -> Entropy:
        """The addressed randomness of this step on one stream."""
