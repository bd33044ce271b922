"""What the compiler finds doubtful reaches whoever loads the policy, once."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import ArgumentError, Augmenter, PolicyError, PolicyWarning, Record, load_policy

TILTED = """syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-40, 40]}}
"""
UNSHRUNK = """syncaug: 1
sample: {image: image}
steps: [{name: f, uses: flip}]
on_fail: {shrink: 0.5}
"""
LOOSE = """syncaug: 1
sample:
  image: image
  camera: camera
  imu: {modality: imu, rate: 100, columns: [gx, gy, gz, ax, ay, az]}
steps: [{name: f, uses: flip}]
"""
DOUBTFUL = {"SA602": TILTED, "SA603": UNSHRUNK, "SA605": LOOSE}


def quietly(source: Any, **settings: Any) -> Augmenter:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        return load_policy(source, **settings)


@pytest.mark.parametrize("code", DOUBTFUL)
def test_each_doubt_is_a_python_warning_with_its_place(code: str) -> None:
    with pytest.warns(PolicyWarning) as said:
        policy = load_policy(DOUBTFUL[code])
    (warning,) = said
    problem = warning.message.problem  # type: ignore[union-attr]
    assert problem.code == code
    assert problem.severity == "warning"
    assert policy.warnings == (problem,)
    assert code in str(warning.message)
    assert f":{problem.position.line}:{problem.position.column}:" in str(warning.message)


def test_the_warning_names_the_line_that_loaded() -> None:
    with pytest.warns(PolicyWarning) as said:
        load_policy(TILTED)
    assert Path(said[0].filename) == Path(__file__)


def test_a_warning_is_handed_between_processes() -> None:
    with pytest.warns(PolicyWarning) as said:
        load_policy(TILTED)
    warning = said[0].message
    again = pickle.loads(pickle.dumps(warning))
    assert again.problem == warning.problem  # type: ignore[union-attr]


@pytest.mark.parametrize("code", DOUBTFUL)
def test_strict_makes_problems_of_them(code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(DOUBTFUL[code], strict=True)
    (problem,) = caught.value.problems
    assert (problem.code, problem.severity) == (code, "error")


def test_strict_lets_a_policy_without_doubts_pass() -> None:
    plain = load_policy("syncaug: 1\nsample: {image: image}\nsteps: []\n", strict=True)
    assert plain.warnings == ()


def test_every_way_to_another_augmenter_keeps_them() -> None:
    policy = quietly(TILTED)
    others = [
        policy.with_seed(3),
        policy.with_severity(0.1),
        policy.with_progress(0.9),
        policy.with_sync("independent"),
        pickle.loads(pickle.dumps(policy)),
    ]
    assert all(other.warnings == policy.warnings for other in others)
    assert len(policy.warnings) == 1


def test_what_was_loaded_before_warns_no_more() -> None:
    policy = quietly(TILTED)
    sample = {"image": np.zeros((8, 8, 3), np.uint8), "caption": "a cat"}
    _, record = policy.apply(sample, key="a")
    read = Record.from_json(record.to_json())
    for data in (policy.policy, record.policy, read.policy):  # an error here if one warned
        assert len(load_policy(data).warnings) == 1
    with pytest.warns(PolicyWarning):
        load_policy(dict(policy.policy))


@pytest.mark.parametrize("seed", ["7", 7.0, True, [7], 1j])
def test_a_seed_that_is_no_integer_is_an_argument_error(seed: Any) -> None:
    plain = "syncaug: 1\nsample: {image: image}\nsteps: []\n"
    with pytest.raises(ArgumentError, match="seed: expected an integer"):
        load_policy(plain, seed=seed)
    with pytest.raises(ArgumentError, match="seed: expected an integer"):
        load_policy(plain).with_seed(seed)


def test_integers_of_numpy_draw_as_pythons() -> None:
    text = "syncaug: 1\nsample: {image: image}\ndraw: {v: {uniform: [0, 1]}}\nsteps: []\n"
    same = [load_policy(text, seed=s).draw(key=1).variables for s in (7, np.int64(7), np.uint8(7))]
    assert same[0] == same[1] == same[2]


@pytest.mark.parametrize("encoders", [["clip"], "clip", {"clip": 3}, {3: print}])
def test_encoders_that_are_no_callables_by_name_are_a_type_error(encoders: Any) -> None:
    with pytest.raises(TypeError, match="encoders: expected"):
        load_policy("syncaug: 1\nsample: {image: image}\nsteps: []\n", encoders=encoders)


@pytest.mark.parametrize("source", [None, 3, 2.5, [], object(), {1, 2}])
def test_what_is_no_policy_is_a_problem(source: Any) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(source)
    assert caught.value.problems[0].code == "SA101"
