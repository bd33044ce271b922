"""Contestants that run in AlbumentationsX's environment. Nothing of syncaug is imported here."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import albumentations as A
import cv2
import numpy as np

__all__ = ["chain", "film", "flip"]

Contestants = tuple[dict[str, Callable[[], Any]], dict[str, str]]


def _all(**contestants: Callable[[], Any]) -> Contestants:
    cv2.setNumThreads(1)
    return contestants, {"albumentationsx": version("albumentationsx")}


def chain(n: dict[str, float], wanted: dict[str, Any]) -> Contestants:
    """The five plane steps as AlbumentationsX documents them; every range is one value."""
    left, top, right, down, side = (int(n[name]) for name in ("left", "top", "x", "y", "side"))
    targets: dict[str, Any] = {}
    if "keypoints" in wanted:
        targets["keypoint_params"] = A.KeypointParams(coord_format="xy")
    if "bboxes" in wanted:
        targets["bbox_params"] = A.BboxParams(coord_format="pascal_voc", label_fields=["classes"])
    pipeline = A.Compose(
        [
            A.Crop(left, top, left + side, top + side, p=1.0),
            A.HorizontalFlip(p=1.0),
            A.Rotate(angle_range=(n["degrees"], n["degrees"]), p=1.0),
            A.Affine(scale=(n["factor"], n["factor"]), p=1.0),
            A.Affine(translate_px={"x": (right, right), "y": (down, down)}, p=1.0),
        ],
        telemetry=False,
        **targets,
    )
    return _all(chain=lambda: pipeline(**wanted))


def flip(picture: Any) -> Contestants:
    """One mirror image: a Compose of one step, and the bare transform."""
    mirror = A.HorizontalFlip(p=1.0)
    pipeline = A.Compose([A.HorizontalFlip(p=1.0)], telemetry=False)
    return _all(compose=lambda: pipeline(image=picture), bare=lambda: mirror(image=picture))


def film(drawn: dict[str, float], frames: Any) -> Contestants:
    """Flip, affine, hue and brightness on all frames at once and on one after the other."""
    angle, size, hue, light = ((drawn[name],) * 2 for name in ("angle", "size", "hue", "light"))
    pipeline = A.Compose(
        [
            A.HorizontalFlip(p=1.0),
            A.Affine(rotate=angle, scale=size, p=1.0),
            A.HueSaturationValue(hue, (0, 0), (0, 0), p=1.0),
            A.RandomBrightnessContrast(light, (0, 0), brightness_by_max=True, p=1.0),
        ],
        telemetry=False,
    )
    return _all(
        images=lambda: pipeline(images=frames)["images"],
        loop=lambda: np.stack([pipeline(image=frame)["image"] for frame in frames]),
    )
