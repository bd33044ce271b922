"""Names and numbers of sides in a mirror: swapped, kept or warned of; and what names no side."""

from __future__ import annotations

import warnings
from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from syncaug import (
    AlignmentError,
    PolicyError,
    PolicyWarning,
    SampleError,
    SampleWarning,
    load_policy,
)
from syncaug.body_sides import sided, swapped_name, swapped_order
from syncaug.loading import check_policy

Named = namedtuple("Named", "name number")
PICTURE = np.zeros((100, 200, 3), np.uint8)
BOX = [10.0, 10.0, 30.0, 30.0]
MIRRORS = [
    "uses: flip",
    "uses: flip, with: {axis: vertical}",
    "apply: {image: {op: albumentations.HorizontalFlip}, boxes: follow}",
    "apply: {image: {op: albumentations.Transpose}, boxes: follow}",
]
ALIAS = "apply: {image: {op: albumentations.TimeReverse}, boxes: follow}"
NO_MIRRORS = [
    "uses: flip, with: {axis: both}",
    "uses: rotate, with: {degrees: 180}",
    "uses: rotate, with: {degrees: 90, expand: true}",
    "uses: crop, with: {area: 0.9, x: 0, y: 0}",
    "uses: colour, with: {hue: 20}",
]


def policy(streams: str, *steps: str, load_warnings: bool = False) -> Any:
    lines = "".join(f"  - {{name: s{i}, {step}}}\n" for i, step in enumerate(steps))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if load_warnings else "error")
        return load_policy(f"syncaug: 1\nsample: {{image: image, {streams}}}\nsteps:\n{lines}")


def boxed(names: Any, rule: str = "", step: str = "uses: flip") -> Any:
    option = f", sides: {rule}" if rule else ""
    made = policy(f"boxes: {{modality: boxes, labels: names{option}}}", step)
    sample = {"image": PICTURE, "boxes": [BOX] * len(names), "names": names}
    return made(sample, key=0)["names"]


@pytest.mark.parametrize("step", MIRRORS)
def test_a_mirror_swaps_names_where_asked(step: str) -> None:
    names = ["left_hand", "Right Eye", "l_shoulder", "R-Hip", "LeftLane", "turn_left", "dog"]
    other = ["right_hand", "Left Eye", "r_shoulder", "L-Hip", "RightLane", "turn_right", "dog"]
    assert boxed(names, "swap", step) == other
    assert boxed(names, "keep", step) == names


@pytest.mark.parametrize("step", NO_MIRRORS)
def test_what_is_no_mirror_swaps_nothing_and_says_nothing(step: str) -> None:
    names = ["left_hand", "upper_lip"]
    for rule in ("", "swap", "keep"):
        assert boxed(names, rule, step) == names


@pytest.mark.parametrize(
    ("names", "other"),
    [
        ("RShoulder LElbow REye LEar RBigToe", "LShoulder RElbow LEye REar LBigToe"),  # OpenPose
        ("rankle lhip rwrist", "lankle rhip lwrist"),
        ("leftear righteye frontleft hindright", "rightear lefteye frontright hindleft"),
        ("earL HandR lt_hand Rt_knee", "earR HandL rt_hand Lt_knee"),
        ("leftmost rightward righthand", "rightmost leftward lefthand"),
        ("links rechte_hand gauche", "rechts linke_hand droite"),
        ("izquierda 左手 오른손", "derecha 右手 왼손"),
        (("rear rank upright copyright shipwright 左右",) * 2),
        ("port_wing Starboard-Engine PORT_BOW", "starboard_wing Port-Engine STARBOARD_BOW"),
        (("usb_port passport port screw import_side sportside",) * 2),
        ("turn_clockwise ccw_arrow Counterclockwise", "turn_counterclockwise cw_arrow Clockwise"),
    ],
)  # fmt: skip
def test_sides_in_one_word_and_in_other_languages(names: str, other: str) -> None:
    assert boxed(names.split(), "swap") == other.split()


