"""What changes the size of pictures or the length of clocks, so that results have other shapes.

Turns by quarters, which only swap the sides of a picture, do not count: on square pictures they
change nothing.
"""

from __future__ import annotations

from syncaug.catalogue.reader import operation
from syncaug.catalogue.transforms import transform

__all__ = ["changed_by_operation", "changed_by_transform"]


def changed_by_transform(name: str) -> str:
    """`area` or `length` where the transform may change that, else nothing.

    The area is that of pictures, the length how many seconds a clock lasts.
    """
    return next((what for what in ("area", "length") if what in transform(name).changes), "")


def changed_by_operation(name: str) -> bool:
    """Whether an operation "library.Name" may give results of another size or length."""
    spec = operation(name)
    return spec.may_change("area") or spec.may_change("length")
