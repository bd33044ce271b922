"""Poses of the wrong direction, or of other axes, are told; what does not meet stays silent."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import SampleWarning, load_policy
from tests.rig import NAMES, SAMPLE, rig
from tests.samples import frames

OPENGL = np.diag([1.0, -1.0, -1.0, 1.0])
TURN = "steps: [{name: turn, uses: world_rotate, with: {axis: z, degrees: 90}}]\n"
STREAMS = "c: {modality: camera, plane: a, world: w%s}, p: {modality: points, world: w}"


def pose(yaw: float = 0.0, centre: tuple[float, ...] = (1.7, 0.3, 1.6)) -> np.ndarray:
    """World-to-camera of a camera that looks level, `yaw` degrees left of +x; z is up."""
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    rotation = np.array([[s, -c, 0.0], [0.0, 0.0, -1.0], [c, s, 0.0]])
    out = np.eye(4)
    out[:3, :3], out[:3, 3] = rotation, -rotation @ np.array(centre)
    return out


def ahead(count: int = 3000, spread: float = 0.5) -> np.ndarray:
    """A lidar that sees what lies ahead, as KITTI's clouds are cut to the picture."""
    generator = np.random.default_rng(0)
    distance = generator.uniform(4, 60, count)
    angle = generator.uniform(-spread, spread, count)
    height = generator.uniform(-1.5, 2.0, count)
    return np.stack([distance * np.cos(angle), distance * np.sin(angle), height], axis=1)


def camera(extrinsics: np.ndarray, key: str = "world_to_camera") -> dict[str, Any]:
    matrix = np.array([[700.0, 0, 610], [0, 700, 180], [0, 0, 1]])
    return {"K": matrix, "size": (1242, 375), key: extrinsics}


def told(sample: dict[str, Any], option: str = "", streams: str = STREAMS) -> list[str]:
    """The warnings of two samples through one policy."""
    streams = streams % option if "%s" in streams else streams
    policy = load_policy(f"syncaug: 1\nsample: {{{streams}}}\n{TURN}")
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        policy(sample, key=0)
        policy(sample, key=1)
    assert all(warning.category is SampleWarning for warning in found)
    return [str(warning.message) for warning in found]


@pytest.mark.parametrize("yaw", [0.0, 40.0, 180.0])
def test_the_inverse_pose_is_told_once_with_the_remedy(yaw: float) -> None:
    turn = np.array([[np.cos(np.radians(yaw)), -np.sin(np.radians(yaw)), 0],
                     [np.sin(np.radians(yaw)), np.cos(np.radians(yaw)), 0], [0, 0, 1]])  # fmt: skip
    cloud = ahead() @ turn.T
    right = pose(yaw)
    assert told({"c": camera(right), "p": cloud}) == []
    assert told({"c": camera(np.linalg.inv(right), "camera_to_world"), "p": cloud}) == []
    (text,) = told({"c": camera(np.linalg.inv(right)), "p": cloud})
    assert text.startswith("sample 0, stream 'c': its picture shows 0.0% of the points of 'p'")
    assert "camera_to_world" in text


def test_the_axes_of_opengl_are_told_until_they_are_declared() -> None:
    right, cloud = pose(), ahead()
    (text,) = told({"c": camera(OPENGL @ right), "p": cloud})
    assert "axes: opengl" in text
    assert told({"c": camera(OPENGL @ right), "p": cloud}, ", axes: opengl") == []
    assert told({"c": camera(OPENGL @ right), "p": cloud}, ", axes: opencv") == []
    blender = np.linalg.inv(OPENGL @ right)
    (text,) = told({"c": camera(blender), "p": cloud})
    assert "camera_to_world with the axes of OpenGL" in text
    assert told({"c": camera(blender, "camera_to_world"), "p": cloud}, ", axes: opengl") == []


def test_real_rooms_in_the_wrong_direction_are_told() -> None:
    frame = frames()[0]
    right = np.array(frame["camera"]["world_to_camera"])
    streams = "c: {modality: camera, plane: a, world: w}, p: {modality: points, world: w, %s}"
    streams = streams.replace("%s", "columns: [x, y, z, r, g, b]")
    for given, count in ((right, 0), (OPENGL @ right, 1)):
        sample = {
            "c": {**frame["camera"], "world_to_camera": given.tolist()},
            "p": frame["points"],
        }
        assert len(told(sample, streams=streams)) == count


