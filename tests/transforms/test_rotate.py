"""Rotation: what words do at angles between, the world that turns along, the phase of sound."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, PolicyWarning, SampleError, load_policy
from tests.samples import everything

CAPTION = """
syncaug: 1
sample:
  image: image
  caption: {modality: text, describes: imageSTREAM}
steps:
  - {name: turn, uses: rotate, with: {degrees: DEGREESSTEP}}
on_fail: {retry: 6, then: error}
"""


def turned(
    degrees: str, *, step: str = "", stream: str = "", text: str = "a cat on the left"
) -> Any:
    policy = CAPTION.replace("DEGREES", degrees).replace("STEP", step).replace("STREAM", stream)
    sample = {"image": np.zeros((8, 8, 3), np.uint8), "caption": text}
    return load_policy(policy, seed=2).apply(sample, key="a")


@pytest.mark.parametrize(
    ("degrees", "step", "stream", "outcome"),
    [
        ("15", "", "", "a cat on the left"),
        ("25", "", "", "more than 20 from a quarter turn"),
        ("25", ", words: {leave_below: 30}", "", "a cat on the left"),
        ("25", "", ", words: {leave_below: 30}", "a cat on the left"),
        ("25", "", ", leave_below: 30", "a cat on the left"),
        ("15", ", words: redraw", "", "no quarter turn"),
        ("15", "", ", words: redraw", "no quarter turn"),
        ("90", ", words: redraw", "", "a cat at the bottom"),
        ("100", ", words: {leave_below: 20}", ", words: redraw", "a cat at the bottom"),
    ],
)
def test_the_rule_of_the_step_or_of_the_stream_holds(
    degrees: str, step: str, stream: str, outcome: str
) -> None:
    if outcome.startswith("a cat"):
        assert turned(degrees, step=step, stream=stream)[0]["caption"] == outcome
        return
    with pytest.raises(AlignmentError, match=outcome):
        turned(degrees, step=step, stream=stream)


def test_refuse_is_an_error_at_once_and_redraw_draws_again() -> None:
    with pytest.raises(SampleError, match="expected a text without direction words"):
        turned("{choice: [0, 37]}", step=", words: refuse", stream="")  # seed 2 draws 37 first
    with pytest.warns(PolicyWarning, match="SA602"):
        out, record = turned("{choice: [0, 37]}", step=", words: redraw")
    assert out["caption"] == "a cat on the left"
    assert len(record.attempts) > 1
    out, _ = turned("37", step=", words: refuse", text="a cat")
    assert out["caption"] == "a cat", "there is nothing to refuse"


@pytest.mark.parametrize(
    ("degrees", "before", "after"),
    [
        (90, "a cup standing upright", "a cup standing sideways"),
        (180, "a cup standing upright", "a cup standing upside down"),
        (180, "An upside-down car on a road.", "An upright car on a road."),
        (
            90,
            "A clock hangs above a horizontal beam.",
            "A clock hangs to the left of a vertical beam.",
        ),
        (-90, "in portrait orientation", "in landscape orientation"),
        (90, "a portrait of a man in a landscape", "a portrait of a man in a landscape"),
        (90, "a man with an upright piano", "a man with an upright piano"),
        (90, "a bird flies overhead.", "a bird flies to the left."),
        (180, "a box that is right side up", "a box that is upside down"),
    ],
)
def test_orientation_words_follow_quarter_turns(degrees: int, before: str, after: str) -> None:
    assert turned(str(degrees), text=before)[0]["caption"] == after


def test_what_lies_sideways_is_refused_a_quarter_turn_and_keeps_a_half_turn() -> None:
    assert turned("180", text="a bottle lying on its side")[0]["caption"].endswith("on its side")
    with pytest.raises(AlignmentError, match="cannot be said after a quarter turn"):
        turned("90", text="a bottle lying on its side")


WORLD = """
syncaug: 1
sample:
  image: image
  camera: camera
  points: {modality: points, columns: [x, y, z, r, g, b, intensity]}
steps:
  - {name: turn, uses: rotate, with: {degrees: 25, world: RULE}}
checks:
  - reprojection: {max_pixels: 0.001}
