"""What is given on the command line: paths that are empty, files that would be lost, no numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from syncaug.cli import COMMANDS, cli
from syncaug.cli.given import AnyPath

POLICY = """syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps: [{name: mirror, uses: flip, p: 0.5}]
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text(POLICY)
    Image.fromarray(np.zeros((12, 16, 3), np.uint8)).save(tmp_path / "a.png")
    line = {"key": "a", "image": "a.png", "caption": "a dog on the left"}
    (tmp_path / "m.jsonl").write_text(json.dumps(line) + "\n")
    assert run("apply", "policy.yaml", "--manifest", "m.jsonl", "--out", "out").exit_code == 0
    return tmp_path


WRITERS = {
    "preview": ("preview", "policy.yaml", "--manifest", "m.jsonl", "--out"),
    "html": ("apply", "policy.yaml", "--manifest", "m.jsonl", "--out", "new", "--html"),
    "summary of records": ("stats", "out", "--html"),
    "schema": ("schema", "--out"),
    "findings": ("validate", "policy.yaml", "--output"),
}


@pytest.mark.parametrize("command", WRITERS)
@pytest.mark.parametrize("name", ["policy.yaml", "m.jsonl", "a.png", "out/records.jsonl"])
def test_what_is_written_takes_the_place_of_no_other_file(
    folder: Path, command: str, name: str
) -> None:
    before = (folder / name).read_bytes()
    result = run(*WRITERS[command], name)
    if command == "findings" and name != "policy.yaml":
        return  # findings are text of any kind, and may replace such a file
    assert result.exit_code == 2, result.output
    assert name in result.stderr
    assert "it stays. Name another file" in result.stderr
    assert (folder / name).read_bytes() == before


@pytest.mark.parametrize("command", WRITERS)
def test_a_file_of_the_kind_is_written_again(folder: Path, command: str) -> None:
    words = [word if word != "new" else "new-1" for word in WRITERS[command]]
    (folder / "there").touch()
    for _ in range(2):
        more = ["--overwrite"] if "apply" in words else []
        result = run(*words, "there", *more)
        assert result.exit_code == 0, result.output
        assert (folder / "there").stat().st_size


def test_a_summary_and_a_space_are_told_from_others(folder: Path) -> None:
    words = ["apply", "policy.yaml", "--manifest", "m.jsonl", "--out", "new", "--overwrite"]
    for _ in range(2):
        assert run(*words, "--summary", "s.json").exit_code == 0
    (folder / "m.json").write_bytes((folder / "m.jsonl").read_bytes())
    assert "is not a summary or a page: it stays" in run(*words, "--summary", "m.json").stderr
    np.savez(folder / "own.npz", a=np.zeros(3))
    words = ["fit-latent", "policy.yaml", "--manifest", "m.jsonl", "--streams", "image,caption"]
    assert (
        "own.npz is there already and is not a latent space"
        in run(*words, "--out", "own.npz").stderr
    )


def _paths() -> list[tuple[str, click.Parameter]]:
    return [
        (name, parameter)
        for name in COMMANDS
        for parameter in import_module(f"syncaug.cli.{name.replace('-', '_')}").command.params
        if isinstance(parameter.type, click.Path)
    ]


@pytest.mark.parametrize(("name", "parameter"), _paths())
def test_an_empty_path_is_none(name: str, parameter: click.Parameter) -> None:
    assert isinstance(parameter.type, AnyPath), (name, parameter.name)
    with pytest.raises(click.BadParameter, match="expected a path; got an empty text"):
        parameter.type.convert("", parameter, None)


@pytest.mark.parametrize(
    "words",
    [
        ("apply", "policy.yaml", "--manifest", "m.jsonl", "--out", "new", "--severity", "nan"),
        ("apply", "policy.yaml", "--manifest", "m.jsonl", "--out", "new", "--progress", "NaN"),
        ("ablate", "policy.yaml", "--manifest", "m.jsonl", "--out", "new", "--amount", "nan"),
        ("draw", "policy.yaml", "--key", "a", "--attempt", "-1"),
    ],
)
def test_what_is_no_number_is_wrong_usage(folder: Path, words: Sequence[str]) -> None:
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert "is not in the range" in result.stderr


@pytest.mark.parametrize("out", ["new/folder/schema.json", "policy.yaml/schema.json"])
def test_a_schema_goes_into_new_folders_and_into_no_file(folder: Path, out: str) -> None:
    result = run("schema", "--out", out)
    assert result.exit_code == (2 if "yaml" in out else 0)
    assert "Traceback" not in result.output
