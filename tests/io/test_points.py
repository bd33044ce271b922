"""Point clouds: every format there and back, columns by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from syncaug.errors import ManifestError
from syncaug.io.points import read_points, write_points
from tests.io.material import load

GENERATOR = np.random.default_rng(2)
COLUMNS = ("x", "y", "z", "r", "g", "b", "intensity")
CLOUD = GENERATOR.random((50, 7)).astype(np.float32)


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".bin", ".ply", ".pcd"])
def test_clouds_come_back_exactly(tmp_path: Path, suffix: str) -> None:
    columns = ("x", "y", "z", "intensity") if suffix == ".pcd" else COLUMNS
    cloud = CLOUD[:, : len(columns)]
    path = tmp_path / f"cloud{suffix}"
    write_points(path, cloud, columns)
    back = read_points(path, columns)
    assert back.dtype == np.float32
    assert np.array_equal(back, cloud)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".npz", ".ply"])
def test_the_declared_columns_are_chosen_by_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cloud{suffix}"
    write_points(path, CLOUD, COLUMNS)
    lidar = load(tmp_path, path.name, "points", columns=["x", "y", "z", "intensity"])
    assert np.array_equal(lidar, CLOUD[:, [0, 1, 2, 6]])
    assert lidar.flags.c_contiguous
    assert np.array_equal(load(tmp_path, path.name, "points"), CLOUD[:, :3])
    with pytest.raises(ManifestError, match="expected points with columns x, y, z, ring; came"):
        load(tmp_path, path.name, "points", columns=["x", "y", "z", "ring"])


def test_colours_of_8_bits_become_fractions(tmp_path: Path) -> None:
    (tmp_path / "x.ply").write_text(
        "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\n"
        "property float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\n"
        "end_header\n0 0 1 255 0 51\n1 2 3 0 255 102\n"
    )
    cloud = load(tmp_path, "x.ply", "points", columns=["x", "y", "z", "red", "green", "blue"])
    expected = np.array([[0, 0, 1, 1, 0, 0.2], [1, 2, 3, 0, 1, 0.4]], np.float32)
    assert np.allclose(cloud, expected, atol=1e-7)


def test_inline_points(tmp_path: Path) -> None:
    cloud = load(tmp_path, [[0, 1, 2], [3, 4, 5.5]], "points")
    assert cloud.dtype == np.float32
    assert cloud.tolist() == [[0, 1, 2], [3, 4, 5.5]]
    with pytest.raises(ManifestError, match=r"expected rows of 3 numbers: x, y, z; came shape"):
        load(tmp_path, [[0, 1]], "points")


@pytest.mark.parametrize(
    ("array", "came"),
    [
        (np.zeros((4, 5), np.float32), r"float32 with shape \(4, 5\)"),
        (np.zeros(3, np.float32), r"float32 with shape \(3,\)"),
        (np.zeros((4, 3), np.complex128), r"complex128 with shape"),
        (np.array([["a", "b", "c"]]), "<U1 with shape"),
    ],
)
def test_arrays_of_another_form_are_refused(tmp_path: Path, array: np.ndarray, came: str) -> None:
    np.save(tmp_path / "x.npy", array)
    with pytest.raises(ManifestError, match=f"points of shape Nx3 with columns x, y, z; .*{came}"):
        load(tmp_path, "x.npy", "points")


@pytest.mark.parametrize("suffix", [".ply", ".pcd"])
@pytest.mark.parametrize("content", [b"no cloud at all", b"ply\nformat ascii 1.0\nend_header\n"])
def test_damaged_clouds_are_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    (tmp_path / f"x{suffix}").write_bytes(content)
    with pytest.raises(ManifestError, match="which is damaged or holds no point"):
        load(tmp_path, f"x{suffix}", "points")
