"""Every key of the policy language with an example, and the policy in which the example compiles.

What a key means, takes and has as its default is read from the models and the catalogue; units of
the models' keys and all examples stand in `language.yaml`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from syncaug.catalogue.checks import ANNOTATIONS, checks
from syncaug.catalogue.schema_words import schema_in_words
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.policy.base import Model
from syncaug.policy.model_schema import model_schema
from syncaug.policy.streams import STREAMS
from tools.docs.values import default_of, shown

__all__ = ["Key", "Section", "check_sections", "sections", "stream_sections", "transform_sections"]

_LINKS = {
    "stream": "[a stream](#every-stream)",
    "step": "[a step](#every-step)",
    "distribution": "[a distribution](#distributions)",
    "link": "[a link](#links)",
    "condition": "[a condition](#conditions)",
    "jitter": "[jitter](#jitter)",
    "operation": "[an operation](#an-operation)",
    "check": "[a check](#checks)",
    "on_fail": "[on_fail](#on_fail)",
    "ablation": "[ablation](#ablation)",
    "several": "[a mapping](#some_of-as-a-mapping)",
    "normal": "[a mapping](#normal)",
    "beta": "[a mapping](#beta)",
    "choice": "[a mapping](#choice)",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it takes, and an example within a policy.

    `code` is the problem that the policy has where only another package, or a file, can bring what
    it names.
    """

    name: str
    meaning: str
    takes: str
    default: str
    unit: str
    example: str
    policy: Mapping[str, Any]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Keys that stand together."""

    title: str
    says: str
    keys: tuple[Key, ...]


def sections() -> Iterator[Section]:
    """The policy, steps, conditions, distributions and links."""
    for data in _data()["sections"]:
        homes = data.get("models") or [data["model"]]
        yield _of_models(data, [_model(home) for home in homes], own=data.get("own", False))


def stream_sections() -> Iterator[Section]:
    """What streams share, then what each modality has of its own."""
    for data in _data()["streams"]:
        if "model" in data:
            yield _of_models(_stream(data, "image"), [_model(data["model"])], own=True)
            continue
        model = STREAMS[data["modality"]]
        section = _of_models(_stream(data, data["modality"]), [model], own=True)
        yield Section(data["modality"], _shares(model), section.keys)


def transform_sections() -> Iterator[Section]:
    """The parameters of each transform."""
    for name in transform_names():
        spec, data = transform(name), _data()["transforms"][name]
        _same_keys(name, data["keys"], spec.parameters)
        keys = []
        for key, parameter in spec.parameters.items():
            row = data["keys"][key]
            row = {"example": row} if isinstance(row, str) else row
            given = yaml.safe_load(row["example"])
            given = given if key in given else {key: given}
            step = {"name": "it", "uses": name, "with": {**_beside(data, spec, given), **given}}
            default = "**required**" if parameter.required else shown(parameter.default)
            keys.append(
                Key(
                    key,
                    parameter.description,
                    _varying(parameter.schema, parameter.space),
                    default,
                    parameter.unit,
                    row["example"],
                    _policy(data, steps=[step]),
                    row.get("code", ""),
                )
            )
        yield Section(name, spec.summary, tuple(keys))


def check_sections() -> Iterator[Section]:
    """The options of each check."""
    for name, spec in sorted(checks().items()):
        data = _data()["checks"][name]
        _same_keys(name, data["keys"], spec.options)
        keys = []
        for key, option in spec.options.items():
            schema = {word: value for word, value in option.items() if word not in ANNOTATIONS}
            row = data["keys"][key]
            options = {**data.get("beside", {}), **yaml.safe_load(row["example"])}
            default = "**required**" if option.get("required") else default_of(option)
            policy = _policy(data, steps=[], checks=[{name: options}])
            keys.append(
                Key(
                    key,
                    option["description"],
                    schema_in_words(schema, text="a name"),
                    default,
                    row.get("unit", ""),
                    row["example"],
                    policy,
                )
            )
        yield Section(name, spec.summary, tuple(keys))


# Keys of models -----------------------------------------------------------------------------------


def _of_models(data: Mapping[str, Any], models: Sequence[type[Model]], *, own: bool) -> Section:
    keys = []
    known: list[str] = []
    for model in models:
        schema = model_schema(model)
        for name, field in model.model_fields.items():
            key = field.alias or name
            if (own and name not in model.__annotations__) or key in known or _told(key, data):
                continue
            known.append(key)
            said = schema["properties"][key]
            row = data["keys"].get(key)
            if row is None:
                raise KeyError(f"language.yaml: {data['title']} lacks an example of {key!r}")
            default = "" if _stands_for_none(said) else default_of(said)
            default = default or shown(_plain_default(field))
            default = "**required**" if field.is_required() else default
            keys.append(
                Key(
                    key,
                    field.description or "",
                    schema_in_words(said, _LINKS),
                    default,
                    row.get("unit", ""),
                    row["example"],
                    _within(data, yaml.safe_load(row["example"])),
                    row.get("code", ""),
                )
            )
    _same_keys(data["title"], data["keys"], known)
    return Section(data["title"], data.get("says", ""), tuple(keys))


def _told(key: str, data: Mapping[str, Any]) -> bool:
    """Whether the key is that which names the modality, told once for all streams."""
    return key == "modality" and "modality" in data


def _plain_default(field: Any) -> Any:
    default = None if field.is_required() else field.get_default()
    return default if isinstance(default, (str, int, float, tuple, list)) and default else None


def _stands_for_none(schema: Mapping[str, Any]) -> bool:
    """Whether the default is below what a policy may say: a sign that nothing was given."""
    least = [option.get("minimum", 0) for option in schema.get("anyOf", ())]
    return schema.get("default") == 0 and max(least, default=0) > 0


def _within(data: Mapping[str, Any], example: Mapping[str, Any]) -> Mapping[str, Any]:
    """The policy of a section with the example at its place."""
    policy = yaml.safe_load(data["within"])
    *above, last = data["at"] or [None]
    if last is None:
        return {**policy, **example}
    place = policy
    for part in above:
        place = place[part]
    place[last] = example if data.get("alone") else {**(place[last] or {}), **example}
    return dict(policy)


def _stream(data: Mapping[str, Any], modality: str) -> Mapping[str, Any]:
    within = f"{{syncaug: 1, sample: {{it: {{modality: {modality}}}}}, steps: []}}"
    return {"title": modality, "within": within, "at": ["sample", "it"], **data}


def _shares(model: type[Model]) -> str:
    """What a stream is, and where the keys stand that it shares with others."""
    said = (model.__doc__ or "").strip()
    shared = [
        f"[{data['title'][0].lower() + data['title'][1:]}](#{_anchor(data['title'])})"
        for data in _data()["streams"]
        if "model" in data and issubclass(model, _model(data["model"]))
    ]
    return f"{said} It also has the keys of: {', '.join(shared)}."


def _anchor(title: str) -> str:
    return title.lower().replace("'", "").replace(" ", "-")


def _model(home: str) -> type[Model]:
    module, name = home.split(":")
    model: type[Model] = getattr(import_module(f"syncaug.policy.{module}"), name)
    return model


# Parameters and options ---------------------------------------------------------------------------


def _beside(data: Mapping[str, Any], spec: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """What must stand beside an example: required parameters, or one of those of which one is."""
    beside = dict(data.get("beside", {}))
    return {} if any(name in given for name in spec.one_of) else beside


def _varying(schema: Mapping[str, Any], space: str) -> str:
    fixed = bool(space) or schema.get("type") == "array"
    return schema_in_words(schema, text="a name") + ("; constant" if fixed else "")


def _policy(data: Mapping[str, Any], **rest: Any) -> Mapping[str, Any]:
    policy = {"syncaug": 1, "sample": copy.deepcopy(data["sample"]), **rest}
    return policy | ({"untouched": data["untouched"]} if "untouched" in data else {})


def _same_keys(where: str, told: Sequence[str] | Mapping[str, Any], known: Any) -> None:
    if set(told) != set(known):
        raise KeyError(f"language.yaml: {where} tells of {sorted(told)}; there are {sorted(known)}")


_READ: dict[str, Any] = {}


def _data() -> Mapping[str, Any]:
    if not _READ:
        text = (Path(__file__).parent / "language.yaml").read_text(encoding="utf-8")
        _READ.update(yaml.safe_load(text))
    return _READ
