"""Point clouds: every format there and back, columns by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from syncaug.errors import ManifestError, SampleWarning
from syncaug.io import save_sample
from syncaug.io.points import read_points, write_points
from tests.io.material import Declared, load

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
    with pytest.raises(ManifestError, match="expected points with columns x, y, z, ring; got"):
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
    with pytest.raises(ManifestError, match=r"expected rows of 3 numbers: x, y, z; got shape"):
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


def scan(count: int = 400, *columns: str) -> np.ndarray:
    """Points as a spinning lidar gives them."""
    turn = GENERATOR.uniform(0, 2 * np.pi, count)
    far = np.abs(GENERATOR.normal(20, 12, count)) + 2
    known = {
        "x": far * np.cos(turn),
        "y": far * np.sin(turn),
        "z": GENERATOR.normal(-1, 1, count),
        "intensity": GENERATOR.random(count),
        "echo": GENERATOR.integers(0, 256, count),
        "ring": GENERATOR.integers(0, 32, count),
        "time": GENERATOR.uniform(0, 0.1, count),
    }
    return np.stack([known[name] for name in columns], axis=1).astype(np.float32)


PLAUSIBLE = [
    ("x", "y", "z"),
    ("x", "y", "z", "intensity"),
    ("x", "y", "z", "echo", "ring"),
    ("x", "y", "z", "intensity", "ring", "time"),
]


@pytest.mark.parametrize("columns", PLAUSIBLE)
def test_raw_clouds_of_the_declared_columns_pass_without_a_word(
    tmp_path: Path, columns: tuple[str, ...]
) -> None:
    cloud = scan(400, *columns)
    cloud[::7] *= np.float32(20)  # some points are far
    (tmp_path / "x.bin").write_bytes(cloud.tobytes())
    assert np.array_equal(load(tmp_path, "x.bin", "points", columns=columns), cloud)
    for odd in (np.zeros_like(cloud), cloud[:5], np.ones_like(cloud)):
        (tmp_path / "x.bin").write_bytes(odd.tobytes())
        load(tmp_path, "x.bin", "points", columns=columns)


@pytest.mark.parametrize(
    ("true", "declared"),
    [
        (("x", "y", "z", "echo", "ring"), ("x", "y", "z", "intensity")),
        (("x", "y", "z", "intensity"), ("x", "y", "z")),
        (("x", "y", "z", "intensity", "ring", "time"), ("x", "y", "z", "intensity", "ring")),
        (("x", "y", "z"), ("x", "y", "z", "intensity")),
    ],
)
def test_a_raw_cloud_of_other_columns_is_told_of(
    tmp_path: Path, true: tuple[str, ...], declared: tuple[str, ...]
) -> None:
    cloud = scan(420, *true)
    (tmp_path / "x.bin").write_bytes(cloud.tobytes())
    message = f"looks like rows of {len(true)} numbers, not of the {len(declared)} declared"
    with pytest.warns(SampleWarning, match=message):
        load(tmp_path, "x.bin", "points", columns=declared)


def test_a_raw_cloud_of_another_type_is_told_of(tmp_path: Path) -> None:
    doubles = scan(400, "x", "y", "z", "intensity").astype(np.float64)
    for odd in (doubles.tobytes(), (doubles * 1000).astype(np.int32).tobytes()[:1600] * 4):
        (tmp_path / "x.bin").write_bytes(odd)
        columns = ["x", "y", "z", "intensity"]
        with pytest.warns(SampleWarning, match="raw cloud"):
            load(tmp_path, "x.bin", "points", columns=columns)


def test_a_raw_cloud_whose_size_does_not_divide_is_refused_with_the_sizes(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(scan(33, "x", "y", "z", "echo", "ring").tobytes())
    message = (
        r"expected rows of 4 float32 numbers \(x, y, z, intensity\), 16 bytes each; got .*x.bin "
        r"of 660 bytes, which is 41.25 rows. Declare as many columns as it has: its size fits "
        r"3 or 5"
    )
    with pytest.raises(ManifestError, match=message):
        load(tmp_path, "x.bin", "points", columns=["x", "y", "z", "intensity"])


def test_a_raw_cloud_comes_out_as_a_raw_cloud(tmp_path: Path) -> None:
    streams = {"cloud": Declared("cloud", "points")}
    cloud = scan(20, "x", "y", "z")
    for source, name in (("in.bin", "cloud.bin"), ("in.npy", "cloud.npy")):
        values = save_sample(tmp_path, {"cloud": cloud}, streams, sources={"cloud": source})
        assert values == {"cloud": name}
        assert np.array_equal(load(tmp_path, name, "points"), cloud)
    wide = {"cloud": cloud.astype(np.float64)}
    assert save_sample(tmp_path, wide, streams, sources={"cloud": "in.bin"})["cloud"] == "cloud.npy"


def headers() -> dict[str, bytes]:
    """Headers of clouds that announce a thousand million points, before a few bytes."""
    ply = (
        "ply\nformat {} 1.0\nelement vertex {}\nproperty float x\nproperty float y\n"
        "property float z\nend_header\n"
    )
    pcd = (
        "# .PCD v0.7\nVERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH {1}\n"
        "HEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {1}\nDATA {0}\n"
    )
    forms = {
        ".ply": (ply, "ascii", "binary_little_endian"),
        ".pcd": (pcd, "ascii", "binary", "binary_compressed"),
    }
    return {
        f"{form}-{count}{suffix}": text.format(form, count).encode() + b"0 0 1\n1 2 3\n"
        for suffix, (text, *own) in forms.items()
        for form in own
        for count in (10**9, 10**30, -5)
    }


@pytest.mark.parametrize("name", headers())
def test_a_cloud_that_announces_more_than_it_holds_is_refused_at_once(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(headers()[name])
    with pytest.raises(ManifestError, match="damaged or holds no point: its header"):
        load(tmp_path, name, "points")


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("ascii_", [False, True])
@pytest.mark.parametrize("suffix", [".ply", ".pcd"])
def test_clouds_of_other_programs_pass(
    tmp_path: Path, suffix: str, ascii_: bool, compressed: bool
) -> None:
    from syncaug.backends import open3d

    o3d = open3d.load()
    cloud = o3d.t.geometry.PointCloud(o3d.core.Tensor.from_numpy(CLOUD[:, :3].copy()))
    path = tmp_path / f"x{suffix}"
    o3d.t.io.write_point_cloud(str(path), cloud, write_ascii=ascii_, compressed=compressed)
    assert np.allclose(load(tmp_path, path.name, "points"), CLOUD[:, :3], atol=1e-5)


def test_a_mesh_is_read_as_its_corners(tmp_path: Path) -> None:
    (tmp_path / "x.ply").write_text(
        "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n"
        "property float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n"
        "0 0 1\n1 2 3\n4 5 6\n3 0 1 2\n"
    )
    assert load(tmp_path, "x.ply", "points").tolist() == [[0, 0, 1], [1, 2, 3], [4, 5, 6]]


def _ply(form: str, columns: dict[str, str], data: dict[str, np.ndarray]) -> bytes:
    types = {"u1": "uchar", "i2": "short", "u2": "ushort", "u4": "uint", "f4": "float"}
    count = len(next(iter(data.values())))
    head = f"ply\nformat {form} 1.0\nelement vertex {count}\n"
    head += "".join(f"property {types[kind]} {name}\n" for name, kind in columns.items())
    if form == "ascii":
        rows = zip(*(data[name].tolist() for name in columns), strict=True)
        body = "".join(" ".join(map(str, row)) + "\n" for row in rows).encode()
    else:
        order = "<" if "little" in form else ">"
        table = np.zeros(count, [(name, order + kind) for name, kind in columns.items()])
        for name in columns:
            table[name] = data[name]
        body = table.tobytes()
    return head.encode() + b"end_header\n" + body


@pytest.mark.parametrize("form", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_whole_numbers_of_a_ply_are_read_exactly(tmp_path: Path, form: str) -> None:
    columns = dict.fromkeys("xyz", "f4") | {"ring": "u2", "height": "i2", "t": "u4"}
    data = {name: GENERATOR.random(20).astype(np.float32) for name in "xyz"}
    data["ring"] = GENERATOR.integers(0, 65536, 20).astype("u2")
    data["height"] = GENERATOR.integers(-500, 500, 20).astype("i2")
    data["t"] = GENERATOR.integers(1 << 31, 1 << 32, 20).astype("u4")
    (tmp_path / "x.ply").write_bytes(_ply(form, columns, data))
    for wanted in (["x", "y", "z", "ring", "height"], ["x", "y", "z", "t"]):
        cloud = load(tmp_path, "x.ply", "points", columns=wanted)
        assert cloud.dtype == (np.float64 if "t" in wanted else np.float32)
        assert np.array_equal(cloud, np.stack([data[name] for name in wanted], axis=1))


def test_whole_numbers_that_float32_would_move_are_float64(tmp_path: Path) -> None:
    stamps = 1_700_000_000_123_456_789 + np.arange(0, 12_000, 1_000).reshape(3, 4)[:, :1]
    cloud = np.concatenate([np.arange(9).reshape(3, 3), stamps], axis=1)
    columns = ["x", "y", "z", "t"]
    np.save(tmp_path / "x.npy", cloud)
    assert np.array_equal(load(tmp_path, "x.npy", "points", columns=columns), cloud.astype(float))
    np.save(tmp_path / "x.npy", cloud[:, :3])
    assert load(tmp_path, "x.npy", "points").dtype == np.float32


def test_names_of_columns_may_be_bytes(tmp_path: Path) -> None:
    cloud = GENERATOR.random((5, 4))
    np.savez(tmp_path / "x.npz", points=cloud, columns=np.array([b"z", b"y", b"x", b"ring"]))
    assert np.array_equal(load(tmp_path, "x.npz", "points"), cloud[:, [2, 1, 0]])


@pytest.mark.parametrize("left_out", [1, 40, 90])
@pytest.mark.parametrize("suffix", ["ply", "pcd"])
def test_a_cloud_in_ascii_whose_end_is_missing_is_refused(
    tmp_path: Path, suffix: str, left_out: int
) -> None:
    """open3d puts what happens to be in memory into the last row."""
    names = ("x", "y", "z", "intensity")
    rows = np.random.default_rng(1).normal(0, 9, (20, 4))
    ply = ["ply", "format ascii 1.0", "element vertex 20"]
    ply += [*(f"property float {name}" for name in names), "end_header"]
    pcd = ["VERSION 0.7", f"FIELDS {' '.join(names)}", "SIZE 4 4 4 4", "TYPE F F F F"]
    pcd += ["COUNT 1 1 1 1", "WIDTH 20", "HEIGHT 1", "POINTS 20", "DATA ascii"]
    lines = [
        *{"ply": ply, "pcd": pcd}[suffix],
        *(" ".join(f"{v:.9f}" for v in row) for row in rows),
    ]
    data = "\n".join([*lines, ""]).encode()
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data)
    whole = load(tmp_path, path.name, "points", columns=list(names))
    assert np.allclose(whole, rows, atol=1e-5)
    path.write_bytes(data.rsplit(b" ", 1)[0] + b"\n" if left_out == 1 else data[:-left_out])
    with pytest.raises(ManifestError, match=r"20 points, and \d of its numbers are missing"):
        load(tmp_path, path.name, "points", columns=list(names))
