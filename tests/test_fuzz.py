"""`make fuzz` runs as it stands: a few inputs of every kind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def fuzz(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.fuzz", "--processes", "1", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_kind_is_tried_where_none_is_named() -> None:
    done = fuzz("--seed", "3", "--count", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in ("policies", "records", "manifests", "media"):
        assert f"{kind}: " in done.stdout
    assert "slowest" in done.stdout


@pytest.mark.parametrize("kind", ["policies", "records"])
def test_the_same_seed_tries_the_same(kind: str) -> None:
    counts = {
        line
        for _ in range(2)
        for line in fuzz(kind, "--seed", "5", "--count", "40").stdout.splitlines()
        if "slowest" not in line
    }
    again = fuzz(kind, "--seed", "5", "--count", "40").stdout.splitlines()
    assert counts == {line for line in again if "slowest" not in line}


def test_a_kind_that_there_is_not_is_told() -> None:
    done = fuzz("pictures")
    assert done.returncode == 2
    assert "got pictures" in done.stderr
