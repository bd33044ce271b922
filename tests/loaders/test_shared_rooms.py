"""Memory of results that goes back and forth between workers and the loop that drops them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from syncaug import load_policy
from syncaug.loaders import shared_rooms
from syncaug.loaders.torch import INDEX, AugmentedDataset

POLICY = """syncaug: 1
sample: {film: {modality: video, fps: 25}, photo: image}
steps: [{name: m, uses: flip, p: 0.5}, {name: t, uses: rotate, with: {degrees: [-20, 20]}}]
"""
COUNT = 24
ONLY = pytest.mark.skipif(sys.platform != "linux", reason="files without names")
METHODS = [one for one in ("fork", "spawn") if one in multiprocessing.get_all_start_methods()]


class Films:
    """Films of 1.2 to 2.4 MB with a photo of a frame; of photos eight are more than a MB."""

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, number: int) -> dict[str, Any]:
        generator = np.random.default_rng(number)
        frames = generator.integers(0, 256, (8 + number % 5 * 2, 192, 256, 3), dtype=np.uint8)
        return {"film": frames, "photo": generator.integers(0, 256, (192, 256, 3), dtype=np.uint8)}


class Told:
    """Another data set, with what its worker holds beside each sample."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, number: int) -> dict[str, Any]:
        out = self.data[number]
        rooms = shared_rooms._rooms
        return {**out, "segments": 0 if rooms is None else len(rooms._segments)}


def loader(method: str, workers: int = 2, change: Callable[[Any], Any] = dict, **how: Any) -> Any:
    data = AugmentedDataset(Films(), load_policy(POLICY, seed=3), key=INDEX)
    return DataLoader(
        Told(data),
        batch_size=how.pop("batch", None),
        collate_fn=change if change is not dict else None,
        num_workers=workers,
        persistent_workers=bool(workers),
        multiprocessing_context=method if workers else None,
        **how,
    )


@pytest.fixture(scope="module")
def expected() -> list[dict[str, Any]]:
    policy, data = load_policy(POLICY, seed=3), Films()
    return [policy(data[number], key=number, epoch=0) for number in range(COUNT)]


def same(sample: Any, expected: Any) -> bool:
    return all(np.array_equal(sample[name], expected[name]) for name in ("film", "photo"))


@pytest.mark.parametrize("method", METHODS)
def test_results_are_those_of_a_direct_call(method: str, expected: list[dict[str, Any]]) -> None:
    """In every epoch of workers that stay, though their memory is used again."""
    data = loader(method)
    for _ in range(2):
        for number, sample in enumerate(data):
            assert type(sample["film"]) is torch.Tensor
            assert same(sample, expected[number])
            if sys.platform == "linux":
                assert 0 < sample["segments"] <= 5


@pytest.mark.parametrize("method", METHODS)
def test_batches_hold_the_results_of_direct_calls(
    method: str, expected: list[dict[str, Any]]
) -> None:
    batch = 8
    collate = AugmentedDataset(Films(), load_policy(POLICY, seed=3), key=INDEX).collate
    batches = loader(method, change=collate, batch=batch)
    for _ in range(2):
        for first, many in enumerate(batches):
            for row in range(batch):
                one = {name: many[name][row] for name in ("film", "photo")}
                assert same(one, expected[first * batch + row])


@pytest.mark.parametrize("kept", ["whole", "view", "numpy"])
def test_what_the_loop_keeps_stays(kept: str, expected: list[dict[str, Any]]) -> None:
    take: dict[str, Callable[[Any], Any]] = {
        "whole": lambda film: film,
        "view": lambda film: film[3:5, ::2].permute(3, 0, 1, 2),
        "numpy": lambda film: film.numpy()[3:5],
    }
    data = loader(METHODS[0], workers=1)
    held = [take[kept](sample["film"]) for sample in data]
    for _ in data:
        gc.collect()
    for one, whole in zip(held, expected, strict=True):
        assert np.array_equal(one, take[kept](torch.from_numpy(whole["film"])))


