"""Stereo pairs: after any step the disparity still says where the other picture shows a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import (
    AlignmentError,
    PolicyError,
    RecordError,
    SampleError,
    SampleWarning,
    load_policy,
)
from syncaug.kernels.other_view import other_view

H, W = 24, 60
SHIFTS = np.array([3, 7, 5])
PAIR = """
syncaug: 1
sample:
  l: {modality: image, plane: left}
  r: {modality: image, plane: right}
  dl: {modality: disparity, plane: left, swap: [left, right]}
  dr: {modality: disparity, plane: right}
steps: STEPS
"""


def pair() -> dict[str, Any]:
    """Three bands of rows at three distances; every pixel of the pattern is met once in a row."""
    rows = np.random.default_rng(5).permuted(np.tile(np.arange(W + 10), (H, 1)), axis=1)
    wide = np.stack([rows, np.tile(np.arange(H)[:, None], (1, W + 10)), rows * 3], axis=-1)
    wide = wide.astype(np.uint8)
    shift = SHIFTS[np.arange(H) * 3 // H]
    right = np.stack([row[s : s + W] for row, s in zip(wide, shift, strict=True)])
    disparity = np.broadcast_to(shift[:, None], (H, W)).astype(np.float32).copy()
    disparity[:2] = 0.0
    return {"l": wide[:, :W].copy(), "r": right, "dl": disparity, "dr": disparity.copy()}


def met(out: dict[str, Any]) -> tuple[int, int]:
    """How many pixels of both pictures are shown by the other where disparities say, and not."""
    right = wrong = 0
    for near, far, disparity, sign in (
        (out["l"], out["r"], out["dl"], -1.0),
        (out["r"], out["l"], out["dr"], 1.0),
    ):
        for row, column in zip(*np.nonzero(disparity > 0), strict=True):
            place = round(column + sign * float(disparity[row, column]))
            if 0 <= place < far.shape[1] and far[row, place].any():  # else fill
                same = np.array_equal(near[row, column], far[row, place])
                right, wrong = right + same, wrong + (not same)
    return right, wrong


@pytest.mark.parametrize(
    "steps",
    [
        "[{name: a, uses: flip}]",
        "[{name: a, uses: flip, with: {axis: vertical}}]",
        "[{name: a, uses: flip, with: {axis: both}}]",
        "[{name: a, uses: rotate, with: {degrees: 180}}]",
        "[{name: a, uses: flip}, {name: b, uses: flip}]",
        "[{name: a, uses: crop, with: {area: 0.6}}, {name: b, uses: flip}]",
        "[{name: a, uses: flip}, {name: b, uses: translate, with: {x: 0.05, y: 0.125}}]",
        "[{name: a, apply: {l: {op: albumentations.HorizontalFlip}, "
        "r: {op: albumentations.HorizontalFlip}, dl: follow, dr: follow}}]",
    ],
)
@pytest.mark.parametrize("fuse", ["on", "off"])
def test_both_pictures_are_where_the_other_one_says(steps: str, fuse: str) -> None:
    policy = load_policy(PAIR.replace("STEPS", steps).replace("sample:", f"fuse: {fuse}\nsample:"))
    given = pair()
    out = policy(given, key=1)
    right, wrong = met(out)
    assert right > 700
    assert wrong == 0
    known = out["dl"][out["dl"] != 0]
    assert set(known.tolist()) <= set(SHIFTS.tolist())
    assert np.array_equal(given["dl"], pair()["dl"])


def test_disparity_grows_with_the_width_alone() -> None:
    steps = "[{name: a, uses: flip}, {name: b, uses: resize, with: {height: 12, width: 120}}]"
    out = load_policy(PAIR.replace("STEPS", steps))(pair(), key=1)
    assert set(np.unique(out["dl"]).tolist()) == {0.0, *(2.0 * SHIFTS).tolist()}
    assert out["dl"].shape == (12, 120)


def test_what_is_marked_on_one_picture_goes_with_it() -> None:
    """Labels, cameras and the captions of both pictures trade places as the pictures do."""
    policy = load_policy(
        """
