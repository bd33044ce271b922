"""Of every problem code the wrong example has exactly that problem, and the right one none."""

from __future__ import annotations

import ast
import json
import os
import site
import subprocess
import sys
from pathlib import Path

import pytest

from syncaug import PolicyError
from syncaug.loading import check_policy
from syncaug.policy.code_examples import code_examples
from syncaug.policy.codes import codes
from tests.small_wordnet import write

ROOT = Path(__file__).parents[2]
TOLD = """
import json, sys
from syncaug import PolicyError
from syncaug.loading import check_policy
for text in json.load(sys.stdin):
    try:
        _, problems, _ = check_policy(text)
    except PolicyError as error:
        problems = error.problems
    print(json.dumps([problem.code for problem in problems]))
"""
HERE = sorted(code for code, example in code_examples().items() if not example.where)
ELSEWHERE = sorted(set(code_examples()) - set(HERE))


def test_every_code_has_an_example() -> None:
    assert list(code_examples()) == list(codes())


def told(source: object, encoders: tuple[str, ...]) -> list[str]:
    try:
        _, problems, _ = check_policy(source, encoders=encoders)  # type: ignore[arg-type]
    except PolicyError as error:
        problems = list(error.problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize("code", HERE)
def test_the_wrong_one_has_this_problem_and_the_right_one_none(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    example = code_examples()[code]
    wrong: object = example.wrong
    if example.given == "latin-1":
        wrong = example.wrong.encode("latin-1")
    elif example.given == "python":
        wrong = ast.literal_eval(example.wrong)
    elif example.given == "long":
        wrong = example.wrong + (example.wrong.splitlines()[-1] + "\n") * 60_000
    else:
        assert example.given in ("", "path")
    assert told(wrong, example.encoders) == [code]
    assert told(example.right, example.encoders) == []


# Other environments -------------------------------------------------------------------------------


def without_albumentations(folder: Path) -> dict[str, str]:
    """All that is installed here but albumentations."""
    for place in site.getsitepackages():
        for item in Path(place).iterdir():
            if not item.name.startswith("albumentations") and not item.name.endswith(".pth"):
                (folder / item.name).symlink_to(item)
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


def with_albumentationsx(folder: Path) -> dict[str, str]:
    info = folder / "albumentationsx-2.5.1.dist-info"
    info.mkdir()
    about = "Metadata-Version: 2.1\nName: albumentationsx\nVersion: 2.5.1\n"
    (info / "METADATA").write_text(about, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


def with_a_broken_package(folder: Path) -> dict[str, str]:
    info = folder / "own-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[syncaug.transforms]\nbroken = own_broken\n", "utf-8")
    (folder / "own_broken.py").write_text("import nowhere_at_all\n", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


def with_wordnet(folder: Path) -> dict[str, str]:
    place = folder / "corpora" / "wordnet"
    place.mkdir(parents=True)
    write(place)
    return {"NLTK_DATA": str(folder)}


MADE = {
    "SA313": with_a_broken_package,
    "SA318": with_wordnet,
    "SA611": with_wordnet,
    "SA701": without_albumentations,
    "SA702": with_albumentationsx,
}


@pytest.mark.parametrize("code", ELSEWHERE)
def test_so_it_is_in_the_environment_that_is_told(code: str, tmp_path: Path) -> None:
    """In a process of its own, because what is installed is looked up once."""
    example = code_examples()[code]
    alone = ["-S"] if code == "SA701" else []  # without the folder where albumentations lies
    done = subprocess.run(
        [sys.executable, *alone, "-c", TOLD],
        input=json.dumps([example.wrong, example.right]),
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT)} | {**os.environ, **MADE[code](tmp_path)},
        check=True,
    )
    assert list(map(json.loads, done.stdout.splitlines())) == [[code], []]
