"""The course of a run in its summary: levels and dropped streams by epochs."""

from __future__ import annotations

import itertools
import json
import pickle
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from syncaug import Record, load_policy
from syncaug.cli import cli
from syncaug.record.summary import Tally, summarize, summary_of
from syncaug.record.summary.course import STAGES
from syncaug.schedules import linear

POLICY = """
syncaug: 1
name: course
sample: {left: image, right: image, depth: depth}
steps: [{name: gone, uses: drop_modality, with: {at_most: 2}, p: {from: progress}}]
"""
EPOCHS = 5


def sample() -> dict[str, Any]:
    picture = np.full((4, 6, 3), 80, np.uint8)
    return {"left": picture, "right": picture, "depth": np.ones((4, 6), np.float32)}


def records(epochs: int = EPOCHS, keys: int = 12) -> list[Record]:
    policy = load_policy(POLICY, seed=1)
    policy = policy.with_progress(linear(0.0, 1.0, epochs=EPOCHS)).with_severity(
        linear(0.2, 0.4, epochs=EPOCHS)
    )
    return [
        policy.apply(sample(), key=key, epoch=epoch)[1]
        for epoch, key in itertools.product(range(epochs), range(keys))
    ]


@pytest.fixture(scope="module")
def run() -> list[Record]:
    return records()


def test_levels_and_drops_are_those_of_each_epoch(run: list[Record]) -> None:
    (told,) = summarize(run).as_json()["policies"]
    assert [stage["epochs"] for stage in told["course"]] == [[n, n] for n in range(EPOCHS)]
    for epoch, stage in enumerate(told["course"]):
        own = [record for record in run if record.draw.epoch == epoch]
        assert stage["results"] == len(own) == 12
        assert stage["progress"]["mean"] == pytest.approx(epoch / 4)
        assert stage["severity"]["least"] == pytest.approx(0.2 + 0.05 * epoch)
        lost = Counter(
            name
            for record in own
            for name in sample()
            if not np.asarray(load_policy(POLICY).replay(sample(), record)[name]).any()
        )
        assert stage["dropped"] == dict(sorted(lost.items()))
        assert sum(stage["dropped_at_once"].values()) == 12
        assert sum(int(n) * count for n, count in stage["dropped_at_once"].items()) == lost.total()
    assert told["course"][0]["dropped"] == {}
    assert sum(told["course"][-1]["dropped"].values()) >= 12
    assert "3" not in told["dropped_at_once"], "never all at once"
    for name, count in told["dropped"].items():
        assert count == sum(stage["dropped"].get(name, 0) for stage in told["course"])


def test_parts_and_orders_give_the_same(run: list[Record]) -> None:
    whole = summarize(run).as_json()
    mixed = random.Random(3).sample(run, len(run))
    tally = Tally()
    for part in (mixed[:7], mixed[7:31], mixed[31:]):
        one = Tally()
        for record in part:
            one.add(record)
        tally.merge(pickle.loads(pickle.dumps(one)))
    again = summary_of(tally).as_json()
    for one, other in zip(
        again["policies"][0]["course"], whole["policies"][0]["course"], strict=True
    ):
        assert one.pop("severity") == pytest.approx(other.pop("severity"))
        assert one == other


def test_long_runs_are_told_in_few_stages() -> None:
    run = records(epochs=150, keys=1)
    (told,) = summarize(run).as_json()["policies"]
    stages = told["course"]
    assert len(stages) <= STAGES
    assert [stage["epochs"] for stage in stages[:2]] == [[0, 3], [4, 7]]
    assert sum(stage["results"] for stage in stages) == 150
    assert stages[0]["progress"] == {"mean": 0.375, "least": 0.0, "greatest": 0.75}
    assert summarize(reversed(run)).as_json()["policies"][0]["course"] == stages


def test_tables_and_page_show_the_course(tmp_path: Path, run: list[Record]) -> None:
    path, page = tmp_path / "records.jsonl", tmp_path / "summary.html"
    path.write_text("".join(f"{record.to_json()}\n" for record in run), encoding="utf-8")
    done = CliRunner().invoke(cli, ["stats", str(path), "--html", str(page)])
    assert done.exit_code == 0, done.output
    told = " ".join(done.stdout.split())
    assert "dropped: depth in " in told
    assert "2 at once in " in told
    assert "epochs results severity progress dropped" in told
    assert "2 12 0.3 0.5 " in told
    html = page.read_text("utf-8")
    assert "<h4>Course" in html
    assert "at once in" in html
    done = CliRunner().invoke(cli, ["stats", str(path), "--format", "json"])
    assert len(json.loads(done.stdout)["policies"][0]["course"]) == EPOCHS


def test_a_run_whose_levels_stand_shows_no_course(tmp_path: Path) -> None:
    policy = load_policy(POLICY)
    run = [policy.apply(sample(), key=1, epoch=epoch)[1] for epoch in range(3)]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(f"{record.to_json()}\n" for record in run), encoding="utf-8")
    done = CliRunner().invoke(cli, ["stats", str(path)])
    assert "epochs 0 to 2" in done.stdout
    assert "progress" not in done.stdout.replace("from progress", "")
    assert "dropped" not in done.stdout
