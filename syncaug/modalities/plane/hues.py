"""Pictures whose hues cannot be turned: nothing says which of their channels are colours."""

from __future__ import annotations

from syncaug.kernels.channels import Channels
from syncaug.maps.tone import Colour, ToneMap
from syncaug.modalities.carrier import Carrier

__all__ = ["refuse_hue"]


def refuse_hue(carrier: Carrier, channels: Channels, count: int, tone: ToneMap) -> None:
    """Raise SampleError where a step turns hues of a picture in which none is told to be a colour.

    A grey picture has none to turn, and stays as it is.
    """
    if channels.hued or channels.colours == 1:
        return
    if any(isinstance(s, Colour) and (s.hue or s.saturation) for s in tone.stages):
        raise carrier.fail(
            "a picture whose red, green and blue are known",
            f"{count} channels that are not told to be colours",
            "Declare channels: rgb if the first three are red, green and blue; the others then "
            "only follow the geometry.",
        )
