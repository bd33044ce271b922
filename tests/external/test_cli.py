"""The command line tells what packages bring."""

from __future__ import annotations

from click.testing import CliRunner

from syncaug.cli import cli
from tests.external.conftest import Install
from tests.external.test_loading import SHAKE


def told(*arguments: str) -> str:
    return CliRunner().invoke(cli, list(arguments)).output


def test_doctor_lists_what_packages_bring_and_what_is_hidden(install: Install) -> None:
    install("syncaug.transforms", "shake", SHAKE)
    install("syncaug.checks", "similarity_of_theirs", "", name="similarity")
    printed = told("doctor", "--quick")
    assert "transform shake: of syncaug-shake 1.0\n" in printed
    hidden = printed.split("check similarity: of syncaug-similarity_of_theirs 1.0\n")[1]
    assert hidden.strip() == "hidden by the library's own of that name: rename it"


def test_ops_describes_a_transform_of_a_package(install: Install) -> None:
    install("syncaug.transforms", "shake", SHAKE)
    assert "Move the picture as an unsteady hand does." in told("ops")
    assert "How far the picture moves" in told("ops", "shake")


def test_ops_lists_all_beside_packages_that_are_broken(install: Install) -> None:
    install("syncaug.transforms", "shake", SHAKE)
    install("syncaug.transforms", "torn", "SPEC = {}\ndef maps(p, v): ...")
    install("syncaug.checks", "leaving", "raise SystemExit(3)")
    install("syncaug.operations", "lost", "import nowhere_at_all")
    done = CliRunner().invoke(cli, ["ops"])
    assert done.exit_code == 0
    for name in ("shake", "flip", "albumentations.GaussNoise"):
        assert f"\n{name} " in f"\n{done.stdout}"
    assert "left out: transform 'torn' of syncaug-torn 1.0: SPEC lacks 'name'" in done.stderr
    assert "left out: check 'leaving' of syncaug-leaving 1.0" in done.stderr
    assert "left out: operations 'lost' of syncaug-lost 1.0" in done.stderr
    assert "flip: " in told("ops", "flip")
    alone = CliRunner().invoke(cli, ["ops", "torn"])
    assert "of syncaug-torn 1.0" in str(alone.exception)
