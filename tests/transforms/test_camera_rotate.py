"""The turning camera: its axes are its own, however K lays its picture."""

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


# What lies right, down and ahead of a camera that has turned by ten degrees.
COSINE, SINE = np.cos(np.radians(10)), np.sin(np.radians(10))
TURNS = {
    "optical": [[COSINE, SINE, 0], [-SINE, COSINE, 0], [0, 0, 1]],
    "vertical": [[COSINE, 0, -SINE], [0, 1, 0], [SINE, 0, COSINE]],
    "horizontal": [[1, 0, 0], [0, COSINE, SINE], [0, -SINE, COSINE]],
}


@pytest.mark.parametrize("axis", TURNS)
@pytest.mark.parametrize("before", LAID)
def test_the_camera_turns_about_its_own_axes_and_the_picture_goes_along(
    before: str, axis: str
) -> None:
    turn = f"{{name: c, uses: camera_rotate, with: {{axis: {axis}, degrees: 10}}}}"
    apart = f"[{before}]" if before else "[{name: a, uses: flip, p: 0}]"
    head = f"syncaug: 1\nsample: {SAMPLE}\nsteps: "
    steps = f"[{before}, {turn}]" if before else f"[{turn}]"
    was = load_policy(head + apart)(sample(), key=1)
    out = load_policy(head + steps)(sample(), key=1)
    turned = np.eye(4)
    turned[:3, :3] = TURNS[axis]
    assert out["camera"]["world_to_camera"] == pytest.approx(
        turned @ was["camera"]["world_to_camera"]
    )
    assert out["camera"]["K"] == pytest.approx(was["camera"]["K"])
    middle, beside = out["spots"]
    if before in LAID[:1] + LAID[-1:]:  # the axes are those of the picture
        if axis == "vertical":
            assert middle == pytest.approx([MIDDLE - 100 * SINE / COSINE, MIDDLE])
        elif axis == "horizontal":
            assert middle == pytest.approx([MIDDLE, MIDDLE + 100 * SINE / COSINE])
        else:  # counterclockwise as seen: y points down
            x, y = was["spots"][1] - MIDDLE
            wanted = [COSINE * x + SINE * y + MIDDLE, -SINE * x + COSINE * y + MIDDLE]
            assert beside == pytest.approx(wanted)
    seen = out["cloud"] @ out["camera"]["world_to_camera"][:3, :3].T
    seen = (seen + out["camera"]["world_to_camera"][:3, 3]) @ out["camera"]["K"].T
    assert seen[:, :2] / seen[:, 2:] == pytest.approx(out["spots"])
