"""The JSON Schema accepts what the models accept, and rejects the usual mistakes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncaug.policy.model import parse
from syncaug.policy.schema import dump
from syncaug.policy.source import read
from tests.policy.test_schema_file import current

FORMS = Path(__file__).parents[1] / "policies" / "valid" / "forms"
GOOD = [FORMS / "every_form.yaml", FORMS / "every_stream.yaml", FORMS / "policy.json"]
FORM_ONLY = {"SA207", "SA213", "SA214"}
"""What a JSON Schema cannot say: names used twice, and what depends on another place."""


SCHEMA = current()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert json.loads(dump(SCHEMA)) == SCHEMA


def test_every_reference_has_a_definition() -> None:
    text = dump(SCHEMA)
    for name in {part.split('"')[0] for part in text.split('"#/definitions/')[1:]}:
        assert name in SCHEMA["definitions"], name


def test_every_key_is_described() -> None:
    ours = {name: d for name, d in SCHEMA["definitions"].items() if "." not in name}
    for name, definition in ours.items():
        for key, value in definition.get("properties", {}).items():
            assert "description" in value or "$ref" in value or name == "step", f"{name}.{key}"


def test_the_schema_is_the_same_each_time() -> None:
    assert dump(current()) == dump(SCHEMA)


SAMPLE = (
    "syncaug: 1\nsample: {image: image, caption: text}\ndraw: {hue: {uniform: [0, 1]}}\nsteps:\n"
)


@pytest.mark.parametrize(
    "step",
    [
        "uses: flop",
        "uses: flip\n    with: {axis: diagonal}",
        "uses: flip\n    with: {axes: vertical}",
        "uses: flip\n    with: {plane: {from: hue}}",
        "uses: rotate",
        "uses: rotate\n    with: {degrees: steep}",
        "uses: rotate\n    with: {degrees: [1, 2, 3]}",
        "uses: rotate\n    with: {degrees: {unifrom: [1, 2]}}",
        "uses: rotate\n    with: {degrees: {from: hue, scael: 2}}",
        "uses: crop\n    with: {area: 2}",
        "uses: crop\n    with: {area: [0.5, 2]}",
        "uses: noise\n    with: {image: gaussian}",
        "uses: noise\n    with: {snr_db: 3, severity: 0.5}",
        "uses: noise\n    with: {snr_db: 3, image: purple}",
        "uses: flip\n    colour: red",
        "uses: flip\n    p: 2",
        "apply: {image: {op: albumentations.Blurr}}",
        "apply: {image: {op: albumentations.Normalize}}",
        "apply: {image: {op: albumentations.GaussNoise, std: 3}}",
        "apply: {image: {op: open3d.random_down_sample}}",
        "apply: {image: folow}",
        "one_of: [{uses: flip}]",
    ],
)
def test_a_mistake_in_a_step_is_rejected(step: str) -> None:
    assert not VALIDATOR.is_valid(read(f"{SAMPLE}  - name: a\n    {step}\n").data)


@pytest.mark.parametrize(
    "step",
    [
        "uses: flip\n    with: {axis: {choice: [horizontal, vertical]}}",
        "uses: rotate\n    with: {degrees: {expr: 2 * hue}, expand: {bernoulli: 0.5}}",
        "uses: noise\n    with: {severity: {from: severity}, image: gaussian, caption: typos}",
        "apply:\n      image: {op: open3d.random_down_sample, sampling_ratio: [0.5, 1]}",
    ],
)
def test_a_step_may_vary(step: str) -> None:
    assert VALIDATOR.is_valid(read(f"{SAMPLE}  - name: a\n    {step}\n").data)


SPOILED = st.sampled_from(
    [None, True, -1, 0, 2.5, "", "word", "two words", [], ["a"], {}, {"a": 1}]
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_the_models_reject_the_schema_rejects(data: st.DataObject) -> None:
    policy: Any = copy.deepcopy(read(data.draw(st.sampled_from(GOOD))).data)
    node: Any = policy
    while True:
        key = data.draw(
            st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node)))
        )
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    if isinstance(node, dict) and data.draw(st.booleans()):
        node[str(key) + "x"] = node.pop(key)
    else:
        node[key] = data.draw(SPOILED)
    _, problems = parse(read(policy))
    if {problem.code for problem in problems} - FORM_ONLY:
        assert not VALIDATOR.is_valid(policy), [str(problem) for problem in problems]
