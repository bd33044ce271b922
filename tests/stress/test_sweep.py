"""A stress test names what a model does not see, what it leans on, and what breaks first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug.stress import stress
from tests.stress.scenes import deaf, one_sided, policy, reader, scenes, score


def relation(report: Any, one: str, other: str, knob: str) -> Any:
    found = [r for r in report.relations if set(r["streams"]) == {one, other} and r["knob"] == knob]
    assert len(found) == 1
    return found[0]


def use(report: Any, stream: str) -> Any:
    return next(one for one in report.data["streams"] if one["stream"] == stream)


def test_a_fair_judge_breaks_on_every_relation() -> None:
    report = stress(policy(), scenes(24), score, levels=6)
    assert report.data["clean"]["mean"] == 1.0
    for knob in ("sides", "colours", "exchange"):
        found = relation(report, "image", "caption", knob)
        assert found["level"] is not None, knob
        assert found["interval"][0] <= found["interval"][1] == found["level"]
    assert relation(report, "image", "sound", "exchange")["level"] is not None
    left = [(set(one["streams"]), one["knob"]) for one in report.data["left_out"]]
    assert ({"image", "sound"}, "place") in left
    levels = [r["level"] for r in report.relations if r["level"] is not None]
    assert levels == sorted(levels)
    assert "break first" in report.conclusions[0]


def test_a_judge_that_ignores_the_sound_is_named() -> None:
    report = stress(policy(), scenes(24), deaf, levels=4)
    assert not relation(report, "image", "sound", "exchange")["used"]
    assert use(report, "sound")["dropped"]["loss"]["mean"] == 0.0
    assert any("sound" in text and "does not use it" in text for text in report.conclusions)


def test_a_judge_that_cannot_tell_sides_is_named() -> None:
    report = stress(policy(), scenes(24), one_sided, levels=4)
    sides = relation(report, "image", "caption", "sides")
    assert sides["used"]
    assert sides["level"] is None
    assert relation(report, "image", "caption", "colours")["level"] is not None
    assert any(
        "left and right" in text and "does not see it" in text for text in report.conclusions
    )


def test_a_judge_that_leans_on_the_caption_is_named() -> None:
    report = stress(policy(), scenes(24), reader, levels=4)
    assert any("leans on caption" in text for text in report.conclusions)
    losses = {s["stream"]: s["permuted"]["loss"]["mean"] for s in report.data["streams"]}
    assert losses["caption"] > 3 * max(losses["sound"], losses["image"])


def test_a_level_that_fails_is_marked_and_the_sweep_goes_on() -> None:
    def fragile(samples: list[Any]) -> Any:
        if any(np.asarray(one["image"]).std() == 0 for one in samples):
            raise RuntimeError("no picture")
        found = score(samples)
        return [float("nan")] * len(found) if np.mean(found) < 0.8 else found

    report = stress(policy(), scenes(12), fragile, levels=4)
    assert "no picture" in use(report, "image")["dropped"]["error"]
    errors = [point for one in report.relations for point in one["curve"] if "error" in point]
    assert any("finite" in point["error"] for point in errors)
    assert any("could not be scored" in text for text in report.conclusions)


def test_scores_of_an_earlier_run_are_not_asked_for_again() -> None:
    known: dict[str, Any] = {}
    asked: list[int] = []

    def counted(samples: list[Any]) -> Any:
        asked.append(len(samples))
        return score(samples)

    first = stress(policy(), scenes(6), counted, levels=3, scores=known)
    count = len(asked)
    again = stress(policy(), scenes(6), counted, levels=3, scores=known)
    assert 0 < count <= len(known)
    assert len(asked) == count
    assert again.data == first.data


@pytest.mark.parametrize(
    ("samples", "levels", "told"), [(1, 3, "at least two"), (4, 1, "at least 2")]
)
def test_too_few_are_refused(samples: int, levels: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        stress(policy(), scenes(samples), score, levels=levels)
