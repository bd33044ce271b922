"""Threads: how many libraries use in workers, and work that several threads do in order."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from syncaug import SampleError, load_policy, threads
from syncaug.loaders.torch import AugmentedDataset
from tests.samples import ROOT

POLICY = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-15, 15]}}
  - {name: mirror, uses: flip, p: 0.5}
  - {name: grain, uses: noise, with: {snr_db: [20, 30]}}
"""
SIZE = 64


def sample(number: int, size: int = SIZE) -> dict[str, Any]:
    generator = np.random.default_rng(number)
    return {
        "image": generator.integers(0, 256, (size, size, 3), dtype=np.uint8),
        "caption": f"a dog to the left of {number} trees",
    }


class Counted:
    """A data set whose samples say how many threads libraries used before they were augmented."""

    def __init__(self) -> None:
        self.policy = load_policy(POLICY, seed=1)

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> dict[str, int]:
        self.policy(sample(index), key=index, epoch=0)
        return {"cv2": cv2.getNumThreads(), "torch": torch.get_num_threads()}


@pytest.fixture
def as_it_was() -> Iterator[int]:
    """OpenCV's threads in this process, raised for the test where there is one core only."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    yield 3
    cv2.setNumThreads(before)


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_workers_of_a_loader_use_one_thread_each_and_their_parent_keeps_its_own(
    start: str, as_it_was: int
) -> None:
    loader = DataLoader(
        Counted(),  # type: ignore[arg-type]
        batch_size=None,
        num_workers=2,
        multiprocessing_context=start,
    )
    for counts in loader:
        assert counts == {"cv2": 1, "torch": 1}
    Counted()[0]
    assert cv2.getNumThreads() == as_it_was


_SCRIPT = """
import cv2
from torch.utils.data import DataLoader
from tests.test_threads import Counted
loader = DataLoader(Counted(), batch_size=None, num_workers=1, multiprocessing_context="fork")
own = cv2.getNumThreads()
print([counts["cv2"] == (min(SAID, own) if SAID else own) for counts in loader])
"""


@pytest.mark.parametrize("said", ["2", "0"])
def test_the_user_decides_how_many_threads_a_worker_has(said: str) -> None:
    environment = {**os.environ, threads.SWITCH: said, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT.replace("SAID", said)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.strip() == str([True] * 4), done.stderr


def test_shares_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cores", lambda: 8)
    assert [threads.share(workers) for workers in (1, 3, 8, 20)] == [8, 2, 1, 1]
    monkeypatch.setenv(threads.SWITCH, "5")
    assert threads.share(3) == 5


def test_results_keep_the_order_of_items_whoever_is_first() -> None:
    last = threading.Event()

    def slow(item: int) -> int:
        if item == 0:
            assert last.wait(10)
        if item == 3:
            last.set()
        return item * item

    assert list(threads.in_order(slow, range(6), 2, ahead=4)) == [0, 1, 4, 9, 16, 25]


def test_no_more_items_are_taken_than_are_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(20):
            taken.append(item)
            yield item

    results = threads.in_order(lambda item: item, items(), 2, ahead=3)
    assert [next(results), next(results)] == [0, 1]
    assert len(taken) == 4
    results.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_batch_is_the_same_by_any_number_of_threads(count: int) -> None:
    policy = load_policy(POLICY, seed=3)
    samples = [sample(number) for number in range(9)]
    alone = [policy(one, key=key, epoch=2) for key, one in enumerate(samples)]
    batch = policy.batch(samples, range(9), epoch=2, threads=count)
    for one, other in zip(batch, alone, strict=True):
        assert np.array_equal(one["image"], other["image"])
        assert one["caption"] == other["caption"]


def test_the_first_bad_sample_is_the_one_that_is_told() -> None:
    policy = load_policy(POLICY, seed=3)
    samples: list[Any] = [sample(0), {"image": 3, "caption": ""}, {"image": None}, sample(3)]
    with pytest.raises(SampleError, match="sample 1, stream 'image'"):
        policy.batch(samples, range(4), threads=3)
    with pytest.raises(SampleError, match="how many threads work, an integer"):
        policy.batch(samples, range(4), threads=0)


def test_a_data_set_of_the_library_is_limited_too(as_it_was: int) -> None:
    rows = [{**sample(n), "id": n} for n in range(4)]
    data = AugmentedDataset(rows, load_policy(POLICY, seed=1), key="id")
    loader = DataLoader(data, 2, collate_fn=_threads, num_workers=1)
    assert list(loader) == [1, 1]


def _threads(samples: list[Any]) -> int:
    return int(cv2.getNumThreads())


FORKED = """
import multiprocessing, time
import cv2
import numpy as np
EARLY
cv2.setNumThreads(3)
picture = np.zeros((1500, 1500, 3), np.uint8)

def blur():
    cv2.GaussianBlur(picture, (0, 0), 5)

def child():
    from syncaug.threads import limit_threads
    limit_threads(LIMIT)
    blur()
    print("child", cv2.getNumThreads(), flush=True)

for _ in range(3):
    blur()
time.sleep(0.5)  # OpenCV's threads sleep now, which is what a child would wait for
process = multiprocessing.get_context("fork").Process(target=child)
process.start()
process.join(60)
print("hangs" if process.is_alive() else "ended", cv2.getNumThreads())
process.kill()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks on this system")
@pytest.mark.parametrize(
    ("early", "limit", "told"),
    [
        ("import syncaug.threads", 1, "child 1\nended 3\n"),
        ("import syncaug.threads", 0, "child 3\nended 3\n"),
        ("", 1, "child 3\nended 3\n"),
    ],
    ids=["limited", "left as it is", "loaded after the fork"],
)
def test_a_forked_worker_does_not_wait_for_threads_of_its_parent(
    early: str, limit: int, told: str
) -> None:
    script = FORKED.replace("EARLY", early).replace("LIMIT", str(limit))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == told


GARBAGE = """
import gc, multiprocessing, sys
import av
import numpy as np
import syncaug.threads

EARLY
was = gc.isenabled()
container = av.open(sys.argv[1])
stream = container.streams.video[0]
stream.thread_type, stream.thread_count = "FRAME", 3
frames = [frame for _, frame in zip(range(5), container.decode(stream))]
cycle = [container, stream, frames]
cycle.append(cycle)
del container, stream, frames, cycle

def child():
    gc.collect()
    print("child", gc.isenabled() == was, flush=True)

process = multiprocessing.get_context("fork").Process(target=child)
process.start()
process.join(60)
print("hangs" if process.is_alive() else "ended", gc.isenabled() == was, gc.collect() > 0)
process.kill()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks on this system")
@pytest.mark.parametrize(
    "early", ["gc.disable()", "gc.set_threshold(10**6)", "gc.disable(); gc.freeze()"]
)
def test_a_forked_worker_leaves_decoders_in_its_parents_garbage_alone(early: str) -> None:
    film = ROOT / "examples" / "data" / "webb" / "webb.mp4"
    done = subprocess.run(
        [sys.executable, "-c", GARBAGE.replace("EARLY", early), str(film)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "child True\nended True True\n"
