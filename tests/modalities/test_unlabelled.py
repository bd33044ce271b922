"""Keypoints that nobody labelled stay as they came, however they are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import SampleError, SampleWarning, load_policy

PICTURE = np.zeros((60, 90, 3), np.uint8)
STEPS = [
    "uses: flip",
    "uses: rotate, with: {degrees: 13}",
    "uses: crop, with: {resize: [20, 30]}",
    "uses: perspective, with: {strength: 0.1}",
    "apply: {image: {op: albumentations.ElasticTransform, alpha: 100, sigma: 10}, dots: follow}",
]
NOWHERE = [
    [0.0, 0.0, 0.0],
    [-1.0, -1.0, 0.0],
    [np.nan, np.nan, 0.0],
    [np.nan, 5.0, 0.0],
    [np.inf, np.inf, 0.0],
]


def run(row: list[float], step: str, **options: Any) -> np.ndarray[Any, Any]:
    options = {"names": "[nose, left_eye, right_eye]", **options}
    told = ", ".join(f"{key}: {value}" for key, value in options.items())
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, dots: {{modality: keypoints, {told}}}}}\n"
        f"steps: [{{name: s, {step}}}]\n"
    )
    dots = np.array([[[45, 20, 2], row, row]])
    return policy({"image": PICTURE, "dots": dots}, key=1)["dots"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("origin", ["centre", "edge"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("row", NOWHERE)
def test_a_point_without_a_place_stays(row: list[float], step: str, origin: str) -> None:
    out = run(row, step, origin=origin)
    assert np.array_equal(out[0, 1:], [row, row], equal_nan=True)
    assert np.isfinite(out[0, 0]).all()


def test_a_hidden_point_beyond_the_picture_moves_along() -> None:
    assert run([-2.0, -1.0, 0.0], "uses: flip")[0, 1].tolist() == [91.0, -1.0, 0.0]


@pytest.mark.parametrize("flag", [1.0, 2.0, np.nan])
def test_a_visible_point_without_a_place_is_refused(flag: float) -> None:
    with pytest.raises(SampleError, match="Mark a missing point by visibility 0"):
        run([np.nan, np.nan, flag], "uses: flip")


def test_several_points_at_the_corner_are_told() -> None:
    policy = load_policy(
        "syncaug: 1\n"
        "sample: {image: image, points: {modality: keypoints, labels: names}}\n"
        "steps: [{name: mirror, uses: flip}]\n"
    )
    image, names = np.zeros((20, 30, 3), np.uint8), ["nose", "elbow", "knee"]
    for points in ([[0.0, 0.0], [3.0, 4.0], [9.0, 9.0]], [[0.0, 0.0, 0], [0.0, 0.0, 0], [1, 1, 2]]):
        policy({"image": image, "points": np.array(points), "names": names}, key=1)
    absent = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])
    with pytest.warns(SampleWarning, match=r"2 of its 3 points lie at exactly \(0, 0\)"):
        policy({"image": image, "points": absent, "names": names}, key=1)
