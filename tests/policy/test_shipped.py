"""Shipped policies are found by their names, from every folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from syncaug import PolicyError, load_policy
from syncaug.cli import cli
from syncaug.policy.shipped import shipped_names, shipped_policy

ROOT = Path(__file__).parents[2]
OWN = "syncaug: 1\nname: mine\nsample: {image: image}\nsteps: [{name: m, uses: flip}]\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_shipped_policy_has_a_name() -> None:
    folder = ROOT / "policies"
    paths = {
        path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.yaml")
    }
    assert set(shipped_names()) == paths.keys()
    assert len(paths) > 10
    for name, path in paths.items():
        assert Path(shipped_policy(name)).samefile(path)


def test_a_name_loads_the_policy_and_commands_take_it() -> None:
    policy = load_policy("pets", seed=3)
    assert policy.plan.fingerprint == load_policy(ROOT / "policies" / "pets.yaml").plan.fingerprint
    for command in (["validate", "pets"], ["explain", "pets"], ["draw", "pets", "--key", "1"]):
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == 0, done.output


def test_a_file_of_the_name_is_meant_and_a_folder_is_not(elsewhere: Path) -> None:
    (elsewhere / "pets").mkdir()  # results of an earlier run
    assert load_policy("pets").plan.name == "pets"
    (elsewhere / "film").write_text(OWN, encoding="utf-8")
    assert load_policy("film").plan.name == "mine"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("pets.yaml", "syncaug brings a policy of this name: pets"),
        ("policies/pets.yaml", "syncaug brings a policy of this name: pets"),
        ("petz", "did you mean 'pets'?"),
        ("quite_another", "There is no 'quite_another' in the folder HERE: check the path."),
        ("../policies/pets", "syncaug brings a policy of this name: pets"),
    ],
)
def test_what_is_no_file_is_refused_with_the_name(name: str, hint: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(name)
    (problem,) = caught.value.problems
    assert problem.code == "SA101"
    assert problem.hint == hint.replace("HERE", os.getcwd())
