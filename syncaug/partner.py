"""The partner of a sample: given, or fetched when a step that mixes first needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from syncaug.errors import SampleError

__all__ = ["NOBODY", "Partner", "PartnerSample"]

PartnerSample = Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None
"""A sample, a function that fetches it, or none."""


class Taken(Protocol):
    """A sample as carriers see it."""

    sample: Mapping[str, Any]

    def explained(self, error: SampleError) -> SampleError:
        """An error that says what came in the place of what carriers saw."""
        ...


class Partner:
    """The sample to mix with, and its key: given, or fetched when it is first needed.

    `take` takes in what is fetched; None where it is as carriers see it already.
    """

    __slots__ = ("_given", "_sample", "_take", "_taken", "key")

    def __init__(
        self,
        given: PartnerSample,
        key: str | int | None = None,
        take: Callable[[Any], Taken | None] | None = None,
    ) -> None:
        self._given, self.key, self._take = given, key, take
        self._sample: Mapping[str, Any] | None = None
        self._taken: Taken | None = None

    def sample(self) -> Mapping[str, Any] | None:
        """The sample as carriers see it, fetched once; None where there is none.

        Raises SampleError where it cannot be taken in.
        """
        if self._sample is None and self._given is not None:
            given: Any = self._given
            lazy = callable(given) and not isinstance(given, Mapping)
            sample = given() if lazy else given
            if self._take is not None:
                try:
                    self._taken = self._take(sample)
                except SampleError as error:
                    raise self.explained(error) from error
            self._sample = sample if self._taken is None else self._taken.sample
        return self._sample

    @staticmethod
    def of(
        given: PartnerSample, key: str | int | None, take: Callable[[Any], Taken | None]
    ) -> Partner:
        """The partner of a call; the same one for all calls that give none."""
        return NOBODY if given is None and key is None else Partner(given, key, take)

    @property
    def called(self) -> str:
        """How a warning begins that is about this sample."""
        return "the partner's " if self.key is None else f"partner {self.key!r}, "

    def explained(self, error: SampleError) -> SampleError:
        """An error about this sample that says so."""
        if self._taken is not None:
            error = self._taken.explained(error)
        named = "the partner" if self.key is None else f"the partner {self.key!r}"
        return SampleError(
            error.stream,
            expected=error.expected,
            came=f"{error.came}, in {named}",
            hint=error.hint,
            what=error.what,
        )


NOBODY = Partner(None)
"""The partner of a sample that is given none."""
