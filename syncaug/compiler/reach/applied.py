"""The operations of one step, as the rules of a step see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from syncaug.compiler.complaints import Path
from syncaug.plan.step import Call
from syncaug.values.interval import Support

__all__ = ["Applied"]


class Applied(NamedTuple):
    """What `apply:` at `path` says: the operations, and the streams that follow or stay.

    `followers` are to follow and `keeping` to stay as they are; `scope` is what variables can be.
    `refused` are streams whose operation cannot be used, which is told.
    """

    calls: Sequence[Call]
    followers: Collection[str]
    keeping: Collection[str]
    scope: Mapping[str, Support]
    path: Path
    refused: Collection[str] = ()
