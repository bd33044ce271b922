"""Which streams live where, and which of a step's maps meet them."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncaug.catalogue.map_kinds import SPACES
from syncaug.loading import check_policy
from syncaug.plan.plan import Plan

POLICIES = sorted((Path(__file__).parents[2] / "policies").rglob("*.yaml"))

POLICY = """
syncaug: 1
sample:
  front: {modality: image, plane: front}
  rear: {modality: image, plane: rear}
  marks: {modality: boxes, plane: front}
  said: {modality: text, describes: nothing}
  sound: {modality: audio, sample_rate: 16000, spatial: false}
steps:
  - {name: turn, uses: rotate, with: {degrees: 5}}
  - {name: hue, uses: colour, with: {hue: 40}}
  - {name: rough, uses: noise, with: {severity: 0.5}}
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    found, problems, _ = check_policy(POLICY)
    assert found is not None, problems
    return found


def test_streams_are_found_by_space_and_modality_in_order(plan: Plan) -> None:
    assert [s.name for s in plan.living("plane", "front")] == ["front", "marks"]
    assert [s.name for s in plan.living("plane", "front", "boxes")] == ["marks"]
    assert plan.living("world", "world") == ()
    assert plan.spaces("plane") == ("front", "rear")
    assert plan.spaces("plane", ["marks", "rear", "front"]) == ("front", "rear")
    assert plan.spaces("clock") == ("clock",)


def test_each_stream_is_indexed_in_all_of_its_spaces(plan: Plan) -> None:
    for kind in SPACES:
        for space in plan.spaces(kind):
            assert {s.name for s in plan.living(kind, space)} == {
                s.name for s in plan.streams if s.spaces.get(kind) == space
            }


def test_targets_name_a_space_a_stream_or_nothing(plan: Plan) -> None:
    turn, hue, rough = (plan.targets(step) for step in plan.steps)
    assert turn == {("plane", "front"): ("front", "marks"), ("plane", "rear"): ("rear",)}
    assert hue[("tone", "")] == ("front", "rear")
    assert hue[("tone", "rear")] == ("rear",)
    assert rough[("noise", "sound")] == ("sound",)
    assert plan.targets(plan.steps[0], ["rear"]) == {("plane", "rear"): ("rear",)}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_stream_that_a_step_reaches_is_a_target_of_each_of_its_kinds(path: Path) -> None:
    plan, problems, _ = check_policy(path)
    assert plan is not None, problems
    for step in plan.walk():
        if step.kind != "transform":
            continue
        found = {(name, kind) for (kind, _), names in plan.targets(step).items() for name in names}
        assert found == {(name, kind) for name, kinds in step.streams.items() for kind in kinds}
