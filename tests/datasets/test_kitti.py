"""KITTI's object benchmark: real frames in its files, read and written."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from syncaug import Augmenter, ManifestError, load_policy
from syncaug.datasets import kitti
from tests.datasets.living_room import write_kitti


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kitti") / "room"
    write_kitti(root)
    return root


def projected(sample: dict) -> np.ndarray:
    """Where the points of a scan stand in the picture."""
    points = np.asarray(sample["points"])
    rows = np.c_[points[:, :3], np.ones(len(points))] @ np.asarray(sample["camera"]["P"]).T
    return rows[:, :2] / rows[:, 2:]


def test_scans_and_labels_meet_their_picture(room: Path) -> None:
    """The room's points come from pixels of every fourth column and every third row."""
    for sample in kitti.samples(room):
        across, down = projected(sample).T
        assert np.abs(across - 4 * np.round(across / 4)).max() < 2e-3
        assert np.abs(down - 3 * np.round(down / 3)).max() < 2e-3
        feet = sample["boxes3d"][:2]
        inside = (
            np.abs(sample["points"][:, None, :3] - feet[:, :3]) < feet[:, [5, 3, 4]] / 2 + 0.9
        ).all(-1)
        assert inside.any(0).all()


def test_files_come_back_to_the_byte(room: Path, tmp_path: Path) -> None:
    kitti.write(kitti.samples(room), tmp_path / "out")
    again = kitti.samples(tmp_path / "out")
    assert again.keys == ("000000", "000001")
    for first, second in zip(kitti.samples(room), again, strict=True):
        for name in ("image", "points", "boxes", "boxes3d"):
            assert np.array_equal(first[name], second[name], equal_nan=name == "boxes3d"), name
        assert np.array_equal(first["camera"]["P"], second["camera"]["P"])
        for name in ("classes", "truncated", "occluded"):
            assert first[name] == second[name]
    for path in sorted((room / "training" / "velodyne").iterdir()):
        written = tmp_path / "out" / "training" / "velodyne" / path.name
        assert written.read_bytes() == path.read_bytes()
    assert (tmp_path / "out" / "ImageSets" / "train.txt").read_text() == "000000\n000001\n"


def test_lines_are_those_of_the_benchmark(room: Path, tmp_path: Path) -> None:
    """Every field has the value that it had, alpha among them, which is worked out anew."""
    kitti.write(kitti.samples(room), tmp_path / "out")
    for path in sorted((room / "training" / "label_2").iterdir()):
        before = [line.split() for line in path.read_text().splitlines()]
        written = tmp_path / "out" / "training" / "label_2" / path.name
        after = [line.split() for line in written.read_text().splitlines()]
        assert [row[0] for row in after] == [row[0] for row in before]
        numbers = [[float(field) for field in row[1:]] for row in (*before, *after)]
        assert np.allclose(numbers[: len(before)], numbers[len(before) :], atol=2e-6)


def test_several_results_of_a_frame_have_numbers_of_their_own(room: Path, tmp_path: Path) -> None:
    samples = list(kitti.samples(room))
    kitti.write([*samples, *samples], tmp_path / "out")
    keys = kitti.samples(tmp_path / "out").keys
    assert keys == ("000000", "000001", "1000000", "1000001")


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (
            "label_2/000000.txt",
            "0 1 Car" + " 1" * 14 + "\n",
            "got 17. The tracking benchmark has a",
        ),
        ("label_2/000000.txt", "Car 0 0\n", "label_2/000000.txt:1: expected 15 fields"),
        ("label_2/000000.txt", "Car" + " x" * 14 + "\n", "expected numbers behind the type"),
        ("label_2/000000.txt", "Car" + " nan" * 14 + "\n", "expected finite numbers"),
        ("calib/000000.txt", "P0: 1 2 3\n", "P0: expected 12 finite numbers; got 3"),
        ("calib/000000.txt", "P0: " + "1 " * 12 + "\n", "expected the matrix P2; got P0"),
        ("calib/000000.txt", "P2: " + "1 " * 12 + "\n", "expected Tr_velo_to_cam beside scans"),
        ("velodyne/000000.bin", "abc", "rows of 4 float32 numbers"),
    ],
)
def test_a_bad_file_is_one_error(tmp_path: Path, file: str, text: str, told: str) -> None:
    write_kitti(tmp_path, 1)
    (tmp_path / "training" / file).write_text(text)
    with pytest.raises(ManifestError, match=told):
        kitti.samples(tmp_path)[0]


