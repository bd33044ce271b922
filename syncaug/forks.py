"""Forks: a child starts with free locks, whatever the threads of its parent were doing.

A fork copies the thread that forks and none of the others, so that a lock which another thread held
stays locked in the child for ever. Everything of this project that locks is listed here or asks
`in_child` to be told.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cached_property as locked_property
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["cached_property", "in_child"]

T = TypeVar("T")


def in_child(function: Callable[[], object]) -> None:
    """Call `function` in every child process right after a fork; systems without forks have none.

    It must not lock, and must not free what threads of the parent were using.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=function)


if TYPE_CHECKING or sys.version_info >= (3, 12):
    cached_property = locked_property
else:

    class cached_property(locked_property[T]):
        """`functools.cached_property` as it is from Python 3.12 on: without a lock.

        Two threads may both work a value out; it is the same.
        """

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is None:
                return self
            cache, name = instance.__dict__, self.attrname
            if name not in cache:
                cache[name] = self.func(instance)
            return cache[name]
