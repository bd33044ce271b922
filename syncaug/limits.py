"""What a library or a memory cannot take: asked before it is tried.

The bounds are generous: what lies beyond is a slip in a policy (an offset in the wrong unit, growth
that compounds) and would end in a library's own error, or take all of a machine's memory.
"""

from __future__ import annotations

__all__ = [
    "ELEMENTS",
    "LARGEST",
    "PIECES",
    "RESULTS",
    "TRIES",
    "WARP_SIDE",
    "WORKERS",
    "OverLimitError",
    "require",
]

WARP_SIDE = 32_766
"""Pixels of a side of a picture that OpenCV warps: it counts them in 16 bits (SHRT_MAX)."""

ELEMENTS = 2**31
"""Numbers of one stream: 2 GiB of levels, 8 GiB of float32, 37 hours of sound at 16 kHz."""

PIECES = 200_000
"""Pieces of a clock's map, such as the rounds of a loop."""

RESULTS = 10_000
"""Views or variants of one sample that are made at once, all of which lie in memory."""


LARGEST = 2**63 - 1
"""The last epoch: so many bits have records, and the memory that workers share."""

TRIES = 1_000_000
"""The last view, and the last attempt of one draw, that records hold."""

WORKERS = 1_024
"""Threads or processes side by side on one machine; a number beyond is a slip, and starts them."""


class OverLimitError(Exception):
    """A result is larger than a limit. The message says how large, and the limit.

    Whoever knows the stream and the step makes a RefusalError of it.
    """


def require(count: float, limit: int, what: str, unit: str) -> None:
    """Raise OverLimitError where `what` would take more than `limit` of the unit."""
    if not count <= limit:
        shown = f"{count:,.0f}" if count < 1e15 else f"{count:.3g}"
        raise OverLimitError(f"{what} would take {shown} {unit}; the limit is {limit:,}")
