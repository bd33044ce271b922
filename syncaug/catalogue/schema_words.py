"""JSON Schemas in the words that pages and commands tell them with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["schema_in_words"]


def schema_in_words(
    schema: Mapping[str, Any], links: Mapping[str, str] | None = None, *, text: str = "a text"
) -> str:
    """A JSON Schema in a few words; `links` are the words for definitions that it refers to."""
    links = links or {}
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return links.get(name, str(name).replace("_", " "))
    if "enum" in schema:
        words = [str(word).lower() if isinstance(word, bool) else word for word in schema["enum"]]
        return ", ".join(f"`{word}`" for word in words if word != "")
    if "const" in schema:
        return f"`{schema['const']}`"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            options = [option for option in schema[key] if option.get("type") != "null"]
            return " or ".join(schema_in_words(option, links, text=text) for option in options)
    kind = schema.get("type", "any value")
    if isinstance(kind, list):
        return " or ".join(schema_in_words({"type": one}) for one in kind)
    if kind == "array" and not schema.get("items"):
        return "a list"
    if kind == "array":
        items = schema_in_words(schema.get("items", {}), links, text=text)
        length = _length(schema)
        if items in _MANY:
            return f"a list of {length}{_MANY[items]}"
        return f"a list of {length}of: {items}" if length else f"a list of: {items}"
    if kind == "object":
        inner = list(schema.get("patternProperties", {}).values())
        if not inner and "properties" in schema:
            return f"`{{{', '.join(schema['properties'])}: ...}}`"
        return (
            f"a mapping of names to: {schema_in_words(inner[0], links)}" if inner else "a mapping"
        )
    if kind in ("number", "integer"):
        return " ".join(["number" if kind == "number" else "whole number", *_bounds(schema)])
    named = {"string": text, "boolean": "`true`, `false`"}
    return named.get(kind, str(kind))


def _length(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    return f"{most} " if least == most else ""


_MANY = {"a text": "texts", "a name": "names", "number": "numbers", "whole number": "whole numbers"}
"""What stands in a list, in the plural."""


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    for key, word in (
        ("minimum", "from"),
        ("exclusiveMinimum", "above"),
        ("maximum", "to"),
        ("exclusiveMaximum", "below"),
    ):
        if key in schema:
            yield f"{word} {schema[key]:g}"
