"""Two workers of torch's DataLoader beside one: ours, the same by hand, and what is sent.

Each library has one thread in both arms. A worker of torch's sends its results through shared
memory, whose pages the system makes anew for each of them; it does so in a second thread, so that
one worker keeps more than one core busy. Ours makes large results in memory that it uses again. So
the same loader runs over cv2 and PyAV by hand, and over results that are dropped where they are
made. Loaders are warm; photos come in batches of five, films alone. What two processes of the
machine do at best stands beside (`ceiling`).
"""

from __future__ import annotations

import os
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from torch.utils.data import DataLoader

from benchmarks.ceiling import ceiling
from benchmarks.films import HEIGHT, WIDTH
from benchmarks.report import Goal, Report, Run
from benchmarks.timing import fastest_turns
from benchmarks.workers import one_thread_each, two_kinds
from syncaug import load_policy
from syncaug.io import load_sample, read_manifest
from syncaug.loaders.torch import INDEX, AugmentedDataset

__all__ = ["measure"]

BATCH = {"photos": 5, "films": None}


def measure(run: Run) -> Report:
    """Loaders take turns."""
    report = Report("Two workers of a DataLoader beside one, a thread for each library")
    photos, films, seconds = (10, 2, 1) if run.quick else (60, 2, 10)
    with tempfile.TemporaryDirectory() as temporary, one_thread_each():
        folder = Path(temporary)
        two_kinds(folder, photos, films, seconds)
        for kind in BATCH:
            _kind(report, folder, kind, 1 if run.quick else 2)
    report.goals += ceiling("transport", 1 if run.quick else 5)
    report.notes.append(f"the load was {os.getloadavg()[0]:.1f} at the end")
    return report


def _kind(report: Report, folder: Path, kind: str, rounds: int) -> None:
    policy = load_policy(folder / f"{kind}.yaml", seed=1)
    samples = Samples(folder / f"{kind}.jsonl", {one.name: one for one in policy.plan.streams})
    ours = AugmentedDataset(samples, policy, key=INDEX)
    hand = Photos(folder, len(samples)) if kind == "photos" else Films(folder, len(samples))
    data = {"": ours, ", nothing sent": Made(ours), ", by hand": hand}
    times: dict[str, dict[int, float]] = {}
    for what, one in data.items():
        loaders = {workers: _loader(one, BATCH[kind], workers) for workers in (1, 2)}
        works = {workers: partial(_drained, loader) for workers, loader in loaders.items()}
        for work in works.values():
            work()  # workers start
        times[what] = fastest_turns(works, rounds, time.perf_counter)
        ratio = times[what][1] / times[what][2]
        name = f"transport: DataLoader, {kind}{what}, two workers over one"
        report.goals.append(Goal(name, ratio, "x", None if what else 1.8))
    faster = times[", by hand"][2] / times[""][2]
    report.goals.append(Goal(f"transport: DataLoader, {kind}, over the same by hand", faster))


class Samples:
    """The samples of a manifest, read in the worker."""

    def __init__(self, manifest: Path, streams: dict[str, Any]) -> None:
        self.entries, self.streams = list(read_manifest(manifest)), streams

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, number: int) -> dict[str, Any]:
        return load_sample(self.entries[number], self.streams)


class Photos:
    """Photos, read and turned by hand."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> dict[str, Any]:
        cv2.setNumThreads(1)
        photo = cv2.cvtColor(cv2.imread(str(self.folder / f"{number}.jpg")), cv2.COLOR_BGR2RGB)
        height, width = photo.shape[:2]
        turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 9, 1)
        return {"photo": cv2.warpAffine(photo, turn, (width, height))}


class Films:
    """Films with their sound, decoded and mirrored by hand."""

    def __init__(self, folder: Path, count: int) -> None:
        self.path, self.count = folder / "piece.mp4", count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> dict[str, Any]:
        if not 0 <= number < self.count:
            raise IndexError(number)
        with av.open(str(self.path)) as container:
            stream = container.streams.video[0]
            stream.thread_count = 1
            film = np.empty((stream.frames, HEIGHT, WIDTH, 3), np.uint8)
            for place, frame in enumerate(container.decode(stream)):
                film[place] = frame.to_ndarray(format="rgb24")[:, ::-1]
        with av.open(str(self.path)) as container:
            blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
        return {"film": film, "sound": np.concatenate(blocks, axis=1)}


class Made:
    """Another data set, whose samples are made and dropped: their numbers are all that is sent."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, number: int) -> int:
        assert self.data[number]
        return number


def _loader(data: Any, batch: int | None, workers: int) -> Any:
    return DataLoader(
        data,
        batch_size=batch,
        collate_fn=data.collate if batch and isinstance(data, AugmentedDataset) else None,
        num_workers=workers,
        persistent_workers=True,
        multiprocessing_context="fork",
    )


def _drained(loader: Any) -> None:
    for _ in loader:
        pass
