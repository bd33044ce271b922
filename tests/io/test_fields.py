"""Pictures of numbers in files: read as data sets write them, and written back in their kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from syncaug import ManifestError, load_policy
from syncaug.io import load_sample, read_manifest, save_sample

H, W = 8, 12


def flow() -> Any:
    """Multiples of 1/64, of which some are not known."""
    out = np.random.default_rng(1).integers(-500, 500, (H, W, 2)).astype(np.float32) / 64.0
    out[2, 3:5] = np.nan
    return out


def _kitti(path: Path, vectors: Any) -> None:
    """As KITTI's development kit writes them: u and v times 64 from 32768 on, and validity."""
    known = np.isfinite(vectors).all(axis=-1)
    levels = np.zeros((H, W, 3), np.uint16)
    levels[..., :2] = np.where(known[..., None], np.nan_to_num(vectors) * 64 + 32768, 0)
    levels[..., 2] = known
    cv2.imwrite(str(path), levels[..., ::-1])  # OpenCV takes blue first


def _middlebury(path: Path, vectors: Any) -> None:
    with path.open("wb") as file:
        np.array([202021.25], np.float32).tofile(file)
        np.array([W, H], np.int32).tofile(file)
        np.where(np.isnan(vectors), np.float32(1.666e9), vectors).tofile(file)


def _carried(folder: Path, stream: str, file: str, out: Path) -> tuple[Any, Any, str]:
    """A stream read from a file and written again: both arrays, and the new file's name."""
    (folder / "data.jsonl").write_text(json.dumps({"key": "a", "it": file}) + "\n", "utf-8")
    policy = load_policy(f"syncaug: 1\nsample: {{it: {stream}}}\nsteps: []\n")
    streams = {each.name: each for each in policy.plan.streams}
    entry = next(iter(read_manifest(folder / "data.jsonl")))
    read = load_sample(entry, streams)
    values = save_sample(out, read, streams, sources=entry.values)
    (out / "data.jsonl").write_text(json.dumps({"key": "a", **values}) + "\n", "utf-8")
    again = load_sample(next(iter(read_manifest(out / "data.jsonl"))), streams)
    return read["it"], again["it"], values["it"]


@pytest.mark.parametrize(
    ("stream", "suffix"),
    [
        ("flow", ".flo"),
        ("flow", ".png"),
        ("flow", ".npy"),
        ("flow", ".npz"),
        ("disparity", ".pfm"),
        ("disparity", ".png"),
        ("disparity", ".npy"),
        ("heatmap", ".npy"),
        ("heatmap", ".npz"),
        ("normals", ".npy"),
        ("normals", ".png"),
    ],
)
def test_files_are_read_and_written_in_their_kind(stream: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"it{suffix}"
    wanted = _written(path, stream)
    read, again, name = _carried(tmp_path, stream, path.name, tmp_path / "out")
    assert read.dtype == np.float32
    bound = 0.02 if (stream, suffix) == ("normals", ".png") else 0.0
    assert np.array_equal(np.isnan(read), np.isnan(wanted))
    assert np.nanmax(np.abs(read - wanted)) <= bound
    assert np.array_equal(read, again, equal_nan=True)
    kept = {".flo", ".pfm"} | ({".png"} if stream != "normals" else set())
    assert Path(name).suffix == (suffix if suffix in kept else ".npy")


def _written(path: Path, stream: str) -> Any:
    """A file of the kind that its suffix says, and the numbers in it."""
    generator = np.random.default_rng(2)
    if stream == "flow":
        numbers = flow()
    elif stream == "disparity":
        numbers = generator.integers(0, 60000, (H, W)).astype(np.float32) / 256.0
    elif stream == "normals":
        numbers = generator.normal(0, 1, (H, W, 3))
        numbers = (numbers / np.linalg.norm(numbers, axis=-1, keepdims=True)).astype(np.float32)
    else:
        numbers = generator.random((H, W, 4)).astype(np.float32)
    if path.suffix == ".npy":
        np.save(path, numbers)
    elif path.suffix == ".npz":
        np.savez(path, other=np.zeros(3), **{stream: numbers})
    elif path.suffix == ".flo":
        _middlebury(path, numbers)
    elif path.suffix == ".pfm":
        cv2.imwrite(str(path), numbers)
    elif stream == "flow":
        _kitti(path, numbers)
    elif stream == "disparity":
        cv2.imwrite(str(path), np.rint(numbers * 256).astype(np.uint16))
    else:
        cv2.imwrite(str(path), np.rint((numbers[..., ::-1] + 1) * 127.5).astype(np.uint8))
    return numbers


def test_what_no_png_holds_is_written_as_an_array(tmp_path: Path) -> None:
    _kitti(tmp_path / "it.png", flow())
    (tmp_path / "data.jsonl").write_text('{"key": "a", "it": "it.png"}\n', "utf-8")
    policy = load_policy(
        "syncaug: 1\nsample: {it: flow}\nsteps: [{name: a, uses: scale, with: {factor: 1.5}}]\n"
    )
    streams = {each.name: each for each in policy.plan.streams}
    entry = next(iter(read_manifest(tmp_path / "data.jsonl")))
    out = policy(load_sample(entry, streams), key="a")
    values = save_sample(tmp_path / "out", out, streams, sources=entry.values)
    assert values["it"].endswith(".npy")
    assert np.array_equal(np.load(tmp_path / "out" / values["it"]), out["it"], equal_nan=True)


@pytest.mark.parametrize(
    ("stream", "name", "content", "told"),
    [
        ("flow", "it.flo", b"PIEH\x02", "no .flo file"),
        ("flow", "it.flo", np.float32(202021.25).tobytes() + b"\x01\0\0\0\x01\0\0\0", "of 1x1"),
        ("flow", "it.npz", b"PK\x03\x04", "damaged"),
        ("disparity", "it.pfm", b"P6\n1 1\n255\nabc", "no .pfm file"),
        ("disparity", "it.pfm", b"Pf\n4 4\n-1.0\nabc", "of 4x4 pixels in 3 bytes"),
    ],
)
def test_damaged_files_are_told(
    stream: str, name: str, content: bytes, told: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ManifestError, match=told):
        _carried(tmp_path, stream, name, tmp_path / "out")


def test_a_colour_wheel_is_no_flow(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "it.png"), np.zeros((H, W, 3), np.uint8))
    with pytest.raises(ManifestError, match="KITTI's PNG of 16 bits.*uint8"):
        _carried(tmp_path, "flow", "it.png", tmp_path / "out")
