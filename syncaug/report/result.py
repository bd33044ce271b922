"""One application of a policy, with everything that a page about it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.plan.plan import Plan
from syncaug.record import Record

__all__ = ["Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """A sample before and after `policy`, the record of it and the plan that was followed.

    `after` is `syncaug.DROPPED`, or anything else that is falsy, where the sample was dropped.
    `title` is what a reader calls the sample; its key where it is empty. `partner` is the sample
    that was mixed in, as it came, where the record names one.
    """

    policy: str
    before: Mapping[str, Any]
    after: Any
    record: Record
    plan: Plan
    title: str = ""
    partner: Mapping[str, Any] | None = None

    @property
    def key(self) -> str | int:
        """The sample's identity."""
        return self.record.draw.key

    @property
    def epoch(self) -> int:
        """Which variant of the sample this is."""
        return self.record.draw.epoch
