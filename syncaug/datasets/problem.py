"""What is wrong with a data set, as the error that every reader of files raises."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.plain import check_text, parse_json
from syncaug.io.problem import FileProblem, read_bytes
from syncaug.missing import where_to_look

__all__ = [
    "located",
    "one_of",
    "read_table",
    "require",
    "require_folder",
    "require_plain",
    "text_lines",
    "whole_json",
]


@contextmanager
def located(place: str) -> Iterator[None]:
    """Raise what a reader of files finds as a ManifestError that begins with `place`."""
    try:
        yield
    except FileProblem as problem:
        raise ManifestError(f"{place}: {problem}") from None


def require_folder(root: Path, expected: str) -> None:
    """Raise ManifestError unless `root` is a folder."""
    if not os.path.isdir(root):  # also where no folder can have such a name
        raise ManifestError(
            f"{root}: expected {expected}; there is no such folder. {where_to_look(root)}"
        )


def require_plain(name: Any, what: str, place: Path) -> None:
    """Raise ManifestError unless `name`, which becomes that of a file, is one without folders."""
    if not isinstance(name, str) or name in ("", ".", "..") or re.search(r"[/\\\0]", name):
        raise ManifestError(
            f"{place}: expected {what} as the name of a file, without folders; got {name!r}"[:300]
        )


def read_table(path: Path, kind: type[Any]) -> Any:
    """The JSON of a file, a list or an object as `kind` says. Raises ManifestError.

    Annotations of large data sets are single files of hundreds of megabytes.
    """
    name = "a list" if kind is list else "an object"
    try:
        data = whole_json(read_bytes(path, f"{name} in JSON").decode("utf-8-sig"))
    except FileProblem as problem:
        raise ManifestError(str(problem)) from None
    except (ValueError, json.JSONDecodeError) as error:
        raise ManifestError(f"{path}: expected {name} in JSON; it is not: {error}") from None
    if not isinstance(data, kind):
        raise ManifestError(f"{path}: expected {name} in JSON; got {type(data).__name__}")
    return data


def whole_json(text: str) -> Any:
    """The data of a JSON text. Raises ValueError, also for half of a character, which no file that
    is written can hold."""
    data = parse_json(text)
    if _HALF.search(text):
        try:
            check_text(data)
        except FileProblem as problem:
            raise ValueError(f"it has {problem.came}") from None
    return data


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def text_lines(path: Path) -> list[str]:
    """The lines of a text file that are not blank; none of an empty file. Raises ManifestError."""
    try:
        if path.is_file() and not path.stat().st_size:
            return []
        text = read_bytes(path, "a text file").decode("utf-8-sig")
    except FileProblem as problem:
        raise ManifestError(str(problem)) from None
    except UnicodeDecodeError:
        raise ManifestError(f"{path}: expected UTF-8; it is not") from None
    return [line for line in text.split("\n") if line.strip()]


def one_of(found: Mapping[str, Any], asked: str, what: str, place: Path) -> str:
    """The name that is asked for, or the only one. Raises ManifestError with those that are there.

    `what` is the option that names it: split, version.
    """
    if not asked and len(found) == 1:
        return next(iter(found))
    if asked in found:
        return asked
    names = ", ".join(sorted(found)) or "none"
    came = f"{asked!r}, and there are {names}" if asked else f"none named, and there are {names}"
    raise ManifestError(f"{place}: expected one {what} of the data set; got {came}")


def require(sample: Mapping[str, Any], *names: str) -> None:
    """Raise FileProblem unless a sample that is written has these streams."""
    for name in names:
        if name not in sample:
            raise FileProblem(f"a stream {name!r} in each sample", f"only {', '.join(sample)}")
