"""Holes in files of pictures, which decoders fill up without a word."""

from __future__ import annotations

import struct
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from syncaug.backends.codecs import decode_image
from syncaug.errors import ManifestError
from syncaug.io.damage import damage_of_picture
from tests.io.material import load

ROWS, COLUMNS = np.indices((240, 330))
NOISE = np.random.default_rng(0).integers(0, 40, (240, 330, 3))
PHOTO = (NOISE + np.stack([ROWS // 2, COLUMNS // 2, ROWS // 3 + COLUMNS // 4], 2)).astype(np.uint8)
FLAT = np.zeros((800, 1200, 3), np.uint8)

PACKED: dict[str, tuple[str, dict[str, Any]]] = {
    "lzw": ("TIFF", {"compression": "tiff_lzw"}),
    "lzw of few rows": ("TIFF", {"compression": "tiff_lzw", "tiffinfo": {278: 7, 317: 2}}),
    "packbits": ("TIFF", {"compression": "packbits"}),
    "jpeg in tiff": ("TIFF", {"compression": "jpeg"}),
    "webp": ("WEBP", {"quality": 95}),
    "webp, lossless": ("WEBP", {"lossless": True}),
    "jpeg 2000": ("JPEG2000", {}),
    "jpeg 2000, layers": ("JPEG2000", {"quality_mode": "rates", "quality_layers": [9, 4]}),
}


def packed(picture: np.ndarray, kind: str) -> bytes:
    form, options = PACKED[kind]
    file = BytesIO()
    Image.fromarray(picture).save(file, form, **options)
    return file.getvalue()


def with_hole(data: bytes, *, at: float) -> bytes:
    begin = int(len(data) * at)
    return data[:begin] + bytes(4096) + data[begin + 4096 :]


@pytest.mark.parametrize("kind", PACKED)
def test_a_hole_is_damage(tmp_path: Path, kind: str) -> None:
    whole = packed(PHOTO, kind)
    (tmp_path / "x.png").write_bytes(whole)
    assert load(tmp_path, "x.png", "image").shape == PHOTO.shape
    for at in (0.3, 0.5, 0.7):
        (tmp_path / "x.png").write_bytes(with_hole(whole, at=at))
        with pytest.raises(ManifestError, match="which is damaged"):
            load(tmp_path, "x.png", "image")


@pytest.mark.parametrize("kind", PACKED)
def test_flat_pictures_are_whole(kind: str) -> None:
    half = np.concatenate([np.tile(PHOTO, (1, 4, 1))[:, :1200], FLAT])
    for picture in (FLAT, half, half[::-1], half[..., 0]):
        assert damage_of_picture(packed(picture, kind)) == ""


@pytest.mark.parametrize("bits", ["1", "L", "P", "RGBA", "CMYK"])
@pytest.mark.parametrize("kind", ["lzw", "packbits"])
def test_other_forms_of_a_tiff_are_whole(bits: str, kind: str) -> None:
    file = BytesIO()
    for rows in (1, 7, 240):
        picture = Image.fromarray(PHOTO).crop((0, 0, 329, 239)).convert(bits)
        picture.save(file, "TIFF", compression=PACKED[kind][1]["compression"], tiffinfo={278: rows})
        assert damage_of_picture(file.getvalue()) == ""
        file.seek(0)


def test_levels_of_16_bits_packed_by_opencv_are_whole() -> None:
    done, data = cv2.imencode(".tif", PHOTO.astype(np.uint16) * 200)
    assert done
    assert damage_of_picture(bytes(data)) == ""
    assert damage_of_picture(with_hole(bytes(data), at=0.5)) != ""


@pytest.mark.parametrize("parts", [1, 2, 8])
@pytest.mark.parametrize("picture", [PHOTO, FLAT])
def test_every_partition_of_a_webp_is_looked_at(parts: int, picture: np.ndarray) -> None:
    height, width = picture.shape[:2]
    context: Any = av.CodecContext.create("libvpx", "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.options = Fraction(1, 25), {"slices": str(parts), "b": "50M"}
    frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuv420p")
    frame.pts = 0
    content = bytes([*context.encode(frame), *context.encode(None)][0])
    body = b"WEBPVP8 " + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)
    data = b"RIFF" + len(body).to_bytes(4, "little") + body
    assert damage_of_picture(data) == ""
    if picture is PHOTO:
        for at in (0.2, 0.5, 0.75):
            begin = int(len(data) * at)
            holed = data[:begin] + bytes(999) + data[begin + 999 :]
            assert damage_of_picture(holed) != "" or decode_image(holed) is None


@pytest.mark.parametrize("kind", ["jpeg 2000", "lzw"])
def test_a_picture_that_is_cut_off_is_damage(kind: str) -> None:
    whole = packed(PHOTO, kind)
    for share in (0.5, 0.9):
        assert damage_of_picture(whole[: int(len(whole) * share)]) != ""


def test_a_strip_behind_the_end_of_its_file_is_damage(tmp_path: Path) -> None:
    done, data = cv2.imencode(".tif", PHOTO, [cv2.IMWRITE_TIFF_COMPRESSION, 1])
    file = BytesIO()
    Image.fromarray(PHOTO).save(file, "TIFF")  # its directory stands first
    assert done
    for whole in (bytes(data), file.getvalue()):
        assert damage_of_picture(whole) == ""
        assert damage_of_picture(whole[:-3000]) != ""


def test_what_stands_behind_a_jpeg_2000_is_none_of_its_pixels() -> None:
    box = struct.pack(">I4s", 1024, b"uuid") + bytes(1016)
    assert damage_of_picture(packed(PHOTO, "jpeg 2000") + box) == ""


def test_tags_that_tell_nothing_of_the_pixels_are_passed_over() -> None:
    """Such as a private one whose values lie behind the end of the file."""
    done, encoded = cv2.imencode(".tif", PHOTO)
    data = bytes(encoded) + bytes(len(encoded) % 2)
    (place,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, place)
    tags = data[place + 2 : place + 2 + 12 * count]
    tags += struct.pack("<HHII", 65000, 7, 1 << 20, 2 * len(data))
    directory = struct.pack("<H", count + 1) + tags + bytes(4)
    assert done
    moved = data[:4] + struct.pack("<I", len(data)) + data[8:] + directory
    assert damage_of_picture(moved) == ""


def as_jpeg(picture: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(picture).save(file, "JPEG", comment=b"made by hand")
    return file.getvalue()


def test_what_stands_behind_a_comment_is_passed_over_as_decoders_do(tmp_path: Path) -> None:
    whole = as_jpeg(PHOTO)
    comment = whole.index(b"made by hand") + len(b"made by hand")
    for stray in (b"hello", b"\xff\0\xff", bytes(3000)):
        (tmp_path / "x.jpg").write_bytes(whole[:comment] + stray + whole[comment:])
        assert (load(tmp_path, "x.jpg", "image") == decode_image(whole, as_colours=False)).all()


def test_what_stands_behind_a_table_is_damage(tmp_path: Path) -> None:
    whole = as_jpeg(PHOTO)
    table = whole.index(b"\xff\xdb")
    behind = table + 2 + int.from_bytes(whole[table + 2 : table + 4], "big")
    (tmp_path / "x.jpg").write_bytes(whole[:behind] + b"hello" + whole[behind:])
    with pytest.raises(ManifestError, match="damaged: its header is damaged"):
        load(tmp_path, "x.jpg", "image")


def test_pixels_of_a_bmp_in_its_palette_are_damage(tmp_path: Path) -> None:
    file = BytesIO()
    Image.fromarray(PHOTO).quantize(200).save(file, "BMP")
    whole = file.getvalue()
    (tmp_path / "x.bmp").write_bytes(whole)
    assert load(tmp_path, "x.bmp", "image").shape == PHOTO.shape
    (tmp_path / "x.bmp").write_bytes(whole[:10] + struct.pack("<I", 54) + whole[14:])
    with pytest.raises(ManifestError, match="damaged: its pixels begin in its palette"):
        load(tmp_path, "x.bmp", "image")


def test_a_directory_of_a_big_tiff_beyond_all_files_is_damage(tmp_path: Path) -> None:
    head = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 2**64 - 8)
    (tmp_path / "x.tif").write_bytes(head + bytes(64))
    with pytest.raises(ManifestError, match="damaged: its directory is damaged"):
        load(tmp_path, "x.tif", "image")
