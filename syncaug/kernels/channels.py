"""What the channels of a picture are: which hold colours or light, and in which order.

Alpha, and channels that are declared to be no colours, follow the geometry of the picture and are
never recoloured, lit or noised. Kernels work on 8-bit levels or on floats in [0, 1]; a picture of
16 bits passes through float32, which holds each of its levels exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.levels import as_floats, as_stored

__all__ = [
    "CHANNELS",
    "Channels",
    "channels_of",
    "fill_in_order",
    "on_levels",
    "reordered",
]

Picture = NDArray[Any]


class Channels(NamedTuple):
    """The first `colours` channels hold light; `hued` says that three of them are RGB.

    `backward` says that the sample has blue first; carriers hold red first.
    """

    colours: int
    hued: bool
    backward: bool = False


CHANNELS = {
    "": 0,
    "grey": 1,
    "grey_alpha": 2,
    "rgb": 3,
    "bgr": 3,
    "rgba": 4,
    "bgra": 4,
    "spectral": 0,
}
"""What a stream may declare -> how many channels that are; 0 where any number is right."""

_COLOURS = {
    1: Channels(1, False),
    2: Channels(1, False),
    3: Channels(3, True),
    4: Channels(3, True),
}
"""By the number of channels: grey, grey and alpha, RGB, RGB and alpha."""


def channels_of(declared: str, count: int) -> Channels | None:
    """What `count` channels are under a declaration; None where they cannot be that.

    `rgb` and `bgr` may be followed by channels that are no colours; `spectral` is any number of
    bands, all of them light and none of them a colour that has a hue.
    """
    if not declared:
        return _COLOURS.get(count, Channels(count, False))
    if declared == "spectral":
        return Channels(count, False)
    named = CHANNELS[declared]
    if count != named and not (declared in ("rgb", "bgr") and count > named):
        return None
    if named <= 2:
        return Channels(1, False)
    return Channels(3, True, declared.startswith("bgr"))


def reordered(picture: Picture, channels: Channels) -> Picture:
    """A copy with red and blue traded where blue comes first; else the picture itself."""
    if not channels.backward:
        return picture
    order = [2, 1, 0, *range(3, picture.shape[-1])]
    return np.ascontiguousarray(picture[..., order])


def on_levels(picture: Picture, colours: int, work: Callable[[Picture], Picture]) -> Picture:
    """The picture with `work` done on its colours, and all other channels as they were.

    `work` gets levels of 8 bits or floats in [0, 1] and gives as many of the same kind.
    """
    if picture.ndim == 3 and picture.shape[2] > colours:
        worked = on_levels(np.ascontiguousarray(picture[..., :colours]), colours, work)
        return np.concatenate([worked, picture[..., colours:]], axis=2)
    if picture.dtype != np.uint16:
        return work(picture)
    return as_stored(work(as_floats(picture)))


def fill_in_order(fill: Any, channels: Channels) -> Any:
    """A fill of one number for each channel, in the order in which carriers hold them."""
    if channels.backward and isinstance(fill, Sequence) and len(fill) >= 3:
        return [fill[2], fill[1], fill[0], *fill[3:]]
    return fill
