"""`apply --workers`: the bytes of one process, whatever is killed, and nothing twice."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path

import pytest

from tests.runs.material import POLICY, digests, material
from tests.runs.running import applied, finished, started, wait_for_lines, workers

COUNT = 10
VARIANTS = 2


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    """Options of a run over pictures, films and sounds, and the folder of one in one process."""
    folder = tmp_path_factory.mktemp("material")
    options = [*material(folder, COUNT), "--variants", str(VARIANTS)]
    done = applied(options, folder / "here")
    assert done.returncode == 1, done.stderr
    assert "1 sample skipped" in done.stderr
    return options, folder / "here"


def test_the_material_mixes_drops_and_skips(data: tuple[list[str], Path]) -> None:
    lines = (data[1] / "records.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    outcomes = [record["outcome"] for record in records]
    assert len(records) == VARIANTS * (COUNT - 1)
    assert outcomes.count("dropped") >= 3
    assert outcomes.count("accepted") >= 3
    assert sum("partner" in record for record in records) >= 3
    assert {Path(name).suffix for name in digests(data[1])} >= {".png", ".wav", ".mp4", ".jsonl"}


@pytest.mark.parametrize("count", [1, 2, 4])
def test_workers_write_the_bytes_of_one_process(
    data: tuple[list[str], Path], tmp_path: Path, count: int
) -> None:
    options, here = data
    done = applied([*options, "--workers", count], tmp_path / "here")
    assert done.returncode == 1, done.stderr
    assert "1 sample skipped" in done.stderr
    assert _without_folder(tmp_path / "here") == _without_folder(here)


def test_shares_are_the_parts_of_the_whole(data: tuple[list[str], Path], tmp_path: Path) -> None:
    options, here = data
    own, lines = {}, []
    for share in range(2):
        out = tmp_path / "shares" / f"{share}"
        done = applied([*options, "--shard", f"{share}/2", "--workers", share], out)
        assert done.returncode == (0 if share else 1), "sample 4 is skipped"
        found = digests(out)
        parts = {name: digest for name, digest in found.items() if "/" in name}
        assert not set(parts) & set(own)
        own |= parts
        lines += (out / "manifest.jsonl").read_text().splitlines()
    assert own == {name: digest for name, digest in digests(here).items() if "/" in name}
    assert sorted(lines) == sorted((here / "manifest.jsonl").read_text().splitlines())


@pytest.mark.parametrize("count", [0, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_and_resume_goes_on(
    data: tuple[list[str], Path], tmp_path: Path, count: int, number: signal.Signals
) -> None:
    options, here = data
    out = tmp_path / "here"
    with started([*options, "--workers", count], out) as process:
        wait_for_lines(out, 3, process)
        pids = workers(process)
        process.send_signal(number)
        process.send_signal(number)  # an impatient second one
        code, told, errors = finished(process)
        assert not [pid for pid in pids if _lives(pid)]
    assert len(pids) == count
    assert code == 128 + number, errors
    assert told == ""
    assert errors.count("\n") == 1
    assert f"stopped by {number.name}" in errors
    assert "Go on with the same command and --resume." in errors
    _whole(out)
    done = applied([*options, "--workers", 2 - count, "--resume"], out)
    assert done.returncode == 1, done.stderr
    assert "done before" in done.stdout
    assert _without_folder(out) == _without_folder(here)


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_goes_on(data: tuple[list[str], Path], tmp_path: Path, seed: int) -> None:
    options, here = data
    out = tmp_path / "here"
    generator = random.Random(seed)
    with started([*options, "--workers", 2], out) as process:
        wait_for_lines(out, generator.randrange(1, 14), process)
        process.kill()
        assert finished(process)[0] == -signal.SIGKILL
    done = applied([*options, "--workers", 2, "--resume"], out)
    assert done.returncode == 1, done.stderr
    assert _without_folder(out) == _without_folder(here)


def test_a_killed_worker_ends_the_run_and_says_how_to_go_on(
    data: tuple[list[str], Path], tmp_path: Path
) -> None:
    options, here = data
    out = tmp_path / "here"
    with started([*options, "--workers", 2], out) as process:
        wait_for_lines(out, 2, process)
        pids = workers(process)
        os.kill(pids[0], signal.SIGKILL)
        code, _, errors = finished(process)
        assert not [pid for pid in pids if _lives(pid)]
    assert code == 1
    assert "expected every worker process to live until the run ends; one was killed" in errors
    assert "go on with --resume" in errors
    assert "Traceback" not in errors
    _whole(out)
    done = applied([*options, "--resume"], out)
    assert done.returncode == 1, done.stderr
    assert _without_folder(out) == _without_folder(here)


@pytest.mark.parametrize("count", [0, 2])
def test_a_partner_that_cannot_be_read_is_told_with_who_mixes_with_it(
    data: tuple[list[str], Path], tmp_path: Path, count: int
) -> None:
    """Lines are whole; the picture of one is not there, or is no picture."""
    folder = tmp_path / "data"
    folder.mkdir()
    options = [*material(folder, 6, bad=()), "--workers", count]
    always = POLICY.replace("p: 0.7, ", "").replace(
        "checks: [boxes_visible: {min_area: 0.3}]\n", ""
    )
    (folder / "p.yaml").write_text(always)
    (folder / "0.png").write_bytes((folder / "0.png").read_bytes()[:200])
    done = applied(options, tmp_path / "out")
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("skipped: ")]
    cause = f"{folder / 'm.jsonl'}:1: sample 'k/0', stream 'image': expected an image"
    assert sum(line.startswith(f"skipped: {cause}") for line in lines) == 1
    mixing = [line for line in lines if "its draw mixes it with a sample that cannot be" in line]
    assert len(mixing) == len(lines) - 1 > 0
    for line in mixing:
        assert f"read: {cause}" in line
        assert "sample 'k/0': its draw" not in line


def test_a_second_run_into_the_folder_is_refused_with_the_process_of_the_first(
    data: tuple[list[str], Path], tmp_path: Path
) -> None:
    options, _ = data
    with started([*options, "--workers", 2], tmp_path / "out") as process:
        wait_for_lines(tmp_path / "out", 1, process)
        process.send_signal(signal.SIGSTOP)  # so that it does not end meanwhile
        done = applied([*options, "--workers", 2, "--resume"], tmp_path / "out")
    assert done.returncode == 1
    assert f"process {process.pid} writes there now" in done.stderr


def _without_folder(out: Path) -> dict[str, str]:
    """The digests of a folder, in which records say where its samples lie."""
    found = digests(out)
    lines = (out / "records.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    for record in records:
        record["source"].pop("folder")
    return {**found, "records.jsonl": json.dumps(records)}


def _whole(out: Path) -> None:
    """What a manifest names is there, and nothing else; each result has one record."""
    lines = (out / "manifest.jsonl").read_text().splitlines()
    named = {json.loads(line)["image"].rpartition("/")[0] for line in lines}
    found = {path.relative_to(out).as_posix() for path in out.glob("*/*") if path.is_dir()}
    assert named == found
    assert not list(out.glob(".partial-*"))
    records = [
        json.loads(line)["draw"] for line in (out / "records.jsonl").read_text().splitlines()
    ]
    names = [(draw["key"], draw["epoch"]) for draw in records]
    assert len(names) == len(set(names)) >= len(lines)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
