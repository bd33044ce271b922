"""`syncaug validate` as a tool of code review: which policies it reads, and the forms it writes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

GOOD = "syncaug: 1\nsample: {image: image}\nsteps: [{name: a, uses: flip}]\n"
DOUBTFUL = (
    "syncaug: 1\nsample: {image: image}\n"
    "steps:\n  - {name: a, uses: colour, with: {saturation: [0.8, 1.2]}}\n"
)
BAD = (
    "syncaug: 1\nsample: {image: image}\nsteps:\n  - {name: a, uses: rotate, with: {angle: 400}}\n"
)


def validate(*arguments: str, cwd: Path, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "syncaug", "validate", *arguments],
        cwd=cwd,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "deep" / "bad.yml").write_text(BAD)
    (tmp_path / "deep" / "er" / "doubtful.yaml").write_text(DOUBTFUL)
    (tmp_path / "deep" / "workflow.yaml").write_text("on: push\njobs: {}\n")
    (tmp_path / "deep" / "notes.txt").write_text("syncaug: 1\n")
    (tmp_path / ".hidden" / "other.yaml").write_text(BAD)
    return tmp_path


def names(found: subprocess.CompletedProcess[str]) -> list[str]:
    return [one["policy"] for one in json.loads(found.stdout)]


def test_a_folder_holds_its_policies_and_no_others(folder: Path) -> None:
    assert names(validate(".", "--format", "json", cwd=folder)) == [
        "./good.yaml",
        "./deep/bad.yml",
        "./deep/er/doubtful.yaml",
    ]
    told = validate(".", cwd=folder)
    assert told.returncode == 1
    assert "1 YAML file that is no policy passed over: ./deep/workflow.yaml" in told.stderr


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("sycnaug: 1\nsample: {image: image}\nsteps: [{name: m, uses: flip}]\n", True),
        ("version: 1\nsample: {image: image}\nsteps: [{name: m, uses: flip}]\n", True),
        ("'SyncAug': 1\nsample: {image: image}\nstep: [{name: m, uses: flip}]\n", True),
        ("steps: [{script: make}]\npool: {vmImage: linux}\n", False),
        ("sync: {every: 3}\n", False),
        ("# nothing\n", False),
    ],
)
def test_a_policy_whose_first_key_is_mistyped_is_one(
    tmp_path: Path, text: str, policy: bool
) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "other.yaml").write_text(text)
    told = validate(".", cwd=tmp_path)
    assert told.returncode == policy
    assert ("./other.yaml:1:1: SA20" in told.stdout) == policy
    assert ("passed over: ./other.yaml" in told.stderr) != policy


def test_the_first_few_files_that_are_passed_over_are_named(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    for number in range(7):
        (tmp_path / f"w{number}.yaml").write_text("on: push\n")
    told = validate("*.yaml", cwd=tmp_path)
    said = "7 YAML files that are no policies passed over: w0.yaml, w1.yaml, w2.yaml, w3.yaml, "
    assert said + "w4.yaml, ...\n" in told.stderr


def test_patterns_files_and_standard_input(folder: Path) -> None:
    found = validate("**/*.y*ml", "good.yaml", "-", "--format", "json", cwd=folder, text=GOOD)
    assert names(found) == ["deep/bad.yml", "deep/er/doubtful.yaml", "good.yaml", "-"]
    assert all(one["valid"] == ("bad" not in one["policy"]) for one in json.loads(found.stdout))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["empty"], "holds no policy"),
        (["*.toml"], "holds no policy"),
        (["good.yaml", "--ignore", "SX1"], "no code is 'SX1' or begins so"),
        (["deep/bad.yml", "--ignore", "SA4"], "only warnings can be ignored"),
        (["good.yaml", "--output", "missing/x.json"], "cannot be written"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage_ends_with_two(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "empty").mkdir()
    found = validate(*arguments, cwd=folder)
    assert found.returncode == 2
    assert message in " ".join(found.stderr.split())


def test_a_file_that_is_named_is_always_checked(folder: Path) -> None:
    found = validate("deep/workflow.yaml", cwd=folder)
    assert found.returncode == 1
    assert "SA202" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 0),
        (["--strict"], 1),
        (["--strict", "--ignore", "SA612"], 0),
        (["--strict", "--select", "SA612"], 1),
        (["--strict", "--select", "SA5,SA3"], 0),
    ],
)
def test_strict_select_and_ignore(folder: Path, arguments: list[str], code: int) -> None:
    found = validate("deep/er/doubtful.yaml", *arguments, cwd=folder)
    assert found.returncode == code
    assert ("SA612" in found.stdout) == (
        arguments in ([], ["--strict"], ["--strict", "--select", "SA612"])
    )


def test_github_annotations(folder: Path) -> None:
    lines = validate(".", "--format", "github", cwd=folder).stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("::error file=deep/bad.yml,title=syncaug SA307,line=4,col=")
    assert lines[2].startswith("::warning file=deep/er/doubtful.yaml,title=syncaug SA612,line=4,")
    assert "%0Afor factors write [-0.2, 0.2]" in lines[2]


def test_sarif_says_where_with_rules_for_all(folder: Path) -> None:
    sarif = json.loads(validate(".", "--format", "sarif", cwd=folder).stdout)
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [result["ruleId"] for result in run["results"]] == ["SA307", "SA401", "SA612"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        line = (
            (folder / place["artifactLocation"]["uri"])
            .read_text()
            .splitlines()[place["region"]["startLine"] - 1]
        )
        marked = line[place["region"]["startColumn"] - 1 : place["region"]["endColumn"] - 1]
        assert marked in ("angle", "400", "[0.8, 1.2]")


def test_junit_is_xml_with_one_case_for_each_policy(folder: Path) -> None:
    (folder / "odd\u2603&<>.yaml").write_text(BAD.replace("angle", '"a\\u0007ngle"'))
    root = ElementTree.fromstring(validate(".", "--format", "junit", cwd=folder).stdout)
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("4", "2")
    failures = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failures == ["./odd\u2603&<>.yaml", "./deep/bad.yml"]


def test_output_goes_to_a_file(folder: Path) -> None:
    found = validate("good.yaml", "--format", "json", "--output", "out.json", cwd=folder)
    assert (found.returncode, found.stdout) == (0, "")
    assert json.loads((folder / "out.json").read_text())[0]["valid"]


def test_several_processes_find_the_same_in_the_same_order(tmp_path: Path) -> None:
    for index in range(120):
        text = BAD if index % 3 == 0 else GOOD
        (tmp_path / f"p{index:03}.yaml").write_text(text)
    one, two = (
        validate(".", "--format", "json", "--jobs", jobs, cwd=tmp_path).stdout for jobs in "12"
    )
    assert one == two
    assert len(json.loads(one)) == 120


# Comments that accept warnings -------------------------------------------------------------------

LINE = "  - {name: a, uses: colour, with: {saturation: [0.8, 1.2]}}"


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        (f"{LINE}  # syncaug: ignore[SA612]", []),
        (f"{LINE}  # meant. syncaug: ignore[SA612]", ["SA612"]),
        (f"  # syncaug: ignore[SA612, SA602]\n{LINE}", ["SA613"]),
        (f"  # syncaug: ignore[SA612]\n\n  # a word\n{LINE}", []),
        (f"  # syncaug: ignore[SA612]\n  - {{name: b, uses: flip}}\n{LINE}", ["SA613", "SA612"]),
        (f"{LINE}  # syncaug: ignore", ["SA612", "SA613"]),
        (f"{LINE}\n# syncaug: ignore[SA612]", ["SA612", "SA613"]),
    ],
)
def test_a_comment_accepts_a_warning_of_its_line(
    tmp_path: Path, steps: str, codes: list[str]
) -> None:
    policy = tmp_path / "p.yaml"
    policy.write_text(f"syncaug: 1\nsample: {{image: image}}\nsteps:\n{steps}\n")
    found = validate("p.yaml", cwd=tmp_path)
    assert found.returncode == 0
    assert re.findall(r"SA\d+(?= [^\]])", re.sub(r"(?m)^    .*$", "", found.stdout)) == codes


def test_a_comment_accepts_no_error(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(BAD.rstrip() + "  # syncaug: ignore[SA307]\n")
    found = validate("p.yaml", cwd=tmp_path)
    assert found.returncode == 1
    assert "SA307 is an error here: no comment can accept it" in found.stdout


def test_load_policy_accepts_what_the_comment_accepts(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    from syncaug import load_policy

    text: Any = f"syncaug: 1\nsample: {{image: image}}\nsteps:\n{LINE} # syncaug: ignore[SA612]\n"
    load_policy(text, strict=True)
    assert not recwarn.list
