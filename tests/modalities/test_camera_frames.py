"""Cameras that move: a pose for each frame of a film, or at moments of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from syncaug import AlignmentError, SampleError, load_policy
from tests.samples import equal

COUNT, SIZE = 20, (40, 30)
K = np.array([[30.0, 0.0, 20.5], [0.0, 31.0, 14.0], [0.0, 0.0, 1.0]])
FRONT = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])


def poses(count: int = COUNT) -> np.ndarray:
    """A camera that drives ahead and turns to the left: world to camera, T x 4 x 4."""
    out = np.tile(np.eye(4), (count, 1, 1))
    for index, pose in enumerate(out):
        turned = FRONT @ Rotation.from_euler("z", -2.0 * index, degrees=True).as_matrix()
        pose[:3, :3] = turned
        pose[:3, 3] = -turned @ [0.1 * index, 0.02 * index, 0.5]
    return out


def film(count: int = COUNT) -> np.ndarray:
    """Every frame is of one level, which tells which one it is."""
    levels = (10 * np.arange(count) + 5).astype(np.uint8)
    return np.broadcast_to(levels[:, None, None, None], (count, 30, 40, 3)).copy()


def cloud() -> np.ndarray:
    return np.random.default_rng(2).uniform([2, -4, -2], [12, 6, 3], (300, 3))


def policy_of(*steps: str, film: str = "{modality: video, plane: a, clock: t, fps: 10}") -> Any:
    lines = "".join(f"  - {{name: s{i}, {step}}}\n" for i, step in enumerate(steps))
    video = f"  film: {film}\n" if film else ""
    camera = "fps: 10" if not film else ""
    return load_policy(
        f"syncaug: 1\nsample:\n{video}"
        f"  camera: {{modality: camera, plane: a, world: w, clock: t, {camera}}}\n"
        f"  points: {{modality: points, world: w}}\nsteps:\n{lines}"
    )


def stacked(**more: Any) -> dict[str, Any]:
    return {"K": K, "size": SIZE, "world_to_camera": poses(), **more}


def listed() -> list[dict[str, Any]]:
    return [{"K": K, "size": SIZE, "world_to_camera": pose} for pose in poses()]


def seen(matrix: Any, pose: Any, points: np.ndarray) -> np.ndarray:
    inside = points @ np.asarray(pose)[:3, :3].T + np.asarray(pose)[:3, 3]
    pixels = inside @ np.asarray(matrix).T
    return np.c_[pixels[:, :2] / pixels[:, 2:], inside[:, 2]]


TIMES = {
    "none": "uses: light, with: {value: 0}",
    "trim": "uses: trim, with: {duration: 0.8, start: 0.5}",
    "reverse": "uses: reverse",
    "faster": "uses: speed, with: {factor: 1.7}",
    "slower": "uses: speed, with: {factor: 0.6}",
    "loop": "uses: loop, with: {times: 2}",
    "warp": "uses: time_warp, with: {strength: 0.4}",
    "late": "uses: time_shift, with: {seconds: 0.45}",
    "round": "uses: time_shift, with: {seconds: 0.45, wrap: true}",
}


@pytest.mark.parametrize("form", ["stacked", "list"])
@pytest.mark.parametrize("time", TIMES)
def test_cameras_are_those_of_the_frames_that_are_shown(time: str, form: str) -> None:
    policy = policy_of(TIMES[time])
    given = stacked() if form == "stacked" else listed()
    out = policy({"film": film(), "camera": given, "points": cloud()}, key=3)
    shown = (out["film"][:, 15, 20, 0].astype(int) - 5) // 10
    found = (
        out["camera"]["world_to_camera"]
        if form == "stacked"
        else [each["world_to_camera"] for each in out["camera"]]
    )
    assert len(found) == len(out["film"])
    known = shown >= 0
    assert known.sum() > 5
    assert np.allclose(np.array(found)[known], poses()[shown[known]])
    if not known.all():  # it stays where it was while nothing is shown
        first = int(np.flatnonzero(known)[0])
        assert np.allclose(np.array(found)[:first], poses()[shown[first]])


PLANES = {
    "flip": ("uses: flip, with: {axis: horizontal}", lambda x, y: (39 - x, y)),
    "upside": ("uses: flip, with: {axis: vertical}", lambda x, y: (x, 29 - y)),
    "crop": ("uses: crop, with: {area: 0.25, x: 0.5, y: 0.5}", lambda x, y: (x - 10, y - 8)),
    "resize": (
        "uses: resize, with: {height: 60, width: 20}",
        lambda x, y: ((x + 0.5) / 2 - 0.5, (y + 0.5) * 2 - 0.5),
    ),
    "world": ("uses: world_rotate, with: {axis: z, degrees: 50}", lambda x, y: (x, y)),
    "grown": ("uses: world_scale, with: {factor: 1.5}", lambda x, y: (x, y)),
    "half": ("uses: rotate, with: {degrees: 180, world: turn}", lambda x, y: (39 - x, 29 - y)),
}


@pytest.mark.parametrize("first", ["plane", "time"])
@pytest.mark.parametrize("step", PLANES)
def test_every_frame_sees_its_points_where_its_pixels_went(step: str, first: str) -> None:
    text, moves = PLANES[step]
    steps = (text, TIMES["reverse"]) if first == "plane" else (TIMES["reverse"], text)
    out = policy_of(*steps)({"film": film(), "camera": stacked(), "points": cloud()}, key=3)
    camera, points = out["camera"], out["points"]
    assert camera["size"] == (out["film"].shape[2], out["film"].shape[1])
    for index, pose in enumerate(camera["world_to_camera"]):
        before = seen(K, poses()[COUNT - 1 - index], cloud())
        after = seen(camera["K"], pose, points)
        ahead = before[:, 2] > 0.1
        x, y = moves(*before[ahead, :2].T)
        assert np.allclose(after[ahead, :2], np.stack([x, y], axis=1), atol=1e-6)


def test_a_turn_of_the_camera_is_the_same_for_all() -> None:
    pan = "uses: camera_rotate, with: {axis: vertical, degrees: 5}"
    out = policy_of(pan)({"film": film(), "camera": stacked(), "points": cloud()}, key=1)
    turn = K @ Rotation.from_euler("y", -5, degrees=True).as_matrix() @ np.linalg.inv(K)
    for pose, new in zip(poses(), out["camera"]["world_to_camera"], strict=True):
        before, after = seen(K, pose, cloud()), seen(out["camera"]["K"], new, cloud())
        ahead = (before[:, 2] > 0.5) & (after[:, 2] > 0.5)
        moved = np.c_[before[ahead, :2], np.ones(ahead.sum())] @ turn.T
        assert np.allclose(after[ahead, :2], moved[:, :2] / moved[:, 2:], atol=1e-6)


@pytest.mark.parametrize("trimmed", [False, True])
def test_a_crop_keeps_what_any_frame_shows(trimmed: bool) -> None:
    crop = "uses: crop, with: {area: 0.25, x: 0.5, y: 0.5, points: visible}"
    steps = (TIMES["trim"], crop) if trimmed else (crop,)
    out = policy_of(*steps)({"film": film(), "camera": stacked(), "points": cloud()}, key=1)
    camera = out["camera"]
    views = [seen(camera["K"], pose, cloud()) for pose in camera["world_to_camera"]]
    assert len(views) == (8 if trimmed else COUNT)
    shown = np.any(
        [
            (v[:, 2] > 0)
            & (v[:, :2] > -0.5).all(1)
            & (v[:, :2] < np.array(camera["size"]) - 0.5).all(1)
            for v in views
        ],
        axis=0,
    )
    assert 20 < shown.sum() < 250
    assert np.array_equal(out["points"], cloud()[shown])


def test_times_of_their_own() -> None:
    stamps = [0.0, 0.1, 0.25, 0.4, 0.6, 0.8]
    given = {"K": K, "size": SIZE, "world_to_camera": poses(6), "timestamps": stamps, "name": "a"}
    policy = policy_of("uses: trim, with: {duration: 0.5, start: 0.3}", film="")
    out = policy({"camera": given, "points": cloud()}, key=1)["camera"]
    assert np.allclose(out["world_to_camera"], poses(6)[2:5])
    assert np.allclose(out["timestamps"], [0.0, 0.1, 0.3])
    assert isinstance(out["timestamps"], list)
    assert out["name"] == "a"
    slow = policy_of("uses: speed, with: {factor: 2}", film="")
    rate = {"K": K, "size": SIZE, "world_to_camera": poses()}
    assert np.allclose(
        slow({"camera": rate, "points": cloud()}, key=1)["camera"]["world_to_camera"],
        poses()[1::2],
    )


def test_a_zoom_has_a_matrix_for_each_frame() -> None:
    zoom = np.stack([K * [[1 + 0.02 * i], [1 + 0.02 * i], [1]] for i in range(COUNT)])
    given = stacked(K=zoom, camera_to_world=np.linalg.inv(poses()))
    del given["world_to_camera"]
    sample = {"film": film(), "camera": given, "points": cloud()}
    out = policy_of(PLANES["flip"][0], TIMES["reverse"])(sample, key=1)
    for index in range(COUNT):
        pose = np.linalg.inv(out["camera"]["camera_to_world"][index])
        after = seen(out["camera"]["K"][index], pose, out["points"])
        before = seen(zoom[COUNT - 1 - index], poses()[COUNT - 1 - index], cloud())
        ahead = before[:, 2] > 0.1
        assert np.allclose(after[ahead, 0], 39 - before[ahead, 0], atol=1e-6)
    with pytest.raises(AlignmentError, match="differs from frame to frame"):
        policy_of("uses: camera_rotate, with: {axis: vertical, degrees: 5}")(sample, key=1)


def test_what_is_left_alone_comes_out_as_it_came() -> None:
    sample = {"film": film(), "camera": stacked(note="x"), "points": cloud()}
    out = policy_of(TIMES["none"])(sample, key=1)
    assert equal(out["camera"], sample["camera"])


@pytest.mark.parametrize(
    ("camera", "said"),
    [
        ({"K": K, "size": SIZE, "world_to_camera": np.eye(4)}, "poses Tx4x4"),
        ({"K": K, "size": SIZE, "world_to_camera": poses(7)}, "20 frames"),
        (listed()[:5], "20 frames"),
        ({"K": np.stack([K] * 3), "size": SIZE, "world_to_camera": poses()}, "as many as frames"),
        ([*listed()[:19], {"K": K, "size": (41, 30), "world_to_camera": np.eye(4)}], "frame 19"),
        ([*listed()[:19], {"K": K, "size": SIZE, "world_to_camera": np.ones((4, 4))}], "frame 19"),
    ],
    ids=range(6),
)
def test_what_is_no_camera_of_a_film_is_refused(camera: Any, said: str) -> None:
    with pytest.raises(SampleError, match=said):
        policy_of(TIMES["trim"])({"film": film(), "camera": camera, "points": cloud()}, key=1)
