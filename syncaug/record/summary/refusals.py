"""Why draws were refused: which check or step said so, and which kinds of reasons it gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["Refusals"]

_KINDS = 64
"""So many kinds of reasons of one check or step are told apart."""
_OTHERS = "other reasons"
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf)\b", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_STEP = re.compile(r"step '([^']*)': ")
_STREAM = re.compile(r"stream '([^']*)': ")


class Refusals:
    """Counts of refusals by who refused, and by the reason without its numbers and quotations."""

    __slots__ = ("_counts", "_examples")

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, int]] = {}
        self._examples: dict[tuple[str, str], str] = {}

    def add(self, said: str) -> None:
        """Count one line of `failed` of a record's attempt."""
        by, text = _by(said)
        self._count(by, _QUOTED.sub("'...'", _NUMBER.sub("#", text)), 1, text)

    def merge(self, other: Refusals) -> None:
        """Count what another has counted."""
        for by, kinds in other._counts.items():
            for kind, count in kinds.items():
                self._count(by, kind, count, other._examples[by, kind])

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Who refused, and how often, the most frequent first."""
        totals = ((by, sum(kinds.values())) for by, kinds in self._counts.items())
        return iter(sorted(totals, key=lambda item: (-item[1], item[0])))

    def as_json(self) -> list[dict[str, Any]]:
        """By whom, how often, and the kinds of reasons, each with an example."""
        return [
            {
                "by": by,
                "count": total,
                "reasons": [
                    {"reason": kind, "count": count, "example": self._examples[by, kind]}
                    for kind, count in sorted(
                        self._counts[by].items(), key=lambda item: (-item[1], item[0])
                    )
                ],
            }
            for by, total in self
        ]

    def _count(self, by: str, kind: str, count: int, example: str) -> None:
        kinds = self._counts.setdefault(by, {})
        if kind not in kinds and len(kinds) >= _KINDS:
            kind = _OTHERS
        kinds[kind] = kinds.get(kind, 0) + count
        known = self._examples.setdefault((by, kind), example)
        self._examples[by, kind] = min(known, example)


def _by(said: str) -> tuple[str, str]:
    """Who refused, and what it said: a step, a stream, or a check by its key."""
    if not said.startswith("refused: "):
        check, _, text = said.partition(": ")
        return f"check {check}", text
    text = said.removeprefix("refused: ")
    if found := _STEP.search(text):
        return f"step {found[1]}", text[: found.start()] + text[found.end() :]
    if found := _STREAM.match(text):
        return f"stream {found[1]}", text[found.end() :]
    return "the sample", text
