"""The operations of an `apply:`: what each stream's library call is, and who must follow it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug import catalogue
from syncaug.catalogue import ParameterSpec
from syncaug.compiler.complaints import Complaints, Path, as_clause
from syncaug.compiler.parameters.domain import Domain
from syncaug.compiler.parameters.values import compile_value
from syncaug.compiler.rules.borders import bordered
from syncaug.compiler.rules.recolouring import recoloured
from syncaug.compiler.rules.similarity import what_bends
from syncaug.plan.columns import WORLD, layout_of
from syncaug.plan.plan import Call, Stream
from syncaug.plan.spaces import PICTURES
from syncaug.policy.suggest import suggest
from syncaug.values.interval import Support
from syncaug.values.value import Constant, Value

__all__ = ["CallCompiler"]

_SPACE_MOVED = {"plane": "plane", "field": "plane", "clock": "clock", "world": "world"}
_FIELD_CARRIES = frozenset(
    {
        "image",
        "mask",
        "depth",
        "video",
        "boxes",
        "keypoints",
        "phrases",
        "text",
        "timed_text",
        "audio",
    }
)
_FOLLOWS_BY_ITSELF = frozenset({"phrases", "audio"})
"""Phrases go where their boxes and their text go; sound follows a picture only when asked."""


_TELLS_TIME = "audiomentations"
"""The library whose operations tell the time map that they imply."""


class CallCompiler:
    """Compiles `apply:` mappings against the declared streams."""

    def __init__(
        self, streams: Mapping[str, Stream], unsupported: frozenset[str], complaints: Complaints
    ) -> None:
        self._streams = streams
        self._unsupported = unsupported
        self._complaints = complaints

    def calls(
        self,
        raw: Mapping[str, Any],
        scope: Mapping[str, Support],
        step: str,
        path: Path,
        variables: frozenset[str] = frozenset(),
    ) -> tuple[Call, ...]:
        """The calls of one step, leaders before followers; `variables` are the step's own."""
        calls: list[Call] = []
        followers: list[str] = []
        keeping: list[str] = []
        for name, given in raw.items():
            if name in self._unsupported:
                continue
            if name not in self._streams:
                self._complaints.unknown(
                    "SA306", (*path, name), "stream", name, self._streams, key=True
                )
            elif given == "follow":
                followers.append(name)
            elif given == "keep":
                keeping.append(name)
            else:
                items = given if isinstance(given, list) else [given]
                for index, item in enumerate(items):
                    where = (*path, name, index) if isinstance(given, list) else (*path, name)
                    address = f"{step}.{name}/{index}" if index else f"{step}.{name}"
                    taken = variables if address == f"{step}.draw" else frozenset()
                    call = self._call(name, item, scope, (address, taken), where)
                    if call is not None:
                        calls.append(call)
        recoloured(calls, self._streams, keeping, scope, path, self._complaints)
        following = self._following(calls, followers, keeping, path)
        bordered(calls, following, self._streams, scope, path, self._complaints)
        return (*calls, *following, *(Call(name, "", {}) for name in keeping))

    def _call(
        self,
        stream: str,
        raw: Mapping[str, Any],
        scope: Mapping[str, Support],
        address: tuple[str, frozenset[str]],
        path: Path,
    ) -> Call | None:
        name = raw["op"]
        try:
            spec = catalogue.operation(name)
        except KeyError:
            known = catalogue.names()
            same = [full for full in known if full.partition(".")[2] == name]
            hint = f"did you mean {same[0]!r}?" if same else suggest(name, known)
            self._complaints.add("SA303", (*path, "op"), f"unknown operation {name!r}", hint=hint)
            return None
        if spec.refused:
            self._complaints.add(
                "SA309", (*path, "op"), f"{name} cannot be used", expected="", hint=spec.refused
            )
            return None
        modality = self._streams[stream].modality
        if modality not in spec.takes:
            self._complaints.add(
                "SA310",
                (*path, "op"),
                f"{name} does not take {modality} streams",
                expected=" or ".join(spec.takes),
            )
            return None
        parameters: dict[str, Value] = {}
        for key, value in raw.items():
            if key == "op":
                continue
            parameter = spec.parameters.get(key)
            if parameter is None:
                self._complaints.unknown(
                    "SA307",
                    (*path, key),
                    f"parameter of {name}",
                    str(key),
                    spec.parameters,
                    key=True,
                )
                continue
            compiled = compile_value(
                value,
                _domain(parameter),
                scope,
                _address(key, *address),
                (*path, key),
                self._complaints,
            )
            if compiled is not None:
                parameters[key] = compiled
        for key, parameter in spec.parameters.items():
            if key not in raw and parameter.required:
                self._complaints.add(
                    "SA308",
                    (*path, "op"),
                    f"{name} needs {key!r}",
                    expected=as_clause(parameter.description),
                )
            elif key not in raw and _drawable(parameter):
                default = compile_value(
                    list(parameter.default),
                    _domain(parameter),
                    scope,
                    _address(key, *address),
                    path,
                    self._complaints,
                )
                if default is not None:
                    parameters[key] = default
        if spec.moves == "world":
            self._similar(name, parameters, path)
        if spec.may_change("normals"):
            self._has_normals(name, stream, path)
        return Call(stream, name, parameters)

    def _has_normals(self, name: str, stream: str, path: Path) -> None:
        """What finds normals writes them to columns of the cloud, which it must have."""
        vectors = layout_of(self._streams[stream].options).vectors
        if not any(v.kind is WORLD["normal"] and len(v.columns) == 3 for v in vectors):
            self._complaints.add(
                "SA310",
                (*path, "op"),
                f"{name} fills the columns of the normals, and {stream!r} has none",
                expected="nx, ny and nz among its columns, which the clouds hold",
            )

    def _similar(self, name: str, parameters: Mapping[str, Value], path: Path) -> None:
        """A matrix that moves a world must be one that cameras and boxes can follow."""
        for key, value in parameters.items():
            bends = what_bends(value.value) if isinstance(value, Constant) else ""
            if bends:
                self._complaints.add(
                    "SA512",
                    (*path, key),
                    f"{name} cannot take this matrix: {bends}",
                    expected="a similarity: rotation, mirror, uniform scale and shift",
                )

    def _following(
        self, calls: list[Call], followers: list[str], keeping: list[str], path: Path
    ) -> list[Call]:
        """Who follows which moving operation; complain about those that are left behind."""
        out: list[Call] = []
        led: set[str] = set()
        leaders: dict[tuple[str, str], str] = {}
        moving: dict[str, set[str]] = {}
        for call in calls:
            moving.setdefault(catalogue.operation(call.operation).moves, set()).add(call.stream)
        for call in calls:
            moves = catalogue.operation(call.operation).moves
            space = _SPACE_MOVED.get(moves)
            if space is None or space not in self._streams[call.stream].spaces:
                continue
            place = self._streams[call.stream].spaces[space]
            also = moving[moves]
            for name, stream in self._streams.items():
                if name == call.stream or stream.spaces.get(space) != place:
                    continue
                if stream.modality == "imu" and space == "plane":
                    continue  # a body turns with its camera only, and libraries know none
                if name in keeping:
                    self._keeps(call, name, stream, path)
                    continue
                if moves == "clock" and name in also and name not in followers:
                    continue  # an operation of its own moves it
                if name in followers or (
                    moves != "clock"
                    and name in _FOLLOWS_BY_ITSELF & {stream.modality}
                    and name not in also
                ):
                    if self._carries(call, name, stream, moves, path):
                        led.add(name)
                        if leaders.setdefault((name, space), call.stream) != call.stream:
                            self._twice_led(name, leaders[name, space], call.stream, path)
                        if stream.modality != "audio" or name in followers:
                            out.append(Call(name, "", {}, leader=call.stream))
                    continue
                if moves != "clock" and stream.modality in _FOLLOWS_BY_ITSELF:
                    if stream.modality == "phrases" and moves in ("plane", "field"):
                        out.append(Call(name, "", {}, leader=call.stream))
                    continue
                self._complaints.add(
                    "SA502",
                    (*path, call.stream),
                    f"{call.operation} moves the {space}, and {name!r} would stay behind",
                    expected=f"{name}: follow, or {name}: keep to leave it as it is",
                    key=True,
                )
        for name in followers:
            if name not in led:
                self._complaints.add(
                    "SA507",
                    (*path, name),
                    f"{name!r} has nothing to follow",
                    expected="an operation on a stream of the same space that moves it",
                )
        return out

    def _twice_led(self, name: str, first: str, second: str, path: Path) -> None:
        """One stream would go where each of two operations goes, one after the other."""
        self._complaints.add(
            "SA507",
            (*path, name),
            f"{name!r} cannot follow both {first!r} and {second!r}",
            expected=f"one operation that leads, and {second}: follow",
        )

    def _keeps(self, call: Call, name: str, stream: Stream, path: Path) -> None:
        """All pictures of a plane are of one size, so that none can stay where that may change."""
        if stream.modality in PICTURES and catalogue.operation(call.operation).may_change("size"):
            self._complaints.add(
                "SA507",
                (*path, name),
                f"{name!r} cannot stay: {call.operation} may change the size of the picture",
                expected=f"{name}: follow",
            )

    def _carries(self, call: Call, name: str, stream: Stream, moves: str, path: Path) -> bool:
        """Whether the map that the operation implies can carry the stream."""
        if moves == "clock":
            if not call.operation.startswith(f"{_TELLS_TIME}."):
                self._complaints.add(
                    "SA507",
                    (*path, name),
                    f"{call.operation} does not tell how it moves the clock",
                    expected="a transform of time, or streams alone on their clock",
                )
            return call.operation.startswith(f"{_TELLS_TIME}.")
        if moves == "field" and stream.modality not in _FIELD_CARRIES:
            self._complaints.add(
                "SA507",
                (*path, name),
                f"{call.operation} bends the picture, which a {stream.modality} cannot follow",
                expected="an operation that keeps straight lines straight",
            )
            return False
        return True


