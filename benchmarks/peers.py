"""One picture with its mask through what other libraries offer: similar work, not equal results.

Flip, turn, zoom and brightness of 256x256. kornia works on float tensors (as a loader hands them to
it; the conversion is not counted) and MONAI on arrays with the channel first; plain numpy looks up
nearest pixels. What cannot be imported is named.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import albumentations as A
import numpy as np

from benchmarks.environments import peers
from benchmarks.report import Report, Run
from benchmarks.timing import one_thread, race
from syncaug import load_policy

SIZE = 256
DEGREES, FACTOR, BRIGHTER = 10.0, 1.05, 0.1
POLICY: dict[str, Any] = {
    "syncaug": 1,
    "name": "peers",
    "sample": {"image": "image", "mask": "mask"},
    "steps": [
        {"name": "mirror", "uses": "flip", "with": {"axis": "horizontal"}},
        {"name": "turn", "uses": "rotate", "with": {"degrees": [DEGREES - 1, DEGREES + 1]}},
        {"name": "grow", "uses": "scale", "with": {"factor": [1.0, 1.1]}},
        {"name": "lamp", "uses": "light", "with": {"value": [0.0, 0.2]}},
    ],
}


def sample() -> dict[str, Any]:
    """A picture and a mask of classes."""
    generator = np.random.default_rng(0)
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[60:180, 80:200] = 1
    return {"image": generator.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8), "mask": mask}


def albumentations(whole: dict[str, Any]) -> Callable[[], Any]:
    """One Compose."""
    pipeline = A.Compose(
        [
            A.HorizontalFlip(p=1.0),
            A.Affine(rotate=(DEGREES - 1, DEGREES + 1), scale=(1.0, 1.1), p=1.0),
            A.RandomBrightnessContrast((0.0, 0.2), (0.0, 0.0), p=1.0),
        ]
    )
    return lambda: pipeline(**whole)


def kornia(whole: dict[str, Any]) -> Callable[[], Any]:
    """AugmentationSequential on a batch of one, without gradients."""
    import kornia.augmentation as K
    import torch

    torch.set_num_threads(1)
    image = torch.from_numpy(whole["image"]).permute(2, 0, 1)[None].float() / 255
    mask = torch.from_numpy(whole["mask"])[None, None].float()
    steps = K.AugmentationSequential(
        K.RandomHorizontalFlip(p=1.0),
        K.RandomAffine((DEGREES - 1, DEGREES + 1), scale=(1.0, 1.1), p=1.0),
        K.RandomBrightness((1.0, 1.2), p=1.0),
        data_keys=["image", "mask"],
    )

    def call() -> Any:
        with torch.no_grad():
            return steps(image, mask)

    return call


def monai(whole: dict[str, Any]) -> Callable[[], Any]:
    """A Compose of dictionary transforms."""
    from monai import transforms as T

    given = {
        "image": np.ascontiguousarray(whole["image"].transpose(2, 0, 1)).astype(np.float32),
        "mask": whole["mask"][None],
    }
    turn = np.radians(DEGREES)
    pipeline = T.Compose(
        [
            T.RandFlipd(["image", "mask"], prob=1.0, spatial_axis=1),
            T.RandAffined(
                ["image", "mask"],
                prob=1.0,
                rotate_range=[(turn * 0.9, turn * 1.1)],
                scale_range=[(0.0, 0.1), (0.0, 0.1)],
                mode=["bilinear", "nearest"],
                padding_mode="zeros",
            ),
            T.RandScaleIntensityd(["image"], factors=(0.0, 0.2), prob=1.0),
        ]
    )
    return lambda: pipeline(given)


def plain_numpy(whole: dict[str, Any]) -> Callable[[], Any]:
    """Nearest pixels by index, a table of levels."""
    generator = np.random.default_rng(0)
    middle = (SIZE - 1) / 2
    v, u = np.mgrid[:SIZE, :SIZE] - middle

    def call() -> Any:
        angle = np.radians(generator.uniform(DEGREES - 1, DEGREES + 1))
        factor = generator.uniform(1.0, 1.1)
        cosine, sine = np.cos(angle) / factor, np.sin(angle) / factor
        x = np.rint(middle - (cosine * u - sine * v)).astype(np.int64)
        y = np.rint(middle + sine * u + cosine * v).astype(np.int64)
        seen = (x >= 0) & (x < SIZE) & (y >= 0) & (y < SIZE)
        x, y = x.clip(0, SIZE - 1), y.clip(0, SIZE - 1)
        brighter = 255 * generator.uniform(0.0, 0.2)
        table = np.clip(np.arange(256) + brighter, 0, 255).astype(np.uint8)
        image = np.where(seen[..., None], table[whole["image"][y, x]], 0)
        return {"image": image, "mask": np.where(seen, whole["mask"][y, x], 0)}

    return call


PEERS = {
    "albumentations": albumentations,
    "kornia": kornia,
    "MONAI": monai,
    "plain numpy": plain_numpy,
}


def measure(run: Run) -> Report:
    """One race of all that can be imported."""
    report = Report(f"Picture and mask of {SIZE}x{SIZE}: similar work")
    peers(run, report)
    whole = sample()
    policy = load_policy(POLICY, seed=1)
    contestants: dict[str, Callable[[], Any]] = {"syncaug": partial(policy, whole, key="k")}
    for name, make in PEERS.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                contestants[name] = make(whole)
                contestants[name]()
        except (ImportError, OSError) as error:
            report.notes.append(f"{name} is not measured: {error}")
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = race("one sample, one thread", contestants, seconds=2 * run.seconds)
    report.races.append(result)
    for name in list(contestants)[1:]:
        report.ratio(f"peers: {name}", result, name, "syncaug")
    return report
