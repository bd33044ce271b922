"""`syncaug ablate`: its files, its errors, and going on after an end."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import pytest
from click.testing import CliRunner

from syncaug import load_policy
from syncaug.cli.ablate import command
from syncaug.io.locking import FolderLock
from tests.ablate.trainings import POLICY, scene

ROOT = Path(__file__).parents[2]

TRAIN = """
import json, os, random, sys, time
from pathlib import Path

policy, seed, arm, out, manifest = sys.argv[1:6]
assert (policy, seed, arm, out, manifest) == tuple(
    os.environ["SYNCAUG_" + name] for name in ("POLICY", "SEED", "ARM", "OUT", "MANIFEST")
)
assert Path(manifest).is_file() and "{braces}" in sys.argv[6]
text = Path(policy).read_text(encoding="utf-8")
assert f"seed: {seed}" in text and "ablation:" in text
where = Path(sys.argv[7])
if (where / f"missing-{arm}-{seed}").exists():
    sys.exit(0)
if (where / f"broken-{arm}-{seed}").exists():
    print("the card has no memory left")
    sys.exit(3)
if (where / "slow").exists() and int(seed) > 0:
    (where / f"began-{arm}-{seed}").touch()
    time.sleep(60)
metrics = {"recall": int(seed) / 10 + (arm == "strict") + random.Random(arm + seed).random() / 50}
Path(out, "metrics.json").write_text(json.dumps(metrics), encoding="utf-8", newline="")
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "train.py").write_text(TRAIN, encoding="utf-8", newline="")
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8", newline="")
    cv2.imwrite(str(tmp_path / "lamp.png"), scene()["image"])
    line = {"key": "lamp", "image": "lamp.png", "caption": scene()["caption"]}
    (tmp_path / "data.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8", newline="")
    return tmp_path


def words(room: Path, *options: str, out: str = "out") -> list[str]:
    places = ("{policy}", "{seed}", "{arm}", "{out}", "{manifest}", "{braces}")
    train = [sys.executable, str(room / "train.py"), *places, str(room)]
    asked = ["--seeds", "2", "--draws", "0", "--jobs", "2", *options]
    manifest = ("--manifest", str(room / "data.jsonl"))
    return [
        *(str(room / "policy.yaml"), *manifest, "--out", str(room / out)),
        *(asked if "--call" in options else [*asked, "--", *train]),
    ]


def run(room: Path, *options: str, out: str = "out") -> Any:
    return CliRunner().invoke(command, words(room, *options, out=out))


def report(room: Path, out: str = "out") -> Any:
    return json.loads((room / out / "ablation.json").read_text(encoding="utf-8"))


def test_the_files_tell_the_same(room: Path) -> None:
    done = run(room, "--draws", "200", "--seeds", "3")
    assert done.exit_code == 0, done.output + str(done.exception)
    data = report(room)
    assert data["arms"] == [
        "none",
        "only-image",
        "only-caption",
        "independent",
        "jittered",
        "strict",
    ]
    assert data["seeds"] == [0, 1, 2]
    assert len(data["runs"]) == 18
    assert {one["arm"] for one in data["comparisons"]} == set(data["arms"]) - {"strict"}
    for one in data["comparisons"]:
        assert one["ahead"] == 1
        assert 0.9 < one["difference"]["low"] <= one["difference"]["mean"] < 1.1
    assert data["marginals"]["accepted"]["jittered"] == 200
    for told in data["runs"]:
        folder = room / "out" / told["out"]
        policy = load_policy(folder / "policy.yaml")
        assert policy.seed == told["seed"]
        assert json.loads((folder / "metrics.json").read_text(encoding="utf-8")) == told["metrics"]
    with (room / "out" / "ablation.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["arm"], row["seed"]) for row in rows] == [
        (told["arm"], str(told["seed"])) for told in data["runs"]
    ]
    page = (room / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert not re.findall(r"(?:src|href)=[\"']https?:", page)
    for text in data["conclusions"]:
        assert text in done.output


def test_a_function_is_called(room: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(ROOT)
    options = ("--call", "tests.ablate.trainings:agreement", "--arms", "strict,independent")
    done = run(room, *options)
    assert done.exit_code == 0, done.output + str(done.exception)
    means = {
        arm: told["mean"] for arm, told in report(room)["metrics"]["agreement"]["arms"].items()
    }
    assert means["independent"] < 0.75 < 0.9 < means["strict"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("tests.ablate.trainings:nan", "got nan of 'score'"),
        ("tests.ablate.trainings:bright_left", "takes 1 positional argument"),
    ],
)
def test_a_function_that_gives_no_metrics_is_told(
    room: Path, monkeypatch: Any, call: str, told: str
) -> None:
    monkeypatch.chdir(ROOT)
    done = run(room, "--call", call, "--arms", "none,strict", "--seeds", "1")
    assert done.exit_code == 1
    assert told in "".join(one.get("error", "") for one in report(room)["runs"])


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("tests.ablate.trainings:nobody", "expected a module and a function of it"),
        ("tests.ablate.no_such_module:train", "expected a module and a function of it"),
        ("tests.ablate.trainings:POLICY", "expected a function; got str"),
    ],
)
def test_a_function_that_is_none_ends_the_ablation(
    room: Path, monkeypatch: Any, call: str, told: str
) -> None:
    monkeypatch.chdir(ROOT)
    done = run(room, "--call", call, "--seeds", "4", "--jobs", "1")
    assert done.exit_code == 1
    assert told in str(done.exception)
    assert "the training cannot start" in str(done.exception)
    assert len(list((room / "out" / "runs").glob("*/*"))) <= 2  # one was queued behind the first


