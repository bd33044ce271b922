"""Laser scans: .las and .laz are read, carried and come out in their kind."""

from __future__ import annotations

import warnings
from pathlib import Path

import laspy
import numpy as np
import pytest
from click.testing import CliRunner

from syncaug.cli import cli
from syncaug.io import read_manifest
from syncaug.io.points import read_points, write_points
from syncaug.io.problem import FileProblem
from tests.io.material import load

COLUMNS = ("x", "y", "z", "intensity", "r", "g", "b", "gps_time", "classification", "ring")
KINDS = (".las", ".laz")


def scan(count: int = 500) -> np.ndarray:
    """A scan far from its origin, as surveys are."""
    rng = np.random.default_rng(4)
    return np.column_stack(
        [
            rng.uniform(-80, 80, (count, 3)) + np.array([500_000, 4_100_000, 250]),
            rng.integers(0, 65_536, count),
            rng.integers(0, 65_536, (count, 3)) / 65_535,
            rng.uniform(3e8, 3e8 + 10, count),
            rng.integers(0, 256, count),
            rng.uniform(0, 32, count),
        ]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_scan_comes_back(tmp_path: Path, kind: str) -> None:
    points = scan()
    write_points(tmp_path / f"a{kind}", points, COLUMNS)
    back = read_points(tmp_path / f"a{kind}", COLUMNS)
    assert back.dtype == np.float64
    assert np.abs(back[:, :3] - points[:, :3]).max() <= 0.5e-7 * 1.01
    assert np.abs(back[:, 4:7] - points[:, 4:7]).max() <= 1e-15
    assert np.array_equal(back[:, [3, 7, 8, 9]], points[:, [3, 7, 8, 9]])


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_laspy_are_read(tmp_path: Path, kind: str) -> None:
    """An older format, a scale of a centimetre, and colours of 16 bits."""
    header = laspy.LasHeader(point_format=3, version="1.2")
    header.scales, header.offsets = [0.01] * 3, [1000.0, 2000, 0]
    file = laspy.LasData(header)
    file.points = laspy.ScaleAwarePointRecord.zeros(4, header=header)
    file.x = np.array([1000.01, 1001, 1002, 1003])
    file.y, file.z = np.full(4, 2000.0), np.array([0.25, 0.5, 0.75, 1])
    file.intensity = [1, 2, 3, 65_535]
    file.red = [0, 65_535, 256, 1]
    file.write(str(tmp_path / f"b{kind}"))
    found = read_points(tmp_path / f"b{kind}", ("x", "z", "y", "intensity", "r", "red"))
    assert np.allclose(found[:, 0], [1000.01, 1001, 1002, 1003], atol=1e-9)
    assert np.allclose(found[:, 1], [0.25, 0.5, 0.75, 1])
    assert found[:, 3].tolist() == [1, 2, 3, 65_535]
    assert found[1, 4] == 1
    assert found[2, 5] == 256


@pytest.mark.parametrize("kind", KINDS)
def test_apply_keeps_the_kind(tmp_path: Path, kind: str) -> None:
    points = scan()
    write_points(tmp_path / f"a{kind}", points, COLUMNS)
    policy = (
        "syncaug: 1\nsample:\n"
        f"  scan: {{modality: points, columns: [{', '.join(COLUMNS)}]}}\n"
        "steps: [{name: shift, uses: world_translate, with: {x: 2.5, y: -1}}]\n"
    )
    (tmp_path / "p.yaml").write_text(policy)
    (tmp_path / "m.jsonl").write_text(f'{{"key": 1, "scan": "a{kind}"}}\n')
    args = ["apply", tmp_path / "p.yaml", "--manifest", tmp_path / "m.jsonl", "--out"]
    done = CliRunner().invoke(cli, [*map(str, args), str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    name = next(read_manifest(tmp_path / "out" / "manifest.jsonl")).values["scan"]
    assert name.endswith(kind)
    back = read_points(tmp_path / "out" / name, COLUMNS)
    assert np.abs(back[:, :3] - points[:, :3] - [2.5, -1, 0]).max() <= 1.01e-7
    assert np.array_equal(back[:, [3, 7, 8, 9]], points[:, [3, 7, 8, 9]])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.999])
def test_a_torn_file_is_one_error(tmp_path: Path, kind: str, share: float) -> None:
    path = tmp_path / f"c{kind}"
    write_points(path, scan(), COLUMNS)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(FileProblem, match=r"expected a laser scan .* got .*c\.la[sz]"):
        read_points(path, COLUMNS)


def test_a_scan_without_points_is_refused(tmp_path: Path) -> None:
    write_points(tmp_path / "e.las", scan()[:0], COLUMNS)
    with pytest.raises(FileProblem, match="which holds no point"):
        read_points(tmp_path / "e.las", COLUMNS)


def test_a_number_that_no_dimension_holds_is_refused(tmp_path: Path) -> None:
    points = scan()[:, :4]
    points[0, 3] = 70_000
    with pytest.raises(FileProblem, match="'intensity'"):
        write_points(tmp_path / "f.las", points, COLUMNS[:4])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", [".ply", ".pcd", ".npz"])
def test_other_clouds_keep_their_kind(tmp_path: Path, kind: str) -> None:
    columns = ("x", "y", "z", "intensity")
    points = scan()[:, :4].astype(np.float32)
    write_points(tmp_path / f"a{kind}", points, columns)
    (tmp_path / "p.yaml").write_text(
        "syncaug: 1\nsample:\n  scan: {modality: points, columns: [x, y, z, intensity]}\n"
        "steps: [{name: shift, uses: world_translate, with: {x: 4}}]\n"
    )
    (tmp_path / "m.jsonl").write_text(f'{{"key": 1, "scan": "a{kind}"}}\n')
    args = ["apply", tmp_path / "p.yaml", "--manifest", tmp_path / "m.jsonl", "--out"]
    done = CliRunner().invoke(cli, [*map(str, args), str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    name = next(read_manifest(tmp_path / "out" / "manifest.jsonl")).values["scan"]
    assert name.endswith(kind)
    back = read_points(tmp_path / "out" / name, columns)
    assert np.allclose(back[:, 0], points[:, 0] + 4, atol=0.1)
    assert np.array_equal(back[:, 3], points[:, 3])


def test_colours_of_8_bits_in_a_scan_are_told(tmp_path: Path) -> None:
    for white, told in ((255, True), (65535, False)):
        scan = laspy.LasData(laspy.LasHeader(point_format=7, version="1.4"))
        scan.x = scan.y = scan.z = np.arange(50.0)
        scan.red = scan.green = np.full(50, white)
        scan.write(str(tmp_path / "x.las"))
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            load(tmp_path, "x.las", "points", columns=["x", "y", "z", "r", "g", "b"])
            load(tmp_path, "x.las", "points", columns=["x", "y", "z", "red"])
        assert [("probably of 8 bits" in str(each.message)) for each in seen] == [True] * told
