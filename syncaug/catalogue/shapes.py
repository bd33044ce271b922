"""What changes the size of pictures or the length of clocks, read from `shapes.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["changed_by_operation", "changed_by_transform"]


@lru_cache(maxsize=1)
def _shapes() -> Mapping[str, Any]:
    import yaml

    text = (Path(__file__).parent / "shapes.yaml").read_bytes()
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def changed_by_transform(name: str) -> tuple[str, Mapping[str, list[Any]]]:
    """`size`, `length` or nothing; and the values of a parameter without which it changes nothing.

    `size` is a picture's width and height, `length` how many seconds a clock lasts.
    """
    entry = _shapes()["transforms"].get(name, {})
    return entry.get("changes", ""), entry.get("when", {})


def changed_by_operation(name: str) -> bool:
    """Whether an operation "library.Name" gives results of another size or length."""
    library, _, short = name.partition(".")
    return short in _shapes()["operations"].get(library, ())
