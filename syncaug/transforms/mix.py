"""A span of a partner's time line in place of a span of the own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.mix import Mix
from syncaug.transforms.spans import Span, span
from syncaug.transforms.view import Located, Maps, View, words_of

if TYPE_CHECKING:
    from syncaug.transforms.parameters import MixParameters

__all__ = ["maps"]


def maps(parameters: MixParameters, view: View) -> Maps:
    """One mix for each stream; streams on no clock take the mean weight of all clocks."""
    spans: dict[str, Span] = {}
    weights: dict[str, float] = {}
    for clock in view.clocks(parameters.get("clock", "")):
        duration = view.duration(clock)
        spans[clock] = span(
            parameters["share"],
            parameters["at"],
            parameters["partner_at"],
            duration,
            view.partner_duration(clock),
        )
        weights[clock] = spans[clock].length / duration
    mean = sum(weights.values()) / len(weights) if weights else parameters["share"]
    streams = view.mixing()
    words = words_of(parameters, streams)
    out: list[Located] = []
    for stream, (_, spaces) in streams.items():
        clock = spaces.get("clock", "")
        own = spans.get(clock, Span(0.0, 0.0, 0.0))
        mix = Mix(
            "span" if clock in spans else "blend",
            weights.get(clock, mean),
            words.get(stream, ""),
            span=(own.start, own.stop),
            begin=own.begin,
            least=parameters["least_visible"],
            fit=parameters["fit"],
        )
        out.append(("mix", stream, mix))
    return out
