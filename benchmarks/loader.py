"""A loader that keeps a batch: what held results cost, and torch's DataLoader with one worker.

Results of more than 128 KiB that are dropped at once come from memory that is at hand; those of a
batch that is kept may have to be mapped anew, page by page. Each contestant of the first race is a
process that has done nothing else, since that depends on a process's history.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import worker
from benchmarks.report import Report, Run
from benchmarks.timing import race
from syncaug import load_policy

BATCH = 16
SAMPLES = 96
POLICY: dict[str, Any] = {
    "syncaug": 1,
    "name": "loader",
    "sample": {"image": "image", "mask": "mask"},
    "steps": [
        {"name": "cut", "uses": "crop", "with": {"area": [0.6, 1.0], "resize": [224, 224]}},
        {"name": "mirror", "uses": "flip", "p": 0.5},
        {"name": "turn", "uses": "rotate", "with": {"degrees": [-15, 15]}},
        {"name": "lamp", "uses": "light", "with": {"value": [-0.2, 0.2]}},
    ],
}


def sample() -> dict[str, Any]:
    """A picture of 256x256 and its mask."""
    generator = np.random.default_rng(0)
    return {
        "image": generator.integers(0, 256, (256, 256, 3), dtype=np.uint8),
        "mask": generator.integers(0, 5, (256, 256), dtype=np.uint8),
    }


def held(kept: int) -> tuple[dict[str, Callable[[], Any]], dict[str, str]]:
    """Calls of which so many results are kept, in a process that has imported no more than that."""
    import cv2

    cv2.setNumThreads(1)
    policy, one = load_policy(POLICY, seed=3), sample()
    batch: deque[Any] = deque(maxlen=kept)

    def call() -> None:
        batch.append(policy(one, key="k"))

    return {f"{kept} results kept": call}, {}


class Samples:
    """The same sample under many keys, through one transform; a torch Dataset."""

    def __init__(self, transform: Callable[[dict[str, Any], int], Any]) -> None:
        self.sample, self.transform = sample(), transform

    def __len__(self) -> int:
        return SAMPLES

    def __getitem__(self, index: int) -> Any:
        return self.transform(self.sample, index)


def epochs(transform: Callable[[dict[str, Any], int], Any]) -> Callable[[], None]:
    """One epoch through a DataLoader whose worker stays."""
    from torch.utils.data import DataLoader

    loader = DataLoader(
        Samples(transform),  # type: ignore[arg-type]
        batch_size=BATCH,
        num_workers=1,
        collate_fn=list,
        persistent_workers=True,
        worker_init_fn=_one_thread,
    )

    def epoch() -> None:
        for _ in loader:
            pass

    return epoch


def _compose() -> Any:
    import albumentations as A

    return A.Compose(
        [
            A.RandomResizedCrop((224, 224), scale=(0.6, 1.0), p=1.0),
            A.HorizontalFlip(p=0.5),
            A.Rotate((-15, 15), p=1.0),
            A.RandomBrightnessContrast((-0.2, 0.2), (0.0, 0.0), p=1.0),
        ]
    )


def _one_thread(_: int) -> None:
    import cv2

    cv2.setNumThreads(1)


def measure(run: Run) -> Report:
    """Kept against dropped, then the same loader with albumentations: similar work."""
    report = Report(f"A loader: picture and mask, crop + flip + rotate + light, batches of {BATCH}")
    both = {"dropped": 1, f"{BATCH} kept": BATCH}
    workers = {name: worker.Worker("benchmarks.loader:held", kept) for name, kept in both.items()}
    try:
        calls = {name: each[each.names[0]] for name, each in workers.items()}
        result = race("one sample", calls, seconds=run.seconds, turn=worker.TURN)
    finally:
        for each in workers.values():
            each.close()
    report.races.append(result)
    report.ratio("loader: kept results, times dropped ones", result, f"{BATCH} kept", "dropped")
    policy = load_policy(POLICY, seed=3)
    pipeline = _compose()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's about forks
        contestants = {
            "albumentations": epochs(lambda sample, index: pipeline(**sample)),
            "syncaug": epochs(lambda sample, index: policy(sample, key=index)),
        }
        result = race(
            f"an epoch of {SAMPLES}, one worker", contestants, seconds=run.seconds, threads=True
        )
    report.races.append(result)
    report.ratio("loader: DataLoader with one worker", result, "albumentations", "syncaug")
    return report
