"""Standard output or error that is closed, full or a broken pipe: one line, and exit code 1."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples import ROOT

PETS = str(ROOT / "policies" / "pets.yaml")
COMMANDS = {
    "validate": ["validate", PETS],
    "validate as JSON": ["validate", PETS, "--format", "json"],
    "draw": ["draw", PETS, "--key", "1"],
    "schema": ["schema"],
    "help": ["--help"],
}


def shell(line: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A line of shell in which `"$@"` is the command."""
    command = [sys.executable, "-c", "from syncaug.cli import main; main()", *arguments]
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}", "bash", *command],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_behind_standard_output(name: str) -> None:
    done = shell('"$@" > /dev/full', *COMMANDS[name])
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "syncaug: the output cannot be written: No space left on device"
    ]


@pytest.mark.parametrize("name", ["validate", "schema"])
def test_a_closed_standard_output(name: str) -> None:
    done = shell('"$@" >&-', *COMMANDS[name])
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["syncaug: the output cannot be written: it is closed"]


def test_a_reader_that_goes_away() -> None:
    done = shell('"$@" | head -1', "schema")
    assert done.returncode in (0, 1)  # 0 where all of it was written before the reader went
    assert done.stderr == ""
    assert done.stdout == "{\n"


@pytest.mark.parametrize("line", ['"$@" 2> /dev/full', '"$@" 2>&-', '"$@" > /dev/full 2>&1'])
def test_standard_error_may_be_lost_too(line: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("syncaug: 1\n")
    done = shell(line, "validate", str(bad))
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr


def test_a_file_does_not_take_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    done = shell('"$@" >&- 2>&- <&-', "draw", PETS, "--key", "1")
    assert done.returncode == 1
