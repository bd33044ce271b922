"""Streams of the plane whose pixels hold numbers that mean places or directions."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from syncaug.policy.base import AsTuple, Checked, is_number, shown, wrong
from syncaug.policy.sides import NamedSides
from syncaug.policy.stream_values import DistinctNames, Rate
from syncaug.policy.streams.base import OnPlane, Raster

__all__ = ["DisparityStream", "FlowStream", "HeatmapStream", "NormalsStream"]

_LAYOUT = (
    "Whether channels come last or first; without it they come last in arrays and first in tensors "
    "of torch."
)
_UNIT = "Whether its numbers are pixels, or fractions of the picture's width and height."


def _range(raw: Any) -> Any:
    pair = isinstance(raw, list) and len(raw) == 2 and all(map(is_number, raw))
    if pair and raw[0] < raw[1]:
        return raw
    expected = "the least value and a greater one: [0, 1]"
    raise wrong("SA203", f"{shown(raw)} is no range", expected=expected)


LevelRange = Annotated[
    tuple[float, ...],
    AsTuple,
    Checked(_range, {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]


class HeatmapStream(Raster):
    """Soft values of pixels: HxW or HxWxC floats."""

    what: ClassVar[str] = "a heatmap stream"
    modality: Literal["heatmap"] = Field(description="Soft values of pixels, that are no colours.")
    names: DistinctNames = Field(
        (), description="One name for each channel; left and right swap in a mirror."
    )
    range: LevelRange = Field(
        (), description="The least and the greatest value; any finite numbers without it."
    )
    sides: NamedSides = Field(
        "swap", description="Whether channels whose names say sides trade places in a mirror."
    )


class FlowStream(OnPlane):
    """Optical flow: HxWx2, how far each pixel moves to the right and down."""

    what: ClassVar[str] = "a flow stream"
    modality: Literal["flow"] = Field(description="Displacements of pixels, right and down.")
    layout: Literal["hwc", "chw"] = Field("hwc", description=_LAYOUT)
    unit: Literal["pixels", "fraction"] = Field("pixels", description=_UNIT)


class NormalsStream(OnPlane):
    """Normals of surfaces: HxWx3 unit vectors in the camera's axes."""

    what: ClassVar[str] = "a normals stream"
    modality: Literal["normals"] = Field(description="Normals of surfaces, in camera axes.")
    layout: Literal["hwc", "chw"] = Field("hwc", description=_LAYOUT)
    axes: Literal["opencv", "opengl"] = Field(
        "opencv",
        description="The camera's axes: x right, y down, z forward; or x right, y up, z backward.",
    )


class DisparityStream(OnPlane):
    """Disparities of a stereo pair: HxW floats."""

    what: ClassVar[str] = "a disparity stream"
    modality: Literal["disparity"] = Field(
        description="How far to the left or right the other picture of a pair shows each pixel."
    )
    unit: Literal["pixels", "fraction"] = Field(
        "pixels", description="Whether its numbers are pixels, or fractions of the width."
    )
    step: Rate = Field(
        0.00390625, description="Disparity for one stored unit of a 16-bit file; KITTI's is 1/256."
    )
    sign: Literal["follow", "keep"] = Field(
        "follow",
        description="What a mirror does to the sign, where no pair trades places: it follows, or "
        "stays, as that of an inverse depth.",
    )
