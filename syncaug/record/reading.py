"""From JSON to the plain data of a record, held against the schema of records first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from syncaug.errors import RecordError
from syncaug.record.plain import one_line, parse

__all__ = ["SCHEMA", "one_line", "read_data", "schema", "shown"]

_FIELDS = frozenset({"record", "policy", "fingerprint", "draw"})
"""Fields of which every record, however damaged, has some."""
SCHEMA = Path(__file__).parent / "record.schema.json"


def read_data(data: str | bytes | Mapping[str, Any]) -> dict[str, Any]:
    """The record as plain data, every field of it as the schema says. Raises RecordError."""
    if isinstance(data, Mapping):
        data = one_line(data)
    if not isinstance(data, str | bytes):
        raise RecordError(
            f"expected a record as JSON text or as a mapping; got {type(data).__name__}"
        )
    told = parse(data)
    if isinstance(told, Mapping) and not _FIELDS & set(told):
        names = ", ".join(repr(name) for name in list(told)[:4]) or "no keys"
        raise RecordError(
            "expected a record, as policy.apply gives it beside the result; got a mapping with "
            f"{names}"
        )
    errors = sorted(_validator().iter_errors(told), key=lambda error: list(map(str, error.path)))
    if errors:
        raise RecordError(_told(errors[0]))
    _agree(told)
    return told  # type: ignore[no-any-return]


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema (draft 7) of records."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def _validator() -> Any:
    """Whole numbers are those without a point: 1.0 is no epoch."""
    from jsonschema import Draft7Validator
    from jsonschema.validators import extend

    whole = Draft7Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    )
    return extend(Draft7Validator, type_checker=whole)(schema())  # type: ignore[no-untyped-call]


def _told(error: Any) -> str:
    """A complaint of the validator as field, expected and came."""
    path = list(error.absolute_path)
    rule, wanted, came = error.validator, error.validator_value, error.instance
    if rule == "required":
        missing = next(name for name in wanted if name not in came)
        return f"{place((*path, missing))}: expected this field; it is missing: damaged"
    if rule == "dependencies":
        missing = next(n for key, ns in wanted.items() if key in came for n in ns if n not in came)
        return f"{place((*path, missing))}: expected this field; it is missing: damaged"
    if rule == "additionalProperties":
        known = error.schema.get("properties", {})
        extra = next((name for name in came if name not in known), "")
        return f"{place((*path, extra))}: expected no such field; damaged"
    if rule == "enum":
        expected = "one of " + ", ".join(map(shown, wanted))
    else:
        expected = error.schema.get("description") or f"{rule} {wanted}"
    return f"{place(path)}: expected {_decapitalised(expected)}; got {shown(came)}"


def place(path: Iterable[str | int]) -> str:
    """A path into a record as text: `draw.steps[0].applied`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")[:200] or "record"


def shown(value: Any) -> str:
    """A value of a record, in a few characters."""
    text = ascii(value) if isinstance(value, str | int | float) else json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _decapitalised(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")


def _agree(told: Mapping[str, Any]) -> None:
    """Raise RecordError unless attempts and outcome tell of one another."""
    attempts, outcome = told["attempts"], told["outcome"]
    for number, attempt in enumerate(attempts):
        if attempt["attempt"] != number:
            raise RecordError(
                f"attempts[{number}].attempt: expected {number}, attempts count from 0; "
                f"came {attempt['attempt']}"
            )
        last = number == len(attempts) - 1
        if bool(attempt["failed"]) == (last and outcome == "accepted"):
            expected = "no reason, for the draw was accepted" if last else "why it failed"
            if last and outcome != "accepted":
                expected = f"why it failed, for the outcome is {outcome}"
            raise RecordError(
                f"attempts[{number}].failed: expected {expected}; got {shown(attempt['failed'])}"
            )
    weakest = attempts[-1].get("strength", 1.0)
    if told["draw"].get("strength", 1.0) != weakest:
        raise RecordError(
            f"draw.strength: expected {weakest}, that of the last attempt; "
            f"came {told['draw'].get('strength', 1.0)}"
        )
