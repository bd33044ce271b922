"""Adapters to the libraries that do the work; the only modules that import those libraries."""

from syncaug.backends.operation import Operated, Operation, PerFrame
from syncaug.backends.registry import BACKENDS, EXTRAS, prepare

__all__ = ["BACKENDS", "EXTRAS", "Operated", "Operation", "PerFrame", "prepare"]