@pytest.mark.parametrize(
    "names",
    [
        ["Nose", "RShoulder", "RElbow", "LShoulder", "LElbow"],
        ["nose", "rear", "lear", "x", "y"],
        ["FL", "FR", "RL", "RR", "body"],
        ["LF", "RF", "LR", "RR", "body"],
        ["pied_gauche", "pied_droit", "tête", "左手", "右手"],
        ["NOSE", "LEYE", "REYE", "LANKLE", "RANKLE"],
        ["nose", "lEye", "rEye", "lBigToe", "rBigToe"],
        ["nose", "eye (L)", "eye (R)", "Lwrist", "Rwrist"],
        ["lh_thumb", "rh_thumb", "lh_index", "rh_index", "nose"],
    ],
)
def test_rows_of_a_body_trade_places_both_ways(names: list[str]) -> None:
    order = swapped_order(tuple(names))
    assert [order[order[row]] for row in range(5)] == list(range(5))
    assert order != list(range(5))


@pytest.mark.parametrize(
    "name",
    [
        "LEGEND",
        "Larva",
        "Large",
        "LAMP",
        "Ramp",
        "rAmp",
        "RELAY",
        "Rear",
        "REAR",
        "lip",
        "LHD",
        "Rhino",
    ],
)
def test_words_that_begin_like_a_side_are_none(name: str) -> None:
    assert swapped_name(name) == name


@pytest.mark.parametrize(
    ("names", "other"),
    [
        ([b"left_hand", b"dog"], [b"right_hand", b"dog"]),
        ([["left_hand", "old"], []], [["right_hand", "old"], []]),
        ([{"name": "left_hand"}, {"name": "dog"}], [{"name": "right_hand"}, {"name": "dog"}]),
        (np.array([b"left", b"dog"]), [b"right", b"dog"]),
        ([Named("left_hand", 3)], [Named("right_hand", 3)]),
        (np.array([("left", 3)], [("n", "U4"), ("i", "i4")]), [("right", 3)]),
        (np.array([["left", "dog"], ["dog", "right"]]), [["right", "dog"], ["dog", "left"]]),
    ],
)
def test_names_in_any_form_swap_and_are_told(names: Any, other: Any) -> None:
    out = boxed(names, "swap")
    assert type(out) is type(names)
    assert (out.tolist() if isinstance(out, np.ndarray) else out) == other
    with pytest.warns(SampleWarning, match="'left.*' names a side"):
        boxed(names)


@pytest.mark.parametrize("ids", [[3.0, 4.0], np.array([3.0, 4.0], np.float32)])
def test_numbers_of_classes_may_be_floats(ids: Any) -> None:
    assert list(boxed(ids, "{swap: [[3, 4]]}")) == [4.0, 3.0]


def test_two_mirrors_are_none() -> None:
    made = policy(
        "boxes: {modality: boxes, labels: names, sides: swap}",
        "uses: flip",
        "uses: flip, with: {axis: vertical}",
    )
    sample = {"image": PICTURE, "boxes": [BOX], "names": ("left_hand",)}
    assert made(sample, key=0)["names"] == ("left_hand",)


def test_forms_and_other_lists_stay() -> None:
    made = policy(
        "boxes: {modality: boxes, labels: [ids, names, notes], sides: swap}", "uses: flip"
    )
    sample = {
        "image": PICTURE,
        "boxes": [BOX, BOX],
        "ids": np.array([1, 2], np.int16),
        "names": np.array(["left_eye", "nose"]),
        "notes": np.array(["left", None], dtype=object),
    }
    out = made(sample, key=0)
    assert out["names"].tolist() == ["right_eye", "nose"]
    assert out["notes"].tolist() == ["right", None]
    assert (out["ids"].tolist(), out["ids"].dtype) == ([1, 2], np.int16)


@pytest.mark.parametrize("form", [list, tuple, np.array, lambda ids: np.array(ids, np.uint8)])
def test_declared_pairs_of_numbers_trade_places(form: Any) -> None:
    out = boxed(form([3, 4, 5, 7]), "{swap: [[3, 4], [7, 8]]}")
    assert list(out) == [4, 3, 5, 8]
    if isinstance(out, np.ndarray):
        assert out.dtype == form([3]).dtype


def test_declared_pairs_of_names_trade_places() -> None:
    out = boxed(["gauche", "droite", "haut"], "{swap: [[gauche, droite]]}")
    assert out == ["droite", "gauche", "haut"]


