"""torchvision's tv_tensors: pictures, masks, boxes, points and films that say what they are.

Boxes say their format and, as points do, the size of the picture that they lie in. Boxes come in
the format that their stream declares, or says nothing of; both come back with the size that their
picture has then.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.forms import tensors
from syncaug.forms.came import Back, Came
from syncaug.forms.places import Place
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import describe
from syncaug.modalities.plane.box_shapes import from_corners, to_corners

__all__ = ["FORMATS", "take"]

FORMATS: Mapping[str, str] = {"XYXY": "pascal_voc", "XYWH": "coco", "CXCYWH": ""}
"""torchvision's format of boxes -> the one that a stream declares; "" where it has none."""

_DEFAULT = "pascal_voc"


def take(value: Any, place: Place) -> Came:
    """A tv_tensor on both sides of the border. Raises SampleError."""
    kind = type(value).__name__
    if kind == "BoundingBoxes":
        return _boxes(value, place)
    if kind == "KeyPoints":
        array = tensors.numbers_of(value, place)
        return Came(value, array, partial(_back, like=value, dtype=array.dtype), _canvas(value))
    array = tensors.numbers_of(value, place)
    came = Came(value, array, partial(_back, like=value, dtype=array.dtype))
    if place.first is None and place.axes == array.ndim:
        return tensors.woven(came, place)
    return tensors.fitting(came, place)


def _canvas(value: Any) -> Size:
    height, width = value.canvas_size
    return int(width), int(height)


def _boxes(value: Any, place: Place) -> Came:
    """Boxes in the format of their stream. Raises SampleError where the two disagree."""
    stated = value.format.value
    if place.modality == "oriented_boxes" and stated in ("CXCYWHR", "XYXYXYXY"):
        array = tensors.numbers_of(value, place)
        return Came(value, array, partial(_back, like=value, dtype=array.dtype), _canvas(value))
    if stated not in FORMATS or place.modality not in ("boxes", ""):
        raise place.fail(
            f"boxes in {', '.join(FORMATS)}",
            f"{describe(value)} in {stated}",
            "Turned boxes are a stream of the modality oriented_boxes."
            if "R" in stated or stated == "XYXYXYXY"
            else "",
        )
    form, wanted = FORMATS[stated], place.declared or _DEFAULT
    if place.declared and form and form != place.declared:
        raise place.fail(
            f"boxes in the format {place.declared}, as format: declares",
            f"{describe(value)} in {stated}",
            "Remove format: of this stream; such boxes say their own.",
        )
    array = tensors.numbers_of(value, place)
    back = partial(_back, like=value, dtype=array.dtype)
    if form != wanted:
        size = _canvas(value)
        moved = _reformed(array, stated, wanted, size)
        back = partial(_reformed_back, stated=stated, wanted=wanted, inner=back)
        return Came(value, moved, back, size)
    return Came(value, array, back, _canvas(value))


def _reformed(array: NDArray[Any], stated: str, wanted: str, size: Size) -> NDArray[np.float64]:
    """Boxes (N, 4) of torchvision in a format of ours."""
    boxes = np.array(array, dtype=np.float64).reshape(-1, 4)
    if stated == "CXCYWH":
        boxes[:, :2] -= boxes[:, 2:] / 2
    return from_corners(to_corners(boxes, FORMATS[stated] or "coco", size), wanted, size)


def _reformed_back(out: Any, size: Size | None, *, stated: str, wanted: str, inner: Back) -> Any:
    """Boxes of ours in the format in which they came."""
    if size is None:
        return out
    boxes = np.asarray(out, dtype=np.float64).reshape(-1, 4)
    boxes = from_corners(to_corners(boxes, wanted, size), FORMATS[stated] or "coco", size)
    if stated == "CXCYWH":
        boxes[:, :2] += boxes[:, 2:] / 2
    return inner(boxes.tolist(), size)


def _back(out: Any, size: Size | None, *, like: Any, dtype: np.dtype[Any]) -> Any:
    tensor = tensors.tensor_of(out, like, dtype)
    wrap = sys.modules["torchvision.tv_tensors"].wrap
    if not hasattr(like, "canvas_size"):
        return wrap(tensor, like=like)
    canvas = like.canvas_size if size is None else (size[1], size[0])
    return wrap(tensor, like=like, canvas_size=canvas)
