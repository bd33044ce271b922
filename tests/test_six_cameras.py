"""Six cameras around one lidar: every transform keeps every camera true to its picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, load_policy
from syncaug.attempts import neutral
from tests.checks.planting import measured
from tests.rig import NAMES, SAMPLE, errors, rig, seen
from tests.samples import ROOT, frames

STEPS = {
    "mirror": "uses: flip",
    "mirror about the back": "uses: flip, with: {reference: back}",
    "mirror x": "uses: flip, with: {world: x}",
    "mirror y": "uses: flip, with: {world: y}",
    "mirror z": "uses: flip, with: {world: z, axis: vertical}",
    "mirror down": "uses: flip, with: {axis: vertical}",
    "half turn": "uses: flip, with: {axis: both}",
    "mirror, world kept": "uses: flip, with: {world: keep}",
    "mirror one, world kept": "uses: flip, with: {world: keep, plane: back}",
    "crop": "uses: crop, with: {area: 0.5}",
    "crop and resize": "uses: crop, with: {area: 0.4, resize: [50, 70]}",
    "crop points": "uses: crop, with: {area: 0.5, points: visible}",
    "crop one": "uses: crop, with: {area: 0.5, plane: front, points: visible}",
    "rotate": "uses: rotate, with: {degrees: [-40, 40]}",
    "rotate and expand": "uses: rotate, with: {degrees: 30, expand: true}",
    "rotate one": "uses: rotate, with: {degrees: 30, plane: back_left}",
    "quarter turn": "uses: rotate, with: {degrees: 90, expand: true}",
    "scale": "uses: scale, with: {factor: [0.7, 1.6]}",
    "translate": "uses: translate, with: {x: [-0.3, 0.3], y: [-0.3, 0.3]}",
    "resize": "uses: resize, with: {height: 80, width: 200}",
    "roll": "uses: camera_rotate, with: {degrees: 12}",
    "yaw": "uses: camera_rotate, with: {axis: vertical, degrees: [-12, 12]}",
    "pitch": "uses: camera_rotate, with: {axis: horizontal, degrees: [-8, 8]}",
    "yaw one": "uses: camera_rotate, with: {axis: vertical, degrees: 10, plane: front}",
    "perspective": "uses: perspective, with: {strength: 0.1}",
    "turn": "uses: world_rotate, with: {degrees: [-180, 180]}",
    "grow": "uses: world_scale, with: {factor: [0.5, 2]}",
    "shift": "uses: world_translate, with: {x: [-5, 5], y: [-5, 5], z: [-1, 1]}",
}
TOUCHES_ONE = {"mirror one, world kept": "back", "crop one": "front", "rotate one": "back_left"}
CHECKS = "checks: [reprojection: {max_pixels: 1.0e-6}]\n"


def policy_of(*steps: str, rest: str = CHECKS) -> Any:
    listed = "".join(f"  - {{name: s{index}, {step}}}\n" for index, step in enumerate(steps))
    return load_policy(f"{SAMPLE}steps:\n{listed}{rest}", seed=5)


@pytest.mark.parametrize("step", STEPS)
def test_every_point_is_where_its_pixels_are_in_every_camera(step: str) -> None:
    sample = rig()
    for epoch in range(3):
        out, record = policy_of(STEPS[step]).apply(sample, key="rig", epoch=epoch)
        measured = errors(sample, out)
        assert sum(count for _, count in measured.values()) > 300
        # Lines between pixels bend a little where a camera turns: the measure is linear there.
        bound = 4e-3 if step.startswith(("yaw", "pitch", "perspective")) else 1e-4
        assert max(error for error, _ in measured.values()) < bound, measured
        assert record.attempts[0].measures["reprojection"] < 1e-6
        parts = record.attempts[0].parts["reprojection"]
        assert set(parts) == {f"{name}_camera/lidar" for name in NAMES}, "each camera is measured"
        for name in NAMES:
            extrinsics = out[f"{name}_camera"]["world_to_camera"]
            assert np.linalg.det(extrinsics[:3, :3]) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("step", TOUCHES_ONE)
def test_a_step_on_one_plane_leaves_the_other_cameras(step: str) -> None:
    sample = rig()
    out = policy_of(STEPS[step])(sample, key=1)
    changed = [name for name in NAMES if out[name] is not sample[name]]
    moved = [n for n in NAMES if out[f"{n}_camera"] is not sample[f"{n}_camera"]]
    assert changed == moved == [TOUCHES_ONE[step]]


def test_a_step_without_a_plane_touches_each_and_a_world_step_all_cameras() -> None:
    sample = rig()
    out = policy_of(STEPS["scale"])(sample, key=1)
    assert all(out[name] is not sample[name] for name in NAMES)
    out = policy_of(STEPS["turn"])(sample, key=1)
    assert all(out[name] is sample[name] for name in NAMES)
    for name in NAMES:
        was, now = (s[f"{name}_camera"]["world_to_camera"] for s in (sample, out))
        assert np.abs(was - now).max() > 0.1


def test_a_long_chain_keeps_all_six_true() -> None:
    sample = rig()
    chosen = ("mirror", "turn", "yaw", "crop points", "grow", "mirror x", "rotate", "shift")
    policy = policy_of(*(STEPS[name] for name in chosen))
    for epoch in range(4):
        out, record = policy.apply(sample, key="rig", epoch=epoch)
        assert max(error for error, _ in errors(sample, out).values()) < 2e-3
        assert record.attempts[0].measures["reprojection"] < 1e-6


def test_one_mirror_for_all_is_across_the_reference_cameras_vertical_plane() -> None:
    sample = rig()
    for reference, step in (("front", "mirror"), ("back", "mirror about the back")):
        out = policy_of(STEPS[step])(sample, key=1)
        centre, normal = _vertical_plane(sample[f"{reference}_camera"])
        before, after = sample["lidar"][:, :3], out["lidar"][:, :3]
        along = (after - before) @ normal
        np.testing.assert_allclose(after - before, along[:, None] * normal, atol=1e-9)
        np.testing.assert_allclose(((after + before) / 2 - centre) @ normal, 0.0, atol=1e-9)


def _vertical_plane(camera: Any) -> tuple[np.ndarray, np.ndarray]:
    """The camera's centre, and the horizontal direction to its right."""
    rotation, shift = camera["world_to_camera"][:3, :3], camera["world_to_camera"][:3, 3]
    right = rotation[0] * [1.0, 1.0, 0.0]
    return -rotation.T @ shift, right / np.linalg.norm(right)