def _address(parameter: str, call: str, taken: frozenset[str]) -> str:
    """Where a call's parameter is drawn; `taken` are variables that are drawn beside it."""
    return f"{call}/0.{parameter}" if parameter in taken else f"{call}.{parameter}"


def _domain(parameter: ParameterSpec) -> Domain:
    """The domain of a library's parameter, by the form in which the library takes it."""
    if parameter.form == "fixed":
        return Domain(parameter.schema, fixed=parameter.reason)
    number: dict[str, Any] = {"type": "integer" if parameter.integer else "number"}
    if parameter.minimum is not None:
        key = "exclusiveMinimum" if parameter.exclusive_minimum else "minimum"
        number[key] = parameter.minimum
    if parameter.maximum is not None:
        key = "exclusiveMaximum" if parameter.exclusive_maximum else "maximum"
        number[key] = parameter.maximum
    if parameter.form == "range":
        ranges = not parameter.several
        return Domain(parameter.schema, ranges, parameter.integer, number=number)
    plain = Domain.of(parameter.schema)
    return Domain(
        parameter.schema, plain.ranges, plain.integers, number=number if plain.ranges else {}
    )


def _drawable(parameter: ParameterSpec) -> bool:
    """Whether a parameter that is not given is a range from which we draw one number."""
    default = parameter.default
    return (
        parameter.form == "range"
        and not parameter.several
        and isinstance(default, list | tuple)
        and len(default) == 2
        and all(
            isinstance(number, int | float) and not isinstance(number, bool) for number in default
        )
    )