on_fail: {then: error}
"""


def test_a_world_that_turns_keeps_the_camera_an_ordinary_pinhole() -> None:
    sample = {name: everything()[name] for name in ("image", "camera", "points")}
    out = load_policy(WORLD.replace("RULE", "turn"))(sample, key="a")
    assert np.allclose(out["camera"]["world_to_camera"], sample["camera"]["world_to_camera"])
    intrinsics = out["camera"]["K"]
    assert np.allclose(intrinsics[[0, 1, 0, 1, 2, 2], [0, 1, 1, 0, 0, 1]], [60, 60, 0, 0, 0, 0])
    # The camera looks along y: counterclockwise as seen turns x towards z.
    angle = np.radians(25)
    x, z = sample["points"][:, 0], sample["points"][:, 2]
    assert np.allclose(out["points"][:, 0], np.cos(angle) * x - np.sin(angle) * z, atol=1e-5)
    assert np.allclose(out["points"][:, 2], np.sin(angle) * x + np.cos(angle) * z, atol=1e-5)
    assert np.allclose(out["points"][:, 1], sample["points"][:, 1], atol=1e-6)


@pytest.mark.parametrize("rule", ["keep", "x", "y", "z"])
def test_points_project_where_their_pixels_went_however_the_world_turns(rule: str) -> None:
    sample = {name: everything()[name] for name in ("image", "camera", "points")}
    out = load_policy(WORLD.replace("RULE", rule))(sample, key="a")
    assert np.allclose(out["points"][:, :3], sample["points"][:, :3]) == (rule == "keep")


SOUND = """
syncaug: 1
sample:
  image: image
  speech: {modality: audio, sample_rate: 1000}
steps:
  - {name: turn, uses: rotate, with: {degrees: DEGREES, audio: phase}}
"""


@pytest.mark.parametrize("degrees", [0, 30, 90, -60, 180])
def test_the_phase_of_sound_turns_by_the_same_angle(degrees: float) -> None:
    moments = np.arange(1000) / 1000
    wave = np.cos(2 * np.pi * 40 * moments) + 0.3 * np.sin(2 * np.pi * 125 * moments)
    sample = {"image": np.zeros((8, 8, 3), np.uint8), "speech": wave.astype(np.float32)}
    out = load_policy(SOUND.replace("DEGREES", str(degrees)))(sample, key="a")["speech"]
    phase = np.radians(degrees)
    expected = np.cos(2 * np.pi * 40 * moments + phase)
    expected += 0.3 * np.sin(2 * np.pi * 125 * moments + phase)
    assert out.dtype == np.float32
    assert np.abs(out - expected).max() < 1e-5


def test_sound_keeps_its_phase_where_nobody_asks() -> None:
    sample = {
        "image": np.zeros((8, 8, 3), np.uint8),
        "speech": np.linspace(-1, 1, 50, dtype=np.float32),
    }
    out = load_policy(SOUND.replace("DEGREES", "30").replace("phase", "keep"))(sample, key="a")
    assert np.array_equal(out["speech"], sample["speech"])


@pytest.mark.parametrize(
    ("stream", "rule", "said"),
    [
        ("speech: {modality: audio, spatial: false}", "audio: phase", "reaches no sound"),
        ("points: points", "world: turn", "no camera ties its world to the picture"),
    ],
)
def test_what_has_nothing_to_go_by_does_not_compile(stream: str, rule: str, said: str) -> None:
    policy = f"""
syncaug: 1
sample:
  image: image
  {stream}
steps:
  - {{name: turn, uses: rotate, with: {{degrees: 5, {rule}}}}}
"""
    with pytest.raises(PolicyError, match=said):
        load_policy(policy)


def test_boxes_with_a_yaw_follow_a_half_turn_and_refuse_to_tilt() -> None:
    policy = WORLD.replace("RULE", "turn").replace("  points:", "  boxes3d: boxes3d\n  points:")
    names = ("image", "camera", "points", "boxes3d")
    sample = {name: everything()[name] for name in names}
    with pytest.raises(AlignmentError, match="these boxes only have a yaw"):
        load_policy(policy)(sample, key="a")
    out = load_policy(policy.replace("degrees: 25", "degrees: 180"))(sample, key="a")
    before, after = np.asarray(sample["boxes3d"]), np.asarray(out["boxes3d"])
    assert np.allclose(after[:, 0], -before[:, 0])
    assert np.allclose(after[:, 2], -before[:, 2])
    assert np.allclose(after[:, 1], before[:, 1])


def test_an_inertial_sensor_turns_with_its_camera_where_the_world_turns() -> None:
    policy = """
