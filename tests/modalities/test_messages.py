"""Conversations about pictures: the forms in which they come, and what their texts follow."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from syncaug import AlignmentError, PolicyError, SampleError, load_policy
from tests.samples import pets

GENERATOR = np.random.default_rng(3)
FIRST = GENERATOR.integers(0, 256, (100, 200, 3), dtype=np.uint8)
SECOND = GENERATOR.integers(0, 256, (80, 120, 3), dtype=np.uint8)
FLIP = "uses: flip"
ONLY_FIRST = "uses: flip, with: {plane: a}"
HUGGING_FACE: list[dict[str, Any]] = [
    {"role": "system", "content": "You know left from right."},
    {
        "role": "user",
        "content": [
            {"type": "image"},
            {"type": "text", "text": "Is the cat on the left?"},
        ],
    },
    {"role": "assistant", "content": [{"type": "text", "text": "Yes, on the left."}], "id": 4},
]
LLAVA: list[dict[str, Any]] = [
    {"from": "human", "value": "<image>\nWhere is the red car?"},
    {"from": "gpt", "value": "On the left, at [60, 30, 90, 50]."},
]
QWEN: list[dict[str, Any]] = [
    {"role": "user", "content": "Picture 1: <img>cats/left.jpg</img>\nLocate the dog."},
    {"role": "assistant", "content": "<ref>the left dog</ref><box>(300,300),(450,500)</box>"},
]
SWIFT: dict[str, Any] = {
    "messages": [
        {"role": "user", "content": "<image>Find <ref-object>."},
        {"role": "assistant", "content": "It is at <bbox>."},
    ],
    "images": ["left.jpg"],
    "objects": {"ref": ["the left dog"], "bbox": [[60, 30, 90, 50]]},
}


def told(chat: Any, step: str = FLIP, option: str = "coordinates: pixels", **more: Any) -> Any:
    """What a policy makes of a conversation about one picture."""
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, chat: {{modality: messages, {option}}}}}\n"
        f"steps: [{{name: s, {step}}}]\n"
    )
    before = copy.deepcopy(chat)
    out = policy({"image": FIRST, "chat": chat, **more}, key="k")["chat"]
    assert chat == before
    return out


def of_two(chat: Any, step: str, option: str = "coordinates: pixels") -> Any:
    """The same of two pictures of different sizes."""
    policy = load_policy(
        "syncaug: 1\nsample: {a: {modality: image, plane: a}, b: {modality: image, plane: b}, "
        f"chat: {{modality: messages, pictures: [a, b], {option}}}}}\n"
        f"steps: [{{name: s, {step}}}]\n"
    )
    return policy({"a": FIRST, "b": SECOND, "chat": chat}, key="k")["chat"]


def test_hugging_face() -> None:
    system, user, assistant = told(HUGGING_FACE)
    assert system == HUGGING_FACE[0]
    assert user["content"] == [
        {"type": "image"},
        {"type": "text", "text": "Is the cat on the right?"},
    ]
    assert assistant == {
        "role": "assistant",
        "content": [{"type": "text", "text": "Yes, on the right."}],
        "id": 4,
    }


def test_llava() -> None:
    assert told(LLAVA) == [
        LLAVA[0],
        {"from": "gpt", "value": "On the right, at [110, 30, 140, 50]."},
    ]


def test_qwen_with_names_of_files() -> None:
    out = told(QWEN, option="coordinates: per_mille")
    assert out[0] == QWEN[0]
    assert out[1]["content"] == "<ref>the right dog</ref><box>(550,300),(700,500)</box>"


def test_ms_swift_with_objects_beside_the_turns() -> None:
    out = told(SWIFT, option="language: en")
    assert out["messages"] == SWIFT["messages"]
    assert out["objects"] == {"ref": ["the right dog"], "bbox": [[110, 30, 140, 50]]}
    assert out["images"] is SWIFT["images"]


@pytest.mark.parametrize("kind", ["norm1", "norm1000"])
def test_objects_in_other_units(kind: str) -> None:
    scale = {"norm1": 1.0, "norm1000": 1000}[kind]
    row = [type(scale)(number * scale) for number in (0.25, 0.5, 0.5, 0.75)]
    chat = {**SWIFT, "objects": {"ref": ["x"], "bbox": [row], "bbox_type": kind}}
    (moved,) = told(chat)["objects"]["bbox"]
    assert moved == pytest.approx([0.5 * scale, row[1], 0.75 * scale, row[3]])
    assert [type(number) for number in moved] == [type(scale)] * 4


def test_what_does_not_change_is_the_object_that_came() -> None:
    for chat in (HUGGING_FACE, LLAVA, QWEN, SWIFT):
        assert told(chat, "uses: light, with: {value: 0.1}") is chat


def test_colours_follow_the_hue() -> None:
    out = told([LLAVA[0], {"from": "gpt", "value": "A red car."}], "uses: colour, with: {hue: 120}")
    assert [turn["value"] for turn in out] == ["<image>\nWhere is the green car?", "A green car."]


def test_an_answer_is_read_with_its_question() -> None:
    chat = [
        {"role": "user", "content": "<image>The cat is black. Is that correct?"},
        {"role": "assistant", "content": "right"},
        {"role": "user", "content": "On which side is it?"},
        {"role": "assistant", "content": "right"},
    ]
    assert [turn["content"] for turn in told(chat)][1::2] == ["right", "left"]


def test_tools_follow_as_text_and_as_data() -> None:
    for arguments in ({"coordinate": [10, 20]}, '{"coordinate": [10, 20]}'):
        call = {"function": {"name": "click", "arguments": arguments}}
        chat = [
            {"role": "user", "content": "<image>Click it."},
            {"role": "assistant", "content": None, "tool_calls": [call]},
        ]
        (moved,) = told(chat)[1]["tool_calls"]
        found = moved["function"]["arguments"]
        assert type(found) is type(arguments)
        assert found in ({"coordinate": [189, 20]}, '{"coordinate": [189, 20]}')
        older = told([chat[0], {"role": "assistant", "function_call": call["function"]}])[1]
        assert older["function_call"]["arguments"] == found


def test_each_text_follows_the_pictures_that_it_speaks_of() -> None:
    chat = [
        {"role": "user", "content": "<image>Is the dog on the left?"},
        {"role": "assistant", "content": "Yes, at [60, 30, 90, 50]."},
        {"role": "user", "content": "<image>And in image 2?"},
        {"role": "assistant", "content": "In image 2 it is on the right, at [10, 20, 30, 40]."},
    ]
    both = [turn["content"] for turn in of_two(chat, FLIP)]
    assert both[1] == "Yes, at [110, 30, 140, 50]."
    assert both[3] == "In image 2 it is on the left, at [90, 20, 110, 40]."
    first = [turn["content"] for turn in of_two(chat, ONLY_FIRST)]
    assert first[:2] == ["<image>Is the dog on the right?", both[1]]
    assert first[2:] == [turn["content"] for turn in chat[2:]]


def test_the_left_picture_is_no_direction_in_a_picture() -> None:
    chat = [{"role": "user", "content": "<image><image>The left image has a dog on the left."}]
    assert of_two(chat, FLIP)[0]["content"] == (
        "<image><image>The left image has a dog on the right."
    )


def test_directions_of_several_pictures_that_change_unlike_refuse_the_draw() -> None:
    chat = [{"role": "user", "content": "<image><image>Which dog is on the left?"}]
    assert of_two(chat, FLIP)[0]["content"].endswith("on the right?")
    with pytest.raises(AlignmentError, match="2 pictures do not change alike.*in image 2"):
        of_two(chat, ONLY_FIRST)


def test_places_must_say_in_which_picture_they_lie() -> None:
    chat = [{"role": "user", "content": "<image><image>The dog at [10, 20, 30, 40]?"}]
    with pytest.raises(SampleError, match="which of its 2 pictures.*in image 2"):
        of_two(chat, FLIP)
    named = [{"role": "user", "content": "<image><image>In the first picture at [10, 20, 30, 40]"}]
    assert of_two(named, FLIP)[0]["content"].endswith("[170, 20, 190, 40]")


def test_without_a_placeholder_pictures_stand_before_the_first_turn() -> None:
    assert told([{"role": "user", "content": "on the left"}])[0]["content"] == "on the right"


@pytest.mark.parametrize(
    ("chat", "said"),
    [
        (5, "a list of turns"),
        (["hello"], 'turn 0.*Write {"role": "user", "content": ...}'),
        ([{"role": "user", "message": "left"}], "turn 0.*Name its text content"),
        ([{"role": "user", "parts": [{"text": "left"}]}], "turn 0.*Name its text content"),
        ([{"role": "user", "content": [{"type": "text", "contents": "left"}]}], "Name its text"),
        ([{"content": "no role"}], "turn 0"),
        ([{"role": "user", "content": 3}], "under 'content'"),
        ([{"role": "user", "content": "<image> and <image>"}], "one placeholder for each.*got 2"),
        ([{"role": "user", "content": [{"type": "image", "image": FIRST}]}], "embedded: true"),
        ({**SWIFT, "objects": {"bbox": [[1, 2, 3]]}}, "objects/bbox"),
        ({**SWIFT, "objects": {"bbox": [[1, 2, 3, 4]], "bbox_type": "mm"}}, "objects/bbox_type"),
    ],
)
def test_other_forms_are_refused(chat: Any, said: str) -> None:
    with pytest.raises(SampleError, match=f"stream 'chat'.*{said}"):
        told(chat)


def test_undeclared_coordinates_are_refused_with_the_way_out() -> None:
    with pytest.raises(SampleError, match="coordinates: pixels, per_mille"):
        told(LLAVA, option="language: en")
    assert told(LLAVA, option="coordinates: keep")[1]["value"].endswith("[60, 30, 90, 50].")


def test_a_policy_must_name_pictures_that_exist() -> None:
    with pytest.raises(PolicyError, match="SA306 unknown picture 'b'"):
        load_policy(
            "syncaug: 1\nsample: {a: image, chat: {modality: messages, pictures: [b]}}\nsteps: []\n"
        )
    with pytest.raises(PolicyError, match="SA501 .*must name its pictures"):
        load_policy("syncaug: 1\nsample: {a: image, b: image, chat: messages}\nsteps: []\n")


EMBEDDED = load_policy(
    "syncaug: 1\nsample: {a: {modality: image, plane: a}, b: {modality: image, plane: b, optional: "
    "true}, chat: {modality: messages, pictures: [a, b], embedded: true, coordinates: pixels}}\n"
    "steps: [{name: s, uses: flip}]\n"
)


def test_pictures_inside_of_messages_come_out_where_they_stood() -> None:
    picture = Image.fromarray(FIRST)
    part = {"type": "image", "image": picture}
    chat = [{"role": "user", "content": [part, {"type": "text", "text": "[10, 20, 30, 40]"}]}]
    out, record = EMBEDDED.apply({"chat": chat}, key="k")
    assert list(out) == ["chat"]
    shown, text = out["chat"][0]["content"]
    assert isinstance(shown["image"], Image.Image)
    assert np.array_equal(np.asarray(shown["image"]), FIRST[:, ::-1])
    assert text["text"] == "[170, 20, 190, 40]"
    assert chat[0]["content"][0]["image"] is picture  # type: ignore[index]
    again = EMBEDDED.replay({"chat": chat}, record.to_json())["chat"][0]["content"]
    assert np.array_equal(np.asarray(again[0]["image"]), np.asarray(shown["image"]))


def test_pictures_in_a_list_beside_the_turns() -> None:
    row = {
        "messages": [{"role": "user", "content": "<image><image>Look."}],
        "images": [FIRST, SECOND],
    }
    out = EMBEDDED({"chat": row}, key="k")["chat"]
    assert [np.array_equal(picture, came[:, ::-1]) for picture, came in zip(
        out["images"], (FIRST, SECOND), strict=True)] == [True, True]  # fmt: skip


def test_embedded_pictures_are_told_apart_from_paths_and_streams() -> None:
    path = [{"role": "user", "content": [{"type": "image", "image": "a.png"}]}]
    with pytest.raises(SampleError, match="stream 'chat'.*Load the picture"):
        EMBEDDED({"chat": path}, key="k")
    both = [{"role": "user", "content": [{"type": "image", "image": FIRST}]}]
    with pytest.raises(SampleError, match="stream 'a'.*an entry of its own as well"):
        EMBEDDED({"chat": both, "a": FIRST}, key="k")


STEPS = [
    "uses: flip, with: {axis: {choice: [horizontal, vertical, both]}}",
    "uses: crop, with: {area: [0.3, 0.9]}",
    "uses: crop, with: {area: [0.4, 0.9], resize: [224, 336]}",
    "uses: rotate, with: {degrees: [-19, 19]}",
    "uses: scale, with: {factor: [0.5, 2]}",
    "uses: translate, with: {x: [-0.3, 0.3], y: [-0.3, 0.3]}",
    "uses: perspective, with: {strength: 0.2}",
    "uses: resize, with: {height: 111, width: 333}",
]


@pytest.mark.parametrize("fuse", ["on", "off"])
def test_boxes_in_the_answers_of_two_photos_move_exactly_as_their_streams(fuse: str) -> None:
    """Every step, and chains of two, on the pets: the numbers of text and stream round alike."""
    photos = list(pets().values())
    turns: list[dict[str, Any]] = []
    for number, photo in enumerate(photos, start=1):
        listed = [
            {"bbox_2d": [round(edge) for edge in box], "label": name}
            for box, name in zip(photo["boxes"], photo["classes"], strict=True)
        ]
        turns += [
            {
                "role": "user",
                "content": [{"type": "image"}, {"type": "text", "text": "Detect all."}],
            },
            {"role": "assistant", "content": f"Image {number}:\n{json.dumps(listed)}"},
        ]
    streams = "".join(
        f"  {side}: {{modality: image, plane: {side}}}\n"
        f"  {side}_boxes: {{modality: boxes, plane: {side}, labels: {side}_names}}\n"
        for side in "ab"
    )
    sample: dict[str, Any] = {"chat": turns}
    for side, photo in zip("ab", photos, strict=True):
        sample[side] = photo["image"]
        sample[f"{side}_boxes"] = [[float(round(edge)) for edge in box] for box in photo["boxes"]]
        sample[f"{side}_names"] = photo["classes"]
    for first in STEPS:
        for second in (STEPS[0], STEPS[3]):
            policy = load_policy(
                f"syncaug: 1\nfuse: {fuse}\nsample:\n{streams}"
                "  chat: {modality: messages, pictures: [a, b], coordinates: pixels, gone: drop}\n"
                f"steps: [{{name: s, {first}}}, {{name: t, {second}}}]\n"
            )
            out = policy(sample, key="pets")
            for side, turn in zip("ab", out["chat"][1::2], strict=True):
                items = json.loads(turn["content"].split("\n")[1])
                assert [item["label"] for item in items] == out[f"{side}_names"]
                written = np.array([item["bbox_2d"] for item in items]).reshape(-1, 4)
                boxes = np.array(out[f"{side}_boxes"]).reshape(-1, 4)
                assert np.abs(written - boxes).max(initial=0.0) <= 0.5 + 1e-6


def test_json_in_an_answer_is_read_with_its_question() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, chat: {modality: messages}}\n"
        "steps: [{name: mirror, uses: flip}]\n"
    )
    chat = [
        {"role": "user", "content": "<image>\nIs that right? Answer in JSON."},
        {"role": "assistant", "content": '{"answer": "right"}'},
        {
            "role": "user",
            "content": "Which side is the cup on?\nA. left\nB. right\nAnswer in JSON.",
        },
        {"role": "assistant", "content": '{"answer": "right"}'},
    ]
    out = [turn["content"] for turn in policy({"image": FIRST, "chat": chat}, key=0)["chat"]]
    assert out[1] == '{"answer": "right"}'
    assert out[2] == "Which side is the cup on?\nA. right\nB. left\nAnswer in JSON."
    assert out[3] == '{"answer": "left"}'
