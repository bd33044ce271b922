"""Numbers that steps make overflow: refused by stream, in every kind of stream of numbers."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import AlignmentError, PolicyError, SampleError
from tests.samples import everything

GOOD = everything()
CAMERA = {
    **GOOD["camera"],
    "K": GOOD["camera"]["K"].astype(np.float32),
    "world_to_camera": GOOD["camera"]["world_to_camera"].astype(np.float32),
}
FAR = "{name: s, uses: world_translate, with: {x: 1.0e300}}"
FARTHER = "{name: s, uses: world_translate, with: {z: 1.0e308}}, " + FAR.replace(
    "name: s", "name: t"
)
LARGER = ", ".join(f"{{name: s{n}, uses: world_scale, with: {{factor: 1000}}}}" for n in range(6))
LOUD = "{name: s, apply: {sound: {op: audiomentations.Gain, min_gain_db: 900, max_gain_db: 900}}}"
SOUND = "sound: {modality: audio, sample_rate: 16000}"
NOISY = "{name: s, uses: noise, with: {snr_db: -20}}"


@pytest.mark.filterwarnings("ignore::syncaug.SampleWarning")
@pytest.mark.parametrize(
    ("stream", "declared", "steps", "sample"),
    [
        ("points", "points: points", FAR, {"points": GOOD["points"][:, :3]}),
        ("points", "points: points", FARTHER, {"points": GOOD["points"][:, :3].astype(np.float16)
                                               .astype(np.float32)}),
        ("camera", "camera: camera", FAR, {"camera": CAMERA}),
        ("solids", "solids: boxes3d", FAR, {"solids": GOOD["boxes3d"].astype(np.float32)}),
        ("depth", "depth: depth, camera: camera", LARGER,
         {"depth": GOOD["depth"] * np.float32(1e24), "camera": CAMERA}),
        ("sound", SOUND, LOUD, {"sound": GOOD["speech"]}),
        ("latent", "latent: embedding", NOISY, {"latent": np.full(8, 6e4, np.float16)}),
        ("imu", "imu: {modality: imu, rate: 100}", NOISY,
         {"imu": np.full((20, 6), 2e4, np.float16)}),
    ],
)  # fmt: skip
def test_what_overflows_is_refused_by_its_stream(
    stream: str, declared: str, steps: str, sample: dict[str, Any]
) -> None:
    policy = load_policy(f"syncaug: 1\nsample: {{{declared}}}\nsteps: [{steps}]\n")
    with pytest.raises(AlignmentError, match=f"stream '{stream}'") as caught:
        policy(sample, key=0)
    assert "infinite" in str(caught.value) or "cannot hold" in str(caught.value)


@pytest.mark.parametrize(
    ("declared", "steps", "sample"),
    [
        ("points: points", "{name: s, uses: world_translate, with: {x: 5.0e6}}",
         {"points": GOOD["points"][:, :3]}),
        ("points: {modality: points, invalid: drop}",
         "{name: s, uses: world_translate, with: {x: 5}}",
         {"points": np.array([[1, 2, 3], [np.nan, 2, 3]], np.float32)}),
        ("depth: depth, camera: camera", "{name: s, uses: world_scale, with: {factor: 2}}",
         {"depth": np.where(GOOD["depth"] > 3, GOOD["depth"], np.float32(np.nan)),
          "camera": CAMERA}),
        ("table: tabular, image: image", "{name: s, uses: flip}",
         {"table": [float("nan"), 1.0], "image": GOOD["image"]}),
        ("image: image, joints: {modality: keypoints, outside: drop, labels: who}",
         "{name: s, uses: flip}",
         {"image": GOOD["image"], "joints": np.array([[3.0, 4, 2], [np.nan, 1, 2]]),
          "who": ["a", "b"]}),
    ],
)  # fmt: skip
def test_ordinary_numbers_and_those_that_mean_a_hole_pass(
    declared: str, steps: str, sample: dict[str, Any]
) -> None:
    policy = load_policy(f"syncaug: 1\nsample: {{{declared}}}\nsteps: [{steps}]\n")
    assert set(policy(sample, key=0)) == set(sample)


@pytest.mark.parametrize(
    "call",
    [
        "audiomentations.AirAbsorption, max_distance: 1",
        "audiomentations.PitchShift, min_semitones: 7",
        "audiomentations.Padding, max_fraction: 0",
    ],
)
def test_parameters_that_a_library_refuses_together_name_the_step(call: str) -> None:
    policy = load_policy(
        f"syncaug: 1\nsample: {{{SOUND}}}\nsteps:\n"
        f"  - {{name: odd, apply: {{sound: {{op: {call}}}}}}}\n"
    )
    with pytest.raises(SampleError, match=r"stream 'sound': expected parameters .* step 'odd'"):
        policy({"sound": GOOD["speech"]}, key=0)


def test_normals_without_columns_are_a_problem_of_the_policy() -> None:
    text = (
        "syncaug: 1\nsample: {p: {modality: points, columns: [x, y, z%s]}}\n"
        "steps: [{name: n, apply: {p: {op: open3d.estimate_normals}}}]\n"
    )
    for columns in ("", ", intensity", ", nx, ny", ", vx, vy, vz"):
        with pytest.raises(PolicyError, match="SA310 open3d.estimate_normals fills the columns"):
            load_policy(text % columns)
    load_policy(text % ", nx, ny, nz")
    load_policy(text % ", normal_x, normal_y, normal_z")


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((48, 64), r"got 48x64\. The size of a camera is \(width, height\)"),
        ((64.5, 48), "whole numbers of pixels"),
        (("64", "48"), "whole numbers of pixels"),
        ((True, 48), "whole numbers of pixels"),
        ((float("nan"), 48), "whole numbers of pixels"),
        ((float("inf"), 48), "whole numbers of pixels"),
        ((10**400, 48), "a size above 0"),
        ((-64, 48), "a size above 0"),
        ((64, 48, 3), "whole numbers of pixels"),
    ],
)
def test_the_size_of_a_camera_is_two_whole_numbers(size: Any, said: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, camera: camera}\nsteps: [{name: f, uses: flip}]\n"
    )
    with pytest.raises(SampleError, match=f"stream 'camera': .*{said}"):
        policy({"image": GOOD["image"], "camera": {**CAMERA, "size": size}}, key=0)


@pytest.mark.parametrize(
    "size", [(64, 48), [64, 48], np.array([64, 48]), np.array([64.0, 48.0]), (np.int32(64), 48.0)]
)
def test_a_size_comes_in_every_usual_form(size: Any) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, camera: camera}\nsteps: [{name: f, uses: flip}]\n"
    )
    out = policy({"image": GOOD["image"], "camera": {**CAMERA, "size": size}}, key=0)
    assert type(out["camera"]["size"]) is type(size)


@pytest.mark.parametrize("rows", [tuple, list])
@pytest.mark.parametrize("whole", [tuple, list])
def test_lists_and_tuples_of_boxes_keep_their_form(rows: type, whole: type) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: boxes, solids: boxes3d}\n"
        "steps: [{name: f, uses: flip, with: {world: keep}}]\n"
    )
    boxes, solids = [10.0, 12, 30, 40], [1.0, 2, 3, 4, 5, 6, 0.5]
    out = policy(
        {"image": GOOD["image"], "boxes": whole([rows(boxes)]), "solids": whole([rows(solids)])},
        key=0,
    )
    for name in ("boxes", "solids"):
        assert type(out[name]) is whole
        assert type(out[name][0]) is rows


@pytest.mark.parametrize("key", [np.array([3]), np.array([3, 4]), np.array(3.0), 1.0, True, b"a"])
def test_keys_that_are_no_text_and_no_integer(key: Any) -> None:
    policy = load_policy("syncaug: 1\nsample: {image: image}\nsteps: [{name: f, uses: flip}]\n")
    with pytest.raises(SampleError, match="argument 'key': expected a text") as told:
        policy({"image": GOOD["image"]}, key=key)
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)  # as workers hand it on
    assert policy({"image": GOOD["image"]}, key=np.array(3)) is not None