def test_pairs_say_nothing_of_other_lists() -> None:
    made = policy(
        "boxes: {modality: boxes, labels: [classes, ids], sides: {swap: [[3, 4]]}}", "uses: flip"
    )
    sample = {"image": PICTURE, "boxes": [BOX, BOX], "classes": [3, 9], "ids": [4, 3]}
    out = made(sample, key=0)
    assert (out["classes"], out["ids"]) == ([4, 9], [4, 3])


def test_ids_of_a_mask_trade_places_with_the_mirror_only() -> None:
    for step, swapped in (("uses: flip", True), ("uses: rotate, with: {degrees: 180}", False)):
        made = policy("mask: {modality: mask, sides: {swap: [[3, 4], [7, 8]]}}", step)
        mask = np.zeros((100, 200), np.uint8)
        mask[:50, :50], mask[:50, 150:], mask[90:, :] = 3, 4, 7
        out = made({"image": PICTURE, "mask": mask}, key=0)["mask"]
        seen = mask[:, ::-1] if swapped else mask[::-1, ::-1]
        table = np.arange(256)
        if swapped:
            table[[3, 4, 7, 8]] = [4, 3, 8, 7]
        assert np.array_equal(out, table[seen])
        assert out.dtype == np.uint8


@pytest.mark.parametrize(
    ("classes", "value", "other"),
    [
        ("[left, right]", "left", "right"),
        ("[left, right]", 0, 1),
        ("[straight, turn_left, turn_right]", np.int64(2), np.int64(1)),
        ("[straight, turn_left, turn_right]", [0.2, 0.7, 0.1], [0.2, 0.1, 0.7]),
        ("[left, right]", 1.5, 1.5),
        ("[left, right]", 1.0, 0.0),
        ("[left, ahead, right]", [0, 1], [2, 1]),
        ("[left, ahead, right]", ("left", "ahead"), ("right", "ahead")),
        ("[left, right]", [[0.9, 0.1], [0.2, 0.8]], [[0.1, 0.9], [0.8, 0.2]]),
    ],
)
def test_labels_swap_where_asked(classes: str, value: Any, other: Any) -> None:
    made = policy(f"side: {{modality: label, classes: {classes}, sides: swap}}", "uses: flip")
    out = made({"image": PICTURE, "side": value}, key=0)["side"]
    assert out == other
    assert type(out) is type(value)


def test_labels_without_classes_swap_by_name_and_numbers_by_pairs() -> None:
    made = policy("side: {modality: label, sides: swap}", "uses: flip")
    assert made({"image": PICTURE, "side": "keep left"}, key=0)["side"] == "keep right"
    assert made({"image": PICTURE, "side": ["left", "go"]}, key=0)["side"] == ["right", "go"]
    assert made({"image": PICTURE, "side": np.array("left")}, key=0)["side"] == np.array("right")
    made = policy("side: {modality: label, classes: 3, sides: {swap: [[1, 2]]}}", "uses: flip")
    assert [made({"image": PICTURE, "side": n}, key=0)["side"] for n in range(3)] == [0, 2, 1]


def test_a_label_that_has_no_other_side_is_refused() -> None:
    made = policy("side: {modality: label, classes: [left, ahead], sides: swap}", "uses: flip")
    assert made({"image": PICTURE, "side": "ahead"}, key=0)["side"] == "ahead"
    with pytest.raises(AlignmentError, match="in a mirror it is 'right', which is no class"):
        made({"image": PICTURE, "side": "left"}, key=0)


def test_a_label_that_is_no_class_is_refused() -> None:
    made = policy("side: {modality: label, classes: [left, right], sides: swap}", "uses: flip")
    for value in (5, [0.2, 0.3, 0.5]):
        with pytest.raises(SampleError, match="stream 'side': expected (a class|2 weights)"):
            made({"image": PICTURE, "side": value}, key=0)


def test_a_label_beside_several_pictures_names_its_own() -> None:
    streams = "a: {modality: image, plane: a}, b: {modality: image, plane: b}"
    text = (
        "syncaug: 1\nsample: {" + streams + ", side: {modality: label, sides: swap PLANE}}\n"
        "steps: [{name: m, uses: flip, with: {plane: b}}]\n"
    )
    with pytest.raises(PolicyError, match="SA501.*'side' must name its plane"):
        load_policy(text.replace(" PLANE", ""))
    sample = {"a": PICTURE, "b": PICTURE, "side": "left"}
    for plane, wanted in (("a", "left"), ("b", "right")):
        made = load_policy(text.replace(" PLANE", f", plane: {plane}"))
        assert made(sample, key=0)["side"] == wanted


