"""What pictures measure in the axes of their cameras: rows of a pair, and directions."""

from __future__ import annotations

from collections.abc import Container

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.placed import in_place
from syncaug.compiler.reach.use import Use
from syncaug.plan.pairs import differing, pairs_of, said
from syncaug.values.value import Constant

__all__ = [
    "complain_of_unlike",
    "require_alike",
    "require_known_turn",
    "require_level_rows",
    "require_partners",
    "require_rectified",
]

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


def require_rectified(use: Use, declared: Declared) -> None:
    """Complain where a step takes a distortion out of a pair that has none: it was rectified."""
    if use.spec.name != "undistort":
        return
    for stream in declared.index.of_modality("disparity"):
        if in_place(stream, use.spec, use.parameters, "field"):
            declared.complaints.add(
                "SA508",
                (*use.path, "uses"),
                f"{stream.name!r} is measured along the rows of rectified pictures, which are "
                "without distortion already",
                expected="the pictures undistorted and rectified before their disparity is "
                "measured, and a camera without lens terms; or plane: of another camera",
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


def require_partners(use: Use, declared: Declared) -> None:
    """Complain where a mirror trades the places of a pair of which one picture lacks a stream.

    And where a step moves one picture of the pair alone, whose disparities are then untrue.
    """
    moves = "plane" in use.spec.makes
    if not moves or not any("swap" in s.options for s in declared.streams.values()):
        return
    mirrors = use.spec.name == "flip" and not use.has("axis", "vertical")
    for pair in pairs_of(declared.streams.values()):
        planes = {pair.left, pair.right}
        moved = {
            declared.streams[name].spaces["plane"]
            for name, kinds in use.reached.items()
            if "plane" in kinds and declared.streams[name].spaces["plane"] in planes
        }
        compared = [
            stream.name
            for stream in declared.index.of_modality("disparity")
            if stream.spaces.get("plane") in planes
        ]
        if len(moved) == 1 and (mirrors or compared):
            told = f"and {compared[0]!r} compares both" if compared else "which trade places"
            declared.complaints.add(
                "SA508",
                (*use.path, "with", "plane") if "plane" in use.given else (*use.path, "uses"),
                f"{use.spec.name} moves one picture of the pair {pair.left!r} and {pair.right!r}, "
                f"{told}",
                expected="a step that moves both",
            )
        elif mirrors and moved and pair.alone:
            name = pair.alone[0]
            other = (planes - {declared.streams[name].spaces["plane"]}).pop()
            declared.complaints.add(
                "SA505",
                (*use.path, "uses"),
                f"{use.spec.name} lets {pair.left!r} and {pair.right!r} trade places, and plane "
                f"{other!r} has nothing that trades with {name!r}",
                expected=f"a {declared.streams[name].modality} stream on that plane",
                hint="leave swap: out if the pictures are to stay where they are",
            )


def require_alike(use: Use, declared: Declared) -> None:
    """Complain where streams trade places that say different things of what their numbers mean."""
    half = use.spec.name == "rotate" and _is_half_turn(use)
    if half or (use.spec.name == "flip" and not use.has("axis", "vertical")):
        moved = {name for name, kinds in use.reached.items() if "plane" in kinds}
        complain_of_unlike(use.spec.name, moved, declared)


def complain_of_unlike(step: str, moved: Container[str], declared: Declared) -> None:
    """Complain of the first two streams that trade places in a step that moves some, and differ."""
    streams = declared.streams
    if not any("swap" in s.options for s in streams.values()):
        return
    for pair in pairs_of(streams.values()):
        for name, other in pair.partners.items():
            one, two = streams[name], streams[other]
            if one.spaces.get("plane") != pair.left or name not in moved:
                continue
            key = differing(one, two)
            if key:
                declared.complaints.add(
                    "SA508",
                    ("sample", other, key) if key in two.options else ("sample", other),
                    f"{step} lets {name!r} and {other!r} trade places, and they differ in "
                    f"{key}: {said(one, key)} and {said(two, key)}",
                    expected=f"the same {key} for both",
                )
                return


def _is_half_turn(use: Use) -> bool:
    """Whether a rotation is by none or by a half turn, whatever is drawn."""
    degrees = use.parameters.get("degrees")
    return isinstance(degrees, Constant) and float(degrees.value) % 180.0 == 0.0
