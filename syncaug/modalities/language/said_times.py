"""Texts that tell moments, rates or an order of a film or a sound: they stay, and are warned of."""

from __future__ import annotations

from collections.abc import Iterable

from syncaug.maps.time import TimeMap
from syncaug.modalities.carrier import Carrier
from syncaug.words.told_times import told_lengths, told_moments, told_order, told_rates

__all__ = ["suspect_order", "suspect_times"]

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
        if not found and abs(time.duration - time.source) > _NEAR:
            found = told_lengths(text)
        if found:
            carrier.suspect(
                "times",
                f"{found[0]!r} of {text[:60]!r} may tell a time or a rate of what moves in time, "
                "and stays as it came. Tell times by a timed_text stream, or leave them out",
            )
            return


def suspect_order(carrier: Carrier, texts: Iterable[str], time: TimeMap) -> None:
    """Say which words of a text tell an order that is another where its clock runs backwards."""
    if not any(each.speed < 0 for each in time.segments if not each.is_gap):
        return
    for text in texts:
        if found := told_order(text):
            carrier.suspect(
                "order",
                f"{found[0]!r} of {text[:60]!r} tells what comes before what, or which way "
                "something moves, and stays as it came where the clock runs backwards. Leave out "
                "steps that reverse it, or such texts",
            )
            return


def _moves(second: float, time: TimeMap) -> bool:
    if second > time.source:
        return False
    places = time.places(second, second + 1e-3)
    return not any(abs(start - second) < _NEAR for start, _ in places)
