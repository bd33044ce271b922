"""A rig of six cameras around one lidar, whose pictures tell of every pixel where it came from.

Channel 0 of a picture grows to the right and channel 1 downwards, so that after any chain the
colour at a place gives the source pixel that is shown there, without a look at any map.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["NAMES", "SAMPLE", "STREAMS", "errors", "rig", "seen"]

NAMES = ("front", "front_left", "back_left", "back", "back_right", "front_right")

STREAMS = "".join(
    f"  {name}: {{modality: image, plane: {name}}}\n"
    f"  {name}_camera: {{modality: camera, plane: {name}, world: ego}}\n"
    for name in NAMES
)
SAMPLE = (
    "syncaug: 1\nsample:\n"
    + STREAMS
    + "  lidar: {modality: points, world: ego, columns: [x, y, z, id]}\n"
    + "  cars: {modality: boxes3d, world: ego, labels: kinds}\n"
)


def rig(seed: int = 0, count: int = 4000) -> dict[str, Any]:
    """Six cameras of several sizes and focal lengths, 60 degrees apart, and a cloud all around.

    x points ahead and z up. The last column of the cloud numbers its points.
    """
    generator = np.random.default_rng(seed)
    angle = generator.uniform(-np.pi, np.pi, count)
    distance = generator.uniform(4.0, 40.0, count)
    height = generator.uniform(-2.0, 3.0, count)
    places = np.stack([distance * np.cos(angle), distance * np.sin(angle), height], axis=1)
    sample: dict[str, Any] = {
        "lidar": np.c_[places, np.arange(count)],
        "cars": np.array([[10.0, 2.0, 0.0, 4.0, 2.0, 1.5, 0.4], [-12.0, 5.0, 0.0, 4, 2, 1.5, 2.0]]),
        "kinds": ["car", "van"],
    }
    for index, name in enumerate(NAMES):
        width, high = (96 + 8 * index, 64 + 4 * index)
        yaw, pitch = np.radians(60.0 * index + 3.0), np.radians(2.0 * index - 4.0)
        ahead = np.array([np.cos(yaw) * np.cos(pitch), np.sin(yaw) * np.cos(pitch), -np.sin(pitch)])
        right = np.array([np.sin(yaw), -np.cos(yaw), 0.0])
        rotation = np.stack([right, np.cross(ahead, right), ahead])
        centre = 0.8 * ahead + np.array([0.0, 0.0, 0.5 + 0.1 * index])
        extrinsics = np.eye(4)
        extrinsics[:3, :3], extrinsics[:3, 3] = rotation, -rotation @ centre
        focal = 60.0 + 5.0 * index
        intrinsics = np.array(
            [[focal, 0.0, width / 2 - 1.5], [0.0, focal + 2.0, high / 2 + 0.5], [0.0, 0.0, 1.0]]
        )
        across, down = np.meshgrid(np.arange(width) / width, np.arange(high) / high)
        sample[name] = np.stack([across, down, np.ones_like(down)], axis=2).astype(np.float32)
        sample[f"{name}_camera"] = {
            "K": intrinsics,
            "world_to_camera": extrinsics,
            "size": (width, high),
        }
    return sample


def seen(camera: Any, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels of points, and which of them lie in the picture."""
    inside = points[:, :3] @ camera["world_to_camera"][:3, :3].T + camera["world_to_camera"][:3, 3]
    homogeneous = inside @ camera["K"].T
    front = inside[:, 2] > 1e-6
    pixels = homogeneous[:, :2] / np.where(front, homogeneous[:, 2], 1.0)[:, None]
    width, height = camera["size"]
    within = ((pixels >= 0) & (pixels <= [width - 1, height - 1])).all(axis=1)
    return pixels, front & within


def _bilinear(picture: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Levels between pixels, and the least of the third channel around: below 1 where fill is."""
    low = np.minimum(np.floor(pixels).astype(int), np.array(picture.shape[1::-1]) - 2)
    part = (pixels - low)[:, :, None]
    a, b = picture[low[:, 1], low[:, 0]], picture[low[:, 1], low[:, 0] + 1]
    c, d = picture[low[:, 1] + 1, low[:, 0]], picture[low[:, 1] + 1, low[:, 0] + 1]
    top, bottom = a + (b - a) * part[:, 0], c + (d - c) * part[:, 0]
    levels = top + (bottom - top) * part[:, 1]
    levels[:, 2] = np.min([a[:, 2], b[:, 2], c[:, 2], d[:, 2]], axis=0)
    return levels


def _away_from_edges(pixels: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Where nothing that is repeated beyond the outermost pixel centres is seen."""
    limit = np.array(picture.shape[1::-1]) - 2
    return np.asarray(((pixels >= 1) & (pixels <= limit)).all(axis=1))


def errors(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[float, int]]:
    """For each camera, the greatest distance in source pixels, and over how many points.

    A point is seen by the augmented camera at some place of the augmented picture; the colour there
    tells which source pixel it shows; the original camera tells which it should be.
    """
    source = before["lidar"][after["lidar"][:, 3].astype(int)]
    out: dict[str, tuple[float, int]] = {}
    for name in NAMES:
        wanted, was = seen(before[f"{name}_camera"], source)
        now, there = seen(after[f"{name}_camera"], after["lidar"])
        both = was & there & _away_from_edges(wanted, before[name])
        both &= _away_from_edges(now, after[name])  # which a crop may have made
        if not both.any():
            out[name] = (0.0, 0)
            continue
        levels = _bilinear(after[name].astype(np.float64), now[both])
        shown = levels[:, :2] * before[name].shape[1::-1]
        solid = levels[:, 2] > 0.999
        distance = np.linalg.norm(shown - wanted[both], axis=1)[solid]
        out[name] = (float(distance.max(initial=0.0)), int(solid.sum()))
    return out
