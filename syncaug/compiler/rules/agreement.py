"""What the spaces of a sample must agree on before a transform may change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.catalogue.transforms import TransformSpec
from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.columns import canonical, layout_of
from syncaug.plan.plan import Stream
from syncaug.plan.spaces import SPACE_OF
from syncaug.values.value import Constant, Value

__all__ = ["Agreement", "in_place", "is_placed"]

_PLACED = frozenset({"plane", "occlude", "time", "blank", "pitch", "world", "tone", "mix"})
"""Kinds of map that a step may send to the one space that it names."""


class Agreement:
    """Complains about streams that a transform would leave behind in a space that it changes."""

    def __init__(self, streams: Mapping[str, Stream], complaints: Complaints) -> None:
        self._streams = streams
        self._complaints = complaints
        self._cameras = [s for s in streams.values() if s.modality == "camera"]
        self._placed = [s for s in streams.values() if s.modality in ("points", "boxes3d")]
        self._sensors = [s for s in streams.values() if s.modality == "imu"]

    def ask(
        self,
        spec: TransformSpec,
        parameters: Mapping[str, Value],
        streams: Mapping[str, tuple[str, ...]],
        path: Path,
    ) -> None:
        """Complain about what `streams`, those that the transform reaches, would contradict."""
        self._needs(spec, streams, path)
        self._seen(spec, parameters, streams, path)
        self._upright(spec, parameters, path)
        self._weighed(spec, parameters, path)

    def _needs(self, spec: TransformSpec, streams: Mapping[str, Any], path: Path) -> None:
        if spec.needs:
            planes = {self._streams[name].spaces.get("plane") for name in streams} - {None}
            having = {
                s.spaces.get("plane")
                for s in self._streams.values()
                if s.modality == spec.needs and not s.optional
            }
            for plane in sorted(str(plane) for plane in planes - having):
                self._complaints.add(
                    "SA505",
                    (*path, "uses"),
                    f"{spec.name} needs a {spec.needs} on plane {plane!r}",
                    expected=f"a stream of modality {spec.needs}, or plane: NAME",
                )

    def _seen(
        self,
        spec: TransformSpec,
        parameters: Mapping[str, Value],
        streams: Mapping[str, tuple[str, ...]],
        path: Path,
    ) -> None:
        """A mirror and a frustum reach a world through a camera; without one it stays behind."""
        kind = {"flip": "world", "rotate": "world", "crop": "frustum"}.get(spec.name)
        option = {"flip": "world", "rotate": "world", "crop": "points"}.get(spec.name, "")
        if kind is None or parameters.get(option) == Constant("keep"):
            return
        if parameters.get("axis") == Constant("both"):
            return
        if kind == "world":
            self._reference(parameters, path)
            self._all_cameras(streams, path)
            if parameters.get(option) in [Constant(axis) for axis in ("x", "y", "z")]:
                return  # it needs no camera
        placed = [s for s in self._placed if kind in streams.get(s.name, ())]
        if not placed:
            return
        planes = {self._streams[name].spaces.get("plane") for name in streams}
        looked_at = {
            camera.spaces.get("world")
            for camera in self._cameras
            if not camera.optional and camera.spaces.get("plane") in planes
        }
        for stream in placed:
            if stream.spaces["world"] not in looked_at:
                self._complaints.add(
                    "SA505",
                    (*path, "uses"),
                    f"{stream.name!r} would stay behind: no camera ties its world to the picture",
                    expected=f"a camera stream, or {option}: keep",
                )

    def _reference(self, parameters: Mapping[str, Value], path: Path) -> None:
        """The plane across whose camera a world is mirrored must have one."""
        named = parameters.get("reference")
        if isinstance(named, Constant) and not any(
            camera.spaces.get("plane") == named.value for camera in self._cameras
        ):
            self._complaints.add(
                "SA505",
                (*path, "with", "reference"),
                f"plane {named.value!r} has no camera across whose plane to mirror",
                expected="the plane of a camera",
            )

    def _all_cameras(self, streams: Mapping[str, tuple[str, ...]], path: Path) -> None:
        """A mirrored world needs all of its cameras' pictures mirrored, not those of one plane."""
        left = [camera for camera in self._cameras if camera.name not in streams]
        if not left:
            return
        mirrored = {self._streams[n].spaces["world"] for n, k in streams.items() if "world" in k}
        for camera in left:
            if camera.spaces.get("world") in mirrored:
                self._complaints.add(
                    "SA511",
                    (*path, "with", "plane"),
                    f"a changed world {camera.spaces['world']!r} would leave the picture of "
                    f"{camera.name!r} behind",
                    expected="no plane:, so that all cameras are mirrored, or world: keep",
                )
                return

    def _upright(self, spec: TransformSpec, parameters: Mapping[str, Value], path: Path) -> None:
        """3-D boxes only have a yaw: a world that tilts would leave them behind."""
        tilted = [stream.name for stream in self._placed if stream.modality == "boxes3d"]
        axis = parameters.get("axis")
        if spec.name == "world_rotate" and tilted and axis != Constant("z"):
            self._complaints.add(
                "SA508",
                (*path, "with", "axis"),
                f"a turn about this axis tilts {tilted[0]!r}, which only has a yaw",
                expected="axis: z",
            )
        flat = None if axis == Constant("z") else self._flat_vector()
        if spec.name == "world_rotate" and flat and not tilted:
            self._complaints.add(
                "SA508",
                (*path, "with", "axis"),
                f"a turn about this axis takes {flat} out of the plane of x and y",
                expected="axis: z, or a column for their z component",
            )

    def _flat_vector(self) -> str:
        """The columns of the first vector of two components, and whose they are."""
        for stream in self._streams.values():
            if stream.modality != "points":
                continue
            layout = layout_of(stream.options)
            for vector in layout.vectors:
                if len(vector.columns) == 2:
                    names = ", ".join(layout.names[column] for column in vector.columns)
                    return f"{names} of {stream.name!r}"
        return ""

    def _weighed(self, spec: TransformSpec, parameters: Mapping[str, Value], path: Path) -> None:
        """Lengths grow with a world and gravity does not: no sensor would read their sum."""
        for stream in self._sensors:
            heavy = stream.options.get("acceleration") != "linear"
            if spec.name != "world_scale" or not heavy or "world" not in stream.spaces:
                continue
            columns = canonical(stream.options, ("ax",))
            if in_place(stream, spec, parameters, "world") and {"ax", "ay", "az"} & set(columns):
                self._complaints.add(
                    "SA508",
                    (*path, "uses"),
                    f"the accelerations of {stream.name!r} hold gravity, which does not grow",
                    expected="acceleration: linear, or an imu in another world",
                )


def in_place(
    stream: Stream, spec: TransformSpec, parameters: Mapping[str, Value], kind: str
) -> bool:
    """Whether the stream lives in the one space that the step names, if it names one.

    A plane that is named does not hold back maps of time, which are for all of a clock.
    """
    for name, parameter in spec.parameters.items():
        if parameter.space == "plane" and SPACE_OF.get(kind) == "clock":
            continue
        value = parameters.get(name)
        if is_placed(spec, name) and isinstance(value, Constant):
            if stream.spaces.get(parameter.space, value.value) != value.value:
                return False
    return True


def is_placed(spec: TransformSpec, name: str) -> bool:
    """Whether a parameter names the one space that the transform acts on."""
    parameter = spec.parameters[name]
    return bool(parameter.space) and parameter.places and spec.makes[0] in _PLACED
