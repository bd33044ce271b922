"""Perspective, occlusion and dropped streams, on what comes out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, load_policy
from tests.samples import EVERYTHING, everything, pets

PLANAR = """
syncaug: 1
sample:
  image: {modality: image, fill: 7}
  mask: {modality: mask, fill: 9}
  depth: depth
  boxes: {modality: boxes, labels: classes, min_visible: 0.3}
  keypoints: {modality: keypoints, names: [left_eye, right_eye, nose]}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  caption: {modality: text, describes: image}
steps:
  - {name: cover, uses: occlude, with: {area: 0.25, x: 1.0, y: 0.0, caption: rebuildMASK}}
"""


def planar() -> dict[str, Any]:
    names = ("image", "mask", "depth", "boxes", "classes", "keypoints", "phrases", "caption")
    return {name: everything()[name] for name in names}


def test_what_is_covered_is_gone_for_every_stream_alike() -> None:
    sample = planar()  # 64 x 48: the rectangle is x in 32..64, y in 0..24
    sample["keypoints"] = np.array([[20.0, 20.0, 2.0], [40.0, 10.0, 2.0], [40.0, 30.0, 1.0]])
    out = load_policy(PLANAR.replace("MASK", ""))(sample, key="a")
    hidden = np.zeros((48, 64), bool)
    hidden[:24, 32:] = True
    assert (out["image"][hidden] == 7).all()
    assert np.array_equal(out["image"][~hidden], sample["image"][~hidden])
    assert (out["mask"][hidden] == 9).all()
    assert (out["depth"][hidden] == 0.0).all()
    # The cat's box is (34, 8, 60, 30): 16 of its 22 rows are covered, 27 % are left.
    assert out["boxes"] == [[10.0, 12.0, 30.0, 40.0]]
    assert out["classes"] == ["dog"]
    assert out["phrases"] == ["a blue dog"]
    assert out["caption"] == "On the left sits a blue dog."
    assert out["keypoints"][:, 2].tolist() == [2.0, 1.0, 1.0]  # labelled and hidden
    kept = load_policy(PLANAR.replace("MASK", ", mask: keep"))(sample, key="a")
    assert np.array_equal(kept["mask"], sample["mask"])


def test_a_box_that_is_covered_in_part_keeps_its_place_and_tells_its_share() -> None:
    policy = PLANAR.replace("MASK", "").replace("min_visible: 0.3", "min_visible: 0.2")
    out, record = load_policy(policy + "checks:\n  - boxes_visible: {min_area: 0.2}\n").apply(
        planar(), key="a"
    )
    assert out["boxes"] == planar()["boxes"]
    assert out["caption"] == planar()["caption"]
    assert record.attempts[0].measures["boxes_visible"] == pytest.approx(6 / 22)


def test_what_is_covered_twice_is_lost_once() -> None:
    policy = PLANAR.replace("MASK", "").replace("min_visible: 0.3", "min_visible: 0.2")
    again = "  - {name: again, uses: occlude, with: {area: 0.25, x: 1.0, y: 0.0}}\n"
    again += "checks:\n  - boxes_visible: {min_area: 0.2}\n"
    out, record = load_policy(policy + again).apply(planar(), key="a")
    assert out["boxes"] == planar()["boxes"]
    assert record.attempts[0].measures["boxes_visible"] == pytest.approx(6 / 22)


TILTED = """
syncaug: 1
sample:
  image: image
  depth: depth
  camera: camera
  points: {modality: points, columns: [x, y, z, r, g, b, intensity]}
  boxes: {modality: boxes, labels: classes}
steps:
  - {name: tilt, uses: perspective, with: {STEP}}
checks:
  - reprojection: {max_pixels: 0.001}
