"""The command line: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from syncaug.io.manifest import SCHEMA as MANIFEST_SCHEMA
from syncaug.record.reading import SCHEMA as RECORD_SCHEMA
from tests.samples import DATA, ROOT

PETS = ROOT / "policies" / "pets.yaml"


def syncaug(
    *arguments: object, code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, and expect its exit code."""
    done = subprocess.run(
        [sys.executable, "-c", "from syncaug.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """A copy of the pets and their manifest, to spoil."""
    shutil.copytree(DATA / "pets", tmp_path / "pets")
    shutil.copy(DATA / "pets.jsonl", tmp_path / "pets.jsonl")
    return tmp_path / "pets.jsonl"


def test_validate_says_that_a_good_policy_is_fine() -> None:
    done = syncaug("validate", PETS)
    assert "fine (4 streams, 4 steps" in done.stdout


def test_validate_reports_all_problems_of_all_policies_with_exit_code_1(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        "syncaug: 1\nsample: {image: image}\nsteps:\n"
        "  - {name: a, uses: flipp}\n"
        "  - {name: b, uses: rotate, with: {degrees: [0, 900]}}\n"
        "  - {name: c, uses: crop, with: {aera: 0.5}}\n"
    )
    done = syncaug("validate", bad, PETS, code=1)
    for text in ("SA302", "did you mean 'flip'?", "SA402", "SA307", "did you mean 'area'?"):
        assert text in done.stdout
    assert "3 problems found" in done.stderr
    listed = json.loads(syncaug("validate", bad, PETS, "--format", "json", code=1).stdout)
    assert [problem["line"] for problem in listed[0]["problems"]] == [4, 5, 6]
    assert listed[1]["valid"]


def test_validate_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = syncaug("validate", tmp_path / "none.yaml", code=1)
    assert "none.yaml" in done.stdout + done.stderr


def test_wrong_usage_is_exit_code_2() -> None:
    assert "did you mean 'validate'?" in syncaug("validat", PETS, code=2).stderr
    assert "--manifest" in syncaug("apply", PETS, "--out", "x", code=2).stderr
    given = ("apply", PETS, "--manifest", "none.jsonl", "--out", "x", "--workers", 10**5)
    assert "expected up to 1,024 processes on one machine; got 100,000" in (
        syncaug(*given, code=2).stderr
    )


def test_explain_says_what_follows_a_refusal(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "syncaug: 1\nsample: {image: image}\nsteps: [{name: mirror, uses: flip}]\n"
        "on_fail: {retry: 3, then: neutral}\n",
        encoding="utf-8",
    )
    told = syncaug("explain", policy).stdout
    assert "if a draw is refused: 3 more draws, then neutral" in told


def test_a_warning_is_no_fine_policy_where_it_counts(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "syncaug: 1\nsample: {image: image}\nsteps: [{name: cut, uses: crop, with: {area: 0.5}}]\n"
        "on_fail: {then: keep_original}\n",
        encoding="utf-8",
    )
    assert ": fine (" in syncaug("validate", policy).stdout
    strict = syncaug("validate", "--strict", policy, code=1)
    assert "SA608" in strict.stdout
    assert ": fine (" not in strict.stdout


def test_a_sample_that_does_not_fit_names_its_line_and_doubts_are_one_line(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "syncaug: 1\nsample: {depth: depth}\nsteps: [{name: mirror, uses: flip}]\n",
        encoding="utf-8",
    )
    np.save(tmp_path / "depth.npy", np.full((24, 32), 2000.5, np.float32))
    manifest = tmp_path / "data.jsonl"
    lines = [{"key": "a", "depth": "depth.npy"}, {"key": "b", "deep": 1}]
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = syncaug("apply", policy, "--manifest", manifest, "--out", tmp_path / "out", code=1)
    first, second = done.stderr.strip().split("\n")
    assert first.startswith("warning: sample 'a', stream 'depth': ")
    assert f"syncaug: {manifest}:2: sample 'b', stream 'depth': expected" in second
    assert "It has 'deep'" in second


def test_explain_names_every_stream_of_every_step() -> None:
    done = syncaug("explain", ROOT / "policies" / "driving.yaml")
    assert "turn: world_rotate" in done.stdout
    assert "front is unaffected: it belongs to the picture, which stays" in done.stdout
    assert json.loads(syncaug("explain", PETS, "--format", "json").stdout)["name"] == "pets"


def test_draw_prints_the_same_in_text_and_json() -> None:
    text = syncaug("draw", PETS, "--key", "pets/1", "--epoch", 3, "--seed", 7).stdout
    data = json.loads(
        syncaug(
            "draw", PETS, "--key", "pets/1", "--epoch", 3, "--seed", 7, "--format", "json"
        ).stdout
    )
    assert data["key"] == "pets/1"
    assert f"area = {data['steps'][1]['parameters']['*']['area']:.6g}" in text


def test_apply_writes_results_records_and_a_manifest_that_apply_reads_again(
    pets: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = syncaug("apply", PETS, "--manifest", pets, "--out", out, "--variants", 2, "--seed", 7)
    assert "4 accepted" in done.stdout
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [0, 1, 0, 1]
    assert all((out / line["image"]).is_file() for line in lines)
    assert len((out / "records.jsonl").read_text().splitlines()) == 4
    assert "differing: []" in syncaug("replay", out / "records.jsonl", "--verify").stdout
    one = tmp_path / "one"
    syncaug("replay", out / "records.jsonl", "--key", "pets/cats", "--epoch", 1, "--out", one)
    again = next(path for path in one.rglob("*.png"))
    assert again.read_bytes() == (out / again.relative_to(one)).read_bytes()
    syncaug("apply", PETS, "--manifest", out / "manifest.jsonl", "--out", tmp_path / "twice")


def test_replay_sees_a_result_that_was_changed(pets: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    syncaug("apply", PETS, "--manifest", pets, "--out", out)
    changed = next(out.rglob("*.png"))
    changed.write_bytes(changed.read_bytes() + b"x")
    assert changed.name in syncaug("replay", out / "records.jsonl", "--verify", code=1).stdout


def spoil(pets: Path, kind: str) -> str:
    """Spoil the second sample; what the error must name beside line, key and stream."""
    lines = pets.read_text().splitlines()
    second = json.loads(lines[1])
    expected = "dog_and_cat.jpg"
    if kind == "missing":
        (pets.parent / "pets" / "dog_and_cat.jpg").unlink()
    elif kind == "truncated":
        photo = pets.parent / "pets" / "dog_and_cat.jpg"
        photo.write_bytes(photo.read_bytes()[:20000])
    elif kind == "caption of numbers":
        second["caption"] = [7]
        expected = "text 0: int 7"
    elif kind == "box outside":
        second["boxes"][0] = [0, 0, 9999, 10]
        expected = "box 0"
    elif kind == "not JSON":
        pets.write_text(lines[0] + "\n{not json\n")
        return "pets.jsonl:2"
    pets.write_text(lines[0] + "\n" + json.dumps(second) + "\n")
    return expected


@pytest.mark.parametrize(
    "kind", ["missing", "truncated", "caption of numbers", "box outside", "not JSON"]
)
def test_a_bad_sample_stops_or_is_skipped_and_what_was_written_is_whole(
    pets: Path, tmp_path: Path, kind: str
) -> None:
    expected = spoil(pets, kind)
    stopped = syncaug("apply", PETS, "--manifest", pets, "--out", tmp_path / "a", code=1)
    assert expected in stopped.stderr
    if kind != "not JSON":
        assert "pets/dog_and_cat" in stopped.stderr
    skipped = syncaug(
        "apply", PETS, "--manifest", pets, "--out", tmp_path / "b", "--on-error", "skip", code=1
    )
    assert "1 sample skipped" in skipped.stderr
    assert expected in skipped.stderr
    for out in (tmp_path / "a", tmp_path / "b"):
        manifest = (out / "manifest.jsonl").read_text().splitlines()
        assert [json.loads(line)["key"] for line in manifest] == ["pets/cats"]
        assert {path.name for path in out.iterdir()} == {
            "manifest.jsonl",
            "records.jsonl",
            next(p.name for p in out.iterdir() if p.is_dir()),
        }


def test_apply_goes_on_after_a_bad_sample_in_the_middle(pets: Path, tmp_path: Path) -> None:
    lines = pets.read_text().splitlines()
    pets.write_text(lines[0] + '\n{"key": "x", "image": "none.jpg"}\n' + lines[1] + "\n")
    out = tmp_path / "out"
    done = syncaug("apply", PETS, "--manifest", pets, "--out", out, "--on-error", "skip", code=1)
    assert "none.jpg" in done.stderr
    keys = [json.loads(line)["key"] for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert keys == ["pets/cats", "pets/dog_and_cat"]


def test_apply_refuses_a_folder_that_is_not_empty(pets: Path, tmp_path: Path) -> None:
    done = syncaug("apply", PETS, "--manifest", pets, "--out", tmp_path, code=1)
    assert "not empty" in done.stderr


def test_a_damaged_record_is_one_clear_error(tmp_path: Path) -> None:
    record = tmp_path / "records.jsonl"
    record.write_text('{"record": 1}\n')
    done = syncaug("replay", record, "--verify", code=1)
    assert "records.jsonl:1" in done.stderr
    assert "damaged" in done.stderr


def test_ops_lists_and_describes() -> None:
    assert "albumentations.GaussNoise" in syncaug("ops", "albumentations").stdout
    assert "std_range" in syncaug("ops", "albumentations.GaussNoise").stdout
    assert "did you mean" in syncaug("ops", "albumentations.GausNoise", code=2).stderr
    assert "window's share" in syncaug("ops", "crop").stdout


def test_schema_prints_the_schema_file() -> None:
    shipped = (ROOT / "schemas" / "policy.schema.json").read_text(encoding="utf-8")
    assert syncaug("schema").stdout == shipped
    for kind, file in (("record", RECORD_SCHEMA), ("manifest", MANIFEST_SCHEMA)):
        assert syncaug("schema", kind).stdout == file.read_text(encoding="utf-8")


THRESHOLD = """
import gc, sys
from syncaug import cli
from syncaug.cli import {name}
{name}.command.callback = lambda **options: print(gc.get_threshold()[0])
{name}.command.params = []
usual = gc.get_threshold()[0]
sys.argv[1:] = ['{name}']
try: cli.main()
finally: print(usual)
"""


@pytest.mark.parametrize(("name", "longer"), [("validate", True), ("apply", False)])
def test_long_commands_collect_their_garbage_as_usual(name: str, longer: bool) -> None:
    code = THRESHOLD.format(name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    while_it_ran, usual = map(int, done.stdout.split())
    assert (while_it_ran > usual) is longer
