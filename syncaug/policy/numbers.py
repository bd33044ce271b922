"""Numbers that are none, wherever they stand: NaN, and infinity where nothing is without end."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from syncaug.policy.located import Located

__all__ = ["require_finite"]

_MAY_BE_INFINITE = (("normal", "low"), ("normal", "high"), ("clip", 0), ("clip", 1))
"""The ends of paths to numbers that may be .inf: a bound or a clip that is open on one side."""


def require_finite(data: Any, located: Located) -> None:
    """Complain about every number of a policy, and every key, that is not finite."""
    for path, number, key in _not_finite(data):
        if not key and math.isinf(number) and path[-2:] in _MAY_BE_INFINITE:
            continue
        names = [part for part in (path[:-1] if key else path) if isinstance(part, str)]
        name = names[-1] if names else ""
        located.add(
            "SA215",
            path,
            f"{_written(number)} does not fit" + (f" {name!r}" if name else ""),
            expected="a finite number",
            key=key,
        )


def _not_finite(data: Any) -> Iterator[tuple[tuple[Any, ...], float, bool]]:
    """Path, number and whether it is a key, for all numbers that are not finite."""
    pending: list[tuple[tuple[Any, ...], Any]] = [((), data)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, dict):
            for key, item in value.items():
                if isinstance(key, float) and not math.isfinite(key):
                    yield (*path, key), key, True
                if isinstance(item, dict | list | float):
                    pending.append(((*path, key), item))
        elif isinstance(value, list):
            pending.extend(
                ((*path, index), item)
                for index, item in enumerate(value)
                if isinstance(item, dict | list | float)
            )
        elif isinstance(value, float) and not math.isfinite(value):
            yield path, value, False


def _written(number: float) -> str:
    """The number as YAML writes it."""
    return ".nan" if math.isnan(number) else ".inf" if number > 0 else "-.inf"
