"""A policy's data together with where in the text each part of it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from syncaug.errors import PolicyError
from syncaug.problem import Position, Problem

__all__ = [
    "MAX_DEPTH",
    "MAX_VALUES",
    "SURROGATE",
    "CheckedPolicy",
    "Document",
    "Mark",
    "Node",
    "Path",
    "complain",
    "dotted",
]

MAX_DEPTH = 64
"""How deep lists and mappings may nest."""

MAX_VALUES = 20_000
"""How many values a policy may hold, aliases expanded."""

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character of UTF-16, which no UTF-8 can hold."""


class CheckedPolicy(dict[str, Any]):
    """The data of a policy that was loaded before, as an augmenter and a record hold it.

    Loading it again repeats no warning: whoever loaded it first has seen them.
    """


Path = tuple[str | int, ...]
"""Keys and indices from the top of the policy to a part of it."""


@dataclass(slots=True)
class Mark:
    """A place in the text: line, column and length, the first two from 0."""

    line: int
    column: int
    length: int = 1


@dataclass(slots=True)
class Node:
    """One value and its place, with the nodes inside it.

    `keys` holds the place of each key of a mapping. `children` and `keys` of single values are one
    empty dict that all share. `size` counts the values within it, itself included and aliases
    expanded; `height` is how deep they nest.
    """

    value: Any
    mark: Mark
    children: dict[Any, Node]
    keys: dict[Any, Mark]
    size: int = 1
    height: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """A policy as plain data, with its name, its lines, and the place of every value.

    A policy that came as data has no lines; its positions name the path instead.
    """

    name: str
    data: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    root: Node | None = None

    def position(self, path: Path, *, key: bool = False) -> Position:
        """Where the value at `path` stands, or its key.

        Where there is no such value, it is the key of the nearest mapping or list around it.
        """
        if self.root is None:
            where = dotted(path)
            return Position(f"{self.name}:{where}" if where else self.name, 0, 0)
        node, mark = self.root, self.root.mark
        for index, part in enumerate(path):
            child = node.children.get(part)
            if child is None:
                break
            last = index == len(path) - 1
            missing_next = not last and path[index + 1] not in child.children
            of_key = (key and last) or missing_next or child.mark.length == 0
            mark = node.keys.get(part, child.mark) if of_key else child.mark
            node = child
        return Position(self.name, mark.line + 1, mark.column + 1, max(1, mark.length))

    def excerpt(self, position: Position) -> str:
        """The line of the policy that a position names."""
        return self.lines[position.line - 1] if 0 < position.line <= len(self.lines) else ""


def dotted(path: Path) -> str:
    """A path as a user would write it: `steps[0].apply.image`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def complain(code: str, message: str, name: str, *, expected: str = "", hint: str = "") -> NoReturn:
    """Raise the one problem of a source that has no line to point at."""
    raise PolicyError([Problem(code, message, Position(name, 0, 0), expected, hint)])
