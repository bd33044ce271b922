"""Severity and progress by the epoch: in draws, records, workers that stay, after a restart."""

from __future__ import annotations

import copy
import json
import multiprocessing
import pickle
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from syncaug import load_policy
from syncaug.errors import SampleError
from syncaug.loaders.torch import AugmentedDataset
from syncaug.schedules import ByScore, Schedule, cosine, linear, steps

POLICY = """
syncaug: 1
sample: {image: image}
steps: [{name: turn, uses: rotate, with: {degrees: {from: severity, scale: 40}}}]
"""


def degrees(policy: Any, epoch: int) -> float:
    return float(policy.draw(key="a", epoch=epoch).steps[0].parameters["*"]["degrees"])


@pytest.mark.parametrize(
    ("schedule", "levels"),
    [
        (linear(0.0, 1.0, epochs=5), [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]),
        (linear(0.8, 0.2, epochs=1), [0.2, 0.2]),
        (cosine(0.0, 1.0, epochs=3), [0.0, 0.5, 1.0, 1.0]),
        (steps({3: 0.9, 0: 0.1}), [0.1, 0.1, 0.1, 0.9, 0.9]),
    ],
)
def test_a_draw_follows_its_epoch(schedule: Schedule, levels: list[float]) -> None:
    policy = load_policy(POLICY).with_severity(schedule)
    again = pickle.loads(pickle.dumps(policy))
    for epoch, level in enumerate(levels):
        assert degrees(policy, epoch) == pytest.approx(40 * level)
        assert degrees(again, epoch) == degrees(policy, epoch)
        assert policy.draw(key="a", epoch=epoch).severity == pytest.approx(level)
        assert policy.at(epoch).draw(key="a") == policy.draw(key="a", epoch=epoch)
    json.dumps(schedule.as_json())


def test_a_record_holds_the_level_and_replays_without_the_schedule() -> None:
    policy = load_policy(POLICY).with_severity(linear(0.0, 1.0, epochs=4))
    sample = {"image": np.arange(300, dtype=np.uint8).reshape(10, 10, 3)}
    out, record = policy.apply(sample, key="a", epoch=3)
    assert record.draw.severity == 1.0
    again = load_policy(POLICY).replay(sample, record.to_json())
    assert np.array_equal(out["image"], again["image"])


def test_progress_takes_a_schedule_too() -> None:
    text = POLICY.replace("severity", "progress")
    policy = load_policy(text).with_progress(linear(0.0, 0.5, epochs=2))
    assert [degrees(policy, epoch) for epoch in (0, 1)] == [0.0, 20.0]


def test_a_score_that_stands_raises_the_level() -> None:
    level = ByScore(0.2, 0.5, step=0.2, patience=2)
    for epoch, score in enumerate([0.1, 0.3, 0.3, 0.2, 0.4, 0.4, 0.4, 0.4, 0.4]):
        level.told(epoch, score)
    assert [level.at(epoch) for epoch in range(10)] == [0.2] * 4 + [0.4] * 3 + [0.5] * 3
    lower = ByScore(0.0, 1.0, step=0.5, higher=False)
    for epoch, loss in enumerate([3.0, 2.0, 2.5]):
        lower.told(epoch, loss)
    assert lower.at(3) == 0.5


def test_a_restart_goes_on_with_its_level() -> None:
    level = ByScore(0.2, 0.8, step=0.3)
    for epoch, score in enumerate([0.5, 0.4]):
        level.told(epoch, score)
    state = json.loads(json.dumps(level.state_dict()))
    again = ByScore(0.2, 0.8, step=0.3)
    again.load_state_dict(state)
    for one in (level, again):
        one.told(2, 0.3)
    assert (
        [again.at(e) for e in range(5)]
        == [level.at(e) for e in range(5)]
        == [0.2, 0.2, 0.5, 0.8, 0.8]
    )


def test_a_deep_copy_learns_for_itself() -> None:
    level = ByScore(0.2, 0.8, step=0.3)
    level.told(0, 0.5)
    policy = load_policy(POLICY).with_severity(level)
    data = AugmentedDataset([{"image": np.zeros((8, 8, 3), np.uint8)}], policy, key=lambda _: 1)
    alone, (same, held) = copy.deepcopy(level), copy.deepcopy((level, policy))
    its = copy.deepcopy(data).policy.severity
    assert alone.state_dict() == same.state_dict() == its.state_dict() == level.state_dict()
    assert held.severity is same, "what is copied together stays together"
    assert policy.at(5).severity is level
    level.told(1, 0.4)
    assert level.at(2) == 0.5
    assert [one.at(2) for one in (alone, same, its)] == [0.2, 0.2, 0.2]
    its.told(1, 0.4)
    its.told(2, 0.4)
    assert (its.at(3), level.at(3), alone.at(3)) == (0.8, 0.5, 0.2)


