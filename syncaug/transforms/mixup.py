"""Blend with a partner everywhere: out = (1 - share) own + share partner.

Zhang, Cisse, Dauphin and Lopez-Paz, mixup: Beyond Empirical Risk Minimization (ICLR 2018).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.mix import Mix
from syncaug.transforms.view import Located, Maps, View, words_of

if TYPE_CHECKING:
    from syncaug.transforms.parameters import MixupParameters

__all__ = ["maps"]


def maps(parameters: MixupParameters, view: View) -> Maps:
    """One mix for each stream, all of one weight."""
    clocks = {clock: view.duration(clock) for clock in view.clocks("")}
    streams = view.mixing()
    words = words_of(parameters, streams)
    out: list[Located] = []
    for stream, (_, spaces) in streams.items():
        mix = Mix(
            "blend",
            parameters["share"],
            words.get(stream, ""),
            span=(0.0, clocks.get(spaces.get("clock", ""), 0.0)),
            least=parameters["least_visible"],
            fit=parameters["fit"],
        )
        out.append(("mix", stream, mix))
    return out
