"""Messages about likely slips say what came, and what to do about it."""

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, SampleWarning, load_policy

PHOTO = np.zeros((80, 100, 3), np.uint8)
MASKS = np.zeros((2, 80, 100), np.uint8)

REFUSED: dict[str, tuple[str, Any, str]] = {
    "scores in boxes": (
        "boxes",
        [[1, 1, 5, 5, 0.9]],
        r"1x5 numbers\. Scores and classes are lists",
    ),
    "one flat box": ("boxes", [1, 1, 5, 5], r"a list of 4 numbers\. One box is a row, too"),
    "boxes by frame": ("boxes", [[], [[1, 1, 5, 5]]], "a list of 2. Boxes of each frame .* clock:"),
    "no boxes": ("boxes", None, "got None. Where there are none give an empty list"),
    "boxes by name": ("boxes", [{"bbox": [1, 1, 5, 5]}], "a mapping with 'bbox'. Give the four"),
    "masks last": ("instances", MASKS.transpose(1, 2, 0), "Declare layout: hwn"),
    "masks of one channel": ("instances", MASKS[:, None], "numpy.squeeze"),
    "smaller masks": ("instances", MASKS[:, ::2, ::2], "50x40. Bring both to one size"),
    "soft classes": ("mask", PHOTO[..., 0].astype(np.float32), "modality: heatmap"),
    "GeoJSON": (
        "polygons",
        [{"type": "Polygon", "coordinates": [[[1, 1], [9, 1], [9, 9]]]}],
        'lists of rings.*row."coordinates"',
    ),
}


@pytest.mark.parametrize("slip", REFUSED)
def test_what_is_refused_says_what_to_do(slip: str) -> None:
    modality, value, told = REFUSED[slip]
    policy = load_policy(
        f"{{syncaug: 1, sample: {{image: image, it: {modality}}}, "
        "steps: [{name: m, uses: flip}]}"
    )
    with pytest.raises(SampleError, match=told):
        policy({"image": PHOTO, "it": value}, key="k")


SUSPECTED: dict[str, tuple[str, Any, str]] = {
    "polygons": ("polygons", [[[[0.1, 0.1], [0.5, 0.5], [0.7, 0.2]]]], "Declare unit: fractions"),
    "oriented boxes": (
        "{modality: oriented_boxes, angle: degrees, direction: clockwise}",
        [[0.5, 0.4, 0.2, 0.1, 30.0], [0.2, 0.4, 0.1, 0.1, 3.0]],
        "Multiply cx and w by the width",
    ),
    "K": (
        "camera",
        {"K": [[0.5, 0, 0.5], [0, 0.6, 0.5], [0, 0, 1]], "size": (100, 80),
         "world_to_camera": np.eye(4)},
        "principal point is 0.5, 0.5.*Multiply its first row",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SUSPECTED)
def test_fractions_are_warned_of(slip: str) -> None:
    declared, value, told = SUSPECTED[slip]
    policy = load_policy(
        f"{{syncaug: 1, sample: {{image: image, it: {declared}}}, "
        "steps: [{name: m, uses: flip}]}"
    )
    with pytest.warns(SampleWarning, match=told):
        policy({"image": PHOTO, "it": value}, key="k")


def test_a_place_in_a_turn_is_told_with_its_turn() -> None:
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, chat: messages}, steps: [{name: m, uses: flip}]}"
    )
    chat = [
        {"role": "user", "content": "<image> Where?"},
        {"role": "assistant", "content": "[10, 20, 30, 40]"},
    ]
    with pytest.raises(SampleError, match=r"at character 0, in 1/content\. Declare"):
        policy({"image": PHOTO, "chat": chat}, key="k")


def test_a_result_is_no_record() -> None:
    from syncaug import RecordError

    policy = load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: m, uses: flip}]}")
    out = {"image": [1]}
    with pytest.raises(RecordError, match="as policy.apply gives it beside the result; .* 'image'"):
        policy.replay({"image": PHOTO}, out)


def test_a_pair_beside_a_disparity_names_the_left_plane_first() -> None:
    sample = (
        "{left: {modality: image, plane: left}, right: {modality: image, plane: right}, "
        "d: {modality: disparity, plane: left, swap: [right, left]}}"
    )
    with pytest.raises(PolicyError, match="the left one comes first, and 'right' names the right"):
        load_policy(f"{{syncaug: 1, sample: {sample}, steps: [{{name: m, uses: flip}}]}}")


def test_lists_of_another_length_say_what_belongs_together() -> None:
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, boxes: {modality: boxes, labels: classes}}, "
        "steps: [{name: m, uses: flip}]}"
    )
    sample = {"image": PHOTO, "boxes": [[1, 1, 5, 5], [2, 2, 6, 6]], "classes": ["cat"]}
    with pytest.raises(
        SampleError, match=r"'classes'.* got 1\. Entry n goes with row n of 'boxes'"
    ):
        policy(sample, key=1)
    film = load_policy(
        "{syncaug: 1, sample: {film: video}, "
        "steps: [{name: m, uses: time_shift, with: {seconds: 0.1}}]}"
    )
    frames = {"frames": np.zeros((4, 8, 8, 3), np.uint8), "timestamps": [0.0, 0.1]}
    with pytest.raises(
        SampleError, match="4 timestamps in seconds.* Give one for each frame, or fps"
    ):
        film({"film": frames}, key=1)
