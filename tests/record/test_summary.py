"""The summary of records: against numpy and scipy, merged and whole, skewed and not."""

from __future__ import annotations

import itertools
import pickle
import random
from typing import Any

import numpy as np
import pytest
from scipy import stats

from syncaug import Record, load_policy
from syncaug.record.summary import Summary, Tally, summarize, summary_of
from syncaug.record.summary.distinct import Distinct
from syncaug.record.summary.refusals import Refusals
from syncaug.record.summary.values import BINS, EXACT, Values, distance

STEPS = """
  - {name: mirror, uses: flip, p: 0.25}
  - {name: away, uses: translate, with: {x: [-0.8, 0.8], y: 0}}
  - name: tone
    one_of:
      - {name: dim, uses: light, with: {value: [-0.4, -0.1]}, weight: 3}
      - {name: soft, uses: noise, with: {snr_db: [20, 30]}}
  - {name: dark, when: {var: level, above: 0.5}, uses: light, with: {value: -0.1}}
  - {name: many, when: {stream: boxes, has: cat}, uses: light, with: {value: [0.0, 0.1]}}
"""
POLICY = f"""
syncaug: 1
name: summed
sample: {{image: image, boxes: {{modality: boxes, labels: classes}}}}
draw: {{level: {{uniform: [0.2, 0.8]}}}}
steps: {STEPS}
checks: [{{boxes_visible: {{min_area: 0.5}}}}]
on_fail: {{retry: 4, then: drop}}
"""


def sample(kind: str = "dog") -> dict[str, Any]:
    return {
        "image": np.full((32, 32, 3), 100, np.uint8),
        "boxes": [[10.0, 10.0, 22.0, 22.0]],
        "classes": [kind],
    }


def records(text: str, count: int, **settings: Any) -> list[Record]:
    policy = load_policy(text)
    if "sync" in settings:
        policy = policy.with_sync(settings["sync"])
    kinds = itertools.cycle(["dog", "cat"])
    return [policy.apply(sample(next(kinds)), key=f"k{n}")[1] for n in range(count)]


@pytest.fixture(scope="module")
def refused() -> list[Record]:
    return records(POLICY, 300)


@pytest.fixture(scope="module")
def summary(refused: list[Record]) -> Summary:
    return summarize(iter(refused))


def test_outcomes_attempts_and_refusals_are_counted(
    refused: list[Record], summary: Summary
) -> None:
    (policy,) = summary.policies
    tries = sum(len(record.attempts) for record in refused)
    accepted = sum(record.outcome == "accepted" for record in refused)
    assert summary.outcomes == {"accepted": accepted, "dropped": 300 - accepted}
    assert (policy.results, policy.samples, policy.exact) == (300, 300, True)
    assert (policy.tries, policy.refused) == (tries, tries - accepted)
    assert sum(number * count for number, count in policy.attempts.items()) == tries
    (refusal,) = policy.refusals
    assert refusal["by"] == "check boxes_visible"
    assert refusal["count"] == tries - accepted
    assert refusal["reasons"][0]["reason"] == "box # of '...' keeps #% of its area"
    assert "'boxes'" in refusal["reasons"][0]["example"]


def test_shares_conditions_and_choices(refused: list[Record], summary: Summary) -> None:
    rows = {row.name: row for row in summary.policies[0].steps}
    used = [record.draw for record in refused if record.outcome == "accepted"]
    flips = sum(draw.steps[0].applied for draw in used)
    assert (rows["mirror"].drawn, rows["mirror"].applied) == (len(used), flips)
    assert rows["mirror"].p == 0.25
    assert rows["dark"].applied == sum(draw.variables["level"] > 0.5 for draw in used)
    assert rows["dark"].when == "level is above 0.5"
    cats = sum(
        record.draw.steps[4].when == "met" for record in refused if record.outcome == "accepted"
    )
    assert (rows["many"].met, rows["many"].unmet) == (cats, len(used) - cats)
    draws = {str(row.label): row for row in summary.policies[0].draws}
    assert draws["many.value"].accepted.count == cats  # nobody saw what an unmet step drew
    chosen = draws["tone.choice"]
    assert chosen.declared == "dim 75%, soft 25%"
    assert chosen.accepted.words()["dim"] == rows["dim"].drawn


