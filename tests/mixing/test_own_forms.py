"""What mixes comes out in the form of the sample, whatever the form of its partner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy

PHOTO = np.zeros((40, 60, 3), np.uint8)
FORMS: dict[str, Callable[[Any], Any]] = {
    "list": lambda value: value,
    "tuple": tuple,
    "float32": lambda value: np.array(value, np.float32),
    "float64": lambda value: np.array(value, np.float64),
    "int16": lambda value: np.array(value).astype(np.int16),
}
STREAMS = {
    "{modality: keypoints, labels: said}": [[5.0, 6.0]],
    "{modality: keypoints, names: [a, b]}": [[[5.0, 6.0, 2.0], [7.0, 8.0, 2.0]]],
    "{modality: boxes, labels: said}": [[1.0, 2.0, 30.0, 30.0]],
}
MIXES = ["mixup, with: {share: 0.3}", "mixup, with: {share: 0.7}", "stitch"]


def sample(value: Any, stream: str, said: Any) -> dict[str, Any]:
    return {"image": PHOTO, "it": value} | ({"said": said} if "said" in stream else {})


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("own", FORMS)
def test_rows_keep_the_form_of_the_sample(own: str, mix: str, stream: str) -> None:
    value = FORMS[own](STREAMS[stream])
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, it: {stream}}}\n"
        f"steps: [{{name: mix, uses: {mix}, partner: uniform}}]\n"
    )
    given = sample(value, stream, ["x"])
    expected = policy(given, key=1, partner=sample(value, stream, ["yy"]))
    for other in FORMS.values():
        partner = sample(other(STREAMS[stream]), stream, np.array(["yy"]))
        out = policy(given, key=1, partner=partner)
        assert type(out["it"]) is type(value)
        assert getattr(out["it"], "dtype", None) == getattr(value, "dtype", None)
        assert np.array_equal(out["it"], expected["it"])
        assert out.get("said") == expected.get("said")


@pytest.mark.parametrize("mix", [*MIXES, "cutmix, with: {share: 0.5}"])
@pytest.mark.parametrize("own", [0, 1])
def test_a_partner_without_bodies_mixes(own: int, mix: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, it: {modality: keypoints, names: [a, b]}}\n"
        f"steps: [{{name: mix, uses: {mix}, partner: uniform}}]\n"
    )
    bodies = np.array([[[5.0, 6.0, 2.0], [7.0, 8.0, 2.0]]] * own).reshape(-1, 2, 3)
    partner = {"image": PHOTO, "it": np.zeros((0, 2, 3))}
    out = policy({"image": PHOTO, "it": bodies}, key=1, partner=partner)
    assert out["it"].shape in {(0, 2, 3), (own, 2, 3)}


@pytest.mark.parametrize("shape", [(0, 8), (0, 4, 2)])
@pytest.mark.parametrize("other", [[], np.zeros((0, 8)), np.zeros((0, 4, 2))])
def test_corners_of_no_box_stay_so(other: Any, shape: tuple[int, ...]) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, it: oriented_boxes}\n"
        "steps: [{name: mix, uses: cutmix, partner: uniform}]\n"
    )
    out = policy(
        {"image": PHOTO, "it": np.zeros(shape)}, key=1, partner={"image": PHOTO, "it": other}
    )
    assert out["it"].shape == shape
