"""Names of programs in JSON and in what Python prints: their words follow, and so do their keys."""

from __future__ import annotations

import time

import pytest

from syncaug.words import Symmetry, UnmovableDirection, apply_edits
from syncaug.words.identifiers import respelled, spelled
from syncaug.words.json_texts import keys_of, quoted_values
from syncaug.words.quoted import direction_edits_all, direction_words_all, recolour_edits_all

MIRROR, FLIP, QUARTER = Symmetry(True), Symmetry(True, 2), Symmetry(False, 1)


def mirrored(text: str, symmetry: Symmetry = MIRROR) -> str:
    return apply_edits(text, direction_edits_all(text, symmetry))


@pytest.mark.parametrize(
    ("text", "symmetry", "right"),
    [
        ('{"place": "upper_left"}', MIRROR, '{"place": "upper_right"}'),
        ('{"place": "BOTTOM_RIGHT"}', FLIP, '{"place": "TOP_RIGHT"}'),
        ('{"anchor": "topLeft"}', QUARTER, '{"anchor": "bottomLeft"}'),
        ('{"part": "right_foot"}', MIRROR, '{"part": "left_foot"}'),
        ('{"part": "RightKnee"}', FLIP, '{"part": "LeftKnee"}'),
        ('{"part": "RightKnee"}', QUARTER, '{"part": "RightKnee"}'),
        ('{"predicate": "right_of"}', MIRROR, '{"predicate": "left_of"}'),
        ('{"predicate": "to_the_right_of"}', QUARTER, '{"predicate": "above"}'),
        ('{"command": "steer_left"}', MIRROR, '{"command": "steer_right"}'),
        ('{"click": "right_click"}', MIRROR, '{"click": "right_click"}'),
        ('{"law": "right_of_way"}', MIRROR, '{"law": "right_of_way"}'),
        ('{"sensor": "CAM_BACK_LEFT"}', MIRROR, '{"sensor": "CAM_BACK_LEFT"}'),
        ('{"right_hand": "cup"}', MIRROR, '{"left_hand": "cup"}'),
        ('{"leftEar": 1.5, "rightEar": 2}', MIRROR, '{"rightEar": 1.5, "leftEar": 2}'),
        ('{"left_x": 1, "right_x": 2}', MIRROR, '{"left_x": 1, "right_x": 2}'),
        ('{"left": 1, "right": 2, "top": 0}', MIRROR, '{"left": 1, "right": 2, "top": 0}'),
        ('{"left": "a hat", "right": null}', MIRROR, '{"right": "a hat", "left": null}'),
        ('{"top": "sea", "bottom": "sand"}', QUARTER, '{"left": "sea", "right": "sand"}'),
        ('{"right": true, "answer": "C"}', MIRROR, '{"right": true, "answer": "C"}'),
        ('{"left": 4, "right": 7}', MIRROR, '{"right": 4, "left": 7}'),
        ('{"top": 4, "bottom": 7}', QUARTER, '{"left": 4, "right": 7}'),
        ('{"right": 4}', MIRROR, '{"right": 4}'),
        ('{"laterality": "R", "size": "L"}', MIRROR, '{"laterality": "L", "size": "L"}'),
        ("{'place': 'lower left', 'n': 2}", MIRROR, "{'place': 'lower right', 'n': 2}"),
        ("[('mug', 'left'), ('jug', 'right')]", MIRROR, "[('mug', 'right'), ('jug', 'left')]"),
        ("""{'a': "it's on the left"}""", MIRROR, """{'a': "it's on the right"}"""),
        ("A 'left' sign [not 'right'].", MIRROR, "A 'left' sign [not 'right']."),
        ("The topRight pixel, bottom_left.", MIRROR, "The topLeft pixel, bottom_right."),
        ("The left_foot of the robot.", MIRROR, "The left_foot of the robot."),
        ("steer_left", MIRROR, "steer_right"),
        ("Action: turn_left\nAction: LookUp", FLIP, "Action: turn_right\nAction: LookDown"),
        ("robot.turn_right(45)", MIRROR, "robot.turn_left(45)"),
        ("right_of(cup, plate)", MIRROR, "left_of(cup, plate)"),
        ('("cup", "right of", "plate")', MIRROR, '("cup", "left of", "plate")'),
        ('The signs ("left", "right") hang.', MIRROR, 'The signs ("left", "right") hang.'),
        ("left_pad(s, 3)", MIRROR, "left_pad(s, 3)"),
        ("right_leg: bent", MIRROR, "left_leg: bent"),
        ('pos: "right"', MIRROR, 'pos: "left"'),
        ("name: 'cup'\nposition: 'left of it'", MIRROR, "name: 'cup'\nposition: 'right of it'"),
        ('side: "left", colour: "red"', MIRROR, 'side: "right", colour: "red"'),
        ('sign: "turn left"', MIRROR, 'sign: "turn left"'),
        ('A poster: "Keep right"', MIRROR, 'A poster: "Keep right"'),
        ("$\\left( x \\right)$ on the left", MIRROR, "$\\left( x \\right)$ on the right"),
        (
            "```python\nx = left\n```\nOn the left.",
            MIRROR,
            "```python\nx = left\n```\nOn the right.",
        ),
        ('{"row": 3}', MIRROR, '{"row": 3}'),
        ('{"rows": 3, "columns": 4}', FLIP, '{"rows": 3, "columns": 4}'),
    ],
)
def test_what_follows(text: str, symmetry: Symmetry, right: str) -> None:
    assert mirrored(text, symmetry) == right


