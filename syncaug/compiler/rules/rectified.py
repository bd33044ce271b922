"""What pictures measure in the axes of their cameras: rows of a pair, and directions."""

from __future__ import annotations

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.use import Use
from syncaug.values.value import Constant

__all__ = ["require_known_turn", "require_level_rows"]

_ASIDE = frozenset({"perspective", "camera_rotate"})


def require_level_rows(use: Use, declared: Declared) -> None:
    """Complain where a step tilts the rows along which a stereo pair is compared."""
    name = use.spec.name
    if name not in _ASIDE and not (name == "rotate" and not _is_half_turn(use)):
        return
    for stream in declared.index.of_modality("disparity"):
        if stream.name in use.reached:
            declared.complaints.add(
                "SA508",
                (*use.path, "uses"),
                f"{name} tilts the rows of {stream.name!r}, along which a pair is compared",
                expected="steps that keep rows level: flip, crop, scale, translate, resize",
            )
            return


def require_known_turn(use: Use, declared: Declared) -> None:
    """Complain where a perspective turns normals by what only their camera tells."""
    if use.spec.name != "perspective":
        return
    index = declared.index
    for stream in index.of_modality("normals"):
        if stream.name not in use.reached or "plane" not in stream.spaces:
            continue
        plane = stream.spaces["plane"]
        if not any(other.modality == "camera" for other in index.living("plane", plane)):
            declared.complaints.add(
                "SA505",
                (*use.path, "uses"),
                f"perspective turns the camera of plane {plane!r}, and without it nobody knows "
                f"how the normals of {stream.name!r} turn",
                expected="a camera stream on that plane",
            )
            return


def _is_half_turn(use: Use) -> bool:
    """Whether a rotation is by none or by a half turn, whatever is drawn."""
    degrees = use.parameters.get("degrees")
    return isinstance(degrees, Constant) and float(degrees.value) % 180.0 == 0.0
