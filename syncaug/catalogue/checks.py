"""What is known of each check, as `checks.yaml` has it, or the `SPEC` of a package's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from syncaug.catalogue.described import wrong_modalities, wrong_schema
from syncaug.catalogue.external import CHECKS, external_error, external_part
from syncaug.catalogue.tables import table

__all__ = ["ANNOTATIONS", "Bound", "CheckSpec", "check_spec", "checks"]

ANNOTATIONS = frozenset({"default", "description", "entry", "modality", "required", "space"})
"""What an option says beside the JSON Schema of its value."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Which option bounds a measure, and on which side: it must be at `least` or at `most` that."""

    side: str
    option: str


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One check: the modalities that a sample must have, and its options as JSON Schema.

    Each of `needs` names modalities of which one is needed. `reads` are the modalities whose
    results it looks at, beside what planes and clocks met. Beside JSON Schema an option may say
    `required`, the `modality` of the stream that it names (or a list), the kind of `space`, or that
    it names any other `entry` of a sample. `bound` is None where the measure has none.
    """

    name: str
    summary: str
    needs: tuple[tuple[str, ...], ...]
    reads: frozenset[str]
    options: Mapping[str, Mapping[str, Any]]
    bound: Bound | None = None


@lru_cache(maxsize=1)
def checks() -> Mapping[str, CheckSpec]:
    """The library's own checks by name."""
    return {name: _spec(name, data) for name, data in table("checks").items()}


@cache
def check_spec(name: str) -> CheckSpec:
    """The description of a check.

    Raises KeyError where neither the library nor an installed package has one of that name, and
    ExternalError where that of a package cannot be used.
    """
    if name in checks():
        return checks()[name]
    form = "a mapping in the form of an entry of syncaug/catalogue/checks.yaml"
    data = external_part(CHECKS, name, "SPEC", lambda spec: isinstance(spec, Mapping), form)
    external_part(CHECKS, name, "measure", callable, "a function of options and an outcome")
    try:
        spec, wrong = _spec(name, data), _misfit(data)
    except KeyError as error:
        raise external_error(CHECKS, name, f"SPEC lacks {error}; expected {form}") from error
    except (TypeError, AttributeError) as error:
        raise external_error(CHECKS, name, f"SPEC is not {form}: {error}") from error
    if wrong:
        raise external_error(CHECKS, name, f"SPEC: {wrong}")
    return spec


def _misfit(data: Mapping[str, Any]) -> str:
    """What a description says that no check can be; empty where all is well."""
    wrong = wrong_modalities("needs", data["needs"]) or wrong_modalities("reads", data["reads"])
    for name, option in data["options"].items():
        if wrong:
            break
        schema = {word: value for word, value in option.items() if word not in ANNOTATIONS}
        wrong = wrong_schema(f"option {name!r}", schema, {"default": option.get("default")})
        if not isinstance(option.get("description"), str):
            wrong = wrong or f"option {name!r} lacks a description, in words"
    return wrong


def _spec(name: str, data: Mapping[str, Any]) -> CheckSpec:
    return CheckSpec(
        name,
        data["summary"],
        tuple(map(_any_of, data["needs"])),
        frozenset(data["reads"]),
        {key: dict(schema) for key, schema in data["options"].items()},
        next((Bound(*item) for item in data.get("bound", {}).items()), None),
    )


def _any_of(need: str | list[str]) -> tuple[str, ...]:
    return (need,) if isinstance(need, str) else tuple(need)