def test_the_numbers_of_a_draw_are_those_of_numpy(refused: list[Record], summary: Summary) -> None:
    draws = {str(row.label): row for row in summary.policies[0].draws}
    used = [
        record.draw.steps[1].parameters["*"]["x"]
        for record in refused
        if record.outcome == "accepted"
    ]
    row = draws["away.x"]
    assert row.declared == "-0.8 to 0.8"
    assert row.accepted.count == len(used)
    assert row.accepted.mean == pytest.approx(np.mean(used))
    width = 2 * 1.6 / BINS
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert row.accepted.quantile(share) == pytest.approx(np.quantile(used, share), abs=width)
    assert (row.accepted.least, row.accepted.greatest) == (min(used), max(used))


def test_a_skew_is_told_of_the_draw_that_is_skewed_and_of_no_other(summary: Summary) -> None:
    (policy,) = summary.policies
    assert [skew["draw"] for skew in policy.skews] == ["away.x"]
    (told,) = summary.warnings
    assert "away.x: nine tenths of all draws lie within -0.7" in told
    assert "by check boxes_visible" in told
    assert "loosen what refuses" in told


def test_only_what_refusals_depend_on_is_skewed() -> None:
    """The box goes whenever the step is applied; what the other step draws has no part in it."""
    text = """
    syncaug: 1
    sample: {image: image, boxes: {modality: boxes, labels: classes}}
    steps:
      - {name: unlucky, uses: translate, with: {x: 0.9, y: 0}, p: 0.5}
      - {name: tone, uses: light, with: {value: [-0.4, 0.4]}}
    checks: [{boxes_visible: {min_area: 0.5}}]
    on_fail: {retry: 9, then: drop}
    """
    (policy,) = summarize(records(text, 200)).policies
    assert [skew["draw"] for skew in policy.skews] == ["unlucky.p"]
    assert policy.skews[0]["distance"] == pytest.approx(0.5, abs=0.1)
    assert "unlucky.p: the step was drawn in" in policy.warnings[0]
    assert "and in 0% of those that were accepted" in policy.warnings[0]


def test_draws_that_were_weakened_are_held_against_their_full_strength() -> None:
    text = POLICY.replace("retry: 4", "shrink: 0.7, retry: 6")
    (policy,) = summarize(records(text, 200)).policies
    assert [skew["draw"] for skew in policy.skews] == ["away.x"]
    row = next(row for row in policy.draws if str(row.label) == "away.x")
    assert row.drawn.count == 200
    assert row.drawn.greatest > 0.75


def test_without_refusals_there_is_no_word() -> None:
    text = POLICY.replace("min_area: 0.5", "min_area: 0.0")
    told = summarize(records(text, 60))
    assert told.outcomes == {"accepted": 60}
    assert told.warnings == ()
    assert told.policies[0].refusals == ()


def test_streams_that_draw_for_themselves_are_told_apart() -> None:
    text = "{syncaug: 1, sample: {image: image, mask: mask}, steps: [STEP]}".replace(
        "STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}"
    )
    policy = load_policy(text).with_sync("independent")
    streams = {"image": np.zeros((8, 8, 3), np.uint8), "mask": np.zeros((8, 8), np.uint8)}
    told = summarize(policy.apply(streams, key=key)[1] for key in range(5)).policies[0]
    assert {str(row.label) for row in told.draws} >= {"turn.degrees@image", "turn.degrees@mask"}
    assert {row.declared for row in told.draws if row.label.name == "degrees"} == {"-90 to 90"}
    assert [row.name for row in told.steps] == ["turn@image", "turn@mask"]
    assert told.sync == "independent"


def test_tallies_of_parts_merge_into_that_of_the_whole(
    refused: list[Record], summary: Summary
) -> None:
    parts = [Tally() for _ in range(3)]
    for number, record in enumerate(refused):
        parts[number % 3].add(record)
    parts[1].skip("line 3: no JSON")
    whole = Tally()
    for part in reversed(parts):
        whole.merge(pickle.loads(pickle.dumps(part)))
    merged, alone = summary_of(whole).as_json(), summary.as_json()
    assert merged["skipped"] == {"count": 1, "reasons": ["line 3: no JSON"]}
    assert merged["outcomes"] == {**alone["outcomes"], "skipped": 1}
    for ours, theirs in zip(
        merged["policies"][0]["draws"], alone["policies"][0]["draws"], strict=True
    ):
        assert {**ours, "mean": 0, "drawn": 0} == {**theirs, "mean": 0, "drawn": 0}
    assert merged["policies"][0]["refusals"] == alone["policies"][0]["refusals"]
    assert merged["policies"][0]["skews"][0]["distance"] == pytest.approx(
        alone["policies"][0]["skews"][0]["distance"]
    )


