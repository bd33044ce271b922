"""Plain values: JSON without surprises, and texts."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.io.problem import TEXT_BYTES, FileProblem, read_bytes

__all__ = [
    "check_text",
    "dump_json",
    "parse_json",
    "plain",
    "read_json",
    "read_json_lines",
    "read_text",
]

_DEPTH = 100
"""Lists and objects inside of one another."""
_DIGITS = 308
"""Digits of a whole number: those that a number with a fraction can stand for."""

_LARGE = re.compile(r"\d[eE]\+?\d{3}|\d{300}")


def parse_json(text: str) -> Any:
    """JSON as its standard has it, of values that go through every stage and out again.

    No NaN, no key twice, no number beyond floating point, no more than 100 levels. Raises
    ValueError with the reason.
    """
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        if "integer string conversion" in str(error):
            raise ValueError(f"a whole number of more than {_DIGITS} digits") from None
        raise
    # Rare signs of what to look for, so that all other text is not walked through.
    if _LARGE.search(text) or text.count("[") + text.count("{") > _DEPTH:
        _check(data)
    return data


def _check(data: Any) -> None:
    """Raise ValueError for what can be written in JSON, and not be computed with."""
    level, depth = [data], 0
    while level:
        if depth > _DEPTH:
            raise ValueError("it is nested too deeply")
        for value in level:
            if type(value) is float and math.isinf(value):
                raise ValueError("a number too large for floating point")
            elif type(value) is int and value.bit_length() > 1023:
                _check_whole(value)
        inner: list[Any] = []
        for value in level:
            if type(value) is list:
                inner += value
            elif type(value) is dict:
                inner += value.values()
        level, depth = inner, depth + 1


def _check_whole(value: int) -> None:
    try:
        float(value)
    except OverflowError:
        raise ValueError(f"a whole number of more than {_DIGITS} digits") from None


def check_text(value: Any) -> None:
    """Raise FileProblem for text that no file can hold: half of a surrogate pair."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            half = f"\\u{ord(value[error.start]):04x}"
            raise FileProblem(
                "text of whole characters", f"{half} alone, which is half of one", "Mend the text."
            ) from None
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str | list | dict):
                check_text(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_text(key)
            check_text(item)


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


def read_json_lines(path: Path) -> list[Any]:
    """The values of a file of JSON lines, less empty ones. Raises FileProblem."""
    out = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.strip():
            try:
                out.append(parse_json(line))
            except ValueError as error:
                came = f"{path}, line {number} of which is not JSON: {error}"
                raise FileProblem("a file of JSON lines", came) from None
    return out


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
