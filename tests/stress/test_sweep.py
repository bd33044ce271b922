"""A stress test names what a model does not see, what it leans on, and what breaks first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from syncaug import load_policy
from syncaug.stress import stress
from syncaug.stress.conclusions import conclusions_of
from syncaug.stress.scorers import ScorerError
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
    assert ({"image", "sound"}, "channels") in left
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


ROOM = """
syncaug: 1
sample:
  image: image
  depth: depth
  boxes: {modality: boxes, labels: classes, rows: things}
  keypoints: {modality: keypoints, rows: things}
steps: [{name: grain, uses: noise, with: {severity: {from: severity}, image: gaussian}}]
"""


def room(number: int, *, image: bool = True) -> dict[str, Any]:
    """A near and bright square at a place of its own."""
    x, y = 4 + 7 * number % 33, 3 + 5 * number % 17
    picture, depth = np.full((48, 64, 3), 20, np.uint8), np.full((48, 64), 9.0, np.float32)
    if image:
        picture[y : y + 16, x : x + 16] = 220
    depth[y : y + 16, x : x + 16] = 2.0
    return {
        "image": picture,
        "depth": depth,
        "boxes": np.array([[x, y, x + 16.0, y + 16.0]]),
        "classes": ["square"],
        "keypoints": np.array([[[x + 8.0, y + 8.0, 2.0]]]),
    }


def nearness(samples: list[Any]) -> list[float]:
    """How near all is in the box: a judge that looks at no picture."""
    out = []
    for sample in samples:
        box = np.nan_to_num(np.asarray(sample["boxes"], np.float64).reshape(-1, 4))[:1]
        x0, y0, x1, y1 = np.round(box[0] if len(box) else np.zeros(4)).astype(int)
        part = sample["depth"][max(y0, 0) : y1, max(x0, 0) : x1]
        out.append(float((part < 8).mean()) if part.size else 0.0)
    return out


def test_what_a_model_does_not_use_breaks_with_nothing() -> None:
    samples = [room(number) for number in range(12)]
    report = stress(load_policy(ROOM), samples, nearness, levels=3)
    broken = {tuple(one["streams"]) for one in report.relations if one["level"] is not None}
    assert ("depth", "boxes") in broken
    assert not [pair for pair in broken if "image" in pair]
    assert report.conclusions[0].startswith("depth and boxes break first")
    assert "Another sample's image costs nothing" in " ".join(report.conclusions)
    apart = [one for one in report.data["left_out"] if one["reason"].startswith("they go together")]
    assert {tuple(one["streams"]) for one in apart} == {("boxes", "keypoints")}


def test_a_stream_that_all_samples_share_is_not_called_unused() -> None:
    samples = [{**room(number), "image": room(0, image=False)["image"]} for number in range(12)]
    report = stress(load_policy(ROOM), samples, nearness, levels=3)
    use = {one["stream"]: one for one in report.data["streams"]}
    assert use["image"]["permuted"] == {"error": "all samples have the same"}
    assert "All samples have the same image: no exchange tells of its use." in report.conclusions
    assert "does not use it" not in " ".join(report.conclusions)


def test_levels_that_all_fail_show_no_model_that_sees_nothing() -> None:
    def moody(samples: list[Any]) -> list[float]:
        found = nearness(samples)
        if any(
            float(one["boxes"][0, 0]) not in range(64)
            or one["boxes"][0, 2] - one["boxes"][0, 0] != 16
            for one in samples
        ):
            raise RuntimeError("such boxes are not those of a square")
        return found

    samples = [room(number) for number in range(12)]
    report = stress(load_policy(ROOM), samples, moody, levels=3)
    told = [text for text in report.conclusions if "depth and boxes" in text]
    assert any(
        "could not be scored with boxes to the left or the right, at 64 px" in t for t in told
    )
    assert not any("does not see it" in text for text in told)


@pytest.mark.parametrize(
    ("found", "came"),
    [
        (lambda n: dict.fromkeys(range(n), 1.0), "got dict"),
        (lambda n: "1" * n, "got str"),
        (lambda n: np.ones((n, 1, 2)), r"got ndarray of shape \(2, 1, 2\)"),
        (lambda n: 1.0, "got float"),
    ],
)
def test_what_is_no_list_of_numbers_is_refused(found: Any, came: str) -> None:
    samples = scenes(2)
    with pytest.raises(ScorerError, match=f"expected a list of numbers from the scorer.*{came}"):
        stress(policy(), samples, lambda given: found(len(given)), levels=2)


def test_a_judge_that_ends_the_process_is_told() -> None:
    def leaves(samples: list[Any]) -> list[float]:
        raise SystemExit(3)

    with pytest.raises(ScorerError, match="the scorer raised SystemExit: 3"):
        stress(policy(), scenes(2), leaves, levels=2)


def test_few_samples_do_not_make_a_stream_unused() -> None:
    samples = [{**room(0), "image": room(number)["image"]} for number in range(8)]
    samples[0] = room(1)

    report = stress(load_policy(ROOM), samples, nearness, levels=2)
    told = " ".join(report.conclusions)
    assert "What another sample's depth" in told
    assert "more samples would tell" in told
    assert "the model does not use it" in told  # the image
    assert use(report, "depth")["permuted"]["loss"]["low"] == 0.0


@pytest.mark.parametrize(("count", "judge"), [(2, nearness), (5, nearness), (5, deaf)])
def test_too_few_samples_tell_of_no_use(count: int, judge: Any) -> None:
    """What costs nothing on so few samples may cost something on others."""
    rooms = judge is nearness
    samples = [room(number) for number in range(count)] if rooms else scenes(count)
    report = stress(load_policy(ROOM) if rooms else policy(), samples, judge, levels=2)
    unused = "image" if rooms else "sound"
    told = " ".join(report.conclusions)
    assert use(report, unused)["permuted"]["loss"] == {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert f"What another sample's {unused} costs cannot be told from chance: more samples" in told
    assert "does not use it" not in told


def test_too_few_samples_tell_of_no_relation_that_is_not_seen() -> None:
    told = {
        count: " ".join(stress(policy(), scenes(count), one_sided, levels=2).conclusions)
        for count in (5, 6)
    }
    assert "do not break with caption with left and right" in told[6]
    assert "Whether image and caption break with caption with left and right exchanged" in told[5]
    assert "does not see it" not in told[5]


def test_a_model_of_captions_alone_uses_them_whatever_their_exchange_costs() -> None:
    def said(samples: list[Any]) -> list[float]:
        return [float("left" in one["caption"]) for one in samples]

    samples = scenes(24)
    report = stress(policy(), samples, said, levels=3)
    assert use(report, "caption")["permuted"]["loss"]["mean"] == 0.0  # the same scores, elsewhere
    told = " ".join(report.conclusions)
    assert "The model leans on caption most: without it it loses 0.5." in told
    assert "What another sample's caption costs cannot be told from chance" in told
    unused = next(text for text in report.conclusions if "does not use it" in text)
    assert unused.startswith("Another sample's image, sound costs")


def test_what_a_noisy_model_does_not_use_is_named() -> None:
    noise = np.random.default_rng(4)

    def noisy(samples: list[Any]) -> list[float]:
        return [found + 0.01 * noise.normal() for found in deaf(samples)]

    report = stress(policy(), scenes(24), noisy, levels=3)
    assert use(report, "sound")["permuted"]["loss"]["high"] > 0.0
    unused = next(text for text in report.conclusions if "does not use it" in text)
    assert unused.startswith("Another sample's sound costs")


@pytest.mark.parametrize("sides", [True, False])
def test_sides_are_told_of_where_all_samples_are_alike(sides: bool) -> None:
    samples = [scenes(6)[4] for _ in range(6)]
    for number, sample in enumerate(samples):
        sample["image"][0, 0] = number  # of one place, and not the same

    report = stress(
        policy(), samples, lambda given: score(given, sides=sides, sound=False), levels=3
    )
    found = relation(report, "image", "caption", "sides")
    assert (found["level"] is not None) == sides
    assert found["used"]
    told = " ".join(report.conclusions)
    assert ("left and right exchanged in its words, up to 100 %" in told) != sides
    assert "Another sample's image costs nothing that can be told from chance, though" in told


def test_a_stream_without_which_the_scorer_fails_is_not_called_unused() -> None:
    def strict(samples: list[Any]) -> list[float]:
        if not all(np.asarray(one["image"]).any() for one in samples):
            raise ValueError("no picture")
        return score(samples)

    samples = [scenes(6)[4] for _ in range(6)]
    for number, sample in enumerate(samples):
        sample["image"][0, 0] = number
        sample["caption"] = "a square that is green"

    report = stress(policy(), samples, strict, levels=3)
    told = " ".join(report.conclusions)
    assert "no picture" in use(report, "image")["dropped"]["error"]
    assert relation(report, "image", "caption", "colours")["level"] is not None
    assert "Another sample's image costs nothing that can be told from chance, though" in told


def test_a_scorer_may_give_a_tensor_with_a_gradient() -> None:
    weight = torch.tensor(2.0, requires_grad=True)
    report = stress(policy(), scenes(4), lambda given: weight * torch.ones(len(given)), levels=2)
    assert report.data["clean"]["mean"] == 2.0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"levels": 2.5}, "levels: expected at least 2, an integer; got float 2.5"),
        ({"keys": [1, 2]}, "keys: expected 4 of them, one for each sample; got 2"),
        ({"keys": "abcd"}, "keys: expected 4 of them, one for each sample; got 'abcd'"),
        ({"keys": [1, 2, 3, 0.5]}, r"keys\[3\]: expected a text or an integer; got float 0.5"),
        ({"samples": {"image": 1, "sound": 2}}, "samples: expected a list of samples"),
        ({"samples": [{}, 3]}, "samples: .*got int 3 at place 1"),
        ({"score": 3}, "score: expected a function of a list of samples; got int 3"),
        ({"policy": "noise.yaml"}, "policy: expected what load_policy returns; got str"),
    ],
)
def test_arguments_that_are_none_are_told(given: Any, told: str) -> None:
    how = {"policy": policy(), "samples": scenes(4), "score": score, "levels": 2, **given}
    with pytest.raises(ValueError, match=told):
        stress(**how)


def test_samples_and_keys_may_be_any_iterable() -> None:
    report = stress(
        policy(), iter(scenes(4)), score, keys=(f"s{n}" for n in range(4)), levels=np.int64(2)
    )
    assert report.data["samples"] == 4


def test_what_a_policy_does_not_declare_is_told_in_a_sentence() -> None:
    samples = [{**one, "question": "which side?"} for one in scenes(4)]
    report = stress(policy(), samples, score, levels=2)
    assert all("error" in point for point in report.data["agreement"])
    told = report.conclusions[-1]
    assert told.startswith("2 levels could not be scored, as the tables say; the first: sample 0")
    assert "stream 'question'" in told
    assert "list it under untouched:" in told


def test_a_policy_that_follows_no_severity_is_told() -> None:
    same = [{"level": level, "score": {"mean": 3.0}} for level in (0.0, 1.0)]
    (told,) = conclusions_of([], [], same, 9)
    assert "let steps of the policy follow it" in told
    falling = [{"level": level, "score": {"mean": 3.0 - level}} for level in (0.0, 1.0)]
    assert not conclusions_of([], [], falling, 9)
