"""Adapters to the libraries that do the work; the only modules that import those libraries."""

from syncaug.backends.registry import BACKENDS, EXTRAS, MovingOperation, Operation, prepare

__all__ = ["BACKENDS", "EXTRAS", "MovingOperation", "Operation", "prepare"]
