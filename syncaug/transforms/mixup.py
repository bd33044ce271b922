"""Blend with a partner everywhere: out = (1 - share) own + share partner.

Zhang, Cisse, Dauphin and Lopez-Paz, mixup: Beyond Empirical Risk Minimization (ICLR 2018).
"""

from __future__ import annotations

from syncaug.maps.mix import Mix
from syncaug.transforms.view import Located, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One mix for each stream, all of one weight."""
    clocks = {clock: view.duration(clock) for clock in view.clocks("")}
    out: list[Located] = []
    for stream, (_, spaces) in view.mixing().items():
        mix = Mix(
            "blend",
            parameters["share"],
            parameters.get(stream, ""),
            span=(0.0, clocks.get(spaces.get("clock", ""), 0.0)),
            least=parameters["least_visible"],
            fit=parameters["fit"],
        )
        out.append(("mix", stream, mix))
    return out
