"""What has moved a stream waits in a record, without its data, until somebody reads it."""

from __future__ import annotations

import gc
import pickle
import weakref
from copy import deepcopy
from typing import Any

import numpy as np

from syncaug import Record, load_policy

POLICY = {
    "syncaug": 1,
    "sample": {"image": "image", "mask": "mask"},
    "steps": [
        {"name": "mirror", "uses": "flip", "with": {"axis": "horizontal"}},
        {"name": "turn", "uses": "rotate", "with": {"degrees": [5, 20]}},
        {"name": "lamp", "uses": "light", "with": {"value": [0.1, 0.3]}},
    ],
}


class Pixels(np.ndarray[Any, Any]):
    """An array that can be watched until it goes."""


def recorded() -> tuple[dict[str, Any], Record]:
    sample = {"image": np.full((12, 16, 3), 9, np.uint8), "mask": np.zeros((12, 16), np.uint8)}
    return load_policy(POLICY, seed=3).apply(sample, key="k")


def test_maps_are_the_same_before_and_after_they_were_read() -> None:
    read, waiting = recorded()[1], recorded()[1]
    assert read.maps["form"] == 1
    assert set(read.maps["streams"]) == {"image", "mask"}
    assert waiting == read
    assert waiting.to_json() == read.to_json()


def test_a_record_whose_maps_nobody_read_can_be_sent_and_copied() -> None:
    record = recorded()[1]
    sent = pickle.loads(pickle.dumps(record))
    assert sent == record
    assert type(sent.maps) is dict
    assert deepcopy(recorded()[1]) == record
    assert Record.from_json(recorded()[1].to_json()).maps == record.maps


def test_maps_that_wait_hold_no_pixels() -> None:
    policy = load_policy(POLICY, seed=3)
    pixels = np.full((12, 16, 3), 9, np.uint8).view(Pixels)
    gone = weakref.ref(pixels)
    out, record = policy.apply({"image": pixels, "mask": np.zeros((12, 16), np.uint8)}, key="k")
    del pixels, out
    gc.collect()
    assert gone() is None
    assert record.maps["paths"]


def test_what_is_changed_in_a_sample_afterwards_changes_no_record() -> None:
    policy = load_policy(POLICY, seed=3)
    sample = {"image": np.full((12, 16, 3), 9, np.uint8), "mask": np.zeros((12, 16), np.uint8)}
    _, record = policy.apply(sample, key="k")
    sample["image"][:] = 0
    assert record.to_json() == recorded()[1].to_json()
