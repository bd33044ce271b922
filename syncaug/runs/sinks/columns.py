"""The columns of a table of results: decided by the policy's streams before the first row.

A file is a structure of its bytes and its name, as Hugging Face's own pictures and sounds are. What
has rows of numbers is a list of lists. All that has no one shape is a text of JSON, and the
column's metadata say so (`syncaug: json`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from syncaug.io.streams import StreamDecl, in_files
from syncaug.plan.plan import Plan
from syncaug.plan.stream import Stream
from syncaug.runs.sources.arrow import load_arrow
from syncaug.runs.sources.cells import JSON_MARK
from syncaug.runs.sources.types import arrow_type
from syncaug.version import __version__

__all__ = ["schema_of"]

_TABLES = frozenset({"boxes", "boxes3d", "oriented_boxes"})
"""Modalities of rows of numbers, of one length each, where no film has such rows for each frame."""
_BESIDE = ("timed_text",)


def schema_of(plan: Plan, types: Mapping[str, str]) -> Any:
    """The schema of a table: `key`, `epoch` and `variant`, then the policy's entries in its order.

    `types` are those of the keys, and of entries that may hold anything (`types.column_types`).
    Raises MissingExtraError.
    """
    arrow = load_arrow()
    told = {name: arrow_type(form) for name, form in types.items()}
    fields = [
        arrow.field("key", told.get("key") or arrow.string(), nullable=False),
        arrow.field("epoch", arrow.int64(), nullable=False),
        arrow.field("variant", arrow.int64(), nullable=False),
    ]
    features: dict[str, Any] = {field.name: _value(str(field.type)) for field in fields}
    for name in _names(plan):
        stream = next((one for one in plan.streams if one.name == name), None)
        default = arrow.string() if stream is not None and stream.modality == "text" else None
        form = _form_of(arrow, plan, stream, told.get(name, default))
        metadata = None
        if form is None:
            form, metadata = arrow.string(), dict([JSON_MARK])
        fields.append(arrow.field(name, form, metadata=metadata))
        features[name] = _feature(arrow, form, stream)
    about = {"policy": plan.name, "fingerprint": plan.fingerprint, "version": __version__}
    return arrow.schema(
        fields,
        metadata={
            "syncaug": json.dumps(about, sort_keys=True),
            "huggingface": json.dumps({"info": {"features": features}}),
        },
    )


def _names(plan: Plan) -> list[str]:
    streams = [stream.name for stream in plan.streams]
    beside = {key for stream in plan.streams for key in stream.parallel_keys}
    return [*streams, *sorted({*beside, *plan.untouched} - set(streams))]


def _form_of(arrow: Any, plan: Plan, stream: Stream | None, told: Any) -> Any:
    """The type of a column; None for JSON."""
    if stream is None:
        return told
    kind = stream.modality
    if kind == "instances" or (in_files(kind) and kind not in _BESIDE):
        return arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])
    if stream.framed:
        return None
    if kind == "text":
        return arrow.string() if stream.options.get("choose") == "one" else told
    if kind in _TABLES:
        return arrow.list_(arrow.list_(arrow.float64()))
    if kind == "phrases":
        return arrow.list_(arrow.string())
    if kind == "embedding":
        one = arrow.list_(arrow.float32())
        return arrow.list_(one) if stream.options.get("rate") else one
    if kind == "label" and not plan.mixing and not stream.options.get("soft"):
        return told
    return None


def _feature(arrow: Any, form: Any, stream: StreamDecl | None) -> dict[str, Any]:
    """A column as the library of Hugging Face describes it."""
    kind = "" if stream is None else stream.modality
    if stream is not None and kind in ("image", "mask"):
        return {"_type": "Image"}
    if stream is not None and kind == "audio":
        rate = stream.options.get("sample_rate")
        return {"_type": "Audio", **({"sampling_rate": rate} if rate else {})}
    return _plain_feature(arrow, form)


def _plain_feature(arrow: Any, form: Any) -> dict[str, Any]:
    if arrow.types.is_list(form):
        return {"_type": "Sequence", "feature": _plain_feature(arrow, form.value_type)}
    if arrow.types.is_struct(form):
        return {field.name: _plain_feature(arrow, field.type) for field in form}
    return _value({"double": "float64", "float": "float32"}.get(str(form), str(form)))


def _value(dtype: str) -> dict[str, Any]:
    return {"_type": "Value", "dtype": dtype}
