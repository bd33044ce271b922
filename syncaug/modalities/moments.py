"""Whether what stands at moments meets its clock: times in other units vanish without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.clock.timed_rows import TimedRowsCarrier
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.modalities.language.timed_text import TimedTextCarrier
from syncaug.modalities.world.points import PointsCarrier

__all__ = ["check_moments"]

_BEYOND = 10.0
"""How many times a clock's length its streams may reach."""
_SHORTEST = 1.0
"""Seconds that a clock counts at least, so that a few samples of sound need no fitting cues."""
_NEAR = 1.5
"""How many times a clock's length times in the right unit may reach."""
_UNITS = (("milliseconds", 1e3), ("microseconds", 1e6), ("nanoseconds", 1e9))


def check_moments(
    names: Iterable[str], carriers: Mapping[str, Carrier], timekeepers: Mapping[str, str]
) -> None:
    """Raise SampleError where all that one of the named streams tells lies far beyond its clock."""
    for name in names:
        carrier = carriers.get(name)
        if carrier is None:
            continue
        keeper = carriers.get(timekeepers.get(carrier.stream.spaces.get("clock", ""), ""))
        if keeper is None or not keeper.stream.spec.media:
            continue
        spans = _spans(carrier) + _offset(carrier)
        clock = (keeper.clock_duration() or 0.0) + max(0.0, _offset(keeper))
        if len(spans) == 0 or not (spans[:, 1] > clock).all():
            continue
        last = float(spans[:, 1].max())
        if last > _BEYOND * max(clock, _SHORTEST):
            kind = {"timed_text": "cues", "phrases": "phrases"}.get(carrier.stream.modality)
            raise SampleError(
                name,
                expected=f"{kind or 'points'} in seconds within the {clock:g} s of "
                f"{keeper.stream.name!r}",
                came=f"times up to {last:g}, none of which ends there",
                hint=_guess(last, last - float(spans[:, 0].min()), clock, _rate(keeper)),
            )


def _spans(carrier: Carrier) -> NDArray[np.float64]:
    """Start and end of each cue or timed phrase (N, 2); the first and the middle of all points."""
    spans: list[tuple[float, float]] = []
    if isinstance(carrier, TimedTextCarrier):
        spans = [(cue.start, cue.end) for cue in carrier.cues]
    elif isinstance(carrier, PhrasesCarrier):
        spans = [(span[0], span[1]) for span in carrier.times if span is not None]
    elif isinstance(carrier, PointsCarrier) and "t" in carrier.columns and len(carrier.data):
        moments = carrier.data[:, carrier.columns.index("t")]
        spans = [(float(moments.min()), float(np.median(moments)))]
    return np.array(spans, dtype=np.float64).reshape(-1, 2)


def _guess(last: float, lasting: float, clock: float, rate: float) -> str:
    """What such times are likely to be, and what to do."""
    units = [*_UNITS, *([("samples", rate)] if rate else [])]
    fitting = [(last / size, unit, size) for unit, size in units if last / size <= _NEAR * clock]
    if lasting <= _NEAR * clock or not fitting:
        return "Subtract the moment at which the recording begins, or declare offset:."
    _, unit, size = max(fitting)
    return f"These look like {unit}: divide them by {size:.12g}."


def _rate(keeper: Carrier) -> float:
    """Samples, or rows, a second of what keeps the time."""
    return keeper.sample_rate() or (keeper.rate if isinstance(keeper, TimedRowsCarrier) else 0.0)


def _offset(carrier: Carrier) -> float:
    return float(carrier.stream.options.get("offset", 0.0))
