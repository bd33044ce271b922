"""Blank the same spans of time in several streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from syncaug.errors import RefusalError
from syncaug.maps.mask import Blank
from syncaug.transforms.clock import numbers
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import MaskTimeParameters

__all__ = ["maps"]


def maps(parameters: MaskTimeParameters, view: View) -> Maps:
    """One blank for each clock: spans of one length that do not overlap, anywhere.

    Raises RefusalError where they would leave nothing.
    """
    count = int(parameters["spans"])
    places = np.sort(numbers(parameters["shape"], count))
    out: list[Located] = []
    for clock in view.clocks(parameters.get("clock", "")):
        length = view.duration(clock)
        unit = length if parameters["unit"] == "share" else 1.0
        duration = parameters["duration"] * unit
        free = length - count * duration
        if free <= 0.0:
            raise RefusalError(
                clock, f"lasts {length:g} s, of which {count} spans of {duration:g} s leave nothing"
            )
        starts = (places * free + duration * np.arange(count)).tolist()
        spans = tuple((start, start + duration) for start in starts)
        out.append(("blank", clock, Blank(spans, parameters["text"])))
    return out
