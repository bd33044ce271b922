"""Libraries that draw from the global generators get addressed ones; the globals stay as they are.

The functions of `random` and `numpy.random` are exchanged for those of private generators while the
library draws. The global generators are never read, advanced or rewound: exchanging numpy's bit
generator instead would lose the second half of its last pair of normals, and costs more to repair.

A process that is forked while another thread draws finds the lock free and the global functions as
the owner of them would have left them.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import attrgetter
from types import TracebackType
from typing import Any

import numpy as np

from syncaug.forks import in_child
from syncaug.randomness import Entropy

__all__ = ["addressed_globals", "undrawn"]

# What the delegated libraries call; the contract suite fails where one calls anything else.
_PYTHON = (
    "random",
    "uniform",
    "randint",
    "randrange",
    "choice",
    "choices",
    "sample",
    "shuffle",
    "gauss",
)
_NUMPY = (
    "normal",
    "uniform",
    "randn",
    "rand",
    "randint",
    "random",
    "choice",
    "permutation",
    "shuffle",
)
_lock = threading.RLock()
_python_functions = attrgetter(*_PYTHON)
_numpy_functions = attrgetter(*_NUMPY)


@contextmanager
def undrawn() -> Iterator[None]:
    """A context after which `random` stands where it stood, whatever an import draws meanwhile.

    NLTK imports rich, whose import draws a number. It is for the first import in a process alone:
    what other threads draw meanwhile, they draw again.
    """
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)


class addressed_globals:
    """A context in which `random` and `numpy.random` draw from `entropy`; one thread at a time.

    Other threads that draw meanwhile get the global generators, as ever.
    """

    __slots__ = ("_entropy", "_numpy", "_outer", "_python")
    innermost: addressed_globals | None = None
    owner = 0  # the thread that holds the lock; the others go on drawing from the globals

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._python: random.Random | None = None
        self._numpy: np.random.RandomState | None = None

    def __enter__(self) -> None:
        _lock.acquire()
        addressed_globals.owner = threading.get_ident()
        around = addressed_globals.innermost
        self._outer = (around, _python_functions(random), _numpy_functions(np.random))
        addressed_globals.innermost = self
        random.__dict__.update(_PYTHON_STANDINS)
        np.random.__dict__.update(_NUMPY_STANDINS)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        around, python, legacy = self._outer
        if around is None:
            addressed_globals.owner = 0
        random.__dict__.update(zip(_PYTHON, python, strict=True))
        np.random.__dict__.update(zip(_NUMPY, legacy, strict=True))
        addressed_globals.innermost = around
        _lock.release()
        if self._numpy is not None:
            _kept.free.append(self._numpy)
            self._numpy = None

    def python(self) -> random.Random:
        """The stand-in for `random`, made when something is drawn."""
        if self._python is None:
            self._python = self._entropy.python()
        return self._python

    def numpy(self) -> np.random.RandomState:
        """The stand-in for `numpy.random`; a Generator would lack the legacy names."""
        if self._numpy is None:
            self._numpy = _legacy_at(self._entropy)
        return self._numpy


class _Kept(threading.local):
    """The legacy generators of a thread that are not in use: setting one takes a microsecond."""

    def __init__(self) -> None:
        self.free: list[np.random.RandomState] = []


_kept = _Kept()


def _legacy_at(entropy: Entropy) -> np.random.RandomState:
    """A legacy generator that draws what one on `entropy.philox()` does."""
    state = _kept.free.pop() if _kept.free else np.random.RandomState(np.random.Philox(key=0))
    state.set_state(
        {
            "bit_generator": "Philox",
            "state": {"counter": _START, "key": np.frombuffer(entropy.digest[:16], "<u8")},
            "buffer": _START,
            "buffer_pos": _EMPTY,
            "has_uint32": 0,
            "uinteger": 0,
            "has_gauss": 0,
            "gauss": 0.0,
        }
    )
    return state


_START = np.zeros(4, np.uint64)
_EMPTY = 4
"""Where a Philox that has drawn nothing stands in its buffer of four numbers."""


def _python_standin(name: str) -> Callable[..., Any]:
    usual = getattr(random, name)

    def draw(*args: Any, **kwargs: Any) -> Any:
        inner = addressed_globals.innermost
        if inner is None or addressed_globals.owner != threading.get_ident():
            return usual(*args, **kwargs)
        return getattr(inner.python(), name)(*args, **kwargs)

    return draw


def _numpy_standin(name: str) -> Callable[..., Any]:
    usual = getattr(np.random, name)

    def draw(*args: Any, **kwargs: Any) -> Any:
        inner = addressed_globals.innermost
        if inner is None or addressed_globals.owner != threading.get_ident():
            return usual(*args, **kwargs)
        return getattr(inner.numpy(), name)(*args, **kwargs)

    return draw


_PYTHON_STANDINS = {name: _python_standin(name) for name in _PYTHON}
_NUMPY_STANDINS = {name: _numpy_standin(name) for name in _NUMPY}


def _after_fork() -> None:
    """Free the lock, unless the thread that forked holds it, and put the globals back."""
    global _lock
    _lock = threading.RLock()
    inner = addressed_globals.innermost
    if inner is None:
        return
    if addressed_globals.owner == threading.get_ident():  # this thread goes on inside the contexts
        around: addressed_globals | None = inner
        while around is not None:
            _lock.acquire()
            around = around._outer[0]
        return
    while inner._outer[0] is not None:
        inner = inner._outer[0]
    _, python, legacy = inner._outer
    random.__dict__.update(zip(_PYTHON, python, strict=True))
    np.random.__dict__.update(zip(_NUMPY, legacy, strict=True))
    addressed_globals.innermost = None
    addressed_globals.owner = 0


in_child(_after_fork)
