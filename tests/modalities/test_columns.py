"""Columns of clouds by name: place anywhere, vectors in any spelling, everything else untouched."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, PolicyWarning, SampleError, load_policy

TURN = "uses: world_rotate, with: {axis: z, degrees: 90}"
GROW = "uses: world_scale, with: {factor: 2}"
SHIFT = "uses: world_translate, with: {x: 5, y: 0, z: 0}"
MIRROR = "uses: flip, with: {axis: horizontal, world: y}"

RADAR = [
    *("x", "y", "z", "dyn_prop", "id", "rcs", "vx", "vy", "vx_comp", "vy_comp"),
    *("is_quality_valid", "ambig_state", "x_rms", "y_rms", "invalid_state", "pdh0"),
    *("vx_rms", "vy_rms"),
]


def policy(columns: list[str], *steps: str, extra: str = "", more: str = "") -> Any:
    lines = "".join(f"  - {{name: step{i}, {step}}}\n" for i, step in enumerate(steps))
    cloud = f"{{modality: points, world: w, columns: [{', '.join(columns)}]{extra}}}"
    return load_policy(f"syncaug: 1\nsample: {{p: {cloud}{more}}}\nsteps:\n{lines}")


def moved(columns: list[str], row: list[float], *steps: str, extra: str = "") -> list[float]:
    sample = {"p": np.array([row, row], np.float32)}
    out = policy(columns, *steps, extra=extra)(sample, key=0)["p"]
    assert out.dtype == np.float32
    return [round(float(number), 4) + 0.0 for number in out[1]]


def problem(columns: list[str], *steps: str, extra: str = "") -> str:
    with pytest.raises(PolicyError) as caught:
        policy(columns, *(steps or (TURN,)), extra=extra)
    return str(caught.value)


@pytest.mark.parametrize(
    "columns",
    [
        ["intensity", "x", "y", "z"],
        ["x", "intensity", "y", "z"],
        ["z", "y", "x", "intensity"],
        ["t", "z", "intensity", "x", "y"],
        ["X", "Y", "Z", "intensity"],
    ],
)
def test_place_is_found_by_name_wherever_it_stands(columns: list[str]) -> None:
    values = {"x": 1.0, "y": 2.0, "z": 3.0, "intensity": 7.0, "t": 0.5}
    wanted = {**values, "x": -2.0, "y": 1.0}
    row = [values[name.lower()] for name in columns]
    assert moved(columns, row, TURN) == [wanted[name.lower()] for name in columns]


def test_crops_noise_and_open3d_read_place_by_name_too() -> None:
    generator = np.random.default_rng(0)
    cloud = generator.normal(0, 1, (500, 5)).astype(np.float32)
    order = [4, 2, 0, 3, 1]
    names = ["x", "y", "z", "intensity", "label"]
    steps = (
        "apply: {p: {op: open3d.voxel_down_sample, voxel_size: 0.5}}",
        "uses: noise, with: {severity: 0.3, p: jitter}",
        "apply: {p: {op: open3d.crop, min_bound: [-1, -1, -1], max_bound: [1, 1, 1]}}",
    )
    plain = policy(names, *steps)({"p": cloud}, key=0)["p"]
    other = policy([names[i] for i in order], *steps)({"p": cloud[:, order]}, key=0)["p"]
    assert 5 < len(plain) < 200
    assert np.array_equal(plain[:, order], other)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["x", "y", "intensity"], "no column is named 'z'"),
        (["intensity", "ring"], "no column is named 'x' or 'y' or 'z'"),
        (["pos_x", "pos_y", "pos_z"], "no column is named 'x' or 'y' or 'z'"),
        (["x", "y", "z", "y"], "column 'y' is named twice"),
        (["x", "y", "z", "X"], "column 'x' is named twice"),
        (["x", "y", "z", "ring", "ring"], "column 'ring' is named twice"),
    ],
)
def test_a_missing_axis_and_a_name_given_twice_are_problems(columns: list[str], said: str) -> None:
    text = problem(columns)
    assert "SA520" in text
    assert said in text
    assert "expected" in text


VELOCITIES = [
    ["vx", "vy", "vz"],
    ["velocity_x", "velocity_y", "velocity_z"],
    ["v_x", "v_y", "v_z"],
    ["x_velocity", "y_velocity", "z_velocity"],
    ["velX", "velY", "velZ"],
    ["vx_comp", "vy_comp", "vz_comp"],
    ["VX", "VY", "VZ"],
]
NORMALS = [
    ["nx", "ny", "nz"],
    ["normal_x", "normal_y", "normal_z"],
    ["n_x", "n_y", "n_z"],
    ["NormalX", "NormalY", "NormalZ"],
    ["Nx", "Ny", "Nz"],
    ["dir_x", "dir_y", "dir_z"],
]


@pytest.mark.parametrize("names", VELOCITIES + NORMALS, ids=lambda names: names[0])
def test_vectors_turn_and_mirror_in_every_spelling_and_velocities_grow(names: list[str]) -> None:
    columns = ["x", "y", "z", *names, "intensity"]
    row = [1.0, 0.0, 0.0, 3.0, 4.0, 5.0, 9.0]
    assert moved(columns, row, TURN) == [0.0, 1.0, 0.0, -4.0, 3.0, 5.0, 9.0]
    assert moved(columns, row, MIRROR) == [1.0, 0.0, 0.0, 3.0, -4.0, 5.0, 9.0]
    assert moved(columns, row, SHIFT) == [6.0, 0.0, 0.0, 3.0, 4.0, 5.0, 9.0]
    size = 2.0 if names in VELOCITIES else 1.0
    assert moved(columns, row, GROW)[3:] == [3.0 * size, 4.0 * size, 5.0 * size, 9.0]
    scattered = ["z", names[2], "x", names[0], "intensity", names[1], "y"]
    assert moved(scattered, [0, 5, 1, 3, 9, 4, 0], TURN) == [0.0, 5.0, 0.0, -4.0, 9.0, 3.0, 1.0]


def test_two_components_lie_in_the_plane() -> None:
    columns = ["x", "y", "z", "vx", "vy"]
    row = [1.0, 0.0, 0.0, 1.0, 0.0]
    assert moved(columns, row, TURN) == [0.0, 1.0, 0.0, 0.0, 1.0]
    assert moved(columns, row, GROW) == [2.0, 0.0, 0.0, 2.0, 0.0]
    assert moved(columns, [1, 2, 0, 3, 4], MIRROR) == [1.0, -2.0, 0.0, 3.0, -4.0]
    text = problem(columns, "uses: world_rotate, with: {axis: x, degrees: 5}")
    assert "SA508" in text
    assert "vx, vy of 'p' out of the plane" in text
    tilt = "apply: {p: {op: open3d.transform, transformation: %s}}"
    matrix = [[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
    with pytest.raises(SampleError, match="no z component"):
        moved(columns, row, tilt % matrix)


def test_a_turn_that_only_the_sample_shows_to_tilt_is_refused() -> None:
    """A picture's turn with `world: turn` turns about the camera's axis, which may lie flat."""
    sample = {
        "p": np.array([[0, 5, 0, 1, 0]], np.float32),
        "c": {
            "K": np.array([[60.0, 0, 31.5], [0, 60, 23.5], [0, 0, 1]]),
            "world_to_camera": np.array(
                [[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
            ),
            "size": (64, 48),
        },
    }
    turn = policy(
        ["x", "y", "z", "vx", "vy"],
        "uses: rotate, with: {degrees: 10, world: turn}",
        more=", c: {modality: camera, plane: a, world: w}",
    )
    with pytest.raises(AlignmentError, match="vx, vy out of the plane of x and y"):
        turn(sample, key=0)


def test_real_radar_keeps_all_columns_but_place_and_velocities() -> None:
    row = [float(number) for number in range(1, 19)]
    out = moved(RADAR, row, TURN)
    assert out[:3] == [-2.0, 1.0, 3.0]
    assert out[6:10] == [-8.0, 7.0, -10.0, 9.0]
    assert out[3:6] + out[10:] == row[3:6] + row[10:]


@pytest.mark.parametrize(
    "others",
    [
        ["intensity"],
        ["intensity", "ring"],
        ["intensity", "ring", "time"],
        ["r", "g", "b", "label", "instance_id"],
        ["red", "green", "blue", "curvature"],
        ["reflectivity", "ambient", "timestamp", "line", "azimuth"],
        ["x_rms", "y_rms", "vx_rms", "vy_rms"],
        ["sigma_x", "sigma_y", "sigma_z"],
        ["intensity", "density", "quality", "index", "max"],
        ["f_0", "f_1", "f_2", "f_3"],
        ["f0", "f1", "cov_xx", "cov_xy", "cov_yy"],
        ["n1", "n2", "lat", "up"],
        ["u", "v"],
    ],
    ids=lambda names: names[0],
)
def test_other_columns_pass_as_they_are(others: list[str]) -> None:
    columns = ["x", "y", "z", *others]
    row = [1.0, 0.0, 0.0, *np.linspace(0.1, 0.9, len(others)).round(3).tolist()]
    for step in (TURN, GROW, MIRROR):
        assert moved(columns, row, step)[3:] == row[3:]


@pytest.mark.parametrize(
    "names",
    [
        ["ax", "ay", "az"],
        ["flow_x", "flow_y", "flow_z"],
        ["flow_x", "flow_y"],
        ["u", "v", "w"],
        ["vx"],
        ["nx", "nz"],
        ["qx", "qy", "qz", "qw"],
        ["ve", "vn", "vu"],
        ["velocity_0", "velocity_1", "velocity_2"],
        ["rot_0", "rot_1", "rot_2", "rot_3"],
        ["x_offset", "y_offset"],
        ["x1", "y1", "z1"],
        ["vxc", "vyc"],
        ["v1", "v2", "v3"],
        ["n_0", "n_1", "n_2"],
        ["v_east", "v_north"],
        ["v_lon", "v_lat"],
        ["ve", "vn"],
    ],
    ids=lambda names: "-".join(names),
)
def test_columns_like_vectors_of_no_known_kind_are_a_problem(names: list[str]) -> None:
    columns = ["x", "y", "z", *names]
    text = problem(columns)
    assert "SA521" in text
    assert names[0] in text
    assert "vectors:" in text
    row = [1.0, 0.0, 0.0, *range(3, 3 + len(names))]
    kept = moved(columns, row, TURN, extra=f", vectors: {{plain: [{', '.join(names)}]}}")
    assert kept[3:] == row[3:]


@pytest.mark.parametrize(
    ("kind", "grown", "shifted"),
    [
        ("velocity", 2, 0),
        ("acceleration", 2, 0),
        ("normal", 1, 0),
        ("offset", 2, 0),
        ("position", 2, 5),
    ],
)
def test_a_declared_kind_tells_how_a_vector_moves(kind: str, grown: int, shifted: int) -> None:
    columns = ["ay", "x", "y", "z", "ax", "az"]
    extra = f", vectors: {{{kind}: [ax, ay, az]}}"
    row = [4.0, 0.0, 0.0, 0.0, 3.0, 5.0]
    assert moved(columns, row, TURN, extra=extra) == [3.0, 0.0, 0.0, 0.0, -4.0, 5.0]
    out = moved(columns, row, GROW, SHIFT, extra=extra)
    assert [out[4], out[0], out[5]] == [3.0 * grown + shifted, 4.0 * grown, 5.0 * grown]


def test_several_vectors_of_one_kind_and_what_is_wrong_with_a_declaration() -> None:
    columns = ["x", "y", "z", "a", "b", "c", "d"]
    extra = ", vectors: {velocity: [[a, b], [c, d]]}"
    assert moved(columns, [1, 0, 0, 1, 0, 0, 1], TURN, extra=extra)[3:] == [0.0, 1.0, -1.0, 0.0]
    for wrong, said in {
        "{velocity: [a, e]}": "SA306 unknown column 'e'",
        "{velocity: [a]}": "1 columns are no vector",
        "{velocity: [x, y]}": "'x' stands for something else",
        "{velocity: [a, b], normal: [b, c]}": "'b' stands for something else",
        "{velocities: [a, b]}": "did you mean 'velocity'",
        "{velocity: a}": "names no columns",
        "[a, b]": "declares no vectors",
    }.items():
        assert re.search(re.escape(said), problem(columns, extra=f", vectors: {wrong}")), wrong


def test_velocities_follow_the_speed_of_time_by_their_power() -> None:
    columns = ["t", "x", "y", "z", "vx", "vy", "nx", "ny", "nz", "ax", "ay", "az", "doppler"]
    cloud = np.tile(np.arange(1.0, 14.0), (5, 1))
    cloud[:, 0] = np.arange(5) / 4
    fast = policy(
        columns, "uses: speed, with: {factor: 2}", extra=", vectors: {acceleration: [ax, ay, az]}"
    )
    out = fast({"p": cloud}, key=0)["p"]
    assert np.allclose(out[:, 4:6], 2 * cloud[:, 4:6])
    assert np.allclose(out[:, 6:9], cloud[:, 6:9])
    assert np.allclose(out[:, 9:12], 4 * cloud[:, 9:12])
    assert np.allclose(out[:, 12], 2 * cloud[:, 12])


def test_an_empty_cloud_passes_everything() -> None:
    empty = np.zeros((0, 5), np.float32)
    camera = {"K": np.diag([9.0, 9.0, 1.0]), "world_to_camera": np.eye(4), "size": (20, 20)}
    work = policy(
        ["x", "y", "z", "intensity", "t"],
        TURN,
        "uses: crop, with: {area: 0.5, points: visible}",
        "uses: noise, with: {severity: 0.5, p: dropout}",
        "uses: noise, with: {severity: 0.5, p: jitter}",
        "uses: light, with: {value: -0.5, reflectivity: follow}",
        "uses: speed, with: {factor: 2}",
        "uses: mask_time, with: {duration: 0.1, shape: 0.3}",
        "apply: {p: {op: open3d.voxel_down_sample, voxel_size: 0.5}}",
        more=", c: {modality: camera, plane: a, world: w}, s: {modality: audio, sample_rate: 100}",
    )
    sample = {"p": empty, "c": camera, "s": np.ones(100, np.float32)}
    out = work(sample, key=0)["p"]
    assert out.shape == (0, 5)
    assert out.dtype == np.float32


def test_clouds_of_another_form_are_refused_with_what_to_do() -> None:
    turn = policy(["x", "y", "z", "intensity"], TURN)
    fields = np.zeros(5, [(name, np.float32) for name in "xyzi"])
    for cloud, said in (
        (fields, "structured_to_unstructured"),
        (np.zeros((5, 5), np.float32), "another layout"),
        (np.zeros(22, np.float32), "another layout"),
        (np.zeros((5, 4), np.int32), "astype"),
    ):
        with pytest.raises(SampleError, match=said):
            turn({"p": cloud}, key=0)


IMU_SPELLINGS = [
    ["gx", "gy", "gz", "ax", "ay", "az"],
    ["gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_y", "acc_z"],
    ["wx", "wy", "wz", "ax", "ay", "az"],
    [f"{name}.{axis}" for name in ("angular_velocity", "linear_acceleration") for axis in "xyz"],
    ["GyroX", "GyroY", "GyroZ", "AccelX", "AccelY", "AccelZ"],
]


@pytest.mark.parametrize("columns", IMU_SPELLINGS, ids=lambda names: names[0])
def test_inertial_columns_follow_in_every_spelling(columns: list[str]) -> None:
    names = ", ".join(columns)
    fast = load_policy(
        f"syncaug: 1\nsample: {{i: {{modality: imu, rate: 10, columns: [{names}]}}}}\n"
        "steps: [{name: m, uses: speed, with: {factor: 2}}]\n"
    )
    rows = np.tile([0.1, 0.2, 0.3, 0.0, 0.0, 9.81], (100, 1))
    out = fast({"i": rows}, key=0)["i"]
    assert np.allclose(out[10:-10, :3], 2 * rows[10:40, :3])


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("gx, gy, gz, qx, qy, qz, qw", "qx, qy, qz"),
        ("gx, gy, gz, foo_x, foo_y, foo_z", "foo_x, foo_y, foo_z"),
        ("acc_x, acc_y, acc_z, ax, ay, az", "a second accelerometer"),
    ],
)
def test_inertial_columns_of_no_known_sensor_are_a_problem(columns: str, said: str) -> None:
    text = "syncaug: 1\nsample: {i: {modality: imu, rate: 10, columns: [%s]%s}}\nsteps: []\n"
    with pytest.raises(PolicyError, match=said) as caught:
        load_policy(text % (columns, ""))
    assert "SA521" in str(caught.value)
    last = ", ".join(columns.split(", ")[3:])
    load_policy(text % (columns, f", vectors: {{plain: [{last}]}}"))


# What only names tell of


@pytest.mark.parametrize(
    "step", [TURN, MIRROR, "uses: world_rotate, with: {degrees: [0, 9]}, p: 0.5"]
)
@pytest.mark.parametrize("name", ["yaw", "heading", "Orientation", "track_heading"])
def test_angles_that_a_turned_world_leaves_behind_are_told(name: str, step: str) -> None:
    with pytest.warns(PolicyWarning, match=f"SA610 step 's.*the angle '{name}' stays"):
        moved(["x", "y", "z", name], [1.0, 0.0, 0.0, 0.5], step)


def test_angles_pass_where_nothing_turns_or_they_are_declared_plain() -> None:
    columns, row = ["x", "y", "z", "yaw"], [1.0, 0.0, 0.0, 0.5]
    for step in (SHIFT, GROW):
        assert moved(columns, row, step)[3] == 0.5
    assert moved(columns, row, TURN, extra=", vectors: {plain: [yaw]}")[3] == 0.5


@pytest.mark.parametrize("name", ["range", "distance", "dist", "depth"])
def test_lengths_seen_from_the_sensor_grow_with_the_world(name: str) -> None:
    out = moved(["x", "y", "z", name], [1.0, 0.0, 0.0, 3.0], "uses: world_scale, with: {factor: 2}")
    assert np.allclose(out, [2.0, 0.0, 0.0, 6.0])
