"""Two samples as one: their pictures side by side, and all that lies in them with its half.

The partner's picture is brought to the own one's height (or width, in a column), in its own shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.mix import Halves, Mix, Window
from syncaug.transforms.view import Located, Maps, View, words_of

if TYPE_CHECKING:
    from syncaug.transforms.parameters import StitchParameters

__all__ = ["maps"]


def maps(parameters: StitchParameters, view: View) -> Maps:
    """One mix for each stream: halves of planes, and a blend of what has no picture.

    The weight of a stream on a plane is the partner's share of the picture; that of all others is
    the mean over the planes.
    """
    streams = view.mixing()
    words = words_of(parameters, streams)
    planes = view.planes(parameters.get("plane", ""))
    halves = {plane: _halves(parameters, view, plane) for plane in planes}
    shares = [half.share for half in halves.values()]
    mean = sum(shares) / len(shares) if shares else 0.5
    clocks = {clock: view.duration(clock) for clock in view.clocks("")}
    out: list[Located] = []
    for stream, (modality, spaces) in streams.items():
        half = None if modality in _HEARD else halves.get(spaces.get("plane", ""))
        word = words.get(stream, _KEEP)  # none is for what only moves along, such as cameras
        if word == _KEEP:
            continue
        if half is None:
            span = (0.0, clocks.get(spaces.get("clock", ""), 0.0))
            mix = Mix("blend", mean, word, span=span)
        else:
            mix = Mix("region", half.share, word, window=half.partner, size=half.size, halves=half)
        out.append(("mix", stream, mix))
    return out


_KEEP = "keep"
_HEARD = frozenset({"audio", "timed_text"})
"""Modalities that have no picture with halves."""


def _halves(parameters: StitchParameters, view: View, plane: str) -> Halves:
    """Where both pictures of a plane lie in the result."""
    own, other = view.size(plane), view.partner_size(plane)
    across = parameters["direction"] == "horizontal"
    axis = 0 if across else 1
    theirs = list(other)
    theirs[axis] = max(1, round(other[axis] * own[1 - axis] / other[1 - axis]))
    theirs[1 - axis] = own[1 - axis]
    first = parameters["first"] == "own"
    lengths = (own[axis], theirs[axis]) if first else (theirs[axis], own[axis])
    whole = [own[0], own[1]]
    whole[axis] = sum(lengths)
    if "resize" in parameters:
        height, width = parameters["resize"]
        split = max(1, min((width, height)[axis] - 1,
                           round(lengths[0] * (width, height)[axis] / whole[axis])))  # fmt: skip
        whole = [width, height]
    else:
        split = lengths[0]
    size = (whole[0], whole[1])
    begin: Window = (0, 0, split, size[1]) if across else (0, 0, size[0], split)
    end: Window = (split, 0, *size) if across else (0, split, *size)
    names = ("left", "right") if across else ("top", "bottom")
    mine, yours = (begin, end) if first else (end, begin)
    return Halves(mine, yours, size, names if first else (names[1], names[0]))