def test_twice_mirrored_is_as_before() -> None:
    sample = rig()
    out = policy_of(STEPS["mirror"], STEPS["mirror"])(sample, key=1)
    for name, value in sample.items():
        if name.endswith("_camera"):
            for part in ("K", "world_to_camera"):
                np.testing.assert_allclose(out[name][part], value[part], atol=1e-9)
        elif name != "kinds":
            np.testing.assert_allclose(out[name], value, atol=1e-9)


def test_a_crop_keeps_what_any_camera_sees_and_nothing_else() -> None:
    sample = rig()
    out = policy_of(STEPS["crop points"])(sample, key=1)
    any_sees = np.zeros(len(sample["lidar"]), dtype=bool)
    for name in NAMES:
        camera = out[f"{name}_camera"]
        pixels, _ = seen(camera, sample["lidar"])
        inside = (
            sample["lidar"][:, :3] @ camera["world_to_camera"][2, :3]
            + camera["world_to_camera"][2, 3]
        )
        limit = np.array(camera["size"]) - 0.5
        any_sees |= ((pixels > -0.5) & (pixels < limit)).all(axis=1) & (inside > 0)
    assert 0 < any_sees.sum() < len(any_sees)
    np.testing.assert_array_equal(out["lidar"], sample["lidar"][any_sees])
    one = policy_of(STEPS["crop one"])(sample, key=1)
    kept = one["lidar"][:, 3].astype(int)
    for name in NAMES[1:]:
        _, was = seen(sample[f"{name}_camera"], sample["lidar"])
        assert np.isin(np.flatnonzero(was), kept).all(), "the others see all that they saw"
    assert len(kept) < len(sample["lidar"])


@pytest.mark.parametrize("name", NAMES)
def test_an_error_planted_in_one_camera_is_seen(name: str) -> None:
    """The measure of these tests, and the check, must both see what is wrong in any camera."""
    sample = rig()
    out = policy_of(STEPS["mirror"], STEPS["yaw"])(sample, key=1)
    camera = out[f"{name}_camera"]
    tilted = camera["world_to_camera"].copy()
    tilted[:3] = np.diag([-1.0, 1.0, 1.0]) @ tilted[:3]
    planted: dict[str, Any] = {
        f"{name}_camera": dict(camera, K=camera["K"] + np.array([[0, 0, 1.0], [0] * 3, [0] * 3])),
        name: np.roll(out[name], 1, axis=1),
    }
    wrong = [{**out, key: value} for key, value in planted.items()]
    wrong += [
        {**out, f"{name}_camera": dict(camera, world_to_camera=tilted)},
        {**out, f"{name}_camera": sample[f"{name}_camera"]},
        {**out, "lidar": sample["lidar"]},
    ]
    for bad in wrong:
        error, count = errors(sample, bad)[name]
        assert error > 0.5 or count == 0


