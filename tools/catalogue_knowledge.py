"""What introspection cannot tell about the libraries' operations. Read by make_catalogue.py."""

from __future__ import annotations

from typing import Any

_VOLUME = "it works on volumes, which are no stream of a sample"
_BOXES = "it reads the boxes of the sample; use the `crop` transform and the check `boxes_visible`"
_MASK = "it reads the mask of the sample, and an operation sees one stream only"
_REFERENCE = "it needs reference images"
_DTYPE = "it changes the dtype of the picture; do that after augmenting"
_WRAPS = "it wraps other code, and a policy names operations only"
_SOUNDS = "it needs a folder of sounds; use the `mix` transform with a partner"

REFUSED = {
    "albumentations.AtLeastOneBBoxRandomCrop": _BOXES,
    "albumentations.BBoxSafeRandomCrop": _BOXES,
    "albumentations.RandomSizedBBoxSafeCrop": _BOXES,
    "albumentations.RandomCropNearBBox": _BOXES,
    "albumentations.ConstrainedCoarseDropout": _MASK,
    "albumentations.CropNonEmptyMaskIfExists": _MASK,
    "albumentations.MaskDropout": _MASK,
    "albumentations.CenterCrop3D": _VOLUME,
    "albumentations.CoarseDropout3D": _VOLUME,
    "albumentations.CubicSymmetry": _VOLUME,
    "albumentations.GridShuffle3D": _VOLUME,
    "albumentations.Pad3D": _VOLUME,
    "albumentations.PadIfNeeded3D": _VOLUME,
    "albumentations.RandomCrop3D": _VOLUME,
    "albumentations.FDA": _REFERENCE,
    "albumentations.HistogramMatching": _REFERENCE,
    "albumentations.PixelDistributionAdaptation": _REFERENCE,
    "albumentations.Mosaic": "it needs other images; use `mix` or `cutmix` with a partner",
    "albumentations.OverlayElements": "it needs images to lay over",
    "albumentations.TextImage": "it needs a font file and texts to draw",
    "albumentations.Lambda": _WRAPS,
    "albumentations.FromFloat": _DTYPE,
    "albumentations.ToFloat": _DTYPE,
    "albumentations.Normalize": "it leaves the range of pictures; normalise after augmenting",
    "albumentations.ToTensorV2": "it makes a torch tensor; do that after augmenting",
    "albumentations.ToTensor3D": "it makes a torch tensor; do that after augmenting",
    "audiomentations.AddBackgroundNoise": _SOUNDS,
    "audiomentations.AddShortNoises": _SOUNDS,
    "audiomentations.ApplyImpulseResponse": "it needs a folder of impulse responses",
    "audiomentations.Lambda": _WRAPS,
    "audiomentations.Limiter": "it needs numpy-audio-limiter, which no extra installs",
    "audiomentations.LoudnessNormalization": "it needs loudness, which no extra installs",
    "audiomentations.Mp3Compression": "it needs fast-mp3-augment, which no extra installs",
    "audiomentations.RoomSimulator": "it needs pyroomacoustics, which no extra installs",
    "audiomentations.Resample": "it does not return the new sample rate",
    "nlpaug.AntonymAug": "it needs NLTK's WordNet, which has to be downloaded",
    "nlpaug.SynonymAug": "it needs NLTK's WordNet, which has to be downloaded",
    "nlpaug.TfIdfAug": "it needs a model trained on your texts",
    "nlpaug.WordEmbsAug": "it needs word vectors, which have to be downloaded",
    "nlpaug.ContextualWordEmbsAug": "it needs a language model, which has to be downloaded",
    "nlpaug.BackTranslationAug": "it needs translation models, which have to be downloaded",
}

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
REQUIRED = {
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
    "AdjustDuration": {"duration_seconds": 0.4},
    "PadIfNeeded": {"min_height": 60, "min_width": 70},
    "ReservedAug": {"reserved_tokens": [["cat", "dog"]]},
}
"""Values with which an operation can be tried out, where its defaults do not do."""
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

