"""The pose of a world that is a vehicle's own: where it stands on a map that stays as it is.

The map does not move. What moves the world by W makes of a pose E, which takes the world to the
map, E W^-1: every point is at the place of the map where it was. A world that is scaled or mirrored
leaves a pose that scales or mirrors back, and its 3x3 is no rotation any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from syncaug.errors import SampleError
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.world.cloud_poses import like_pose, read_pose

__all__ = ["EgoPose"]


@dataclass(frozen=True, slots=True)
class EgoPose:
    """A 4x4 matrix of the sample under its key, as it came and as it is now."""

    key: str
    came: Any
    pose: WorldMap
    moved: bool = False

    @staticmethod
    def beside(carrier: Carrier) -> EgoPose | None:
        """The pose that the stream's `ego_pose:` names; None where it names none.

        Raises SampleError where the sample has no rigid 4x4 matrix there.
        """
        key = str(carrier.stream.options.get("ego_pose", ""))
        if not key:
            return None

        def fail(expected: str, came: str, hint: str) -> SampleError:
            return SampleError(key, expected=expected, came=came, hint=hint)

        if key not in carrier.sample:
            said = f"a 4x4 pose beside {carrier.stream.name!r}"
            raise fail(said, "no such entry in the sample", "")
        value = carrier.sample[key]
        if isinstance(value, Mapping):
            raise fail(f"{key!r} as a 4x4 matrix", describe(value), "")
        return EgoPose(key, value, read_pose(value, key, fail))

    def followed(self, world: WorldMap) -> EgoPose:
        """The pose after a map of the world."""
        return replace(self, pose=world.inverse.then(self.pose), moved=True)

    @property
    def entry(self) -> dict[str, Any]:
        """What the sample has under the key now."""
        return {self.key: like_pose(self.pose.matrix, self.came) if self.moved else self.came}
