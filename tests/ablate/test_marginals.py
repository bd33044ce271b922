"""Whether arms differ in nothing but synchrony: what is compared, and what the test catches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest, pearsonr

from syncaug import load_policy
from syncaug.ablate import ablate, arms_of
from syncaug.ablate.arms import AblationError
from syncaug.ablate.conclusions import conclusions_of
from syncaug.ablate.marginals import Drawn, compared, drawn_by, marginals
from syncaug.draw.nearby import Nearby, reflected
from syncaug.loading import compiled
from syncaug.randomness import Source
from tests.ablate.trainings import POLICY, REFUSING, scene

DRAWS = 10_000


def differing(told: Any) -> set[tuple[str, str, str]]:
    return {(row["arm"], row["stream"], row["parameter"]) for row in told["differ"]}


def test_arms_draw_alike_although_most_is_refused() -> None:
    policy = load_policy(REFUSING)
    told = marginals(policy, arms_of(policy, amount=0.3), [scene()], ["a"], draws=DRAWS)
    assert told["accepted"] == dict.fromkeys(
        ("only-image", "only-caption", "independent", "jittered", "strict"), DRAWS
    )
    assert all(0.5 < share < 0.95 for share in told["share"].values())
    assert not told["differ"], told["differ"]
    names = {(row["arm"], row["stream"], row["parameter"]) for row in told["tests"]}
    for arm in ("independent", "jittered"):
        for stream in ("image", "caption"):
            assert {(arm, stream, "mirror"), (arm, stream, "turn.degrees")} <= names
    assert ("only-image", "image", "turn.degrees") in names
    assert ("only-image", "caption", "turn.degrees") not in names
    assert 0.0 < told["stayed"]["jittered"]["caption"] < 1.0
    assert "independent" not in told["stayed"]


def test_own_draws_that_equal_the_shared_one_are_not_refused() -> None:
    """Half of all draws of a coin alone agree; no check refuses any."""
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, mask: mask}, steps: [{name: m, uses: flip, p: 0.5}]}"
    )
    sample = {"image": scene()["image"], "mask": np.zeros((24, 48), np.uint8)}
    arms = arms_of(policy, ["independent", "jittered", "strict"], amount=0.3)
    told = marginals(policy, arms, [sample], ["a"], draws=400)
    assert told["stayed"] == {}
    apart = arms[0].policy(policy, 5)
    drawn = [compiled(apart).accepted_draws(sample, key=key) for key in range(40)]
    alike = sum(one["image"] == one["mask"] for one in drawn)
    assert 0 < alike < 40


def test_own_draws_that_are_refused_are_told() -> None:
    """A turn that words of direction refuse: where 64 of its own are, a stream keeps the shared."""
    policy = load_policy(
        POLICY.replace("turn, uses: rotate", "turn, uses: rotate, p: 0.99").replace(
            "[-20, 20]", "45"
        )
        + "on_fail: {retry: 0, then: neutral}"
    )
    arms = arms_of(policy, ["independent", "strict"])
    told = marginals(policy, arms, [scene()], ["a"], draws=100)
    stayed = told["stayed"]["independent"]["caption"]
    assert 0.25 < stayed < 0.9  # 0.99 ** 64 is 0.53
    data = {"marginals": told, "runs": [], "metrics": {}, "unknown": [], "comparisons": []}
    assert f"In independent up to {stayed:.0%} of the draws of a stream's own are refused" in (
        " ".join(conclusions_of(data))
    )


def test_refusals_of_what_has_parted_are_caught() -> None:
    """Independent draws that the checks judge parted: turns that the words cannot follow stay."""
    strict = drawn_by(load_policy(REFUSING), [scene()], ["a"], draws=2000)
    apart = load_policy(REFUSING, seed=77).with_sync("independent")
    parted = Drawn()
    for epoch in range(6000):
        taken = apart.accepted_draws(scene(), key="a", epoch=epoch)
        parted.tried += 1
        if not taken or parted.accepted == 2000:
            continue
        parted.accepted += 1
        for step in taken["image"].steps:
            if step.only == ("image",):
                parted.values["image", step.name].append(step.applied)
                if step.name == "turn":
                    parted.values["image", "turn.degrees"].append(step.parameters["*"]["degrees"])
    told = compared(strict, {"parted": parted}, 2000)
    assert ("parted", "image", "turn.degrees") in differing(told)
    assert ("parted", "", "accepted") in differing(told)


def test_an_arm_that_draws_otherwise_is_not_comparable(tmp_path: Path) -> None:
    """A planted arm: the same step with another range, and another chance."""
    policy = load_policy(POLICY)
    found = {
        name: drawn_by(compiled(text, seed=seed), [scene()], ["a"], draws=1500)
        for seed, (name, text) in enumerate(
            {
                "strict": POLICY,
                "same": POLICY,
                "nearer": POLICY.replace("[-20, 20]", "[-15, 15]"),
                "rarer": POLICY.replace("p: 0.5", "p: 0.4"),
            }.items()
        )
    }
    told = compared(found.pop("strict"), found, 1500)
    assert differing(told) == {
        ("nearer", "image", "turn.degrees"),
        ("nearer", "caption", "turn.degrees"),
        ("rarer", "image", "mirror"),
        ("rarer", "caption", "mirror"),
    }
    report = ablate(
        policy,
        lambda policy, seed, out: {"score": 1.0},
        tmp_path,
        samples=[],
        seeds=2,
        found={"marginals": told},
    )
    assert not report.good
    assert report.conclusions[0].startswith("NOT COMPARABLE: nearer draws turn.degrees of image")


def test_pictures_that_no_check_reads_change_no_decision() -> None:
    policy = load_policy(REFUSING)
    for key in range(60):
        taken = policy.accepted_draws(scene(), key=key)
        _, record = policy.apply(scene(), key=key)
        assert bool(taken) == (record.outcome == "accepted")
        assert not taken or taken["image"] == record.draw


@pytest.mark.parametrize("amount", [0.05, 0.3, 0.8, 1.0])
def test_what_strays_stays_uniform(amount: float) -> None:
    near = Nearby("sound", 0, amount)
    sources = [Source(1, key, 0) for key in range(DRAWS)]
    ours = np.array([source.unit(b"turn.degrees") for source in sources])
    theirs = np.array([near.source(source).unit(b"turn.degrees") for source in sources])
    assert kstest(theirs, "uniform").pvalue > 0.01
    assert np.abs(theirs - ours).max() <= amount + 1e-12
    related = pearsonr(ours, theirs).statistic
    assert related > 0.5 if amount < 0.5 else abs(related) < 0.5
    if amount == 1.0:
        assert abs(related) < 0.03


def test_numbers_are_reflected_inside() -> None:
    assert (reflected(-0.5), reflected(1.5), reflected(0.25)) == (0.5, 0.5, 0.25)
    assert 0.0 < reflected(0.0) < reflected(1.0) < 1.0


def test_a_policy_that_accepts_next_to_nothing_is_told() -> None:
    text = REFUSING.replace("[-90, 90]", "[45, 50]")
    policy = load_policy(text)
    told = marginals(policy, arms_of(policy), [scene()], ["a"], draws=5)
    assert all(count < 5 for count in told["accepted"].values())


def test_a_policy_that_follows_the_epoch_is_asked_for_early_ones() -> None:
    text = """
