"""How many different keys there were, in constant memory."""

from __future__ import annotations

from hashlib import blake2b

__all__ = ["Distinct"]

_KEPT = 1024
_RANGE = 2.0**64


class Distinct:
    """The least of the hashes of all keys: below 1024 keys exact, above within some 3 percent.

    Z. Bar-Yossef and others, Counting Distinct Elements in a Data Stream (RANDOM 2002), the first
    algorithm.
    """

    __slots__ = ("_bound", "_hashes")

    def __init__(self) -> None:
        self._hashes: set[int] = set()
        self._bound = 1 << 64

    def add(self, key: str | int) -> None:
        """Count a key; 3 and "3" are two."""
        text = f"{type(key).__name__}\0{key}".encode("utf-8", "surrogatepass")
        self._take(int.from_bytes(blake2b(text, digest_size=8).digest(), "big"))

    def merge(self, other: Distinct) -> None:
        """Count the keys that another has counted."""
        for number in other._hashes:
            self._take(number)

    @property
    def is_exact(self) -> bool:
        """Whether `count` is no estimate."""
        return len(self._hashes) < _KEPT

    @property
    def count(self) -> int:
        """How many different keys there were."""
        if self.is_exact:
            return len(self._hashes)
        return round((_KEPT - 1) * _RANGE / max(self._hashes))

    def _take(self, number: int) -> None:
        if number < self._bound:
            self._hashes.add(number)
            if len(self._hashes) > _KEPT:
                self._hashes.remove(max(self._hashes))
                self._bound = max(self._hashes)
