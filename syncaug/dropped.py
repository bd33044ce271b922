"""What a call returns for a sample that its policy drops."""

from __future__ import annotations

__all__ = ["DROPPED", "Dropped"]


class Dropped:
    """What a call returns for a sample that `on_fail: {then: drop}` dropped; it is falsy.

    >>> from syncaug import DROPPED
    >>> batch = ["one result", DROPPED, "another"]
    >>> [item for item in batch if item is not DROPPED]
    ['one result', 'another']
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "DROPPED"

    def __reduce__(self) -> str:
        return "DROPPED"


DROPPED = Dropped()
