"""What is known of each check, read from `checks.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ANNOTATIONS", "CheckSpec", "checks"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

ANNOTATIONS = frozenset({"default", "description", "entry", "modality", "required", "space"})
"""What an option says beside the JSON Schema of its value."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One check: the modalities that a sample must have, and its options as JSON Schema.

    Each of `needs` names modalities of which one is needed. `reads` are the modalities whose
    results it looks at, beside what planes and clocks met. Beside JSON Schema an option may say
    `required`, the `modality` of the stream that it names (or a list), the kind of `space`, or that
    it names any other `entry` of a sample.
    """

    name: str
    summary: str
    needs: tuple[tuple[str, ...], ...]
    reads: frozenset[str]
    options: Mapping[str, Mapping[str, Any]]


@lru_cache(maxsize=1)
def checks() -> Mapping[str, CheckSpec]:
    """All checks by name."""
    with (Path(__file__).parent / "checks.yaml").open(encoding="utf-8") as file:
        table = yaml.load(file, Loader=_Loader)
    return {
        name: CheckSpec(
            name,
            data["summary"],
            tuple(map(_any_of, data["needs"])),
            frozenset(data["reads"]),
            data["options"],
        )
        for name, data in table.items()
    }


def _any_of(need: str | list[str]) -> tuple[str, ...]:
    return (need,) if isinstance(need, str) else tuple(need)
