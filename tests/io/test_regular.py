"""Only regular files are opened, and no more is read of them than the limits allow."""

from __future__ import annotations

import io
import os
import socket
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from syncaug import PolicyError, load_policy
from syncaug.errors import ManifestError
from syncaug.io import Entry, load_sample, scan_manifest
from syncaug.io.limits import Limits
from syncaug.regular import open_regular
from tests.io.films import click, film
from tests.io.material import Declared, load

SUFFIXES = {
    "image": (".png", ".npy"), "mask": (".png", ".npy"), "depth": (".png", ".npy"),
    "audio": (".wav", ".mp4"), "video": (".mp4", ".npy"),
    "timed_text": (".srt", ".vtt", ".ass", ".json", ".mkv"),
    "points": (".npy", ".npz", ".bin", ".ply", ".pcd"), "imu": (".csv", ".npy", ".npz"),
    "embedding": (".npy",), "text": (".txt",), "boxes": (".json",), "camera": (".json",),
    "tabular": (".json",),
}  # fmt: skip
ALL = [(modality, suffix) for modality, suffixes in SUFFIXES.items() for suffix in suffixes]


@pytest.mark.parametrize(("modality", "suffix"), ALL)
def test_pipes_devices_and_sockets_are_refused_at_once(
    tmp_path: Path, modality: str, suffix: str
) -> None:
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"zero{suffix}").symlink_to("/dev/zero")
    (tmp_path / f"folder{suffix}").mkdir()
    for name, kind in (("pipe", "a pipe"), ("zero", "a device"), ("folder", "a folder")):
        with pytest.raises(ManifestError, match=f"{name}.*, which is {kind}"):
            load(tmp_path, {"path": f"{name}{suffix}"}, modality)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as own:
        own.bind("x.png")
        with pytest.raises(ManifestError, match="which is a socket"):
            load(tmp_path, "x.png", "image")


@pytest.mark.parametrize("name", ["pipe", "zero", "folder"])
def test_manifests_and_policies_too(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ManifestError, match="which is a"):
        list(scan_manifest(tmp_path / name))
    with pytest.raises(PolicyError, match="SA101 this is a"):
        load_policy(tmp_path / name)


def test_a_link_to_a_regular_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a cat")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert load(tmp_path, {"path": "b.txt"}, "text") == "a cat"


def test_a_policy_may_come_through_a_pipe_that_the_shell_opened(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"syncaug: 1\nsample: {image: image}\nsteps: [{name: f, uses: flip}]\n")
    os.close(theirs)
    try:
        assert load_policy(f"/dev/fd/{ours}").plan.streams[0].name == "image"
    finally:
        os.close(ours)


def test_another_thing_that_takes_the_path_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_text("a")
    honest = os.stat(path)
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr("syncaug.regular.os.stat", lambda path: honest)
    with pytest.raises(OSError, match="a pipe"):
        open_regular(path)


def test_an_array_is_as_long_as_its_header_says(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        buffer, {"descr": "<f4", "fortran_order": False, "shape": (1 << 40, 3)}
    )
    (tmp_path / "x.npy").write_bytes(buffer.getvalue() + bytes(120))
    with pytest.raises(ManifestError, match="damaged: it says 13,194,139,533,312 bytes"):
        load(tmp_path, "x.npy", "points")
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("points.npy", buffer.getvalue() + bytes(120))
    with pytest.raises(ManifestError, match=r"points\.npy is not as long as it says"):
        load(tmp_path, "x.npz", "points")


def limited(folder: Path, name: str, modality: str, memory: int, **options: object) -> Any:
    entry = Entry(folder / "m.jsonl", 1, 1, {"it": name})
    streams = {"it": Declared("it", modality, options)}
    return load_sample(entry, streams, limits=Limits(memory=memory))["it"]


def test_arrays_sounds_and_archives_are_bounded_before_they_are_read(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((20_000, 3), np.float32))
    np.savez_compressed(tmp_path / "x.npz", points=np.zeros((1_000_000, 3), np.float32))
    soundfile.write(tmp_path / "x.flac", np.zeros(1_000_000), 16_000)
    assert (tmp_path / "x.npz").stat().st_size < 100_000
    with pytest.raises(ManifestError, match="at most 100,000 bytes; got .* holds 240,128"):
        limited(tmp_path, "x.npy", "points", 100_000)
    for name, modality in (("x.npz", "points"), ("x.flac", "audio")):
        with pytest.raises(ManifestError, match="MiB in memory; got .*--max-memory"):
            limited(tmp_path, name, modality, 100_000)
        assert limited(tmp_path, name, modality, 100 << 20) is not None


def test_text_is_bounded(tmp_path: Path) -> None:
    with (tmp_path / "x.txt").open("wb") as file:
        file.truncate(1 << 40)  # a file with a hole, which takes no room
    with pytest.raises(ManifestError, match="at most 67,108,864 bytes"):
        load(tmp_path, {"path": "x.txt"}, "text")


def test_a_sound_track_and_a_frame_are_bounded(tmp_path: Path) -> None:
    frames = np.arange(30) / 25
    film(tmp_path / "x.mkv", frames, sound=click(1.1, 0.5), audio="flac")
    assert len(limited(tmp_path, "x.mkv", "audio", 1 << 20)["array"]) > 40_000
    with pytest.raises(ManifestError, match="a sound track .* MiB in memory; got .*--max-memory"):
        limited(tmp_path, "x.mkv", "audio", 100_000)
    entry = Entry(tmp_path / "m.jsonl", 1, 1, {"it": "x.mkv"})
    with pytest.raises(ManifestError, match="at most 100 pixels; got .*--max-pixels"):
        load_sample(entry, {"it": Declared("it", "video")}, limits=Limits(pixels=100))
