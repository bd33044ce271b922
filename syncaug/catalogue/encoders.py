"""Encoders of third parties, for the check `similarity`: named by entry point.

A package declares `[project.entry-points."syncaug.encoders"] clip = "my_package:encode"`. That is
a callable: `encode(modality, value)` gives the vector of an image (HxWxC) or of a text. Policies
then name `similarity: {encoder: clip}`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

__all__ = ["GROUP", "external_encoder", "external_encoders"]

GROUP = "syncaug.encoders"
"""The entry-point group; nothing else is ever imported because a policy names it."""


@cache
def external_encoders() -> tuple[str, ...]:
    """The names that installed packages bring."""
    from importlib.metadata import entry_points

    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def external_encoder(name: str) -> Callable[[str, Any], Any]:
    """The encoder of that name. Raises KeyError where no installed package brings it."""
    from importlib.metadata import entry_points

    for point in entry_points(group=GROUP, name=name):
        return point.load()  # type: ignore[no-any-return]
    raise KeyError(name)
