"""The JSON Schema accepts what the models accept, and rejects the usual mistakes."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncaug.errors import PolicyError
from syncaug.policy.model import parse
from syncaug.policy.schema import dump, policy_schema
from syncaug.policy.source import read

FOLDER = Path(__file__).parent
GOOD = sorted((FOLDER / "good").iterdir())
FORM_ONLY = {"SA207", "SA213", "SA214"}
"""What a JSON Schema cannot say: names used twice, and what depends on another place."""


@dataclass(frozen=True)
class Parameter:
    schema: Mapping[str, Any]
    description: str = "A parameter."
    default: Any = None
    required: bool = False
    form: str = "value"
    space: str = ""


@dataclass(frozen=True)
class Transform:
    parameters: Mapping[str, Parameter]
    summary: str = "A transform."
    stream_parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    parameters: Mapping[str, Parameter]
    summary: str = "An operation."
    refused: str = ""


@dataclass(frozen=True)
class Check:
    options: Mapping[str, Mapping[str, Any]]
    summary: str = "A check."


NUMBER = Parameter({"type": "number"})
SHARE = Parameter({"type": "number", "minimum": 0, "maximum": 1})
WORD = Parameter({"type": "string"})
RANGE = Parameter(
    {
        "anyOf": [
            {"type": "number"},
            {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        ]
    },
    form="range",
)
NAMES = Parameter({"type": "array", "items": {"type": "string"}})
SIZE = Parameter(
    {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2}
)

TRANSFORMS = {
    "camera_rotate": Transform({"axis": WORD, "degrees": NUMBER}),
    "crop": Transform({"area": SHARE, "ratio": NUMBER, "resize": SIZE, "points": WORD}),
    "cutmix": Transform({"share": SHARE, "caption": WORD, "speech": WORD, "label": WORD}),
    "drop_modality": Transform({"streams": NAMES, "at_most": Parameter({"type": "integer"})}),
    "flip": Transform(
        {
            "axis": Parameter({"type": "string", "enum": ["horizontal", "vertical"]}),
            "world": WORD,
            "plane": Parameter({"type": "string"}, space="plane"),
        }
    ),
    "light": Transform({"value": NUMBER, "contrast": NUMBER, "reflectivity": WORD}),
    "mask_time": Transform({"spans": NUMBER, "duration": NUMBER, "streams": NAMES}),
    "noise": Transform(
        {"snr_db": NUMBER, "severity": SHARE},
        stream_parameters={"image": {"enum": ["gaussian"]}, "text": {"enum": ["typos", "bias"]}},
        one_of=("snr_db", "severity"),
    ),
    "rotate": Transform(
        {
            "degrees": Parameter({"type": "number"}, required=True),
            "expand": Parameter({"type": "boolean"}, default=False),
        }
    ),
    "speed": Transform({"factor": NUMBER, "preserve_pitch": Parameter({"type": "boolean"})}),
    "trim": Transform({"duration": NUMBER, "unit": WORD}),
    "world_rotate": Transform({"axis": WORD, "degrees": NUMBER}),
    "world_scale": Transform({"factor": NUMBER}),
}
OPERATIONS = {
    "albumentations.HueSaturationValue": Operation(
        {f"{name}_shift_limit": RANGE for name in ("hue", "sat", "val")}
    ),
    "albumentations.GaussNoise": Operation({"std_range": RANGE}),
    "albumentations.Refused": Operation({}, refused="It crashes."),
    "audiomentations.AddGaussianSNR": Operation({"min_snr_db": NUMBER, "max_snr_db": NUMBER}),
    "open3d.random_down_sample": Operation(
        {"sampling_ratio": Parameter({"type": "number"}, required=True)}
    ),
    "syncaug.RecolourWords": Operation({"degrees": NUMBER}),
}
TOLERANCE: dict[str, Any] = {"tolerance": {"type": "number", "minimum": 0}}
CHECKS = {
    "boxes_visible": Check({"min_area": {"type": "number"}}),
    "colour_words": Check(TOLERANCE),
    "cues_in_range": Check({}),
    "mentions_visible": Check({"stream": {"type": "string", "modality": "text"}}),
    "reprojection": Check({"max_pixels": {"type": "number"}}),
    "same_duration": Check(TOLERANCE),
}
SCHEMA = policy_schema(TRANSFORMS, OPERATIONS, CHECKS)
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert json.loads(dump(SCHEMA)) == SCHEMA


def test_every_reference_has_a_definition() -> None:
    text = dump(SCHEMA)
    for name in {part.split('"')[0] for part in text.split('"#/definitions/')[1:]}:
        assert name in SCHEMA["definitions"], name


def test_every_key_is_described() -> None:
    for name, definition in SCHEMA["definitions"].items():
        for key, value in definition.get("properties", {}).items():
            assert "description" in value or "$ref" in value or name == "step", f"{name}.{key}"


def test_the_schema_is_the_same_each_time() -> None:
    assert dump(policy_schema(TRANSFORMS, OPERATIONS, CHECKS)) == dump(SCHEMA)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_a_good_policy_validates(path: Path) -> None:
    errors = [
        jsonschema.exceptions.best_match([error])
        for error in VALIDATOR.iter_errors(read(path).data)
    ]
    assert not errors, "\n".join(f"{list(e.absolute_path)}: {e.message}" for e in errors)


@pytest.mark.parametrize(
    "path", sorted((FOLDER / "bad").glob("*.yaml")), ids=lambda path: path.stem
)
def test_a_bad_policy_does_not(path: Path) -> None:
    try:
        document = read(path)
    except PolicyError:
        return
    _, problems = parse(document)
    if {problem.code for problem in problems} - FORM_ONLY:
        assert not VALIDATOR.is_valid(json.loads(json.dumps(document.data)))


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
        "uses: noise\n    with: {snr_db: 3, image: pink}",
        "uses: flip\n    colour: red",
        "uses: flip\n    p: 2",
        "apply: {image: {op: albumentations.Blurr}}",
        "apply: {image: {op: albumentations.Refused}}",
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
