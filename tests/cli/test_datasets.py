"""`syncaug apply --dataset`: a data set in, one of the same kind out, and records that replay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner, Result

from syncaug.cli import cli
from syncaug.cli.origin import DATASETS
from syncaug.datasets import coco, kinds
from tests.samples import DATA

PETS = DATA / "pets"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(
        yaml.safe_dump(
            {
                "syncaug": 1,
                "sample": {
                    "image": "image",
                    "boxes": {
                        "modality": "boxes",
                        "format": "coco",
                        "labels": ["classes", "iscrowd", "area", "annotations"],
                        "ids": "ids",
                        "outside": "clip",
                    },
                    "captions": {"modality": "text", "describes": "image"},
                },
                "untouched": ["source", "polygons", "keypoints"],
                "steps": [{"name": "mirror", "uses": "flip", "p": 0.5}],
            }
        )
    )
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


def test_a_data_set_becomes_one_of_its_kind(policy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("apply", policy, "--dataset", "coco", "--root", PETS, "--out", out, "--variants", 3)
    assert done.exit_code == 0, done.output
    assert "6 accepted" in done.output
    results = coco.samples(out)
    assert len(results) == 6
    mirrored = 0
    first = coco.samples(PETS)[0]
    for result in (r for r in results if r["source"]["image"]["file_name"].startswith("cats")):
        if not np.array_equal(result["image"], first["image"]):
            mirrored += 1
            assert np.array_equal(result["image"], first["image"][:, ::-1])
            x, width = result["boxes"][0, 0], result["boxes"][0, 2]
            assert x == 750 - first["boxes"][0, 0] - width
    assert 0 < mirrored < 4
    assert len((out / "records.jsonl").read_text().splitlines()) == 6
    assert run("replay", out / "records.jsonl", "--verify", "--manifest", PETS).exit_code == 0
    again = tmp_path / "again"
    done = run("replay", out / "records.jsonl", "--out", again, "--manifest", PETS)
    assert done.exit_code == 0, done.output
    assert {path.relative_to(again) for path in again.rglob("*") if path.is_file()} == {
        path.relative_to(out) for path in out.rglob("*") if path.is_file()
    }
    table = "annotations/instances_pets.json"
    assert (again / table).read_bytes() == (out / table).read_bytes()


def test_a_changed_result_is_told(policy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("apply", policy, "--dataset", "coco", "--root", PETS, "--out", out)
    table = out / "annotations" / "instances_pets.json"
    table.write_text(table.read_text().replace("cats", "dogs"))
    done = run("replay", out / "records.jsonl", "--verify", "--manifest", PETS)
    assert done.exit_code == 1
    assert "annotations/instances_pets.json" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "give --manifest FILE, or --dataset KIND and --root FOLDER"),
        (("--dataset", "coco"), "--dataset KIND and --root FOLDER go together"),
        (("--root", "x"), "give --manifest FILE, or --dataset"),
        (("--manifest", "m", "--dataset", "coco", "--root", "x"), "give --manifest FILE, or"),
        (("--manifest", "m", "--split", "val"), "--split goes with --dataset"),
        (("--dataset", "coco", "--root", "x", "--overwrite"), "--overwrite goes with --manifest"),
        (("--dataset", "voc", "--root", "x"), "'voc' is not one of 'coco', 'films', 'flickr30k'"),
    ],
)
def test_wrong_usage_is_told(
    policy: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = run("apply", policy, "--out", tmp_path / "out", *arguments)
    assert done.exit_code == 2
    assert told in done.output


def test_a_folder_that_is_none_is_told(policy: Path, tmp_path: Path) -> None:
    done = run(
        "apply", policy, "--dataset", "coco", "--root", tmp_path / "x", "--out", tmp_path / "o"
    )
    assert done.exit_code == 1
    assert not (tmp_path / "o").exists()


def test_the_command_knows_every_kind() -> None:
    assert DATASETS == kinds.KINDS


def test_a_preview_shows_a_sample_of_a_data_set(tmp_path: Path) -> None:
    policy = {"syncaug": 1, "sample": coco.streams(PETS), "untouched": ["source"]}
    policy["steps"] = [{"name": "mirror", "uses": "flip"}]
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(policy))
    page = tmp_path / "page.html"
    asked = ["preview", str(tmp_path / "policy.yaml"), "--dataset", "coco", "--root", str(PETS)]
    key = coco.samples(PETS).keys[-1]
    found = CliRunner().invoke(cli, [*asked, "--key", str(key), "--out", str(page)])
    assert found.exit_code == 0, found.output
    assert f"policy: {key}" in page.read_text()
    found = CliRunner().invoke(cli, [*asked, "--key", "lost", "--out", str(page)])
    assert found.exit_code == 2
    assert "has no sample 'lost'" in found.output
