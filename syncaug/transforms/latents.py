"""What transforms of latent spaces share: vectors for encoders, all else mixed by the weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.maps.latent import Latent
from syncaug.maps.mix import Mix
from syncaug.transforms.view import Located, Maps, View, words_of

__all__ = ["latents"]

_CODED = frozenset({"decode", "nearest"})
"""Words of streams that go through the space, or get what goes with a neighbour in it."""
_WHOLE: Mapping[str, str] = {
    **dict.fromkeys(("mask", "depth", "flow", "normals", "disparity", "keypoints"), "larger"),
    **dict.fromkeys(("boxes", "polygons", "instances", "oriented_boxes", "phrases"), "join"),
    "text": "visible",
    "timed_text": "join",
}
"""Modality -> the word by which `mixup` takes in a whole partner; all others blend."""
_SEEN = 0.5
"""Of a whole sample that comes in, all is seen, and nothing of the own one."""


def latents(way: str, amount: float, parameters: Mapping[str, Any], view: View) -> Maps:
    """A way in the space for each stream that is coded, a mix of the same weight for the others."""
    clocks = {clock: view.duration(clock) for clock in view.clocks("")}
    streams = view.mixing()
    words = words_of(parameters, streams)
    out: list[Located] = []
    for stream, (modality, spaces) in streams.items():
        span = (0.0, clocks.get(spaces.get("clock", ""), 0.0))
        word = words.get(stream, "")
        if word not in _CODED:
            least = parameters.get("least_visible", 0.0)
            out.append(("mix", stream, Mix("blend", amount, word, span=span, least=least)))
            continue
        whole = Mix("blend", 1.0, _WHOLE.get(modality, "blend"), span=span, least=_SEEN)
        shape, encoder = parameters.get("shape", 0.0), parameters.get("encoder", "")
        out.append(("mix", stream, Latent(way, amount, shape, encoder, word, whole)))
    return out
