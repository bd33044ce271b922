"""Every operation that a policy may name, described as data, so that compiling imports no library."""

from syncaug.catalogue.reader import OperationSpec, ParameterSpec, names, operation

__all__ = ["OperationSpec", "ParameterSpec", "names", "operation"]