@pytest.mark.parametrize(
    ("text", "symmetry"),
    [('{"row": 3}', FLIP), ('{"row": 3, "col": 1}', MIRROR), ("{'column': '2'}", QUARTER)],
)
def test_rows_and_columns_that_count_from_elsewhere_are_refused(
    text: str, symmetry: Symmetry
) -> None:
    with pytest.raises(UnmovableDirection, match="counts from the"):
        mirrored(text, symmetry)


def test_colours_in_names() -> None:
    text = '{"thing": "red_mug", "shade": "darkBlue", "n": "item_red_7"}'
    assert apply_edits(text, recolour_edits_all(text, 120)) == (
        '{"thing": "green_mug", "shade": "darkRed", "n": "item_green_7"}'
    )


def test_brands_are_no_colours() -> None:
    for text in ("RedBull", "brand: RedBull", '{"maker": "BlueSky"}'):
        assert recolour_edits_all(text, 120) == []


def test_words_of_names_are_found() -> None:
    text = '{"place": "top_left"}'
    assert {word.side for word in direction_words_all(text)} == {"top", "left"}


def test_spelling() -> None:
    assert spelled("copy_right_holder") == ""
    assert spelled("x") == spelled("left") == spelled("front_left_camera") == ""
    assert respelled("right hand", "Left_hand") == "Right_hand"


def test_what_python_prints_is_read_and_prose_is_not() -> None:
    text = "So {'a': ['x', None, -1.5e3], 'b': ('y', True)} and [see 'z'] and ['w'"
    assert [text[start:end] for start, end in quoted_values(text)] == ["x", "y"]
    assert [text[key.start : key.end] for key in keys_of(text)] == ["a", "b"]


def test_many_brackets_take_no_time() -> None:
    assert quoted_values("['a'" * 20_000) == []


@pytest.mark.parametrize(
    "text",
    ["[ " * 50_000 + '"left"', '{"a":[' * 15_000, "Left Twix and a bar. " * 5_000,
     "A. left\n" * 12_000, '("cup", "left of", "plate"),\n' * 3_000,
     'A girl in a hat says "left". ' * 3_000],
)  # fmt: skip
def test_no_text_makes_it_slow(text: str) -> None:
    before = time.thread_time()
    direction_edits_all(text, FLIP)
    assert time.thread_time() - before < 5.0
