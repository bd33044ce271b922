"""Ablations of trainings whose answer is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from syncaug import load_policy
from syncaug.ablate import ablate, arms_of
from syncaug.ablate.page import render_page
from tests.ablate.trainings import POLICY, agreement, blind, fails_once, nan, scene


def run(train: Any, out: Path, **options: Any) -> Any:
    asked = {"samples": [scene()], "seeds": 6, "draws": 0, **options}
    return ablate(load_policy(POLICY), train, out, **asked)


def against(report: Any, metric: str, arm: str) -> Any:
    (found,) = (one for one in report.comparisons if (one["metric"], one["arm"]) == (metric, arm))
    return found


def test_a_training_that_needs_agreement_gains_from_it(tmp_path: Path) -> None:
    report = run(agreement, tmp_path)
    told = against(report, "agreement", "independent")
    assert told["ahead"] == 1
    assert 0.3 < told["difference"]["low"] < told["difference"]["high"] < 0.7
    assert told["student"][0] > 0.0
    assert told["wilcoxon"]["p"] == 2 / 2**6
    assert told["effect"]["rank_biserial"] == 1.0
    for arm in ("only-image", "only-caption"):
        assert against(report, "agreement", arm)["ahead"] == 1
    assert against(report, "agreement", "none")["ahead"] == 0
    jittered = against(report, "agreement", "jittered")["difference"]["mean"]
    assert 0.0 < jittered < told["difference"]["mean"] / 2


def test_a_training_without_effect_shows_none(tmp_path: Path) -> None:
    report = run(blind, tmp_path, seeds=12)
    for one in report.comparisons:
        assert one["difference"]["low"] < 0.0 < one["difference"]["high"], one
        assert one["student"][0] < 0.0 < one["student"][1]
        assert one["ahead"] == 0
        assert one["wilcoxon"]["holm"] >= one["wilcoxon"]["p"] > 0.05


def test_a_run_that_fails_is_left_out_and_made_again(tmp_path: Path, monkeypatch: Any) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    monkeypatch.setenv("BROKEN", str(broken))
    found: dict[str, Any] = {}
    report = run(fails_once, tmp_path, seeds=3, found=found)
    (failed,) = report.failed
    assert (failed["arm"], failed["seed"]) == ("independent", 1)
    assert "MemoryError: no room on the card" in failed["error"]
    assert not report.good
    assert against(report, "score", "independent")["seeds"] == [0, 2]
    assert against(report, "score", "jittered")["seeds"] == [0, 1, 2]
    broken.unlink()
    again: list[tuple[str, int]] = []
    report = run(
        fails_once,
        tmp_path,
        seeds=3,
        found=found,
        ran=lambda one, done, total: again.append((one["arm"], one["seed"])),
    )
    assert again == [("independent", 1)]
    assert report.good
    assert against(report, "score", "independent")["seeds"] == [0, 1, 2]


def test_a_metric_that_is_no_number_marks_the_run(tmp_path: Path) -> None:
    report = run(nan, tmp_path, seeds=2)
    (failed,) = report.failed
    assert (failed["arm"], failed["seed"]) == ("none", 0)
    assert "finite numbers by name; got nan of 'score'" in failed["error"]


def test_an_arm_without_runs_has_its_place_on_the_page(tmp_path: Path) -> None:
    def train(policy: Any, seed: int, out: Path) -> dict[str, float]:
        if policy.policy["ablation"]["arm"] == "independent":
            raise RuntimeError("never <again>")
        return {"score": seed + 0.25 * (policy.policy["ablation"]["arm"] == "strict")}

    report = run(train, tmp_path, seeds=3)
    told = against(report, "score", "independent")
    assert (told["seeds"], told["difference"], told["ahead"]) == ([], None, 0)
    assert any("of score, independent: 0 seeds in both arms" in one for one in report.conclusions)
    page = render_page(report, title="x")
    assert "no run measured it" in page
    assert "never &lt;again&gt;" in page
    assert json.loads(json.dumps(report.data, allow_nan=False)) == report.data


def test_less_is_better_where_it_is_said_so(tmp_path: Path) -> None:
    def train(policy: Any, seed: int, out: Path) -> dict[str, float]:
        return {"loss": 1.0 + seed - 0.5 * (policy.policy["ablation"]["arm"] == "strict")}

    report = run(train, tmp_path, lower=["loss", "perplexity"])
    told = against(report, "loss", "independent")
    assert (told["ahead"], told["difference"]["mean"]) == (1, 0.5)
    assert any("'perplexity'" in text for text in report.conclusions)


def test_metrics_without_spread_are_no_evidence(tmp_path: Path) -> None:
    def train(policy: Any, seed: int, out: Path) -> dict[str, float]:
        strict = policy.policy["ablation"]["arm"] == "strict"
        dust = seed * 1e-14  # of sums in another order
        return {"recall": 0.7 + dust if strict else 0.4, "hits": 0.1 * seed + strict}

    report = run(train, tmp_path, seeds=8)
    told = against(report, "recall", "independent")
    assert (told["ahead"], told["student"], told["effect"]["hedges_g"]) == (0, None, None)
    assert abs(told["difference"]["mean"] - 0.3) < 1e-9
    assert told["wilcoxon"]["not_tested"].startswith("no spread: each of both arms gives one")
    said = " ".join(report.conclusions)
    assert "recall: strict is better" not in said
    assert "recall: strict is ahead of none by +0.3 under each of 8 seeds; no spread" in said
    assert against(report, "hits", "none")["ahead"] == 1  # which differs from seed to seed
    page = render_page(report, title="x")
    assert "not tested: no spread" in page
    rows = page.index("Strict synchrony against each arm")
    assert rows < page.index("<svg") < page.index("no spread, so that it is not tested")


def test_too_few_seeds_for_a_test_is_said(tmp_path: Path) -> None:
    report = run(
        agreement, tmp_path, seeds=5, arms=arms_of(load_policy(POLICY), ["strict", "independent"])
    )
    (told,) = (one for one in report.comparisons if one["metric"] == "agreement")
    assert "p" not in told["wilcoxon"]
    assert "is 0.0625; 6 could reach 0.05" in told["wilcoxon"]["not_tested"]
    one = run(agreement, tmp_path / "one", seeds=1).comparisons[0]
    assert one["student"] is None
    assert "at least 2 are needed" in one["wilcoxon"]["not_tested"]


def test_a_function_gets_the_encoders_of_the_policy(tmp_path: Path) -> None:
    policy = load_policy(
        "syncaug: 1\n"
        "sample: {image: image, text: text, z: {modality: embedding, encodes: image}}\n"
        "steps: [{name: mirror, uses: flip}, {name: stir, uses: latent_noise, with: {encoder: e}}]",
        encoders={"e": lambda modality, value: [1.0, 2.0]},
    )
    sample = {"image": np.zeros((4, 4, 3), np.uint8), "text": "on the left"}

    def train(policy: Any, seed: int, out: Path) -> Any:
        return {"width": len(policy(sample, key=1)["z"]), "val_loss": 1}

    arms = arms_of(policy, ["none", "strict"])
    report = ablate(policy, train, tmp_path, samples=[sample], seeds=2, draws=0, arms=arms)
    assert not report.failed
    said = " ".join(report.conclusions)
    assert "width is the same under all seeds in every arm" in said
    assert "--lower val_loss if less is better" in said
    assert "--lower width" not in said
