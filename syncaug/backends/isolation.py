"""Libraries that draw from the global generators get addressed ones; the globals stay as they are.

The functions of `random` and `numpy.random` are exchanged for those of private generators while the
library draws. The global generators are never read, advanced or rewound: exchanging numpy's bit
generator instead would lose the second half of its last pair of normals, and costs more to repair.
"""

from __future__ import annotations

import random
import threading
from operator import attrgetter
from types import TracebackType

import numpy as np

from syncaug.randomness import Entropy

__all__ = ["addressed_globals"]

_LOCK = threading.RLock()
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
_python_functions = attrgetter(*_PYTHON)
_numpy_functions = attrgetter(*_NUMPY)


class addressed_globals:
    """A context in which `random` and `numpy.random` draw from `entropy`; one thread at a time."""

    __slots__ = ("_entropy", "_outer")

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy

    def __enter__(self) -> None:
        python = self._entropy.python()
        # A Generator lacks the legacy names; a RandomState may sit on any bit generator.
        legacy = np.random.RandomState(self._entropy.philox().bit_generator)
        _LOCK.acquire()
        self._outer = (_python_functions(random), _numpy_functions(np.random))
        random.__dict__.update(zip(_PYTHON, _python_functions(python), strict=True))
        np.random.__dict__.update(zip(_NUMPY, _numpy_functions(legacy), strict=True))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        outer_python, outer_numpy = self._outer
        random.__dict__.update(zip(_PYTHON, outer_python, strict=True))
        np.random.__dict__.update(zip(_NUMPY, outer_numpy, strict=True))
        _LOCK.release()
