"""Texts of grey pictures: a turn of the colour wheel changes neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from syncaug.modalities.carrier import Carrier
from syncaug.plan.stream import Stream

if TYPE_CHECKING:
    from syncaug.modalities.language.text import TextCarrier
    from syncaug.modalities.plane.image import ImageCarrier

__all__ = ["coloured", "shown_by"]

_PICTURES = frozenset({"image", "video"})


def shown_by(streams: Iterable[Stream]) -> Mapping[str, tuple[str, ...]]:
    """For each text of a plane the pictures and films of that plane, as a plan declares them."""
    pictures: dict[str, tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    for stream in streams:
        plane = stream.spaces.get("plane")
        if plane is not None and stream.modality in _PICTURES:
            pictures[plane] = (*pictures.get(plane, ()), stream.name)
        elif plane is not None and stream.spec.spoken:
            texts[stream.name] = plane
    return {name: pictures.get(plane, ()) for name, plane in texts.items()}


def coloured(
    carriers: Mapping[str, Carrier],
    streams: Sequence[str],
    shown: Mapping[str, tuple[str, ...]],
    painted: Callable[[str], None],
) -> Sequence[str]:
    """The streams without texts whose pictures are grey all over: their words stay as they do.

    `shown` is what `shown_by` says of the plan. A film is never taken to be grey. Pictures are
    asked only where a text may follow them; `painted` lets one show before what steps have made of
    its colours.
    """
    if shown.keys().isdisjoint(streams):
        return streams
    grey: dict[tuple[str, ...], bool] = {}
    for name in streams:
        pictures = shown.get(name, ())
        if pictures and pictures not in grey and _follows_hue(carriers.get(name)):
            there = [picture for picture in pictures if picture in carriers]
            for picture in there:
                painted(picture)
            grey[pictures] = bool(there) and all(_is_grey(carriers[picture]) for picture in there)
    return [name for name in streams if not grey.get(shown.get(name, ()))]


def _follows_hue(carrier: Carrier | None) -> bool:
    """Whether a turn of the wheel may change a text; of cues that is not worth asking."""
    if carrier is None or carrier.stream.modality != "text":
        return carrier is not None
    return not cast("TextCarrier", carrier).ignores_hue()


def _is_grey(carrier: Carrier) -> bool:
    return carrier.stream.modality == "image" and cast("ImageCarrier", carrier).is_grey()