def test_phrases_without_a_text_follow_by_rule() -> None:
    said = ["left_hand", "a man on the left", "she left the room", None]
    sample = {"image": PICTURE, "boxes": [BOX] * 4, "said": said}
    made = policy("boxes: boxes, said: {modality: phrases, sides: swap}", "uses: flip")
    wanted = ["right_hand", "a man on the right", "she left the room", None]
    assert made(sample, key=0)["said"] == wanted
    made = policy("boxes: boxes, said: phrases", "uses: flip")
    with pytest.warns(SampleWarning, match="stream 'said': 'left_hand' names a side"):
        assert made(sample, key=0)["said"] == said


def test_3d_boxes_swap_with_their_world() -> None:
    made = load_policy(
        "syncaug: 1\nsample: {lanes: {modality: boxes3d, labels: kinds, sides: swap}}\n"
        "steps: [{name: m, uses: flip, with: {world: y}}]\n"
    )
    out = made({"lanes": np.ones((1, 7)), "kinds": ["left_lane"]}, key=0)
    assert out["kinds"] == ["right_lane"]


def test_a_partner_brings_its_own_sides() -> None:
    made = policy(
        "boxes: {modality: boxes, labels: names, sides: swap}", "uses: flip", "uses: mixup"
    )
    one = {"image": PICTURE, "boxes": [BOX], "names": ["left_hand"]}
    assert made(one, key=0, partner=one)["names"] == ["right_hand", "left_hand"]


# What is not decided

SIDED = [
    "left_hand",
    "Right Eye",
    "l_shoulder",
    "R-Hip",
    "LeftLane",
    "turn_left",
    "left",
    "eyeLeft",
]


@pytest.mark.parametrize("name", SIDED)
def test_names_of_sides_without_a_decision_are_told_once(name: str) -> None:
    made = policy("boxes: {modality: boxes, labels: names}", "uses: flip, p: 0.5")
    sample = {"image": PICTURE, "boxes": [BOX, BOX], "names": ["dog", name]}
    with pytest.warns(SampleWarning, match="stream 'boxes'.*names a side.*sides: swap") as caught:
        outs = [made(sample, key=key)["names"] for key in range(5)]
    assert outs == [["dog", name]] * 5
    assert len(caught) == 1


@pytest.mark.parametrize(
    "names",
    [
        ["dog", "bright", "copyright", "leftover", "lr_scheduler", "cleft", "Wright"],
        ["S", "M", "L", "XL"],
        list("LR"),
        ["R-50", "ResNet-L", "L-shape", "Type R"],
        ["right", "wrong"],
        ["right_of_way", "left_luggage", "North Atlantic right whale", "human rights"],
        ["upper_lip", "lower_lip", "top", "bottom"],
        [1, 2, 3],
        [],
    ],
)
def test_names_that_are_no_sides_pass_without_a_word(names: list[Any]) -> None:
    assert boxed(names) == names


@pytest.mark.filterwarnings("ignore:TimeReverse is an alias")
def test_every_operation_of_the_catalogue_that_mirrors_is_looked_at() -> None:
    with pytest.warns(SampleWarning, match="'left_hand' names a side"):
        boxed(["left_hand"], "", ALIAS)


def test_names_of_sides_pass_where_nothing_mirrors() -> None:
    for step in NO_MIRRORS:
        assert boxed(["left_hand"], "", step) == ["left_hand"]


def test_phrases_with_a_text_follow_it_and_need_no_decision() -> None:
    made = policy("boxes: boxes, phrases: phrases, caption: text", "uses: flip")
    sample = {"boxes": [BOX], "phrases": ["the left hand"], "caption": "the left hand waves"}
    assert made({"image": PICTURE, **sample}, key=0)["phrases"] == ["the right hand"]


