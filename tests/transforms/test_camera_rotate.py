"""The turning camera: its axes are those of the picture, however that lies in K."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy

SIDE = 100
MIDDLE = (SIDE - 1) / 2
SAMPLE = "{image: image, spots: {modality: keypoints, labels: n}, camera: camera, cloud: points}"
LAID = [
    "",
    "{name: a, uses: flip, with: {world: keep}}",
    "{name: a, uses: flip, with: {axis: vertical, world: keep}}",
    "{name: a, uses: flip, with: {axis: both, world: keep}}",
    "{name: a, uses: rotate, with: {degrees: 90}}",
    "{name: a, uses: rotate, with: {degrees: 180}}",
    "{name: a, uses: rotate, with: {degrees: -30}}",
    "{name: a, uses: flip, with: {world: keep}}, {name: b, uses: rotate, with: {degrees: 40}}",
    "{name: a, uses: flip}",
]


def sample() -> dict[str, Any]:
    """A camera that looks along its own z, at a spot in the middle and one to the right of it."""
    matrix = np.array([[100.0, 0, MIDDLE], [0, 100, MIDDLE], [0, 0, 1]])
    return {
        "image": np.zeros((SIDE, SIDE, 3), np.uint8),
        "spots": np.array([[MIDDLE, MIDDLE], [MIDDLE + 20, MIDDLE]]),
        "n": ["middle", "right"],
        "camera": {"K": matrix, "world_to_camera": np.eye(4), "size": (SIDE, SIDE)},
        "cloud": np.array([[0.0, 0, 10], [2, 0, 10]]),
    }


@pytest.mark.parametrize("axis", ["optical", "vertical", "horizontal"])
@pytest.mark.parametrize("before", LAID)
def test_the_picture_moves_as_the_page_says_however_it_lies(before: str, axis: str) -> None:
    turn = f"{{name: c, uses: camera_rotate, with: {{axis: {axis}, degrees: 10}}}}"
    apart = f"[{before}]" if before else "[{name: a, uses: flip, p: 0}]"
    head = f"syncaug: 1\nsample: {SAMPLE}\nsteps: "
    steps = f"[{before}, {turn}]" if before else f"[{turn}]"
    was = load_policy(head + apart)(sample(), key=1)
    out = load_policy(head + steps)(sample(), key=1)
    middle, beside = out["spots"]
    if axis == "vertical":
        assert middle == pytest.approx([MIDDLE - 100 * np.tan(np.radians(10)), MIDDLE])
    elif axis == "horizontal":
        assert middle == pytest.approx([MIDDLE, MIDDLE + 100 * np.tan(np.radians(10))])
    else:
        x, y = was["spots"][1] - MIDDLE
        angle = np.radians(-10)  # y points down: counterclockwise as seen is negative
        cosine, sine = np.cos(angle), np.sin(angle)
        wanted = [cosine * x - sine * y + MIDDLE, sine * x + cosine * y + MIDDLE]
        assert beside == pytest.approx(wanted)
    seen = out["cloud"] @ out["camera"]["world_to_camera"][:3, :3].T
    seen = (seen + out["camera"]["world_to_camera"][:3, 3]) @ out["camera"]["K"].T
    assert seen[:, :2] / seen[:, 2:] == pytest.approx(out["spots"])
