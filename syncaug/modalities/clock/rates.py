"""Rates and timestamps that stand beside each other: two statements of one thing must agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.cue_keys import MILLISECONDS
from syncaug.kernels.inner_forms import names_times, snake

__all__ = ["renamed_hint", "stamps_hint", "told_otherwise", "usual_step"]

_STEADY = 0.02
"""By what share the steps of timestamps at a constant rate may differ, and the rate from them."""
_NOMINAL = 2.0
"""By what factor the mean rate of uneven timestamps may differ from a rate that is only nominal."""


def stamps_hint(value: Any) -> str:
    """How times of numpy, pandas and datetime become seconds; nothing for others."""
    if getattr(value, "dtype", np.dtype(float)).kind in "mM":
        return "Seconds are (value - value[0]) / numpy.timedelta64(1, 's')."
    first = value[0] if isinstance(value, list | tuple) and value else None
    if isinstance(first, datetime):
        return "Seconds are [(moment - value[0]).total_seconds() for moment in value]."
    if isinstance(first, timedelta):
        return "Seconds are [moment.total_seconds() for moment in value]."
    return ""


def renamed_hint(value: Mapping[str, Any]) -> str:
    """What to do with times of a mapping that are not under `timestamps`; nothing without any."""
    for key in value:
        if names_times(snake(key)):
            shown = f"value[{key!r}]"
            if MILLISECONDS.search(key):
                shown = f"[moment / 1000 for moment in {shown}]"
            return f'Give {{..., "timestamps": {shown}}}, in seconds.'
    return ""


def usual_step(times: NDArray[np.float64]) -> float:
    """The median of the seconds between timestamps; 0 where there is only one."""
    return float(np.median(np.diff(times))) if len(times) > 1 else 0.0


def told_otherwise(rate: float, times: NDArray[np.float64]) -> str:
    """The rate that growing timestamps in seconds tell, where it is not `rate`; else nothing.

    Evenly spaced ones must tell the same rate. Uneven ones, as of a camera whose rate follows the
    light, must tell it in the mean within a factor of 2.
    """
    if not rate or len(times) < 2:
        return ""
    mean = (len(times) - 1) / float(times[-1] - times[0])
    steps = np.diff(times)
    steady = float(steps.max()) <= float(steps.min()) * (1.0 + _STEADY) or len(times) == 2
    allowed = 1.0 + _STEADY if steady else _NOMINAL
    return "" if 1.0 / allowed <= mean / rate <= allowed else f"{mean:.4g}"
