"""Collecting problems: the compiler goes on after a mistake, so that all are reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from syncaug.errors import Position, Problem
from syncaug.policy.suggest import suggest

__all__ = ["Complaints", "Path", "Places"]

Path = tuple[str | int, ...]


class Places(Protocol):
    """What knows where in the policy's text a path lies."""

    def position(self, path: Path, *, key: bool = False) -> Position: ...

    def excerpt(self, position: Position) -> str: ...


class Complaints:
    """The problems found so far, each located in the policy's text."""

    __slots__ = ("_places", "problems")

    def __init__(self, places: Places) -> None:
        self._places = places
        self.problems: list[Problem] = []

    def add(
        self,
        code: str,
        path: Path,
        message: str,
        *,
        expected: str = "",
        hint: str = "",
        key: bool = False,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        """Complain about the value at `path`, or about its key."""
        position = self._places.position(path, key=key)
        excerpt = self._places.excerpt(position)
        self.problems.append(Problem(code, message, position, expected, hint, excerpt, severity))

    def unknown(
        self,
        code: str,
        path: Path,
        kind: str,
        name: str,
        known: Iterable[str],
        *,
        key: bool = False,
    ) -> None:
        """Complain about a name that stands for nothing, with the nearest that does."""
        self.add(code, path, f"unknown {kind} {name!r}", hint=suggest(name, known), key=key)

    @property
    def failed(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity == "error" for problem in self.problems)
