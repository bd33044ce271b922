"""Checks of a policy to checks of a plan: their names, what they need, and their options."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from syncaug.catalogue.checks import ANNOTATIONS, PLANNED_CHECKS, CheckSpec, checks
from syncaug.catalogue.encoders import GROUP, external_encoders
from syncaug.compiler.complaints import Complaints, Path, as_clause
from syncaug.compiler.parameters.domain import mismatch
from syncaug.plan.plan import Check, Stream
from syncaug.policy.suggest import suggest

__all__ = ["CheckCompiler"]


class CheckCompiler:
    """Compiles `checks:` against a sample's entries and the encoders that a caller brings."""

    def __init__(
        self,
        streams: Mapping[str, Stream],
        untouched: Collection[str],
        encoders: Collection[str],
        complaints: Complaints,
    ) -> None:
        self._streams = streams
        self._untouched = untouched
        self._encoders = encoders
        self._complaints = complaints

    def checks(self, raw: Sequence[Any]) -> tuple[Check, ...]:
        """All checks; those that are unknown are left out."""
        compiled = (self._check(item, index) for index, item in enumerate(raw))
        return tuple(check for check in compiled if check is not None)

    def _check(self, item: Any, index: int) -> Check | None:
        known = checks()
        name, given = (item, {}) if isinstance(item, str) else next(iter(item.items()))
        path: Path = ("checks", index) if isinstance(item, str) else ("checks", index, name)
        if name in PLANNED_CHECKS:
            self._complaints.add(
                "SA305",
                path,
                f"the check {name!r} cannot be made yet",
                key=True,
                hint="It is part of the language; this version does not support it.",
            )
            return None
        if name not in known:
            self._complaints.unknown("SA304", path, "check", name, known, key=True)
            return None
        spec = known[name]
        modalities = {stream.modality for stream in self._streams.values()}
        for need in spec.needs:
            if modalities.isdisjoint(need):
                self._complaints.add(
                    "SA504",
                    path,
                    f"{name} needs a stream of modality {' or '.join(need)}",
                    key=True,
                )
                break
        return Check(name, self._options(spec, given or {}, path))

    def _options(self, spec: CheckSpec, given: Mapping[str, Any], path: Path) -> dict[str, Any]:
        options = {
            key: schema["default"] for key, schema in spec.options.items() if "default" in schema
        }
        for key, value in given.items():
            schema = spec.options.get(key)
            if schema is None:
                self._complaints.unknown(
                    "SA307", (*path, key), f"option of {spec.name}", key, spec.options, key=True
                )
                continue
            wrong = mismatch(value, {k: v for k, v in schema.items() if k not in ANNOTATIONS})
            if wrong:
                self._complaints.add(
                    "SA401", (*path, key), f"{value!r} does not fit", expected=wrong
                )
            else:
                self._named(key, value, schema, (*path, key))
            options[key] = value
        for key, schema in spec.options.items():
            if schema.get("required") and key not in given:
                self._complaints.add(
                    "SA308",
                    path,
                    f"{spec.name} needs {key!r}",
                    expected=as_clause(schema["description"]),
                    key=True,
                )
        return options

    def _named(self, key: str, value: Any, schema: Mapping[str, Any], path: Path) -> None:
        """An option that names a stream, a space or an encoder must name one that there is."""
        if "modality" in schema:
            kinds = schema["modality"]
            kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
            same = [s.name for s in self._streams.values() if s.modality in kinds]
            if value not in same:
                what = f"stream of modality {' or '.join(kinds)}"
                self._complaints.unknown("SA306", path, what, str(value), same)
        elif "space" in schema:
            kind = schema["space"]
            spaces = {s.spaces[kind] for s in self._streams.values() if kind in s.spaces}
            if value not in spaces:
                self._complaints.unknown("SA306", path, kind, str(value), sorted(spaces))
        elif "entry" in schema:
            if value not in self._untouched:
                self._complaints.unknown(
                    "SA306", path, "entry under untouched:", str(value), self._untouched
                )
        elif key == "encoder" and value not in self._encoders:
            known = sorted({*self._encoders, *external_encoders()})
            if value not in known:
                near = suggest(value, known) if known else ""
                self._complaints.add(
                    "SA311",
                    path,
                    f"unknown encoder {value!r}",
                    expected=f"one that a package brings by entry point {GROUP}, or "
                    f"load_policy(..., encoders={{{value!r}: callable}})",
                    hint=near,
                )
