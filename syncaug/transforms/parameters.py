"""What each transform's `maps` gets: its parameters and their types, as the catalogue has them.

Written by `tools/make_parameters.py` from `catalogue/transforms`; do not edit. A parameter that may
be left out is not in the mapping then. Where streams may be named beside the parameters, the
mapping holds the words of those that are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

__all__ = [
    "CameraRotateParameters",
    "ColourParameters",
    "CropParameters",
    "CutmixParameters",
    "DropModalityParameters",
    "FeatureMixParameters",
    "FlipParameters",
    "InsertParameters",
    "LatentInterpolateParameters",
    "LatentMixParameters",
    "LatentNoiseParameters",
    "LightParameters",
    "LoopParameters",
    "MaskTimeParameters",
    "MixParameters",
    "MixupParameters",
    "NoiseParameters",
    "OccludeParameters",
    "PerspectiveParameters",
    "PitchParameters",
    "ResizeParameters",
    "ReverseParameters",
    "RotateParameters",
    "ScaleParameters",
    "SpeedParameters",
    "StitchParameters",
    "TimeShiftParameters",
    "TimeWarpParameters",
    "TranslateParameters",
    "TrimParameters",
    "UndistortParameters",
    "WorldRotateParameters",
    "WorldScaleParameters",
    "WorldTranslateParameters",
]


class CameraRotateParameters(TypedDict):
    """What `camera_rotate` gets."""

    axis: Literal["optical", "vertical", "horizontal"]
    degrees: float
    plane: NotRequired[str]


class ColourParameters(TypedDict):
    """What `colour` gets."""

    hue: float
    saturation: float
    value: float
    plane: NotRequired[str]


class CropParameters(TypedDict):
    """What `crop` gets."""

    area: float
    ratio: NotRequired[float]
    x: float
    y: float
    resize: NotRequired[Sequence[int]]
    points: Literal["keep", "visible"]
    caption: Literal["keep", "rebuild"]
    speech: Literal["keep", "cut", "mute"]
    plane: NotRequired[str]


class CutmixParameters(TypedDict):
    """What `cutmix` gets."""

    share: float
    x: float
    y: float
    at: float
    partner_at: float
    least_visible: float
    directions: Literal["strip", "keep", "refuse"]
    fit: Literal["resize", "refuse"]
    plane: NotRequired[str]


class DropModalityParameters(TypedDict):
    """What `drop_modality` gets."""

    streams: NotRequired[Sequence[str]]
    at_most: int
    count: NotRequired[int]
    choice: float


class FeatureMixParameters(TypedDict):
    """What `feature_mix` gets."""

    share: float
    shape: float
    least_visible: float
    encoder: NotRequired[str]
    fingerprint: NotRequired[str]


class FlipParameters(TypedDict):
    """What `flip` gets."""

    axis: Literal["horizontal", "vertical", "both"]
    world: Literal["mirror", "keep", "x", "y", "z"]
    reference: NotRequired[str]
    plane: NotRequired[str]


class InsertParameters(TypedDict):
    """What `insert` gets."""

    count: int
    place: Literal["same", "free"]
    ground: Literal["keep", "match"]
    clearance: float
    least_points: int
    floor: float
    tries: int
    world: NotRequired[str]


class LatentInterpolateParameters(TypedDict):
    """What `latent_interpolate` gets."""

    share: float
    least_visible: float
    encoder: NotRequired[str]
    fingerprint: NotRequired[str]


class LatentMixParameters(TypedDict):
    """What `latent_mix` gets."""

    share: float
    least_visible: float
    encoder: NotRequired[str]
    fingerprint: NotRequired[str]


class LatentNoiseParameters(TypedDict):
    """What `latent_noise` gets."""

    strength: float
    shape: float
    encoder: NotRequired[str]
    fingerprint: NotRequired[str]


class LightParameters(TypedDict):
    """What `light` gets."""

    value: float
    contrast: float
    gamma: float
    reflectivity: Literal["keep", "follow"]
    plane: NotRequired[str]


class LoopParameters(TypedDict):
    """What `loop` gets."""

    times: NotRequired[float]
    duration: NotRequired[float]
    clock: NotRequired[str]


class MaskTimeParameters(TypedDict):
    """What `mask_time` gets."""

    spans: int
    duration: float
    unit: Literal["second", "share"]
    shape: float
    streams: NotRequired[Sequence[str]]
    text: Literal["keep", "blank"]
    clock: NotRequired[str]


class MixParameters(TypedDict):
    """What `mix` gets."""

    share: float
    at: float
    partner_at: float
    least_visible: float
    fit: Literal["resize", "refuse"]
    clock: NotRequired[str]


class MixupParameters(TypedDict):
    """What `mixup` gets."""

    share: float
    least_visible: float
    fit: Literal["resize", "refuse"]
    plane: NotRequired[str]


class NoiseParameters(TypedDict):
    """What `noise` gets."""

    snr_db: NotRequired[float]
    severity: NotRequired[float]


class OccludeParameters(TypedDict):
    """What `occlude` gets."""

    area: float
    ratio: NotRequired[float]
    x: float
    y: float
    count: int
    shape: float
    mask: Literal["fill", "keep"]
    caption: Literal["keep", "rebuild"]
    plane: NotRequired[str]


class PerspectiveParameters(TypedDict):
    """What `perspective` gets."""

    strength: float
    shape: float
    corners: NotRequired[Sequence[float]]
    plane: NotRequired[str]


class PitchParameters(TypedDict):
    """What `pitch` gets."""

    semitones: float
    clock: NotRequired[str]


class ResizeParameters(TypedDict):
    """What `resize` gets."""

    height: int
    width: int
    plane: NotRequired[str]


class ReverseParameters(TypedDict):
    """What `reverse` gets."""

    clock: NotRequired[str]


class RotateParameters(TypedDict):
    """What `rotate` gets."""

    degrees: float
    expand: bool
    words: NotRequired[Literal["refuse", "redraw"] | Mapping[str, float]]
    world: Literal["keep", "turn", "x", "y", "z"]
    audio: Literal["keep", "phase"]
    plane: NotRequired[str]


class ScaleParameters(TypedDict):
    """What `scale` gets."""

    factor: float
    plane: NotRequired[str]


class SpeedParameters(TypedDict):
    """What `speed` gets."""

    factor: float
    preserve_pitch: bool
    clock: NotRequired[str]


class StitchParameters(TypedDict):
    """What `stitch` gets."""

    direction: Literal["horizontal", "vertical"]
    first: Literal["own", "partner"]
    resize: NotRequired[Sequence[int]]
    plane: NotRequired[str]


class TimeShiftParameters(TypedDict):
    """What `time_shift` gets."""

    seconds: float
    unit: Literal["second", "share"]
    wrap: bool
    clock: NotRequired[str]


class TimeWarpParameters(TypedDict):
    """What `time_warp` gets."""

    strength: float
    knots: int
    shape: float
    preserve_pitch: bool
    clock: NotRequired[str]


class TranslateParameters(TypedDict):
    """What `translate` gets."""

    x: float
    y: float
    plane: NotRequired[str]


class TrimParameters(TypedDict):
    """What `trim` gets."""

    duration: float
    unit: Literal["second", "share"]
    at: float
    start: NotRequired[float]
    clock: NotRequired[str]


class UndistortParameters(TypedDict):
    """What `undistort` gets."""

    alpha: NotRequired[float]
    plane: NotRequired[str]


class WorldRotateParameters(TypedDict):
    """What `world_rotate` gets."""

    axis: Literal["x", "y", "z"]
    degrees: float
    world: NotRequired[str]


class WorldScaleParameters(TypedDict):
    """What `world_scale` gets."""

    factor: float
    world: NotRequired[str]


class WorldTranslateParameters(TypedDict):
    """What `world_translate` gets."""

    x: float
    y: float
    z: float
    world: NotRequired[str]