def test_a_rig_with_a_lidar_all_around_is_right() -> None:
    sample = rig()
    policy = load_policy(f"{SAMPLE}{TURN}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for key in range(3):
            policy(sample, key=key)


@pytest.mark.parametrize("turned", ["inverse", "opengl", "both"])
def test_a_whole_rig_in_another_form_is_told_though_its_pictures_meet_the_cloud(
    turned: str,
) -> None:
    sample = rig()
    for name in NAMES:
        right = sample[f"{name}_camera"]["world_to_camera"]
        wrong = {
            "inverse": np.linalg.inv(right),
            "opengl": OPENGL @ right,
            "both": np.linalg.inv(OPENGL @ right),
        }
        sample[f"{name}_camera"]["world_to_camera"] = wrong[turned]
    policy = load_policy(f"{SAMPLE}{TURN}")
    word = "name the pose by its direction" if turned == "inverse" else "axes: opengl"
    with pytest.warns(SampleWarning, match=word):
        policy(sample, key=0)


@pytest.mark.parametrize("look", [0.0, 60.0, 90.0, 135.0, 180.0, 250.0])
def test_cameras_beside_one_that_sees_the_cloud_may_look_away(look: float) -> None:
    streams = (
        "c: {modality: camera, plane: a, world: w}, d: {modality: camera, plane: b, world: w}, "
        "p: {modality: points, world: w}"
    )
    sample = {"c": camera(pose()), "d": camera(pose(look)), "p": ahead()}
    assert told(sample, streams=streams) == []


@pytest.mark.parametrize(
    "cloud",
    [
        ahead()[:0],
        ahead()[:5],
        ahead() + np.array([0.0, 0.0, 500.0]),
        ahead() + np.array([-900.0, 0.0, 700.0]),
    ],
    ids=["empty", "few", "high above", "behind and above"],
)
def test_clouds_that_do_not_meet_and_small_ones_stay_silent(cloud: np.ndarray) -> None:
    assert told({"c": camera(pose()), "p": cloud}) == []


def test_a_partner_is_looked_at_too() -> None:
    names = "[x, y, z]"
    streams = (
        "c: {modality: camera, plane: a, world: w}, p: {modality: points, world: w, "
        f"columns: {names}}}, b: {{modality: boxes3d, world: w}}"
    )
    policy = load_policy(
        f"syncaug: 1\nsample: {{{streams}}}\nsteps: [{{name: more, uses: insert}}]\n"
    )
    boxes = np.array([[20.0, 0.0, 0.0, 4.0, 2.0, 2.0, 0.0]])
    own = {"c": camera(pose()), "p": ahead(), "b": boxes[:0]}
    other = {"c": camera(np.linalg.inv(pose())), "p": ahead(), "b": boxes}
    with pytest.warns(SampleWarning, match="partner 'other', stream 'c'"):
        policy(own, key=0, partner=other, partner_key="other")


def around(count: int = 3000) -> np.ndarray:
    """A lidar that sees a road all around, z up."""
    generator = np.random.default_rng(1)
    distance, angle = generator.uniform(3, 60, count), generator.uniform(-np.pi, np.pi, count)
    height = generator.uniform(-1.8, 2.5, count)
    return np.stack([distance * np.cos(angle), distance * np.sin(angle), height], axis=1)


@pytest.mark.parametrize("yaw", [0.0, 20.0, 160.0, 180.0, 200.0])
def test_one_camera_amid_a_lidar_all_around_is_told_in_another_form(yaw: float) -> None:
    right = pose(yaw)
    assert told({"c": camera(right), "p": around()}) == []
    for wrong, word in (
        (np.linalg.inv(right), "name the pose by its direction"),
        (OPENGL @ right, "Declare axes: opengl"),
        (np.linalg.inv(OPENGL @ right), "Blender, NeRF"),
    ):
        (text,) = told({"c": camera(wrong), "p": around()})
        assert word in text


def turned(axis: str, degrees: float) -> np.ndarray:
    """A turn of the camera in its own axes."""
    first, second = {"pitch": (1, 2), "roll": (0, 1)}[axis]
    out, angle = np.eye(4), np.radians(degrees)
    out[first, first] = out[second, second] = np.cos(angle)
    out[first, second], out[second, first] = -np.sin(angle), np.sin(angle)
    return out


@pytest.mark.parametrize("yaw", [0.0, 45.0, 120.0, 180.0])
@pytest.mark.parametrize(
    ("axis", "degrees"),
    [("pitch", 12), ("pitch", 90), ("pitch", -60), ("roll", 90), ("roll", 15)],
)
def test_one_camera_that_looks_down_or_lies_aside_amid_a_lidar_stays_silent(
    yaw: float, axis: str, degrees: float
) -> None:
    assert told({"c": camera(turned(axis, degrees) @ pose(yaw)), "p": around()}) == []
