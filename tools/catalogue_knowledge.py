"""What introspection cannot tell about the libraries' operations. Read by make_catalogue.py."""

from __future__ import annotations

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
    "albumentations.Mosaic": "it needs other images; use the `mix` or `cutmix` transform with a partner",
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
    "audiomentations.Limiter": "it needs numpy-audio-limiter, which no extra of syncaug installs",
    "audiomentations.LoudnessNormalization": "it needs loudness, which no extra of syncaug installs",
    "audiomentations.Mp3Compression": "it needs fast-mp3-augment, which no extra of syncaug installs",
    "audiomentations.RoomSimulator": "it needs pyroomacoustics, which no extra of syncaug installs",
    "audiomentations.Resample": "it does not return the new sample rate, so time would no longer fit",
    "nlpaug.AntonymAug": "it needs NLTK's WordNet, which has to be downloaded, and turns meanings round",
    "nlpaug.SynonymAug": "it needs NLTK's WordNet, which has to be downloaded",
    "nlpaug.TfIdfAug": "it needs a model trained on your texts",
    "nlpaug.WordEmbsAug": "it needs word vectors, which have to be downloaded",
    "nlpaug.ContextualWordEmbsAug": "it needs a language model, which has to be downloaded",
    "nlpaug.BackTranslationAug": "it needs translation models, which have to be downloaded",
}

PAIRS_THAT_ARE_NO_RANGES = frozenset(
    "grid size tile_grid_size holes_number_xy shift_xy num_grid_xy padding drop_color max_size_hw".split()
)
RANGES_WITHOUT_DEFAULT = {
    "Affine.translate_percent": 0.1,
    "Affine.translate_px": 3.0,
    "CropAndPad.px": 2.0,
    "CropAndPad.percent": 0.1,
    "GridDropout.unit_size_range": 12.0,
    "PlanckianJitter.temperature_limit": 5000.0,
    "ShiftScaleRotate.shift_limit_x": 0.05,
    "ShiftScaleRotate.shift_limit_y": 0.05,
}
PER_AXIS = frozenset(("Affine.scale", "Affine.translate_percent", "Affine.translate_px", "Affine.shear"))
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
DOMAINS = {
    "Affine.scale": {"minimum": 0.0, "exclusive_minimum": True},
    "RandomScale.scale_limit": {"minimum": -1.0, "exclusive_minimum": True},
    "ShiftScaleRotate.scale_limit": {"minimum": -1.0, "exclusive_minimum": True},
    "CropAndPad.percent": {"minimum": -0.5, "exclusive_minimum": True},
}
"""Bounds that the libraries do not check before they fail."""

SHIFTS_HUE = frozenset(
    "ChannelDropout ChannelShuffle ColorJitter HEStain HueSaturationValue InvertImg PlanckianJitter RGBShift "
    "Solarize ToGray ToSepia".split()
)
CLOCKS = frozenset("AdjustDuration Padding RepeatPart Reverse Shift TimeStretch Trim".split())
"""audiomentations that change when something sounds."""
