"""Every command says of an input that is not there where it was looked for, and what to do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from syncaug.cli import cli
from syncaug.missing import where_to_look

POLICY = """syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: [-20, 20]}}
"""

COMMANDS = {
    "validate POLICY": "validate lamps.yml",
    "explain POLICY": "explain lamps.yml",
    "draw POLICY": "draw lamps.yml --key 1",
    "diff OLD NEW": "diff good.yaml lamps.yml",
    "apply POLICY": "apply lamps.yml --manifest data.jsonl --out out",
    "lock POLICY": "lock lamps.yml",
    "apply --manifest": "apply good.yaml --manifest dta.jsonl --out out",
    "apply --in parquet": "apply good.yaml --in dta.parquet --out out",
    "apply --in-format huggingface": "apply good.yaml --in dta --in-format huggingface --out out",
    "apply --pattern": "apply good.yaml --in dta --pattern image={key}.png --out out",
    "apply --root": "apply good.yaml --dataset coco --root dta --out out",
    "apply a cut": "apply good.yaml --dataset lhotse --root dta --out out",
    "preview --manifest": "preview good.yaml --manifest dta.jsonl --out page.html",
    "lock --manifest": "lock good.yaml --manifest dta.jsonl",
    "check-determinism": "check-determinism good.yaml --manifest dta.jsonl",
    "stress --manifest": "stress good.yaml --manifest dta.jsonl --score cat --out out",
    "ablate --manifest": f"ablate good.yaml --manifest dta.jsonl --out out -- {sys.executable}",
    "fit-latent": "fit-latent good.yaml --manifest dta.jsonl --streams image,caption --out a.npz",
    "init": "init dta.jsonl",
    "stats": "stats recrds.jsonl",
    "replay": "replay recrds.jsonl --verify",
}


@pytest.mark.parametrize("near", [False, True])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_missing_input_is_told(
    command: str, near: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.yaml").write_text(POLICY, encoding="utf-8", newline="")
    if near:  # files that are spelt nearly so
        for name in ("data.jsonl", "records.jsonl", "data.parquet", "lamps.yaml"):
            Path(name).write_text("{}\n", encoding="utf-8", newline="")
        Path("data").mkdir()
    done = CliRunner().invoke(cli, COMMANDS[command].split())
    told = " ".join(f"{done.exception or ''} {done.output}".split())
    assert done.exit_code in (1, 2)
    assert "Traceback" not in told
    remedy = "id you mean " if near else f"in the folder {tmp_path}: check the path"
    assert remedy in told, told


def test_where_a_path_breaks_off(tmp_path: Path) -> None:
    (tmp_path / "Frames").mkdir()
    (tmp_path / "Frames" / "000001.png").touch()
    look = where_to_look(tmp_path / "frames" / "000001.png")
    assert look == f"Did you mean {tmp_path / 'Frames' / '000001.png'}?"
    assert where_to_look(tmp_path / "none" / "a" / "b.png") == (
        f"There is no 'none' in the folder {tmp_path}: check the path."
    )
    assert "There is no '000002.png'" in where_to_look(tmp_path / "Frames" / "000002.png")
    assert where_to_look(tmp_path / "Frames" / "000001.png" / "x") == (
        f"{tmp_path / 'Frames' / '000001.png'} is no folder: check the path."
    )


def test_a_relative_path_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.jsonl").touch()
    assert where_to_look("dta.jsonl") == "Did you mean data.jsonl?"
    assert where_to_look("./a.txt").startswith(f"There is no 'a.txt' in the folder {tmp_path}")


def test_odd_paths_are_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.jsonl").touch()
    for path in ("", "none/../data.jsonl"):
        assert where_to_look(path).startswith("Check the path; without its dots it is ")
    assert "There is no" in where_to_look("x" * 300)
    assert "There is no" in where_to_look("a\0b")
    assert where_to_look("../none/data.jsonl").startswith("There is no 'none' in the folder ")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    assert where_to_look("link") == f"It is a link to {tmp_path / 'gone'}, where nothing is: " + (
        "mend the link."
    )


@pytest.mark.parametrize(
    "command",
    [
        ("validate", "LONG.yaml"),
        ("apply", "LONG.yaml", "--manifest", "m.jsonl", "--out", "out"),
        ("apply", "p.yaml", "--manifest", "LONG", "--out", "out"),
        ("apply", "p.yaml", "--in", "LONG.tar", "--out", "out"),
        ("apply", "p.yaml", "--in", "LONG.parquet", "--out", "out"),
        ("apply", "p.yaml", "--manifest", "m.jsonl", "--out", "LONG"),
        ("apply", "p.yaml", "--dataset", "coco", "--root", "LONG", "--out", "out"),
        ("preview", "p.yaml", "--manifest", "LONG", "--out", "x.html"),
        ("preview", "p.yaml", "--manifest", "m.jsonl", "--out", "LONG.html"),
        ("replay", "LONG", "--out", "again"),
        ("stats", "LONG"),
        ("init", "LONG"),
    ],
)
def test_a_path_that_is_too_long_is_one_short_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, command: tuple[str, ...]
) -> None:
    from syncaug.cli import _run

    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text("syncaug: 1\nsample: {caption: text}\nsteps: []\n")
    (tmp_path / "m.jsonl").write_text('{"key": 1, "caption": "a"}\n')
    given = [word.replace("LONG", "x" * 5000) for word in command]
    monkeypatch.setattr(sys, "argv", ["syncaug", *given])
    assert _run() == 1
    told = capsys.readouterr()
    assert "bug of ours" not in told.err
    assert 0 < len(told.out + told.err) < 900