syncaug: 1
sample:
  l: {modality: image, plane: left, swap: [l, r]}
  r: {modality: image, plane: right}
  l_boxes: {modality: boxes, plane: left, labels: l_names}
  r_boxes: {modality: boxes, plane: right, labels: r_names}
  l_cam: {modality: camera, plane: left, world: rig}
  r_cam: {modality: camera, plane: right, world: rig}
  said: {modality: text, describes: l}
steps: [{name: a, uses: flip}]
"""
    )
    image = np.zeros((H, W, 3), np.uint8)
    pose = np.eye(4)
    away = pose.copy()
    away[0, 3] = -0.5  # the right camera stands half a metre to the right
    intrinsics = np.array([[50.0, 0, 29.5], [0, 50, 11.5], [0, 0, 1]])
    camera = {"K": intrinsics, "size": (W, H)}
    out = policy(
        {
            "l": image,
            "r": image + 1,
            "l_boxes": [[10.0, 2, 20, 12]],
            "l_names": ["near"],
            "r_boxes": [[5.0, 2, 15, 12], [40.0, 2, 44, 12]],
            "r_names": ["far", "and this"],
            "l_cam": {**camera, "world_to_camera": pose},
            "r_cam": {**camera, "world_to_camera": away},
            "said": "a box on the left",
        },
        key=1,
    )
    assert out["l"].max() == 1
    assert out["r"].max() == 0
    assert out["l_names"] == ["far", "and this"]
    assert out["l_boxes"] == [[45.0, 2.0, 55.0, 12.0], [16.0, 2.0, 20.0, 12.0]]
    assert out["r_boxes"] == [[40.0, 2.0, 50.0, 12.0]]
    assert out["said"] == "a box on the right"
    centres = [
        -(np.asarray(out[name]["world_to_camera"])[:3, :3].T)
        @ np.asarray(out[name]["world_to_camera"])[:3, 3]
        for name in ("l_cam", "r_cam")
    ]
    across = np.asarray(out["l_cam"]["world_to_camera"])[0, :3]
    assert (centres[1] - centres[0]) @ across == pytest.approx(0.5)  # right is right again


def test_a_pair_that_is_mirrored_apart_is_refused() -> None:
    steps = "[{name: a, apply: {l: {op: albumentations.HorizontalFlip}, dl: follow}}]"
    with pytest.raises(AlignmentError, match="one picture of the pair .* is mirrored alone"):
        load_policy(PAIR.replace("STEPS", steps))(pair(), key=1)
    steps = (
        "[{name: a, apply: {l: {op: albumentations.RandomCrop, height: 9, width: 9}, dl: follow}}]"
    )
    with pytest.raises(AlignmentError, match="went through other maps"):
        load_policy(PAIR.replace("STEPS", steps))(pair(), key=1)


def test_a_mix_after_the_mirror_takes_the_partner_s_other_picture() -> None:
    steps = (
        "[{name: a, uses: flip}, "
        "{name: b, uses: cutmix, with: {share: 0.3, x: 0.5, y: 0.5}, partner: uniform}]"
    )
    policy = load_policy(PAIR.replace("STEPS", steps))
    partner = {name: np.full_like(value, 9) for name, value in pair().items()}
    partner["l"][:], partner["r"][:] = 50, 60
    out = policy(pair(), key=1, partner=partner)
    assert (out["l"][H // 2, W // 2], out["r"][H // 2, W // 2])[0].tolist() == [50, 50, 50]
    assert out["r"][H // 2, W // 2].tolist() == [60, 60, 60]


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("unit", ["pixels", "fraction"])
def test_one_disparity_is_seen_from_the_picture_that_took_its_place(side: str, unit: str) -> None:
    name = f"d{side[0]}"
    policy = load_policy(
        f"""
syncaug: 1
sample:
  l: {{modality: image, plane: left}}
  r: {{modality: image, plane: right}}
  {name}: {{modality: disparity, plane: {side}, swap: [left, right], unit: {unit}}}
