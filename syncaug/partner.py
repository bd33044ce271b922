"""The partner of a sample: given, or fetched when a step that mixes first needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncaug.errors import SampleError

__all__ = ["NOBODY", "Partner", "PartnerSample"]

PartnerSample = Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None
"""A sample, a function that fetches it, or none."""


class Partner:
    """The sample to mix with, and its key: given, or fetched when it is first needed."""

    __slots__ = ("_given", "_sample", "key")

    def __init__(self, given: PartnerSample, key: str | int | None = None) -> None:
        self._given, self.key = given, key
        self._sample: Mapping[str, Any] | None = None

    def sample(self) -> Mapping[str, Any] | None:
        """The sample, fetched once; None where there is none."""
        if self._sample is None and self._given is not None:
            given: Any = self._given
            lazy = callable(given) and not isinstance(given, Mapping)
            self._sample = given() if lazy else given
        return self._sample

    @staticmethod
    def of(given: PartnerSample, key: str | int | None) -> Partner:
        """The partner of a call; the same one for all calls that give none."""
        return NOBODY if given is None and key is None else Partner(given, key)

    @property
    def called(self) -> str:
        """How a warning begins that is about this sample."""
        return "the partner's " if self.key is None else f"partner {self.key!r}, "

    def explained(self, error: SampleError) -> SampleError:
        """An error about this sample that says so."""
        named = "the partner" if self.key is None else f"the partner {self.key!r}"
        return SampleError(
            error.stream,
            expected=error.expected,
            came=f"{error.came}, in {named}",
            hint=error.hint,
        )


NOBODY = Partner(None)
"""The partner of a sample that is given none."""