on_fail: {then: error}
"""


def tilted(step: str) -> dict[str, Any]:
    names = ("image", "depth", "camera", "points", "boxes", "classes")
    sample = {name: everything()[name] for name in names}
    sample["boxes"] = [[0.0, 0.0, 64.0, 48.0], [34.0, 8.0, 60.0, 30.0]]
    return dict(load_policy(TILTED.replace("STEP", step), seed=4)(sample, key="a"))


def test_the_corners_go_where_they_are_told() -> None:
    out = tilted("corners: [0.1, 0.2, -0.1, 0.0, 0.0, 0.0, 0.05, -0.1]")
    left, top, right, bottom = out["boxes"][0]
    assert (left, top) == (pytest.approx(0.05 * 64), pytest.approx(0.0))
    assert (right, bottom) == (pytest.approx(64.0), pytest.approx(48.0))


@pytest.mark.parametrize("shape", [0.1, 0.5, 0.9])
def test_the_camera_of_a_tilted_picture_is_an_ordinary_camera(shape: float) -> None:
    out = tilted(f"strength: 0.15, shape: {shape}")
    intrinsics, pose = out["camera"]["K"], out["camera"]["world_to_camera"]
    assert np.allclose(intrinsics[[1, 2, 2], [0, 0, 1]], 0.0, atol=1e-9)
    assert intrinsics[2, 2] == pytest.approx(1.0)
    assert (np.diag(intrinsics) > 0).all()
    assert np.allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3), atol=1e-9)
    assert np.linalg.det(pose[:3, :3]) == pytest.approx(1.0)
    assert np.array_equal(out["points"], everything()["points"])


def test_depth_is_along_the_new_axis() -> None:
    """A plane in front of the camera, seen again from the turned camera: the same points."""
    sample = {name: everything()[name] for name in ("image", "depth", "camera", "points")}
    sample["boxes"], sample["classes"] = [], []
    sample["depth"] = np.full((48, 64), 4.0, np.float32)
    out = load_policy(TILTED.replace("STEP", "strength: 0.1, shape: 0.3"))(sample, key="a")
    solid = out["depth"] > 0
    rows, columns = np.nonzero(solid)
    rays = np.linalg.inv(out["camera"]["K"]) @ np.stack([columns, rows, np.ones_like(rows)])
    seen = rays * out["depth"][solid]
    pose = out["camera"]["world_to_camera"]
    world = pose[:3, :3].T @ (seen - pose[:3, 3:])
    before = sample["camera"]["world_to_camera"]
    distance = before[2, :3] @ world + before[2, 3]
    assert np.abs(distance - 4.0).max() < 0.06, "one pixel of nearest sampling"
    assert np.abs(distance - 4.0).mean() < 0.02


DROP = "syncaug: 1\nsample:" + EVERYTHING + "steps:\n  - {name: blind, uses: drop_modality, STEP}\n"
NOTHING: dict[str, Any] = {
    "image": lambda x: x.shape == (48, 64, 3) and not x.any(),
    "video": lambda x: x.shape == (4, 48, 64, 3) and not np.asarray(x).any(),
    "mask": lambda x: x.shape == (48, 64) and not x.any(),
    "depth": lambda x: x.shape == (48, 64) and not x.any(),
    "boxes": lambda x: x == [],
    "keypoints": lambda x: not x[:, 2].any(),
    "phrases": lambda x: x == [None, None],
    "caption": lambda x: x == "",
    "speech": lambda x: x.shape == (2, 1600) and not x.any(),
    "points": lambda x: x.shape == (0, 7),
    "boxes3d": lambda x: len(x) == 0,
}


@pytest.mark.parametrize("stream", NOTHING)
def test_a_dropped_stream_shows_nothing_and_the_record_says_so(stream: str) -> None:
    policy = load_policy(DROP.replace("STEP", f"with: {{streams: [{stream}]}}"))
    out, record = policy.apply(everything(), key="a")
    assert NOTHING[stream](out[stream])
    assert record.notes[stream]["out"] is True
    assert list(out) == list(everything())
    lost = {"boxes": "phrases"}.get(stream, "phrases" if stream == "caption" else "")
    for name, before in everything().items():
        if name not in (stream, lost, "classes", "classes3d"):
            gaps = isinstance(before, np.ndarray) and before.dtype.kind == "f"
            same = not isinstance(before, np.ndarray) or np.array_equal(
                out[name], before, equal_nan=gaps
            )
            assert same, name
    assert len(out["boxes"]) == len(out["classes"]) == len(out["phrases"])


def test_which_streams_are_dropped_is_drawn() -> None:
    policy = load_policy(
        DROP.replace("STEP", "with: {streams: [image, depth, speech], at_most: 2}")
    )
    seen = set()
    for epoch in range(40):
        _, record = policy.apply(everything(), key="a", epoch=epoch)
        seen.add(tuple(name for name, notes in record.notes.items() if notes.get("out")))
    assert {len(names) for names in seen} == {1, 2}
    assert {name for names in seen for name in names} == {"image", "depth", "speech"}


def test_a_camera_cannot_be_dropped() -> None:
    with pytest.raises(PolicyError, match="drop_modality does nothing to 'camera'"):
        load_policy(DROP.replace("STEP", "with: {streams: [camera]}"))


def test_a_caption_is_rebuilt_where_a_thing_is_covered() -> None:
    sample = pets()["dog_and_cat.jpg"]
    policy = """
syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, labels: classes, min_visible: 0.5}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  caption: {modality: text, describes: image}
untouched: [id]
steps:
  - {name: cover, uses: occlude, with: {area: 0.2, x: 1.0, y: 0.05, ratio: 0.6, caption: rebuild}}
"""
    out = load_policy(policy)(sample, key="a")
    assert out["caption"] == "A black dog wearing blue headphones lies on the left."
    assert out["phrases"] == ["A black dog", "blue headphones", None]
