"""What is known of each transform, which people write in `transforms/<name>.yaml`.

`transforms.json` holds the same, and is read when a transform is first named. Those that installed
packages bring say the same in their `SPEC`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from syncaug.catalogue.described import wrong_schema
from syncaug.catalogue.external import TRANSFORMS, external_error, external_part
from syncaug.catalogue.map_kinds import ON_STREAMS, SPACE_OF, SPACES
from syncaug.catalogue.tables import table

__all__ = ["KEEP", "TransformParameter", "TransformSpec", "transform", "transform_names"]

KEEP = "keep"
"""The word for a stream that a step that mixes leaves as it is."""


@dataclass(frozen=True, slots=True)
class TransformParameter:
    """One parameter: its JSON Schema, its default as a user would write it, what it means.

    `space` names the kind of space whose name the parameter holds; where it `places` the step, the
    step acts on that space only. A parameter that is `optional` may be left out, and then the
    transform sees that it is. `neutral` is the value that changes nothing, None where there is
    none; a weaker draw approaches it on its `scale`, which is `linear`, `log` or `decibel`. `unit`
    is one of `units.yaml`, empty where it has none. Where no value of a policy exceeds
    `seen_from`, nobody sees what it does.
    """

    name: str
    schema: Mapping[str, Any]
    description: str
    default: Any
    optional: bool
    required: bool
    space: str
    places: bool
    neutral: float | None
    scale: str
    unit: str
    seen_from: float


@dataclass(frozen=True, slots=True)
class TransformSpec:
    """One transform: the kinds of map that it makes, and its parameters.

    `stream_parameters` maps a modality to the schema of the value that a stream of it may get, by
    the stream's own name. `one_of` names parameters of which exactly one is given, and `instead`
    maps parameters to those in whose place they are given. `needs` is a modality that must share
    the plane. `only` maps a kind of map to the parameter, and its values,
    that alone make such maps (any value where none is listed); `reaches` maps a kind to the
    modalities that alone meet it. `unaffected` says why a modality is left as it is by this
    transform though its maps carry it elsewhere. Where the only word of a modality is `keep`, its
    streams must be given it; where `beside` names a modality for their own, only streams that share
    a space with one of that, and where it names a kind of space, only those that live in one.
    `alone` says that a transform that makes mixes takes nothing from a partner.
    `changes` maps what of `CHANGES` a transform may change beyond where things are to the
    parameters, and their values, without which it does not.
    """

    name: str
    summary: str
    makes: tuple[str, ...]
    parameters: Mapping[str, TransformParameter]
    stream_parameters: Mapping[str, Mapping[str, Any]]
    one_of: tuple[str, ...]
    instead: Mapping[str, str]
    needs: str
    only: Mapping[str, tuple[str, tuple[str, ...]]]
    reaches: Mapping[str, frozenset[str]]
    unaffected: Mapping[str, str]
    beside: Mapping[str, str]
    changes: Mapping[str, Mapping[str, tuple[Any, ...]]]
    alone: bool = False

    @property
    def encodes(self) -> bool:
        """Whether it works on vectors that an encoder gives for streams."""
        return "encoder" in self.parameters


@lru_cache(maxsize=1)
def transform_names() -> tuple[str, ...]:
    """The names of the library's own transforms."""
    return tuple(sorted(_own()))


@lru_cache(maxsize=1)
def _own() -> Mapping[str, Any]:
    return table("transforms")


@cache
def transform(name: str) -> TransformSpec:
    """The description of a transform.

    Raises KeyError where neither the library nor an installed package has one of that name, and
    ExternalError where that of a package cannot be used.
    """
    return _spec(_own()[name]) if name in _own() else _external(name)


def _external(name: str) -> TransformSpec:
    """What an installed package says of its transform."""
    form = "a mapping in the form of syncaug/catalogue/transforms/*.yaml"
    data = external_part(TRANSFORMS, name, "SPEC", lambda spec: isinstance(spec, Mapping), form)
    external_part(TRANSFORMS, name, "maps", callable, "a function of parameters and a view")
    try:
        spec = _spec(data)
    except KeyError as error:
        raise external_error(TRANSFORMS, name, f"SPEC lacks {error}; expected {form}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise external_error(TRANSFORMS, name, f"SPEC is not {form}: {error}") from error
    wrong = _misfit(spec, name)
    if wrong:
        raise external_error(TRANSFORMS, name, f"SPEC: {wrong}")
    return spec


def _misfit(spec: TransformSpec, name: str) -> str:
    """What a description says that no transform can be; empty where all is well."""
    if spec.name != name:
        return f"name is {spec.name!r}; expected {name!r}, as the entry point has it"
    kinds = {*SPACE_OF, *ON_STREAMS}
    for kind in (*spec.makes, *spec.only, *spec.reaches):
        if kind not in kinds:
            return f"{kind!r} is no kind of map; expected some of {', '.join(sorted(kinds))}"
    if not spec.makes:
        return "makes is empty; expected the kinds of map that maps() returns"
    for parameter in spec.parameters.values():
        if parameter.space and parameter.space not in SPACES:
            return f"{parameter.name}: space is {parameter.space!r}; expected {', '.join(SPACES)}"
        values = {"default": parameter.default, "neutral": parameter.neutral}
        wrong = wrong_schema(parameter.name, parameter.schema, values)
        if wrong:
            return wrong
    return ""


def _spec(data: Mapping[str, Any]) -> TransformSpec:
    streams = dict(data.get("stream_parameters", {}))
    streams.pop("description", None)
    return TransformSpec(
        name=data["name"],
        summary=data["summary"],
        makes=tuple(data["makes"]),
        parameters={key: _parameter(key, value) for key, value in data["parameters"].items()},
        stream_parameters=streams,
        one_of=tuple(data.get("one_of", ())),
        instead=data.get("instead", {}),
        needs=data.get("needs", ""),
        reaches={kind: frozenset(names) for kind, names in data.get("reaches", {}).items()},
        only={
            kind: (parameter, tuple(values))
            for kind, rule in data.get("only", {}).items()
            for parameter, values in rule.items()
        },
        unaffected=data.get("unaffected", {}),
        beside=data.get("beside", {}),
        changes={
            word: {name: tuple(values) for name, values in rule.items()}
            for word, rule in data.get("changes", {}).items()
        },
        alone=bool(data.get("alone", False)),
    )


def _parameter(name: str, data: Mapping[str, Any]) -> TransformParameter:
    optional = bool(data.get("optional", False))
    return TransformParameter(
        name=name,
        schema=data["schema"],
        description=" ".join(data["description"].split()),
        default=data.get("default"),
        optional=optional,
        required=not optional and "default" not in data,
        space=data.get("space", ""),
        places=bool(data.get("places", True)),
        neutral=data.get("neutral"),
        scale=data.get("scale", "linear"),
        unit=data.get("unit", ""),
        seen_from=float(data.get("seen_from", 0.0)),
    )