def test_keypoints_swap_as_before_unless_they_say_keep() -> None:
    pose = np.array([[10.0, 5.0, 2.0], [20.0, 5.0, 2.0]])
    for rule, first in (("swap", 179.0), ("keep", 189.0)):
        made = policy(
            f"pose: {{modality: keypoints, names: [left_eye, right_eye], sides: {rule}}}",
            "uses: flip",
        )
        assert made({"image": PICTURE, "pose": pose}, key=0)["pose"][0, 0] == first


@pytest.mark.parametrize(
    ("classes", "warns"),
    [
        ("[left, right]", True),
        ("[stop, turn_left, turn_right]", True),
        ("[L-lane, R-lane]", True),
        ("[cat, dog]", False),
        ("[S, M, L, XL]", False),
        ("[right, wrong]", False),
        ("3", False),
    ],
)
def test_declared_classes_of_sides_are_told_at_load(classes: str, warns: bool) -> None:
    streams = f"side: {{modality: label, classes: {classes}}}"
    text = f"syncaug: 1\nsample: {{image: image, {streams}}}\n"
    for step in ("uses: flip", NO_MIRRORS[0], NO_MIRRORS[1]):
        _, problems, _ = check_policy(f"{text}steps: [{{name: m, {step}}}]\n")
        assert [p.code for p in problems] == ["SA609"] * (warns and step == "uses: flip")


def test_a_label_that_names_a_side_without_classes_is_told_at_its_first_sample() -> None:
    made = policy("action: label", "uses: flip")
    with pytest.warns(SampleWarning, match="stream 'action': 'turn_left' names a side"):
        assert made({"image": PICTURE, "action": "turn_left"}, key=0)["action"] == "turn_left"


@pytest.mark.parametrize(
    "rule",
    ["left", "{swap: []}", "{swap: [[3]]}", "{swap: [[3, 4], [4, 5]]}", "{keep: [[3, 4]]}", "3"],
)
def test_other_rules_are_problems(rule: str) -> None:
    with pytest.raises(PolicyError, match="SA203"):
        policy(f"boxes: {{modality: boxes, labels: names, sides: {rule}}}", "uses: flip")


def test_a_mask_has_no_names_to_swap() -> None:
    with pytest.raises(PolicyError, match="numbers do not name their sides"):
        policy("mask: {modality: mask, sides: swap}", "uses: flip")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("left_to_right", "right_to_left"),
        ("Left-Hand", "Right-Hand"),
        ("mirror_l", "mirror_r"),
        ("rightOfWay", "rightOfWay"),
        ("upright_piano", "upright_piano"),
    ],
)
def test_other_sides_of_names(name: str, other: str) -> None:
    assert swapped_name(name) == other
    assert swapped_name(other) == name


def test_the_first_name_of_a_side_is_told() -> None:
    assert sided(["dog", "l_knee", "left_eye"]) == "l_knee"
    assert sided(["right", "wrong", "left"]) == "left"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("[left_eye, nose]", "left_eye"),
        ("[left_sholder, right_shoulder]", "left_sholder"),
        ("[left_eye, left_ear, right_eye]", "left_ear"),
        ("[linkes_auge, nase]", "linkes_auge"),
        ("[nose, l_knee]", "l_knee"),
    ],
)
@pytest.mark.parametrize(
    "stream",
    ["modality: keypoints", "modality: heatmap", "modality: joints, axes: opencv, plane: plane"],
)
def test_a_side_without_its_partner_is_told(stream: str, names: str, told: str) -> None:
    beside = "camera: camera" if "joints" in stream else "other: boxes"
    streams = f"it: {{{stream}, names: {names}}}, {beside}"
    with pytest.raises(PolicyWarning, match=f"SA609.*'it' is the other side of '{told}'"):
        policy(streams, "uses: flip")
    policy(streams.replace("names:", "sides: keep, names:"), "uses: flip")
    policy(streams, "uses: crop, with: {area: 0.5}")


@pytest.mark.parametrize(
    "names",
    [
        "[left_eye, right_eye, nose]",
        "[LEye, REye]",
        "[top_left, top_right, bottom_right, bottom_left]",
        "[bright, copyright, left_to_right]",
        "[thumb, index_tip, wrist]",
        "[FL, FR, RL, RR]",
    ],
)
def test_sides_that_trade_places_and_names_of_none_are_silent(names: str) -> None:
    policy(f"it: {{modality: keypoints, names: {names}}}", "uses: flip")
