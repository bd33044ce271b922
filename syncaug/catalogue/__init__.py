"""Every operation that a policy may name, as data, so that compiling imports no library."""

from syncaug.catalogue.reader import OperationSpec, ParameterSpec, names, operation

__all__ = ["OperationSpec", "ParameterSpec", "names", "operation"]