def test_the_policy_of_the_examples_shrinks_until_all_six_pictures_are_full() -> None:
    policy = load_policy(ROOT / "policies" / "surround.yaml")
    sample = rig()
    outcomes, strengths = [], []
    for epoch in range(8):
        out, record = policy.apply(sample, key="rig", epoch=epoch)
        outcomes.append(record.outcome)
        strengths.append(record.draw.strength)
        last = record.attempts[-1]
        if record.outcome == "accepted":
            assert max(error for error, _ in errors(sample, out).values()) < 2e-3
            assert last.measures["reprojection"] < 1e-6
            assert min(v for k, v in last.parts["visible_share"].items() if "content" in k) >= 0.95
    assert outcomes.count("accepted") >= 6
    assert min(strengths) < 1.0, "some draw was weakened"


def test_a_real_cloud_in_the_rig() -> None:
    """The living room's points, around the rig: float32, coloured, as a sensor gave them."""
    points = frames()[0]["points"][:, :3].astype(np.float64)
    centred = points - points.mean(axis=0) + np.array([0.0, 0.0, 0.5])
    sample = rig()
    numbered = np.c_[3.0 * centred, np.arange(len(points))].astype(np.float32)
    sample["lidar"] = numbered
    chosen = ("mirror", "turn", "crop points", "grow")
    policy = policy_of(*(STEPS[n] for n in chosen), rest=CHECKS.replace("1.0e-6", "1.0e-3"))
    out, record = policy.apply(sample, key="room")
    assert record.attempts[0].measures["reprojection"] < 1e-3
    measured = errors(sample, out)
    assert sum(count for _, count in measured.values()) > 200
    assert max(error for error, _ in measured.values()) < 1e-3


def test_the_reference_must_be_a_plane() -> None:
    with pytest.raises(PolicyError, match="(?s)SA306 unknown plane 'bak'.*did you mean 'back'"):
        policy_of("uses: flip, with: {reference: bak}")
    without = SAMPLE.replace("  back_camera: {modality: camera, plane: back, world: ego}\n", "")
    with pytest.raises(PolicyError, match="SA505 plane 'back' has no camera across"):
        load_policy(without + "steps: [{name: a, uses: flip, with: {reference: back}}]\n")


@pytest.mark.parametrize("fuse", ["on", "off"])
def test_carried_out_literally_or_at_once(fuse: str) -> None:
    chosen = ("mirror", "turn", "yaw", "crop points", "grow", "rotate", "shift")
    policy = policy_of(*(STEPS[n] for n in chosen), rest=f"{CHECKS}fuse: {fuse}\n")
    sample = rig()
    out, record = policy.apply(sample, key="rig")
    assert record.attempts[0].measures["reprojection"] < 1e-6
    bound = 2e-3 if fuse == "on" else 0.05  # each of three warps rounds float32 levels
    assert max(error for error, _ in errors(sample, out).values()) < bound


DEEP = (
    SAMPLE.replace(
        "sample:\n",
        "sample:\n"
        + "".join(
            f"  {name}_depth: {{modality: depth, plane: {name}, world: ego}}\n" for name in NAMES
        ),
    )
    + "steps:\n  - {name: a, uses: flip}\n  - {name: b, uses: world_scale, with: {factor: 1.4}}\n"
    "  - {name: c, uses: crop, with: {area: 0.6}}\n"
    "  - {name: d, uses: camera_rotate, with: {axis: vertical, degrees: 6}}\n"
    "checks: [depth_consistency: {tolerance: 0.05, min_share: 0.97}]\n"
)


def deep_rig() -> dict[str, Any]:
    """The rig with smooth depth images, and the cloud that they tell of."""
    sample, clouds = rig(), []
    for index, name in enumerate(NAMES):
        camera = sample[f"{name}_camera"]
        width, height = camera["size"]
        across, down = np.meshgrid(np.arange(width), np.arange(height))
        depth = 8.0 + index + 2.0 * np.sin(across / 25.0) + np.cos(down / 20.0)
        sample[f"{name}_depth"] = depth.astype(np.float32)
        pixels = np.stack([across.ravel(), down.ravel(), np.ones(across.size)])
        inside = (np.linalg.inv(camera["K"]) @ pixels * depth.ravel()).T
        rotation, shift = camera["world_to_camera"][:3, :3], camera["world_to_camera"][:3, 3]
        clouds.append(((inside - shift) @ rotation)[::11])
    cloud = np.concatenate(clouds)
    sample["lidar"] = np.c_[cloud, np.arange(len(cloud))]
    return sample


