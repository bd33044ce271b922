"""What a mirror and a reversal ask of a robot: its base's plane, its joints' signs, its targets."""

from __future__ import annotations

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.use import Use
from syncaug.plan.stream import Stream

__all__ = ["require_robots"]

_ROBOTS = ("state", "action")
_JOINTS = ("joint", "joint_velocity")


def require_robots(use: Use, declared: Declared) -> None:
    """Complain where a step would leave a robot behind, or mirror it otherwise than its world."""
    if use.spec.name not in ("flip", "reverse", "rotate"):
        return
    complaints = declared.complaints
    for stream in (s for kind in _ROBOTS for s in declared.index.of_modality(kind)):
        if any(problem.code == "SA591" for problem in complaints.problems):
            return  # what holds for one robot, or in one step, mostly holds for all
        if use.spec.name == "reverse":
            _backwards(stream, use, declared)
        elif use.spec.name == "flip":
            _mirrored(stream, use, declared)
        elif _has(stream, "world") and "world" in use.reached.get(stream.name, ()):
            _seen(stream, use, declared, "world: keep under with:")


def _backwards(stream: Stream, use: Use, declared: Declared) -> None:
    """Targets of an action lie ahead of the states that reach them; so they must backwards."""
    from syncaug.plan.robot_columns import robot_layout  # where no robot is, not loaded

    groups = robot_layout(stream.options, relative=False).groups
    ahead = stream.options.get("ahead") or any(group.relative for group in groups)
    if stream.modality == "action" and "time" in use.reached.get(stream.name, ()) and not ahead:
        declared.complaints.add(
            "SA591",
            (*use.path, "uses"),
            f"backwards, the targets of {stream.name!r} would lie behind the robot",
            expected=f"ahead: 1 at {stream.name!r}, or by how many rows its targets lie ahead",
        )


def _mirrored(stream: Stream, use: Use, declared: Declared) -> None:
    """A robot is mirrored across the plane of its own base; one given in the world across any."""
    if use.has("axis", "both"):
        return
    axis = str(stream.options.get("lateral", "y"))
    wanted = f"world: {axis} under with:"
    if use.has("world", "keep"):
        _seen(stream, use, declared, wanted)
        return
    if "world" not in use.reached.get(stream.name, ()):
        return
    if _has(stream, "base", "own") and not use.has("world", axis):
        declared.complaints.add(
            "SA591",
            (*use.path, "uses"),
            f"{stream.name!r} is mirrored across the plane of its base, whose normal is {axis}, "
            "and this step mirrors the world across another plane",
            expected=wanted + _framed_otherwise(stream),
        )
    elif not use.has("world", "x", "y", "z"):
        _seen(stream, use, declared, wanted)
    _signed(stream, declared)


def _signed(stream: Stream, declared: Declared) -> None:
    """In a mirror each joint has a sign, and each side another one."""
    from syncaug.plan.robot_columns import names_side, robot_layout

    layout = robot_layout(stream.options, relative=False)
    swaps = stream.options.get("sides", "swap") == "swap"
    for place, group in enumerate(layout.groups):
        path = ("sample", stream.name, "columns", place)
        if group.means in _JOINTS and "mirror" not in stream.options["columns"][place]:
            declared.complaints.add(
                "SA591",
                path,
                f"{group.name!r} does not say what a mirror makes of its angles",
                expected="mirror: 1 where a mirror image has the same angle, -1 where it turns the "
                "other way, or a list of them",
            )
        elif swaps and group.other == place and names_side(group.name):
            declared.complaints.add(
                "SA591",
                path,
                f"{group.name!r} names a side, and no column stands for the other one",
                expected="a column for the other side, or sides: keep",
            )


def _framed_otherwise(stream: Stream) -> str:
    """What else to say of numbers of a robot's base: that they are of the world, where not said."""
    from syncaug.plan.robot_columns import robot_layout

    groups = robot_layout(stream.options, relative=False).groups
    if any(group.frame == "own" for group in groups):  # axes of a tool are no axes of a world
        return ""
    if stream.options.get("frame") != "world":
        return f", or frame: world at {stream.name!r}"
    return ", or frame: world at " + ", ".join(repr(g.name) for g in groups if g.frame == "base")


def _seen(stream: Stream, use: Use, declared: Declared, wanted: str) -> None:
    """The world of a robot changes with a picture only where a camera looks at it."""
    world = stream.spaces.get("world")
    cameras = declared.index.of_modality("camera")
    tied = [c for c in cameras if c.spaces.get("world") == world]
    if all(camera.optional for camera in tied):
        needed = "a camera stream"
        if tied:
            needed = f"{tied[0].name!r} in each sample, without optional: true"
        elif cameras:
            needed = f"a camera stream with world: {world}"
        declared.complaints.add(
            "SA591",
            (*use.path, "uses"),
            f"{stream.name!r} would stay behind: no camera ties its world to the picture"
            + (" of each sample" if tied else ""),
            expected=f"{needed}, or {wanted}",
        )


def _has(stream: Stream, *frames: str) -> bool:
    """Whether numbers that a mirror changes are given in one of these frames."""
    from syncaug.plan.robot_columns import robot_layout

    groups = robot_layout(stream.options, relative=False).groups
    return any(g.frame in frames and (g.meaning.turns or g.means in _JOINTS) for g in groups)
