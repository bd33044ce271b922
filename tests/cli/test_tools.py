"""Checks of policies inside other tools: pytest, pre-commit, GitHub Actions, readers of SARIF."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from tests.programs import PYTEST

ROOT = Path(__file__).parents[2]
GOOD = "syncaug: 1\nsample: {image: image}\nsteps: [{name: a, uses: flip}]\n"
DOUBTFUL = GOOD.replace("flip", "colour, with: {hue: 0.1}")
BAD = GOOD.replace("flip", "flop")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    for name, text in {"good": GOOD, "doubtful": DOUBTFUL, "bad": BAD}.items():
        (tmp_path / "policies" / f"{name}.yaml").write_text(text)
    (tmp_path / "policies" / "compose.yaml").write_text("services: {}\n")
    return tmp_path


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_pytest_checks_policies_as_tests(folder: Path) -> None:
    found = run(*PYTEST, "--syncaug", "policies", cwd=folder)
    assert "1 failed, 2 passed" in found.stdout
    assert "SA302 unknown transform 'flop'" in found.stdout
    assert "SA612" in found.stdout
    strict = run(*PYTEST, "--syncaug-strict", "policies", cwd=folder)
    assert "2 failed, 1 passed" in strict.stdout
    named = run(*PYTEST, "--syncaug", "policies/compose.yaml", cwd=folder)
    assert "1 failed" in named.stdout
    without = run(*PYTEST, "policies", cwd=folder)
    assert without.returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_plugin_costs_nothing_where_it_is_not_asked(folder: Path) -> None:
    (folder / "test_it.py").write_text(
        "import sys\ndef test():\n"
        "    assert not [m for m in sys.modules if m.startswith('syncaug.')\n"
        "                and m[8:] not in ('lazy', 'pytest_plugin', 'version')]\n"
    )
    found = run(*PYTEST, "-q", cwd=folder)
    assert "1 passed" in found.stdout, found.stdout


def test_the_hooks_are_what_pre_commit_reads() -> None:
    found = run(
        sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=ROOT
    )
    assert (found.returncode, found.stdout) == (0, ""), found.stdout


def test_the_action_is_what_github_reads() -> None:
    found = run(
        *(sys.executable, "-m", "check_jsonschema"),
        *("--builtin-schema", "vendor.github-actions", "action.yml"),
        cwd=ROOT,
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("inputs", "code", "told"),
    [
        ({"POLICIES": "policies/good.yaml policies/doubtful.yaml"}, 0, "::warning"),
        ({"POLICIES": "policies"}, 1, "::error"),
        ({"POLICIES": "policies/good.yaml\npolicies/bad.yaml\n"}, 1, "::error"),
        ({"POLICIES": "policies/good.yaml", "LOCKS": "policies/good.yaml\n"}, 1, ""),
        ({"POLICIES": "policies/doubtful.yaml", "STRICT": "true"}, 1, "::error"),
        ({"POLICIES": "policies/doubtful.yaml", "STRICT": "true", "IGNORE": "SA612"}, 0, ""),
        ({"POLICIES": "policies/*.yaml", "SARIF": "out.sarif"}, 1, "::error"),
    ],
)
def test_the_last_step_of_the_action(
    folder: Path, inputs: dict[str, str], code: int, told: str
) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    step = action["runs"]["steps"][-1]
    empty = dict.fromkeys(step["env"], "")
    found = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**_environment(), **empty, **inputs},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == code, found.stderr
    assert told in found.stdout
    if "SARIF" in inputs:
        assert json.loads((folder / "out.sarif").read_text())["version"] == "2.1.0"


def _environment() -> dict[str, str]:
    import os

    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path}


def test_sarif_fits_its_schema(folder: Path) -> None:
    found = run(
        sys.executable, "-m", "syncaug", "validate", "policies", "--format", "sarif", cwd=folder
    )
    sarif = Sarif.model_validate_json(found.stdout)  # models of the schema, no unknown keys
    results = sarif.runs[0].results
    assert results is not None
    assert [result.ruleId for result in results] == ["SA302", "SA612"]
    broken = json.loads(found.stdout)
    broken["runs"][0]["results"][0]["lvl"] = "error"
    with pytest.raises(ValueError, match="lvl"):
        Sarif.model_validate(broken)
