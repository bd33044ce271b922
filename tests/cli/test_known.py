"""`syncaug ops` and `syncaug explain CODE`: what can be named, and what each problem means."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from syncaug.catalogue.checks import checks
from syncaug.catalogue.transforms import transform_names
from syncaug.cli import cli
from syncaug.cli.known import KINDS, known_names
from syncaug.policy.code_examples import code_examples
from syncaug.policy.codes import codes
from syncaug.policy.draws import DISTRIBUTIONS
from syncaug.policy.streams import STREAMS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_all_that_a_policy_can_name_is_listed_by_kind() -> None:
    rows = json.loads(run("ops", "--format", "json").stdout)
    found = {kind: {row["name"] for row in rows if row["kind"] == kind} for kind in KINDS}
    assert found["transform"] == set(transform_names())
    assert found["check"] == set(checks())
    assert found["modality"] == set(STREAMS)
    assert found["distribution"] == set(DISTRIBUTIONS)
    assert "albumentations.GaussNoise" in found["operation"]


@pytest.mark.parametrize("name", [*transform_names(), *checks(), *STREAMS, *DISTRIBUTIONS])
def test_each_is_described_with_what_its_keys_take(name: str) -> None:
    done = run("ops", name)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{name}: ")
    row = json.loads(run("ops", name, "--format", "json").stdout)
    for key, parameter in row["parameters"].items():
        assert f"  {key}: {parameter['description']}" in done.stdout


def test_no_name_is_of_two_kinds() -> None:
    assert len(known_names()) == len(set(known_names()))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("crop", "number above 0 to 1 (share); optional, default 1.0"),
        ("boxes", "pascal_voc, coco, yolo, albumentations; optional"),
        ("boxes_visible", "number from 0 to 1; optional, default 0.3"),
        ("video", "optional, default false"),
        ("normal", "  normal.std: The standard deviation, 0 or more."),
    ],
)
def test_ranges_units_and_defaults(name: str, line: str) -> None:
    assert line in run("ops", name).stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("boxes_visibel", "did you mean 'boxes_visible'?"),
        ("brightness", "light"),
        ("gaussian", "normal"),
        ("picture", "'image'"),
    ],
)
def test_a_slip_is_answered(name: str, hint: str) -> None:
    done = run("ops", name)
    assert done.exit_code == 2
    assert hint in done.output


@pytest.mark.parametrize("code", codes())
def test_a_code_is_told_with_both_policies(code: str) -> None:
    done = run("explain", code.lower())
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{code}: {codes()[code].title}")
    row = json.loads(run("explain", code, "--format", "json").stdout)
    assert row["advice"] in done.stdout
    assert row["right"] == code_examples()[code].right
    for line in [*row["wrong"].splitlines(), *row["right"].splitlines()]:
        assert line in done.stdout
    assert ("(a warning)" in done.stdout) == (row["severity"] == "warning")
    assert (f": {code} " in done.stdout) == (not row["note"])  # what the wrong one is told


@pytest.mark.parametrize(("code", "there"), [("SA599", "SA501, SA502"), ("SA999", "to SA703")])
def test_an_unknown_code_is_answered_with_those_there_are(code: str, there: str) -> None:
    done = run("explain", code)
    assert done.exit_code == 2
    assert f"no problem has the code {code}; there are " in done.output.replace("\n", " ")
    assert there in done.output


def test_a_name_that_is_no_policy_is_answered() -> None:
    done = run("explain", "boxes_visible")
    assert done.exit_code == 2
    assert "`syncaug ops boxes_visible` describes it" in done.output
