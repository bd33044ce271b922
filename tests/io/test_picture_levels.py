"""Levels of pictures: numbers of masks and depth as the file has them, light up to white."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from syncaug.errors import ManifestError
from tests.io.material import load

GENERATOR = np.random.default_rng(0)
RGB = GENERATOR.integers(0, 256, (20, 30, 3), dtype=np.uint8)
SMOOTH = np.asarray(Image.fromarray(RGB).resize((60, 40)))


def _part(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _packed(levels: np.ndarray, bits: int) -> list[bytes]:
    spread = (levels[..., None] >> np.arange(bits - 1, -1, -1) & 1).astype(np.uint8)
    return [np.packbits(row.ravel()).tobytes() for row in spread]


def _png(levels: np.ndarray, bits: int, kind: int) -> bytes:
    rows = b"".join(b"\0" + row for row in _packed(levels.reshape(len(levels), -1), bits))
    height, width = levels.shape[:2]
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    parts = _part(b"IHDR", head) + _part(b"IDAT", zlib.compress(rows)) + _part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _tiff(levels: np.ndarray, bits: int, *, kind: int = 1, channels: int = 1) -> bytes:
    rows = b"".join(_packed(levels.reshape(len(levels), -1), bits))
    if bits == 16:
        rows = levels.astype("<u2").tobytes()
    height, width = levels.shape[:2]
    tags = [(256, 4, width), (257, 4, height), (258, 3, bits), (259, 3, 1), (262, 3, kind)]
    tags += [(273, 4, 200), (277, 3, channels), (278, 4, height), (279, 4, len(rows))]
    entries = b"".join(
        struct.pack("<HHII", tag, form, 2 if tag == 258 and channels == 2 else 1, value)
        for tag, form, value in tags
    )
    if channels == 2:
        entries = entries.replace(
            struct.pack("<HHII", 258, 3, 2, bits), struct.pack("<HHIHH", 258, 3, 2, bits, bits)
        )
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0" * 4
    return head.ljust(200, b"\0") + rows


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_grey_png_of_few_bits_is_light_as_an_image_and_numbers_as_a_mask(
    tmp_path: Path, bits: int
) -> None:
    levels = GENERATOR.integers(0, 1 << bits, (11, 13), dtype=np.uint8)
    (tmp_path / "x.png").write_bytes(_png(levels, bits, 0))
    assert np.array_equal(load(tmp_path, "x.png", "mask"), levels)
    light = levels.astype(int) * 255 // ((1 << bits) - 1)
    assert np.array_equal(load(tmp_path, "x.png", "image")[..., 1], light)


def test_a_mask_beside_an_opaque_channel_is_the_mask(tmp_path: Path) -> None:
    mask = GENERATOR.integers(0, 9, (11, 13), dtype=np.uint8)
    both = np.dstack([mask, np.full_like(mask, 255)])
    (tmp_path / "x.png").write_bytes(_png(both, 8, 4))
    assert np.array_equal(load(tmp_path, "x.png", "mask"), mask)


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_a_tiff_of_more_bits_keeps_its_numbers(tmp_path: Path, bits: int) -> None:
    levels = GENERATOR.integers(0, 1 << bits, (11, 13))
    (tmp_path / "x.tif").write_bytes(_tiff(levels, bits))
    (tmp_path / "y.tif").write_bytes(_tiff(levels, bits, kind=0))  # 0 is white
    most = (1 << bits) - 1
    assert np.array_equal(load(tmp_path, "x.tif", "mask"), levels)
    assert np.allclose(load(tmp_path, "x.tif", "depth"), levels / 1000)
    for name, expected in (("x.tif", levels), ("y.tif", most - levels)):
        picture = load(tmp_path, name, "image")
        assert picture.dtype == np.uint16
        assert np.abs(picture[..., 0] - expected * 65535 / most).max() <= 0.5


def test_a_mask_of_one_bit_counts_from_0_to_1_in_every_format(tmp_path: Path) -> None:
    mask = GENERATOR.integers(0, 2, (11, 13), dtype=np.uint8)
    picture = Image.fromarray(mask * 255).convert("1")
    for name in ("x.png", "x.tif", "x.pbm", "x.bmp"):
        picture.save(tmp_path / name)
        assert np.array_equal(load(tmp_path, name, "mask"), mask), name
        assert np.array_equal(load(tmp_path, name, "image")[..., 0], mask * 255), name


def test_a_tiff_of_grey_with_transparency_is_refused(tmp_path: Path) -> None:
    both = GENERATOR.integers(0, 256, (11, 13, 2), dtype=np.uint8)
    (tmp_path / "x.tif").write_bytes(_tiff(both, 8, channels=2))
    with pytest.raises(ManifestError, match=r"a TIFF with transparency\. Save it as PNG"):
        load(tmp_path, "x.tif", "image")


def _bitmap(
    pixels: np.ndarray, masks: tuple[int, ...], *, head: int = 40, down: bool = False
) -> bytes:
    height, width = pixels.shape
    bits = pixels.dtype.itemsize * 8
    rows = b"".join(
        row.tobytes() + b"\0" * (-len(row.tobytes()) % 4)
        for row in (pixels if down else pixels[::-1])
    )
    info = struct.pack(
        "<IiiHHIIiiII", head, width, -height if down else height, 1, bits,
        3 if masks else 0, len(rows), 0, 0, 0, 0,
    )  # fmt: skip
    fields = b"".join(struct.pack("<I", mask) for mask in masks)
    info += fields if head == 40 else fields.ljust(head - 40, b"\0")
    start = 14 + len(info)
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + info + rows


def _field(pixels: np.ndarray, mask: int) -> np.ndarray:
    step = mask & -mask
    return np.rint((pixels & mask) // step * (255 / (mask // step))).astype(np.uint8)


FIVES, SIX, FOURS = (0x7C00, 0x3E0, 0x1F), (0xF800, 0x7E0, 0x1F), (0xF00, 0xF0, 0xF)


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("head", [40, 108, 124])
@pytest.mark.parametrize("masks", [(), FIVES, SIX, FOURS])
def test_colours_of_a_bitmap_of_16_bits_reach_white(
    tmp_path: Path, masks: tuple[int, ...], head: int, down: bool
) -> None:
    pixels = GENERATOR.integers(0, 1 << 16, (11, 13)).astype("<u2")
    (tmp_path / "x.bmp").write_bytes(_bitmap(pixels, masks, head=head, down=down))
    expected = np.dstack([_field(pixels, mask) for mask in masks or FIVES])
    assert np.array_equal(load(tmp_path, "x.bmp", "image"), expected)


def test_a_bitmap_is_seen_through_only_where_its_masks_say_so(tmp_path: Path) -> None:
    pixels = GENERATOR.integers(0, 1 << 32, (11, 13), dtype=np.uint64).astype("<u4")
    plain = (0xFF0000, 0xFF00, 0xFF)
    for masks, head in ((plain, 40), ((*plain, 0xFF000000), 108), (plain, 108)):
        (tmp_path / "x.bmp").write_bytes(_bitmap(pixels, masks, head=head))
        expected = np.dstack([_field(pixels, mask) for mask in masks])
        assert np.array_equal(load(tmp_path, "x.bmp", "image"), expected), (masks, head)
    (tmp_path / "x.bmp").write_bytes(_bitmap(pixels, plain)[:-100])
    with pytest.raises(ManifestError, match="which is damaged"):
        load(tmp_path, "x.bmp", "image")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"P1 3 2 1 0 1\n# x\n010", [[0, 255, 0], [255, 0, 255]]),
        (b"P2\n3 1\n1\n1 0 1\n", [[255, 0, 255]]),
        (b"P5\n3 1\n1\n\1\0\1", [[255, 0, 255]]),
        (b"P2\n3 1\n65535\n1 2 65535\n", [[1, 2, 65535]]),
        (b"P3\r\n1 1\r\n255\r\n1 2 3\r\n", [[[1, 2, 3]]]),
        (b"P6\n# CREATOR: x\n1 1\n# y\n255\nabc", [[[97, 98, 99]]]),
        (
            b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcd",
            [[[97, 98, 99, 100]]],
        ),
        (
            b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n\1\0",
            [[255, 0]],
        ),
        (
            b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n\1\2",
            [[[1, 1, 1, 2]]],
        ),
    ],
)
def test_pnm_and_pam_are_read_as_they_stand(tmp_path: Path, data: bytes, expected: object) -> None:
    (tmp_path / "x.pnm").write_bytes(data)
    picture, wanted = load(tmp_path, "x.pnm", "image"), np.array(expected)
    if wanted.ndim == 2:
        wanted = np.repeat(wanted[..., None], 3, axis=2)
    assert np.array_equal(picture, wanted)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"P6\n1 1\n255\nabcP6\n1 1\n255\ndef", "a PNM of 2 pictures"),
        (b"P6\n2 2\n255\nabc", "which is damaged"),
        (b"P2\n2 1\n255\n1 300", "which is damaged"),
        (b"P2\n2 1\n255\n1 x", "which is damaged"),
        (
            b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\nabcd",
            "a PAM in 4 channels of CMYK",
        ),
    ],
)
def test_pnm_and_pam_that_are_wrong_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "x.pnm").write_bytes(data)
    with pytest.raises(ManifestError, match=message):
        load(tmp_path, "x.pnm", "image")


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_an_avif_of_more_bits_reaches_white(tmp_path: Path, bits: int) -> None:
    levels = SMOOTH.astype(np.uint16) << bits - 8 if bits > 8 else SMOOTH
    done, data = cv2.imencode(
        ".avif", levels, [cv2.IMWRITE_AVIF_QUALITY, 100, cv2.IMWRITE_AVIF_DEPTH, bits]
    )
    assert done
    (tmp_path / "x.avif").write_bytes(bytes(data))
    picture = load(tmp_path, "x.avif", "image")
    most = np.iinfo(picture.dtype).max
    assert most == (255 if bits == 8 else 65535)
    light = picture[..., ::-1] / most - SMOOTH / 255
    assert np.abs(light).mean() < 0.01


def _with_clap(data: bytes, numbers: tuple[int, ...]) -> bytes:
    """The `clap` box in an AVIF: as a free box behind everything, where decoders leave it alone."""
    box = struct.pack(">I4sIIIIiIiI", 40, b"clap", *numbers)
    return data + struct.pack(">I4s", 8 + len(box), b"free") + box


def test_an_avif_shows_what_its_clean_aperture_leaves(tmp_path: Path) -> None:
    file = BytesIO()
    Image.fromarray(SMOOTH).save(file, "AVIF", quality=100)
    (tmp_path / "x.avif").write_bytes(file.getvalue())
    whole = load(tmp_path, "x.avif", "image")
    middle = (40, 1, 20, 1, 0, 1, 0, 1)
    (tmp_path / "y.avif").write_bytes(_with_clap(file.getvalue(), middle))
    assert np.array_equal(load(tmp_path, "y.avif", "image"), whole[10:30, 10:50])
    corner = (51, 1, 31, 1, -9, 2, 9, 2)
    (tmp_path / "y.avif").write_bytes(_with_clap(file.getvalue(), corner))
    assert np.array_equal(load(tmp_path, "y.avif", "image"), whole[9:40, 0:51])
    for odd in (
        (81, 2, 20, 1, 0, 1, 0, 1),
        (40, 1, 20, 1, 99, 1, 0, 1),
        (40, 0, 20, 1, 0, 1, 0, 1),
    ):
        (tmp_path / "y.avif").write_bytes(_with_clap(file.getvalue(), odd))
        with pytest.raises(ManifestError, match="an AVIF in a part of its pixels"):
            load(tmp_path, "y.avif", "image")


def _xmp(way: int, *, element: bool = False) -> bytes:
    said = f'tiff:Orientation="{way}"/>'
    if element:
        said = f"><tiff:Orientation>{way}</tiff:Orientation></rdf:Description>"
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about="" '
        b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" ' + said.encode() + b"</rdf:RDF></x:xmpmeta>"
    )


@pytest.mark.parametrize("element", [False, True])
@pytest.mark.parametrize("way", range(1, 9))
@pytest.mark.parametrize("name", ["x.jpg", "x.png", "x.webp", "x.tif"])
def test_an_orientation_that_stands_in_xmp_alone_is_followed(
    tmp_path: Path, name: str, way: int, element: bool
) -> None:
    path, packet = tmp_path / name, _xmp(way, element=element)
    if name == "x.png":
        Image.fromarray(SMOOTH).save(path)
        data = path.read_bytes()
        text = _part(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
        path.write_bytes(data[:-12] + text + data[-12:])  # behind the pixels, as some programs do
    elif name == "x.tif":
        from PIL.TiffImagePlugin import ImageFileDirectory_v2

        tags = ImageFileDirectory_v2()
        tags[700] = packet
        tags.tagtype[700] = 1
        Image.fromarray(SMOOTH).save(path, tiffinfo=tags)
    else:
        Image.fromarray(SMOOTH).save(path, xmp=packet, quality=100, lossless=True)
    plain = np.asarray(Image.open(path)) if name == "x.jpg" else SMOOTH
    turned = plain.swapaxes(0, 1) if way > 4 else plain
    expected = turned[:: -1 if way in (3, 4, 7, 8) else 1, :: -1 if way in (2, 3, 6, 7) else 1]
    seen = load(tmp_path, name, "image")
    assert seen.shape == expected.shape
    assert np.abs(seen.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("name", ["x.jpg", "x.png", "x.webp", "x.tif"])
def test_exif_goes_before_xmp(tmp_path: Path, name: str) -> None:
    exif = Image.Exif()
    for way in (1, 6):
        exif[274] = way
        options = {"xmp": _xmp(3)} if name in ("x.jpg", "x.webp") else {}
        Image.fromarray(SMOOTH).save(tmp_path / name, exif=exif, lossless=True, **options)
        upright = np.asarray(ImageOps.exif_transpose(Image.open(tmp_path / name)))
        assert np.abs(load(tmp_path, name, "image").astype(int) - upright).max() <= 1


@pytest.mark.parametrize("way", range(1, 9))
@pytest.mark.parametrize("modality", ["image", "mask", "depth"])
def test_a_tiff_of_16_bits_is_turned(tmp_path: Path, way: int, modality: str) -> None:
    levels = GENERATOR.integers(0, 65536, (11, 13), dtype=np.uint16)
    exif = Image.Exif()
    exif[274] = way
    Image.fromarray(levels).save(tmp_path / "x.tif", exif=exif)
    turned = levels.T if way > 4 else levels
    turned = turned[:: -1 if way in (3, 4, 7, 8) else 1, :: -1 if way in (2, 3, 6, 7) else 1]
    seen = load(tmp_path, "x.tif", modality)
    if modality == "depth":
        assert np.allclose(seen, turned / 1000)
    else:
        assert np.array_equal(seen[..., 0] if seen.ndim == 3 else seen, turned)


def test_colours_that_opencv_reads_wrong_are_refused(tmp_path: Path) -> None:
    Image.fromarray(SMOOTH).convert("YCbCr").save(tmp_path / "x.jp2")
    with pytest.raises(ManifestError, match="a JPEG 2000 in YCbCr"):
        load(tmp_path, "x.jp2", "image")
    assert cv2.imwrite(str(tmp_path / "x.ras"), RGB[..., 0])
    with pytest.raises(ManifestError, match="a Sun raster in grey without a colour map"):
        load(tmp_path, "x.ras", "image")
    assert cv2.imwrite(str(tmp_path / "y.ras"), RGB[..., ::-1])
    assert np.array_equal(load(tmp_path, "y.ras", "image"), RGB)


@pytest.mark.parametrize(("transfer", "told"), [(16, "PQ"), (18, "HLG"), (13, "")])
@pytest.mark.parametrize("name", ["x.png", "x.avif"])
def test_levels_of_hdr_are_refused(tmp_path: Path, name: str, transfer: int, told: str) -> None:
    Image.fromarray(SMOOTH).save(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    if name == "x.png":
        data = data[:33] + _part(b"cICP", bytes([9, transfer, 0, 1])) + data[33:]
    else:
        place = data.find(b"colrnclx") + 10
        data = data[:place] + struct.pack(">H", transfer) + data[place + 2 :]
    (tmp_path / name).write_bytes(data)
    if told:
        with pytest.raises(ManifestError, match=rf"in HDR \({told}\)"):
            load(tmp_path, name, "image")
    else:
        assert load(tmp_path, name, "image").shape == SMOOTH.shape


def test_a_palette_in_a_jpeg_2000_is_refused(tmp_path: Path) -> None:
    file = BytesIO()
    Image.fromarray(SMOOTH[..., 0] if SMOOTH.ndim == 3 else SMOOTH).save(file, "JPEG2000")
    data = file.getvalue()
    head = data.index(b"jp2h") - 4
    size = int.from_bytes(data[head : head + 4], "big")
    entries = bytes(range(256)) * 3
    box = b"pclr" + struct.pack(">HB", 256, 3) + b"\7\7\7" + entries
    box = struct.pack(">I", len(box) + 4) + box
    whole = struct.pack(">I", size + len(box)) + data[head + 4 : head + size] + box
    (tmp_path / "x.jp2").write_bytes(data[:head] + whole + data[head + size :])
    with pytest.raises(ManifestError, match="a JPEG 2000 in numbers of a palette"):
        load(tmp_path, "x.jp2", "image")
