"""Positions: every value and key is found where it stands."""

from __future__ import annotations

import pytest

from syncaug.policy.document import dotted
from syncaug.policy.source import read
from syncaug.problem import Position, Problem

TEXT = """\
syncaug: 1
sample:
  image: image            # a comment
  boxes: {modality: boxes, labels: classes}
steps:
  - name: recolour
    apply:
      image:
        op: albumentations.Blur
        blur_limit: [3, 7]
    with:
  - {name: "grün ☃", uses: flip}
shared: &shared {a: 1}
again: *shared
text: |
  several
  lines
"""


@pytest.fixture(scope="module")
def document():  # type: ignore[no-untyped-def]
    return read(TEXT, name="p.yaml")


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        (("syncaug",), False, (1, 10, 1)),
        (("syncaug",), True, (1, 1, 7)),
        (("sample", "image"), False, (3, 10, 5)),
        (("sample", "boxes"), False, (4, 10, 34)),
        (("sample", "boxes", "labels"), True, (4, 28, 6)),
        (("steps", 0), False, (6, 5, 4)),
        (("steps", 0), True, (6, 5, 4)),
        (("steps", 0, "apply"), False, (8, 7, 5)),
        (("steps", 0, "apply", "image", "blur_limit", 1), False, (10, 25, 1)),
        (("steps", 0, "with"), False, (11, 5, 4)),
        (("steps", 1, "name"), False, (12, 12, 8)),
        (("steps", 1, "uses"), True, (12, 22, 4)),
        (("again",), False, (14, 8, 7)),
        (("again", "a"), False, (13, 21, 1)),
        (("text",), False, (15, 7, 1)),
        # What is not there is told by the nearest thing around it.
        (("sample", "mask"), False, (2, 1, 6)),
        (("sample", "boxes", "format"), True, (4, 3, 5)),
        (("steps", 0, "apply", "image", "p"), True, (8, 7, 5)),
        (("steps", 7, "name"), False, (5, 1, 5)),
        (("steps", 1, "with", "axis"), False, (12, 5, 28)),
        (("draw",), False, (1, 1, 7)),
    ],
)
def test_a_path_has_a_position(document, path, key, expected) -> None:  # type: ignore[no-untyped-def]
    position = document.position(path, key=key)
    assert (position.line, position.column, position.length) == expected
    assert position.document == "p.yaml"


def test_an_excerpt_is_the_line_of_a_position(document) -> None:  # type: ignore[no-untyped-def]
    assert document.excerpt(document.position(("syncaug",))) == "syncaug: 1"
    assert document.excerpt(Position("p.yaml", 99, 1)) == ""
    assert document.excerpt(Position("p.yaml", 0, 0)) == ""


def test_a_path_in_words() -> None:
    assert dotted(("steps", 0, "apply", "image", 1)) == "steps[0].apply.image[1]"
    assert dotted((0,)) == "[0]"
    assert dotted(()) == ""


def test_a_problem_underlines_its_place() -> None:
    problem = Problem(
        "SA302",
        "unknown transform 'time_shfit'",
        Position("policies/drive.yaml", 14, 9, 10),
        "",
        "did you mean 'time_shift'?",
        "  uses: time_shfit",
    )
    assert str(problem) == (
        "policies/drive.yaml:14:9: SA302 unknown transform 'time_shfit'\n"
        "    uses: time_shfit\n"
        "          ^^^^^^^^^^ did you mean 'time_shift'?"
    )


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 5000 + "HERE" + "y" * 5000
    text = str(Problem("SA203", "m", Position("p", 1, 5001, 4), excerpt=line))
    shown, marks = text.splitlines()[1:]
    assert len(shown) < 120
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "HERE"
