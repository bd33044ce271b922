"""A replay carries out what the record's policy draws at the record's address, and nothing else."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from syncaug import RecordError, RecordWarning, load_policy
from syncaug.record import Record
from syncaug.record.seal import seal_of
from syncaug.version import ENGINE_VERSION
from tests.record.written import (
    POLICY,
    SHRINKING,
    Change,
    changed,
    policy,
    put,
    same,
    sample,
    take,
    written,
)


def resealed(text: str) -> str:
    """As somebody would write it who knows how records are sealed."""
    data = json.loads(text)
    data["seal"] = seal_of(data)
    return json.dumps(data)


def swap_steps(data: dict[str, list[object]]) -> None:
    steps = data["draw"]["steps"]  # type: ignore[call-overload]
    steps[0], steps[3] = steps[3], steps[0]


DRAWN: list[tuple[Change, str]] = [
    (put("draw.steps.0.parameters.*.degrees", 1e308), "step 'turn'.*parameter 'degrees'"),
    (put("draw.steps.0.parameters.*.degrees", 10**400), "step 'turn'.*parameter 'degrees'"),
    (put("draw.variables.level", -(10**4000)), "variable 'level'"),
    (put("draw.steps.0.parameters.*.degrees", 0.51), "step 'turn'.*parameter 'degrees'"),
    (put("draw.steps.0.parameters.*.degrees", 1), "step 'turn'.*parameter 'degrees'"),
    (put("draw.steps.0.parameters.*.degrees", "0.5"), "step 'turn'.*parameter 'degrees'"),
    (put("draw.steps.0.parameters.*.degrees", None), "step 'turn'.*parameter 'degrees'"),
    (put("draw.steps.0.parameters.*.world", "turn"), "step 'turn'.*parameter 'world'"),
    (put("draw.steps.0.parameters.*.more", 3), "step 'turn'.*'more': expected no such one"),
    (take("draw.steps.0.parameters.*.degrees"), "step 'turn'.*'degrees'.*got none"),
    (put("draw.steps.0.parameters.other", {"degrees": 3.0}), "step 'turn'.*parameters"),
    (take("draw.steps.0.parameters"), "step 'turn'.*parameters"),
    (put("draw.steps.0.applied", False), "step 'turn'.*applied"),
    (put("draw.steps.0.only", ["image"]), "step 'turn'.*only"),
    (put("draw.steps.0.name", "twist"), "draw.steps: expected the steps"),
    (take("draw.steps.0"), "draw.steps: expected the steps"),
    (swap_steps, "draw.steps: expected the steps"),
    (take("draw.steps.1.steps.0"), r"draw.steps\[1\].steps: expected the steps \['dim', 'grain'\]"),
    (put("draw.steps.1.steps.1.name", "zoom"), r"draw.steps\[1\].steps: expected the steps"),
    (put("draw.steps.1.steps.1.parameters.*.snr_db", 3.0), "step 'grain'.*'snr_db'"),
    (put("draw.steps.2.parameters.image.std_range", 0.9), "step 'library'.*'std_range'"),
    (put("draw.steps.3.parameters.*.width", 30_000), "step 'size'.*'width': expected 40"),
    (put("draw.variables.level", 7.0), "variable 'level'"),
    (put("draw.variables", {}), "variable 'level'"),
    (put("draw.seed", 12), "as the policy draws it"),
    (put("draw.epoch", 3), "as the policy draws it for key 'k', epoch 3"),
    (put("draw.key", "other"), "as the policy draws it for key 'other'"),
    (put("draw.attempt", 1), "draw.attempt: expected 0"),
    (put("fingerprint", "0" * 16), "fingerprint: expected"),
    (put("policy.seed", 99), ""),  # no part of what a policy does, and not used
    (put("policy.steps.0.p", 0.8), "fingerprint: expected"),
    (put("policy.steps.0.uses", "spin"), "policy: expected one that can be loaded"),
    (put("policy.steps", []), "policy|fingerprint"),
    (put("policy", {}), "policy: expected one that can be loaded"),
    (put("checks", {"boxes_visible": {}}), "checks: expected those of the policy"),
    (put("attempts.0.measures", {"boxes_visible": 1.0}), "measures: expected checks of the policy"),
    (put("sync", "independent"), "as the policy draws it"),
]


@pytest.mark.parametrize(
    ("change", "expected"), DRAWN, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
@pytest.mark.parametrize("sealed", [False, True], ids=["", "resealed"])
def test_what_the_policy_does_not_draw_is_refused(
    change: Change, expected: str, sealed: bool
) -> None:
    text = changed(change)
    text = resealed(text) if sealed else text
    if not expected:
        assert same(policy().replay(sample(), text), policy().replay(sample(), written()))
        return
    with pytest.raises(RecordError, match=expected):
        policy().replay(sample(), text)


CONSTANT = """
syncaug: 1
sample: {image: image}
steps: [{name: grain, uses: noise, with: {snr_db: 10}}]
"""


@pytest.mark.parametrize(
    "change", [put("draw.key", "x"), put("draw.epoch", 9), put("draw.seed", 1)]
)
def test_another_address_of_the_same_draw_breaks_the_seal(change: Change) -> None:
    one = policy(CONSTANT)
    assert same(
        one.replay(sample(CONSTANT), written(CONSTANT)), one(sample(CONSTANT), key="k", epoch=2)
    )
    with pytest.raises(RecordError, match="seal"):
        one.replay(sample(CONSTANT), changed(change, written(CONSTANT)))


def shrunken() -> str:
    """A record of several attempts."""
    for key in range(50):
        text = written(SHRINKING, key=key)
        if len(json.loads(text)["attempts"]) > 2 and json.loads(text)["outcome"] == "accepted":
            return text
    raise AssertionError


def test_strengths_are_those_of_on_fail() -> None:
    one, text = policy(SHRINKING), shrunken()
    count = len(json.loads(text)["attempts"])
    assert one.replay(sample(SHRINKING), text)
    for change, expected in (
        (put("draw.strength", 0.9), "draw.strength: expected"),
        (put("draw.attempt", count - 1), "draw.attempt: expected 0"),
        (put("attempts.0.strength", 0.9), r"attempts\[0\].strength: expected 1"),
        (take(f"attempts.{count - 1}"), "failed: expected no reason"),
        (put("draw.steps.0.parameters.*.x", 0.1), "step 'away'.*parameter 'x'"),
    ):
        with pytest.raises(RecordError, match=expected):
            one.replay(sample(SHRINKING), changed(change, text))


def test_an_outcome_is_one_that_on_fail_gives() -> None:
    one, text = policy(SHRINKING), shrunken()

    def kept(data: dict[str, object]) -> None:
        attempts: list[dict[str, object]] = data["attempts"]  # type: ignore[assignment]
        attempts[-1]["failed"] = ["boxes_visible"]
        data["outcome"] = "kept_original"

    def dropped(data: dict[str, object]) -> None:
        kept(data)
        data["outcome"] = "dropped"

    with pytest.raises(RecordError, match="outcome: expected accepted, or what on_fail"):
        one.replay(sample(SHRINKING), changed(kept, text))
    with pytest.raises(RecordError, match="attempts: expected 7 by on_fail"):
        one.replay(sample(SHRINKING), changed(dropped, text))


@pytest.mark.parametrize("sync", ["", "strict", "independent"])
@pytest.mark.parametrize("text", [POLICY, SHRINKING])
def test_what_was_written_replays_without_a_word(text: str, sync: str) -> None:
    one = policy(text, sync)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for key in ("k", 3, "a b/c\u2028", -1):
            out, record = one.apply(sample(text), key=key, epoch=1)
            ordered = json.dumps(record.as_json(), sort_keys=True)
            for form in (record, record.to_json(), record.as_json(), ordered, json.loads(ordered)):
                again = policy(text).replay(sample(text), form)
                assert again == out if not out else same(again, out)


def test_a_changed_policy_of_a_record_whose_keys_were_sorted_is_refused() -> None:
    one = policy(POLICY)
    _, record = one.apply(sample(), key="k")
    data = json.loads(json.dumps(record.as_json(), sort_keys=True))
    data["policy"]["seed"] = 99
    with pytest.raises(RecordError, match="keys of the policy were sorted"):
        one.replay(sample(), data)
    with pytest.raises(RecordError, match="got one of"):
        policy(POLICY.replace("[-10, 10]", "[-10, 11]")).replay(sample(), record)


def test_settings_of_the_augmenter_are_in_the_record() -> None:
    text = (
        POLICY.replace("keep_original", "drop")
        .replace("[-10, 10]", "{from: severity, scale: 20}")
        .replace("[20, 30]", "{from: progress, scale: 20, offset: 10}")
    )
    one = load_policy(text, seed=4).with_severity(0.7).with_progress(0.25)
    out, record = one.apply(sample(), key="k")
    assert same(load_policy(text).replay(sample(), record.to_json()), out)
    with pytest.raises(RecordError, match="'degrees'"):
        one.replay(sample(), changed(put("draw.severity", 0.8), record.to_json()))


def test_numbers_that_another_mathematical_library_rounds_differently_are_the_same() -> None:
    data = json.loads(written())
    values = data["draw"]["steps"][0]["parameters"]["*"]
    values["degrees"] = math.nextafter(values["degrees"], 1.0)
    data["seal"] = seal_of(data)
    assert policy().replay(sample(), json.dumps(data))


@pytest.mark.parametrize("engine", [1, ENGINE_VERSION + 1])
def test_a_record_of_another_engine_replays_with_a_warning(engine: int) -> None:
    text = changed(put("engine", engine))
    with pytest.warns(RecordWarning, match=f"engine {engine}, this is engine {ENGINE_VERSION}"):
        again = policy().replay(sample(), text)
    assert same(again, policy().replay(sample(), written()))


def test_a_record_that_names_no_engine_is_of_the_first() -> None:
    data = json.loads(written())
    for name in ("engine", "machine", "seal"):
        del data[name]
    del data["draw"]["steps"][0]["parameters"]["*"]["world"]  # as before the transform had it
    data["fingerprint"] = "0123456789abcdef"  # of the plan as it was then
    with pytest.warns(RecordWarning, match="engine 1"):
        again = policy().replay(sample(), data)
    assert same(again, policy().replay(sample(), written()))
    data["draw"]["steps"][0]["parameters"]["*"]["degrees"] = 1.0
    with pytest.raises(RecordError, match="'degrees'"):
        policy().replay(sample(), data)


def test_real_records_of_the_first_engine_are_read_and_drawn_alike() -> None:
    lines = (Path(__file__).parent / "engine_1.jsonl").read_text(encoding="utf-8").split("\n")
    for text, line in zip((POLICY, POLICY, SHRINKING), lines, strict=False):
        with pytest.warns(RecordWarning, match="made by engine 1"):
            out = policy(text).replay(sample(text), line)
        record = Record.from_json(line)
        one = policy(text, record.sync)
        last = len(record.attempts) - 1
        drawn = one.draw(key=record.draw.key, epoch=record.draw.epoch, attempt=last)
        assert drawn.as_json() == record.draw.as_json()
        assert out.keys() == sample(text).keys()
        with pytest.raises(RecordError, match="draw|attempts"):
            policy(text).replay(sample(text), changed(put("draw.attempt", 5), line))


NEUTRAL = (
    SHRINKING.replace("min_area: 0.5", "min_area: 1")
    .replace("retry: 6, then: drop", "retry: 1, then: neutral")
    .replace("checks:", "  - {name: size, uses: resize, with: {width: 30, height: 20}}\nchecks:")
)


def test_an_original_in_the_size_of_others_replays() -> None:
    text = NEUTRAL
    out, record = policy(text).apply(sample(text), key="k")
    assert record.outcome == "neutral"
    assert out["image"].shape == (20, 30, 3)
    assert same(policy(text).replay(sample(text), record.to_json()), out)
    with pytest.raises(RecordError, match="outcome: expected accepted, or what on_fail"):
        policy(text).replay(sample(text), changed(put("outcome", "dropped"), record.to_json()))


def test_a_record_object_is_held_against_its_policy_too() -> None:
    record = Record.from_json(written())
    with pytest.raises(RecordError, match="seal"):
        policy().replay(sample(), replace(record, digest="0" * 32))
    drawn = replace(record.draw, variables={"level": 0.5})
    with pytest.raises(RecordError, match="variable 'level'"):
        policy().replay(sample(), replace(record, draw=drawn, seal=""))


def test_a_record_of_another_policy_is_refused_by_name() -> None:
    with pytest.raises(RecordError, match="expected a record of policy 'shrinking'"):
        policy(SHRINKING).replay(sample(SHRINKING), written())
