"""Configs of OmegaConf and Hydra are policies, as their own packages make them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import MISSING, DictConfig, OmegaConf

from syncaug import PolicyError, load_policy
from syncaug.policy.source import read
from syncaug.problem import Problem
from tests.policies.corpus import VALID

TRAIN = """\
defaults:
  - policy: photos
  - _self_
seed: 7
tilt: 5
"""
PHOTOS = """\
syncaug: 1
seed: ${seed}
sample: {image: image, mask: mask}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - name: turn
    uses: rotate
    with: {degrees: [-3, "${tilt}"]}
fuse: off
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "policy").mkdir()
    (tmp_path / "train.yaml").write_text(TRAIN)
    (tmp_path / "policy" / "photos.yaml").write_text(PHOTOS)
    still_open = PHOTOS.replace("p: 0.5", 'p: "???"').replace("name: turn", "name: ???")
    (tmp_path / "policy" / "open.yaml").write_text(still_open)
    with initialize_config_dir(config_dir=str(tmp_path), version_base=None):
        yield tmp_path
    GlobalHydra.instance().clear()


def problems_of(source: Any) -> list[Problem]:
    with pytest.raises(PolicyError) as caught:
        load_policy(source)
    return list(caught.value.problems)


def test_a_composed_config_is_a_policy(folder: Path) -> None:
    config = compose("train")
    assert OmegaConf.is_struct(config)
    policy = load_policy(config.policy)
    assert policy.plan.seed == 7
    plain = PHOTOS.replace("${seed}", "7").replace('"${tilt}"', "5")
    assert policy.plan.fingerprint == load_policy(plain).plan.fingerprint
    assert load_policy(compose("train", overrides=["seed=9"]).policy).plan.seed == 9
    assert "turn" in {step.name for step in policy.plan.walk()}


def test_an_override_reaches_a_step(folder: Path) -> None:
    config = compose("train", overrides=["policy.steps.0.p=0.25", "tilt=8"])
    steps = read(config.policy).data["steps"]
    assert steps[0]["p"] == 0.25
    assert steps[1]["with"] == {"degrees": [-3, 8]}


def test_all_missing_values_are_told_at_once(folder: Path) -> None:
    problems = problems_of(compose("train", overrides=["policy=open"]).policy)
    assert [(p.code, str(p.position)) for p in problems] == [
        ("SA202", "<policy>:policy.steps[0].p"),
        ("SA202", "<policy>:policy.steps[1].name"),
    ]
    assert all("override" in problem.hint for problem in problems)
    filled = ["policy=open", "policy.steps.0.p=1", "policy.steps.1.name=turn"]
    load_policy(compose("train", overrides=filled).policy)


def test_an_interpolation_that_leads_nowhere_is_named() -> None:
    config = OmegaConf.create({"syncaug": 1, "seed": "${oops}", "sample": {"image": "image"}})
    (problem,) = problems_of(config)
    assert (problem.code, str(problem.position)) == ("SA101", "<policy>:seed")
    assert problem.message == "the config cannot be resolved: Interpolation key 'oops' not found"


def test_mistakes_in_a_config_name_their_place(folder: Path) -> None:
    (problem,) = problems_of(compose("train", overrides=["+policy.steps.0.prob=0.5"]).policy)
    assert (problem.code, str(problem.position)) == ("SA201", "<policy>:steps[0].prob")


def test_a_whole_config_is_told_where_its_policy_stands(folder: Path) -> None:
    (problem,) = problems_of(compose("train"))
    assert (problem.message, problem.hint) == (
        "the policy is a part of this, under 'policy'",
        "load_policy(config['policy'])",
    )


def test_a_text_of_the_environment_is_told_to_be_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCAUG_SEED", "7")
    text = "syncaug: 1\nsample: {image: image}\nsteps: []\nseed: ${oc.env:SYNCAUG_SEED}\n"
    decoded = "${oc.decode:${oc.env:SYNCAUG_SEED}}"
    (problem,) = problems_of(OmegaConf.create(text))
    assert "${oc.decode:${oc.env:NAME}}" in problem.hint
    load_policy(OmegaConf.create(text.replace("${oc.env:SYNCAUG_SEED}", decoded)))


def test_parts_of_a_config_stand_in_a_mapping() -> None:
    config = OmegaConf.create({"steps": [{"name": "a", "uses": "flip"}], "p": 0.5})
    data = {"syncaug": 1, "sample": {"image": "image"}, "steps": config.steps}
    assert read(data).data["steps"] == [{"name": "a", "uses": "flip"}]
    config.steps[0].p = "???"
    (problem,) = problems_of(data)
    assert str(problem.position) == "<policy>:steps[0].p"


class Axis(Enum):
    horizontal = 1
    vertical = 2


@dataclass
class Step:
    name: str = MISSING
    uses: str = "flip"


@dataclass
class Structured:
    syncaug: int = 1
    sample: dict[str, str] = field(default_factory=lambda: {"image": "image"})
    steps: list[Step] = field(default_factory=lambda: [Step("mirror")])
    axis: Axis = Axis.vertical


def test_a_structured_config_is_data() -> None:
    config = OmegaConf.structured(Structured)
    data = read(config).data
    assert data["steps"] == [{"name": "mirror", "uses": "flip"}]
    assert data["axis"] == "vertical"
    with pytest.raises(PolicyError, match="'name' has no value|steps\\[0\\].name"):
        read(OmegaConf.structured(Structured(steps=[Step()])))


def test_what_is_no_mapping_is_refused() -> None:
    assert problems_of(OmegaConf.create([1]))[0].code == "SA111"
    assert problems_of(DictConfig(None))[0].code == "SA111"


@pytest.mark.parametrize("path", VALID[::7], ids=lambda path: path.stem)
def test_a_policy_is_the_same_by_way_of_a_config(path: Path) -> None:
    data = read(path).data
    assert read(OmegaConf.create(data)).data == data
