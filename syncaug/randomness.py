"""Randomness with an address: a number is a pure function of where it is used.

A `Source` is keyed by (seed, key, epoch, attempt); asking it for an address gives 32 bytes that
depend on nothing else. BLAKE2b is the keyed hash, so the bytes are the same on every machine, in
every process and under every version of numpy. The mapping from bits to numbers is versioned by
`STREAM_VERSION`: changing it changes every draw, and is a breaking change.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from hashlib import blake2b
from struct import Struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["STREAM_VERSION", "Entropy", "Source", "unit_interval"]

STREAM_VERSION = 1
_STREAM = f"syncaug/{STREAM_VERSION}\0"
_BITS = 52
_SCALE = 2.0**-_BITS
_FIRST = Struct("<Q").unpack_from
"""The first eight bytes of a digest as a number."""


class Entropy:
    """32 addressed bytes, and the generators that libraries want to be fed with."""

    __slots__ = ("digest",)

    def __init__(self, digest: bytes) -> None:
        self.digest = digest

    def philox(self) -> np.random.Generator:
        """A numpy generator (Philox counter-based bit generator) keyed by this address."""
        import numpy as np

        return np.random.Generator(np.random.Philox(key=int.from_bytes(self.digest[:16], "little")))

    def python(self) -> random.Random:
        """A standard-library generator seeded by this address."""
        return random.Random(self.integer(64))

    def integer(self, bits: int = 32) -> int:
        """An unsigned integer of at most 64 `bits`, taken from bytes that `philox` does not use."""
        return int.from_bytes(self.digest[16:24], "little") >> (64 - bits)

    def child(self, name: str) -> Entropy:
        """The entropy of a sub-address, e.g. one stream's noise within a step."""
        return Entropy(blake2b(name.encode(), key=self.digest, digest_size=32).digest())


class Source:
    """The addressed randomness of one attempt on one sample in one epoch.

    `place` is what it is keyed by: seed, key, epoch, attempt and view.
    """

    __slots__ = ("_state", "place")

    def __init__(
        self, seed: int, key: str | int, epoch: int, attempt: int = 0, view: int = 0
    ) -> None:
        self.place = seed, key, epoch, attempt, view
        self._state: Any = None  # hashed when somebody asks: a draw of constants needs none

    def _hashed(self) -> Any:
        """The hash of the place, of which each address goes on with a copy."""
        self._state = blake2b(self._told(), digest_size=32)
        return self._state

    def _told(self) -> bytes:
        """The place in bytes, as they are hashed before every address."""
        seed, key, epoch, attempt, view = self.place
        # The type tag keeps key 1 and key "1" apart; NUL separates fields that may hold any text.
        # Views carry their number in it, so that no other call has their addresses.
        kind = "s" if type(key) is str else "i" if isinstance(key, int) else "s"
        if view:
            kind += str(view)
        address = f"{_STREAM}{seed}\0{epoch}\0{attempt}\0{kind}\0{key}\0"
        return address.encode("utf-8", "surrogatepass")

    def __reduce__(self) -> tuple[type[Source], tuple[int, str | int, int, int, int]]:
        return Source, self.place

    def digest(self, address: bytes) -> bytes:
        """32 bytes for `address`."""
        state = (self._state or self._hashed()).copy()
        state.update(address)
        digest: bytes = state.digest()
        return digest

    def unit(self, address: bytes) -> float:
        """The float in (0, 1) of `address`, as `unit_interval` takes it from its bytes."""
        state = (self._state or self._hashed()).copy()
        state.update(address)
        number: float = ((_FIRST(state.digest())[0] >> (64 - _BITS)) + 0.5) * _SCALE
        return number

    def units(self, addresses: Iterable[bytes]) -> list[float]:
        """What `unit` gives for each of some addresses."""
        place, numbers = self._told(), []
        for address in addresses:
            digest = blake2b(place + address, digest_size=32).digest()
            numbers.append(((_FIRST(digest)[0] >> (64 - _BITS)) + 0.5) * _SCALE)
        return numbers

    def entropy(self, address: str) -> Entropy:
        """The generators of `address`."""
        return Entropy(self.digest(address.encode()))


def unit_interval(digest: bytes) -> float:
    """A float in (0, 1) from the first 52 bits of `digest`; never 0 or 1: quantiles are finite."""
    number: float = ((_FIRST(digest)[0] >> (64 - _BITS)) + 0.5) * _SCALE
    return number