steps: [{{name: a, uses: flip}}, {{name: b, uses: crop, with: {{area: 0.8, x: 0.2, y: 0.1}}}}]
"""
    )
    scale = np.float32(W if unit == "fraction" else 1.0)
    given = {key: value for key, value in pair().items() if key in ("l", "r", name)}
    given[name] = given[name] / scale
    out, record = policy.apply(given, key=1)
    width = out["l"].shape[1] if unit == "fraction" else 1
    seen = np.rint(out[name] * width)
    both = {"l": out["l"], "r": out["r"], "dl": np.zeros(1), "dr": np.zeros(1)}
    right, wrong = met({**both, name: seen})
    assert wrong == 0
    assert right > 500
    assert (seen > 0).mean() > 0.75
    with pytest.raises(RecordError, match="made anew"):
        policy.invert(out[name], record, name)


def test_the_nearer_thing_is_seen_and_slanted_surfaces_have_no_gaps() -> None:
    row = np.array([[1.0, 1, 1, 1, 1, 3, 3, 3, 0, np.nan]])
    assert other_view(row, -1.0).tolist() == [[1.0, 1, 3, 3, 3, 0, 0, 0, 0, 0]]
    slanted = np.linspace(3.0, 6.0, 12)[None]
    seen = other_view(slanted, 1.0)
    known = np.flatnonzero(seen[0])
    assert (np.diff(known) == 1).all()


# One disparity


def one(value: Any, stream: str, steps: str) -> Any:
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, d: {{modality: disparity, {stream}}}}}\n"
        f"steps: {steps}\n"
    )
    return policy({"image": np.zeros((4, 6, 3), np.uint8), "d": value}, key=1)["d"]


def test_its_sign_follows_a_mirror_or_is_kept() -> None:
    given = np.tile(np.array([2.0, 0.0, -1.0, np.nan, 4.0, 5.0], np.float32), (4, 1))
    out = one(given, "sign: follow", "[{name: a, uses: flip}]")
    assert np.array_equal(out[0], np.array([-5.0, -4.0, np.nan, 0.0, 0.0, -2.0]), equal_nan=True)
    out = one(given, "sign: keep", "[{name: a, uses: flip}]")
    assert np.array_equal(out[0], np.array([5.0, 4.0, np.nan, -1.0, 0.0, 2.0]), equal_nan=True)
    noise = "{name: b, uses: noise, with: {snr_db: 9, image: gaussian}}"
    twice = f"[{{name: a, uses: flip}}, {noise}, {{name: c, uses: flip}}]"
    out = one(given, "sign: follow", twice)
    assert np.array_equal(out[0, [0, 4, 5]], [2.0, 4.0, 5.0])


def test_fractions_do_not_change_with_the_size() -> None:
    given = np.full((4, 6), 0.25, np.float64)
    out = one(
        given,
        "unit: fraction, sign: keep",
        "[{name: a, uses: resize, with: {height: 4, width: 12}}]",
    )
    assert np.array_equal(out, np.full((4, 12), 0.25))


def test_numbers_below_0_alone_are_probably_of_the_right_picture() -> None:
    step = "[{name: a, uses: light, with: {value: 0}}]"
    with pytest.warns(SampleWarning, match="absolute values"):
        one(np.full((4, 6), -3.0, np.float32), "sign: keep", step)


def test_the_report_tells_what_left_the_picture_that_came() -> None:
    policy = load_policy(
        """
syncaug: 1
sample:
  l: {modality: image, plane: left, swap: [left, right]}
  r: {modality: image, plane: right}
  l_boxes: {modality: boxes, plane: left, labels: l_names}
  r_boxes: {modality: boxes, plane: right, labels: r_names}
steps: [{name: a, uses: flip}, {name: b, uses: crop, with: {area: 0.4, x: 0, y: 0}}]
"""
    )
    shown = policy.preview(
        {
            **{key: value for key, value in pair().items() if key in ("l", "r")},
            "l_boxes": [[40.0, 2, 55, 12]],
            "l_names": ["near"],
            "r_boxes": [[50.0, 2, 58, 12], [2.0, 15, 8, 20], [45.0, 5, 50, 10]],
            "r_names": ["bus", "mug", "hat"],
        },
        key=1,
        variants=1,
    )
    assert shown[0].after["l_names"] == ["bus", "hat"]
    page = shown._repr_html_()
    assert "left the picture: mug" in page


def test_a_pair_may_say_what_the_other_leaves_unsaid() -> None:
    """What a modality says of itself is the same, written down or not."""
    policy = load_policy(
        """
