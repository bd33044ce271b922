"""Operations of third parties: modules that an installed package names by entry point.

A package declares `[project.entry-points."syncaug.operations"] mine = "my_package.operations"`. The
module holds `OPERATIONS`, entries as in this catalogue's files by short name, and
`prepare(name, modality, constants, options)`. Policies then name `mine.Something`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["GROUP", "external_libraries", "external_module"]

GROUP = "syncaug.operations"
"""The entry-point group; nothing else is ever imported because a policy names it."""


@cache
def external_libraries() -> tuple[str, ...]:
    """The prefixes that installed packages bring."""
    from importlib.metadata import entry_points

    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


@cache
def external_module(library: str) -> Any:
    """The module behind a prefix. Raises KeyError where no installed package brings it."""
    from importlib.metadata import entry_points

    for point in entry_points(group=GROUP, name=library):
        return point.load()
    raise KeyError(library)
