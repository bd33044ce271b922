"""Which streams a transform's maps carry, asked once of all streams that are alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from syncaug.catalogue.map_kinds import SPACE_OF, SPACES
from syncaug.catalogue.transforms import TransformSpec, transform
from syncaug.compiler.reach.mixing import mixes
from syncaug.compiler.reach.placed import in_place, is_placed
from syncaug.plan.plan import Stream
from syncaug.values.value import Constant, Value

__all__ = ["Reach"]

_Profile = tuple[str, tuple[tuple[str, str], ...], tuple[bool, bool]]


class Reach:
    """The streams of a sample, sorted by what decides which maps carry them."""

    def __init__(self, streams: Mapping[str, Stream]) -> None:
        self._streams = streams
        self._rank = {name: rank for rank, name in enumerate(streams)}
        self._alike: dict[_Profile, list[str]] = {}
        self._within: dict[tuple[str, str], dict[_Profile, None]] = {}
        self._without: dict[str, dict[_Profile, None]] = {}
        for name, stream in streams.items():
            self._alike.setdefault(_profile(stream), []).append(name)
        for profile in self._alike:
            for item in profile[1]:
                self._within.setdefault(item, {})[profile] = None
        for kind in SPACES:
            self._without[kind] = {p: None for p in self._alike if kind not in dict(p[1])}
        self._known: dict[object, dict[str, tuple[str, ...]]] = {}

    def carried(
        self, spec: TransformSpec, parameters: Mapping[str, Value]
    ) -> dict[str, tuple[str, ...]]:
        """For each stream that the transform's maps carry, the kinds that do."""
        asked = self._asked(spec, parameters)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = self._carried(spec, parameters)
        return found

    def _asked(self, spec: TransformSpec, parameters: Mapping[str, Value]) -> object:
        """All of the parameters that the answer depends on."""
        decisive = _decisive(spec.name)
        chosen = {
            name: repr(value.as_json())
            for name, value in parameters.items()
            if name in decisive or name in self._streams
        }
        return spec.name, tuple(sorted(chosen.items()))

    def _carried(
        self, spec: TransformSpec, parameters: Mapping[str, Value]
    ) -> dict[str, tuple[str, ...]]:
        noisy = "noise" in spec.makes
        named = {name for name in parameters if name in self._streams} if noisy else set()
        out: dict[str, tuple[str, ...]] = {}
        for profile in self._near(spec, parameters):
            alike = self._alike[profile]
            common = _kinds(spec, self._streams[alike[0]], parameters)
            for name in alike if common else ():
                kinds = common
                if "mix" in kinds and not mixes(spec, self._streams[name], parameters):
                    kinds = tuple(kind for kind in kinds if kind != "mix")
                if "noise" in kinds and named and name not in named:
                    kinds = tuple(kind for kind in kinds if kind != "noise")
                if kinds:
                    out[name] = kinds
        return dict(sorted(out.items(), key=lambda item: self._rank[item[0]]))

    def _near(self, spec: TransformSpec, parameters: Mapping[str, Value]) -> Iterable[_Profile]:
        """The profiles that the step's named spaces leave, or more."""
        near: Collection[_Profile] = self._alike
        for name, parameter in spec.parameters.items():
            value = parameters.get(name)
            if not (isinstance(value, Constant) and is_placed(spec, name)):
                continue
            if any(SPACE_OF.get(kind) == "clock" for kind in spec.makes):
                continue
            inside = self._within.get((parameter.space, str(value.value)), {})
            fewer = {**inside, **self._without[parameter.space]}
            near = [profile for profile in fewer if profile in near]
        return near


@cache
def _decisive(transform_name: str) -> frozenset[str]:
    """The parameters of a transform on which it depends which streams its maps carry."""
    spec = transform(transform_name)
    placing = {name for name, parameter in spec.parameters.items() if parameter.space}
    return frozenset(placing | {name for name, _ in spec.only.values()})


def _profile(stream: Stream) -> _Profile:
    """What decides which maps carry a stream, beside its name."""
    return (
        stream.modality,
        tuple(sorted(stream.places)),
        (bool(stream.options.get("describes")), bool(stream.options.get("encodes"))),
    )


def _kinds(spec: TransformSpec, stream: Stream, parameters: Mapping[str, Value]) -> tuple[str, ...]:
    """The kinds of map of this step that carry streams like this one, whatever their name."""
    if stream.options.get("encodes") and not spec.encodes:
        return ()  # what an encoder makes of a stream shows what the stream shows by then
    return tuple(
        kind
        for kind in spec.makes
        if kind in stream.spec.carries
        and _reached(stream, kind, spec.name)
        and stream.modality in spec.reaches.get(kind, (stream.modality,))
        and _made(spec, kind, parameters)
        and in_place(stream, spec, parameters, kind)
    )


def _reached(stream: Stream, kind: str, transform: str) -> bool:
    """Whether a map of that kind can meet the stream: it lives in such a space, or needs none."""
    if stream.modality == "imu" and kind == "world" and transform != "world_scale":
        return False  # readings are the same in a world that turned, moved or was mirrored
    if kind == "tone" and stream.spec.writes and "plane" not in stream.spaces:
        return not stream.options.get("describes")  # it speaks of something without colours
    space = None if kind == "tone" else SPACE_OF.get(kind)  # what has colours needs no plane
    return space is None or space in stream.spaces


def _made(spec: TransformSpec, kind: str, parameters: Mapping[str, Value]) -> bool:
    """Whether the parameters let the transform make maps of that kind at all."""
    if kind not in spec.only:
        return True
    name, values = spec.only[kind]
    value = parameters.get(name)
    if value is None or not values:
        return value is not None
    return not (isinstance(value, Constant) and value.value not in values)
