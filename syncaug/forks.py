"""Forks: a child starts with free locks, whatever the threads of its parent were doing.

A fork copies the thread that forks and none of the others, so that a lock which another thread held
stays locked in the child for ever. Everything of this project that locks is listed here or asks
`in_child` to be told. And a child of multiprocessing ends without what Python does at an exit: what
it has to leave in order asks `when_gone`.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable
from functools import cached_property as locked_property
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["cached_property", "in_child", "when_gone"]

T = TypeVar("T")


def in_child(function: Callable[[], object]) -> None:
    """Call `function` in every child process right after a fork; systems without forks have none.

    It must not lock, and must not free what threads of the parent were using.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=function)


def when_gone(holder: Any, function: Callable[..., object], *arguments: Any) -> None:
    """Call `function` when nobody has `holder` any more, at the latest when this process ends.

    A process that is killed calls nothing.
    """
    process = sys.modules.get("multiprocessing.process")
    if process is None or process.parent_process() is None:
        weakref.finalize(holder, function, *arguments)
        return
    from multiprocessing.util import Finalize  # which forked children call before they end

    Finalize(holder, function, arguments, exitpriority=0)


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
