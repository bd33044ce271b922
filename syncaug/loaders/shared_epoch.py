"""An epoch that all processes of a machine see change."""

from __future__ import annotations

import struct

from syncaug.arguments import place_of
from syncaug.shared import SharedBytes

__all__ = ["SharedEpoch"]

_FORM = struct.Struct("<q")


class SharedEpoch:
    """A whole number from 0 on that is set in one process and read in others.

    >>> epoch = SharedEpoch()
    >>> epoch.set(3)
    >>> epoch.value
    3
    """

    __slots__ = ("_bytes",)

    def __init__(self, value: int = 0) -> None:
        self._bytes = SharedBytes(_FORM.pack(value))

    @property
    def value(self) -> int:
        """The epoch now."""
        number: int = _FORM.unpack(self._bytes.data)[0]
        return number

    def set(self, epoch: int) -> None:
        """Begin an epoch. Raises SampleError unless it is an integer from 0 on, of 63 bits."""
        self._bytes.write(_FORM.pack(place_of("epoch", epoch)))

    def __repr__(self) -> str:
        return f"<epoch {self.value}>"
