"""Which texts are plainly not English, told by their small words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

__all__ = ["is_foreign"]

_FILE = Path(__file__).parent / "lexicons" / "languages.yaml"


def is_foreign(words: Sequence[str]) -> bool:
    """Whether a text of these words (in lower case, in order) is plainly not English.

    Marks and numbers among them are passed over.
    """
    english, openers, others = _known()
    if not english.isdisjoint(words):
        return False
    listed = [word for word in words if word.isalpha()]
    if len(listed) < 3:
        return False
    return listed[0] in openers or len(others.intersection(listed)) >= 2


@cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    import yaml  # late: importing this package must stay cheap

    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    english, openers, others = (
        frozenset(data[name].split()) for name in ("english", "openers", "others")
    )
    return english, openers, others
