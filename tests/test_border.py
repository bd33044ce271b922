"""The border of a sample: what is wrong in every form alike, and ordinary values that pass."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import SampleError

PICTURE = np.zeros((60, 90, 3), np.uint8)
FLIP = "{name: f, uses: flip}"
FASTER = "{name: f, uses: speed, with: {factor: 1.1}}"
TURN = "{name: f, uses: world_rotate, with: {axis: z, degrees: 30}}"
GROW = "{name: f, uses: world_scale, with: {factor: 2}}"
HISS = "{name: f, uses: noise, with: {snr_db: 10}}"

BOXES = "image: image, boxes: boxes"
LABELLED = "image: image, boxes: {modality: boxes, labels: classes}"
POINTS = "image: image, joints: {modality: keypoints, names: [nose, hip]}"
CAMERA = "image: image, camera: camera, cloud: points"
SOUND = "sound: {modality: audio, sample_rate: 16000}"
HEARD = "sound: audio"
FILM = "film: video"
ROOM = "image: image, depth: depth"
INERTIAL = "imu: {modality: imu, rate: 100}"
K = [[100.0, 0, 45], [0, 100, 30], [0, 0, 1]]


def run(declared: str, step: str, sample: dict[str, Any]) -> Any:
    policy = load_policy(f"syncaug: 1\nsample: {{{declared}}}\nsteps: [{step}]\n")
    return policy(sample, key="k")


def full(value: float, *shape: int, dtype: Any = np.float32) -> Any:
    return np.full(shape, value, dtype)


REFUSED = [
    # What would be lost
    ("masked", {"image": np.ma.array(PICTURE, mask=True)}, "image: image", FLIP),
    ("masked", {"image": PICTURE, "boxes": np.ma.array([[1.0, 1, 9, 9]])}, BOXES, FLIP),
    ("masked", {"sound": np.ma.array(np.zeros(900, np.float32), mask=False)}, SOUND, FASTER),
    ("masked", {"film": {"frames": np.ma.array(np.zeros((3, 8, 8, 3), np.uint8)), "fps": 5}},
     FILM, FASTER),
    ("masked", {"image": PICTURE, "boxes": [[1.0, 1, 9, 9]],
                "classes": np.ma.array([1])}, LABELLED, FLIP),
    ("imaginary", {"image": PICTURE, "boxes": np.array([[1, 1, 9, 9]], complex)}, BOXES, FLIP),
    ("imaginary", {"cloud": np.ones((4, 3), np.complex64)}, "cloud: points", TURN),
    ("imaginary", {"sound": {"array": np.zeros(900, np.complex64), "sampling_rate": 16000}},
     HEARD, FASTER),
    ("imaginary", {"image": PICTURE, "camera": {"K": np.array(K, complex), "size": (90, 60)},
                   "cloud": full(1, 4, 3)}, CAMERA, TURN),
    ("boxes of shape", {"image": PICTURE, "boxes": [[1, 1, 9 + 1j, 9]]}, BOXES, FLIP),
    # Texts and dates in the place of numbers: results would be cut to their width
    ("numpy.asarray", {"image": PICTURE, "boxes": np.array([["1", "1", "9", "9"]])}, BOXES, FLIP),
    ("numpy.asarray", {"image": PICTURE, "boxes": [[1, 1, "9", 9]]}, BOXES, FLIP),
    ("numpy.asarray", {"image": PICTURE, "boxes": np.array([[b"1", b"1", b"9", b"9"]])}, BOXES,
     FLIP),
    ("numpy.asarray", {"image": PICTURE, "joints": np.ones((1, 2, 3), "M8[s]")}, POINTS, FLIP),
    ("numpy.asarray",
     {"image": PICTURE, "shapes": np.array([[["1", "1"], ["9", "1"], ["9", "9"]]])},
     "image: image, shapes: polygons", FLIP),
    ("numpy.asarray", {"cars": np.array([["1", "2", "0", "4", "2", "1", "0"]])}, "cars: boxes3d",
     TURN),
    # Numbers that nothing holds
    ("64-bit", {"image": PICTURE, "boxes": [[1, 1, 10**400, 5]]}, BOXES, FLIP),
    ("64-bit", {"image": PICTURE, "joints": [[[1, 1, 2], [10**400, 5, 2]]]}, POINTS, FLIP),
    ("64-bit|number", {"sound": {"array": np.zeros(900, np.float32), "sampling_rate": 10**400}},
     HEARD, FASTER),
    ("64-bit", {"cues": [{"start": 10**400, "end": 10**401, "text": "a"}],
                "sound": np.zeros(900, np.float32)}, f"{SOUND}, cues: timed_text", FASTER),
    ("numbers up to", {"cloud": full(3e38, 5, 3)}, "cloud: points", GROW),
    ("numbers up to", {"cloud": full(1e308, 5, 3, dtype=np.float64)}, "cloud: points", GROW),
    ("numbers up to", {"solids": full(3e38, 2, 7)}, "solids: boxes3d", GROW),
    ("numbers up to", {"imu": full(3e38, 50, 6)}, INERTIAL, HISS),
    ("numbers up to", {"image": PICTURE, "depth": full(3e38, 60, 90)}, ROOM, HISS),
    ("numbers up to", {"latent": [1e300, 2.0]}, "latent: embedding", HISS),
    ("numbers up to", {"image": PICTURE, "joints": full(3e38, 1, 2, 3)}, POINTS, FLIP),
    ("samples up to 3e\\+38", {"sound": full(3e38, 900)}, SOUND, FASTER),
    # Units
    ("16 bits", {"sound": full(20000.0, 900)}, SOUND, FASTER),
    ("16 bits", {"sound": {"array": full(-32768.0, 2, 900), "sampling_rate": 8000}}, HEARD, FASTER),
    ("24 bits", {"sound": full(8e6, 900, dtype=np.float64)}, SOUND, FASTER),
    ("8 bits", {"sound": full(127.0, 900)}, SOUND, FASTER),
    ("Divide by 255", {"image": full(200.0, 8, 8, 3)}, "image: image", FLIP),
    # Scalars inside a mapping
    ("'sampling_rate' as a number", {"sound": {"array": np.zeros(9, np.float32),
                                               "sampling_rate": "16k"}}, HEARD, FASTER),
    ("'sampling_rate' as a finite number above 0", {"sound": {
        "array": np.zeros(9, np.float32), "sampling_rate": 0}}, HEARD, FASTER),
    ("'sampling_rate' as a finite number", {"sound": {
        "array": np.zeros(9, np.float32), "sampling_rate": float("nan")}}, HEARD, FASTER),
    ("'fps' as a number", {"film": {"frames": np.zeros((3, 8, 8, 3), np.uint8), "fps": "25"}},
     FILM, FASTER),
    ("'fps' as a number", {"film": {"frames": np.zeros((3, 8, 8, 3), np.uint8), "fps": True}},
     FILM, FASTER),
    ("'duration' as a number", {"film": {"frames": np.zeros((3, 8, 8, 3), np.uint8),
                                         "timestamps": [0.0, 0.1, 0.2], "duration": "1 s"}},
     FILM, FASTER),
    # Two statements of one thing
    ("10 frames in a second, as fps says; got 1 in", {"film": {
        "frames": np.zeros((10, 8, 8, 3), np.uint8), "fps": 10, "timestamps": np.arange(10.0)}},
     FILM, FASTER),
    ("30 frames.*got 24 in", {"film": {
        "frames": np.zeros((10, 8, 8, 3), np.uint8), "fps": 30, "timestamps": np.arange(10) / 24}},
     FILM, FASTER),
    ("25 frames.*got 5 in", {"film": {
        "frames": np.zeros((9, 8, 8, 3), np.uint8), "timestamps": np.arange(9) / 5}},
     "film: {modality: video, fps: 25}", FASTER),
    ("100 readings.*got timestamps of 50 in", {"imu": {
        "array": np.zeros((9, 6), np.float32), "timestamps": np.arange(9) / 50}},
     INERTIAL, FASTER),
]  # fmt: skip


@pytest.mark.parametrize(("said", "sample", "declared", "step"), REFUSED)
def test_it_is_refused_by_name_before_anything_is_done(
    said: str, sample: dict[str, Any], declared: str, step: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(SampleError, match=rf"sample 'k', stream '\w+': expected .*(?:{said})"):
            run(declared, step, sample)


def uneven(count: int) -> Any:
    return np.cumsum(np.random.default_rng(1).choice([1 / 30, 2 / 30], count))


ORDINARY = [
    ("image: image", FLIP, {"image": PICTURE}),
    ("image: image", FLIP, {"image": full(0.5, 8, 8, 3)}),
    ("image: image", FLIP, {"image": full(40000, 8, 8, dtype=np.uint16)}),
    (SOUND, FASTER, {"sound": full(1.7, 900)}),
    (SOUND, FASTER, {"sound": full(-7.9, 2, 900, dtype=np.float64)}),
    (HEARD, FASTER, {"sound": {"array": np.zeros(900, np.float32),
                               "sampling_rate": np.int64(16000)}}),
    (HEARD, FASTER, {"sound": {"array": np.zeros(900, np.float32),
                               "sampling_rate": np.array(16000)}}),
    ("cloud: points", GROW, {"cloud": np.float64([[5e6, 4e5, 300.0], [5e6, 4e5, 301.0]])}),
    ("cloud: {modality: points, columns: [x, y, z, t]}", TURN,
     {"cloud": np.float64([[1, 2, 3, 0.5], [2, 1, 0, 0.7]])}),
    ("latent: embedding", HISS, {"latent": full(1e6, 8)}),
    (FILM, FASTER, {"film": {"frames": np.zeros((9, 8, 8, 3), np.uint8), "fps": 29.97,
                             "timestamps": np.arange(9) / 29.97}}),
    (FILM, FASTER, {"film": {"frames": np.zeros((40, 8, 8, 3), np.uint8), "fps": 30,
                             "timestamps": uneven(40)}}),
    (FILM, FASTER, {"film": {"frames": np.zeros((1, 8, 8, 3), np.uint8), "fps": 30,
                             "timestamps": [0.0]}}),
    (INERTIAL, FASTER, {"imu": {"array": np.zeros((9, 6), np.float32),
                                "timestamps": np.arange(9) / 100}}),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "step", "sample"), ORDINARY)
def test_ordinary_values_pass_without_a_word(
    declared: str, step: str, sample: dict[str, Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = run(declared, step, sample)
    assert set(out) == set(sample)


def test_a_rate_beside_timestamps_follows_them() -> None:
    frames = np.zeros((10, 8, 8, 3), np.uint8)
    film = {"frames": frames, "fps": 10, "timestamps": np.arange(10) / 10}
    out = run(FILM, "{name: f, uses: speed, with: {factor: 2}}", {"film": film})["film"]
    assert np.allclose(np.diff(out["timestamps"]), 0.05)
    assert out["fps"] == pytest.approx(20)
    assert run(FILM, "{name: f, uses: trim, with: {duration: 0.5}}", {"film": film})["film"][
        "fps"
    ] == pytest.approx(10)
