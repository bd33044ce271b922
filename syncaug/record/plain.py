"""Records as plain data: JSON in one form, and the bounds of what is read from it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from syncaug.errors import RecordError

__all__ = ["MAX_BYTES", "canonical", "one_line", "parse"]

MAX_BYTES = 64 << 20
"""The longest record."""
_DEPTH = 200
"""How deeply lists and mappings may be nested."""


def canonical(value: Any) -> str:
    """JSON that is equal for equal values, in ASCII, on one line, its keys sorted as texts."""
    data = json.loads(json.dumps(value, default=_plain))
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def one_line(value: Any) -> str:
    """The JSON of a record. Raises RecordError where JSON or UTF-8 cannot hold it."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
        text.encode()
    except UnicodeEncodeError:
        raise RecordError(
            "the record cannot be written: expected texts of whole characters; got half of a "
            "surrogate pair. Mend the sample's texts."
        ) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordError(
            f"the record cannot be written: expected finite numbers, texts, lists and mappings; "
            f"{error}"
        ) from None
    return text


def parse(text: str | bytes) -> Any:
    """The data of a JSON text, of bounded size, depth and numbers. Raises RecordError.

    A key that stands twice, NaN, infinity (also as 1e999) and half of a surrogate pair are refused.
    """
    if len(text) > MAX_BYTES:
        raise RecordError(
            f"expected a record of at most {MAX_BYTES >> 20} MiB; got {len(text)} bytes"
        )
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _damaged(f"byte {error.start + 1} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _damaged(
            f"it is no JSON: {error.msg.removesuffix(' at')} at column {error.colno}"
        ) from None
    except RecursionError:
        raise _damaged("it is nested too deeply") from None
    except ValueError as error:
        reason = str(error) if isinstance(error, _Refused) else "a number has too many digits"
        raise _damaged(reason) from None
    _bounded(data)
    return data


class _Refused(ValueError):
    """What JSON as we read it does not hold."""


def _damaged(reason: str) -> RecordError:
    return RecordError(f"expected a record as syncaug writes it; {reason}: it is damaged")


def _bounded(data: Any) -> None:
    """Raise RecordError where something in the data is too deep, too large or no text."""
    pending = [(data, "", 1)]
    while pending:
        value, place, depth = pending.pop()
        if isinstance(value, str):
            if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
                raise RecordError(_at(place, "whole characters", "half of a surrogate pair"))
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise RecordError(_at(place, "a finite number", f"{value}"))
        elif isinstance(value, dict | list):
            if depth > _DEPTH:
                raise _damaged("it is nested too deeply")
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for key, item in items:
                if isinstance(key, str):
                    pending.append((key, place, depth))
                inner = f"{place}.{key}" if isinstance(key, str) else f"{place}[{key}]"
                pending.append((item, inner[:200], depth + 1))


def _at(place: str, expected: str, came: str) -> str:
    where = place.lstrip(".").encode("ascii", "backslashreplace").decode()
    return f"{where or 'record'}: expected {expected}; got {came}"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise _Refused(f"the key {ascii(twice)[:60]} stands there twice")
    return found


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is not JSON")


def _plain(value: Any) -> Any:
    """Numpy scalars and arrays, tuples and sets as JSON knows them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value)
