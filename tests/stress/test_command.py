"""`syncaug stress` on real photos: its files, its errors, and going on after an end."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from syncaug.cli.stress import command

ROOT = Path(__file__).parents[2]
PYTHON = Path(sys.executable).as_posix()
PETS = ROOT / "examples" / "data" / "pets.jsonl"
POLICY = ROOT / "policies" / "stress" / "mm_robustness.yaml"
SCORER = "tests.stress.judges:colours_and_sides"


def run(out: Path, *options: str, score: str = SCORER, manifest: Path = PETS) -> Any:
    return CliRunner().invoke(
        command,
        [
            *(str(POLICY), "--manifest", str(manifest), "--score", score, "--levels", "3"),
            *("--out", str(out), *options),
        ],
    )


def test_the_files_tell_the_same(tmp_path: Path) -> None:
    done = run(tmp_path / "out")
    assert done.exit_code == 0, done.output
    data = json.loads((tmp_path / "out" / "stress.json").read_text(encoding="utf-8"))
    assert [one["level"] for one in data["agreement"]] == [0.0, 0.5, 1.0]
    assert {tuple(one["streams"]) for one in data["relations"]} == {("image", "caption")}
    for one in data["relations"]:
        assert {"streams", "level", "interval", "unit", "full_scale", "knob"} <= set(one)
    with (tmp_path / "out" / "stress.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    curves = sum(len(one["curve"]) for one in data["relations"])
    assert len(rows) == 3 + curves + 2 * len(data["streams"])
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 1 + len(data["relations"])
    assert not re.findall(r"(?:src|href)=[\"']https?:", page)
    for text in data["conclusions"]:
        assert text in done.output


def test_a_command_scores_what_a_manifest_holds(tmp_path: Path) -> None:
    script = tmp_path / "judge.py"
    script.write_text(
        "import json, sys\n"
        "for line in open(sys.argv[1], encoding='utf-8'):\n"
        "    print(float('left' in json.loads(line)['caption']))\n",
        encoding="utf-8",
    )
    done = run(tmp_path / "out", score=f"{sys.executable} {script}")
    assert done.exit_code == 0, done.output
    data = json.loads((tmp_path / "out" / "stress.json").read_text(encoding="utf-8"))
    assert data["clean"]["mean"] == 1.0


def test_a_run_goes_on_where_it_ended(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole")
    assert whole.exit_code == 0
    again = run(tmp_path / "whole")
    assert "--resume" in str(again.exception)
    lines = (tmp_path / "whole" / "scores.jsonl").read_bytes().split(b"\n")
    half = tmp_path / "half"
    half.mkdir()
    (half / "scores.jsonl").write_bytes(b"\n".join(lines[:5]) + b"\n" + lines[5][:9])
    assert run(half, "--resume").exit_code == 0
    for name in ("scores.jsonl", "stress.json", "stress.csv"):
        assert (half / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    other = run(half, "--resume", "--seed", "9")
    assert "seed: 0 before, 9 now" in str(other.exception)


@pytest.mark.parametrize(
    ("score", "told"),
    [
        ("nowhere.at_all:score", "expected a module and a function"),
        ("tests.stress.judges:nobody", "has no attribute 'nobody'"),
        ("tests.stress.judges:COLOURS", "expected a function; got"),
        ("tests.stress.judges:raises", "the scorer raised RuntimeError: out of paper"),
        ("tests.stress.judges:few", "expected 2 numbers from the scorer"),
        ("tests.stress.judges:nan", "expected finite numbers"),
        ("no-such-command-here", "the command cannot be run"),
        ("false now", "ended with code 1: it said nothing"),
        (f'{PYTHON} -c "while 1: print(1)"', "got more than 1,049,088 bytes. Let it print the nu"),
        (f"{PYTHON} -c \"import sys; sys.exit('x' * 10**6 + ' the end')\"", "xxx the end"),
        ("echo many words", "expected numbers alone"),
    ],
)
def test_a_wrong_scorer_is_told(tmp_path: Path, score: str, told: str) -> None:
    done = run(tmp_path / "out", score=score)
    assert done.exit_code == 1
    assert told in str(done.exception)


def test_one_sample_is_too_few(tmp_path: Path) -> None:
    line = PETS.read_text(encoding="utf-8").split("\n")[0]
    manifest = PETS.parent / "one.jsonl"
    short = tmp_path / "one.jsonl"
    short.write_text(line.replace('"pets/', f'"{manifest.parent.as_posix()}/pets/') + "\n")
    done = run(tmp_path / "out", manifest=short)
    assert "at least 2 samples" in str(done.exception)


def test_what_a_scorer_prints_is_beside_the_report(tmp_path: Path) -> None:
    done = run(tmp_path / "out", "--format", "json", score="tests.stress.judges:prints")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["clean"]["mean"] == 1.0
    assert "scored 2" in done.stderr
