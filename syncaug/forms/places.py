"""Places: what the carrier of each stream takes, and so what forms are turned to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from syncaug.errors import SampleError
from syncaug.plan.stream import Stream

__all__ = ["PLACES", "Place", "place_beside", "place_of"]

DType = np.dtype[Any]

_FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
_LEVELS = tuple(map(np.dtype, (np.uint8, np.float32, np.uint16)))
_WHOLE = tuple(map(np.dtype, "BiqlhHILQb?"))


_AXES: Mapping[str, int] = {"picture": 3, "film": 4}


@dataclass(frozen=True, slots=True)
class Place:
    """What a carrier takes of one entry of a sample, the stream `stream`.

    `kind` is "picture" (rasters of 2 or 3 axes), "film" (4 axes), "array" (an array only), "rows"
    (an array or lists of numbers), "parts" (lists, mappings, texts and numbers, which hold arrays
    only inside), or "texts" (the same, whose pictures are no business of the carrier). `natives`
    are the dtypes of arrays that are taken as they are, none where all are but those of objects,
    which `objects` says. The numbers of `levels` are light, so that those of other types are
    brought to one of them. `first` says whether channels come first, None where the stream leaves
    it open. `declared` is the format that the stream declares of boxes; channels that are `banded`
    may be many. `held` is the key of the data in a mapping of them, where they may come in one.
    """

    kind: str
    natives: tuple[DType, ...] = ()
    levels: bool = False
    objects: bool = False
    name: str = ""
    modality: str = ""
    first: bool | None = None
    declared: str = ""
    banded: bool = False
    held: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether carriers take lists here."""
        return self.kind in ("rows", "parts", "texts")

    @property
    def is_mapped(self) -> bool:
        """Whether carriers take mappings here."""
        return self.kind in ("parts", "texts") or bool(self.held)

    @property
    def axes(self) -> int:
        """How many axes a raster with channels has here; 0 where it is none."""
        return _AXES.get(self.kind, 0)

    def within(self, kind: str) -> Place:
        """The place of a part of the value."""
        return replace(self, kind=kind, natives=self.natives if kind != "parts" else (), held="")

    def fail(self, expected: str, came: str, hint: str = "") -> SampleError:
        """The error that the entry cannot be taken in."""
        return SampleError(self.name, expected=expected, came=came, hint=hint)


PLACES: Mapping[str, Place] = {
    "image": Place("picture", _LEVELS, levels=True),
    "mask": Place("picture", _WHOLE),
    "depth": Place("picture", _FLOATS[:1]),
    "heatmap": Place("picture", _FLOATS),
    "flow": Place("picture", _FLOATS),
    "normals": Place("picture", _FLOATS),
    "disparity": Place("picture", _FLOATS),
    "bev": Place("picture"),
    "video": Place("film", _LEVELS, levels=True, held="frames"),
    "audio": Place("array", _FLOATS, held="array"),
    "points": Place("array", _FLOATS),
    "imu": Place("array", (*_FLOATS, np.dtype(np.float16)), held="array"),
    "boxes": Place("rows"),
    "keypoints": Place("rows"),
    "oriented_boxes": Place("rows"),
    "boxes3d": Place("rows"),
    "joints": Place("rows"),
    "state": Place("rows", held="array"),
    "action": Place("rows", held="array"),
    "embedding": Place("rows"),
    "label": Place("rows", objects=True),
    "tabular": Place("rows", objects=True),
    "text": Place("parts", objects=True),
    "phrases": Place("parts"),
    "timed_text": Place("parts"),
    "messages": Place("texts"),
    "polygons": Place("parts"),
    "instances": Place("parts", objects=True),
    "camera": Place("parts"),
}
"""Modality -> what its carrier takes. Others take parts."""

_LAYOUTS: Mapping[Any, bool] = {"chw": True, "hwc": False}


def place_of(stream: Stream) -> Place:
    """What the carrier of a stream takes."""
    options = stream.options
    if stream.framed:  # each frame's entry has a form of its own
        return Place("parts", objects=True, name=stream.name)
    return replace(
        PLACES.get(stream.modality, Place("parts")),
        name=stream.name,
        modality=stream.modality,
        first=_LAYOUTS.get(options.get("layout")),
        declared=options.get("format", ""),
        banded=options.get("channels") == "spectral",
    )


def place_beside(key: str, stream: Stream) -> Place:
    """What is taken of a list that runs parallel to a stream, or of another key that it names."""
    return Place("parts" if stream.framed else "rows", objects=True, name=key)
