"""Every operation that a policy may name, as data, so that compiling imports no library."""

from syncaug.catalogue.reader import (
    CHANGES,
    LIBRARIES,
    OperationSpec,
    ParameterSpec,
    names,
    operation,
)

__all__ = ["CHANGES", "LIBRARIES", "OperationSpec", "ParameterSpec", "names", "operation"]