def test_six_depth_images_agree_with_one_cloud_and_a_wrong_one_is_named() -> None:
    sample = deep_rig()
    good = measured(DEEP, sample)
    assert good.passed
    assert set(good.parts) == {f"{name}_depth/lidar" for name in NAMES}
    for name in NAMES:
        key = f"{name}_depth"
        bad = measured(DEEP, sample, lambda out, key=key: {key: out[key] / np.float32(1.4)})
        assert not bad.passed
        assert bad.text.startswith(f"{key!r} agrees with 0% of the points of 'lidar'")
        assert sum(share < 0.9 for share in bad.parts.values()) == 1


FIXED = [
    "uses: flip",
    "uses: flip, with: {reference: back}",
    "uses: flip, with: {world: x}",
    "uses: flip, with: {axis: vertical}",
    "uses: flip, with: {axis: both}",
    "uses: crop, with: {area: 0.5, x: 0.3, y: 0.6}",
    "uses: crop, with: {area: 0.5, x: 0.3, y: 0.6, points: visible}",
    "uses: perspective, with: {strength: 0.1, shape: 0.3}",
    "uses: rotate, with: {degrees: 90, expand: true}",
    "uses: resize, with: {height: 80, width: 200}",
    "uses: camera_rotate, with: {axis: vertical, degrees: 9}",
    "uses: world_rotate, with: {degrees: 40}",
]


@pytest.mark.parametrize("step", FIXED)
def test_streams_that_draw_alone_make_the_same_of_the_same_numbers(step: str) -> None:
    """A cloud that draws for itself asks the cameras of its world, and a mirror is one for all."""
    shared = policy_of(step)(rig(count=300), key=1)
    alone = policy_of(f"{step}, sync: independent")(rig(count=300), key=1)
    for name, value in shared.items():
        if name.endswith("_camera"):
            for key in ("K", "world_to_camera", "size"):
                assert np.allclose(value[key], alone[name][key], atol=1e-9)
        elif name != "kinds":
            assert np.shape(value) == np.shape(alone[name])
            assert np.allclose(value, alone[name], atol=1e-6)


def test_a_choice_that_streams_make_alone_asks_the_cameras_as_they_stood() -> None:
    crop = FIXED[6]
    assert "visible" in crop
    shared = policy_of(crop)(rig(count=300), key=1)
    chosen = f"sync: independent, one_of: [{{name: cut, {crop}}}]"
    alone = policy_of(chosen)(rig(count=300), key=1)
    assert np.array_equal(shared["lidar"], alone["lidar"])
    assert np.array_equal(shared["cars"], alone["cars"])


@pytest.mark.parametrize("others", [FIXED[10], FIXED[0]])
def test_steps_that_streams_choose_alone_are_taken_one_after_the_other_by_all(others: str) -> None:
    """Of several steps the second asks what all streams are after the first."""
    steps = f"some_of: {{count: 2, steps: [{{name: cut, {FIXED[6]}}}, {{name: then, {others}}}]}}"
    shared = policy_of(steps)(rig(count=300), key=1)
    alone = policy_of(f"sync: independent, {steps}")(rig(count=300), key=1)
    assert np.array_equal(shared["lidar"], alone["lidar"])
    assert np.array_equal(shared["cars"], alone["cars"])
    for name in NAMES:
        camera, own = shared[f"{name}_camera"], alone[f"{name}_camera"]
        assert np.allclose(camera["K"], own["K"], atol=1e-9)
        assert np.allclose(camera["world_to_camera"], own["world_to_camera"], atol=1e-9)


@pytest.mark.parametrize("step", FIXED)
def test_a_neutral_result_of_streams_that_draw_alone_has_the_shape_of_all(step: str) -> None:
    shared, alone = (policy_of(f"{step}{own}") for own in ("", ", sync: independent"))
    ours, theirs = (
        neutral(policy._compiled.engine().program, rig(count=300), policy.draw(key=1))[0]
        for policy in (shared, alone)
    )
    for name, value in ours.items():
        if name.endswith("_camera"):
            assert np.allclose(value["K"], theirs[name]["K"], atol=1e-9)
        elif name != "kinds":
            assert np.array_equal(value, theirs[name])
