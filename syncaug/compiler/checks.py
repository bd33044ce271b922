"""Checks of a policy to checks of a plan: their names, what they need, and their options."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from syncaug.catalogue.checks import ANNOTATIONS, CheckSpec, check_spec, checks
from syncaug.catalogue.external import CHECKS, ENCODERS, external_names
from syncaug.compiler.complaints import Path, as_clause
from syncaug.compiler.declared import Declared
from syncaug.compiler.parameters.domain import Domain, mismatch
from syncaug.compiler.parameters.remedies import remedy, within
from syncaug.compiler.parameters.values import shown
from syncaug.errors import ExternalError
from syncaug.plan.plan import Check
from syncaug.policy.suggest import suggest

__all__ = ["compile_checks"]


def compile_checks(
    raw: Sequence[Any],
    untouched: Collection[str],
    encoders: Collection[str],
    declared: Declared,
) -> tuple[Check, ...]:
    """All checks; those that are unknown are left out.

    `untouched` are the other entries of the sample, `encoders` those that a caller brings.
    """
    known = _Known(untouched, encoders, declared)
    compiled = (_check(item, index, known) for index, item in enumerate(raw))
    return tuple(check for check in compiled if check is not None)


class _Known(NamedTuple):
    """What an option of a check may name."""

    untouched: Collection[str]
    encoders: Collection[str]
    declared: Declared


def _check(item: Any, index: int, known: _Known) -> Check | None:
    declared, complaints = known.declared, known.declared.complaints
    name, given = (item, {}) if isinstance(item, str) else next(iter(item.items()))
    path: Path = ("checks", index) if isinstance(item, str) else ("checks", index, name)
    try:
        spec = check_spec(name)
    except KeyError:
        all_names = (*checks(), *external_names(CHECKS))
        complaints.unknown("SA304", path, "check", name, all_names, key=True, section="checks")
        return None
    except ExternalError as error:
        complaints.broken(error, path, key=True)
        return None
    for need in spec.needs:
        if not declared.index.of_modality(*need):
            complaints.add(
                "SA504",
                path,
                f"{name} needs a stream of modality {' or '.join(need)}",
                hint=_others(known),
                key=True,
            )
            break
    return Check(name, _options(spec, given or {}, path, known))


def _others(known: _Known) -> str:
    """What to do, and which checks the sample has streams for."""
    of_modality = known.declared.index.of_modality
    fit = [n for n in checks() if all(of_modality(*need) for need in check_spec(n).needs)]
    instead = f"take one that the streams are enough for: {', '.join(fit)}"
    return f"declare one under sample:, or {instead if fit else 'remove the check'}"


def _options(
    spec: CheckSpec, given: Mapping[str, Any], path: Path, known: _Known
) -> dict[str, Any]:
    complaints = known.declared.complaints
    options = {
        key: schema["default"] for key, schema in spec.options.items() if "default" in schema
    }
    for key, value in given.items():
        schema = spec.options.get(key)
        if schema is None:
            complaints.unknown(
                *("SA307", (*path, key), f"option of {spec.name}", key, spec.options),
                key=True,
                section=f"options/{spec.name}",
            )
            continue
        plain = {k: v for k, v in schema.items() if k not in ANNOTATIONS}
        wrong = mismatch(value, plain)
        if wrong:
            hint = remedy(key, value, Domain(plain, fixed="an option"), "") or within(value, plain)
            told = f"{shown(value)} does not fit"
            complaints.add("SA401", (*path, key), told, expected=wrong, hint=hint)
        else:
            _require_named(key, value, schema, (*path, key), known)
        options[key] = value
    for key, schema in spec.options.items():
        if schema.get("required") and key not in given:
            complaints.add(
                "SA308",
                path,
                f"{spec.name} needs {key!r}",
                expected=as_clause(schema["description"]),
                key=True,
            )
    return options


def _require_named(
    key: str, value: Any, schema: Mapping[str, Any], path: Path, known: _Known
) -> None:
    """An option that names a stream, a space or an encoder must name one that there is."""
    index, complaints = known.declared.index, known.declared.complaints
    if "modality" in schema:
        kinds = schema["modality"]
        kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        same = [s.name for s in known.declared.streams.values() if s.modality in kinds]
        if value not in same:
            what = f"stream of modality {' or '.join(kinds)}"
            complaints.unknown("SA306", path, what, str(value), same)
    elif "space" in schema:
        kind = schema["space"]
        if value not in index.names[kind]:
            complaints.unknown("SA306", path, kind, str(value), sorted(index.names[kind]))
    elif "entry" in schema:
        if value not in known.untouched:
            complaints.unknown("SA306", path, "entry under untouched:", str(value), known.untouched)
    elif key == "encoder" and value not in known.encoders:
        brought = sorted({*known.encoders, *external_names(ENCODERS)})
        if value not in brought:
            complaints.add(
                "SA311",
                path,
                f"unknown encoder {value!r}",
                expected=f"one that a package brings by entry point {ENCODERS}, or "
                f"load_policy(..., encoders={{{value!r}: callable}})",
                hint=suggest(value, brought) if brought else "",
            )
