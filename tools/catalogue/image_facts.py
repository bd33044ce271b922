"""What introspection cannot find out about the operations of albumentations."""

from __future__ import annotations

from typing import Any

_VOLUME = "it works on volumes, which are no stream of a sample"
_BOXES = "it reads the boxes of the sample; use the `crop` transform and the check `boxes_visible`"
_MASK = "it reads the mask of the sample, and an operation sees one stream only"
_REFERENCE = "it needs reference images"
_DTYPE = "it changes the dtype of the picture; do that after augmenting"
_WRAPS = "it wraps other code, and a policy names operations only"
_POSITIVE = {"minimum": 0.0, "exclusive_minimum": True}
_SHARE = {"minimum": 0.0, "maximum": 1.0}
_COUNT = {"minimum": 1.0}
_KERNEL = {"minimum": 3.0}

REFUSED = {
    "AtLeastOneBBoxRandomCrop": _BOXES,
    "BBoxSafeRandomCrop": _BOXES,
    "RandomSizedBBoxSafeCrop": _BOXES,
    "RandomCropNearBBox": _BOXES,
    "ConstrainedCoarseDropout": _MASK,
    "CropNonEmptyMaskIfExists": _MASK,
    "MaskDropout": _MASK,
    "CenterCrop3D": _VOLUME,
    "CoarseDropout3D": _VOLUME,
    "CubicSymmetry": _VOLUME,
    "GridShuffle3D": _VOLUME,
    "Pad3D": _VOLUME,
    "PadIfNeeded3D": _VOLUME,
    "RandomCrop3D": _VOLUME,
    "FDA": _REFERENCE,
    "HistogramMatching": _REFERENCE,
    "PixelDistributionAdaptation": _REFERENCE,
    "Mosaic": "it needs other images; use `mix` or `cutmix` with a partner",
    "OverlayElements": "it needs images to lay over",
    "TextImage": "it needs a font file and texts to draw",
    "Lambda": _WRAPS,
    "FromFloat": _DTYPE,
    "ToFloat": _DTYPE,
    "Normalize": "it leaves the range of pictures; normalise after augmenting",
    "ToTensorV2": "it makes a torch tensor; do that after augmenting",
    "ToTensor3D": "it makes a torch tensor; do that after augmenting",
}
"""Operations that no policy can use, and why."""
REQUIRED: dict[str, dict[str, Any]] = {
    "AtLeastOneBBoxRandomCrop": {},
    "CenterCrop": {"height": 24, "width": 32},
    "Crop": {"x_min": 4, "y_min": 6, "x_max": 40, "y_max": 36},
    "CropAndPad": {"percent": 0.1},
    "GridElasticDeform": {"num_grid_xy": (3, 3), "magnitude": 4},
    "LongestMaxSize": {"max_size": 40},
    "RandomCrop": {"height": 24, "width": 32},
    "RandomResizedCrop": {"size": (30, 40)},
    "RandomSizedCrop": {"min_max_height": (20, 30), "size": (30, 40)},
    "Resize": {"height": 30, "width": 44},
    "SmallestMaxSize": {"max_size": 40},
    "PadIfNeeded": {"min_height": 60, "min_width": 70},
}
"""Values with which an operation can be tried out, where its defaults do not do."""
PAIRS_THAT_ARE_NO_RANGES = frozenset(
    [
        "grid",
        "size",
        "tile_grid_size",
        "holes_number_xy",
        "shift_xy",
        "num_grid_xy",
        "padding",
        "drop_color",
        "max_size_hw",
    ]
)
RANGES_WITHOUT_DEFAULT = {
    "Affine.translate_percent": 0.1,
    "Affine.translate_px": 3.0,
    "CropAndPad.px": 2.0,
    "CropAndPad.percent": 0.1,
    "PlanckianJitter.temperature_limit": 5000.0,
    "ShiftScaleRotate.shift_limit_x": 0.05,
    "ShiftScaleRotate.shift_limit_y": 0.05,
}
BELOW_THE_END = {
    "GridDropout.unit_size_range": "it is drawn below its upper end, so that (v, v) is empty",
}
"""Pairs that are half-open ranges."""
PER_AXIS = frozenset(
    ("Affine.scale", "Affine.translate_percent", "Affine.translate_px", "Affine.shear")
)
SEVERAL = frozenset(
    (
        "AdvancedBlur.noise_limit",
        "CoarseDropout.hole_height_range",
        "CoarseDropout.hole_width_range",
        "GridDistortion.distort_limit",
        "MultiplicativeNoise.multiplier",
        "RandomShadow.shadow_intensity_range",
        "XYMasking.mask_x_length",
        "XYMasking.mask_y_length",
    )
)
"""Ranges that the library draws from several times in one call: for each cell, hole or pixel."""
INTEGERS = frozenset(("CropAndPad.px", "Affine.translate_px", "Posterize.num_bits"))
WITHOUT = {
    "CropAndPad.px": {"percent": None},
    "PadIfNeeded.pad_height_divisor": {"min_height": None},
    "PadIfNeeded.pad_width_divisor": {"min_width": None},
    "Affine.translate_px": {"translate_percent": None},
}
"""Parameter -> what has to be unset where it is set."""
MUST_INCLUDE = {
    "AdvancedBlur.beta_limit": (0.9, 1.1),
    "AdvancedBlur.noise_limit": (0.9, 1.1),
    "PlanckianJitter.temperature_limit": (6000.0, 6000.0),
}
"""Ranges that the constructor takes only if they include these."""
DOMAINS = {
    "AdvancedBlur.blur_limit": _KERNEL,
    "AdvancedBlur.sigma_x_limit": _POSITIVE,
    "AdvancedBlur.sigma_y_limit": _POSITIVE,
    "Affine.scale": _POSITIVE,
    "Affine.shear": {"minimum": -89.0, "maximum": 89.0},
    "Blur.blur_limit": _KERNEL,
    "CoarseDropout.hole_height_range": _SHARE,
    "CoarseDropout.hole_width_range": _SHARE,
    "Crop.x_max": _COUNT,
    "Crop.x_min": {"minimum": 0.0},
    "Crop.y_max": _COUNT,
    "Crop.y_min": {"minimum": 0.0},
    "CropAndPad.percent": {"minimum": -0.5, "exclusive_minimum": True},
    "Downscale.scale_range": {
        "minimum": 0.0,
        "maximum": 1.0,
        "exclusive_minimum": True,
        "exclusive_maximum": True,
    },
    "Erasing.ratio": _POSITIVE,
    "Erasing.scale": {"minimum": 0.0, "maximum": 1.0, "exclusive_minimum": True},
    "GaussianBlur.blur_limit": {"minimum": 0.0},
    "GlassBlur.sigma": _POSITIVE,
    "LongestMaxSize.max_size": _COUNT,
    "MedianBlur.blur_limit": _KERNEL,
    "MotionBlur.blur_limit": _KERNEL,
    "Pad.padding": {"minimum": 0.0},
    "PlasmaShadow.plasma_size": _COUNT,
    "Posterize.num_bits": {"minimum": 1.0, "maximum": 8.0},
    "RandomRain.drop_length": _COUNT,
    "RandomResizedCrop.ratio": _POSITIVE,
    "RandomResizedCrop.scale": {"minimum": 0.0, "maximum": 1.0, "exclusive_minimum": True},
    "RandomScale.scale_limit": {"minimum": -1.0, "exclusive_minimum": True},
    "RingingOvershoot.blur_limit": _KERNEL,
    "ShiftScaleRotate.scale_limit": {"minimum": -1.0, "exclusive_minimum": True},
    "ShotNoise.scale_range": _POSITIVE,
    "SmallestMaxSize.max_size": _COUNT,
    "Superpixels.max_size": {"minimum": 16.0},
    "UnsharpMask.blur_limit": _KERNEL,
    "ZoomBlur.step_factor": _POSITIVE,
}
"""Domains that the libraries do not check before they fail, or bend without a word."""
MOVING = {
    "Affine": {"rotate": 15.0, "scale": 1.2},
    "Pad": {"padding": 5},
    "ElasticTransform": {"alpha": 60},
}
"""Values under which an operation that may move the plane does so."""
STAYS = frozenset(("Morphological",))
"""They grow or shrink what is bright; a picture of coordinates takes that for a move."""
SMEARS = frozenset(("ZoomBlur",))
"""They mix neighbours from afar; patches side by side take that for another colour."""
COLOURING: dict[str, dict[str, Any]] = {
    "MultiplicativeNoise": {"per_channel": True, "multiplier": (0.5, 1.5)},
    "Posterize": {"num_bits": 1},
    "RandomToneCurve": {"per_channel": True},
}
"""Values under which an operation changes colours that its defaults leave."""
COLOURS_STAY: dict[str, list[dict[str, dict[str, Any]]]] = {
    "AdditiveNoise": [{"spatial_mode": {"enum": ["per_pixel", "shared"]}}],
    "ColorJitter": [
        {
            "hue": {"minimum": -0.014, "maximum": 0.014},
            "saturation": {"minimum": 0.7, "maximum": 1.4},
        }
    ],
    "Equalize": [{"by_channels": {"enum": [False]}}],
    "HueSaturationValue": [
        {
            "hue_shift_limit": {"minimum": -3, "maximum": 3},
            "sat_shift_limit": {"minimum": -30, "maximum": 30},
        }
    ],
    "MultiplicativeNoise": [
        {"per_channel": {"enum": [False]}},
        {"elementwise": {"enum": [True]}},
        {"multiplier": {"minimum": 0.9, "maximum": 1.1}},
    ],
    "Posterize": [{"num_bits": {"minimum": 2, "maximum": 8}}],
    "RGBShift": [
        {
            "r_shift_limit": {"minimum": -8, "maximum": 8},
            "g_shift_limit": {"minimum": -8, "maximum": 8},
            "b_shift_limit": {"minimum": -8, "maximum": 8},
        }
    ],
    "RandomToneCurve": [{"per_channel": {"enum": [False]}}],
}
"""Values under which an operation that may change colours leaves them: any one row will do."""
TURNS_HUE = {"ColorJitter": {"hue": 360.0}, "HueSaturationValue": {"hue_shift_limit": 2.0}}
"""The parameter that turns hues, and by how many degrees each unit of it turns them."""
TURNING = {
    "Affine": {"rotate": 90.0},
    "SafeRotate": {"limit": (90.0, 90.0)},
    "Rotate": {"limit": (90.0, 90.0)},
    "ShiftScaleRotate": {"rotate_limit": (90.0, 90.0)},
}
"""Values under which an operation that may turn sides does so."""
REPEATS: dict[str, dict[str, list[Any]]] = {
    "CenterCrop": {"pad_if_needed": [True]},
    "Crop": {"pad_if_needed": [True]},
    "CropAndPad": {},
    "RandomCrop": {"pad_if_needed": [True]},
    "Rotate": {"crop_border": [False]},
}
"""What else has to hold for an operation with a `border_mode` to show a border at all."""
MIRRORING_BORDERS = [2, 3, 4]
"""OpenCV's borders that show a part of the picture once more: reflect, wrap, reflect_101."""
