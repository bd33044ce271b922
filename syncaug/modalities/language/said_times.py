"""Texts that tell moments or rates of a film or a sound: they stay, and are warned of."""

from __future__ import annotations

from collections.abc import Iterable

from syncaug.maps.time import TimeMap
from syncaug.modalities.carrier import Carrier
from syncaug.words.told_times import told_moments, told_rates

__all__ = ["suspect_times"]

_NEAR = 0.05
"""Seconds by which a moment may move unseen."""
_STEADY = 1e-3


def suspect_times(carrier: Carrier, texts: Iterable[str], time: TimeMap) -> None:
    """Say which moment, or rate where the pace changes, a text tells that is another now.

    Moments beyond the end of the clock are none of it.
    """
    paced = any(abs(abs(each.speed) - 1.0) > _STEADY for each in time.segments if not each.is_gap)
    for text in texts:
        moved = [said for said, second in told_moments(text) if _moves(second, time)]
        found = moved or (told_rates(text) if paced else [])
        if found:
            carrier.suspect(
                "times",
                f"{found[0]!r} of {text[:60]!r} may tell a time or a rate of what moves in time, "
                "and stays as it came. Tell times by a timed_text stream, or leave them out",
            )
            return


def _moves(second: float, time: TimeMap) -> bool:
    if second > time.source:
        return False
    places = time.places(second, second + 1e-3)
    return not any(abs(start - second) < _NEAR for start, _ in places)
