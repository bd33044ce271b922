"""Objects beside the turns of a conversation, as ms-swift has them: places and what they are of.

`objects` holds `bbox`, a list of boxes (four numbers) and points (two) for which `<bbox>` stands in
the texts, `ref`, the phrases for which `<ref-object>` stands, `bbox_type` (real: pixels, norm1:
fractions, norm1000: a grid of 1000) and `image_id`, the picture of each, counted from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.errors import RefusalError, SampleError
from syncaug.modalities.carrier import describe
from syncaug.modalities.language.text_places import Move, PlaceRules, moved_numbers

__all__ = ["boxes_of", "moved_boxes"]

_UNITS = {"real": "pixels", "norm1": "fraction", "norm1000": "per_mille"}
_FORM = "lists of four numbers (boxes) or two (points) under objects/bbox"


def boxes_of(stream: str, value: Any) -> Sequence[Sequence[float]]:
    """The boxes and points beside the turns of a conversation. Raises SampleError."""
    objects = value.get("objects") if isinstance(value, Mapping) else None
    if not isinstance(objects, Mapping) or objects.get("bbox") is None:
        return ()
    rows = objects["bbox"]
    if not isinstance(rows, list | tuple):
        raise SampleError(stream, expected=_FORM, came=describe(rows))
    for row in rows:
        numbers = isinstance(row, list | tuple) and len(row) in (2, 4)
        if not (numbers and all(type(number) in (int, float) for number in row)):
            raise SampleError(stream, expected=_FORM, came=f"{row!r}"[:60])
    kind = objects.get("bbox_type", "real")
    if kind not in _UNITS:
        expected = f"one of {', '.join(_UNITS)} as objects/bbox_type"
        raise SampleError(stream, expected=expected, came=f"{kind!r}")
    return rows


def moved_boxes(
    stream: str,
    value: Mapping[str, Any],
    planes: Sequence[str],
    moves: Mapping[str, Sequence[Move]],
) -> list[Any]:
    """The boxes and points beside the turns after the maps of their pictures.

    Raises RefusalError where a picture does not show one any more: a placeholder stands for it.
    """
    objects = value["objects"]
    rules = PlaceRules(_UNITS[objects.get("bbox_type", "real")])
    rows, pictures = objects["bbox"], objects.get("image_id") or [0] * len(objects["bbox"])
    if len(pictures) != len(rows) or not all(
        type(index) is int and 0 <= index < len(planes) for index in pictures
    ):
        raise SampleError(
            stream,
            expected=f"a picture from 0 to {len(planes) - 1} for each of {len(rows)} boxes under "
            "objects/image_id",
            came=f"{pictures!r}"[:60],
        )
    out: list[Any] = []
    for row, picture in zip(rows, pictures, strict=True):
        moved = moved_numbers(row, moves.get(planes[picture], ()), rules, stream)
        if moved is None:
            raise RefusalError(stream, f"the picture does not show the object at {row} any more")
        out.append(type(row)(moved))
    return out
