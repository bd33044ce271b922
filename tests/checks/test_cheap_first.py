"""Checks read no more than the catalogue says, and those that read nothing costly come first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import pytest

from syncaug import load_policy
from syncaug.catalogue.checks import checks
from syncaug.checks import Outcome, measure_of
from syncaug.checks.measuring import Measuring
from syncaug.modalities import Carrier
from syncaug.plan.spaces import CHEAP, LIVES_IN
from syncaug.record import Record
from syncaug.report.telling import check_lines
from syncaug.suspicions import Suspicions
from tests.checks.test_records import LISTED, POLICY, encode, whole_sample
from tests.samples import equal, pets

ENCODERS = {"mine": encode}
NEVER = "  - boxes_visible: {min_area: 1}\n"


class Unread(Exception):
    """A check looked at what it does not say it reads."""


def sealed(carrier: Carrier) -> Carrier:
    """A carrier of the same class and stream, of which nothing else may be read."""
    kind = type(carrier)

    def look(self: Any, name: str) -> Any:
        known = name in ("stream", "__class__")
        if known or (name == "clock_duration" and kind.clock_duration is Carrier.clock_duration):
            return object.__getattribute__(self, name)
        raise Unread(f"{kind.__name__}.{name}")

    shut = type("Sealed", (kind,), {"__slots__": (), "__getattribute__": look})
    made = object.__new__(shut)
    object.__setattr__(made, "stream", carrier.stream)
    return made


class OnlySome(dict[str, Any]):
    """The streams of a result that are there so far."""

    def __missing__(self, name: str) -> Any:
        raise Unread(name)


@cache
def loaded() -> Any:
    return load_policy(POLICY, encoders=ENCODERS)


def outcome(reads: Collection[str]) -> tuple[Any, dict[str, Any], OnlySome, Any]:
    """Policy, sample, result and state, the latter two with streams of these modalities only."""
    augmenter, sample = loaded(), whole_sample()
    program = augmenter._compiled.engine().program
    state = program.run(sample, augmenter.draw(key=1), Suspicions())
    out = state.finish()
    allowed: set[str] = set()
    for stream in augmenter.plan.streams:
        if stream.modality in reads:
            allowed |= {stream.name, *stream.parallel_keys}
    after = OnlySome((name, value) for name, value in out.items() if name in allowed)
    for name, carrier in state.carriers.items():
        if carrier.stream.modality not in reads:
            state.carriers[name] = sealed(carrier)
    return augmenter, sample, after, state


def options_of(name: str) -> Mapping[str, Any]:
    return next(check.options for check in loaded().plan.checks if check.name == name)


@pytest.mark.parametrize("name", sorted(checks()))
def test_a_check_reads_only_what_it_says(name: str) -> None:
    _, sample, after, state = outcome(checks()[name].reads)
    measure_of(name)(options_of(name), Outcome(sample, after, state, ENCODERS))


@pytest.mark.parametrize("name", sorted(n for n, spec in checks().items() if spec.reads - CHEAP))
def test_a_costly_check_does_read_what_is_costly(name: str) -> None:
    _, sample, after, state = outcome(checks()[name].reads & CHEAP)
    with pytest.raises(Unread):
        measure_of(name)(options_of(name), Outcome(sample, after, state, ENCODERS))


def test_modalities_that_checks_read_and_that_are_cheap_are_known() -> None:
    assert set(LIVES_IN) > CHEAP
    assert all(spec.reads <= set(LIVES_IN) for spec in checks().values())


def test_cheap_checks_need_only_cheap_streams_and_both_halves_make_the_whole() -> None:
    augmenter, sample, after, state = outcome(CHEAP)
    cheap = Measuring(augmenter.plan, ENCODERS).cheap(sample, after, state)
    assert set(cheap[0]) == {
        "boxes_visible",
        "mentions_visible",
        "visible_share",
        "direction_words",
    }
    augmenter, sample, after, state = outcome(LIVES_IN)
    measuring = Measuring(augmenter.plan, ENCODERS)
    costly = measuring.costly(sample, after, state)
    assert not set(cheap[0]) & set(costly[0])
    whole = measuring(sample, after, state)
    assert list(whole[0]) == [key for key, _ in augmenter.plan.keyed_checks()]
    together = measuring.together(cheap, costly)
    assert list(together[1]) == list(whole[1])
    assert str(together) == str(whole)


def test_failures_are_told_in_the_order_of_the_policy() -> None:
    augmenter = loaded()
    measuring = Measuring(augmenter.plan, ENCODERS)
    order = [key for key, _ in augmenter.plan.keyed_checks()]
    numbers = dict.fromkeys(order, 0.0)
    half = len(order) // 2
    first = {key: numbers[key] for key in order[:half]}, {}, (f"{order[1]}: a: b",)
    last = {key: numbers[key] for key in order[half:]}, {}, (f"{order[-1]}: c",)
    assert measuring.together(last, first)[2] == (f"{order[1]}: a: b", f"{order[-1]}: c")


@pytest.mark.filterwarnings("ignore:.*on the same clock")  # streams of several lengths
def test_where_a_cheap_check_fails_no_costly_one_is_measured() -> None:
    asked: list[str] = []

    def counted(modality: str, value: Any) -> list[float]:
        asked.append(modality)
        return [1.0, 0.5]

    text = POLICY.replace(LISTED, NEVER + LISTED.replace("  - boxes_visible: {}\n", ""))
    text = text.replace("uses: flip", "uses: crop, with: {area: 0.3, x: 0, y: 0}")
    policy = load_policy(text, encoders={"mine": counted})
    out, record = policy.apply(whole_sample(), key=1)
    assert not out
    assert not asked
    last = Record.from_json(record.to_json()).attempts[-1]
    assert last.failed[0].startswith("boxes_visible: box 1 of 'boxes' keeps ")
    assert set(last.measures) < set(checks()) - {"similarity"}
    lines = {line.name: line for line in check_lines(record, policy.plan)}
    assert set(lines) == set(checks())
    assert (lines["similarity"].measured, lines["similarity"].passed) == ("not measured", True)
    assert not policy.replay(whole_sample(), record)


def test_cues_without_media_are_cheap_and_the_result_is_that_of_any_order() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {words: timed_text}\nsteps: [{name: s, uses: reverse}]\n"
        "checks: [cues_in_range, cue_overlap]\n"
    )
    sample = {"words": [{"start": 0.0, "end": 1.0, "text": "hello"}]}
    program = policy._compiled.engine().program
    state = program.run(sample, policy.draw(key=1), Suspicions())
    measuring = Measuring(policy.plan, {})
    assert len(measuring.cheap(sample, state.finish(), state)[0]) == 2
    assert measuring.costly(sample, {}, state) == ({}, {}, ())


def test_a_draw_is_refused_or_accepted_as_before() -> None:
    text = (
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, labels: classes}}\n"
        "untouched: [id, phrases, caption]\n"
        "steps: [{name: c, uses: crop, with: {area: [0.3, 1]}}]\n"
        "checks: [mutual_information: {min_share: 0.5}, boxes_visible: {min_area: 0.8}]\n"
        "on_fail: {retry: 20, then: error}\n"
    )
    sample = pets()["cats.jpg"]
    policy = load_policy(text, seed=3)
    for epoch in range(4):
        out, record = policy.apply(sample, key=1, epoch=epoch)
        assert equal(out, policy.replay(sample, record))
        for tried in record.attempts[:-1]:
            assert set(tried.measures) in (
                {"boxes_visible"},
                {"mutual_information", "boxes_visible"},
            )
        assert list(record.attempts[-1].measures) == ["mutual_information", "boxes_visible"]
