"""Mistakes of form hide no others: one run tells all of them, and nothing that only follows."""

from __future__ import annotations

import pytest

from syncaug.errors import PolicyError
from syncaug.loading import check_policy
from syncaug.problem import Problem

SEVEN = """\
syncaug: 1
sample:
  image: imge
  boxes: {modality: boxes, format: xyxy}
  caption: caption
draw:
  hue: [-20, 20]
steps:
  - {name: mirror, uses: HorizontalFlip, prob: 0.5}
  - {name: tint, uses: colour, with: {hue: {from: hue}, amount: 3}}
checks: [{boxes_visible: {min_area: lots}}]
"""


def problems(text: str) -> list[Problem]:
    try:
        return check_policy(text, extras="warning")[1]
    except PolicyError as error:
        return list(error.problems)


def codes(text: str) -> list[tuple[str, int]]:
    return [(problem.code, problem.position.line) for problem in problems(text)]


def test_seven_mistakes_in_one_run() -> None:
    assert codes(SEVEN) == [
        ("SA209", 3),
        ("SA205", 4),
        ("SA209", 5),
        ("SA210", 7),
        ("SA302", 9),
        ("SA201", 9),
        ("SA307", 10),
        ("SA401", 11),
    ]


def test_places_are_those_of_the_text() -> None:
    text = (
        "syncaug: 1\nsample: {image: image}\ntransforms:\n"
        "  - 3\n  - {name: a, uses: rotate, prob: 0.5, with: {degrees: 400}}\n"
    )
    found = problems(text)
    assert [(p.code, p.position.line, p.position.column) for p in found] == [
        ("SA201", 3, 1),
        ("SA203", 4, 5),
        ("SA201", 5, 29),
        ("SA401", 5, 56),
    ]
    assert "400" in found[-1].excerpt


def test_a_policy_that_is_data_names_its_own_paths() -> None:
    data = {
        "syncaug": 1,
        "sample": {"image": "image"},
        "transforms": [3, {"name": "a", "uses": "rotate", "with": {"degrees": 400}}],
    }
    found = check_policy(data)[1]
    assert [str(problem.position) for problem in found] == [
        "<policy>:transforms",
        "<policy>:transforms[0]",
        "<policy>:transforms[1].with.degrees",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # What names a lost stream or variable, or needs one, is not complained of.
        (
            "syncaug: 1\nsample: {image: image, sound: 7}\n"
            "steps: [{name: a, uses: drop_modality, with: {streams: [sound]}}]\n",
            [("SA203", 2)],
        ),
        (
            "syncaug: 1\nsample: {image: image}\ndraw: {tilt: {gaussian: 4}}\n"
            "steps: [{name: a, uses: rotate, with: {degrees: {from: tilt}}}]\n",
            [("SA210", 3), ("SA203", 3)],
        ),
        (
            "syncaug: 1\nsample: {image: image}\ndraw: {tilt: {wild: 4}}\n"
            "steps: [{name: a, uses: rotate, with: {degrees: {from: tilt}}}]\n",
            [("SA210", 3)],
        ),
        # Nor is a parameter that was given, and wrongly.
        (
            "syncaug: 1\nsample: {image: image}\n"
            "steps: [{name: a, uses: rotate, with: {degrees: {uniform: 3}}}]\n",
            [("SA203", 3)],
        ),
        # A step without a name is looked at all the same.
        (
            "syncaug: 1\nsample: {image: image}\nsteps: [{uses: rotate, with: {degrees: 999}}]\n",
            [("SA202", 3), ("SA401", 3)],
        ),
        # Two names for one key: the right one stays.
        (
            "syncaug: 1\nsample: {image: image}\n"
            "steps: [{name: a, uses: flip, p: 0.5, prob: 0.5}]\n",
            [("SA201", 3)],
        ),
        (
            "syncaug: 1\nsample: [image]\nsteps: [{name: a, uses: flop}]\n",
            [("SA203", 2), ("SA302", 3)],
        ),
    ],
)
def test_what_only_follows_is_not_told(text: str, expected: list[tuple[str, int]]) -> None:
    assert codes(text) == expected


def test_inner_steps_of_a_choice_are_looked_at() -> None:
    text = (
        "syncaug: 1\nsample: {image: image}\nsteps:\n"
        "  - {name: a, sort_of: [{name: b, uses: flip}], "
        "one_of: [{name: c, uses: rotate, with: {degrees: 999}}, 5]}\n"
    )
    assert [code for code, _ in codes(text)] == ["SA201", "SA401", "SA203"]


def test_a_required_number_that_is_none_is_not_missing_too() -> None:
    text = (
        "syncaug: 1\nsample: {image: image}\nsteps:\n"
        "  - {name: a, uses: rotate, with: {degrees: .inf}}\n  - {name: b, uses: rotate}\n"
    )
    assert codes(text) == [("SA215", 4), ("SA308", 5)]
