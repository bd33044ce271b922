"""What keys of JSON and of programs say of their values (`lexicons/keys.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["KeyNames", "key_names"]

_TABLE = Path(__file__).with_name("lexicons") / "keys.yaml"


@dataclass(frozen=True, slots=True)
class KeyNames:
    """Names of keys, in small letters, by what their values are.

    A value of `answers` answers the one of `questions` beside it, one of `judging` the question
    `is_true`. `placing` says where or which way; `counting` gives the side from which a number
    counts; L and R are sides under `one_sided`; a number under a side is the edge of a box beside
    keys `across` it. Words of `streams` in a name tell a picture.
    """

    questions: frozenset[str]
    answers: frozenset[str]
    judging: frozenset[str]
    is_true: str
    placing: frozenset[str]
    counting: Mapping[str, str]
    one_sided: frozenset[str]
    across: Mapping[str, frozenset[str]]
    streams: frozenset[str]


@lru_cache(maxsize=1)
def key_names() -> KeyNames:
    """The table, read on first use."""
    import yaml

    table = yaml.safe_load(_TABLE.read_text("utf-8"))
    upright, level = frozenset(table.pop("upright")), frozenset(table.pop("level"))
    across = {"left": upright, "right": upright, "top": level, "bottom": level}
    told: dict[str, Any] = {
        key: frozenset(said) if isinstance(said, list) else said for key, said in table.items()
    }
    return KeyNames(across=across, **told)
