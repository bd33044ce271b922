"""Everything that a policy can name, each as one row: what it is and which keys it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from syncaug import catalogue
from syncaug.catalogue.checks import ANNOTATIONS, check_spec, checks
from syncaug.catalogue.external import CHECKS, MODALITIES, OPERATIONS, TRANSFORMS, external_names
from syncaug.catalogue.modalities import modality_spec
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.errors import ExternalError

__all__ = ["KINDS", "Row", "known_names", "rows_of", "rows_with"]

Row = dict[str, Any]


def known_names() -> list[str]:
    """All names of all kinds, sorted within their kind."""
    return [name for names, _ in KINDS.values() for name in names()]


def rows_of(name: str) -> list[Row]:
    """What bears this name: one row for most, none where nothing does."""
    return [row(name) for names, row in KINDS.values() if name in names()]


def rows_with(part: str) -> tuple[list[Row], list[ExternalError]]:
    """What bears a name with this part, and what is wrong with what packages bring of it."""
    rows: list[Row] = []
    broken: list[ExternalError] = []
    for names, row in KINDS.values():
        for name in names():
            if part in name:
                try:
                    rows.append(row(name))
                except ExternalError as error:
                    broken.append(error)
    return rows, broken


def _transforms() -> list[str]:
    return sorted({*transform_names(), *external_names(TRANSFORMS)})


def _transform(name: str) -> Row:
    spec = transform(name)
    return {
        "name": name,
        "kind": "transform",
        "summary": spec.summary,
        "about": f"a transform; makes {', '.join(spec.makes)} maps",
        "refused": "",
        "parameters": {
            key: {
                "description": parameter.description,
                "schema": dict(parameter.schema),
                "default": parameter.default,
                "unit": parameter.unit,
                "form": "required" if parameter.required else "optional",
            }
            for key, parameter in spec.parameters.items()
        },
    }


def _operations() -> list[str]:
    """The names of all operations; of a package that cannot be read its own name alone."""
    found = set(catalogue.names(()))
    for library in external_names(OPERATIONS):
        try:
            found.update(catalogue.names((library,)))
        except ExternalError:
            found.add(library)
    return sorted(found)


def _operation(name: str) -> Row:
    spec = catalogue.operation(name)
    return {
        "name": name,
        "kind": "operation",
        "summary": spec.summary,
        "about": f"an operation on {' or '.join(spec.takes)}; moves {spec.moves}; "
        f"may change {', '.join(spec.changes) or 'nothing'}; "
        f"needs {f'syncaug[{spec.extra}]' if spec.extra else 'no library'}",
        "changes": list(spec.changes),
        "refused": spec.refused,
        "parameters": {
            key: {
                "description": parameter.description,
                "schema": dict(parameter.schema),
                "default": parameter.default,
                "form": {
                    "range": "a number, [low, high] or a link",
                    "value": "a value or a link",
                }.get(parameter.form, f"constant: {parameter.reason}"),
            }
            for key, parameter in spec.parameters.items()
        },
    }


def _checks() -> list[str]:
    return sorted({*checks(), *external_names(CHECKS)})


def _check(name: str) -> Row:
    spec = check_spec(name)
    needs = " and ".join(" or ".join(need) for need in spec.needs) or "no stream"
    return {
        "name": name,
        "kind": "check",
        "summary": spec.summary,
        "about": f"a check; needs {needs}; reads {', '.join(sorted(spec.reads)) or 'no stream'}",
        "refused": "",
        "parameters": {
            key: {
                "description": option["description"],
                "schema": {word: v for word, v in option.items() if word not in ANNOTATIONS},
                "default": option.get("default"),
                "form": "required" if option.get("required") else "optional",
            }
            for key, option in spec.options.items()
        },
    }


def _modalities() -> list[str]:
    from syncaug.policy.streams import STREAMS

    return [*STREAMS, *sorted(external_names(MODALITIES))]


def _modality(name: str) -> Row:
    from syncaug.policy.streams import choose_stream

    model, spec = choose_stream(name), modality_spec(name)
    carried = "; ".join(f"{kind}: {does}" for kind, does in spec.carries.items())
    return {
        "name": name,
        "kind": "modality",
        "summary": (model.__doc__ or "").strip(),
        "about": f"a modality; lives in {', '.join(spec.spaces) or 'no space'}; under each kind of "
        f"map: {carried or 'nothing'}",
        "refused": "",
        "parameters": _keys(model, without=("modality",)),
    }


def _distributions() -> list[str]:
    from syncaug.policy.draws import DISTRIBUTIONS

    return list(DISTRIBUTIONS)


def _distribution(name: str) -> Row:
    from syncaug.policy.draws import DISTRIBUTIONS

    model = DISTRIBUTIONS[name]
    tables = {"normal": "NormalTable", "beta": "BetaTable", "choice": "ChoiceTable"}
    parameters = dict(_keys(model))
    if name in tables:
        inner = _keys(getattr(import_module("syncaug.policy.distributions"), tables[name]))
        parameters |= {f"{name}.{key}": told for key, told in inner.items()}
    return {
        "name": name,
        "kind": "distribution",
        "summary": (model.__doc__ or "").strip(),
        "about": f"a distribution; under draw:, or in the place of a number: {{{name}: ...}}",
        "refused": "",
        "parameters": parameters,
    }


def _keys(model: Any, without: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """The keys of a model of the language."""
    from syncaug.policy.model_schema import model_schema

    properties = model_schema(model)["properties"]
    return {
        key: {
            "description": properties[key].get("description", ""),
            "schema": {word: v for word, v in properties[key].items() if word != "description"},
            "default": properties[key].get("default"),
            "form": "required" if field.is_required() else "optional",
        }
        for name, field in model.model_fields.items()
        if (key := field.alias or name) not in without
    }


KINDS: Mapping[str, tuple[Callable[[], list[str]], Callable[[str], Row]]] = {
    "transform": (_transforms, _transform),
    "operation": (_operations, _operation),
    "check": (_checks, _check),
    "modality": (_modalities, _modality),
    "distribution": (_distributions, _distribution),
}
"""Each kind of thing: its names, and the row of a name."""
