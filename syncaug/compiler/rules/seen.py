"""A mirror and a frustum reach a world through its cameras; a world without any stays behind."""

from __future__ import annotations

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.use import Use

__all__ = ["require_seen"]

_THROUGH_CAMERAS = {
    "flip": ("world", "world"),
    "rotate": ("world", "world"),
    "crop": ("frustum", "points"),
}
"""Transform -> the kind of map that it sends through cameras, and the parameter that keeps it."""


def require_seen(use: Use, declared: Declared) -> None:
    """Complain about what lives in a world that no camera ties to the picture that changes.

    What is in the axes of a camera must learn of its turns from a camera that takes them.
    """
    _require_turns(use, declared)
    kind, option = _THROUGH_CAMERAS.get(use.spec.name, ("", ""))
    if not kind or use.has(option, "keep") or use.has("axis", "both"):
        return
    if kind == "world":
        _reference(use, declared)
        _all_cameras(use, declared)
        if use.has(option, "x", "y", "z"):
            return  # it needs no camera
    placed = {"points", "boxes3d", "joints", "bev"}
    streams = declared.streams.values()
    met = [
        s
        for s in streams
        if s.modality in placed and "plane" not in s.spaces and kind in use.reached.get(s.name, ())
    ]
    if not met:
        return
    planes = {declared.streams[name].spaces.get("plane") for name in use.reached}
    looked_at = {
        camera.spaces.get("world")
        for camera in declared.index.of_modality("camera")
        if not camera.optional and camera.spaces.get("plane") in planes
    }
    for stream in met:
        if stream.spaces["world"] not in looked_at:
            declared.complaints.add(
                "SA505",
                (*use.path, "uses"),
                f"{stream.name!r} would stay behind: no camera ties its world to the picture",
                expected=f"a camera stream, or {option}: keep",
            )


def _require_turns(use: Use, declared: Declared) -> None:
    """Joints in the axes of a camera stay where only the picture turns, and K says so."""
    if use.spec.name not in ("flip", "rotate") or not use.has("world", "keep"):
        return
    told = {c.spaces.get("plane") for c in declared.index.of_modality("camera") if not c.optional}
    for stream in declared.index.of_modality("joints"):
        met = "plane" in use.reached.get(stream.name, ()) and "plane" in stream.spaces
        if met and stream.spaces["plane"] not in told:
            declared.complaints.add(
                "SA505",
                (*use.path, "uses"),
                f"{stream.name!r} would stay behind: it is in the axes of a camera, and the "
                "picture turns alone",
                expected=f"world: {'mirror' if use.spec.name == 'flip' else 'turn'}, or a camera "
                "stream, whose K takes the turn",
            )


def _reference(use: Use, declared: Declared) -> None:
    """The plane across whose camera a world is mirrored must have one."""
    planes = {camera.spaces.get("plane") for camera in declared.index.of_modality("camera")}
    named = use.constant("reference")
    known = declared.index.names["plane"]
    if named is not None and named not in planes and named in known:
        declared.complaints.add(
            "SA505",
            (*use.path, "with", "reference"),
            f"plane {named!r} has no camera across whose plane to mirror",
            expected="the plane of a camera",
        )


def _all_cameras(use: Use, declared: Declared) -> None:
    """A mirrored world needs all of its cameras' pictures mirrored, not those of one plane."""
    left = [s for s in declared.index.of_modality("camera") if s.name not in use.reached]
    if not left:
        return
    mirrored = {
        declared.streams[name].spaces["world"]
        for name, kinds in use.reached.items()
        if "world" in kinds
    }
    for camera in left:
        if camera.spaces.get("world") in mirrored:
            declared.complaints.add(
                "SA511",
                (*use.path, "with", "plane"),
                f"a changed world {camera.spaces['world']!r} would leave the picture of "
                f"{camera.name!r} behind",
                expected="no plane:, so that all cameras are mirrored, or world: keep",
            )
            return
