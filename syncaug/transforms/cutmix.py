"""A window of a partner's picture and a span of its sound; words and labels by what is visible.

Yun and others, CutMix: Regularization Strategy to Train Strong Classifiers (ICCV 2019): the window
has the picture's shape and a centre anywhere, so that the picture's edges may cut it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from syncaug.maps.mix import Mix, Window
from syncaug.maps.plane import Size
from syncaug.transforms.spans import Span, span
from syncaug.transforms.view import Located, Maps, View, words_of

if TYPE_CHECKING:
    from syncaug.transforms.parameters import CutmixParameters

__all__ = ["maps"]

_HEARD = frozenset({"audio", "timed_text"})
"""Modalities that have no picture of which a window could be pasted."""


def maps(parameters: CutmixParameters, view: View) -> Maps:
    """One mix for each stream: a region on planes, the same share of time on clocks.

    The weight of a stream on a plane is what of it is really visible; that of all others is the
    mean over the planes, or the span's share where there is no plane.
    """
    named = parameters.get("plane", "")
    streams = view.mixing()
    sizes = dict(view.pictures(named))
    windows = {plane: _window(parameters, size) for plane, size in sizes.items()}
    shares = {plane: _share(window, sizes[plane]) for plane, window in windows.items()}
    weight = sum(shares.values()) / len(shares) if shares else parameters["share"]
    spans = {clock: _span(parameters, view, clock, weight) for clock in view.clocks("")}
    if not shares and spans:
        weight = sum(s.length / view.duration(clock) for clock, s in spans.items()) / len(spans)
    words = words_of(parameters, streams)
    out: list[Located] = []
    for stream, (modality, spaces) in streams.items():
        word = words.get(stream, "")
        plane, clock = spaces.get("plane", ""), spaces.get("clock", "")
        timed = clock in spans and (word == "span" or modality in _HEARD)
        own = spans[clock] if timed else Span(0.0, 0.0, 0.0)
        out.append(
            (
                "mix",
                stream,
                Mix(
                    "span" if timed else "region" if plane in windows else "blend",
                    shares.get(plane, weight),
                    word,
                    window=windows.get(plane, (0, 0, 0, 0)),
                    size=sizes.get(plane, (0, 0)),
                    span=(own.start, own.stop),
                    begin=own.begin,
                    least=parameters["least_visible"],
                    fit=parameters["fit"],
                    directions=parameters["directions"],
                ),
            )
        )
    return out


def _window(parameters: CutmixParameters, size: Size) -> Window:
    """The window in whole pixels, as far as it lies in the picture."""
    width, height = size
    side = math.sqrt(parameters["share"])
    across, down = round(width * side), round(height * side)
    left = round(parameters["x"] * width - across / 2)
    top = round(parameters["y"] * height - down / 2)
    return (
        max(0, left),
        max(0, top),
        max(0, min(width, left + across)),
        max(0, min(height, top + down)),
    )


def _share(window: Window, size: Size) -> float:
    left, top, right, bottom = window
    return max(0, right - left) * max(0, bottom - top) / (size[0] * size[1])


def _span(parameters: CutmixParameters, view: View, clock: str, share: float) -> Span:
    return span(
        share,
        parameters["at"],
        parameters["partner_at"],
        view.duration(clock),
        view.partner_duration(clock),
    )
