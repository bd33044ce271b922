"""Plain values: JSON without surprises, and texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.io.problem import TEXT_BYTES, FileProblem, read_bytes

__all__ = ["dump_json", "parse_json", "plain", "read_json", "read_text"]


def parse_json(text: str) -> Any:
    """JSON as its standard has it: no NaN, no key twice. Raises ValueError with the reason."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def dump_json(value: Any) -> str:
    """One line of JSON. Raises FileProblem for what JSON cannot hold."""
    try:
        text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can carry
        return json.dumps(plain(value), allow_nan=False)
    except ValueError:
        raise FileProblem("finite numbers", "NaN or infinity, which JSON cannot hold") from None
    return text


def plain(value: Any) -> Any:
    """The same with lists for arrays and tuples, and Python's numbers for numpy's.

    Raises FileProblem for what has no form in JSON.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise FileProblem(
        "a value that a manifest can hold: text, numbers, lists, mappings", type(value).__name__
    )


def read_json(path: Path) -> Any:
    """The content of a JSON file. Raises FileProblem."""
    try:
        return parse_json(read_bytes(path, "a JSON file", limit=TEXT_BYTES).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileProblem("a JSON file in UTF-8", f"{path}, which is not UTF-8") from None
    except ValueError as error:
        raise FileProblem("a JSON file", f"{path}, which is not JSON: {error}") from None


def read_text(path: Path) -> str:
    """The text of a file, less the line break at its end. Raises FileProblem."""
    try:
        text = read_bytes(path, "a text file", limit=TEXT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileProblem("a text file in UTF-8", f"{path}, which is not UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands there twice")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