def test_what_is_no_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="got no image_2"):
        kitti.samples(tmp_path)
    (tmp_path / "image_2").mkdir()
    with pytest.raises(ManifestError, match="expected images"):
        kitti.samples(tmp_path)


def test_a_sample_without_its_calibration_is_refused(room: Path, tmp_path: Path) -> None:
    sample = kitti.samples(room)[0]
    sample["source"] = {"key": "000000"}
    with pytest.raises(ManifestError, match="sample '000000': expected Tr_velo_to_cam"):
        kitti.write([sample], tmp_path / "out")


def policy_of(root: Path, **step: object) -> Augmenter:
    return load_policy(
        {
            "syncaug": 1,
            "sample": kitti.streams(root),
            "untouched": ["source"],
            "steps": [{"name": "it", **step}],
        }
    )


def test_scores_stay_with_their_rows(tmp_path: Path) -> None:
    write_kitti(tmp_path / "in", 1)
    path = tmp_path / "in" / "training" / "label_2" / "000000.txt"
    lines = path.read_text().splitlines()
    path.write_text("".join(f"{line} 0.{place}5\n" for place, line in enumerate(lines)))
    sample = kitti.samples(tmp_path / "in")[0]
    scores = dict(zip(map(tuple, np.round(sample["boxes3d"], 3)), sample["scores"], strict=True))
    policy = policy_of(tmp_path / "in", uses="crop", **{"with": {"area": 0.2, "points": "keep"}})
    kept = 0
    for key in range(6):
        out = policy(sample, key=key)
        kitti.write([out], tmp_path / f"out{key}")
        again = kitti.samples(tmp_path / f"out{key}")[0]
        kept += len(again["boxes"])
        if len(again["boxes"]):
            assert again["scores"] == out["scores"]
        for row, score in zip(out["boxes3d"], out["scores"], strict=True):
            if not np.isnan(row).any():
                assert scores[tuple(np.round(row, 3))] == score
    assert 0 < kept < 6 * len(lines)


def test_one_file_with_scores_among_labels_is_refused(room: Path, tmp_path: Path) -> None:
    shutil.copytree(room, tmp_path / "in")
    path = tmp_path / "in" / "training" / "label_2" / "000001.txt"
    path.write_text("".join(f"{line} 0.5\n" for line in path.read_text().splitlines()))
    with pytest.raises(ManifestError, match=r"000001.txt: expected 15 fields .* got 16"):
        kitti.samples(tmp_path / "in")[1]


@pytest.mark.parametrize("text", ["", "\n", "\n\n"])
def test_a_frame_with_nothing_in_it_comes_back(room: Path, tmp_path: Path, text: str) -> None:
    """Empty label files and empty scans are frames without objects and without returns."""
    shutil.copytree(room, tmp_path / "in")
    folder = tmp_path / "in" / "training"
    (folder / "label_2" / "000000.txt").write_text(text)
    (folder / "velodyne" / "000001.bin").write_bytes(b"")
    policy = policy_of(tmp_path / "in", uses="flip")
    outs = [policy(s, key=s["source"]["key"]) for s in kitti.samples(tmp_path / "in")]
    kitti.write(outs, tmp_path / "out")
    first, second = kitti.samples(tmp_path / "out")
    assert first["boxes"].shape == (0, 4)
    assert first["boxes3d"].shape == (0, 7)
    assert len(first["points"])
    assert len(second["boxes"])
    assert second["points"].shape == (0, 4)


def test_hidden_files_beside_those_of_a_data_set_are_left_alone(tmp_path: Path) -> None:
    """macOS leaves one beside each file on disks of other systems."""
    write_kitti(tmp_path, 2)
    keys = kitti.samples(tmp_path).keys
    for path in [*tmp_path.rglob("*.png"), *tmp_path.rglob("*.txt")]:
        (path.parent / f"._{path.name}").write_bytes(b"\0\5\x16\7")
    assert kitti.samples(tmp_path).keys == keys
    assert len(list(kitti.samples(tmp_path))) == 2
