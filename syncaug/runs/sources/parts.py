"""The files that one path names: a pattern of numbers or names, or a folder."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from syncaug.errors import ManifestError
from syncaug.io.manifest import Entry
from syncaug.missing import where_to_look

__all__ = ["each_once", "parts_of"]

_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+)\.\.(\d+)")
_MOST = 1_000_000
_HERE = "Check the path: it starts from the folder in which the command runs."


def parts_of(path: Path, suffix: str, what: str) -> list[Path]:
    """The files, in order: `{000..004}` and `{a,b}` are written out, `*`, `?` and `[...]` match.

    A folder stands for all files of the suffix below it. What matches comes sorted. Raises
    ManifestError where there is none, or where one of those that are written out is missing.
    """
    if os.path.isdir(path):
        found = sorted(p for p in path.rglob(f"*{suffix}") if not p.name.startswith((".", "_")))
        if not found:
            raise ManifestError(f"{path}: expected {what} (*{suffix}) in the folder; got none")
        return found
    parts: list[Path] = []
    for text in islice(_written_out(str(path)), _MOST):
        if glob.has_magic(text) and not os.path.exists(text):
            matches = sorted(glob.glob(text, recursive=True))
            if not matches:
                raise ManifestError(
                    f"{text}: expected {what}; nothing matches the pattern. {_HERE}"
                )
            parts += map(Path, matches)
        elif not os.path.isfile(text):
            more = f" of {path}" if text != str(path) else ""
            raise ManifestError(
                f"{text}{more}: expected {what}; there is no such file. {where_to_look(text)}"
            )
        else:
            parts.append(Path(text))
    if len(set(parts)) < len(parts):
        twice = next(part for place, part in enumerate(parts) if part in parts[:place])
        raise ManifestError(f"{path}: expected each file once; it names {twice} twice")
    return parts


def _written_out(text: str) -> Iterator[str]:
    """A text with each pair of braces replaced by each of what it names."""
    if os.path.exists(text):
        yield text
        return
    found = _BRACES.search(text)
    if not found:
        yield text
        return
    for word in _words(found[1]):
        yield from _written_out(text[: found.start()] + word + text[found.end() :])


def _words(inside: str) -> Iterable[str]:
    number = _RANGE.fullmatch(inside)
    if not number:
        return inside.split(",")
    first, last = int(number[1]), int(number[2])
    padded = number[1].startswith("0") or number[2].startswith("0")
    width = max(map(len, number.groups())) if padded else 0
    step = 1 if last >= first else -1
    return (f"{n:0{width}d}" for n in range(first, last + step, step))


def each_once(items: Iterable[Entry | ManifestError]) -> Iterator[Entry | ManifestError]:
    """The items, with an error for each entry whose key and epoch another one has before it."""
    first: dict[tuple[str | int, int], tuple[Path, int]] = {}
    for item in items:
        if isinstance(item, Entry):
            own = item.manifest, item.line
            before = first.setdefault((item.key, item.epoch), own)
            if before != own:
                epoch = f", epoch {item.epoch}" if item.epoch else ""
                yield ManifestError(
                    f"{item.place}: expected each key once; got {item.key!r} again{epoch}; "
                    f"it is the key of {before[0]}:{before[1]}"
                )
                continue
        yield item
