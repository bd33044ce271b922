"""Places that texts write: which forms are read, and that nothing else is."""

from __future__ import annotations

import pytest

from syncaug.words.json_texts import items_of, quoted_values, without_items
from syncaug.words.places import find_places

FORMS = [
    ('[{"bbox_2d": [60, 30, 90, 50], "label": "dog"}]', [("box", [60, 30, 90, 50], "", "")]),
    ('"bbox": [[1, 2, 30, 40], [5, 6, 7, 8]]',
     [("box", [1, 2, 30, 40], "", ""), ("box", [5, 6, 7, 8], "", "")]),
    ("<box>(10,20),(30,40)</box>", [("box", [10, 20, 30, 40], "", "")]),
    ("<|box_start|>(10,20),(30,40)<|box_end|>", [("box", [10, 20, 30, 40], "", "")]),
    ("<box>[[10, 20, 30, 40]]</box>", [("box", [10, 20, 30, 40], "", "")]),
    ("<|det|>[[1, 2, 3, 4], [5, 6, 7, 8]]<|/det|>",
     [("box", [1, 2, 3, 4], "", ""), ("box", [5, 6, 7, 8], "", "")]),
    ("<loc0123><loc0456><loc0789><loc0999> dog", [("box", [123, 456, 789, 999], "yxyx", "1024")]),
    ("<loc_52><loc_334><loc_932><loc_774>", [("box", [52, 334, 932, 774], "xyxy", "1000")]),
    ('{"box_2d": [100, 200, 300, 400]}', [("box", [100, 200, 300, 400], "yxyx", "per_mille")]),
    ("{<12><34><56><78>}", [("box", [12, 34, 56, 78], "xyxy", "percent")]),
    ('<point x="10.5" y="20.3" alt="dog">dog</point>', [("point", [10.5, 20.3], "", "")]),
    ('<points x1="1.5" y1="2.5" x2="3" y2="4">',
     [("point", [1.5, 2.5], "", ""), ("point", [3, 4], "", "")]),
    ("<point>10 20</point>", [("point", [10, 20], "", "")]),
    ("Click(120, 45)", [("point", [120, 45], "", "")]),
    ("click(start_box='(100,200)')", [("point", [100, 200], "", "")]),
    ("click(start_box='<|box_start|>(100,200)<|box_end|>')", [("point", [100, 200], "", "")]),
    ("pyautogui.click(x=0.5, y=0.33)", [("point", [0.5, 0.33], "", "")]),
    ("drag(10, 20, 30, 40)", [("point", [10, 20], "", ""), ("point", [30, 40], "", "")]),
    ("the dog at [12, 30, 44, 50] runs", [("box", [12, 30, 44, 50], "", "")]),
    ("(12, 30), (44, 50)", [("box", [12, 30, 44, 50], "", "")]),
    ("<answer>(50, 20)</answer>", [("point", [50, 20], "", "")]),
    ("The left one (50, 20).", [("point", [50, 20], "", "")]),
    ("dog (10, 20), cat (30, 50)", [("point", [10, 20], "", ""), ("point", [30, 50], "", "")]),
    ("(10, 20), (30, 50), (60, 5)",
     [("point", [10, 20], "", ""), ("point", [30, 50], "", ""), ("point", [60, 5], "", "")]),
    ("at (40px, 30px)", [("point", [40, 30], "", "pixels")]),
    ('"bbox": {"x": 3, "y": 5, "w": 6, "h": 7}', [("box", [3, 5, 6, 7], "xywh", "")]),
    ('"polygon": [[1, 2], [30, 2], [30, 40]]', [("outline", [1, 2, 30, 2, 30, 40], "", "")]),
    ("<quad>(1,2),(30,2),(30,40),(1,40)</quad>",
     [("outline", [1, 2, 30, 2, 30, 40, 1, 40], "", "")]),
    ('{"point_2d": [12, 30]}', [("point", [12, 30], "", "")]),
    ('{"left_eye": [6, 3]}', [("point", [6, 3], "", "")]),
    ("{'rightKnee': (6, 3), 'nose': [1, 2]}",
     [("point", [6, 3], "", ""), ("point", [1, 2], "", "")]),
    ('{"top_left": [1, 2]}', [("point", [1, 2], "", "")]),
    ('{"left": 3, "top": 4, "right": 8, "bottom": 9}', [("box", [3, 4, 8, 9], "", "")]),
    ("<xmin>3</xmin><ymin>4</ymin><xmax>8</xmax><ymax>9</ymax>", [("box", [3, 4, 8, 9], "", "")]),
    ("a cup at x 50 y 20", [("point", [50, 20], "", "")]),
    ("X 50, Y 20", [("point", [50, 20], "", "")]),
    ("x: 50 y: 20", [("point", [50, 20], "", "")]),
    ("The button: 50, 20.", [("point", [50, 20], "", "")]),
    ("move the mouse to 50, 20", [("point", [50, 20], "", "")]),
    ("tap at 50, 20", [("point", [50, 20], "", "")]),
]  # fmt: skip
NONE = [
    "3, 4, 5, 6 people on a 1920x1080 screen at 10:30",
    "as in [1] and [2, 3]",
    "scores [3, 5, 9, 12] of [1, 2, 3, 4]",
    "rgb (12, 30, 40)",
    "It costs (10, 50) dollars",
    "it costs (10, 50)",
    "(10, 50) people and a (3, 4) km walk",
    "in 2019, 2020, 2021, 2022",
    "[[10, 20], [30, 40]]",
    "[[10, 20], [30, 40], [50, 70]]",
    'a {"size": [640, 480]} of f(3, 20), pages (12, 30), in (2019, 2022)',
    '"bbox_2d": [60, 30, 90, 50',
    "",
]


@pytest.mark.parametrize(("text", "wanted"), FORMS, ids=[text for text, _ in FORMS])
def test_forms(text: str, wanted: list[tuple[str, list[float], str, str]]) -> None:
    found = find_places(text)
    assert [(p.shape, [n.value for n in p.numbers], p.order, p.unit) for p in found] == wanted
    for place in found:
        assert all(text[n.start : n.end] == n.text for n in place.numbers)


@pytest.mark.parametrize("text", NONE)
def test_other_numbers_are_no_places(text: str) -> None:
    assert find_places(text) == []


def test_values_of_json_tags_and_calls() -> None:
    text = 'Here: [{"label": "left dog", "n": 3}, {"label": "b"}] <point alt="c"> f(side=\'d\')'
    assert [text[a:b] for a, b in quoted_values(text)] == ["left dog", "b", "c", "d"]
    assert quoted_values('a sign that says "left"') == []


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ([0], '[{"a": 2}, {"a": 3}]'),
        ([1], '[{"a": 1}, {"a": 3}]'),
        ([2], '[{"a": 1}, {"a": 2}]'),
        ([0, 1], '[{"a": 3}]'),
        ([1, 2], '[{"a": 1}]'),
        ([0, 2], '[{"a": 2}]'),
        ([0, 1, 2], "[]"),
    ],
)
def test_objects_go_with_one_comma(gone: list[int], left: str) -> None:
    text = 'x [{"a": 1}, {"a": 2}, {"a": 3}] y'
    items = items_of(text)
    for start, end in sorted(without_items(text, [items[index] for index in gone]), reverse=True):
        text = text[:start] + text[end:]
    assert text == f"x {left} y"