BROKEN = {
    "a module that is not installed": ("import no_such_module\n", "No module named"),
    "a mistake in the script": ("def train(:\n", "SyntaxError"),
    "words that it does not take": (
        "import argparse\nargparse.ArgumentParser().parse_args()\n",
        "unrecognized arguments",
    ),
    "what a shell does not find": ("import sys\nsys.exit(127)\n", "ended with code 127"),
    "no script": (None, "can't open file"),
}


@pytest.mark.parametrize("jobs", ["1", "3"])
@pytest.mark.parametrize("what", BROKEN)
def test_a_command_that_cannot_start_ends_the_ablation(room: Path, what: str, jobs: str) -> None:
    script, told = BROKEN[what]
    (room / "train.py").unlink()
    if script is not None:
        (room / "train.py").write_text(script, encoding="utf-8", newline="")
    done = run(room, "--seeds", "5", "--jobs", jobs)
    assert done.exit_code == 1
    said = str(done.exception)
    assert "the training cannot start: " in said
    assert told in said
    assert said.endswith("Mend the training, and ablate again.")
    assert not (room / "out" / "ablation.json").exists()
    assert len(list((room / "out" / "runs").glob("*/*"))) <= 2 * int(jobs) < 30
    log = re.search(r"Its log: (.*?)\. Mend", said)
    assert log is not None
    assert Path(log[1]).is_file()
    (room / "train.py").write_text(TRAIN, encoding="utf-8", newline="")
    assert run(room).exit_code == 0  # nothing was found before, so that it is no second ablation


def test_a_run_that_cannot_start_after_others_did_is_one_that_failed(room: Path) -> None:
    script = TRAIN.replace("sys.exit(3)", "import no_such_module")
    (room / "train.py").write_text(script, encoding="utf-8", newline="")
    (room / "broken-strict-1").touch()
    done = run(room, "--jobs", "1")
    assert done.exit_code == 1
    (bad,) = (one for one in report(room)["runs"] if "error" in one)
    assert (bad["arm"], bad["seed"]) == ("strict", 1)
    assert "No module named 'no_such_module'" in bad["error"]


def test_a_first_word_that_is_no_program_is_told_before_anything_runs(room: Path) -> None:
    (room / "train.sh").write_text("true\n", encoding="utf-8", newline="")
    for word, told in (
        ("no-such-program", "there is none of this name. Install it, or name its path."),
        (str(room / "trian.py"), f"Did you mean {room / 'train.py'}?"),
        (str(room / "train.py"), f"such as: -- python {room / 'train.py'}"),
    ):
        asked = [*words(room)[: words(room).index("--") + 1], word]
        done = CliRunner().invoke(command, asked)
        assert done.exit_code == 1
        assert told in str(done.exception)
        assert not (room / "out").exists()


def test_runs_that_fail_are_marked_and_made_again(room: Path) -> None:
    (room / "broken-jittered-1").touch()
    (room / "missing-none-0").touch()
    done = run(room)
    assert done.exit_code == 1
    bad = {
        (one["arm"], one["seed"]): one["error"] for one in report(room)["runs"] if "error" in one
    }
    assert set(bad) == {("jittered", 1), ("none", 0)}
    assert "ended with code 3: the card has no memory left" in bad["jittered", 1]
    assert "expected metrics.json in the folder {out}" in bad["none", 0]
    assert "2 of 12 runs failed" in done.output
    page = (room / "out" / "index.html").read_text(encoding="utf-8")
    assert "the card has no memory left" in page
    refused = run(room)
    assert "Go on with --resume" in str(refused.exception)
    for path in room.glob("*-*-[01]"):
        path.unlink()
    again = run(room, "--resume", "--seeds", "3")
    assert again.exit_code == 0, again.output
    runs = report(room)["runs"]
    assert len(runs) == 18
    assert not any("error" in one for one in runs)
    folders = {one["out"] for one in runs}
    assert {"runs/jittered/seed-1-again-1", "runs/none/seed-0-again-1"} < folders
    assert "runs/strict/seed-0" in folders
    other = run(room, "--resume", "--seed", "9")
    assert "seed: 0 before, 9 now" in str(other.exception)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_no_draws_are_compared_where_all_runs_fail(room: Path, jobs: str) -> None:
    for arm in ("none", "strict"):
        for seed in range(2):
            (room / f"broken-{arm}-{seed}").touch()
    asked = ("--arms", "none,strict", "--draws", "1000000", "--jobs", jobs)
    done = run(room, *asked)
    assert done.exit_code == 1
    (told,) = report(room)["conclusions"]
    assert told == (
        "4 of 4 runs failed, so that nothing is compared; each since the command ended with code "
        "3: the card has no memory left. Look into runs/none/seed-0, mend the training, and ablate "
        "again with --resume."
    )
    assert done.output.count(told) == 1
    assert report(room)["marginals"] is None


