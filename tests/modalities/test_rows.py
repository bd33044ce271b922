"""Rows of annotations: parallel lists, areas, visibility, whole numbers, and what lies outside."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, PolicyWarning, SampleError, SampleWarning, load_policy

PICTURE = np.zeros((100, 200, 3), np.uint8)


def run(sample: dict[str, Any], streams: str, *steps: str, **partner: Any) -> dict[str, Any]:
    """Apply steps to a picture of 200x100 and what `sample` adds, with warnings as errors."""
    lines = "".join(f"  - {{name: s{i}, {step}}}\n" for i, step in enumerate(steps))
    policy = load_policy(f"syncaug: 1\nsample: {{image: image, {streams}}}\nsteps:\n{lines}")
    out = policy({"image": PICTURE, **sample}, key="k", **partner)
    return out  # type: ignore[no-any-return]


FLIP = "uses: flip"
LEFT_HALF = "uses: crop, with: {area: 0.25, ratio: 2, x: 0, y: 0}"
DOUBLE = "uses: resize, with: {height: 200, width: 400}"
COVER_LEFT = "uses: occlude, with: {area: 0.25, ratio: 2, x: 0, y: 0}"


# Several lists beside one stream

COCO = "boxes: {modality: boxes, format: coco, labels: [classes, ids, area, iscrowd]}"


def coco() -> dict[str, Any]:
    return {
        "boxes": [[10.0, 10.0, 20.0, 20.0], [90.0, 10.0, 20.0, 20.0], [150.0, 60.0, 20.0, 20.0]],
        "classes": ["dog", "cat", "cow"],
        "ids": np.array([7, 8, 9], np.uint16),
        "area": [300, 250.0, 120],
        "iscrowd": (0, 1, 0),
    }


def test_every_list_goes_where_its_boxes_go_and_keeps_its_form() -> None:
    out = run(coco(), COCO, LEFT_HALF)
    assert out["boxes"] == [[10.0, 10.0, 20.0, 20.0], [90.0, 10.0, 10.0, 20.0]]
    assert out["classes"] == ["dog", "cat"]
    assert out["ids"].tolist() == [7, 8]
    assert out["ids"].dtype == np.uint16
    assert out["iscrowd"] == (0, 1)
    assert out["area"] == [300, 125.0]  # half of the cat is left
    assert [type(area) for area in out["area"]] == [int, float]


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ((FLIP,), [300, 250.0, 120]),
        ((DOUBLE,), [1200, 1000.0, 480]),
        ((LEFT_HALF, "uses: resize, with: {height: 100, width: 200}"), [1200, 500.0]),
        (("uses: rotate, with: {degrees: 90, expand: true}",), [300, 250.0, 120]),
        ((COVER_LEFT,), [125.0, 120]),  # half of the cat is covered
        (("uses: drop_modality, with: {streams: [boxes]}",), []),
    ],
)
def test_an_area_is_what_is_left_of_it_times_the_enlargement(
    steps: tuple[str, ...], wanted: list[float]
) -> None:
    assert np.allclose(run(coco(), COCO, *steps)["area"], wanted)


def test_an_area_does_not_grow_with_the_box_that_is_fitted_to_a_turned_one() -> None:
    sample = {"boxes": [[90.0, 40.0, 110.0, 60.0]], "area": np.array([100.0], np.float32)}
    declared = "boxes: {modality: boxes, labels: [area]}"
    out = run(sample, declared, "uses: rotate, with: {degrees: 45}")
    assert np.ptp(out["boxes"][0]) > 28.0
    assert np.allclose(out["area"], [100.0])
    assert out["area"].dtype == np.float32


def test_areas_in_a_narrow_type_widen_with_a_word() -> None:
    sample = {"boxes": [[90.0, 40.0, 110.0, 60.0]], "area": np.array([200], np.uint8)}
    declared = "boxes: {modality: boxes, labels: [area]}"
    with pytest.warns(SampleWarning, match="area came as uint8"):
        out = run(sample, declared, DOUBLE)
    assert out["area"].tolist() == [800]


def test_a_partner_brings_its_entries_of_every_list() -> None:
    partner = {
        "image": PICTURE,
        "boxes": [[40.0, 40.0, 20.0, 20.0]],
        "classes": ["bus"],
        "ids": np.array([70000]),
        "area": [111.0],
        "iscrowd": (1,),
    }
    step = "uses: cutmix, with: {share: 0.25, x: 0.25, y: 0.25}"
    out = run(coco(), COCO, step, partner=partner)
    assert out["classes"] == ["cat", "cow", "bus"]
    assert out["ids"].tolist() == [8, 9, 70000]
    assert out["iscrowd"] == (1, 0, 1)
    assert np.allclose(out["area"], [125.0, 120, 55.5])
    blend = run(coco(), COCO, "uses: mixup, with: {share: 0.5}", partner=partner)
    assert blend["area"] == [300, 250.0, 120, 111.0]
    assert blend["classes"] == ["dog", "cat", "cow", "bus"]


def test_keypoints_and_3d_boxes_take_several_lists_too() -> None:
    dots = "dots: {modality: keypoints, labels: [names, scores]}"
    sample = {"dots": [[20.0, 5.0], [150.0, 5.0]], "names": ["left_hand", "nose"]}
    out = run({**sample, "scores": [3, 4]}, dots, FLIP, LEFT_HALF)
    assert (out["names"], out["scores"]) == (["nose"], [4])
    out = run({**sample, "scores": [3, 4]}, dots, FLIP)
    assert (out["names"], out["scores"]) == (["right_hand", "nose"], [3, 4])
    cars = "cars: {modality: boxes3d, labels: [kinds, tracks]}"
    rows = {"cars": np.ones((2, 7)), "kinds": ["a", "b"], "tracks": np.array([5, 6])}
    out = run(rows, cars, "uses: drop_modality, with: {streams: [cars]}")
    assert (out["kinds"], out["tracks"].tolist()) == ([], [])


@pytest.mark.parametrize("key", ["area", "Area", "bbox_area", "maskArea"])
def test_an_area_is_known_in_other_spellings(key: str) -> None:
    out = run(
        {"b": [[0.0, 0, 20, 20]], key: [300]}, f"b: {{modality: boxes, labels: {key}}}", DOUBLE
    )
    assert out[key] == [1200]


SPEEDS = [
    [[1.0, 2.0]],
    [(1.0, 2.0)],
    np.array([[1.0, 2.0]], np.float32),
    [np.array([1.0, 2.0])],
    [[1.0, 2.0, 3.0]],
    np.array([[1, 2, 3]]),
]


@pytest.mark.parametrize("key", ["velocity", "gt_velocities", "boxVelocity"])
@pytest.mark.parametrize("rows", SPEEDS, ids=lambda rows: str(rows)[:24])
def test_velocities_beside_3d_boxes_move_with_the_world(rows: Any, key: str) -> None:
    for step, wanted in (
        ("uses: world_rotate, with: {axis: z, degrees: 90}", [-2.0, 1.0, 3.0]),
        ("uses: world_scale, with: {factor: 2}", [2.0, 4.0, 6.0]),
        ("uses: flip, with: {world: y}", [1.0, -2.0, 3.0]),
        ("uses: world_translate, with: {x: 5}", [1.0, 2.0, 3.0]),
    ):
        streams = f"cars: {{modality: boxes3d, labels: [kinds, {key}]}}"
        sample = {"cars": np.ones((1, 7)), "kinds": ["a"], key: rows}
        [out] = run(sample, streams, step)[key]
        assert np.allclose(out, wanted[: len(out)], atol=1e-6)
        assert type(out) is type(rows[0])


def test_velocities_that_are_not_known_stay_so() -> None:
    streams = "cars: {modality: boxes3d, labels: velocity}"
    turn = "uses: world_rotate, with: {axis: z, degrees: 90}"
    for rows in ([[1.0, 0.0], None], [[1.0, 0.0], [np.nan, np.nan]]):
        out = run({"cars": np.ones((2, 7)), "velocity": rows}, streams, turn)["velocity"]
        assert np.allclose(out[0], [0.0, 1.0])
        assert out[1] is None or np.isnan(out[1]).all()
    with pytest.raises(SampleError, match="'velocity': expected 1 entries"):
        run({"cars": np.ones((1, 7)), "velocity": rows}, streams, turn)


PLACES: list[tuple[str, Any]] = [
    ("segmentation", [[[10, 10, 30, 10, 30, 40]]]),
    ("segmentations", [{"size": [100, 200], "counts": b"abc"}]),
    ("keypoints", [[12, 12, 2, 0, 0, 0]]),
    ("gt_bboxes", np.array([[10, 10, 20, 30]])),
    ("center2d", [[12.0, 14.0, 7.5]]),
    ("bbox_cam3d", [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.1]]),
    ("polygon", [np.array([[1.0, 2.0]])]),
    ("masks", np.zeros((1, 100, 200), bool)),
]


@pytest.mark.parametrize(("key", "rows"), PLACES, ids=lambda value: str(value)[:20])
def test_lists_of_places_that_stay_are_told(key: str, rows: Any) -> None:
    streams = f"boxes: {{modality: boxes, labels: {key}}}"
    sample = {"boxes": [[10.0, 10.0, 30.0, 40.0]], key: rows}
    for step in (FLIP, LEFT_HALF, DOUBLE):
        with pytest.warns(SampleWarning, match=f"list '{key}' tells of places or directions"):
            run(sample, streams, step)
    run(sample, streams, "uses: light, with: {value: 0.1}")


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("box_scores", [0.9]),
        ("num_keypoints", [17]),
        ("mask_ids", [3]),
        ("points", [5]),
        ("path", ["a.jpg"]),
        ("direction", ["north"]),
        ("velocity", ["fast"]),
        ("attributes", [["red", "old"]]),
        ("embeddings", np.zeros((1, 8))),
    ],
)
def test_lists_of_other_things_pass_without_a_word(key: str, rows: Any) -> None:
    sample = {"boxes": [[10.0, 10.0, 30.0, 40.0]], key: rows}
    run(sample, f"boxes: {{modality: boxes, labels: {key}}}", FLIP, LEFT_HALF)


TOLD: list[tuple[str, dict[str, Any]]] = [
    ("foot_kpts", {"foot_kpts": [12.0, 12.0, 2.0, 0.0, 0.0, 0.0], "foot_valid": True}),
    ("headBox", {"headBox": [10, 10, 5, 5]}),
    ("keypoints_21", {"keypoints_21": [12, 12, 2]}),
    ("mask", {"mask": {"size": [100, 200], "counts": [0, 5]}}),
    ("polygon", {"id": 3, "polygon": [[1.0, 2.0, 3.0], [4.0]]}),
    ("rotation", {"attributes": {"occluded": False, "rotation": 30.0}}),
]


@pytest.mark.parametrize(("name", "entry"), TOLD, ids=lambda value: str(value)[:20])
def test_places_inside_the_entries_of_a_list_are_told(name: str, entry: dict[str, Any]) -> None:
    streams = "boxes: {modality: boxes, labels: [kinds, rest]}"
    boxes = [[10.0, 10.0, 30.0, 40.0], [20.0, 20.0, 30.0, 40.0]]
    sample = {"boxes": boxes, "kinds": ["a", "b"], "rest": [{}, entry]}
    for step in (FLIP, DOUBLE):
        with pytest.warns(
            SampleWarning, match=f"entries of 'rest' tell, under '{name}', of places"
        ):
            run(sample, streams, step)
    run(sample, streams, "uses: light, with: {value: 0.1}")


@pytest.mark.parametrize(
    "entry",
    [
        {"attributes": {"occluded": False, "rotation": 0.0}},  # as CVAT writes of every box
        {"id": 7, "score": 0.5, "path": "a.jpg", "points": 5, "tags": ["box"], "mask_ids": [3]},
        {"foot_kpts": [0.0] * 18, "segmentation": [], "bbox": None},
        {"token": "c0", "num_lidar_pts": 3, "visibility_token": "4"},
    ],
    ids=lambda entry: next(iter(entry)),
)
def test_entries_of_other_things_pass_without_a_word(entry: dict[str, Any]) -> None:
    sample = {"boxes": [[10.0, 10.0, 30.0, 40.0]], "rest": [entry]}
    run(sample, "boxes: {modality: boxes, labels: rest}", FLIP, LEFT_HALF)


@pytest.mark.parametrize("rows", [[], np.zeros((0, 2)), np.zeros(0, np.float32)])
def test_samples_without_rows_pass_without_a_word(rows: Any) -> None:
    turn = "uses: world_rotate, with: {axis: z, degrees: 5}"
    sample = {"cars": np.zeros((0, 7)), "velocity": rows, "yaw": rows}
    run(sample, "cars: {modality: boxes3d, labels: [velocity, yaw]}", turn)
    sample = {"boxes": [], "segmentation": rows}
    run(sample, "boxes: {modality: boxes, labels: segmentation}", FLIP, LEFT_HALF)


def test_angles_that_stay_are_told_where_something_turns() -> None:
    rows = {"cars": np.ones((1, 7)), "yaw": [0.5]}
    streams = "cars: {modality: boxes3d, labels: yaw}"
    run(rows, streams, "uses: world_translate, with: {x: 5}")
    with pytest.warns(SampleWarning, match="list 'yaw' tells of places or directions"):
        run(rows, streams, "uses: world_rotate, with: {axis: z, degrees: 5}")


@pytest.mark.parametrize("key", ["velocity", "gt_velocity", "velocities"])
def test_velocities_that_are_left_untouched_are_told(key: str) -> None:
    text = (
        f"syncaug: 1\nsample: {{cars: boxes3d}}\nuntouched: [token, {key}]\n"
        "steps: [{name: s, uses: %s}]\n"
    )
    with pytest.warns(PolicyWarning, match=f"SA610 step 's' moves the world, and '{key}' stays"):
        load_policy(text % "world_rotate, with: {axis: z, degrees: 5}")
    load_policy(text % "world_translate, with: {x: 5}")


@pytest.mark.parametrize(
    ("labels", "code"),
    [("[a, a]", "SA509"), ("[a, image]", "SA509"), ("[]", "SA203"), ("[3]", "SA203"),
     ("{a: b}", "SA203")],
)  # fmt: skip
def test_lists_are_named_once(labels: str, code: str) -> None:
    with pytest.raises(PolicyError, match=code):
        run({}, f"boxes: {{modality: boxes, labels: {labels}}}", FLIP)


def test_a_list_that_is_missing_too_short_or_no_area_is_named() -> None:
    for change, match in (
        ({"ids": [1]}, "stream 'ids': expected 3 entries"),
        ({"area": ["big", 1, 2]}, "stream 'area': expected the pixels of each row.*entry 0"),
    ):
        with pytest.raises(SampleError, match=match):
            run({**coco(), **change}, COCO, FLIP)


# Visibility

POSE = "pose: {modality: keypoints, names: [nose, left_hip, right_hip]}"
BODY = [[20.0, 20.0, 2.0], [0.0, 0.0, 0.0], [150.0, 80.0, 1.0]]
EVERY_STEP = [
    FLIP,
    LEFT_HALF,
    DOUBLE,
    COVER_LEFT,
    "uses: rotate, with: {degrees: 30}",
    "uses: rotate, with: {degrees: 90, expand: true}",
    "uses: scale, with: {factor: 1.3}",
    "uses: translate, with: {x: 0.2, y: 0.1}",
    "uses: perspective, with: {strength: 0.1}",
    "apply: {image: {op: albumentations.ElasticTransform, alpha: 30, sigma: 9}, pose: follow}",
]


@pytest.mark.parametrize("step", EVERY_STEP)
@pytest.mark.parametrize(
    "form",
    [
        np.array([BODY, BODY]),
        np.array([BODY], np.float32),
        np.array(BODY),
        np.array(BODY, np.int32),
        BODY,
        [BODY],
    ],
    ids=["NxKx3", "float32", "Kx3", "int", "list", "lists"],
)
def test_what_was_never_labelled_stays_so(step: str, form: Any) -> None:
    out = np.asarray(run({"pose": form}, POSE, step)["pose"]).reshape(-1, 3, 3)
    for body in out:
        unlabelled = 2 if step == FLIP else 1
        assert body[unlabelled].tolist() == [0, 0, 0]


def test_unlabelled_rows_beside_labels_keep_their_names() -> None:
    sample = {"pose": [*BODY[:2]], "names": ["nose", "left_hip"]}
    out = run(sample, "pose: {modality: keypoints, labels: names}", FLIP)
    assert out["pose"] == [[179.0, 20.0, 2.0], [0.0, 0.0, 0.0]]
    assert out["names"] == ["nose", "right_hip"]


def test_a_point_that_really_is_at_the_corner_moves() -> None:
    pose = np.array([[0.0, 0.0, 2.0], [0.0, 0.0, 1.0], [5.0, 5.0, 2.0]])
    out = run({"pose": pose}, POSE, FLIP)["pose"]
    assert out[[0, 2]].tolist() == [[199.0, 0.0, 2.0], [199.0, 0.0, 1.0]]
    dots = run({"dots": [[0.0, 0.0]]}, "dots: keypoints", FLIP)
    assert dots["dots"] == [[199.0, 0.0]]


def test_what_is_covered_is_hidden_and_what_is_outside_is_not_there() -> None:
    out = run({"pose": np.array(BODY)}, POSE, COVER_LEFT)["pose"]
    assert out[:, 2].tolist() == [1.0, 0.0, 1.0]
    out = run({"pose": np.array(BODY)}, POSE, COVER_LEFT, LEFT_HALF)["pose"]
    assert out[:, 2].tolist() == [1.0, 0.0, 0.0]
    out = run({"pose": np.array(BODY)}, POSE, LEFT_HALF, COVER_LEFT)["pose"]
    assert out[:, 2].tolist() == [1.0, 0.0, 0.0]


def test_points_without_a_column_go_where_they_are_covered() -> None:
    sample = {"dots": [[20.0, 20.0], [150.0, 80.0]], "names": ["a", "b"]}
    out = run(sample, "dots: {modality: keypoints, labels: names}", COVER_LEFT)
    assert (out["dots"], out["names"]) == ([[150.0, 80.0]], ["b"])


def test_unlabelled_rows_of_a_partner_stay_so() -> None:
    people = "pose: {modality: keypoints, names: [nose, left_hip, right_hip]}"
    step = "uses: cutmix, with: {share: 0.25, x: 0.25, y: 0.25}"
    partner = {"image": np.zeros((50, 100, 3), np.uint8), "pose": np.array([BODY])}
    out = run({"pose": np.array([BODY])}, people, step, partner=partner)["pose"]
    assert len(out) == 2
    assert (out[:, 1] == 0).all()


# Whole numbers


@pytest.mark.parametrize(
    "dtype", [np.uint8, np.int8, np.int16, np.uint16, np.int32, np.uint32, np.int64]
)
def test_whole_keypoints_never_wrap(dtype: Any) -> None:
    sample = {"dots": np.array([[120, 90]], dtype), "n": ["a"]}
    declared = "dots: {modality: keypoints, labels: n}"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        out = run(sample, declared, DOUBLE)["dots"]
    wanted = [[240, 180]]
    assert np.abs(out.astype(int) - wanted).max() <= 1
    narrow = np.iinfo(dtype).max < np.max(wanted)
    assert (out.dtype == dtype) != narrow
    assert [w.category for w in caught] == [SampleWarning] * int(narrow)
    assert all("cannot hold" in str(w.message) for w in caught)


def test_an_unsigned_point_that_leaves_to_the_left_or_the_top_is_negative() -> None:
    pose = np.array([[5, 50, 2], [0, 0, 0], [150, 5, 2]], np.uint16)
    with pytest.warns(SampleWarning, match="'pose': came as uint16, which cannot hold -"):
        out = run({"pose": pose}, POSE, "uses: translate, with: {x: -0.1, y: -0.1}")["pose"]
    assert out.tolist() == [[-15, 40, 0], [0, 0, 0], [130, -5, 0]]


def test_widening_is_told_once_for_a_policy_and_stream() -> None:
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, dots: keypoints}}\nsteps: [{{name: a, {DOUBLE}}}]\n"
    )
    sample = {"image": PICTURE, "dots": np.array([[150, 90]], np.uint8)}
    with pytest.warns(SampleWarning) as caught:
        outs = [policy(sample, key=key)["dots"].tolist() for key in range(3)]
    assert outs == [[[300, 180]]] * 3
    assert len(caught) == 1


FORMS = ["pascal_voc", "coco", "yolo", "albumentations"]


@pytest.mark.parametrize("corner", [(0, 0), (60, 18), (196, 96), (101, 51)])
@pytest.mark.parametrize("form", FORMS[:2])
@pytest.mark.parametrize("dtype", [np.uint8, np.int32])
def test_whole_boxes_keep_a_pixel_inside_the_picture(
    corner: tuple[int, int], form: str, dtype: Any
) -> None:
    x, y = corner
    box = [x, y, 4, 4] if form == "coco" else [x, y, x + 4, y + 4]
    sample = {"boxes": np.array([box], dtype), "names": ["a"]}
    declared = f"boxes: {{modality: boxes, format: {form}, labels: names}}"
    out = run(sample, declared, "uses: resize, with: {height: 10, width: 20}")
    left, top, right, bottom = out["boxes"][0].tolist()
    if form == "coco":
        right, bottom = left + right, top + bottom
    assert (right - left, bottom - top) == (1, 1)
    assert 0 <= left < right <= 20
    assert 0 <= top < bottom <= 10
    assert abs(left + 0.5 - (x + 2) / 10) <= 1.0
    assert out["boxes"].dtype == dtype
    assert out["names"] == ["a"]


@pytest.mark.parametrize(
    ("form", "box"), [("yolo", [0, 0, 1, 1]), ("albumentations", [0, 0, 1, 1])]
)
def test_fractions_in_whole_numbers_go_out_as_floats(form: str, box: list[int]) -> None:
    if form == "yolo":
        box = [1, 1, 1, 1]  # its right lower quarter is in the picture
    declared = f"boxes: {{modality: boxes, format: {form}, outside: clip}}"
    with pytest.warns(SampleWarning, match="fractions came as int64"):
        out = run({"boxes": np.array([box])}, declared, "uses: scale, with: {factor: 0.5}")
    assert out["boxes"].dtype == np.float64
    assert (out["boxes"][0, 2:] > 0).all()


def test_floats_and_ordinary_whole_boxes_pass_as_before() -> None:
    small = np.array([[60.0, 18.0, 60.2, 18.2]], np.float32)
    out = run({"boxes": small}, "boxes: boxes", "uses: scale, with: {factor: 0.2}")["boxes"]
    assert out.dtype == np.float32
    assert 0 < out[0, 2] - out[0, 0] < 0.1
    whole = run({"boxes": np.array([[10, 20, 30, 41]], np.int16)}, "boxes: boxes", FLIP)["boxes"]
    assert (whole.tolist(), whole.dtype) == ([[170, 20, 190, 41]], np.int16)


# What lies outside

BEYOND: dict[str, Any] = {
    "boxes": np.array(
        [[-20.0, 10, 20, 30], [50, 50, 50, 80], [np.nan] * 4, [60, 60, 80, 80], [190, 90, 260, 99]]
    ),
    "names": ["cut", "flat", "nan", "whole", "edge"],
    "phrases": ["a cut", None, "a nan", "a whole", "an edge"],
    "caption": "a cut, a nan, a whole and an edge",
}


def declared(rule: str) -> str:
    option = f", outside: {rule}" if rule else ""
    return f"boxes: {{modality: boxes, labels: names{option}}}, caption: text, phrases: phrases"


def test_clip_cuts_boxes_to_the_picture_and_leaves_out_what_has_no_place_there() -> None:
    out = run(BEYOND, declared("clip"), FLIP)
    wanted = [[180, 10, 200, 30], [120, 60, 140, 80], [0, 90, 10, 99]]
    assert np.allclose(out["boxes"], wanted)
    assert out["names"] == ["cut", "whole", "edge"]
    assert out["phrases"] == ["a cut", "a whole", "an edge"]
    assert out["caption"] == BEYOND["caption"]


def test_drop_leaves_out_all_that_reaches_out() -> None:
    out = run(BEYOND, declared("drop"), FLIP)
    assert np.allclose(out["boxes"], [[120, 60, 140, 80]])
    assert (out["names"], out["phrases"]) == (["whole"], ["a whole"])


def test_a_box_that_was_clipped_counts_as_whole_from_then_on() -> None:
    sample = {"boxes": [[-80.0, 10, 20, 30]], "area": [2000.0]}
    streams = "boxes: {modality: boxes, labels: [area], outside: clip, min_visible: 0.9}"
    out = run(sample, streams, FLIP)
    assert out["boxes"] == [[180.0, 10.0, 200.0, 30.0]]
    assert np.allclose(out["area"], [400.0])


@pytest.mark.parametrize(
    ("box", "match"),
    [
        ([-20.0, 10, 20, 30], "inside the picture.*outside: clip or outside: drop"),
        ([50.0, 50, 50, 80], "above 0.*outside: clip or outside: drop"),
        ([np.nan, 50, 50, 80], "finite.*box 0.*outside: clip or outside: drop"),
        ([80.0, 50, 50, 80], "above 0.*The format is pascal_voc"),
    ],
)
def test_without_a_rule_the_error_says_the_remedy(box: list[float], match: str) -> None:
    with pytest.raises(SampleError, match=match):
        run({"boxes": [box]}, "boxes: boxes", FLIP)


@pytest.mark.parametrize("rule", ["clip", "drop"])
def test_boxes_inside_out_are_wrong_by_every_rule(rule: str) -> None:
    with pytest.raises(SampleError, match="above 0"):
        run({"boxes": [[80.0, 50, 50, 80]]}, f"boxes: {{modality: boxes, outside: {rule}}}", FLIP)


def test_boxes_within_a_pixel_of_the_edge_pass_by_every_rule() -> None:
    for rule in ("error", "clip", "drop"):
        out = run({"boxes": [[-0.6, 0, 20, 100.4]]},
                  f"boxes: {{modality: boxes, outside: {rule}}}", FLIP)  # fmt: skip
        assert len(out["boxes"]) == 1


def test_points_outside_follow_their_rule() -> None:
    pose = np.array([[-20.0, 20.0, 2.0], [0.0, 0.0, 0.0], [150.0, 80.0, 2.0]])
    moved = "uses: translate, with: {x: 0.2, y: 0}"

    def posed(rule: str) -> Any:
        return run({"pose": pose}, POSE.replace("}", f", outside: {rule}}}"), moved)["pose"]

    assert posed("keep")[0].tolist() == [20.0, 20.0, 2.0]
    assert posed("drop")[0].tolist() == [20.0, 20.0, 0.0]
    assert posed("clip")[0].tolist() == [40.0, 20.0, 1.0]
    for rule in ("keep", "drop", "clip"):
        assert posed(rule)[1:].tolist() == [[0.0, 0.0, 0.0], [190.0, 80.0, 2.0]]
    with pytest.raises(SampleError, match=r"visible points inside.*point 0 at \[-20.0, 20.0\]"):
        posed("error")


def test_points_that_are_nan_are_left_out_where_asked() -> None:
    sample = {"dots": [[np.nan, np.nan, 2.0], [150.0, 80.0, 2.0]], "names": ["a", "b"]}
    out = run(sample, "dots: {modality: keypoints, labels: names, outside: drop}", FLIP)
    assert (out["dots"], out["names"]) == ([[49.0, 80.0, 2.0]], ["b"])
    pose = np.array([[np.nan, np.nan, np.nan], [10.0, 10.0, 2.0], [150.0, 80.0, 2.0]])
    out = run({"pose": pose}, POSE.replace("}", ", outside: drop}"), DOUBLE)
    assert out["pose"][0].tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(SampleError, match="outside: drop"):
        run({"pose": pose}, POSE, FLIP)
