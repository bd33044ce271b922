"""Data sets through `apply`: in workers, in shares, killed and resumed, with the same bytes."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
import yaml

from syncaug.datasets import coco, lerobot
from syncaug.datasets.folder import DatasetFolder
from syncaug.datasets.journal import MOVING, ROWS
from syncaug.datasets.kinds import kind_of
from syncaug.errors import ManifestError
from tests.runs.material import digests
from tests.runs.running import applied, finished, started, wait_for_lines

PICTURES = 6


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    """Options of a run over a data set of pictures, some results dropped, and its data set."""
    folder = tmp_path_factory.mktemp("coco")
    generator = np.random.default_rng(0)
    samples = []
    for number in range(PICTURES):
        name = "cats-1.png" if number == 1 else "cats.png" if number == 0 else f"{number}.png"
        source = {"key": number + 1, "image": {"id": number + 1, "file_name": name}}
        samples.append(
            {
                "image": generator.integers(0, 256, (48, 64, 3), dtype=np.uint8),
                "boxes": np.array([[8.0, 8, 12, 12], [40, 20, 16, 20]]),
                "classes": ["cat", "dog"],
                "source": source,
            }
        )
    coco.write(samples, folder / "in")
    policy = {
        "syncaug": 1,
        "sample": coco.streams(folder / "in"),
        "untouched": ["source"],
        "steps": [{"name": "turn", "uses": "crop", "with": {"area": [0.3, 0.9]}}],
        "checks": [{"boxes_visible": {"min_area": 0.3}}],
        "on_fail": {"then": "drop"},
    }
    (folder / "p.yaml").write_text(yaml.safe_dump(policy))
    options = [str(folder / "p.yaml"), "--dataset", "coco", "--root", str(folder / "in")]
    options += ["--variants", "3"]
    done = applied(options, folder / "here")
    assert done.returncode == 0, done.stderr
    assert "dropped" in done.stdout
    return options, folder / "here"


def test_the_names_of_results_are_those_of_their_samples(data: tuple[list[str], Path]) -> None:
    """A result is cats-2 whatever became of cats-1; a name that another sample has is left."""
    lines = (data[1] / "records.jsonl").read_text().splitlines()
    kept = set()
    for line in lines:
        record = json.loads(line)
        if record["outcome"] != "dropped":
            kept.add((record["draw"]["key"], record["source"]["variant"]))
    assert 0 < len(kept) < 3 * PICTURES
    names = {path.stem for path in data[1].glob("augmented/*.png")}
    expected = {
        (1, 0): "cats", (1, 1): "cats-1", (1, 2): "cats-2",
        (2, 0): "cats-1-1", (2, 1): "cats-1-2", (2, 2): "cats-1-3",
    }  # fmt: skip
    assert names == {
        expected.get(unit, f"{unit[0] - 1}-{unit[1]}" if unit[1] else f"{unit[0] - 1}")
        for unit in kept
    }


@pytest.mark.parametrize("count", [1, 2])
def test_workers_write_the_same_data_set(
    data: tuple[list[str], Path], tmp_path: Path, count: int
) -> None:
    done = applied([*data[0], "--workers", count], _beside(data, f"workers{count}"))
    assert done.returncode == 0, done.stderr
    assert digests(_beside(data, f"workers{count}")) == digests(data[1])


@pytest.mark.parametrize("lines", [1, 9])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_ended_run_goes_on_to_the_same_data_set(
    data: tuple[list[str], Path], lines: int, number: signal.Signals
) -> None:
    out = _beside(data, f"ended{lines}{number.name}")
    with started([*data[0], "--workers", 2], out) as process:
        wait_for_lines(out, lines, process)
        process.send_signal(number)
        code, _, errors = finished(process)
    assert code == (-9 if number == signal.SIGKILL else 130), errors
    if number == signal.SIGINT:
        assert len(coco.samples(out)) == len(list(out.glob("augmented/*.png")))
    refused = applied(data[0], out)
    assert refused.returncode == 1
    assert "never finished" in refused.stderr
    assert "Go on with --resume" in refused.stderr
    for begun in ("..syncaug-moving-8ab99cc0.json", "augmented/.2-0123abcd.png"):  # as a kill may
        (out / begun).write_bytes(b"{")
    done = applied([*data[0], "--workers", 1, "--resume"], out)
    assert done.returncode == 0, done.stderr
    assert digests(out) == digests(data[1])


def test_a_corrupt_sample_is_skipped_and_made_when_it_is_mended(
    data: tuple[list[str], Path], tmp_path: Path
) -> None:
    options, here = data
    root = here.parent / "in"
    picture = root / "augmented" / "3.png"
    good = picture.read_bytes()
    out = _beside(data, "corrupt")
    picture.write_bytes(good[:100])
    try:
        done = applied([*options, "--workers", 2, "--on-error", "skip"], out)
    finally:
        picture.write_bytes(good)
    assert done.returncode == 1
    assert "1 sample skipped" in done.stderr
    assert "3.png" in done.stderr
    assert (out / ROWS).exists()
    assert len(coco.samples(out)) == len(list(out.glob("augmented/*.png")))
    done = applied([*options, "--resume"], out)
    assert done.returncode == 0, done.stderr
    assert digests(out) == digests(here)
    again = applied([*options, "--resume"], out)
    assert "nothing to do" in again.stdout
    assert digests(out) == digests(here)


def test_a_finished_data_set_takes_no_more(data: tuple[list[str], Path]) -> None:
    out = _beside(data, "finished")
    assert applied([*data[0], "--shard", "0/2"], out).returncode == 0
    before = digests(out)
    done = applied([*data[0], "--resume"], out)
    assert done.returncode == 1
    assert "it has been finished, with fewer results" in done.stderr
    done = applied([*data[0][:-1], "4", "--resume"], out)
    assert "it had variants 3, now 4" in done.stderr
    assert "--overwrite" not in done.stderr
    assert digests(out) == before


def test_another_run_is_refused_with_the_difference(data: tuple[list[str], Path]) -> None:
    out = _beside(data, "another")
    with started(data[0], out) as process:
        wait_for_lines(out, 2, process)
        process.kill()
        finished(process)
    shutil.rmtree(next(out.glob(".partial-*")), ignore_errors=True)  # it goes in any case
    before = digests(out)
    done = applied([*data[0], "--resume", "--seed", "5"], out)
    assert done.returncode == 1
    assert "seed 0, now 5" in done.stderr
    assert digests(out) == before


def test_a_result_that_was_half_moved_goes(tmp_path: Path) -> None:
    """A kill between the files of a result and its record leaves nothing of it."""
    run = {"seed": 0}
    layout = kind_of("coco").layout(0, None)
    made = tmp_path / "made"
    with DatasetFolder(tmp_path / "out", layout, run=run) as folder:
        (made / "images").mkdir(parents=True)
        (made / "images" / "a.png").write_bytes(b"a")
        folder.journal.moving(("a", 0), ["images/a.png"])
        (tmp_path / "out" / "images").mkdir()
        (made / "images" / "a.png").rename(tmp_path / "out" / "images" / "a.png")
        folder.journal.add(("a", 0), {"image": {"id": 1}, "annotations": []})
        folder.close([("a", 0)], whole=False)
    with DatasetFolder(tmp_path / "out", layout, run=run, resume=True) as folder:
        assert folder.journal.done == {}
        folder.go_on()
        assert not (tmp_path / "out" / "images" / "a.png").exists()
        assert list(folder.journal.rows()) == []
        folder.close([("a", 0)], whole=True)
    assert not (tmp_path / "out" / ROWS).exists()
    assert not (tmp_path / "out" / MOVING).exists()


def test_a_journal_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    layout = kind_of("coco").layout(0, None)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ROWS).write_text('{"row": 1}\n')
    with (
        pytest.raises(ManifestError, match="expected a key and an epoch"),
        DatasetFolder(tmp_path / "out", layout, run={"seed": 0}, resume=True),
    ):
        pass


def test_episodes_are_numbered_without_gaps_after_a_resume(tmp_path: Path) -> None:
    features = {"state": {"dtype": "float32", "shape": [2], "names": None}}
    info = {"codebase_version": "v2.0", "fps": 10, "features": features}
    episodes = [
        {
            "state": np.full((4 + number, 2), number, np.float32),
            "source": {"key": number, "info": info, "task": f"task {number % 2}"},
        }
        for number in range(4)
    ]
    lerobot.write(episodes, tmp_path / "in")
    policy = {
        "syncaug": 1,
        "sample": {"state": {"modality": "embedding", "rate": 10}},
        "untouched": ["source"],
        "steps": [{"name": "back", "uses": "reverse", "p": 0.5}],
    }
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(policy))
    options = [tmp_path / "p.yaml", "--dataset", "lerobot", "--root", tmp_path / "in"]
    assert applied(options, tmp_path / "here").returncode == 0
    table = next((tmp_path / "in").glob("data/*/episode_000001.parquet"))
    good = table.read_bytes()
    table.write_bytes(good[:40])
    done = applied([*options, "--workers", 2, "--on-error", "skip"], tmp_path / "out")
    assert "1 sample skipped" in done.stderr
    assert len(lerobot.samples(tmp_path / "out")) == 3
    table.write_bytes(good)
    done = applied([*options, "--resume"], tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "out") == digests(tmp_path / "here")
    assert len(lerobot.samples(tmp_path / "out")) == 4


def _beside(data: tuple[list[str], Path], name: str) -> Path:
    """A folder beside the data set, so that records say the same of where samples lie."""
    return data[1].with_name(name)
