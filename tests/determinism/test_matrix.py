"""The matrix of loaders: the same bytes in each, and a control that shows what it catches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import albumentations
import numpy as np
from click.testing import CliRunner
from torch.utils.data import Dataset

from syncaug import load_policy
from syncaug.cli import cli
from syncaug.determinism.check import Extent, check
from syncaug.determinism.contents import digests_of
from syncaug.determinism.matrix import Cell, Loader, cells, loaders, resumes
from syncaug.determinism.samples import Samples
from syncaug.io.manifest import read_manifest
from syncaug.loaders.trials import Trial, order_of
from tests.determinism.planted import written

PLAIN = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: [-20, 20], words: {leave_below: 30}}}
"""

LINKED = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
draw: {strength: {uniform: [0.2, 0.8]}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: window, uses: crop, with: {area: [0.5, 1.0], points: visible}}
  - name: libraries
    apply:
      image: {op: albumentations.GaussNoise, std_range: {from: strength, scale: 0.1}}
      caption: {op: nlpaug.KeyboardAug, aug_word_p: {from: strength}}
"""


def test_the_matrix_names_every_configuration_once() -> None:
    found = [
        cell
        for loader in loaders((0, 1, 2, 4), ("fork", "spawn"))
        for cell in cells(loader, (1, 4))
    ]
    assert len(found) == len(set(found)) == 4 + 3 * 2 * 2 * 4
    assert {str(cell) for cell in found} >= {
        "no workers, in order, batches of 1",
        "4 workers, spawn, persistent, shuffled, batches of 4",
        "1 worker, fork, shuffled, batches of 1",
    }
    stops = [str(stop) for stop in resumes((0, 2), ("fork", "spawn"), stateful=True)]
    assert stops == [
        "resumed: 2 workers, fork, then 2 workers, spawn",
        "resumed: no workers, then 2 workers, spawn",
        "resumed: 2 workers, fork, then no workers",
        "resumed from its state: no workers",
        "resumed from its state: 2 workers, fork",
    ]


def test_forked_loaders_give_the_same_bytes(tmp_path: Path) -> None:
    policy, manifest = written(tmp_path, 6)
    policy.write_text(LINKED)
    arguments = ["check-determinism", str(policy), "--manifest", str(manifest), "--format", "json"]
    result = CliRunner().invoke(cli, [*arguments, "--workers", "0,2", "--start", "fork"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    names = ["direct calls", *(row["where"] for row in told["configurations"])]
    assert result.stderr.splitlines() == [  # no terminal: a line for each
        f"{done} of {len(names)} configurations: {name}" for done, name in enumerate(names, 1)
    ]
    assert told["same"]
    assert told["samples"] == 6
    rows = told["configurations"]
    assert len(rows) == 1 + 4 + 2 * 4 + 5
    assert all(row["differing"] == 0 and row["results"] for row in rows)
    assert not told["refused"]


def test_spawned_loaders_give_the_same_bytes(tmp_path: Path) -> None:
    path, manifest = written(tmp_path, 6)
    path.write_text(PLAIN)
    policy = load_policy(path)
    samples = Samples(list(read_manifest(manifest)), policy)
    report = check(policy, samples, Extent(workers=(1,), starts=("spawn",), batches=(4,)))
    assert report.good, report
    assert [row.results for row in report.rows] == [12, 6, 6, 12, 12, 6, 6]


class Alone(Dataset[Any]):
    """Pictures through albumentations' own Compose, with its own seed, as its documents have it."""

    def __init__(self, count: int = 8) -> None:
        self.count = count
        self.augment = albumentations.Compose(
            [
                albumentations.HorizontalFlip(p=0.5),
                albumentations.RandomBrightnessContrast(p=1.0),
                albumentations.GaussNoise(p=1.0),
            ],
            seed=7,
        )

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[int, str]:
        picture = np.random.default_rng(index).integers(0, 255, (16, 24, 3), np.uint8)
        out = self.augment(image=picture)
        return index, digests_of({"image": out["image"]})["image"]


def alone() -> Iterator[tuple[Cell, dict[int, str]]]:
    for loader in (Loader(0), Loader(1, "fork"), Loader(2, "fork"), Loader(2, "fork", True)):
        for number, cell in enumerate(cells(loader, (1, 4))):
            order = order_of(8, shuffled=cell.shuffled, batch=cell.batch, seed=number)
            trial = Trial(Alone(), loader.workers, loader.start, persistent=loader.persistent)
            yield cell, dict(trial.rows(order))


def test_the_control_albumentations_alone_gives_other_bytes() -> None:
    found = dict(alone())
    assert all(len(digests) == 8 for digests in found.values())
    one = found[Cell(Loader(0), False, 1)]
    by_order = found[Cell(Loader(0), True, 1)]
    by_workers = found[Cell(Loader(2, "fork"), False, 1)]
    by_batch = found[Cell(Loader(2, "fork"), False, 4)]
    assert one != by_order
    assert one != by_workers
    assert by_workers != by_batch
    assert len({tuple(sorted(digests.items())) for digests in found.values()}) > 4
