"""Coordinates in texts: spellings of models and people, and numbers that are none."""

from __future__ import annotations

import time

import pytest

from syncaug.words.coordinates import find_coordinates

COORDINATES = [
    '[{"bbox_2d": [60, 30, 90, 50], "label": "the left dog"}]',
    '{"box_2d": [10, 20, 300, 400]}',
    "{'bbox': [1.5, 2, 3, 4]}",
    '{"point_2d": [34, 60], "label": "x"}',
    "The dog [60, 30, 90, 50] runs",
    "cat[[120,050,300,444]]",
    "[60 30 90 50]",
    "(60,30,90,50)",
    "60,30,90,50",
    "（10，20，30，40）",
    "<box>(10,20),(30,40)</box>",
    "<ref>dog</ref><box>[[10, 20, 30, 40]]</box>",
    "<|box_start|>(221,423),(569,886)<|box_end|>",
    "<|det|>[[10, 20, 30, 40]]<|/det|>",
    "<quad>(1,2),(3,4),(5,6),(7,8)</quad>",
    "<loc0123><loc0456><loc0789><loc0999> dog",
    "dog<loc_12><loc_33><loc_1><loc_4>",
    "<patch_index_0044><patch_index_0863>",
    "{<25><30><50><60>}",
    "(0.12, 0.34, 0.5, 0.6)",
    "[12%, 30%, 45%, 60%]",
    "x=120, y=340",
    '{"x": 120, "y": 340}',
    '{"x_min": 0.1, "y_min": 0.2, "x_max": 0.4, "y_max": 0.5}',
    "0 0.5 0.5 0.2 0.3",
    "dog 0.512 0.4 0.25 0.3\ncat 0.1 0.2 0.3 0.4",
    '<point x="61.5" y="40.2" alt="dog">dog</point>',
    '<points x1="10.0" y1="20.1" x2="3" y2="4">',
    "【120, 340】",
    "【(120,340),(300,400)】",
    "click(start_box='(123,456)')",
    '{"action": "click", "coordinate": [120, 340]}',
    "click (0.49, 0.40)",
    "the cat is located at (120, 45)",
    "bbox: 10, 20, 30, 40",
    "(10, 20), (30, 40)",
    "<xmin>48</xmin>",
    "<x>60</x><y>30</y>",
    "<coordinate>60, 30</coordinate>",
    "<center>(60,30)</center>",
    "<|coord_60|><|coord_30|>",
    "<|60|><|30|><|90|><|50|>",
    "dog<box_60_30_90_50>",
    "<seg012><seg034>",
    '{"keypoints": {"nose": [60, 30]}}',
    "[60, 30, 90, 50, 0.98]",
    "[60, 30, 90, 30, 90, 50, 60, 50]",
    "(60, 30)",
    "[60.5, 30]",
    "(x, y) = (60, 30)",
    "ymin xmin ymax xmax 30 60 50 90",
    "nose: (60, 30), left eye: (62, 28)",
    "top left: (60, 30); bottom right: (90, 50)",
    "a dog (60px, 30px)",
    "center: 60, 30",
    "the cup at x 50 y 20",
    "X 50, Y 20",
    "x: 50 y: 20",
    "The button: 50, 20.",
    "tap 50, 20",
    "polygon: 60,30 90,30 90,50",
    '<path d="M 60 30 L 90 50 Z"/>',
    "The bounding box is 60, 30, 90, 50.",
    "The dog is at (60, 30).",
    "Der Hund ist bei (60, 30).",
    "El perro está en (60, 30).",
    "coordenadas: 60, 30",
    "Le chien se trouve aux coordonnées (60, 30).",
    "координаты (60, 30)",
    "狗的坐标为(60, 30)",
    "位于 (60, 30) 的狗",
    "边界框：60，30，90，50",
    "左上(60,30) 右下(90,50)",
    "座標（60、30）",
    "위치 (60, 30)",
]
ORDINARY = [
    "3, 4, 5, 6 people",
    "on 12/03/2021, a Friday",
    "at 10:30, [10:30, 11:30]",
    "the score is 3-2, then 6-4, 7-5, 6-3",
    "a 1920x1080 screen",
    "call (555) 123-4567",
    "it costs $1,024, 2,048 and 3,000",
    "(1,024, 2,048)",
    "as in [1], as in [1, 2], and in [1, 2, 3, 4]",
    "[2019, 2020, 2021, 2022]",
    "(1999, 2000, 2001, 2002)",
    "[a link](http://a.example/1) and [2](#two)",
    "a box 3 by 4",
    "x = 3",
    "room 12, floor 3, house 4, street 5",
    "version 1.2.3.4 at 192.168.0.1",
    "Psalm 23:1-4",
    "temperatures of 20, 21, 22 and 23 degrees",
    "in Paris (48.85, 2.35)",
    "p < 0.05, 0.01",
    "a <b>bold</b> 3 and a point 4",
    "ratings 0.5 0.7",
    "1. cat 2. dog 3. bird 4. cow",
    "12 of 15 (80%), between [0, 1]",
    "top: 5 things, left: 3",
    "a box of 12, a box of 24",
    "isbn 978-3-16-148410-0",
    "£10, £20, £30, £40",
    "a player with number 7 on the left",
    "rgba(255, 0, 0, 0.5)",
    "the colour is (255, 0, 0, 128)",
    "a matrix [[1, 2], [3, 4]]",
    "confidence [0.95, 0.98]",
    "quarter scores (28, 25, 24, 25)",
    "refs [3, 7, 12, 18]",
    "the numbers were [4, 8, 15, 16, 23, 42]",
    "(2019, 2020)",
    "dimensions (30, 40, 50)",
    "a 2 px border, 3 px wide",
    "see (a) 3 and (b) 4",
    "M 5 and L 6 are buses",
    "points: 12 to 15",
    "10 x 50 y",
    "press 10, 20 or 30",
    "the slider: 10, 20, 30",
    "ages: 50, 20",
    "in box 12, shelf 3",
    "他得了第3名，共有12人",
    "um 10:30, 3 Hunde",
    "",
]


@pytest.mark.parametrize("text", COORDINATES)
def test_spellings_of_coordinates_are_found(text: str) -> None:
    found = find_coordinates(text)
    assert found
    assert all(text[each.start :].startswith(each.text) for each in found)
    assert all(each.models for each in found)


@pytest.mark.parametrize("text", ORDINARY)
def test_other_numbers_are_none(text: str) -> None:
    assert find_coordinates(text) == []


def test_what_counts_parts_of_the_picture_is_told_from_pixels() -> None:
    assert find_coordinates("(0.12, 0.34, 0.5, 0.6)")[0].fractions
    assert find_coordinates("<loc0123><loc0456>")[0].fractions
    assert not find_coordinates("[60, 30, 90, 50]")[0].fractions


@pytest.mark.parametrize(
    "text",
    ["(" * 50_000 + "1", "(1" + " " * 50_000, "1 " * 30_000, "<points " * 8_000 + "1", "9" * 99_999,
     "click" + "." * 50_000 + "1", "bbox " * 20_000 + "1", "{<1>" + " " * 50_000],
)  # fmt: skip
def test_no_text_makes_it_slow(text: str) -> None:
    before = time.thread_time()
    find_coordinates(text)
    assert time.thread_time() - before < 2.0