def test_records_of_several_policies_are_told_apart(refused: list[Record]) -> None:
    other = records(POLICY.replace("[-0.8, 0.8]", "[-0.1, 0.1]"), 10)
    told = summarize([*refused[:5], *other, *refused[5:20]])
    assert [policy.results for policy in told.policies] == [20, 10]


def test_partners_are_counted() -> None:
    text = "{syncaug: 1, sample: {image: image}, steps: [{name: blend, uses: mixup, p: 0.5}]}"
    policy = load_policy(text)
    photo = {"image": np.zeros((4, 4, 3), np.uint8)}
    found = [
        policy.apply(photo, key=key, partner=photo, partner_key=f"p{key % 3}")[1]
        for key in range(40)
    ]
    (told,) = summarize(found).policies
    assert told.mixed == sum(record.partner is not None for record in found) > 10
    assert told.partners == 3


@pytest.mark.parametrize("seed", range(20))
def test_a_sketch_is_the_same_in_any_order_and_merged(seed: int) -> None:
    rng = random.Random(seed)
    count = rng.choice([1, EXACT, EXACT + 1, 500])
    scale = 10.0 ** rng.randint(-300, 300)
    values: list[Any] = [rng.choice([rng.gauss(0, 1), rng.random()]) * scale for _ in range(count)]
    values += rng.choice([[], [0, 0, 0], [True, "a", None, [1, 2]], [5e-324], [1e308, -1e308]])
    shuffled = rng.sample(values, len(values))
    cuts = sorted(rng.randint(0, len(values)) for _ in range(2))
    merged = Values(shuffled[: cuts[0]])
    merged.merge(Values(shuffled[cuts[0] : cuts[1]]))
    merged = merged | Values(shuffled[cuts[1] :])
    whole = Values(values)
    assert merged.histogram() == whole.histogram() == Values(shuffled).histogram()
    assert merged.words() == whole.words()
    assert len(whole.histogram()) <= max(BINS, EXACT)
    assert whole.count == len(values)
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    for low, high, held in whole.histogram():
        inside = [v for v in numbers if (v == low if low == high else low <= v < high)]
        assert len(inside) == held


@pytest.mark.parametrize("seed", range(10))
def test_the_distance_is_that_of_kolmogorov_and_smirnov(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.normal(0, 1, 4000), rng.normal(0.3 * (seed % 3), 1 + seed / 10, 3000)
    exact = stats.ks_2samp(one, other).statistic
    found = distance(Values(one.tolist()), Values(other.tolist()))
    assert exact - 0.03 <= found <= exact + 1e-12  # at ends of bins alone
    few, many = rng.integers(0, 9, 50), rng.integers(0, 12, 70)
    assert distance(Values(few.tolist()), Values(many.tolist())) == pytest.approx(
        stats.ks_2samp(few, many).statistic
    )


def test_distances_of_words() -> None:
    assert distance(Values(["a"] * 3 + ["b"]), Values(["a", "b"])) == pytest.approx(0.25)
    assert distance(Values([True]), Values([False])) == 1.0
    assert distance(Values([1, 1.0]), Values([1])) == 0.0
    assert np.isnan(distance(Values(), Values([1])))


def test_memory_does_not_grow() -> None:
    words = Values(f"w{n}" for n in range(5000))
    assert words.words() == {"more than 256 different values": 5000}
    refusals = Refusals()
    for n in range(500):
        refusals.add(f"check_{n % 2}: {'x' * n}")
    told = refusals.as_json()
    assert [each["count"] for each in told] == [250, 250]
    assert len(told[0]["reasons"]) <= 65
    keys = Distinct()
    for n in range(50_000):
        keys.add(f"key {n % 25_000}")
    assert not keys.is_exact
    assert keys.count == pytest.approx(25_000, rel=0.1)


@pytest.mark.parametrize(
    ("said", "by", "reason"),
    [
        ("av_offset: 'a' lags by 31 ms", "check av_offset", "'...' lags by # ms"),
        ("refused: stream 'c': step 's': 'teal' is none", "step s", "stream '...': '...' is none"),
        ("refused: stream 'c': nothing is left", "stream c", "nothing is left"),
        ("refused: the partner has no 'b'", "the sample", "the partner has no '...'"),
    ],
)
def test_who_refused_and_why(said: str, by: str, reason: str) -> None:
    refusals = Refusals()
    refusals.add(said)
    (told,) = refusals.as_json()
    assert (told["by"], told["reasons"][0]["reason"]) == (by, reason)
