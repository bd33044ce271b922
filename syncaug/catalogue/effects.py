"""What each kind of map does to a stream of each modality, in words, read from `effects.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

__all__ = ["effect", "effects"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=1)
def effects() -> Mapping[str, Mapping[str, str]]:
    """Kind of map -> modality -> what happens."""
    with (Path(__file__).parent / "effects.yaml").open(encoding="utf-8") as file:
        table: dict[str, dict[str, str]] = yaml.load(file, Loader=_Loader)
    return table


def effect(kind: str, modality: str) -> str:
    """What a map of this kind does to the modality. Raises KeyError where it is not carried."""
    return effects()[kind][modality]
