"""What is left of a broken policy, so that one run finds the mistakes of all its branches.

What the model refuses is replaced by what was probably meant, or taken out, until the rest fits;
the compiler then looks at the rest. Every part keeps its place in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.policy.document import Document, Path
from syncaug.policy.located import Broken
from syncaug.policy.lost import Lost
from syncaug.problem import Position, Problem

__all__ = ["Salvaged", "salvage"]

_PARTS = frozenset({"steps", "one_of", "some_of", "checks", "untouched", "when", "apply", "labels"})
"""Keys whose lists hold parts that stand for themselves: without one, the others are whole."""

_ROUNDS = 8
"""After so many rounds nothing is replaced any more and only taken out, which comes to an end."""


@dataclass(slots=True)
class Salvaged:
    """The rest of a policy as data; places in it are told as places in the whole.

    `problems` are those that the model finds only after what hid them was replaced.
    """

    data: dict[str, Any]
    document: Document
    part: _Part
    lost: Lost = field(default_factory=Lost)
    problems: list[Problem] = field(default_factory=list)

    def position(self, path: Path, *, key: bool = False) -> Position:
        """Where in the policy's text the value at `path` of the rest stands, or its key."""
        return self.document.position(self.part.origin(path), key=key)

    def excerpt(self, position: Position) -> str:
        """The line of the policy that a position names."""
        return self.document.excerpt(position)


@dataclass(slots=True)
class _Part:
    """A value of the rest; in a collection each item has the key under which it stood before."""

    value: Any = None
    items: dict[Any, tuple[Any, _Part]] | None = None
    is_list: bool = False
    lessened: bool = field(default=False)

    @classmethod
    def of(cls, value: Any) -> _Part:
        if isinstance(value, Mapping):
            return cls(items={key: (key, cls.of(inner)) for key, inner in value.items()})
        if isinstance(value, list | tuple):
            items = {index: (index, cls.of(inner)) for index, inner in enumerate(value)}
            return cls(items=items, is_list=True)
        return cls(value)

    def plain(self) -> Any:
        if self.items is None:
            return self.value
        if self.is_list:
            return [part.plain() for _, part in self.items.values()]
        return {key: part.plain() for key, (_, part) in self.items.items()}

    def origin(self, path: Path) -> Path:
        out: list[str | int] = []
        part: _Part | None = self
        for key in path:
            before, part = part.items.get(key, (key, None)) if part and part.items else (key, None)
            out.append(before)
        return tuple(out)

    def inside(self, path: Path) -> _Part | None:
        """The part at `path`, if there is one."""
        part = self
        for key in path:
            if part.items is None or key not in part.items:
                return None
            _, part = part.items[key]
        return part

    def take_out(self, key: Any) -> None:
        """Remove an item; those of a list move up."""
        assert self.items is not None
        del self.items[key]
        self.lessened = True
        if self.is_list:
            self.items = dict(enumerate(self.items.values()))

    def lessened_places(self, path: Path = ()) -> Iterator[Path]:
        """The places of mappings from which a key was taken."""
        if self.lessened and not self.is_list:
            yield path
        for key, (_, part) in (self.items or {}).items():
            yield from part.lessened_places((*path, key))


def salvage(document: Document, broken: Iterable[Broken]) -> Salvaged:
    """The rest of a policy whose `broken` parts the model has found."""
    from syncaug.policy.model import find  # which tells what is broken, here of the rest

    whole = _Part.of(document.data)
    found, hidden = list(broken), dict[tuple[str, Position], Problem]()
    for turn in range(10_000):
        # The deepest first, and of a list the last, so that the other places stay.
        for one in sorted(_each_once(found), key=lambda one: _order(one.path), reverse=True):
            _mend(whole, one, replace=turn < _ROUNDS)
        rest = Salvaged(whole.plain(), document, whole)
        told = find(rest)
        found = told.broken
        if all(not one.path for one in found):
            break
        lessened = {
            rest.position(path, key=key)
            for path in whole.lessened_places()
            for key in (True, False)
        }
        for problem in told.problems:
            if problem.position not in lessened:
                hidden[problem.code, problem.position] = problem
    rest.problems = list(hidden.values())
    streams = frozenset(_names(document.data.get("sample"))) - set(_originals(whole, ("sample",)))
    rest.lost = Lost(
        streams if "sample" in rest.data else streams | {"*"},
        frozenset(_variables(document.data)) - frozenset(_variables(rest.data)),
        frozenset(whole.lessened_places()),
    )
    return rest


def _each_once(found: Iterable[Broken]) -> list[Broken]:
    """One for each place, the first; those that know what was meant come first."""
    kept: dict[tuple[Path, bool, str], Broken] = {}
    for one in sorted(found, key=lambda one: one.meant is None):
        kept.setdefault((one.path, one.key, one.lacks), one)
    return list(kept.values())


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((key, "") if isinstance(key, int) else (0, str(key)) for key in path)


def _mend(whole: _Part, one: Broken, *, replace: bool) -> None:
    """Replace a broken part by what was meant, or take it out; at the top it stays."""
    if one.lacks:
        _supply(whole, one)
        return
    if not one.path:
        return
    around, key = whole.inside(one.path[:-1]), one.path[-1]
    if around is None or around.items is None or key not in around.items:
        return _mend(whole, Broken(one.path[:-1]), replace=False)
    before, _ = around.items[key]
    if around.is_list and one.meant is None and _PARTS.isdisjoint(one.path[-3:-1]):
        return _mend(whole, Broken(one.path[:-1]), replace=False)  # such as one of two bounds
    if one.meant is None or not replace or (one.key and one.meant in around.items):
        around.take_out(key)
    elif one.key:
        around.items = {
            (one.meant if inner == key else inner): item for inner, item in around.items.items()
        }
    else:
        around.items[key] = (before, _Part.of(one.meant))


def _supply(whole: _Part, one: Broken) -> None:
    """A step without a name gets one; anything else that lacks a key is taken out."""
    part = whole.inside(one.path)
    if part is None or part.items is None or not one.path:
        return
    if one.lacks == "name":
        word = "_".join(str(key) for key in one.path)
        part.items["name"] = ("name", _Part(f"unnamed_{word}"))
    elif one.lacks not in part.items:
        _mend(whole, Broken(one.path), replace=False)


def _originals(whole: _Part, path: Path) -> Iterator[str]:
    part = whole.inside(path)
    if part is not None and part.items is not None and not part.is_list:
        yield from (str(before) for before, _ in part.items.values())


def _names(raw: Any) -> Iterator[str]:
    if isinstance(raw, Mapping):
        yield from (str(name) for name in raw)


def _variables(raw: Any) -> Iterator[str]:
    """The names under every `draw:` of a policy's data."""
    if isinstance(raw, Mapping):
        for key, inner in raw.items():
            if key == "draw":
                yield from _names(inner)
            yield from _variables(inner)
    elif isinstance(raw, list):
        for inner in raw:
            yield from _variables(inner)
