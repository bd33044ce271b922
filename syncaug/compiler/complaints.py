"""Collecting problems: the compiler goes on after a mistake, so that all are reported at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from syncaug.errors import ExternalError
from syncaug.policy.lost import Lost
from syncaug.policy.slips import for_data
from syncaug.policy.suggest import Guess, guess
from syncaug.problem import Position, Problem

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

    __slots__ = ("_lost", "_of_steps", "_places", "_unclear", "problems")

    def __init__(
        self,
        places: Places,
        lost: Lost | None = None,
        of_steps: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """`lost` is what a broken policy declares and the data lack: nothing is said of that.

        `of_steps` tells the variables that single steps declare, each with the name of its step.
        """
        self._places = places
        self._of_steps = of_steps
        self._lost = lost
        self._unclear: set[str] = set()
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
        if self._lost is not None and _follows(code, path, self._lost, of_value=not key):
            return
        position = self._places.position(path, key=key)
        excerpt = self._places.excerpt(position)
        hint = hint if position.line else for_data(hint)
        self.problems.append(Problem(code, message, position, expected, hint, excerpt, severity))

    def document(self) -> str:
        """The name of the policy's text, which is its path where it was read from a file."""
        return self._places.position(()).document

    def leave_out(self, variable: str) -> None:
        """Say nothing of what follows a variable of which a problem is told."""
        self._unclear.add(variable)

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
        section: str = "",
        listed: Sequence[str] = (),
    ) -> Guess:
        """Complain about a name that stands for nothing; what was probably meant.

        `otherwise` says what is expected where there are no names to choose from. `section` is the
        table of other libraries' names; `listed` is each name with what is to be said of it, which
        stands beside a hint too.
        """
        lost = self._lost
        if lost is not None and name in (lost.variables if code == "SA403" else lost.streams):
            return Guess()
        if code == "SA403" and name in self._unclear:
            return Guess()
        names = [str(one) for one in known]
        broken = self._broken_variables() if code == "SA403" else ()
        near = guess(name, (*names, *broken), section)
        if code == "SA403":
            near = self._of_another_step(name) or near
        expected = otherwise if not names else ""
        if names and (listed or not near.hint) and len(names) <= _FEW:
            expected = f"one of {', '.join(listed or names)}"
        message = f"unknown {kind} {name!r}"
        self.add(code, path, message, expected=expected, hint=near.hint, key=key)
        return near

    def _of_another_step(self, name: str) -> Guess | None:
        """What to do about a variable that another step declares for itself."""
        bare = name.rpartition(".")[2]
        step = self._of_steps().get(bare)
        if step is None:
            return None
        return Guess(
            hint=f"{bare!r} is of step {step!r} alone: declare it under draw: of the policy"
        )

    def _broken_variables(self) -> list[str]:
        """Variables that are declared, and of which a problem is told."""
        return sorted({*self._unclear, *(self._lost.variables if self._lost else ())})

    def without(self, code: str, first: int) -> None:
        """Forget the problems of a code from index `first` on, of which another tells."""
        self.problems[first:] = [p for p in self.problems[first:] if p.code != code]

    def explain(self, first: int, hint: Callable[[], str], *, code: str = "") -> None:
        """Add a hint to the problems from index `first` on, or those of a code, that have none."""
        for index, problem in enumerate(self.problems[first:], first):
            if not problem.hint and code in ("", problem.code):
                told = hint() if problem.position.line else for_data(hint())
                self.problems[index] = replace(problem, hint=told)

    def broken(self, error: ExternalError, path: Path, *, key: bool = False) -> None:
        """Complain about what an installed package brings and the policy names at `path`."""
        self.add("SA313", path, str(error), hint=f"mend or uninstall {error.package}", key=key)

    @property
    def failed(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity == "error" for problem in self.problems)


_OF_STREAMS = frozenset({"SA306", "SA409", "SA501", "SA503", "SA504", "SA505", "SA507", "SA508"})
"""Codes of what a stream that is lost may answer."""


def _follows(code: str, path: Path, lost: Lost, *, of_value: bool) -> bool:
    """Whether a complaint may only follow from what the data lack."""
    if of_value and path in lost.within:
        return True
    if code == "SA308":
        around = (path, path[:-1], (*path, "with"), (*path[:-1], "with"))
        return not lost.within.isdisjoint(around)
    return bool(lost.streams) and code in _OF_STREAMS


def as_clause(description: str) -> str:
    """The first sentence of a description, to stand after a word: `the height in pixels`."""
    first = description.split(". ", 1)[0].removesuffix(".")
    return first if first[1:2].isupper() else first[:1].lower() + first[1:]
