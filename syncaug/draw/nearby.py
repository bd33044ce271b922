"""Draws near another one: each random number strays from its own by a little, or by all.

Numbers u in (0, 1) move by `amount` times a number from -1 to 1 and are reflected at 0 and 1. The
move is symmetric, so that what was uniform stays so: a draw that strays has the distribution of any
other, whatever the amount. At 1 it does not depend on where it came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from syncaug.randomness import Source

__all__ = ["Nearby", "reflected"]

_LEAST = 2.0**-53


@dataclass(frozen=True, slots=True)
class Nearby:
    """Which draw near another one: the name of what strays, how often it tried, and how far."""

    name: str
    trial: int
    amount: float

    def source(self, source: Source) -> Source:
        """The randomness of that draw. Noise fields, each a stream's own, stay as they are."""
        return _Straying(source, self)


class _Straying(Source):
    """Addressed randomness whose numbers stray from those of another source."""

    __slots__ = ("_amount", "_mark")

    def __init__(self, source: Source, nearby: Nearby) -> None:
        super().__init__(*source.place)
        self._amount = nearby.amount
        self._mark = f".ablation/{nearby.name}/{nearby.trial}/".encode()

    def units(self, addresses: Iterable[bytes]) -> list[float]:
        return list(map(self.unit, addresses))

    def unit(self, address: bytes) -> float:
        own, step = super().unit(address), super().unit(self._mark + address)
        return reflected(own + self._amount * (2.0 * step - 1.0))


def reflected(number: float) -> float:
    """A number from -1 to 2 within 0 to 1, as mirrors at both ends would show it.

    >>> from syncaug.draw.nearby import reflected
    >>> reflected(-0.25), reflected(1.25), reflected(0.5)
    (0.25, 0.75, 0.5)
    """
    number = abs(number)
    number = 2.0 - number if number > 1.0 else number
    return min(max(number, _LEAST), 1.0 - _LEAST)  # quantiles are finite