syncaug: 1
sample:
  image: {modality: image, plane: head}
  camera: {modality: camera, plane: head, world: room}
  imu: {modality: imu, rate: 100, columns: [gx, gy, gz, ax, ay, az], body: head, world: room}
steps:
  - {name: turn, uses: rotate, with: {degrees: 90, world: RULE}}
"""
    readings = np.tile(np.array([0.1, 0.2, 0.3, 1.0, 2.0, 9.0]), (5, 1))
    sample = {name: everything()[name] for name in ("image", "camera")} | {"imu": readings}
    kept = load_policy(policy.replace("RULE", "keep"))(sample, key="a")["imu"]
    assert np.array_equal(kept, readings)
    # Counterclockwise as seen, with y down: what pointed right points up.
    turned = load_policy(policy.replace("RULE", "turn"))(sample, key="a")["imu"]
    assert np.allclose(turned, np.array([0.2, -0.1, 0.3, 2.0, -1.0, 9.0]))


def test_every_camera_of_a_world_that_turns_keeps_seeing_the_same() -> None:
    policy = """
syncaug: 1
sample:
  front: {modality: image, plane: front}
  left: {modality: image, plane: left}
  eye: {modality: camera, plane: front, world: ego}
  side: {modality: camera, plane: left, world: ego}
  points: {modality: points, world: ego, columns: [x, y, z, r, g, b, intensity]}
steps:
  - {name: turn, uses: rotate, with: {degrees: 25, world: turn}}
checks:
  - reprojection: {max_pixels: 0.001}
on_fail: {then: error}
"""
    whole = everything()
    aside = {**whole["camera"], "world_to_camera": whole["camera"]["world_to_camera"].copy()}
    turn = np.array([[0.8, 0.0, -0.6], [0.0, 1.0, 0.0], [0.6, 0.0, 0.8]])
    aside["world_to_camera"][:3] = turn @ aside["world_to_camera"][:3]
    sample = {
        "front": whole["image"],
        "left": whole["image"],
        "eye": whole["camera"],
        "side": aside,
        "points": whole["points"],
    }
    out, record = load_policy(policy).apply(sample, key="a")
    assert record.attempts[0].measures["reprojection"] < 1e-3
    assert np.allclose(out["eye"]["world_to_camera"], sample["eye"]["world_to_camera"])
    pose = out["side"]["world_to_camera"]
    assert np.allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3), atol=1e-9)
    part = policy.replace("world: turn", "world: turn, plane: front")
    with pytest.raises(PolicyError, match="would leave the picture of 'side' behind"):
        load_policy(part)


@pytest.mark.parametrize("axis", ["horizontal", "vertical"])
@pytest.mark.parametrize("world", ["turn", "z"])
@pytest.mark.parametrize("fuse", ["on", "off"])
def test_a_camera_whose_matrix_holds_a_mirror_turns_and_keeps_its_matrix(
    axis: str, world: str, fuse: str
) -> None:
    """In K it looks the other way round, and so it turns."""
    policy = load_policy(
        f"{{syncaug: 1, fuse: {fuse}, sample: {{image: image, camera: camera, cloud: points, "
        "spots: {modality: keypoints, labels: n}}, steps: ["
        f"{{name: mirror, uses: flip, with: {{axis: {axis}, world: keep}}}}, "
        f"{{name: turn, uses: rotate, with: {{degrees: 30, world: {world}}}}}]}}"
    )
    matrix = np.array([[60.0, 0, 49.5], [0, 60, 49.5], [0, 0, 1]])
    cloud = np.array([[1.0, 2, 10], [-2, 1, 8]])
    seen = cloud @ matrix.T
    sample = {
        "image": np.zeros((100, 100, 3), np.uint8),
        "camera": {"K": matrix, "world_to_camera": np.eye(4), "size": (100, 100)},
        "cloud": cloud,
        "spots": seen[:, :2] / seen[:, 2:],
        "n": [0, 1],
    }
    out = policy(sample, key=1)
    signs = np.diag([-1.0, 1, 1] if axis == "horizontal" else [1.0, -1, 1])
    assert out["camera"]["K"][:2, :2] == pytest.approx((matrix @ signs)[:2, :2])
    pose = out["camera"]["world_to_camera"]
    seen = (out["cloud"] @ pose[:3, :3].T + pose[:3, 3]) @ out["camera"]["K"].T
    assert seen[:, :2] / seen[:, 2:] == pytest.approx(out["spots"])