syncaug: 1
sample:
  left: {modality: image, plane: left, swap: [left, right]}
  right: {modality: image, plane: right, layout: hwc}
  ours: {modality: boxes, plane: left}
  theirs: {modality: boxes, plane: right, format: pascal_voc}
steps: [{name: mirror, uses: flip}]
"""
    )
    photo = np.zeros((40, 60, 3), np.uint8)
    boxes = {"ours": [[10.0, 10, 20, 20]], "theirs": [[8.0, 10, 18, 20]]}
    out = policy({"left": photo, "right": photo, **boxes}, key=1)
    assert out["ours"] == [[42.0, 10, 52, 20]]
    assert out["theirs"] == [[40.0, 10, 50, 20]]


BY_LIBRARY = "{a: {op: albumentations.HorizontalFlip}, b: {op: albumentations.HorizontalFlip}MORE}"
MIRRORS = [
    "{name: m, uses: flip}",
    f"{{name: m, apply: {BY_LIBRARY}}}",
    "{name: m, uses: rotate, with: {degrees: [170, 175]}}",
]
PHOTO = np.zeros((24, 40, 3), np.uint8)


def mirrored(a: Any, b: Any, step: str, **more: Any) -> Any:
    """What a step makes of two pictures that are a stereo pair, and of what lies on them."""
    streams = "".join(f", {name}: {told}" for name, (told, _) in more.items())
    follow = "".join(f", {name}: follow" for name in more)
    policy = load_policy(
        "{syncaug: 1, sample: {a: {modality: image, plane: left, swap: [left, right]}, "
        f"b: {{modality: image, plane: right}}{streams}}}, "
        f"steps: [{step.replace('MORE', follow)}]}}"
    )
    return policy({"a": a, "b": b} | {name: value for name, (_, value) in more.items()}, key=1)


@pytest.mark.parametrize("step", MIRRORS)
def test_a_pair_of_two_forms_is_refused_where_it_trades_places(step: str) -> None:
    with pytest.raises(SampleError, match=r"'b'.*expected .*uint8.* as 'a' has.*float32"):
        mirrored(PHOTO, PHOTO.astype(np.float32), step)
    with pytest.raises(SampleError, match=r"expected .*3 channels, as 'a' has"):
        mirrored(PHOTO, PHOTO[..., :1], step)
    with pytest.raises(AlignmentError, match="one has 40x24 pixels, the other 30x24"):
        mirrored(PHOTO, PHOTO[:, :30], step)
    boxes = ["{modality: boxes, plane: left}", "{modality: boxes, plane: right}"]
    rows = np.array([[1.0, 2, 30, 20]])
    with pytest.raises(SampleError, match=r"'d'.*expected float64 .*as 'c' has.*a list of 1x4"):
        mirrored(PHOTO, PHOTO, step, c=(boxes[0], rows), d=(boxes[1], rows.tolist()))
    out = mirrored(PHOTO, PHOTO, step, c=(boxes[0], rows), d=(boxes[1], []))  # no row, no form
    assert len(out["c"]) == 0
    assert len(out["d"]) == 1


def test_a_pair_of_two_forms_may_be_moved_by_what_trades_nothing() -> None:
    step = "{name: s, uses: scale, with: {factor: 0.5}}"
    out = mirrored(PHOTO, PHOTO.astype(np.float32), step)
    assert (out["a"].dtype, out["b"].dtype) == (np.uint8, np.float32)
    sized = "{name: m, uses: flip}, {name: s, uses: resize, with: {height: 20, width: 20}}"
    assert mirrored(PHOTO, PHOTO[:, :30], sized)["a"].shape == (20, 20, 3)


def test_numbers_of_two_meanings_trade_places_in_no_operation_either() -> None:
    boxes = {
        "c": ("{modality: boxes, plane: left, format: coco}", [[1.0, 2, 3, 4]]),
        "d": ("{modality: boxes, plane: right}", [[1.0, 2, 3, 4]]),
    }
    with pytest.raises(PolicyError, match=r"HorizontalFlip lets 'c' and 'd' trade places.*format"):
        mirrored(PHOTO, PHOTO, MIRRORS[1], **boxes)
    with pytest.raises(AlignmentError, match="trades places with 'd', which is of another format"):
        mirrored(PHOTO, PHOTO, MIRRORS[2], **boxes)