_POSITIVE = {"minimum": 0.0, "exclusive_minimum": True}
_SHARE = {"minimum": 0.0, "maximum": 1.0}
_COUNT = {"minimum": 1.0}
_KERNEL = {"minimum": 3.0}
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
CHOSEN_WORDS = frozenset(("ReservedAug",))
"""nlpaug that put in words which the policy chooses; all others are noise."""
PITCHES = frozenset(("PitchShift",))
"""audiomentations that change the pitch of what sounds."""
CLOCKS = frozenset(
    ["AdjustDuration", "Padding", "RepeatPart", "Reverse", "Shift", "TimeStretch", "Trim"]
)
"""audiomentations that change when something sounds."""
_CALLABLE = "it wants code, and a policy names operations only"
_STEEP = ("it goes in steps of 6 dB per octave", {"type": "integer", "multipleOf": 6, "minimum": 6})
_TENS = ("its tables know 10 and 20 degrees only", {"enum": [10.0, 20.0]})
FIXED = {
    "AirAbsorption.max_temperature": _TENS,
    "AirAbsorption.min_temperature": _TENS,
    "RepeatPart.part_transform": (_CALLABLE, {"type": "null"}),
    **{
        f"{kind}Filter.{end}_rolloff": _STEEP
        for kind in ("BandPass", "BandStop", "HighPass", "LowPass")
        for end in ("min", "max")
    },
}
"""Parameters of audiomentations that cannot follow a draw: why, and their schema."""
SOUND_DOMAINS: dict[str, dict[str, float | bool]] = {
    "AddColorNoise.n_fft": {"minimum": 16.0},
    "AddColorNoise.p_apply_a_weighting": _SHARE,
    "Shift.max_shift": {},
    "Shift.min_shift": {},
    "Trim.top_db": _POSITIVE,
    **{
        f"{kind}.{end}_{what}_freq": _POSITIVE
        for kind, what in (
            ("BandPassFilter", "center"),
            ("BandStopFilter", "center"),
            ("HighShelfFilter", "center"),
            ("LowShelfFilter", "center"),
            ("PeakingFilter", "center"),
            ("LowPassFilter", "cutoff"),
        )
        for end in ("min", "max")
    },
}
"""Domains that audiomentations does not check, or checks against another parameter."""

_FLAG = {"type": "boolean"}
_TEXT = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_TEXTS = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}
_BUILT = "it shapes the augmenter when that is built"
WORD_FIXED = {
    "candidates": (_BUILT, _TEXTS),
    "case_sensitive": (_BUILT, _FLAG),
    "dict_of_path": (_BUILT, _TEXT),
    "dict_path": (_BUILT, _TEXT),
    "generate_all_combinations": ("one text makes one text here", {"const": False}),
    "include_detail": ("the record tells what changed", {"const": False}),
    "include_lower_case": (_BUILT, _FLAG),
    "include_numeric": (_BUILT, _FLAG),
    "include_reverse": (_BUILT, _FLAG),
    "include_special_char": (_BUILT, _FLAG),
    "include_upper_case": (_BUILT, _FLAG),
    "model_path": (_BUILT, _TEXT),
    "reserved_tokens": (
        _BUILT,
        {
            "type": "array",
            "items": {"type": "array", "items": {"type": "string"}, "minItems": 2},
            "minItems": 1,
        },
    ),
    "spec_char": (
        _BUILT,
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    ),
    "stopwords": (_BUILT, _TEXTS),
    "stopwords_regex": (_BUILT, _TEXT),
    "target_words": (_BUILT, _TEXTS),
}
"""Parameters of nlpaug that are no numbers: why they are fixed, and their schema."""
WORD_CHOICES = {
    "RandomCharAug.action": ["insert", "substitute", "swap", "delete"],
    "RandomWordAug.action": ["substitute", "swap", "delete", "crop"],
    "ReservedAug.action": ["substitute"],
    "lang": ["de", "en", "es", "fr", "he", "it", "nl", "pl", "th", "tr", "uk"],
    "swap_mode": ["adjacent", "middle", "random"],
}
