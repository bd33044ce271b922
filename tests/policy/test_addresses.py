"""Every random number of a policy has an address of its own."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import yaml

from syncaug import PolicyError, PolicyWarning, load_policy
from syncaug.plan.addresses import addresses
from syncaug.plan.plan import Plan
from syncaug.randomness import Source, unit_interval

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(p for d in ("policies", "examples", "tests") for p in (ROOT / d).rglob("*.yaml"))


def plan_of(text: str) -> Plan:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        return load_policy(text).plan


def shipped() -> list[Path]:
    found = []
    for path in SHIPPED:
        if "invalid" in path.parts:
            continue
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError:
            continue
        if isinstance(data, dict) and "syncaug" in data:
            found.append(path)
    return found


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_no_shipped_policy_draws_twice_at_one_address(path: Path) -> None:
    try:
        plan = plan_of(str(path))
    except PolicyError:
        return
    found = [address for address, _ in addresses(plan)]
    assert len(found) == len(set(found))


COLLIDING = """syncaug: 1
sample: {draw: image}
steps:
  - name: s
    draw: {alpha: {uniform: [0.2, 0.8]}}
    apply:
      draw: [OPERATIONS]
"""
SHARPEN = "{op: albumentations.Sharpen, alpha: [0.2, 0.8], lightness: [0.5, 1.0]}"


@pytest.mark.parametrize("operations", [SHARPEN, f"{SHARPEN}, {SHARPEN}"])
def test_a_stream_called_draw_shares_no_number_with_a_variable(operations: str) -> None:
    policy = load_policy(COLLIDING.replace("OPERATIONS", operations))
    found = [address for address, _ in addresses(policy.plan)]
    assert len(found) == len(set(found))
    for key in range(50):
        step = policy.draw(key=key).steps[0]
        drawn = [step.variables["alpha"], *(own["alpha"] for own in step.parameters.values())]
        assert len(set(drawn)) == len(drawn)


def test_a_stream_called_draw_keeps_its_numbers_where_nothing_meets() -> None:
    text = COLLIDING.replace("OPERATIONS", SHARPEN)
    with_other = load_policy(text.replace("alpha: {", "other: {")).draw(key=3)
    without = load_policy(text.replace("    draw: {alpha: {uniform: [0.2, 0.8]}}\n", "")).draw(
        key=3
    )
    assert with_other.steps[0].parameters == without.steps[0].parameters
    unit = unit_interval(Source(0, 3, 0).digest(b"s.draw.alpha"))
    assert without.steps[0].parameters["draw"]["alpha"] == pytest.approx(0.2 + 0.6 * unit)


@pytest.mark.parametrize(
    "stream", ["p", "choice", "jitter", "count", "draw.alpha", "s", "@", "a@b"]
)
@pytest.mark.parametrize("sync", ["strict", "independent"])
def test_other_names_lead_to_addresses_of_their_own(stream: str, sync: str) -> None:
    text = f"""syncaug: 1
sample: {{"{stream}": {{modality: image, plane: one}}, other: {{modality: image, plane: two}}}}
draw: {{p: {{uniform: [0, 1]}}, s: {{uniform: [0, 1]}}}}
steps:
  - name: s
    p: 0.5
    sync: {sync}
    draw: {{alpha: {{uniform: [0.2, 0.8]}}, p: {{uniform: [0, 1]}}}}
    apply:
      "{stream}": {SHARPEN}
      other: {SHARPEN}
  - {{name: draw, sync: {sync}, uses: rotate, p: 0.5, with: {{degrees: [0, 5]}}}}
"""
    plan = plan_of(text)
    found = [address for address, _ in addresses(plan)]
    assert len(found) == len(set(found))


def test_names_that_lead_into_each_other_are_a_problem() -> None:
    text = f"""syncaug: 1
sample:
  x: {{modality: image, plane: a}}
  "x.alpha@y": {{modality: image, plane: b}}
  "y": {{modality: image, plane: c}}
  "x.alpha@x": {{modality: image, plane: d}}
steps:
  - name: s
    sync: independent
    apply:
      x: {SHARPEN}
      "x.alpha@x": {SHARPEN}
      "x.alpha@y": {SHARPEN}
      "y": {SHARPEN}
"""
    with pytest.raises(PolicyError) as caught:
        plan_of(text)
    assert [problem.code for problem in caught.value.problems] == ["SA410"]


def test_the_name_of_what_all_streams_share_names_no_stream() -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy('syncaug: 1\nsample: {"*": image}\nsteps: []\n')
    assert [problem.code for problem in caught.value.problems] == ["SA206"]
