"""Labels are held against the classes that their stream declares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, load_policy

PICTURE = np.zeros((4, 4, 3), np.uint8)


def label(declared: str, value: Any) -> Any:
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, y: {{modality: label, {declared}}}}}\n"
        "steps: [{name: mirror, uses: flip}]\n"
    )
    return policy({"image": PICTURE, "y": value}, key=1)["y"]


@pytest.mark.parametrize(
    ("declared", "value", "message"),
    [
        ("classes: 3", np.array(9), "a class from 0 to 2; got 9"),
        ("classes: [a, b, c]", 7, "a class from 0 to 2; got 7"),
        ("classes: [a, b, c]", np.int64(-1), "a class from 0 to 2; got -1"),
        ("classes: [a, b, c]", "A", "one of the 3 classes: a, b, c; got the text 'A'"),
        ("classes: [a, b, c]", ["a", "q"], "one of the 3 classes: a, b, c; got the text 'q'"),
        ("classes: 3", [9, 1], "a class from 0 to 2; got 9"),
        ("classes: 3", [0.5, 0.5], "3 weights, one for each class; got a list of 2 numbers"),
        ("classes: 3, soft: true", [2, 1], "a class, or 3 weights; got a list of 2 numbers"),
        ("classes: 3, soft: true", ["a", "b"], "a class, or 3 weights; got a list of 2"),
        ("classes: 3, soft: true", 2.0, r"a class from 0 to 2; got 2\.0\. A class is an integer"),
        ("classes: 3, soft: true", np.ones(2, np.float32), "3 weights, one for each class"),
    ],
)
def test_a_label_beyond_its_classes_is_refused(declared: str, value: Any, message: str) -> None:
    with pytest.raises(SampleError, match=message):
        label(declared, value)


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ("classes: 3", 2),
        ("classes: 3", 2.5),
        ("classes: 3", []),
        ("classes: 3", [2, 1]),
        ("classes: 3", np.array([0.2, 0.3, 0.5], np.float32)),
        ("classes: 3, soft: true", [0, 1, 0]),
        ("classes: [a, b, c]", 2),
        ("classes: [a, b, c]", "c"),
        ("classes: [a, b, c]", ["c", "a"]),
        ("classes: [10, 20]", 20),
        ("classes: [10, 20]", [20, 10, 10]),
    ],
)
def test_a_label_of_its_classes_stays(declared: str, value: Any) -> None:
    assert np.array_equal(label(declared, value), value)


@pytest.mark.parametrize("classes", ["[a, b, a]", "[1, 2, 1]"])
def test_a_class_that_stands_twice_is_refused(classes: str) -> None:
    with pytest.raises(PolicyError, match="SA203 .* stands twice; expected each class once"):
        label(f"classes: {classes}", 1)
