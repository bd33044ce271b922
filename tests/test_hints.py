"""Typical mistakes, and what their messages say is to be done about them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from syncaug import (
    AlignmentError,
    PolicyError,
    RecordError,
    SampleError,
    SampleWarning,
    load_policy,
)
from syncaug.io.pictures import read_image
from syncaug.io.problem import FileProblem
from tests.samples import EVERYTHING, everything

POLICY = load_policy(
    f"syncaug: 1\nsample:{EVERYTHING}steps:\n"
    "  - {name: turn, uses: rotate, with: {degrees: 3}}\n"
)
PHOTO = np.random.default_rng(3).integers(0, 256, (480, 640, 3), np.uint8)

VALUES: dict[str, tuple[str, Any, str]] = {
    "a tensor with channels last": ("image", torch.from_numpy(PHOTO), "layout: hwc"),
    "a tensor with gradients": (
        "image",
        torch.rand(3, 8, 8, requires_grad=True),
        "tensor.detach()",
    ),
    "a tensor without numbers": ("image", torch.rand(3, 8, 8, device="meta"), "no numbers"),
    "a sparse tensor": ("image", torch.rand(8, 8).to_sparse(), "tensor.to_dense()"),
    "a batch of tensors": ("image", torch.zeros(1, 3, 8, 8), "policy.batch"),
    "a batch of arrays": ("image", np.zeros((2, 8, 8, 3), np.uint8), "policy.batch"),
    "a film": ("image", np.zeros((2, 8, 8, 3), np.uint8), "declare modality: video"),
    "a path": ("image", "cats.jpg", "read the file first"),
    "a path object": ("image", Path("cats.jpg"), "read the file first"),
    "the bytes of a file": ("image", b"\xff\xd8\xff\xe0", "decode them"),
    "a picture of inks": ("image", Image.fromarray(PHOTO).convert("CMYK"), 'convert("RGB")'),
    "a picture of levels as float64": ("image", PHOTO * 1.0, "Divide by 255"),
    "levels below 0": ("image", PHOTO.astype(int) - 128, "float32 from 0 to 1"),
    "levels beyond 16 bits": ("image", PHOTO.astype(int) * 1000, "float32 from 0 to 1"),
    "levels in float": ("image", PHOTO.astype(np.float32), "Divide by 255"),
    "a normalised picture": (
        "image",
        ((PHOTO / 255.0 - 0.45) / 0.22).astype(np.float32),
        "before pictures are normalised",
    ),
    "sound as bytes": ("speech", b"RIFF", "decode them"),
    "sound as a list of texts": ("speech", ["a", "b"], "numpy.asarray"),
    "sound of 16 bits": ("speech", np.ones(9, np.int16), "Divide 16-bit samples by 32768"),
    "points of unequal length": ("points", [[0.0] * 7, [0.0]], "numpy.asarray"),
    "points that take no array": ("points", memoryview(b"12"), "decode them"),
    "flat keypoints": ("keypoints", np.ones((2, 9)), "numpy.reshape(value, (-1, 3, 3))"),
}


@pytest.mark.parametrize("case", VALUES)
def test_what_to_do_with_a_value(case: str) -> None:
    stream, value, hint = VALUES[case]
    with pytest.raises(SampleError) as caught:
        POLICY({**everything(), stream: value}, key="k")
    assert caught.value.stream == stream
    assert hint in caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("cues", "hint"),
    [
        ({"text": "a b", "segments": [{"start": 0.0, "end": 1.0, "text": "a"}]}, "['segments']"),
        ("1\n00:00:01,000 --> 00:00:02,000\nhi\n", "parse the subtitles"),
        ([{"start_ms": 200, "end_ms": 900, "text": "a"}], "by 1000"),
        ([(0.2, 0.9, "a")], 'Name what it holds: {"start"'),
        ([{"begin": 0.2, "finish": 0.9, "text": "a"}], "Rename"),
    ],
)
def test_what_to_do_with_cues(cues: Any, hint: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {cues: timed_text}\n"
        "steps: [{name: late, uses: time_shift, with: {seconds: 0.1}}]\n"
    )
    with pytest.raises(SampleError) as caught:
        policy({"cues": cues}, key="k")
    assert hint in caught.value.hint


def test_a_missing_stream_names_what_came_undeclared() -> None:
    sample = everything()
    sample["img"] = sample.pop("image")
    with pytest.raises(SampleError, match="stream 'image'.*It has 'img', which .* rename one?"):
        POLICY(sample, key="k")


def test_a_record_of_another_policy_without_names() -> None:
    text = "syncaug: 1\nsample: {{image: image}}\nsteps: [{{name: m, uses: {}}}]\n"
    one, other = load_policy(text.format("flip")), load_policy(text.format("perspective"))
    _, record = one.apply({"image": PHOTO}, key="k")
    with pytest.raises(RecordError, match="a policy without a name .*; got one of a policy with"):
        other.replay({"image": PHOTO}, record)


def test_a_draw_of_a_policy_without_a_name_that_is_refused() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {voice: {modality: audio, sample_rate: 16000}}\n"
        "steps: [{name: late, uses: time_shift, with: {seconds: 300}}]\n"
    )
    with pytest.raises(AlignmentError, match="no draw of a policy without a name was accepted"):
        policy({"voice": np.ones(16000, np.float32)}, key="k")


# Boxes in another format ----------------------------------------------------------------------


def boxed(form: str, outside: str, check: str = "") -> Any:
    return load_policy(
        "syncaug: 1\nsample:\n  image: image\n"
        f"  boxes: {{modality: boxes, format: {form}, outside: {outside}}}\n"
        f"steps: [{{name: dim, uses: light, with: {{value: -0.1}}}}]\n{check}"
    )


CORNERS = [[400.0, 300.0, 600.0, 470.0], [300.0, 200.0, 500.0, 400.0], [20.0, 30.0, 90.0, 200.0]]
SIZES = [[left, top, right - left, bottom - top] for left, top, right, bottom in CORNERS]


@pytest.mark.parametrize("outside", ["error", "clip", "drop"])
@pytest.mark.parametrize("form", ["yolo", "albumentations"])
def test_pixels_as_fractions_are_refused(form: str, outside: str) -> None:
    with pytest.raises(SampleError, match=f"as fractions of the picture, as {form} has them"):
        boxed(form, outside)({"image": PHOTO, "boxes": CORNERS}, key="k")


def test_corners_as_coco_are_told() -> None:
    with pytest.raises(SampleError, match="Is it pascal_voc: two corners?"):
        boxed("coco", "error")({"image": PHOTO, "boxes": CORNERS}, key="k")
    for outside in ("clip", "drop"):
        with pytest.warns(SampleWarning, match="Declare format: pascal_voc"):
            boxed("coco", outside)({"image": PHOTO, "boxes": CORNERS}, key="k")


@pytest.mark.parametrize(
    ("form", "boxes"),
    [
        ("coco", SIZES),
        ("coco", [[500.0, 300.0, 300.0, 170.0], *SIZES]),  # a truncated thing
        ("coco", [[5.0, 5.0, 640.0, 480.0]]),
        ("coco", [[100.0, 200.0, 150.0, 400.0], [200.0, 250.0, 90.0, 330.0], *SIZES]),  # a crowd
        ("pascal_voc", [[-80.0, 20.0, 700.0, 400.0]]),
        ("yolo", [[0.5, 0.5, 1.9, 0.4], [0.1, 0.1, 0.1, 0.1]]),
        ("albumentations", [[-1.5, 0.1, 2.5, 0.6]]),  # a car beside the camera
    ],
)
def test_ordinary_boxes_pass_without_a_word(form: str, boxes: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        boxed(form, "clip")({"image": PHOTO, "boxes": boxes}, key="k")


@pytest.mark.filterwarnings("ignore:.*wholly outside of the picture")
@pytest.mark.parametrize("outside", ["clip", "drop"])
@pytest.mark.parametrize(
    "odd", [[float("nan")] * 4, [30.0, 40.0, 0.0, 20.0], [900.0, 40.0, 20.0, 20.0]]
)
def test_boxes_that_were_left_out_are_not_missed(outside: str, odd: list[float]) -> None:
    check = "checks: [boxes_visible: {min_area: 0.5}]\non_fail: {then: neutral}\n"
    policy = boxed("coco", outside, check)
    out, record = policy.apply({"image": PHOTO, "boxes": [odd, *SIZES]}, key="k")
    assert record.outcome == "accepted"
    assert len(out["boxes"]) == len(SIZES)
    assert record.attempts[0].measures["boxes_visible"] == 1.0


def test_boxes_that_come_outside_of_their_picture_are_told_once() -> None:
    policy = boxed("pascal_voc", "clip")
    lost = [[900.0, 40.0, 920.0, 60.0], [-9.0, 2.0, 0.0, 9.0]]
    said = r"left out 2 of its 5 boxes, wholly outside of the picture of 640x480, such as \[900\.0"
    sample = {"image": PHOTO, "boxes": [*lost, *CORNERS]}
    with pytest.warns(SampleWarning, match=said) as told:
        out = policy(sample, key="k")
    assert len(told) == 1
    assert len(out["boxes"]) == len(CORNERS)
    policy(sample, key="k")


def test_boxes_that_a_step_moves_out_are_no_surprise() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, outside: clip}}\n"
        "steps: [{name: corner, uses: crop, with: {area: 0.02, x: 0, y: 1}}]\n"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(policy({"image": PHOTO, "boxes": CORNERS}, key="k")["boxes"]) < len(CORNERS)
        dropped = boxed("pascal_voc", "drop")
        dropped({"image": PHOTO, "boxes": [[900.0, 40.0, 920.0, 60.0]]}, key="k")


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        ([[1, 2, 3, 4], [1, 2, 3]], "Box 1 has 3 numbers"),
        ([[1, 2, 3, 4, 5], [1, 2, 3, 4]], "Box 0 has 5 numbers"),
        ([[1, 2, 3, 4], 5], "Box 1 is int 5"),
        ([[1, 2, 3, 4], []], "Box 1 has 0 numbers"),
    ],
)
def test_a_box_of_another_length_is_named(boxes: Any, said: str) -> None:
    with pytest.raises(SampleError, match=said):
        boxed("pascal_voc", "error")({"image": PHOTO, "boxes": boxes}, key="k")


@pytest.mark.parametrize("given", ["p: 0.5", "with: {p: 0.5}", "prob: 0.5"])
@pytest.mark.parametrize("op", ["albumentations.HorizontalFlip", "albumentations.GaussianBlur"])
def test_the_chance_of_an_operation_belongs_to_its_step(op: str, given: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(
            f"syncaug: 1\nsample: {{image: image}}\n"
            f"steps: [{{name: m, apply: {{image: {{op: {op}, {given}}}}}}}]\n"
        )
    hints = [problem.hint for problem in caught.value.problems]
    assert any("belongs to the step: {name: ..., p: 0.5}" in hint for hint in hints)


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        ("uses: colour, with: {hue: red}", "write a number, in degrees"),
        ("uses: rotate, with: {degrees: 30deg}", "write 30, in degrees"),
        ("uses: rotate, with: {degrees: 30 °}", "write 30, in degrees"),
        ("uses: trim, with: {duration: 2s}", "write 2, in seconds"),
        ("uses: trim, with: {duration: 500 ms}", "write 0.5, in seconds"),
        ("uses: trim, with: {duration: 2 weeks}", "write a number, in seconds"),
        ("uses: crop, with: {area: 50%}", "write 0.5, a share"),
    ],
)
def test_a_text_in_the_place_of_a_number_is_told_its_unit(step: str, hint: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(
            "syncaug: 1\nsample: {image: image, clip: {modality: video, fps: 10}}\n"
            f"steps: [{{name: m, {step}}}]\n"
        )
    assert hint in [problem.hint for problem in caught.value.problems]


def test_a_rate_by_another_name_and_times_as_text_are_told() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {sound: audio, subtitles: timed_text}\n"
        "steps: [{name: cut, uses: trim, with: {duration: 0.5}}]\n"
    )
    sound = {"array": np.zeros(8000, np.float32), "sample_rate": 8000}
    with pytest.raises(SampleError, match="Rename the key 'sample_rate' to \"sampling_rate\""):
        policy({"sound": sound, "subtitles": []}, key="k")
    sound = {"array": np.zeros(8000, np.float32), "sampling_rate": 8000}
    cue = {"start": "00:00:00,100", "end": "00:00:00,900", "text": "hi"}
    with pytest.raises(SampleError, match="Give its times as numbers"):
        policy({"sound": sound, "subtitles": [cue]}, key="k")


def test_a_film_in_the_place_of_a_picture_is_told(tmp_path: Path) -> None:
    film = tmp_path / "a.mp4"
    film.write_bytes(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(64))
    with pytest.raises(FileProblem, match="declare modality: video"):
        read_image(film, {})


# Keypoints as fractions -----------------------------------------------------------------------

BODY = load_policy(
    "syncaug: 1\nsample: {image: image, pose: {modality: keypoints, names: [a, b, c, d]}}\n"
    "steps: [{name: zoom, uses: scale, with: {factor: 0.9}}]\n"
)


def seen(points: Any) -> np.ndarray:
    return np.column_stack([np.asarray(points, dtype=float), np.full(len(points), 2.0)])


def test_keypoints_as_fractions_are_told() -> None:
    pose = seen([[0.2, 0.3], [0.5, 0.6], [0.71, 0.9], [0.4, 0.8]])
    with pytest.warns(SampleWarning, match=r"numbers up to 0\.9 .* look like fractions"):
        BODY({"image": PHOTO, "pose": pose}, key="k")


@pytest.mark.parametrize(
    "pose",
    [
        seen([[200.0, 100.0], [0.4, 0.5], [0.1, 0.2], [0.3, 0.9]]),
        np.array([[0.5, 0.5, 2.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
        np.zeros((4, 3)),
        seen([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]),
    ],
)
def test_ordinary_keypoints_pass_without_a_word(pose: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        BODY({"image": PHOTO, "pose": pose}, key="k")


# Policies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "sample: {image: image, untouched: [id]}\nsteps: [{name: m, uses: flip}]\n",
            "stand beside sample:, not in it",
        ),
        (
            "sample: {image: image}\nsteps: [{name: m, uses: flip}]\non_fail: neutral\n",
            "write on_fail: {retry: 5, then: neutral}",
        ),
        (
            "sample: {image: image}\nsteps: [{name: m, uses: light, with: {level: 0.1}}]\n",
            "expected one of value (a relative change from -1 up to 4), contrast (",
        ),
        (
            "sample: {image: image}\nsteps: [{name: m, uses: resize, with: {height: 9}}]\n",
            "resize needs 'width'; expected the width in pixels\n",
        ),
    ],
)
def test_what_to_do_with_a_policy(text: str, says: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(f"syncaug: 1\n{text}")
    assert says in str(caught.value)
