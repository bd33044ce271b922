"""What other libraries call things is answered with how a policy says it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from syncaug.catalogue.checks import check_spec, checks
from syncaug.catalogue.quantities import MEANINGS
from syncaug.catalogue.reader import names, operation
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.errors import PolicyError
from syncaug.loading import check_policy
from syncaug.policy.choices import Several
from syncaug.policy.conditions import ContentTest, VariableTest
from syncaug.policy.distributions import BetaTable, ChoiceTable, NormalTable
from syncaug.policy.draws import DISTRIBUTIONS
from syncaug.policy.link_kinds import ExpressionLink, Link
from syncaug.policy.model import OnFail, Policy
from syncaug.policy.operations import Operation
from syncaug.policy.other_names import meant
from syncaug.policy.robot_columns import ActionColumn
from syncaug.policy.steps import STEPS, Step
from syncaug.policy.streams import STREAMS
from syncaug.problem import Problem
from syncaug.words import LANGUAGES

TABLES: Mapping[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "syncaug/policy/other_names.yaml").read_text(encoding="utf-8")
)
PARAMETERS = sorted({p for name in transform_names() for p in transform(name).parameters})


def problems(text: str) -> list[Problem]:
    try:
        return check_policy(text, extras="warning")[1]
    except PolicyError as error:
        return list(error.problems)


@cache
def known(section: str) -> set[str]:
    part, _, inner = section.partition("/")
    if part == "keys":
        models: Mapping[str, list[Any]] = {
            "the policy": [Policy],
            "a step": [Step, *STEPS.values()],
            "on_fail": [OnFail],
            "a link": [Link, ExpressionLink],
            "a stream": list(STREAMS.values()),
            "an operation": [Operation],
            "normal": [NormalTable],
            "beta": [BetaTable],
            "choice": [ChoiceTable],
            "some_of": [Several],
            "a condition": [VariableTest, ContentTest],
            "a column": [ActionColumn],
            "*": list(STREAMS.values()),
        }
        return {key for model in models[inner] for key in model.keys()}  # noqa: SIM118
    if part == "words":
        return set(_words(inner))
    if part == "options":
        return {
            key for name in checks() if inner in ("*", name) for key in check_spec(name).options
        }
    tables: Mapping[str, Any] = {
        "modalities": STREAMS,
        "transforms": transform_names(),
        "parameters": PARAMETERS,
        "operations": {p for name in names() for p in operation(name).parameters},
        "distributions": DISTRIBUTIONS,
        "checks": checks(),
        "quantities": MEANINGS,
        "languages": LANGUAGES,
    }
    return set(tables[part])


def _words(key: str) -> Iterator[str]:
    """The words that the language allows at a key, from the published schema."""
    file = Path(__file__).parents[2] / "schemas/policy.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    stack: list[Any] = [schema]
    while stack:
        part = stack.pop()
        if isinstance(part, Mapping):
            for name, inner in part.get("properties", {}).items():
                if name == key:
                    yield from _enums(inner)
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    for name in transform_names():
        if key in transform(name).parameters:
            yield from _enums(transform(name).parameters[key].schema)
        if key == "*":  # what a step does to a stream
            yield from _enums(transform(name).stream_parameters)


def _enums(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from (word for word in schema.get("enum", ()) if isinstance(word, str))
        for inner in schema.values():
            yield from _enums(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _enums(inner)


OF_SEVERAL = ("words", "parameters", "options", "operations")
"""Tables whose words may be names of ours in some places, and of others elsewhere."""
NESTED = ("keys", "words", "parameters", "options")
SECTIONS = [
    *(f"{part}/{inner}" for part in NESTED for inner in TABLES[part]),
    *(part for part in TABLES if part not in NESTED),
]
ENTRIES = [
    pytest.param(section, word, entry, id=f"{section}: {word}")
    for section in SECTIONS
    for word, entry in (
        TABLES[section.partition("/")[0]][section.partition("/")[2]]
        if "/" in section
        else TABLES[section]
    ).items()
]


@pytest.mark.parametrize(("section", "word", "entry"), ENTRIES)
def test_every_entry_names_what_there_is(section: str, word: str, entry: Any) -> None:
    found = meant(section, word, known(section))
    assert found.hint
    for each in entry if isinstance(entry, list) else [entry]:
        assert not isinstance(each, Mapping) or each.get("among", "x") in (*known(section), "x")
        names = each.get("is", ()) if isinstance(each, Mapping) else each
        for name in [names] if isinstance(names, str) else names:
            assert name in known(section)
    assert word == "".join(letter for letter in word if letter.isalnum()).lower()
    elsewhere = section.startswith("keys/a stream")  # a key of another kind of stream
    if section.partition("/")[0] not in OF_SEVERAL and not elsewhere:
        assert word not in known(section), "a word of ours needs no entry"


def test_there_are_hundreds() -> None:
    assert len(ENTRIES) > 500


USES = [(word, entry) for word, entry in TABLES["transforms"].items()]


@pytest.mark.parametrize(("word", "entry"), USES, ids=[word for word, _ in USES])
def test_a_transform_of_another_library(word: str, entry: Any) -> None:
    (problem, *_) = problems(
        f"syncaug: 1\nsample: {{image: image}}\nsteps: [{{name: a, uses: {word}}}]\n"
    )
    assert problem.code == "SA302"
    says = entry.get("says", "") if isinstance(entry, Mapping) else f"did you mean {entry!r}?"
    assert problem.hint == says or problem.hint == f"did you mean {entry['is']!r}?"


@pytest.mark.parametrize(
    "written", ["HorizontalFlip", "A.HorizontalFlip", "albumentations.HorizontalFlip", "hflip",
                "random_horizontal_flip", "K.RandomHorizontalFlip", "T.RandomHorizontalFlip",
                "torchvision.transforms.v2.RandomHorizontalFlip"],
)  # fmt: skip
def test_libraries_capitals_and_lines_do_not_count(written: str) -> None:
    (problem,) = problems(
        f"syncaug: 1\nsample: {{image: image}}\nsteps: [{{name: a, uses: {written}}}]\n"
    )
    assert problem.hint.startswith("write uses: flip, with: {axis: horizontal}")


def test_an_operation_under_uses_and_a_transform_under_op() -> None:
    (used,) = problems(
        "syncaug: 1\nsample: {image: image}\nsteps: [{name: a, uses: GaussianBlur}]\n"
    )
    assert used.hint == "write apply: {IMAGE_STREAM: {op: albumentations.GaussianBlur}}"
    (called,) = problems(
        "syncaug: 1\nsample: {image: image}\nsteps: [{name: a, apply: {image: {op: hflip}}}]\n"
    )
    assert called.hint == "flip is a transform: write a step uses: flip"


def test_an_unknown_parameter_lists_the_others_with_their_units() -> None:
    (problem,) = problems(
        "syncaug: 1\nsample: {image: image}\n"
        "steps: [{name: a, uses: light, with: {brightness: 0.2}}]\n"
    )
    assert problem.code == "SA307"
    assert problem.hint == "did you mean 'value'?"
    assert "value (a relative change from -1 up to 4)" in problem.expected
    assert "gamma (an exponent from 0.05 up to 20)" in problem.expected


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ("flip", "write {name: flip, uses: flip}"),
        ("HorizontalFlip", "write {name: HorizontalFlip, uses: flip}"),
        ("{flip: {p: 0.5}}", "write {name: flip, uses: flip, p: 0.5}"),
        (
            "{Rotate: {limit: 10, p: 0.5}}",
            "write {name: Rotate, uses: rotate, p: 0.5, with: {limit: 10}}",
        ),
        ("{name: a, uses: rotate, degrees: 5}", "write with: {degrees: ...}"),
        ("{name: a, apply: {image: albumentations.Blur}}", "write {op: albumentations.Blur}"),
    ],
)
def test_the_line_that_was_meant(step: str, line: str) -> None:
    found = problems(f"syncaug: 1\nsample: {{image: image}}\nsteps: [{step}]\n")
    assert line in [problem.hint for problem in found]


def test_on_fail_as_a_word() -> None:
    (problem,) = problems(
        "syncaug: 1\nsample: {image: image}\nsteps: [{name: a, uses: flip}]\non_fail: skip\n"
    )
    assert problem.hint == "write on_fail: {retry: 5, then: drop}"


def hints(sample: str, rest: str) -> list[tuple[str, str]]:
    found = problems(f"syncaug: 1\nsample: {{{sample}}}\n{rest}\n")
    return [(problem.code, problem.hint) for problem in found]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("MixUp", "did you mean 'mixup'?"),
        ("Resize", "did you mean 'resize'?"),
        ("RandFlipd", "did you mean 'flip'?"),
        ("RandAffined", "write steps of rotate, translate and scale"),
        ("K.RandomMotionBlur", "write apply: {IMAGE_STREAM: {op: albumentations.MotionBlur}}"),
    ],
)
def test_capitals_random_and_d_do_not_count(word: str, hint: str) -> None:
    (first, *_) = hints("image: image", f"steps: [{{name: a, uses: {word}}}]")
    assert first[0] == "SA302"
    assert first[1].startswith(hint)


def test_a_wrong_name_is_one_problem() -> None:
    (only,) = hints("a: {modality: audio}", "steps: [{name: a, uses: TimeStretch}]")
    assert only[0] == "SA302"
    both = hints("a: {modality: audio}", "steps: [{name: a, uses: Tempoo}]")
    assert [code for code, _ in both] == ["SA302"]


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        ("uses: rotate, with: {min_angle: -5, max_angle: 5}", "write degrees: [low, high]"),
        ("uses: rotate, with: {degrees_range: [-5, 5]}", "did you mean 'degrees'?"),
        ("uses: noise, with: {min_snr_in_db: 5, max_snr_in_db: 30}", "write snr_db: [low, high]"),
        ("uses: noise, with: {std: 0.1}", "did you mean 'severity'?"),
        ("uses: noise, with: {image: gauss, severity: 0.1}", "did you mean 'gaussian'?"),
        ("uses: noise, with: {a: gaussian, severity: 0.1}", "did you mean 'white'?"),
        ("uses: flip, with: {axis: x}", "did you mean 'horizontal'?"),
        ("uses: flip, with: {axis: y}", "did you mean 'vertical'? It trades top and bottom; hori"),
        ("uses: flip, with: {axis: z}", "horizontal trades left and right, vertical top and b"),
        ("uses: flip, with: {axis: 1}", "did you mean 'horizontal'?"),
        ("uses: flip, with: {vertical: true}", "write axis: vertical"),
        ("uses: trim, with: {start: 1, end: 3}", "write start: and duration:, which is the end"),
        ("uses: colour, with: {hue_shift: 20}", "did you mean 'hue'?"),
        ("uses: rotate, with: {degrees: {low: -5, high: 5}}", "write [-5, 5] for a range"),
        ("uses: invert", "write apply: {IMAGE_STREAM: {op: albumentations.InvertImg}}"),
        (
            "op: albumentations.Blur, p: 0.5",
            "write {name: a, p: 0.5, apply: {STREAM: {op: albumentations.Blur}}}",
        ),
        ("uses: crop, with: {height: 224}", "write resize: [HEIGHT, WIDTH]; what is cut out"),
        ("uses: rotate, with: {degrees: $tilt}", "write {from: tilt}"),
        ("uses: rotate, with: {degrees: tilt}", "write {from: tilt}"),
        ("uses: rotate, with: {degrees: 2 * tilt}", 'write {expr: "2 * tilt"}'),
        ("uses: rotate, with: {degrees: {ref: tilt}}", "write {from: tilt}"),
        ("uses: rotate, with: {degrees: {from: tilt, times: 2}}", "did you mean 'scale'?"),
        ("uses: flip, when: tilt > 0", "write {var: tilt, above: 0}"),
        ("uses: flip, when: tilt >= 0", "write {var: tilt, above: 0}, which excludes the bound"),
        ("uses: flip, when: not night", "write {var: night, is: false}, or {absent: night} for"),
    ],
)
def test_one_hint_and_nothing_besides(step: str, hint: str) -> None:
    draw = "draw: {tilt: {uniform: [-9, 9]}}"
    found = hints("image: image, a: audio", f"{draw}\nsteps: [{{name: a, {step}}}]")
    assert found
    assert all(told.startswith(hint) for _, told in found)


def test_checks_that_the_streams_allow_are_named() -> None:
    (only,) = hints(
        "image: image, depth: depth",
        "steps: [{name: a, uses: flip}]\nchecks: [reprojection]",
    )
    assert only[0] == "SA504"
    assert only[1].endswith("the streams are enough for: visible_share, mutual_information")


def test_options_of_checks() -> None:
    (only,) = hints(
        "image: image, p: {modality: points, columns: [x, y, z]}, c: camera",
        "steps: [{name: a, uses: flip}]\nchecks: [reprojection: {max_error: 1}]",
    )
    assert only == ("SA307", "did you mean 'max_pixels'?")


def test_a_misspelt_variable_of_which_a_problem_is_told_is_suggested() -> None:
    told = hints(
        "image: image",
        "draw: {tilt: {uniform: [9, -9]}}\n"
        "steps: [{name: a, uses: rotate, with: {degrees: {from: tiltt}}}]",
    )
    assert ("SA403", "did you mean 'tilt'?") in told


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        ("uses: camera_rotate, with: {axis: z, degrees: 3}", "did you mean 'optical'?"),
        ("uses: camera_rotate, with: {axis: yaw, degrees: 3}", "did you mean 'vertical'?"),
        ("uses: world_rotate, with: {axis: yaw, degrees: 3}", "did you mean 'z'?"),
        ("uses: world_rotate, with: {axis: vertical, degrees: 3}", "write z where z is up"),
    ],
)
def test_axes_are_those_of_the_transform(step: str, hint: str) -> None:
    (told,) = hints("image: image, camera: camera", f"steps: [{{name: a, {step}}}]")
    assert told[1].startswith(hint)
