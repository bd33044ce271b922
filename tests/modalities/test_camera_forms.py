"""Cameras in every form of pose: what comes in a form goes out in it and is true."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from syncaug import SampleError, load_policy
from tests.samples import equal

K = np.array([[80.0, 0.0, 44.0], [0.0, 78.0, 31.0], [0.0, 0.0, 1.0]])
E = np.array([[0.0, -1.0, 0.0, 0.3], [0.0, 0.0, -1.0, 0.1], [1.0, 0.0, 0.0, 0.2], [0, 0, 0, 1]])
C = np.linalg.inv(E)
OPENGL = np.diag([1.0, -1.0, -1.0, 1.0])
SIZE = (90, 60)

TURN = "uses: world_rotate, with: {axis: z, degrees: 30}"
GROW = "uses: world_scale, with: {factor: 1.5}"
CROP = "uses: crop, with: {area: 0.25}"
FLIP = "uses: flip, with: {axis: horizontal}"
UPSIDE = "uses: flip, with: {axis: vertical}"
PAN = "uses: camera_rotate, with: {axis: vertical, degrees: 5}"
ROLL = "uses: camera_rotate, with: {axis: optical, degrees: 20}"
ASIDE = "uses: perspective, with: {strength: 0.1}"
RESIZE = "uses: resize, with: {height: 120, width: 45}"
ROTATE = "uses: rotate, with: {degrees: 12}"
EVERYTHING = (FLIP, TURN, GROW, CROP, PAN)


def cloud() -> np.ndarray:
    generator = np.random.default_rng(3)
    return generator.uniform([3, -1.5, -1], [9, 1.5, 1], (60, 3))


def carried(camera: dict[str, Any], *steps: str, axes: str = "") -> tuple[Any, np.ndarray]:
    """The camera and the points after the steps."""
    option = f", axes: {axes}" if axes else ""
    lines = "".join(f"  - {{name: step{i}, {step}}}\n" for i, step in enumerate(steps))
    policy = load_policy(
        f"syncaug: 1\nsample: {{c: {{modality: camera, plane: a, world: w{option}}}, "
        f"p: {{modality: points, world: w}}}}\nsteps:\n{lines}"
    )
    out = policy({"c": camera, "p": cloud()}, key=4)
    return out["c"], out["p"]


def base(**more: Any) -> dict[str, Any]:
    return {"K": K, "size": SIZE, **more}


def wanted(*steps: str) -> dict[str, Any]:
    return carried(base(world_to_camera=E), *steps)[0]  # type: ignore[no-any-return]


TO_CAMERA = ["world_to_camera", "w2c", "worldToCamera", "T_cam_world", "cam_from_world"]
TO_WORLD = ["camera_to_world", "c2w", "cam2world", "T_world_cam", "T_wc"]


@pytest.mark.parametrize("rows", [3, 4])
@pytest.mark.parametrize("key", TO_CAMERA + TO_WORLD)
def test_a_pose_goes_out_in_its_form_and_is_true(key: str, rows: int) -> None:
    truth = wanted(*EVERYTHING)["world_to_camera"]
    given = (E if key in TO_CAMERA else C)[:rows]
    for value in (given, given.tolist(), given.astype(np.float32)):
        out, _ = carried(base(**{key: value}), *EVERYTHING)
        assert list(out) == ["K", "size", key]
        assert type(out[key]) is type(value)
        assert getattr(out[key], "dtype", None) == getattr(value, "dtype", None)
        expected = truth if key in TO_CAMERA else np.linalg.inv(truth)
        assert np.allclose(out[key], expected[:rows], atol=1e-5)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (1, 3)])
def test_r_and_t_follow(shape: tuple[int, ...]) -> None:
    truth = wanted(*EVERYTHING)["world_to_camera"]
    out, _ = carried(base(R=E[:3, :3], t=E[:3, 3].reshape(shape)), *EVERYTHING)
    assert list(out) == ["K", "size", "R", "t"]
    assert np.allclose(out["R"], truth[:3, :3])
    assert out["t"].shape == shape
    assert np.allclose(out["t"].ravel(), truth[:3, 3])


def test_several_statements_agree_and_all_follow() -> None:
    truth = wanted(*EVERYTHING)
    given = base(world_to_camera=E, camera_to_world=C, P=K @ E[:3], intrinsics=K.tolist())
    out, points = carried({**given, "width": 90, "height": 60, "image_size": [60, 90]}, *EVERYTHING)
    assert np.allclose(out["camera_to_world"], np.linalg.inv(truth["world_to_camera"]))
    assert np.allclose(out["P"], truth["K"] @ truth["world_to_camera"][:3])
    assert np.allclose(out["intrinsics"], truth["K"])
    assert (out["width"], out["height"]) == tuple(out["size"]) == truth["size"]
    assert out["image_size"] == [truth["size"][1], truth["size"][0]]
    homogeneous = np.c_[points, np.ones(len(points))] @ out["P"].T
    there, _ = cv2.projectPoints(
        points, cv2.Rodrigues(truth["world_to_camera"][:3, :3])[0],
        truth["world_to_camera"][:3, 3], truth["K"], None,
    )  # fmt: skip
    assert np.allclose(homogeneous[:, :2] / homogeneous[:, 2:], there[:, 0])


def test_width_and_height_are_a_size() -> None:
    out, _ = carried({"K": K, "width": 90, "height": 60, "c2w": C}, CROP)
    assert list(out) == ["K", "width", "height", "c2w"]
    assert (out["width"], out["height"]) == (45, 30)


@pytest.mark.parametrize("key", ["world_to_camera", "camera_to_world"])
def test_axes_of_opengl_go_in_and_out(key: str) -> None:
    truth = wanted(*EVERYTHING)["world_to_camera"]
    given = OPENGL @ E if key == "world_to_camera" else C @ OPENGL
    out, _ = carried(base(**{key: given}), *EVERYTHING, axes="opengl")
    expected = OPENGL @ truth if key == "world_to_camera" else np.linalg.inv(truth) @ OPENGL
    assert np.allclose(out[key], expected)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"pose": E}, "world_to_camera if it takes points"),
        ({"extrinsics": E.tolist()}, "world_to_camera if it takes points"),
        ({"extrinsic": E[:3]}, "world_to_camera if it takes points"),
        ({"transform_matrix": C.tolist()}, "camera_to_world if it takes"),
        ({"rvec": [0.1, 0.2, 0.3], "tvec": [1.0, 2.0, 3.0]}, "Rodrigues"),
        ({"rotation": [1.0, 0.1, 0.0, 0.0], "translation": [1.0, 2.0, 3.0]}, "camera_to_world"),
        ({"my_rig_matrix": C}, "untouched"),
        ({"flat": E.ravel().tolist()}, "untouched"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_poses_in_other_forms_are_refused_with_the_line_that_converts(
    more: dict[str, Any], said: str
) -> None:
    with pytest.raises(SampleError) as caught:
        carried(base(**more), TURN)
    assert said in str(caught.value)
    assert repr(next(iter(more))) in str(caught.value)
    with pytest.raises(SampleError, match="stale") as caught:
        carried(base(world_to_camera=E, **more), TURN)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "more",
    [
        {"pose": {"R": E[:3, :3], "t": E[:3, 3]}},
        {"extrinsics": {"rotation": [0.5, 0.5, 0.5, 0.5], "translation": [1.0, 2.0, 3.0]}},
        {"orientation": {"w": 1.0, "x": 0.0, "y": 0.0, "z": 0.1}},
        {"calibrated_sensor": {"token": "a", "rotation": [0.5, 0.5, 0.5, 0.5]}},
        {"meta": {"vehicle": {"world_pose": C.tolist()}}},
        {"rotation": Rotation.from_euler("z", 0.3)},
    ],
    ids=lambda value: next(iter(value)),
)
def test_poses_inside_of_mappings_and_objects_are_refused(more: dict[str, Any]) -> None:
    for given in (base(**more), base(world_to_camera=E, **more)):
        with pytest.raises(SampleError, match=f"'{next(iter(more))}.*world_to_camera if it takes"):
            carried(given, TURN)
    assert carried(base(world_to_camera=E, **more), CROP)[0].keys() >= more.keys()


@pytest.mark.parametrize(
    "more",
    [
        {"intrinsics": [80.0, 78.0, 44.0, 31.0]},
        {"calibration": {"K": K.tolist()}},
        {"params": {"fx": 80.0, "fy": 78.0}},
        {"sensor": {"camera_intrinsic": 2 * K}},
    ],
    ids=lambda value: next(iter(value)),
)
def test_matrices_in_other_forms_are_refused_where_they_change(more: dict[str, Any]) -> None:
    assert equal(carried(base(world_to_camera=E, **more), TURN)[0]["K"], K)
    with pytest.raises(SampleError, match=f"'{next(iter(more))}.*stale"):
        carried(base(world_to_camera=E, **more), RESIZE)


def test_a_flat_matrix_stays_flat() -> None:
    out, _ = carried(base(world_to_camera=E, camera_matrix=K.ravel().tolist()), CROP)
    assert np.allclose(out["camera_matrix"], out["K"].ravel())
    assert len(out["camera_matrix"]) == 9


def test_a_second_pose_may_stay_where_the_pose_stays() -> None:
    given = base(world_to_camera=E, ego_to_global=C, rotation=[1.0, 0.0, 0.0, 0.0])
    out, _ = carried(given, CROP)
    assert equal(out["ego_to_global"], C)


@pytest.mark.parametrize("more", [{"fx": 81.0}, {"fov": 58.0}, {"focal_length": [80.0, 78.0]}])
def test_a_second_focal_length_is_refused_where_it_changes(more: dict[str, Any]) -> None:
    assert carried(base(world_to_camera=E, **more), TURN)[0].items() >= more.items()
    with pytest.raises(SampleError, match='once: in "K"'):
        carried(base(world_to_camera=E, **more), RESIZE)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"world_to_camera": E, "camera_to_world": E}, "two that differ"),
        ({"world_to_camera": E, "R": np.eye(3), "t": [0, 0, 0]}, "two that differ"),
        ({"world_to_camera": E, "width": 60}, "as size says"),
        ({"world_to_camera": E, "camera_matrix": 2 * K}, "as K says"),
        ({"world_to_camera": E[:2]}, "4x4 or 3x4"),
        ({"world_to_camera": E.ravel()}, "Reshape it to 4x4"),
        ({"world_to_camera": E, "K": K @ np.eye(3, 4)}, "left upper 3x3"),
        ({"R": E[:3, :3], "t": [1, 2]}, "three numbers"),
    ],
)
def test_statements_that_contradict_are_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(SampleError, match=said):
        carried(base(**more), CROP)


@pytest.mark.parametrize("step", [*EVERYTHING, RESIZE, ROTATE, ASIDE])
def test_harmless_keys_pass_as_they_are(step: str) -> None:
    more: dict[str, Any] = {
        "name": "front",
        "id": 3,
        "timestamp": 1533151603.5,
        "t": 12.5,
        "serial": "A-17",
        "model": "PINHOLE",
        "exposure": 0.01,
        "position": 2,
        "tags": ["day", "rain"],
        "histogram": list(range(256)),
        "distortion": [0.0, 0.0, 0.0, 0.0, 0.0],
        "k1": 0.0,
        "D": np.zeros(12),
        "rectification": np.eye(3),
        "pose": None,
        "projection": "perspective",
        "color_matrix": np.array([[1.2, -0.1, -0.1], [-0.1, 1.2, -0.1], [-0.1, -0.1, 1.2]]),
        "undistorted": True,
        "imu": {"rate": 100.0, "serial": "B-2", "noise": [0.1, 0.2]},
        "white_balance": [1.9, 1.0, 1.6],
        "rig": {"name": "left", "cameras": ["a", "b"]},
    }
    out, _ = carried(base(world_to_camera=E, **more), step)
    assert equal({key: out[key] for key in more}, more)


# Lenses: where OpenCV's own projection puts a point is where its pixel went


def projected(camera: dict[str, Any], points: np.ndarray, lens: Any) -> np.ndarray:
    """Pixels by OpenCV, whose model has no skew: K is applied apart."""
    pose = camera["world_to_camera"]
    plain, _ = cv2.projectPoints(
        points, cv2.Rodrigues(pose[:3, :3])[0], pose[:3, 3], np.eye(3), np.asarray(lens, float)
    )
    homogeneous = np.c_[plain[:, 0], np.ones(len(points))] @ np.asarray(camera["K"]).T
    return homogeneous[:, :2] / homogeneous[:, 2:]


BROWN = [0.1, -0.05, 0.01, -0.02, 0.02]
RADIAL = [0.1, -0.05, 0.0, 0.0, 0.02]
RATIONAL = [0.1, -0.05, 0.01, -0.02, 0.02, 0.01, 0.02, 0.01, 0.003, 0.001, -0.002, 0.004]


@pytest.mark.parametrize("lens", [BROWN, RADIAL, RATIONAL, np.array(BROWN, np.float32)])
@pytest.mark.parametrize(
    ("step", "moves"),
    [
        (CROP, lambda x, y: (x, y)),
        (RESIZE, lambda x, y: ((x + 0.5) / 2 - 0.5, (y + 0.5) * 2 - 0.5)),
        (FLIP, lambda x, y: (89 - x, y)),
        (UPSIDE, lambda x, y: (x, 59 - y)),
    ],
)
def test_distortion_stays_true_or_changes_its_signs(lens: Any, step: str, moves: Any) -> None:
    start = base(world_to_camera=E, distortion=lens)
    out, points = carried(start, step)
    assert type(out["distortion"]) is type(lens)
    before = projected(start, cloud(), lens)
    after = projected(out, points, out["distortion"])
    x, y = moves(*before.T)
    if step == CROP:
        x, y = x - x[0] + after[0, 0], y - y[0] + after[0, 1]
    assert np.allclose(after, np.stack([x, y], axis=1), atol=1e-3)


@pytest.mark.parametrize(
    ("more", "step"),
    [
        ({"distortion": BROWN}, PAN),
        ({"distortion": RADIAL}, ASIDE),
        ({"k1": 0.1}, PAN),
        ({"dist_coeffs": np.array([[0.1, 0.01, 0.0, 0.0]])}, PAN),
        ({"distortion": {"k1": 0.1, "k2": 0.0}}, PAN),
        ({"lens": {"model": "brown", "coeffs": BROWN}}, PAN),
        ({"dist_coeff": BROWN}, PAN),
        ({"k": [0.1, 0.0, 0.0, 0.0]}, ASIDE),
        ({"radial_params": [0.1, 0.0]}, PAN),
        ({"distortion": BROWN}, "uses: rotate, with: {degrees: 10, world: turn}"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_distortion_that_no_coefficients_tell_is_refused(more: dict[str, Any], step: str) -> None:
    with pytest.raises(SampleError, match=r"cv2\.undistort"):
        carried(base(world_to_camera=E, **more), step)


def test_named_terms_and_declared_models_follow_a_mirror() -> None:
    out, _ = carried(base(world_to_camera=E, k1=0.1, k2=0.2, p1=0.3, p2=0.4), FLIP)
    assert [out[key] for key in ("k1", "k2", "p1", "p2")] == [0.1, 0.2, 0.3, -0.4]
    inner = base(world_to_camera=E, lens={"name": "a", "k1": 0.1, "p2": 0.4})
    assert carried(inner, FLIP)[0]["lens"] == {"name": "a", "k1": 0.1, "p2": -0.4}
    fisheye = base(world_to_camera=E, D=[0.1, 0.2, 0.3, 0.4], distortion_model="equidistant")
    assert carried(fisheye, FLIP)[0]["D"] == [0.1, 0.2, 0.3, 0.4]
    brown = base(world_to_camera=E, D=(0.1, 0.2, 0.3, 0.4), distortion_model="plumb_bob")
    assert carried(brown, FLIP)[0]["D"] == (0.1, 0.2, 0.3, -0.4)
    assert carried(base(world_to_camera=E, D=RADIAL), ROLL)[0]["D"] == RADIAL
    four = base(world_to_camera=E, distortion=[0.1, 0.2, 0.3, 0.4])
    assert carried(four, FLIP)[0]["distortion"] == [0.1, 0.2, 0.3, -0.4]


@pytest.mark.parametrize("model", ["SIMPLE_RADIAL", "OPENCV", "PINHOLE"])
def test_a_row_of_parameters_beside_the_matrix_does_not_become_untrue(model: str) -> None:
    camera = base(world_to_camera=E, model=model, params=[80.0, 44.0, 31.0, 0.1])
    with pytest.raises(SampleError, match="'params', which would be stale"):
        carried(camera, CROP)
    assert carried(camera, TURN)[0]["params"] == camera["params"]


@pytest.mark.parametrize("degrees", [-90, 90, 15.28, 200])
@pytest.mark.parametrize("later", ["turn", "keep"])
def test_a_look_from_aside_leaves_a_pose_that_mirrors_nothing(degrees: float, later: str) -> None:
    kept = f"uses: rotate, with: {{degrees: {degrees}, world: keep}}"
    turned = f"uses: rotate, with: {{degrees: 15.28, expand: true, world: {later}}}"
    camera, points = carried(base(world_to_camera=E), kept, turned, ASIDE)
    assert np.linalg.det(camera["world_to_camera"][:3, :3]) == pytest.approx(1.0)
    assert np.allclose(camera["K"][[1, 2, 2], [0, 0, 1]], 0.0)
    assert len(points) == len(cloud())
