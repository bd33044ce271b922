"""The training scripts learn, and go on after a stop to the same weights as without one."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.samples import ROOT

SCRIPTS = ROOT / "examples" / "training"
SIZES = {
    "image_caption": (5, 16),
    "film_sound_words": (4, 16),
    "camera_lidar": (4, 5),
    "robot_imu": (4, 8),
}
"""Script -> so many epochs of so many copies of the bundled data, in which its loss falls."""
LINES = 150


def script(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"training_{name}", SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def same(one: Any, other: Any) -> bool:
    """Whether two states hold the same numbers to the last bit."""
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def test_each_script_is_tried_and_short() -> None:
    assert {path.stem for path in SCRIPTS.glob("*.py")} == set(SIZES)
    for name in SIZES:
        lines = (SCRIPTS / f"{name}.py").read_text(encoding="utf-8").count("\n")
        assert lines < LINES, name


@pytest.mark.parametrize("name", SIZES)
def test_a_script_learns_and_resumes_to_the_same_weights(name: str, tmp_path: Path) -> None:
    epochs, copies = SIZES[name]
    run = script(name).main

    def trained(folder: str, epochs: int, *more: str) -> Any:
        size = ["--epochs", f"{epochs}", "--copies", f"{copies}", "--out", str(tmp_path / folder)]
        found = run([*size, *more])
        state = torch.load(tmp_path / folder / "last.pt", weights_only=True)
        assert state["found"] == found
        return state

    whole = trained("whole", epochs)
    assert whole["found"][-1] < 0.8 * whole["found"][0]
    stopped = trained("stopped", epochs - 2)
    assert not same(stopped["model"], whole["model"])
    assert same(trained("stopped", epochs, "--resume"), whole)


def test_workers_change_no_weight(tmp_path: Path) -> None:
    run = script("image_caption").main
    states = []
    for workers in ("0", "2"):
        size = ["--epochs", "2", "--copies", "4", "--workers", workers]
        run([*size, "--out", str(tmp_path / workers)])
        states.append(torch.load(tmp_path / workers / "last.pt", weights_only=True))
    assert same(*states)


def test_another_seed_gives_other_weights(tmp_path: Path) -> None:
    run = script("image_caption").main
    size = ["--epochs", "1", "--copies", "4", "--out", str(tmp_path)]
    assert run([*size, "--seed", "1"]) != run(size)


LEAST = dict.fromkeys(SIZES, 1) | {"film_sound_words": 2}
"""So many copies are needed: of one film there is nothing to tell it from."""

WRONG = {
    "no copies": (["--copies", "0"], "--copies: expected a whole number from {least} on; got"),
    "fewer than none": (["--copies", "-2"], "from {least} on; got -2"),
    "no epochs": (["--epochs", "0"], "--epochs: expected a whole number from 1 on; got 0"),
    "workers": (["--workers", "-1"], "--workers: expected a whole number from 0 on; got -1"),
    "a seed": (["--seed", "-1"], "--seed: expected a whole number from 0 on; got -1"),
    "a large seed": (["--seed", str(1 << 64)], "--seed: expected a whole number from 0 on; got 18"),
    "no number": (["--copies", "many"], "invalid int value: 'many'"),
    "no checkpoint": (["--resume"], "with last.pt to --resume; [Errno 2] No such file"),
}


@pytest.mark.parametrize("name", SIZES)
def test_a_script_refuses_options_that_cannot_be(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = script(name).main
    for arguments, told in WRONG.values():
        with pytest.raises(SystemExit) as ended:
            run(["--copies", str(LEAST[name]), *arguments, "--out", str(tmp_path / "run")])
        assert ended.value.code == 2
        assert told.format(least=LEAST[name]) in capsys.readouterr().err


@pytest.mark.parametrize("name", SIZES)
def test_a_script_refuses_what_is_no_checkpoint_of_its_own(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = script(name).main
    (tmp_path / "file").touch()
    torch.save({"found": [1.0], "model": {"of": torch.zeros(1)}}, tmp_path / "last.pt")
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "last.pt").write_bytes(b"PK\x03\x04 torn")
    for out in ("file", "", "torn"):
        with pytest.raises(SystemExit) as ended:
            run(["--copies", "2", "--resume", "--out", str(tmp_path / out)])
        assert ended.value.code == 2
        assert "expected a folder, with last.pt to --resume; " in capsys.readouterr().err


@pytest.mark.parametrize("name", SIZES)
def test_a_script_takes_the_fewest_copies(name: str, tmp_path: Path) -> None:
    copies = str(LEAST[name])
    found = script(name).main(["--copies", copies, "--epochs", "1", "--out", str(tmp_path)])
    assert len(found) == 1
    assert found[0] == found[0]