@pytest.mark.parametrize("library", ["jinja2", "matplotlib", "scipy"])
def test_a_missing_library_is_told_before_any_run(
    room: Path, monkeypatch: Any, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    done = run(room)
    assert done.exit_code == 1
    assert "pip install" in str(done.exception)
    assert not (room / "out").exists()


def test_samples_that_do_not_fit_are_told_before_any_run(room: Path) -> None:
    line = {"key": "lamp", "image": "lamp.png", "caption": 3}
    (room / "data.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8", newline="")
    done = run(room, "--draws", "10")
    assert done.exit_code == 1
    assert "caption" in str(done.exception)
    assert not (room / "out" / "runs").exists()


@pytest.mark.parametrize(
    ("metrics", "told"),
    [
        ('{"recall": NaN}', "got NaN"),
        ('{"recall": null}', "got None of 'recall'"),
        ('{"recall": true}', "got True of 'recall'"),
        ('{"recall": [1, 2]}', "got [1, 2] of 'recall'"),
        ('{"recall": 1e200}', "expected numbers up to 1e+150"),
        ("{}", "got an empty one"),
        ("[0.5]", "got list"),
        ("0.5 of 1", "expected an object of finite numbers"),
        ('{"recall": 1e999}', "expected an object of finite numbers"),
    ],
)
def test_metrics_that_are_none(room: Path, metrics: str, told: str) -> None:
    script = room / "train.py"
    script.write_text(
        f"import os\nopen(os.environ['SYNCAUG_OUT'] + '/metrics.json', 'w').write({metrics!r})\n",
        encoding="utf-8",
        newline="",
    )
    done = run(room, "--arms", "none,strict", "--seeds", "1")
    assert done.exit_code == 1
    for one in report(room)["runs"]:
        assert told in one["error"]
    assert "2 of 2 runs failed" in done.output


def test_a_run_that_is_killed_goes_on(room: Path) -> None:
    (room / "slow").touch()
    runs = room / "out" / "runs.jsonl"

    def half_done() -> bool:
        """Two runs beside each other are done, in any order, and the next has begun."""
        return (room / "began-none-1").exists() and runs.read_bytes().count(b'"metrics"') == 2

    started = [sys.executable, "-m", "syncaug", "ablate", *words(room, "--arms", "none,strict")]
    with subprocess.Popen(started, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        _until(half_done)
        process.kill()
    before = runs.read_bytes()
    (room / "slow").unlink()
    done = run(room, "--arms", "none,strict", "--resume")
    assert done.exit_code == 0, done.output + str(done.exception)
    assert runs.read_bytes().startswith(before)
    folders = {(one["arm"], one["seed"]): one["out"] for one in report(room)["runs"]}
    assert folders["none", 0] == "runs/none/seed-0"
    assert folders["none", 1] == "runs/none/seed-1-again-1"


@pytest.mark.skipif(sys.platform == "win32", reason="a signal ends a process there at once")
def test_a_signal_ends_commands_too(room: Path) -> None:
    (room / "slow").touch()
    started = [sys.executable, "-m", "syncaug", "ablate", *words(room, "--arms", "none,strict")]
    with subprocess.Popen(started, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        _until((room / "began-none-1").exists)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    assert "stopped by SIGTERM" in said
    assert "--resume" in said
    assert time.monotonic() - begun < 30.0  # long before the commands would have ended


def test_two_commands_do_not_share_a_folder(room: Path) -> None:
    (room / "out").mkdir()
    lock = FolderLock(room / "out")
    lock.acquire()
    try:
        done = run(room)
    finally:
        lock.release()
    assert "expected one writer at a time" in str(done.exception)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--arms", "none,strct"), "did you mean 'strict'"),
        (("--call", "train"), "expected package.module:function"),
        (("--together", "image,words"), "unknown stream 'words'"),
    ],
)
def test_what_cannot_be_asked_for_is_told(room: Path, options: tuple[str, ...], told: str) -> None:
    done = run(room, *options)
    assert done.exit_code == 1
    assert told in str(done.exception)


def test_a_command_or_a_function_is_needed(room: Path) -> None:
    asked = words(room)
    done = CliRunner().invoke(command, asked[: asked.index("--")])
    assert "expected a command behind --, or --call" in str(done.exception)
    both = CliRunner().invoke(command, [*asked[: asked.index("--")], "--call", "a:b", "--", "true"])
    assert "got both" in str(both.exception)


def _until(true: Any) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + 60.0
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