def test_parts_of_results_are_sent_as_they_are(expected: list[dict[str, Any]]) -> None:
    """Also where a worker's own function has cut them, and sends one twice."""

    def cut(sample: Any) -> Any:
        film = torch.from_numpy(sample["film"])
        return {"odd": film[1::2, 5:, :7].transpose(1, 2), "last": film[-1], "again": film[-1]}

    for number, sample in enumerate(loader("fork", change=cut)):
        film = torch.from_numpy(expected[number]["film"])
        assert torch.equal(sample["odd"], film[1::2, 5:, :7].transpose(1, 2))
        assert torch.equal(sample["last"], film[-1])
        sample["last"][...] = 0
        assert torch.equal(sample["again"], film[-1]) or sys.platform == "linux"


@ONLY
def test_what_a_worker_keeps_stays(
    expected: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And beyond a number of results memory is PyTorch's."""
    monkeypatch.setattr(shared_rooms, "_MOST", 3)
    held: list[Any] = []

    def keep(sample: Any) -> Any:
        held.append(sample)
        first = held[0]["film"].copy()
        return {"film": torch.from_numpy(sample["film"]), "first": first, **_told(sample)}

    for number, sample in enumerate(loader("fork", workers=1, change=keep)):
        assert np.array_equal(sample["film"], expected[number]["film"])
        assert np.array_equal(sample["first"], expected[0]["film"])
        assert sample["segments"] <= 3


def _told(sample: Any) -> dict[str, Any]:
    return {"segments": sample["segments"]}


@ONLY
def test_memory_is_the_loops_though_its_children_drop_it(expected: list[dict[str, Any]]) -> None:
    data = loader("fork", workers=1)
    samples = iter(data)
    held = [next(samples)]
    child = os.fork()
    if not child:
        held.clear()
        os._exit(0)
    os.waitpid(child, 0)
    rest = [same(sample, expected[number]) for number, sample in enumerate(samples, 1)]
    assert all(rest)
    assert len(rest) == COUNT - 1
    assert same(held[0], expected[0])


@ONLY
@pytest.mark.parametrize("method", METHODS)
def test_of_a_killed_worker_nothing_is_left(method: str, expected: list[dict[str, Any]]) -> None:
    before = set(os.listdir("/dev/shm"))
    data = loader(method, workers=1)
    samples = iter(data)
    held = next(samples)
    before_it = signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # PyTorch's raises wherever it may
    try:
        worker = samples._workers[0]
        os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises((RuntimeError, OSError, EOFError)):  # as for PyTorch's own memory
            list(samples)
        worker.join()  # its queue may end before it does, and its signal comes after it
    finally:
        signal.signal(signal.SIGCHLD, before_it)
    assert same(held, expected[0])
    del samples, data
    gc.collect()
    left = set(os.listdir("/dev/shm")) - before
    own = [f"torch_{pid}_" for pid in (os.getpid(), worker.pid)]  # others put theirs there too
    assert not [name for name in left if name.startswith(("syncaug", *own))]
    mapped = Path("/proc/self/maps").read_text().count("memfd:syncaug-result")
    assert mapped == 1
    del held
    assert "memfd:syncaug-result" not in Path("/proc/self/maps").read_text()


@pytest.fixture
def by_name() -> Iterator[None]:
    before = torch.multiprocessing.get_sharing_strategy()
    torch.multiprocessing.set_sharing_strategy("file_system")
    yield
    torch.multiprocessing.set_sharing_strategy(before)


@pytest.mark.usefixtures("by_name")
def test_who_sends_files_by_name_gets_them_so(expected: list[dict[str, Any]]) -> None:
    for number, sample in enumerate(loader("fork", workers=1)):
        assert same(sample, expected[number])
        assert sample["segments"] == 0


def test_in_one_process_memory_is_its_own(expected: list[dict[str, Any]]) -> None:
    for number, sample in enumerate(loader("", workers=0)):
        assert same(sample, expected[number])
        assert sample["segments"] == 0
