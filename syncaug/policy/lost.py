"""What a broken policy declares and the rest of it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from syncaug.policy.document import Path

__all__ = ["Lost"]


@dataclass(frozen=True, slots=True)
class Lost:
    """What a broken policy declares and the rest of it lacks.

    `streams` and `variables` are names, `within` the places of mappings from which a key was taken.
    `*` stands for streams of which not even the names are known.
    """

    streams: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    within: frozenset[Path] = frozenset()
