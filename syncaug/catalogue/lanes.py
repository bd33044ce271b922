"""Lanes of third parties: other implementations of how a modality's streams are carried.

A package declares `[project.entry-points."syncaug.lanes"] fast = "my_package.lane"`. The module
holds `TAKES`, the names of the modalities that it carries, and `lane(stream)`. Streams then say
`lane: fast`; all others keep the library's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncaug.catalogue.external import LANES, external_part

__all__ = ["external_lane", "lane_takes"]


def lane_takes(name: str) -> tuple[str, ...]:
    """The modalities of which a lane carries streams.

    Raises KeyError where no installed package brings it, ExternalError where it cannot be used.
    """
    external_lane(name)
    return tuple(external_part(LANES, name, "TAKES", _are_names, "a tuple of modalities"))


def external_lane(name: str) -> Callable[[Any], Any]:
    """The function that makes the lane of a stream; raises as `lane_takes` does."""
    make: Callable[[Any], Any] = external_part(
        LANES, name, "lane", callable, "a function of a stream that returns its Lane"
    )
    return make


def _are_names(value: Any) -> bool:
    return (
        isinstance(value, tuple | list)
        and bool(value)
        and all(isinstance(name, str) for name in value)
    )
