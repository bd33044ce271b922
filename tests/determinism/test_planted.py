"""Operations of users that are not deterministic are found, and named with stream and step."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from syncaug.cli import cli
from tests.determinism.planted import module, written
from tests.external.conftest import Install

DEPENDS = {
    "numpy": "another result at every call",
    "random": "another result at every call",
    "time": "another result at every call",
    "global": "another result after other calls",
    "pid": "another result in another process",
    "last": "another result after other calls",
}


def run(folder: Path, *more: str) -> Any:
    policy, manifest = written(folder)
    arguments = ["check-determinism", str(policy), "--manifest", str(manifest)]
    return CliRunner().invoke(cli, [*arguments, "--workers", "0,1", "--start", "fork", *more])


@pytest.mark.parametrize("fault", DEPENDS)
def test_a_fault_is_named_with_stream_and_step(
    install: Install, tmp_path: Path, fault: str
) -> None:
    install("syncaug.operations", "tinter", module(fault), package="their-tinter")
    result = run(tmp_path, "--format", "json")
    assert result.exit_code == 1, result.output
    told = json.loads(result.stdout)
    assert not told["same"]
    assert list(told["steps"]) == ["image"], told
    origin = told["steps"]["image"]
    assert origin["step"] == "tint"
    assert origin["depends"] == DEPENDS[fault]
    drawn = {"numpy": ["numpy.random"], "random": ["random"]}.get(fault, [])
    assert origin["generators"] == drawn
    faults = [one for row in told["configurations"] for one in row.get("faults", ())]
    assert {one["stream"] for one in faults} == {"image"}
    assert all(one["key"].startswith("photo/") for one in faults)
    assert "values differ, by" in faults[0]["difference"]


def test_the_message_says_where_what_and_what_to_do(install: Install, tmp_path: Path) -> None:
    install("syncaug.operations", "tinter", module("global"), package="their-tinter")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "direct calls again, in reverse order: sample 'photo/3', epoch 1" in result.stdout
    assert "values differ, by" in result.stdout
    assert "first in step 'tint' (tinter.Tint of their-tinter 1.0): another " in result.stdout
    assert "Draw from the entropy that the step is given, and keep no state" in result.stdout
    assert "configurations differ" in result.stderr


def test_an_operation_that_changes_a_shape_is_told_as_its_package_s(
    install: Install, tmp_path: Path
) -> None:
    install("syncaug.operations", "tinter", module("shape"), package="their-tinter")
    result = run(tmp_path)
    assert result.exit_code == 1
    told = str(result.exception)
    assert "operations 'tinter' of their-tinter 1.0: tinter.Tint gave uint8 of shape (" in told
    assert "; expected uint8 of shape (" in told


def test_where_no_sample_gives_a_result_that_is_told(tmp_path: Path) -> None:
    policy, manifest = written(tmp_path)
    policy.write_text(
        "{syncaug: 1, sample: {image: image, caption: {modality: text, describes: image}}, "
        "steps: [{name: mirror, uses: flip}]}"
    )
    for path in tmp_path.glob("*.png"):
        path.unlink()
    result = CliRunner().invoke(
        cli, ["check-determinism", str(policy), "--manifest", str(manifest), "--workers", "0"]
    )
    assert result.exit_code == 1
    assert str(result.exception).startswith("no sample gave a result: ManifestError: ")
    assert "which does not exist" in str(result.exception)


def test_an_operation_that_is_right_passes(install: Install, tmp_path: Path) -> None:
    install("syncaug.operations", "tinter", module("none"), package="their-tinter")
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    assert "the same bytes in all " in result.stdout
    progress = re.compile(r"\d+ of \d+ configurations: .*")
    assert all(progress.fullmatch(line) for line in result.stderr.splitlines())  # nothing else
