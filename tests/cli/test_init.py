"""`syncaug init`: a first policy that is valid, fits its samples, and says what it guessed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from syncaug.io.kinds import kinds_of
from syncaug.io.manifest import Entry
from syncaug.loading import check_policy
from tests.samples import DATA

ROOT = Path(__file__).parents[2]
MANIFESTS = sorted((ROOT / "examples" / "data").glob("*.jsonl"))


SOLID = [10.0, 2.0, -1.0, 4.1, 1.8, 1.5, -2.3]
"""A car: its centre, its sizes, its yaw."""


def init(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "syncaug", "init", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.stem)
def test_a_bundled_manifest_gets_a_policy_that_augments_it(manifest: Path) -> None:
    found = init(str(manifest))
    assert found.returncode == 0, found.stderr
    assert found.stderr.strip().endswith(": accepted."), found.stderr
    plan, problems, _ = check_policy(found.stdout)
    assert plan is not None
    assert not problems
    assert len(plan.steps) >= 2
    assert {stream.name for stream in plan.streams} <= set(
        json.loads(manifest.read_text().splitlines()[0])
    )


@pytest.mark.parametrize(
    ("values", "streams", "untouched"),
    [
        (
            {
                "points": "a.bin",
                "gt_boxes": [SOLID, SOLID],
                "names": ["a", "b"],
            },
            {
                "points": {"modality": "points", "columns": ["x", "y", "z", "intensity"]},
                "gt_boxes": {"modality": "boxes3d", "labels": "names"},
            },
            [],
        ),
        (
            {"image": "a.jpg", "caption": "a cat", "image_id": 4, "url": "http://x/y z"},
            {"image": {"modality": "image"}, "caption": {"modality": "text", "describes": "image"}},
            ["image_id", "url"],
        ),
        (
            {"image": "a.png", "seg_map": "b.png", "label": "cat"},
            {
                "image": {"modality": "image"},
                "seg_map": {"modality": "mask"},
                "label": {"modality": "label"},
            },
            [],
        ),
        (
            {
                "img": "a.png",
                "captions": ["a cat sits", "one cat"],
                "bbox": [[3, 4, 2, 1]],
                "category": ["cat"],
            },
            {
                "img": {"modality": "image"},
                "captions": {"modality": "text", "choose": "one", "describes": "img"},
                "bbox": {"modality": "boxes", "format": "coco", "labels": "category"},
            },
            [],
        ),
        (
            {"film": "a.mp4", "sound": {"path": "a.mp4", "track": 1}, "subtitles": "a.vtt"},
            {
                "film": {"modality": "video"},
                "sound": {"modality": "audio"},
                "subtitles": {"modality": "timed_text"},
            },
            [],
        ),
        (
            {"speech": "a.wav", "words": [{"start": 0, "end": 1, "text": "hi"}], "speaker": "f1"},
            {"speech": {"modality": "audio"}, "words": {"modality": "timed_text"}},
            ["speaker"],
        ),
        (
            {
                "image": "a.png",
                "landmarks": [[1, 2, 1], [3, 4, 0]],
                "boxes": [[0.1, 0.2, 0.3, 0.4]],
            },
            {
                "image": {"modality": "image"},
                "landmarks": {"modality": "keypoints"},
                "boxes": {"modality": "boxes", "format": "yolo"},
            },
            [],
        ),
        (
            {
                "image": "a.png",
                "file_name": "a.png",
                "bbox": [[3, 4, 2, 1], [5, 5, 1, 1]],
                "iscrowd": [0, 0],
                "segmentation": [[3, 4, 5, 4, 5, 5], [[5, 5, 6, 5, 6, 6]]],
                "cls": [7, 8],
                "tags": [1, 2],
            },
            {
                "image": {"modality": "image"},
                "bbox": {
                    "modality": "boxes",
                    "format": "coco",
                    "labels": ["cls", "iscrowd"],
                    "rows": "thing",
                },
                "segmentation": {"modality": "polygons", "rows": "thing"},
            },
            ["file_name", "tags"],
        ),
        (
            {"image": "a.png", "depth": "d.npy", "other_depth": "d.png"},
            {
                "image": {"modality": "image"},
                "depth": {"modality": "depth"},
                "other_depth": {"modality": "depth", "unit": 0.001},
            },
            [],
        ),
        (
            {"boxes": [[1, 2, 3, 4]], "caption": "a cat"},
            {"caption": {"modality": "text"}},
            ["boxes"],
        ),
    ],
)
def test_what_entries_are(values: dict[str, Any], streams: Any, untouched: list[str]) -> None:
    found = kinds_of([Entry(Path("m.jsonl"), 1, "k", values)])
    assert found.streams == streams
    assert sorted(found.untouched) == sorted(untouched)


def test_cameras_and_rows_in_files_are_what_they_hold(tmp_path: Path) -> None:
    camera = {"fx": 50.0, "fy": 50.0, "cx": 32.0, "cy": 24.0, "size": [64, 48]}
    held = {"calib": camera, "boxes": [[1, 2, 3, 4]], "meta": {"site": "a"}}
    for name, value in held.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value), "utf-8", newline="\n")
    values = {"image": "a.png", "gone": "gone.json", **{name: f"{name}.json" for name in held}}
    found = kinds_of([Entry(tmp_path / "m.jsonl", 1, "k", values)])
    assert found.streams["calib"] == {"modality": "camera"}
    assert found.streams["boxes"]["modality"] == "boxes"
    assert sorted(found.untouched) == ["gone", "meta"]


def test_what_some_samples_lack_is_optional() -> None:
    entries = [
        Entry(Path("m.jsonl"), line, line, values)
        for line, values in enumerate([{"image": "a.png"}, {"image": "b.png", "caption": "a cat"}])
    ]
    assert kinds_of(entries).streams["caption"]["optional"] is True


def test_guesses_stand_in_the_comments(tmp_path: Path) -> None:
    line = {"key": 1, "image": "a.png", "boxes": [[1, 2, 3, 4]]}
    (tmp_path / "m.jsonl").write_text(json.dumps(line) + "\n")
    found = init("m.jsonl", "--out", "p.yaml", "--name", "mine", cwd=tmp_path)
    assert found.returncode == 0
    assert "The first sample does not fit yet" in found.stderr  # there is no a.png
    text = (tmp_path / "p.yaml").read_text()
    assert "# Please check boxes: taken for corners (pascal_voc)" in text
    assert yaml.safe_load(text)["name"] == "mine"


@pytest.mark.parametrize(
    ("values", "doubts"),
    [
        ({"keypoints": [[[1, 2, 2], [3, 4, 1]]]}, ["keypoints: rows of x, y and visibility are"]),
        ({"obb": [[1, 2, 3, 4, 0.5]]}, ["obb: its numbers stay as they are"]),
        ({"boxes": [[1, 2, 3, 4]], "tags": ["a"]}, ["boxes: taken for", "tags: as long as boxes"]),
        ({"gt_boxes": [SOLID]}, ["gt_boxes: taken for x, y, z, dx, dy, dz, yaw"]),
        ({"boxes": [[10, 20, 300, 400, 0.9, 1, 3]]}, ["boxes: its numbers stay as they are"]),
        ({"poses": [[1, 2, 0.5, 0, 0, 0, 1]]}, ["poses: its numbers stay as they are"]),
        ({"gt_bboxes_3d": [SOLID]}, []),
        ({"tags": ["a"], "image_id": 3, "size": None, "license": "MIT"}, []),
    ],
)
def test_what_would_stay_behind_is_told(values: dict[str, Any], doubts: list[str]) -> None:
    found = kinds_of([Entry(Path("m.jsonl"), 1, "k", {"image": "a.png", **values})])
    assert len(found.doubts) == len(doubts)
    for doubt, begins in zip(found.doubts, doubts, strict=True):
        assert doubt.startswith(begins)


@pytest.mark.parametrize("name", ["observation.state", "joint_positions", "qvel", "ee_pose.eef"])
def test_a_robot_is_not_left_behind_by_a_mirror(tmp_path: Path, name: str) -> None:
    film = DATA / "webb" / "webb.mp4"
    line = {"key": 1, "head": str(film), name: "s.npy", "action": [[0.0] * 7] * 9}
    (tmp_path / "m.jsonl").write_bytes(json.dumps(line).encode())
    found = init(str(tmp_path / "m.jsonl"))
    assert found.returncode == 0, found.stderr
    policy = yaml.safe_load(found.stdout)
    assert set(policy["untouched"]) == {name, "action"}
    assert {step["uses"] for step in policy["steps"]}.isdisjoint({"flip", "trim", "speed"})
    assert {step["uses"] for step in policy["steps"]} >= {"crop", "light"}


def test_names_of_any_script_stay_readable_and_texts_alone_make_a_valid_policy(
    tmp_path: Path,
) -> None:
    line = {"key": 1, "вопрос": "что это такое?", "label": "cat"}
    (tmp_path / "m.jsonl").write_text(json.dumps(line) + "\n")
    found = init("m.jsonl", cwd=tmp_path)
    assert found.returncode == 0
    assert "  вопрос: text" in found.stdout
    assert "steps: []" in found.stdout
    plan, problems, _ = check_policy(found.stdout)
    assert plan is not None
    assert not problems


def test_an_empty_manifest(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text("")
    found = init("m.jsonl", cwd=tmp_path)
    assert found.returncode == 1
    assert "which is empty" in found.stderr


@pytest.mark.parametrize(
    ("lines", "arguments", "message"),
    [
        ('{"key": 1, "n": 3}\n', (), "no entry of the first sample is a stream: n"),
        ('{"key": 1, "image": "a.png"}\n', ("--out", "m.jsonl"), "exists already"),
        ('{"key": 1, "image": "a.png"}\n', ("--out", "no/p.yaml"), "cannot be written"),
    ],
)
def test_wrong_usage(tmp_path: Path, lines: str, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "m.jsonl").write_text(lines)
    found = init("m.jsonl", *arguments, cwd=tmp_path)
    assert found.returncode == 2
    assert message in " ".join(found.stderr.split())
    assert (tmp_path / "m.jsonl").read_text() == lines