@pytest.mark.parametrize(
    "method", sorted({"fork", "spawn"} & set(multiprocessing.get_all_start_methods()))
)
def test_workers_that_stay_see_a_new_level(method: str) -> None:
    level = ByScore(0.0, 1.0, step=0.5)
    policy = load_policy(POLICY, seed=4).with_severity(level)
    image = np.random.default_rng(0).integers(0, 255, (12, 12, 3), dtype=np.uint8)
    data = AugmentedDataset([{"image": image, "id": n} for n in range(4)], policy, key="id")
    loader = DataLoader(
        data, None, num_workers=1, persistent_workers=True, multiprocessing_context=method
    )
    seen = []
    for epoch, score in enumerate([0.5, 0.5, 0.5]):
        data.set_epoch(epoch)
        seen.append([np.asarray(one["image"]) for one in loader])
        level.told(epoch, score)
    for epoch, level_then in enumerate([0.0, 0.0, 0.5]):
        wanted = load_policy(POLICY, seed=4).with_severity(level_then)
        for number, image_seen in enumerate(seen[epoch]):
            direct = wanted({"image": image}, key=number, epoch=epoch)["image"]
            assert np.array_equal(image_seen, direct)


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: linear(0.0, 1.5, epochs=3), ValueError, "from 0 to 1"),
        (lambda: linear(0.0, 1.0, epochs=0), SampleError, "from 1 on"),
        (lambda: steps({2: 0.5}), ValueError, "from epoch 0 on"),
        (lambda: steps({}), ValueError, "from epoch 0 on"),
        (lambda: ByScore(0.1, 0.5, step=0.1).told(0, float("nan")), ValueError, "finite"),
        (lambda: load_policy(POLICY).with_severity("hard"), TypeError, "severity"),
        (lambda: load_policy(POLICY).with_severity(float("nan")), ValueError, "from 0 to 1"),
    ],
)
def test_what_is_no_schedule_is_told(make: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        make()


@pytest.mark.parametrize("settings", [(0.8, 0.2, 0.1), (0.2, 0.8, 0.0)])
def test_a_level_that_never_grows_is_refused(settings: tuple[float, float, float]) -> None:
    first, last, step = settings
    with pytest.raises(ValueError, match="expected a level that grows, by a step above 0"):
        ByScore(first, last, step=step)


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"levels": [], "best": None, "since": 0},
        {"levels": 3},
        {"levels": [[0, 0.2], [5, 0.5], [3, 0.8]], "best": 0.5, "since": 0},
        {"levels": [[3, 0.5]], "best": 0.5, "since": 0},
        {"levels": [[0, 0.2]], "best": float("nan"), "since": 0},
    ],
)
def test_what_is_no_state_changes_nothing(state: dict[str, Any]) -> None:
    level = ByScore(0.2, 0.8, step=0.3)
    level.told(0, 0.5)
    level.told(1, 0.5)
    before = level.state_dict()
    with pytest.raises(ValueError, match="state: expected"):
        level.load_state_dict(state)
    assert level.state_dict() == before
    with pytest.raises(ValueError, match="score: expected a finite number; got None"):
        level.told(2, None)  # type: ignore[arg-type]


def test_an_epoch_before_the_last_rise_is_refused() -> None:
    level = ByScore(0.2, 0.8, step=0.3)
    for epoch in range(4):
        level.told(epoch, torch.tensor(0.5, requires_grad=True))
    before = level.state_dict()
    assert before["levels"] == [[0, 0.2], [2, 0.5], [3, 0.8]]
    with pytest.raises(ValueError, match="epoch: expected one from 2 on, after which .*; got 0"):
        level.told(0, 0.9)
    assert level.state_dict() == before
    level.told(2, 0.9)  # a second validation within an epoch


@pytest.mark.parametrize("score", [np.array([0.5, 0.6]), torch.tensor([0.5, 0.6]), "0.5"])
def test_what_is_no_score_is_told(score: Any) -> None:
    with pytest.raises(ValueError, match="score: expected a finite number"):
        ByScore(0.2, 0.8, step=0.3).told(0, score)
