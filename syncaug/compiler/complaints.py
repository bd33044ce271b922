"""Collecting problems: the compiler goes on after a mistake, so that all are reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from syncaug.errors import ExternalError, Position, Problem
from syncaug.policy.suggest import suggest

__all__ = ["Complaints", "Path", "Places", "as_clause"]

Path = tuple[str | int, ...]


_FEW = 16
"""Up to so many names are listed where none is near to what was written."""


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
        otherwise: str = "",
    ) -> None:
        """Complain about a name that stands for nothing, with the nearest that does.

        `otherwise` says what is expected where there are no names to choose from.
        """
        names = [str(one) for one in known]
        hint = suggest(name, names)
        expected = otherwise if not names else ""
        if names and not hint and len(names) <= _FEW:
            expected = f"one of {', '.join(names)}"
        self.add(code, path, f"unknown {kind} {name!r}", expected=expected, hint=hint, key=key)

    def broken(self, error: ExternalError, path: Path, *, key: bool = False) -> None:
        """Complain about what an installed package brings and the policy names at `path`."""
        self.add("SA313", path, str(error), hint=f"mend or uninstall {error.package}", key=key)

    @property
    def failed(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity == "error" for problem in self.problems)


def as_clause(description: str) -> str:
    """The first sentence of a description, to stand after a word: `the height in pixels`."""
    first = description.split(". ", 1)[0].removesuffix(".")
    return first if first[1:2].isupper() else first[:1].lower() + first[1:]
