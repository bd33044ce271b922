"""What became of the units of a run: outcomes, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from syncaug.errors import SyncaugError

__all__ = ["Tally"]


class Tally:
    """Counts outcomes and collects what went wrong."""

    def __init__(self, *, skip: bool) -> None:
        self.skips = skip
        self.before = self.now = 0
        self._outcomes: dict[str, int] = {}
        self._errors: list[str] = []

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many results there are of each outcome, in the order of their first."""
        return self._outcomes

    @property
    def errors(self) -> Sequence[str]:
        """Why samples were skipped."""
        return self._errors

    def done(self, outcome: str, *, before: bool = False) -> None:
        """Count a result, of this run or of the one that it resumes."""
        self._outcomes[outcome] = self._outcomes.get(outcome, 0) + 1
        self.before += before
        self.now += not before

    def failed(self, error: SyncaugError) -> None:
        """Remember an error, or stop at it; what was written before is whole."""
        if not self.skips:
            raise error
        self._errors.append(str(error))