syncaug: 1
sample: {image: image, mask: mask}
steps: [{name: turn, uses: rotate, with: {degrees: {from: epoch, scale: 1.5, clip: [-90, 90]}}}]
"""
    sample = {"image": scene()["image"], "mask": np.zeros((24, 48), np.uint8)}
    drawn = drawn_by(load_policy(text), [sample], ["a"], draws=200)
    assert set(drawn.values["image", "turn.degrees"]) == {1.5 * epoch for epoch in range(10)}


@pytest.mark.parametrize(
    ("step", "samples", "told"),
    [("flip", 0, "at least one sample"), ("mixup", 1, "at least two samples, since the policy")],
)
def test_draws_need_samples(step: str, samples: int, told: str) -> None:
    text = f"""
syncaug: 1
sample: {{image: image, label: {{modality: label, classes: 4}}, mask: mask}}
steps: [{{name: one, uses: {step}}}, {{name: other, uses: mixup, p: 0}}]
""".replace(", {name: other, uses: mixup, p: 0}" if step == "flip" else "\0", "")
    policy = load_policy(text)
    with pytest.raises(AblationError, match=told):
        marginals(policy, arms_of(policy), [scene()] * samples, ["a"] * samples)


def test_arms_draw_alike_where_refused_draws_shrink() -> None:
    policy = load_policy(REFUSING.replace("retry: 3", "retry: 2, shrink: 0.6"))
    arms = arms_of(policy, ["independent", "jittered", "strict"], amount=0.3)
    told = marginals(policy, arms, [scene()], ["a"], draws=3000)
    assert all(0.5 < share < 0.95 for share in told["share"].values())
    assert 0.0 < told["stayed"]["jittered"]["caption"] < 0.5
    assert not told["differ"], told["differ"]


def test_arms_without_draws_are_not_said_to_draw_alike() -> None:
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, caption: {modality: text, describes: image}}, "
        "steps: [{name: m, uses: flip}]}"
    )
    picture = {"image": np.zeros((4, 4, 3), np.uint8), "caption": "a cat on the left"}
    arms = arms_of(policy, ["none", "strict"])
    told = marginals(policy, arms, [picture], ["a"], draws=20)
    data = {"marginals": told, "runs": [], "metrics": {}, "unknown": [], "comparisons": []}
    (said,) = conclusions_of(data)
    assert "was not tested: nothing is drawn" in said


@pytest.mark.parametrize("draws", [1, 2, 3])
def test_few_draws_are_compared_exactly(draws: int) -> None:
    policy = load_policy(POLICY)
    told = marginals(
        policy, arms_of(policy, ["independent", "strict"]), [scene()], ["a"], draws=draws
    )
    assert told["tests"]
    assert all(0.0 <= row["p"] <= 1.0 for row in told["tests"])
    assert not told["differ"]
