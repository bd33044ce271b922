"""on_fail: {shrink: FACTOR}: the first draw again, ever weaker, until the checks pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from syncaug import AlignmentError, load_policy
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.cli.explain import command
from syncaug.loading import check_policy
from syncaug.record import Record
from syncaug.report.telling import outcome_of

SAMPLE = "syncaug: 1\nsample: {image: image, boxes: boxes, caption: {modality: text}}\n"
SHIFT = (
    SAMPLE + "steps:\n"
    "  - {name: mirror, uses: flip, p: 0.5}\n"
    "  - {name: shift, uses: translate, with: {x: [0.6, 0.9], y: 0.1}}\n"
    "checks: [boxes_visible: {min_area: 0.9}]\n"
    "on_fail: {shrink: 0.5, retry: 5, then: error}\n"
)


def sample() -> dict[str, Any]:
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    return {"image": image, "boxes": [[30.0, 20.0, 50.0, 40.0]], "caption": "a cat on the left"}


def test_the_strength_falls_until_the_check_passes() -> None:
    policy = load_policy(SHIFT)
    out, record = policy.apply(sample(), key=1)
    strengths = [attempt.strength for attempt in record.attempts]
    assert strengths == [0.5**n for n in range(len(strengths))]
    assert len(strengths) > 1
    assert all(attempt.failed for attempt in record.attempts[:-1])
    shares = [attempt.measures["boxes_visible"] for attempt in record.attempts]
    assert shares == sorted(shares)
    assert record.draw.strength == strengths[-1]
    first = policy.draw(key=1)
    assert first.strength == 1.0
    for full, weak in zip(first.steps, record.draw.steps, strict=True):
        assert full.applied == weak.applied, "gates stay"
    full_x, weak_x = (d.steps[1].parameters["*"]["x"] for d in (first, record.draw))
    assert weak_x == full_x * strengths[-1]
    assert record.draw.as_json() == policy.draw(key=1, attempt=len(strengths) - 1).as_json()
    # The box lies in the middle of the picture, so that a mirror leaves it there.
    assert out["boxes"][0][0] == pytest.approx(30.0 + 80 * weak_x, abs=1e-6)


def test_a_shrunken_record_replays_bit_for_bit() -> None:
    policy = load_policy(SHIFT.replace("x: [0.6, 0.9]", "x: [0.61, 0.93]"))
    out, record = policy.apply(sample(), key=3)
    again = policy.replay(sample(), record.to_json())
    assert np.array_equal(out["image"], again["image"])
    assert out["boxes"] == again["boxes"]
    read = Record.from_json(record.to_json())
    assert read.draw.strength == record.draw.strength < 1.0
    assert [a.strength for a in read.attempts] == [a.strength for a in record.attempts]
    assert json.loads(record.to_json())["checks"] == {"boxes_visible": {"min_area": 0.9}}


def test_a_refused_turn_shrinks_until_words_can_stay() -> None:
    policy = load_policy(
        SAMPLE + "steps: [{name: turn, uses: rotate, with: {degrees: 60}}]\n"
        "on_fail: {shrink: 0.5, retry: 3, then: error}\n"
    )
    _, record = policy.apply(sample(), key=1)
    assert [a.strength for a in record.attempts] == [1.0, 0.5, 0.25]
    assert record.draw.steps[0].parameters["*"]["degrees"] == 15.0
    assert record.attempts[0].failed[0].startswith("refused: ")
    assert outcome_of(record) == "accepted at 25.0% of its strength, attempt 3"


def test_exhaustion_is_not_silent() -> None:
    policy = load_policy(SHIFT.replace("retry: 5", "retry: 1"))
    with pytest.raises(AlignmentError, match="attempt 1: boxes_visible"):
        policy(sample(), key=1)


@pytest.mark.parametrize(
    ("step", "name", "full", "half"),
    [
        ("scale, with: {factor: 4}", "factor", 4.0, 2.0),
        ("rotate, with: {degrees: -30}", "degrees", -30.0, -15.0),
        ("crop, with: {area: 0.5}", "area", 0.5, 0.75),
        ("light, with: {gamma: 0.25}", "gamma", 0.25, 0.5),
        ("colour, with: {hue: 90}", "hue", 90.0, 45.0),
        ("noise, with: {snr_db: 20}", "snr_db", 20.0, 26.0206),
        ("noise, with: {severity: 0.8}", "severity", 0.8, 0.4),
    ],
)
def test_each_scale_meets_its_neutral_value(step: str, name: str, full: float, half: float) -> None:
    policy = load_policy(
        SAMPLE + f"steps: [{{name: a, uses: {step}}}]\non_fail: {{shrink: 0.5, retry: 2}}\n"
    )
    values = [policy.draw(key=1, attempt=n).steps[0].parameters["*"][name] for n in (0, 1, 60)]
    assert values[:2] == pytest.approx([full, half], abs=1e-4)
    neutral = transform(step.split(",")[0]).parameters[name].neutral
    assert values[2] == pytest.approx(neutral, abs=1e-9)


@pytest.mark.parametrize("name", transform_names())
def test_neutral_values_are_in_the_domain(name: str) -> None:
    for parameter in transform(name).parameters.values():
        assert parameter.scale in ("linear", "log", "decibel")
        if parameter.neutral is None:
            continue
        schema = parameter.schema
        assert schema["type"] in ("number", "integer")
        assert schema.get("minimum", -np.inf) <= parameter.neutral
        assert parameter.neutral <= schema.get("maximum", np.inf)
        if parameter.scale == "log":
            assert schema.get("minimum", schema.get("exclusiveMinimum", -1)) >= 0


@pytest.mark.parametrize(
    ("steps", "on_fail", "message"),
    [
        ("{name: a, uses: flip}", "{shrink: 0.5, retry: 2}", "no parameter of these steps"),
        ("{name: a, uses: rotate, with: {degrees: 9}}", "{shrink: 0.5}", "without retry"),
    ],
)
def test_a_lint_tells_when_nothing_can_shrink(steps: str, on_fail: str, message: str) -> None:
    plan, problems, _ = check_policy(SAMPLE + f"steps: [{steps}]\non_fail: {on_fail}\n")
    assert plan is not None
    assert [p.code for p in problems] == ["SA603"]
    assert problems[0].message.startswith(message)


def test_explain_tells_of_it(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(SHIFT)
    told = CliRunner().invoke(command, [str(path)]).output
    assert "up to 5 times the same draw, each time at 0.5 of its strength" in told


def test_without_shrink_nothing_changes() -> None:
    fresh = load_policy(SHIFT.replace("shrink: 0.5, ", ""))
    shrunk = load_policy(SHIFT)
    assert fresh.draw(key=1).as_json() == shrunk.draw(key=1).as_json()
    assert fresh.draw(key=1, attempt=1).as_json() != shrunk.draw(key=1, attempt=1).as_json()


def test_jitter_never_reaches_an_excluded_bound() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, mask: mask}\nsteps:\n"
        "  - name: zoom\n    uses: scale\n    with: {factor: 0.01}\n"
        "    sync: {jitter: {mask.factor: 0.5}}\n"
    )
    factors = [policy.draw(key=k).steps[0].parameters["mask"]["factor"] for k in range(50)]
    assert min(factors) > 0.0
    assert min(factors) < 0.01
