"""The types of a table's columns that hold whatever samples bring, by all samples of a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.manifest import Entry
from syncaug.io.problem import FileProblem
from syncaug.plan.plan import Plan
from syncaug.runs.sources.arrow import load_arrow

__all__ = ["arrow_type", "column_types", "type_at"]


def column_types(
    items: Iterable[Entry | ManifestError], plan: Plan, told: Mapping[str, str]
) -> dict[str, str]:
    """The types of the keys, and of labels, texts and what is no stream, by name.

    `told` is what a table knows itself. Of all other sources every value is looked at: where they
    have no one type, the column is none of these, and holds JSON. Raises MissingExtraError.
    """
    entries = [item for item in items if isinstance(item, Entry)]
    keys = [entry.key for entry in entries]
    numbers = bool(keys) and all(isinstance(key, int) and abs(key) < 1 << 63 for key in keys)
    types = {"key": "int64" if numbers else "string"}
    streams = {stream.name: stream.modality for stream in plan.streams}
    beside = {key for stream in plan.streams for key in stream.parallel_keys}
    loose = [name for name, kind in streams.items() if kind in ("label", "text")]
    for name in (*loose, *sorted({*beside, *plan.untouched} - set(streams))):
        if any(entry.read for entry in entries):  # only reading tells what a data set holds
            found = "json"
        else:
            found = told.get(name) or _inferred([_value(entry, name) for entry in entries])
        if found:
            types[name] = found
    return types


def _value(entry: Entry, name: str) -> Any:
    """A value that stands inline, in a container too; None where it is not known."""
    if entry.packed is None:
        return entry.values.get(name)
    try:
        return entry.packed.peek(name, entry.values)
    except FileProblem:  # told where the sample is made
        return None


def type_at(schema: Any, path: str) -> str:
    """The type of a column, or of a field in its structures (`objects.names`), as a name."""
    if path in schema.names:
        return _type_name(schema.field(path).type)
    arrow = load_arrow()
    head, *rest = path.split(".")
    form, lists = schema.field(head).type, 0
    for part in rest:
        while arrow.types.is_list(form) or arrow.types.is_large_list(form):
            form, lists = form.value_type, lists + 1
        if not arrow.types.is_struct(form) or form.get_field_index(part) < 0:
            return ""
        form = form.field(part).type
    inner = _type_name(form)
    return "list<" * lists + inner + ">" * lists if inner else ""


def _inferred(values: Sequence[Any]) -> str:
    """The type of all values of a column; empty where they have several, or are structures."""
    arrow = load_arrow()
    if all(value is None for value in values):
        return ""
    try:
        return _type_name(arrow.infer_type(values))
    except (arrow.ArrowException, OverflowError, TypeError):
        return ""


def _type_name(form: Any) -> str:
    """A type as records name it; empty for structures and all others."""
    arrow = load_arrow()
    if arrow.types.is_boolean(form):
        return "bool"
    if arrow.types.is_integer(form):
        return "" if str(form) == "uint64" else "int64"
    if arrow.types.is_floating(form):
        return "double"
    if arrow.types.is_string(form) or arrow.types.is_large_string(form):
        return "string"
    if arrow.types.is_list(form) or arrow.types.is_large_list(form):
        inner = _type_name(form.value_type)
        return f"list<{inner}>" if inner else ""
    return ""


def arrow_type(name: str) -> Any:
    """The type of a name of `column_types`. Raises ValueError."""
    arrow = load_arrow()
    if name == "json":
        return None
    if name.startswith("list<") and name.endswith(">"):
        if (inner := arrow_type(name[5:-1])) is not None:
            return arrow.list_(inner)
    forms = {"bool": "bool_", "int64": "int64", "double": "float64", "string": "string"}
    if name not in forms:
        raise ValueError(f"expected one of {', '.join(forms)}, or a list of them; got {name!r}")
    return getattr(arrow, forms[name])()
