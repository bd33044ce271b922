"""Whole samples from manifests and back, and what each damaged file says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import soundfile

from syncaug.errors import ManifestError
from syncaug.io import FILE_MODALITIES, Formats, load_sample, read_manifest, save_sample
from tests.io.material import Declared, load
from tests.samples import DATA, equal, everything

STREAMS = {
    stream.name: stream
    for stream in (
        Declared("image", "image"),
        Declared("mask", "mask"),
        Declared("depth", "depth"),
        Declared("heat", "heatmap", {"range": [0, 1]}),
        Declared("flow", "flow"),
        Declared("normals", "normals"),
        Declared("boxes", "boxes", {"labels": "classes"}),
        Declared("keypoints", "keypoints"),
        Declared("phrases", "phrases"),
        Declared("caption", "text"),
        Declared("speech", "audio", {"sample_rate": 16000}),
        Declared("camera", "camera"),
        Declared("points", "points", {"columns": ["x", "y", "z", "r", "g", "b", "intensity"]}),
        Declared("boxes3d", "boxes3d", {"labels": "classes3d"}),
        Declared("label", "label"),
    )
}
IN_FILES = ("image", "mask", "depth", "heat", "flow", "normals", "speech", "points")


def saved(folder: Path, sample: dict[str, Any], **how: Any) -> dict[str, Any]:
    """The manifest values, and a manifest beside the files."""
    values = save_sample(folder, sample, STREAMS, **how)
    line = json.dumps({"key": "a", **values}, allow_nan=False)
    (folder / "manifest.jsonl").write_text(line + "\n")
    return values


def test_a_sample_of_every_modality_comes_back(tmp_path: Path) -> None:
    sample = everything() | {"id": "untouched"}
    values = saved(tmp_path, sample)
    assert [name for name in values if isinstance(values[name], str) and "." in values[name]] == [
        "image", "mask", "depth", "heat", "flow", "normals", "caption", "speech", "points",
    ]  # fmt: skip
    back = load_sample(next(read_manifest(tmp_path / "manifest.jsonl")), STREAMS)
    assert list(back) == list(sample)
    for name in IN_FILES:
        assert equal(back[name], sample[name]), name
    for name in set(sample) - set(IN_FILES):
        assert _lists(back[name]) == _lists(sample[name]), name


def test_the_same_sample_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        saved(tmp_path / folder, everything())
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path


def test_jpeg_and_pcm_when_asked_for(tmp_path: Path) -> None:
    formats = Formats(image="jpg", audio="pcm16")
    assert saved(tmp_path, everything(), formats=formats)["image"] == "image.jpg"
    assert soundfile.info(tmp_path / "speech.wav").subtype == "PCM_16"


@pytest.mark.parametrize(
    "modality", ["boxes", "keypoints", "phrases", "boxes3d", "camera", "label"]
)
def test_data_inline_or_in_a_file(tmp_path: Path, modality: str) -> None:
    value = [[1, 2, 3, 4]]
    (tmp_path / "x.json").write_text(json.dumps(value))
    assert load(tmp_path, value, modality) == value
    assert load(tmp_path, {"path": "x.json"}, modality) == value
    if modality != "label":
        assert load(tmp_path, "x.json", modality) == value
    assert modality in FILE_MODALITIES


def test_text_inline_or_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes("\ufeffUne chaise à gauche\r\n".encode())
    assert load(tmp_path, "x.txt", "text") == "x.txt"
    assert load(tmp_path, {"path": "x.txt"}, "text") == "Une chaise à gauche"


def test_a_label_may_be_a_word_and_a_caption_may_look_like_a_file(tmp_path: Path) -> None:
    assert load(tmp_path, "cat", "label") == "cat"
    values = saved(tmp_path, everything() | {"caption": "image.png"})
    assert values["caption"] == "image.png"


def test_paths_may_lead_anywhere(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((2, 3), np.float32))
    (tmp_path / "below").mkdir()
    assert load(tmp_path / "below", "../x.npy", "points").shape == (2, 3)
    assert load(tmp_path / "below", str(tmp_path / "x.npy"), "points").shape == (2, 3)


# Damage ------------------------------------------------------------


def picture(suffix: str) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    return cv2.imencode(suffix, noise)[1].tobytes()


def wave() -> bytes:
    from io import BytesIO

    buffer = BytesIO()
    soundfile.write(buffer, np.random.default_rng(0).normal(0, 0.1, 5000), 8000, format="WAV")
    return buffer.getvalue()


def array() -> bytes:
    from io import BytesIO

    buffer = BytesIO()
    np.save(buffer, np.zeros((100, 3), np.float32))
    return buffer.getvalue()


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


FILES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "jpg": ("image", "an image", lambda: picture(".jpg")),
    "png": ("image", "an image", lambda: picture(".png")),
    "webp": ("image", "an image", lambda: picture(".webp")),
    "bmp": ("image", "an image", lambda: picture(".bmp")),
    "mask.png": ("mask", "a mask", lambda: picture(".png")),
    "depth.png": ("depth", "a depth image", lambda: picture(".png")),
    "wav": ("audio", "a sound", wave),
    "npy": ("points", "a point cloud", array),
    "depth.npy": ("depth", "a depth image", array),
}
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "one byte": lambda data: data[:1],
    "a header": lambda data: data[:20],
    "a half": lambda data: data[: len(data) // 2],
    "all but the end": lambda data: data[:-40],
    "something else": lambda data: b"<html>404 Not Found</html>",
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, file: str, damage: str) -> None:
    modality, expected, content = FILES[file]
    name = f"x.{file}"
    (tmp_path / name).write_bytes(DAMAGES[damage](content()))
    with pytest.raises(ManifestError) as caught:
        load(tmp_path, name, modality)
    message = str(caught.value)
    place = f"{tmp_path / 'samples.jsonl'}:3: sample 'pets/1', stream 'it': expected {expected}"
    assert message.startswith(place)
    assert f"got {tmp_path / name}, which " in message
    assert "\n" not in message


@pytest.mark.parametrize("file", ["png", "mask.png"])
def test_a_flipped_bit_is_noticed_where_there_is_a_checksum(tmp_path: Path, file: str) -> None:
    modality, _, content = FILES[file]
    (tmp_path / f"x.{file}").write_bytes(flipped(content()))
    with pytest.raises(ManifestError, match="the checksum of its part IDAT is wrong"):
        load(tmp_path, f"x.{file}", modality)


def test_a_whole_jpeg_with_something_after_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(picture(".jpg") + b"motion photo")
    assert load(tmp_path, "x.jpg", "image").shape == (60, 80, 3)


MODALITIES_IN_FILES = ["image", "mask", "depth", "audio", "points"]


@pytest.mark.parametrize("modality", MODALITIES_IN_FILES)
def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path, modality: str) -> None:
    with pytest.raises(ManifestError, match="got .*missing.npy, which does not exist"):
        load(tmp_path, "missing.npy", modality)
    (tmp_path / "folder.npy").mkdir()
    with pytest.raises(ManifestError, match="got .*folder.npy, which is a folder"):
        load(tmp_path, "folder.npy", modality)
    with pytest.raises(ManifestError, match="which cannot be read: File name too long"):
        load(tmp_path, "x" * 300 + ".npy", modality)
    with pytest.raises(ManifestError, match="which cannot be read: embedded null byte"):
        load(tmp_path, "x\0.npy", modality)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "x.png").write_bytes(picture(".png"))
    monkeypatch.setattr("syncaug.regular.os.open", refuse)  # as for any user but root
    with pytest.raises(ManifestError, match="which cannot be read: Permission denied"):
        load(tmp_path, "x.png", "image")


@pytest.mark.parametrize("modality", MODALITIES_IN_FILES)
@pytest.mark.parametrize("raw", [5, None, "", {"file": "x"}, {"path": 3}, {"path": ""}, True])
def test_a_value_that_is_no_path(tmp_path: Path, modality: str, raw: Any) -> None:
    with pytest.raises(ManifestError, match="expected (the path of a|a text as 'path')"):
        load(tmp_path, raw, modality)


def test_arrays_with_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ManifestError, match="which is damaged: Object arrays cannot be loaded"):
        load(tmp_path, "x.npy", "points")
    np.savez(tmp_path / "x.npz", points=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ManifestError, match="which is damaged: Object arrays cannot be loaded"):
        load(tmp_path, "x.npz", "points")


def test_an_array_that_claims_to_be_huge(tmp_path: Path) -> None:
    data = array()
    (tmp_path / "x.npy").write_bytes(data.replace(b"(100, 3)", b"(1000000000000000,)"))
    with pytest.raises(ManifestError, match="which is damaged"):
        load(tmp_path, "x.npy", "points")


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a zip", array()])
def test_a_damaged_npz(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(ManifestError, match="got .*x.npz"):
        load(tmp_path, "x.npz", "points")


@pytest.mark.parametrize(
    ("content", "came"),
    [(b"{", "which is not JSON: "), (b"", "which is empty"), (b'"\xff"', "which is not UTF-8")],
)
def test_damaged_json(tmp_path: Path, content: bytes, came: str) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(ManifestError, match=f"expected a JSON file.*; got .*x.json, {came}"):
        load(tmp_path, "x.json", "boxes")


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes("chaise à gauche".encode("latin-1"))
    with pytest.raises(ManifestError, match="expected a text file in UTF-8; got .*not UTF-8"):
        load(tmp_path, {"path": "x.txt"}, "text")


def test_a_modality_that_has_no_files_yet(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="modality 'smell', not read yet"):
        load(tmp_path, "x.sml", "smell")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("label", {1, 2}, "a value that a manifest can hold.*got set"),
        ("label", float("nan"), ""),
        ("speech", {"array": np.zeros(3, np.float32), "sampling_rate": 8000}, ""),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, name: str, value: Any, message: str) -> None:
    if message:
        with pytest.raises(ManifestError, match=f"stream '{name}': expected {message}"):
            save_sample(tmp_path, {name: value}, STREAMS)
    else:
        assert name in save_sample(tmp_path, {name: value}, STREAMS)


# The bundled samples ------------------------------------------------------------


@pytest.mark.parametrize("name", ["pets", "speech", "living_room", "driving"])
def test_the_bundled_manifests_load(name: str) -> None:
    from syncaug import load_policy

    policy = load_policy(DATA.parent.parent / "policies" / f"{name}.yaml", seed=0)
    streams = {stream.name: stream for stream in policy.plan.streams}
    for entry in read_manifest(DATA / f"{name}.jsonl"):
        sample = load_sample(entry, streams)
        assert set(streams) <= set(sample)


def _lists(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '|u1', 'fortran_order': False, 'shape': (True, 4, 3), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-1, -4, 3), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2**2, 1, 3), }",
        "{'descr': '|u1', 'fortran_order': 3, 'shape': (4, 1, 3), }",
        "{'descr': " + "(" * 900 + "'|u1'" + ")" * 900 + ", 'shape': (4, 1, 3), }",
        "{'descr': [('a', '|u1'), ('a', '|u1')], 'fortran_order': False, 'shape': (2, 1, 3), }",
        "{['descr']: '|u1'}",
        "[" * 5000,
    ],
)
def test_a_header_of_numpy_that_is_wrong_is_one_short_error(tmp_path: Path, header: str) -> None:
    head = header.encode() + b"\n"
    data = b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + bytes(12)
    (tmp_path / "a.npy").write_bytes(data)
    with pytest.raises(ManifestError) as refused:
        load(tmp_path, "a.npy", "image")
    assert "a.npy, which is damaged: " in str(refused.value)
    assert len(str(refused.value)) < 600


def test_coordinates_of_a_map_are_not_rounded(tmp_path: Path) -> None:
    near = load(tmp_path, [[1.25, 2.0, 0.1]], "points", columns=["x", "y", "z"])
    far = load(tmp_path, [[500000.123, 5400000.456, 100.0]], "points", columns=["x", "y", "z"])
    assert near.dtype == np.float32
    assert far.tolist() == [[500000.123, 5400000.456, 100.0]]
