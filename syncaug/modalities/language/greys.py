"""Texts of grey pictures: a turn of the colour wheel changes neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from syncaug.modalities.carrier import Carrier
from syncaug.modalities.clock.video import VideoCarrier
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.language.timed_text import TimedTextCarrier
from syncaug.modalities.plane.image import ImageCarrier

__all__ = ["coloured"]


def coloured(carriers: Mapping[str, Carrier], streams: Sequence[str]) -> Sequence[str]:
    """The streams without texts whose pictures are grey all over: their words stay as they do."""
    texts = [
        name
        for name in streams
        if isinstance(carriers.get(name), TextCarrier | TimedTextCarrier)
        and "plane" in carriers[name].stream.spaces
    ]
    if not texts:
        return streams
    colours: dict[str, bool] = {}
    for carrier in carriers.values():
        if isinstance(carrier, ImageCarrier | VideoCarrier):
            plane = carrier.stream.spaces["plane"]
            grey = isinstance(carrier, ImageCarrier) and carrier.is_grey()
            colours[plane] = colours.get(plane, False) or not grey
    plain = {n for n in texts if not colours.get(carriers[n].stream.spaces["plane"], True)}
    return [name for name in streams if name not in plain]
