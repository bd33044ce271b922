"""Runs and previews of which nothing is accepted: what they leave, and what they say of it."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

from syncaug.cli import cli

POLICY = """
syncaug: 1
sample: {{image: image, boxes: boxes}}
steps: [{{name: corner, uses: crop, with: {{area: 0.02, x: 1, y: 1}}}}]
checks: [{{boxes_visible: {{min_area: 0.5}}}}]
on_fail: {{retry: 2, then: {then}}}
"""
SAID = "check boxes_visible, such as: box 0 of 'boxes' keeps 0% of its area"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((64, 96, 3), 90, np.uint8))
    lines = [
        json.dumps({"key": key, "image": "a.png", "boxes": [[10, 10, 22, 22]]}) for key in "ab"
    ]
    (tmp_path / "data.jsonl").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    return tmp_path


def run(folder: Path, command: str, *options: str, then: str = "drop") -> Result:
    policy = folder / "policy.yaml"
    policy.write_text(POLICY.format(then=then), "utf-8", newline="\n")
    told = [command, str(policy), "--manifest", str(folder / "data.jsonl"), *options]
    return CliRunner().invoke(cli, told)


def test_a_folder_of_dropped_results_has_an_empty_manifest(folder: Path) -> None:
    out = folder / "out"
    done = run(folder, "apply", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "2 dropped" in done.stdout
    assert f"nothing was accepted: {SAID}" in done.stderr
    assert {path.name for path in out.iterdir()} == {"manifest.jsonl", "records.jsonl"}
    assert (out / "manifest.jsonl").read_bytes() == b""
    assert len((out / "records.jsonl").read_text("utf-8").splitlines()) == 2
    again = run(folder, "apply", "--out", str(out), "--resume")
    assert again.exit_code == 0, again.output
    assert "nothing to do" in again.stdout
    over = run(folder, "apply", "--out", str(out), "--overwrite", then="neutral")
    assert over.exit_code == 0, over.output
    assert len((out / "manifest.jsonl").read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("form", ["parquet", "webdataset"])
def test_dropped_results_make_no_part(folder: Path, form: str) -> None:
    out = folder / "out"
    done = run(folder, "apply", "--out", str(out), "--out-format", form)
    assert done.exit_code == 0, done.output
    assert f"nothing was accepted: {SAID}" in done.stderr
    assert {path.name for path in out.iterdir()} == {".syncaug-parts.jsonl", "records.jsonl"}


def test_a_run_that_skips_all_samples_leaves_a_folder_that_can_be_used(folder: Path) -> None:
    lines = (folder / "data.jsonl").read_text("utf-8")
    (folder / "data.jsonl").write_text(lines.replace("a.png", "b.png"), "utf-8", newline="\n")
    out = folder / "out"
    assert run(folder, "apply", "--out", str(out), "--on-error", "skip").exit_code == 1
    assert not list(out.iterdir())
    (folder / "data.jsonl").write_text(lines, "utf-8", newline="\n")
    assert run(folder, "apply", "--out", str(out), "--resume").exit_code == 0


@pytest.mark.parametrize(
    ("then", "said"),
    [("drop", "dropped"), ("neutral", "neutral"), ("keep_original", "kept original")],
)
def test_a_preview_tells_what_was_not_accepted(folder: Path, then: str, said: str) -> None:
    page = folder / "page.html"
    done = run(folder, "preview", "--out", str(page), "--variants", "3", then=then)
    assert done.exit_code == 0, done.output
    assert f"3 of 3 variants {said}: {SAID}" in done.stderr


def test_a_preview_of_accepted_variants_says_nothing_else(folder: Path) -> None:
    lines = (folder / "data.jsonl").read_text("utf-8").replace("[[10, 10, 22, 22]]", "[]")
    (folder / "data.jsonl").write_text(lines, "utf-8", newline="\n")
    done = run(folder, "preview", "--out", str(folder / "page.html"))
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
