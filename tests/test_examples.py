"""The examples run, and show what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples import ROOT

EXAMPLES = ROOT / "examples"


def run(script: str, folder: Path, **environment: str) -> str:
    """What an example prints, run from an empty folder as a user would."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script)],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_policy_in_ten_lines(tmp_path: Path) -> None:
    printed = run("ten_lines.py", tmp_path)
    assert "green headphones lies on the right; a purple cat walks away on the left." in printed


def test_a_replay(tmp_path: Path) -> None:
    assert "replayed bit for bit: True" in run("replay.py", tmp_path)


def test_a_dataloader_whose_draws_do_not_depend_on_workers(tmp_path: Path) -> None:
    printed = run("dataloader.py", tmp_path)
    assert "two workers under fork: the same draws" in printed
    assert "two workers under spawn: the same draws" in printed
    assert "syncaug: 16 different draws in 16 samples" in printed
    assert printed.count("epoch 1 repeats") == 2, "albumentations alone repeats itself"


def installed(package: str, folder: Path) -> str:
    """The PYTHONPATH under which a package of the examples is installed."""
    site = folder / "site"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--target", str(site)),
            str(EXAMPLES / package),
        ],
        check=True,
        capture_output=True,
    )
    return os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])


def test_cutmix_in_a_dataloader(tmp_path: Path) -> None:
    printed = run("mixing_loader.py", tmp_path)
    assert "labels are the shares that are seen: True" in printed
    assert "two workers mix the same: True" in printed
    assert "the next epoch mixes others: True" in printed


def test_an_operation_of_ones_own_through_the_entry_point_group(tmp_path: Path) -> None:
    path = installed("own_operation", tmp_path)
    printed = run("own_operation/run.py", tmp_path, PYTHONPATH=path)
    drawn, measured = (float(part.split()[-1]) for part in printed.strip().split(","))
    assert drawn == pytest.approx(measured, abs=2e-3)
    assert 1.5 <= drawn <= 3.0


def test_a_transform_of_ones_own_through_the_entry_point_group(tmp_path: Path) -> None:
    path = installed("own_transform", tmp_path)
    printed = run("own_transform/run.py", tmp_path, PYTHONPATH=path).splitlines()
    drawn, measured = (float(word.strip(",")) for word in printed[0].split() if "." in word)
    assert drawn == pytest.approx(measured, abs=2e-3)
    assert printed[1] == "the contract of transforms holds"


def test_a_modality_of_ones_own_through_the_entry_point_group(tmp_path: Path) -> None:
    path = installed("own_modality", tmp_path)
    printed = run("own_modality/run.py", tmp_path, PYTHONPATH=path).splitlines()
    click, beat = (float(word) for word in printed[0].split() if "." in word)
    assert click == pytest.approx(beat, abs=0.02)
    assert printed[1] == "the contract of modalities holds"


def test_a_check_of_ones_own_through_the_entry_point_group(tmp_path: Path) -> None:
    path = installed("own_check", tmp_path)
    printed = run("own_check/run.py", tmp_path, PYTHONPATH=path).splitlines()
    assert all("accepted" in line and float(line.split()[-1]) >= 0.4 for line in printed[:4])
    assert any("after 1 draws" not in line for line in printed[:4]), "some draws were too dark"
    assert printed[4] == "the contract of checks holds"


def test_a_lane_of_ones_own_through_the_entry_point_group(tmp_path: Path) -> None:
    path = installed("own_lane", tmp_path)
    printed = run("own_lane/run.py", tmp_path, PYTHONPATH=path)
    assert "both lanes give the same mask: True" in printed
    assert "the contract of lanes holds" in printed


def test_an_encoder_of_ones_own_through_the_entry_point_group(tmp_path: Path) -> None:
    path = installed("own_encoder", tmp_path)
    printed = run("own_encoder/run.py", tmp_path, PYTHONPATH=path).splitlines()
    assert len(printed) == 4
    assert all("accepted" in line and float(line.split()[-1]) <= 0.15 for line in printed)
    assert any("strength 1," not in line for line in printed), "some draws were weakened"
