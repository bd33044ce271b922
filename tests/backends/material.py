"""Small data of every kind, and values with which each operation can be tried."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.backends import Operated
from syncaug.catalogue import OperationSpec, names, operation
from syncaug.randomness import Entropy, Source
from tests.small_wordnet import folder

RATE = 16000
EXAMPLES: dict[str, dict[str, Any]] = {
    "albumentations.Affine": {"rotate": 15.0, "scale": 1.2},
    "albumentations.CenterCrop": {"height": 24, "width": 32},
    "albumentations.Crop": {"x_min": 4, "y_min": 6, "x_max": 40, "y_max": 36},
    "albumentations.CropAndPad": {"percent": 0.1},
    "albumentations.ElasticTransform": {"alpha": 60},
    "albumentations.GridElasticDeform": {"num_grid_xy": [3, 3], "magnitude": 4},
    "albumentations.LongestMaxSize": {"max_size": 40},
    "albumentations.Pad": {"padding": 5},
    "albumentations.PadIfNeeded": {"min_height": 60, "min_width": 70},
    "albumentations.RandomCrop": {"height": 24, "width": 32},
    "albumentations.RandomResizedCrop": {"size": [30, 40]},
    "albumentations.RandomSizedCrop": {"min_max_height": [20, 30], "size": [30, 40]},
    "albumentations.Resize": {"height": 30, "width": 44},
    "albumentations.SmallestMaxSize": {"max_size": 40},
    "audiomentations.AdjustDuration": {"duration_seconds": 0.4},
    "nlpaug.AntonymAug": {"wordnet": folder(), "aug_p": 1.0},
    "nlpaug.ReservedAug": {
        "reserved_tokens": [["cat", "dog"], ["red chair", "green sofa"]],
        "aug_p": 1.0,
    },
    "nlpaug.SynonymAug": {"wordnet": folder(), "aug_p": 1.0},
    "open3d.crop": {"min_bound": [-1, -1, -1], "max_bound": [1, 1, 1]},
    "open3d.farthest_point_down_sample": {"num_samples": 40},
    "open3d.random_down_sample": {"sampling_ratio": 0.4},
    "open3d.remove_radius_outlier": {"nb_points": 12, "radius": 0.6},
    "open3d.remove_statistical_outlier": {"nb_neighbors": 8, "std_ratio": 1.0},
    "open3d.transform": {
        "transformation": [[0, -2, 0, 1], [2, 0, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1]]
    },
    "open3d.uniform_down_sample": {"every_k_points": 3},
    "open3d.voxel_down_sample": {"voxel_size": 0.5},
    "syncaug.RecolourWords": {"degrees": 120},
}
TEXT = "Left: a red chair,  two cats and\ta dog's bowl (at 10:30)... believe their accommodation!"
COLUMNS = ("x", "y", "z", "intensity", "nx", "ny", "nz")


def usable(library: str = "") -> list[str]:
    """The names of all operations that a policy can use."""
    return [
        name
        for name in names()
        if not operation(name).refused and operation(name).library.startswith(library)
    ]


def picture(kind: str, height: int = 48, width: int = 64) -> np.ndarray[Any, Any]:
    """A smooth picture with a bright block."""
    dtype, _, channels = kind.partition("x")
    y, x = np.mgrid[:height, :width]
    waves = [0.5 + 0.4 * np.sin(x / (4 + c) + y / (7 - c)) for c in range(int(channels))]
    levels = np.stack(waves, axis=-1)
    levels[height // 3 : height // 2, width // 4 : width // 2] = 0.9
    return (levels * 255).astype(np.uint8) if dtype == "uint8" else levels.astype(np.float32)


def sound(channels: int, seconds: float = 2.0) -> np.ndarray[Any, Any]:
    """A chord that swells; two channels differ."""
    time = np.arange(round(seconds * RATE)) / RATE
    tones = [
        sum(np.sin(2 * np.pi * f * (1 + c / 7) * time) for f in (220, 555, 1900)) for c in range(2)
    ]
    wave = np.stack(tones) * 0.2 * (0.3 + 0.7 * time / seconds)
    return (wave[:channels] if channels > 1 else wave[0]).astype(np.float32)


def cloud(dtype: type = np.float32, count: int = 300) -> np.ndarray[Any, Any]:
    """Points on a bent sheet, with an intensity and normals to fill."""
    generator = np.random.default_rng(5)
    places = generator.uniform(-2, 2, (count, 3))
    places[:, 2] = 0.3 * places[:, 0] ** 2 + 0.05 * places[:, 2]
    points = np.zeros((count, len(COLUMNS)))
    points[:, :3], points[:, 3], points[:, 6] = places, generator.random(count), 1.0
    return points.astype(dtype)


def material(spec: OperationSpec) -> list[tuple[str, Any, dict[str, Any]]]:
    """For one operation: modality, data and stream options, of every kind that it takes."""
    modality = spec.takes[0]
    if modality == "image":
        pictures = [("image", picture(kind), {}) for kind in spec.accepts]
        if "uint8x1" in spec.accepts:
            pictures.append(("image", picture("uint8x1")[..., 0], {}))
        return pictures
    if modality == "audio":
        sounds = [sound(int(kind[1:])) for kind in spec.accepts]
        return [("audio", data, {"sample_rate": RATE}) for data in sounds]
    if modality == "text":
        return [("text", TEXT, {})]
    return [("points", cloud(dtype), {"columns": COLUMNS}) for dtype in (np.float32, np.float64)]


def entropy(number: int = 1) -> Entropy:
    """Entropy of some address."""
    return Source(number, "sample", 0).entropy("step/stream")


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal to the last bit; the maps that they imply are not compared."""
    if isinstance(one, Operated):
        parts = ((one.data, other.data), (one.edits, other.edits), (one.rows, other.rows))
        return all(same(*pair) for pair in parts)
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    return bool(one == other)
