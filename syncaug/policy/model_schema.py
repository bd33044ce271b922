"""The JSON Schema of one model, as an editor needs it: described, closed, without noise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from syncaug.policy.base import ELSEWHERE, Model

__all__ = ["model_schema"]


def model_schema(model: type[Model]) -> dict[str, Any]:
    """The schema of a model. Other models in it are references to `#/definitions`."""
    schema = model.model_json_schema(by_alias=True)
    cleaned: dict[str, Any] = _clean(schema)
    cleaned.pop("$defs", None)
    return cleaned


def _clean(schema: Any) -> Any:
    """Without titles and defaults that are no user's words, and with names that must match."""
    if isinstance(schema, list):
        return [_clean(item) for item in schema]
    if isinstance(schema, str):
        return schema.replace(ELSEWHERE, "#/definitions/")
    if not isinstance(schema, Mapping):
        return schema
    out = {
        key: {name: _clean(inner) for name, inner in value.items()}
        if key == "properties"
        else _clean(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
    if "default" in out and not _worth_saying(out):
        del out["default"]
    if "patternProperties" in out:  # editors complete what stands under any name, not by pattern
        ((pattern, inner),) = out.pop("patternProperties").items()
        out |= {"propertyNames": {"pattern": pattern}, "additionalProperties": inner}
    if "const" in out:
        out.pop("type", None)
    return out


def _worth_saying(schema: Mapping[str, Any]) -> bool:
    """Whether a default is one that a user could write, and not a sign that nothing was given."""
    default = schema["default"]
    if default is None or default in ("", [], {}) or isinstance(default, Mapping):
        return False
    if isinstance(default, float) and math.isinf(default):
        return False
    return default != 0 or isinstance(default, bool) or "exclusiveMinimum" not in schema
