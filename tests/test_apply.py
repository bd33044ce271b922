"""Library operations under `apply:`: what moves the plane takes every stream of it along."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, load_policy

SAMPLE = """
  image: image
  mask: mask
  boxes: {modality: boxes, labels: classes}
  spots: {modality: keypoints, names: [a, b, c, d]}
  caption: {modality: text, describes: image}
"""
SPOTS = np.array([[30.0, 30.0, 1.0], [90.0, 35.0, 1.0], [40.0, 80.0, 1.0], [100.0, 90.0, 1.0]])


def dotted() -> dict[str, Any]:
    """A picture with four soft dots, a mask with four squares, and a box around each dot."""
    rows, columns = np.mgrid[0:120, 0:140]
    image = np.zeros((120, 140, 3), np.float64)
    mask = np.zeros((120, 140), np.uint8)
    for number, (x, y, _) in enumerate(SPOTS, start=1):
        glow = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 2.0**2))
        image[..., (number - 1) % 3] += glow * 255
        if number == 4:
            image += glow[..., None] * 255
        mask[int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5] = number
    return {
        "image": np.clip(image, 0, 255).astype(np.uint8),
        "mask": mask,
        "boxes": [[x - 4.0, y - 4.0, x + 5.0, y + 5.0] for x, y, _ in SPOTS],
        "classes": list("abcd"),
        "spots": SPOTS.copy(),
        "caption": "four dots",
    }


def policy_with(operation: str) -> Any:
    return load_policy(
        f"syncaug: 1\nsample:{SAMPLE}steps:\n  - name: move\n    apply:\n"
        f"      image: {{op: {operation}}}\n"
        "      mask: follow\n      boxes: follow\n      spots: follow\n      caption: follow\n"
        "on_fail: {retry: 5, then: error}\n",
        seed=3,
    )


def centre_of(weight: np.ndarray) -> np.ndarray:
    rows, columns = np.mgrid[0 : weight.shape[0], 0 : weight.shape[1]]
    return np.array([(weight * columns).sum(), (weight * rows).sum()]) / weight.sum()


@pytest.mark.parametrize(
    ("operation", "tolerance"),
    [
        ("albumentations.Perspective, scale: [0.02, 0.06]", 0.6),
        ("albumentations.Affine, rotate: [-20, 20], scale: [0.9, 1.1]", 0.6),
        ("albumentations.SafeRotate, limit: [-20, 20]", 0.6),
        ("albumentations.Resize, height: 90, width: 150", 0.6),
        ("albumentations.ElasticTransform, alpha: 300, sigma: 12", 1.0),
        ("albumentations.GridDistortion, distort_limit: [-0.4, 0.4]", 1.0),
        ("albumentations.OpticalDistortion, distort_limit: [-0.2, 0.2]", 1.0),
    ],
)
def test_everything_goes_where_the_pixels_go(operation: str, tolerance: float) -> None:
    policy = policy_with(operation)
    moved = 0.0
    for epoch in range(3):
        sample = dotted()
        out = policy(sample, key="dots", epoch=epoch)
        image = out["image"].astype(float)
        for index, (x, y, visible) in enumerate(out["spots"]):
            if not visible or not (8 < x < image.shape[1] - 9 and 8 < y < image.shape[0] - 9):
                continue
            left, top = int(x) - 8, int(y) - 8
            window = image[top : top + 17, left : left + 17].sum(axis=2)
            seen = centre_of(np.maximum(window - window.max() / 4, 0)) + np.array([left, top])
            assert np.hypot(*(seen - [x, y])) < tolerance, (epoch, index, seen, (x, y))
            moved = max(moved, float(np.hypot(*(SPOTS[index, :2] - [x, y]))))
            labelled = np.argwhere(out["mask"] == index + 1).mean(axis=0)[::-1]
            assert np.hypot(*(labelled - [x, y])) < 1.2
            box = out["boxes"][out["classes"].index("abcd"[index])]
            assert box[0] < x + 0.5 < box[2]
            assert box[1] < y + 0.5 < box[3]
    assert moved > 1.0, "the test must see something move"


def test_leaving_a_stream_behind_is_a_problem() -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(
            f"syncaug: 1\nsample:{SAMPLE}steps:\n  - name: move\n    apply:\n"
            "      image: {op: albumentations.Perspective}\n      mask: follow\n"
        )
    behind = {p.expected for p in caught.value.problems if p.code == "SA502"}
    told = "{0}: follow, or {0}: keep to leave it as it is"
    assert behind == {told.format(name) for name in ("boxes", "spots", "caption")}


def test_a_camera_cannot_follow_a_bent_picture() -> None:
    with pytest.raises(PolicyError, match=r"SA507 .*ElasticTransform warps the picture without"):
        load_policy(
            "syncaug: 1\nsample: {image: image, camera: camera}\nsteps:\n  - name: bend\n"
            "    apply: {image: {op: albumentations.ElasticTransform}, camera: follow}\n"
        )


def test_a_camera_follows_a_straight_one() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, camera: camera, points: points}\n"
        "steps:\n  - name: turn\n"
        "    apply: {image: {op: albumentations.Affine, rotate: [10, 30]}, camera: follow}\n"
        "checks: [reprojection: {max_pixels: 0.05}]\n"
    )
    generator = np.random.default_rng(0)
    sample = {
        "image": dotted()["image"],
        "camera": {
            "K": [[100.0, 0.0, 69.5], [0.0, 100.0, 59.5], [0.0, 0.0, 1.0]],
            "world_to_camera": np.eye(4).tolist(),
            "size": [140, 120],
        },
        "points": (generator.normal(size=(200, 3)) * 0.3 + [0, 0, 3]).astype(np.float32),
    }
    out, record = policy.apply(sample, key=1)
    assert record.attempts[0].measures["reprojection"] < 0.05
    assert out["camera"]["size"] == [140, 120]


def test_what_a_library_cannot_take_is_refused_with_the_reason() -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(
            "syncaug: 1\nsample: {image: image, caption: text}\nsteps:\n  - name: a\n    apply:\n"
            "      image: {op: albumentations.FDA}\n"
            "      caption: {op: nlpaug.TfIdfAug}\n"
        )
    assert [problem.code for problem in caught.value.problems] == ["SA309", "SA309"]
    assert all(problem.hint for problem in caught.value.problems)
