"""Threads: the order, the bound, errors at their place, and a clean end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from syncaug import SampleError, load_policy
from syncaug.loaders import INDEX
from syncaug.loaders.threads import Prefetch
from tests.loaders.pictures import MIXED, POLICY, direct_pictures, sample
from tests.loaders.torch_sets import Pictures

COUNT = 12


class Counted:
    """Samples, with what has been read of them and how many are in work at most."""

    def __init__(self, bad: int = -1) -> None:
        self.read, self.bad = 0, bad

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for index in range(COUNT):
            self.read += 1
            yield {**sample(index), "image": "lost"} if index == self.bad else sample(index)


def pictures(rows: Any) -> dict[str, bytes]:
    return {row["id"]: row["image"].tobytes() for row in rows}


def alive() -> int:
    return sum(thread.name.startswith("syncaug") for thread in threading.enumerate())


@pytest.mark.parametrize("threads", [1, 3])
def test_samples_come_in_their_order_and_epoch(threads: int) -> None:
    data = Prefetch(Counted(), load_policy(POLICY), key="id", threads=threads)
    for epoch in (0, 4):
        data.set_epoch(epoch)
        found = pictures(data)
        assert list(found) == [f"photo/{index}" for index in range(COUNT)]
        assert found == direct_pictures(epoch, COUNT)
    assert alive() == 0


def test_no_more_is_read_than_the_bound() -> None:
    source = Counted()
    data = Prefetch(source, load_policy(POLICY), key="id", threads=2, ahead=3)
    for taken, _ in enumerate(data, 1):
        assert source.read <= taken + 3
    assert source.read == COUNT


def test_an_error_comes_at_its_place_and_ends_the_threads() -> None:
    source = Counted(bad=5)
    before: list[str] = []
    rows = Prefetch(source, load_policy(POLICY), key="id", threads=3)
    with pytest.raises(SampleError, match="sample 'photo/5', stream 'image'"):
        before.extend(row["id"] for row in rows)
    assert before == [f"photo/{index}" for index in range(5)]
    assert alive() == 0
    told: list[Exception] = []
    kept = Prefetch(
        Counted(bad=5), load_policy(POLICY), "id", handler=lambda error: not told.append(error)
    )
    assert "photo/5" not in pictures(kept)
    assert len(told) == 1


def test_a_loop_that_is_left_starts_no_other_sample() -> None:
    source = Counted()
    rows = iter(Prefetch(source, load_policy(POLICY), key="id", threads=2, ahead=2))
    next(rows)
    assert alive() > 0
    rows.close()
    assert alive() == 0
    assert source.read <= 4


def test_an_iteration_keeps_its_epoch() -> None:
    data = Prefetch(Pictures(COUNT), load_policy(POLICY), key="id", threads=2)
    data.samples = [sample(index) for index in range(COUNT)]
    data.set_epoch(2)
    found = []
    for row in data:
        data.set_epoch(3)
        found.append(row)
    assert pictures(found) == direct_pictures(2, COUNT)


def test_what_it_cannot_do_is_told() -> None:
    with pytest.raises(SampleError, match="steps blend"):
        Prefetch([], load_policy(MIXED), key=INDEX)
    with pytest.raises(SampleError, match="how many threads there are"):
        Prefetch([], load_policy(POLICY), key=INDEX, threads=0)
    rows = [{k: v for k, v in sample(index).items() if k != "id"} for index in range(3)]
    (first, *_) = Prefetch(rows, load_policy(POLICY), key=INDEX)
    assert np.array_equal(first["image"], load_policy(POLICY)(rows[0], key=0)["image"])
