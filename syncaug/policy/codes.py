"""The table of problem codes: what each means, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

__all__ = ["Code", "codes"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem."""

    code: str
    title: str
    advice: str


@lru_cache(maxsize=1)
def codes() -> Mapping[str, Code]:
    """Every code, in order."""
    with (Path(__file__).parent / "problems.yaml").open(encoding="utf-8") as file:
        table = yaml.load(file, Loader=_Loader)  # a safe loader, our own file
    return {code: Code(code, entry["title"], entry["advice"]) for code, entry in table.items()}
