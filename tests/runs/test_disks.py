"""A disk that is full or read-only, with and without workers, into every kind of place."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from syncaug.backends.codecs import encode_png
from tests.runs.material import digests
from tests.runs.running import applied, on_small_disk

COUNT = 20
POLICY = """syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps: [{name: mirror, uses: flip, p: 0.5}]
"""
FORMS = ("folder", "webdataset", "parquet")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], dict[str, dict[str, str]]]:
    """Options of a run over noise that no coder makes smaller, and what each format becomes."""
    folder = tmp_path_factory.mktemp("data")
    generator = np.random.default_rng(0)
    lines = []
    for number in range(COUNT):
        picture = generator.integers(0, 256, (100, 100, 3), dtype=np.uint8)
        (folder / f"{number}.png").write_bytes(encode_png(picture))
        values = {"image": f"{number}.png", "caption": "a cat on the left"}
        lines.append(json.dumps({"key": f"k{number}", **values}))
    (folder / "m.jsonl").write_text("\n".join(lines))
    (folder / "p.yaml").write_text(POLICY)
    options = [str(folder / "p.yaml"), "--manifest", str(folder / "m.jsonl")]
    options += ["--part-samples", "2", "--on-error", "skip"]
    whole = {}
    for form in FORMS:
        done = applied([*options, "--out-format", form], folder / form)
        assert done.returncode == 0, done.stderr
        whole[form] = _bytes(folder / form)
    return options, whole


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_ends_the_run_and_resume_goes_on(
    data: tuple[list[str], dict[str, dict[str, str]]], tmp_path: Path, form: str, workers: int
) -> None:
    options, whole = [*data[0], "--out-format", form, "--workers", str(workers)], data[1][form]
    out = tmp_path / "disk" / "out"
    out.parent.mkdir()
    done = on_small_disk(options, out, 400_000)
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert "No space left on device" in done.stderr
    assert "make room, then go on with --resume" in done.stderr
    assert "skipped" not in done.stderr, "it is the fault of no sample"
    assert done.stderr.count("\n") == 1
    assert not list(out.glob(".partial-*"))
    left = _bytes(out)
    assert 0 < len(left) < len(whole)
    assert left.items() <= whole.items() or form == "folder"
    done = applied([*options, "--resume"], out)
    assert done.returncode == 0, done.stderr
    assert "done before" in done.stdout
    assert _bytes(out) == whole


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("form", FORMS)
def test_a_read_only_folder_is_told(
    data: tuple[list[str], dict[str, dict[str, str]]], tmp_path: Path, form: str, workers: int
) -> None:
    options = [*data[0], "--out-format", form, "--workers", str(workers)]
    done = on_small_disk(options, tmp_path / "out", -1)
    assert done.returncode == 1
    assert f"{tmp_path / 'out'}: expected a folder to write to" in done.stderr
    assert "Read-only file system" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def _bytes(out: Path) -> dict[str, str]:
    """The digests of a folder, less what tells where its samples lie."""
    said = ("records.jsonl", ".syncaug-parts.jsonl")
    return {
        name: digest
        for name, digest in digests(out).items()
        if digest != "a folder" and name not in said
    }
