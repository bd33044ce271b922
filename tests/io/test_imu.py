"""Inertial measurements from tables and arrays, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import ManifestError, SyncaugError
from syncaug.io.imu import read_imu, write_imu
from tests.io.material import load
from tests.samples import DATA

REAL = DATA / "imu" / "imu.csv"
DEGREES = {"units": "degrees_g"}
TABLE = "t [ms],acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z\n0,1,2,3,4,5,6\n10,1,2,3,4,5,7\n"


def test_a_real_table() -> None:
    value = read_imu(REAL, DEGREES)
    assert value["array"].shape == (len(REAL.read_text().splitlines()) - 1, 6)
    assert value["timestamps"][:2].tolist() == [0.0, 0.010078907]
    assert value["array"][0].tolist() == [
        0.01644619, -0.1517251, 0.1080897, 0.001015204, -0.02045836, 0.9970807,
    ]  # fmt: skip
    with_field = read_imu(REAL, {**DEGREES, "columns": ["mx", "ax", "Gyroscope Z (deg/s)"]})
    assert with_field["array"][0].tolist() == [15.3017, 0.001015204, 0.1080897]


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str, dtype: Any) -> None:
    value = read_imu(REAL, DEGREES)
    value = {**value, "array": value["array"].astype(dtype)}
    name = write_imu(tmp_path, "it", value, DEGREES, suffix=suffix)
    back = read_imu(tmp_path / name, DEGREES)
    assert np.array_equal(back["array"].astype(dtype), value["array"])
    assert np.array_equal(back["timestamps"], value["timestamps"])
    if suffix == ".csv":
        assert (tmp_path / name).read_text().startswith("Time (s),gx (deg/s),gy (deg/s)")


def test_names_units_and_times_of_other_tables(tmp_path: Path) -> None:
    (tmp_path / "it.csv").write_text(TABLE)
    value = load(tmp_path, "it.csv", "imu")
    assert value["array"].tolist() == [[4, 5, 6, 1, 2, 3], [4, 5, 7, 1, 2, 3]]
    assert value["timestamps"].tolist() == [0.0, 0.01]
    among = load(tmp_path, "it.csv", "imu", columns=["t", "ax"])
    assert among.tolist() == [[0.0, 1.0], [0.01, 1.0]]
    (tmp_path / "epoch.csv").write_text(
        TABLE.replace("\n0,", "\n1700000000000,").replace("\n10,", "\n1700000000010,")
    )
    assert load(tmp_path, "epoch.csv", "imu")["timestamps"].tolist() == pytest.approx([0, 0.01])


def test_a_declared_rate_gives_the_array_alone(tmp_path: Path) -> None:
    (tmp_path / "it.csv").write_text(TABLE)
    assert load(tmp_path, "it.csv", "imu", rate=100).shape == (2, 6)
    with pytest.raises(
        ManifestError, match="expected 200 rows in a second, as declared; got .*100"
    ):
        load(tmp_path, "it.csv", "imu", rate=200)


def test_arrays_without_names(tmp_path: Path) -> None:
    rows = np.arange(12, dtype=np.float32).reshape(2, 6)
    np.save(tmp_path / "it.npy", rows)
    assert np.array_equal(load(tmp_path, "it.npy", "imu", rate=100), rows)
    name = write_imu(tmp_path, "back", rows, {"rate": 100}, suffix=".npy")
    assert np.array_equal(load(tmp_path, name, "imu", rate=100), rows)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("it.csv", "", "it.csv, which is empty"),
        ("it.csv", "1,2,3\n4,5,6\n", "a table with a header; got"),
        ("it.csv", "t,ax\n", "a table with a header and rows"),
        ("it.csv", "t,ax\n1,2,3\n", "2 numbers in each row; got .*row 1 has 3"),
        ("it.csv", TABLE.replace("0,1,", "0,x,"), "a number as 'acc_x'; got .*row 1 has 'x'"),
        ("it.csv", "t,ax\n1,2\n", "columns gx, .* with t, ax; no 'gx'"),
        ("it.csv", TABLE.replace("acc_x", "acc_x (g)"), r"m/s2, as `units: si` says; got .*g\)"),
        ("it.txt", "hello", "inertial measurements"),
    ],
)
def test_damaged_tables(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ManifestError, match=f"stream 'it': expected .*{message}"):
        load(tmp_path, name, "imu")


def test_an_array_of_another_shape(tmp_path: Path) -> None:
    np.save(tmp_path / "it.npy", np.zeros((4, 5)))
    with pytest.raises(ManifestError, match=r"rows of 6 numbers: gx.* shape \(4, 5\)"):
        load(tmp_path, "it.npy", "imu")


def test_a_time_that_is_infinite_is_read_without_a_word(tmp_path: Path) -> None:
    rows = "1e999,0,0,0,0,0,9.8\n2,0,0,0,0,0,9.8\n"
    (tmp_path / "it.csv").write_text("time,gx,gy,gz,ax,ay,az\n" + rows)
    policy = load_policy("syncaug: 1\nsample: {it: imu}\nsteps: []\n")
    with pytest.raises(SyncaugError, match="'it'.*times"):
        policy({"it": load(tmp_path, "it.csv", "imu")}, key=1)


PLAIN = "time,gx,gy,gz,ax,ay,az\n0.00,1,2,3,4,5,9.8\n0.01,1,2,3,4,5,9.9\n0.02,1,2,3,4,5,9.7\n"


@pytest.mark.parametrize(
    "table",
    [
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", ";").replace(".", ","),
        PLAIN.replace("\n", "\r"),
        "# one device\n# of another maker, and more\n" + PLAIN,
        "".join(
            line + (",walking\n" if number else ",activity\n")
            for number, line in enumerate(PLAIN.splitlines())
        ),
        PLAIN.replace("time", "time_ms").replace("0.01,", "10,").replace("0.02,", "20,"),
    ],
)
def test_tables_as_people_write_them(tmp_path: Path, table: str) -> None:
    (tmp_path / "it.csv").write_text(table, newline="")
    value = load(tmp_path, "it.csv", "imu")
    assert value["array"][:, 5].tolist() == [9.8, 9.9, 9.7]
    assert np.allclose(value["timestamps"], [0.0, 0.01, 0.02])


@pytest.mark.parametrize(("apart", "column"), [(10, "time"), (5_000_000, "timestamp")])
def test_times_without_a_unit_that_are_hardly_seconds_are_refused(
    tmp_path: Path, apart: int, column: str
) -> None:
    lines = [f"{1_400_000_000 * apart + apart * row},1,2,3,4,5,9.8" for row in range(4)]
    (tmp_path / "it.csv").write_text(f"{column},gx,gy,gz,ax,ay,az\n" + "\n".join(lines))
    with pytest.raises(ManifestError, match=rf"Say the unit in the header: {column} \(ms\)"):
        load(tmp_path, "it.csv", "imu")
