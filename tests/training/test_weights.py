"""Weights from records: margins of checks, and what was not augmented."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from syncaug import Record, RecordError, load_policy
from syncaug.catalogue.checks import checks
from syncaug.training import losses
from syncaug.training.dropout import dropped_of
from syncaug.training.layout import layout_of
from syncaug.training.weights import margin_of, weights_of

POLICY = """
syncaug: 1
sample: {image: image, boxes: {modality: boxes, labels: classes}}
steps: [{name: away, uses: translate, with: {x: SHIFT, y: 0}}]
checks: [{boxes_visible: {min_area: 0.5}}]
on_fail: {then: THEN}
"""


def record(shift: float, then: str = "drop") -> Record:
    policy = load_policy(POLICY.replace("SHIFT", str(shift)).replace("THEN", then))
    photo = np.zeros((10, 20, 3), np.uint8)
    sample: dict[str, Any] = {"image": photo, "boxes": [[0.0, 0.0, 20.0, 10.0]], "classes": ["c"]}
    return policy.apply(sample, key=1)[1]


def test_a_pair_counts_by_the_margin_of_its_check() -> None:
    whole, half, little = record(0.0), record(0.4), record(0.5)
    assert [margin_of(each) for each in (whole, half, little)] == pytest.approx([1.0, 0.2, 0.0])
    assert weights_of([whole, half, little]) == pytest.approx([1.0, 0.7, 0.5])
    assert weights_of([half], barely=0.0, clear=1.0) == pytest.approx([0.2])
    assert weights_of([half.to_json(), json.loads(half.to_json())]) == pytest.approx([0.7, 0.7])


def test_what_was_not_augmented_counts_less_and_what_was_dropped_nothing() -> None:
    told = [record(0.9, then) for then in ("keep_original", "neutral", "drop")]
    assert [each.outcome for each in told] == ["kept_original", "neutral", "dropped"]
    assert weights_of(told) == [0.25, 0.25, 0.0]
    assert weights_of(told[:1], kept=0.1) == [0.1]


def test_every_check_of_ours_says_what_bounds_it() -> None:
    for name, spec in checks().items():
        assert spec.bound is not None, name
        assert spec.bound.option in spec.options, name
        assert spec.bound.side in ("least", "most"), name


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="barely: expected a number from 0 to 1"):
        weights_of([], barely=2)
    with pytest.raises(RecordError, match="expected a record"):
        weights_of(["{}"])


def test_one_record_is_no_list() -> None:
    for one in ({}, "{}"):
        with pytest.raises(ValueError, match="records: expected a list of records"):
            weights_of(one)


@pytest.mark.parametrize("given", [None, 3, True])
def test_what_is_no_list_is_told(given: Any) -> None:
    told = f"got {type(given).__name__} {given!r}"
    with pytest.raises(ValueError, match=f"records: expected a list of records, .*; {told}"):
        weights_of(given)
    with pytest.raises(ValueError, match=f"records: expected a list of records, .*; {told}"):
        dropped_of(given, ["a"])
    with pytest.raises(ValueError, match=f"keys: expected a list, one for each row; {told}"):
        layout_of(given)
    if given is not None:
        with pytest.raises(ValueError, match=f"captions: expected a list, .*; {told}"):
            layout_of([1], given)


def test_the_place_of_what_is_no_record_is_told() -> None:
    good = record(0.0)
    for bad in (None, 3, "x"):
        with pytest.raises(RecordError, match=r"records\[1\]: expected a record"):
            weights_of([good, bad])
        with pytest.raises(RecordError, match=r"records\[1\]: expected a record"):
            dropped_of([good, bad], [])


@pytest.mark.parametrize("loss", [losses.InfoNCE, losses.SigLIP, losses.VICReg])
def test_features_for_settings_are_told_in_one_line(loss: Any) -> None:
    with pytest.raises(ValueError, match=r"got a Tensor of shape \(4, 8\). Features go into the"):
        loss(torch.zeros(4, 8))
