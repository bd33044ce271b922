"""Images, masks and depth: exact there and back, and refused where damaged."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from syncaug.errors import ManifestError, SampleWarning
from syncaug.io import Entry, load_sample
from syncaug.io.limits import Limits
from syncaug.io.pictures import write_depth, write_image, write_mask
from tests.io.material import Declared, load

GENERATOR = np.random.default_rng(0)
RGB = GENERATOR.integers(0, 256, (20, 30, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        (RGB, "x.png"),
        (RGB[..., :1], "x.npy"),
        (RGB[..., 0], "x.npy"),
        (RGB.astype(np.float32) / 255, "x.npy"),
        (np.concatenate([RGB, RGB[..., :1]], axis=2), "x.png"),
        (np.concatenate([RGB, np.full((20, 30, 1), 255, np.uint8)], axis=2), "x.npy"),
        (RGB.astype(np.uint16) * 251, "x.png"),
    ],
)
def test_images_come_back_exactly(tmp_path: Path, picture: np.ndarray, name: str) -> None:
    assert write_image(tmp_path, "x", picture, {}) == name
    back = load(tmp_path, name, "image")
    assert back.dtype == picture.dtype
    assert np.array_equal(back, picture)


@pytest.mark.parametrize(
    ("order", "shape", "name"),
    [
        ("rgb", (20, 30, 3), "x.png"),
        ("bgr", (20, 30, 3), "x.png"),
        ("rgba", (20, 30, 4), "x.png"),
        ("bgra", (20, 30, 4), "x.png"),
        ("grey", (20, 30), "x.png"),
        ("rgb", (20, 30, 5), "x.npy"),
        ("grey_alpha", (20, 30, 2), "x.npy"),
    ],
)
def test_declared_channels_come_back_exactly(
    tmp_path: Path, order: str, shape: tuple[int, ...], name: str
) -> None:
    picture = GENERATOR.integers(0, 256, shape, dtype=np.uint8)
    assert write_image(tmp_path, "x", picture, {"channels": order}) == name
    assert np.array_equal(load(tmp_path, name, "image", channels=order), picture)


def test_a_file_has_the_channels_that_its_stream_declares(tmp_path: Path) -> None:
    clear = np.full((20, 30, 1), 77, np.uint8)
    Image.fromarray(np.concatenate([RGB, clear], axis=2)).save(tmp_path / "clear.png")
    Image.fromarray(RGB).save(tmp_path / "plain.png")
    assert load(tmp_path, "clear.png", "image").shape == (20, 30, 4)
    assert np.array_equal(load(tmp_path, "clear.png", "image", channels="rgb"), RGB)
    assert np.array_equal(load(tmp_path, "clear.png", "image", channels="bgr"), RGB[..., ::-1])
    opaque = load(tmp_path, "plain.png", "image", channels="bgra")
    assert np.array_equal(opaque[..., 2::-1], RGB)
    assert (opaque[..., 3] == 255).all()
    with pytest.raises(ManifestError, match="in grey, as declared; got .*which has colours"):
        load(tmp_path, "plain.png", "image", channels="grey")


def test_channels_first(tmp_path: Path) -> None:
    picture = np.ascontiguousarray(RGB.transpose(2, 0, 1))
    assert write_image(tmp_path, "x", picture, {"layout": "chw"}) == "x.png"
    assert np.array_equal(load(tmp_path, "x.png", "image", layout="chw"), picture)
    assert np.array_equal(load(tmp_path, "x.png", "image"), RGB)


def test_colours_are_those_that_other_programs_see(tmp_path: Path) -> None:
    write_image(tmp_path, "x", RGB, {})
    assert np.array_equal(np.asarray(Image.open(tmp_path / "x.png")), RGB)
    for name in ("y.webp", "y.bmp", "y.tif"):
        Image.fromarray(RGB).save(tmp_path / name, lossless=True)
        assert np.array_equal(load(tmp_path, name, "image"), RGB), name


def test_pictures_of_8_bits_become_rgb(tmp_path: Path) -> None:
    grey = RGB[..., 0]
    alike = np.repeat(grey[..., None], 3, axis=2)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    Image.fromarray(grey).save(tmp_path / "grey.bmp")
    Image.fromarray(np.dstack([RGB, np.full_like(grey, 255)])).save(tmp_path / "opaque.png")
    Image.fromarray(RGB).quantize(256).save(tmp_path / "palette.png")
    for name in ("grey.png", "grey.bmp"):
        assert np.array_equal(load(tmp_path, name, "image"), alike), name
    assert np.array_equal(load(tmp_path, "opaque.png", "image"), RGB)
    palette = np.asarray(Image.open(tmp_path / "palette.png").convert("RGB"))
    assert np.array_equal(load(tmp_path, "palette.png", "image"), palette)


def test_jpeg_on_request(tmp_path: Path) -> None:
    smooth = np.full((16, 16, 3), (200, 100, 50), np.uint8)
    assert write_image(tmp_path, "x", smooth, {}, jpeg_quality=95) == "x.jpg"
    assert np.abs(load(tmp_path, "x.jpg", "image").astype(int) - smooth).max() <= 3


def test_exif_orientation_is_followed(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    Image.fromarray(RGB).save(tmp_path / "x.jpg", exif=exif)
    assert load(tmp_path, "x.jpg", "image").shape == (30, 20, 3)
    for way in range(1, 9):
        exif[0x0112] = way
        for name in ("x.png", "x.webp", "x.tif"):
            Image.fromarray(RGB).save(tmp_path / name, exif=exif, lossless=True)
            upright = np.asarray(ImageOps.exif_transpose(Image.open(tmp_path / name)))
            assert np.array_equal(load(tmp_path, name, "image"), upright), (way, name)


def test_levels_of_16_bits_are_kept(tmp_path: Path) -> None:
    levels = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    Image.fromarray(levels).save(tmp_path / "deep.png")
    Image.fromarray(levels).save(tmp_path / "deep.tif")
    (tmp_path / "deep.pgm").write_bytes(b"P5\n64 64\n65535\n" + levels.astype(">u2").tobytes())
    for name in ("deep.png", "deep.tif", "deep.pgm"):
        picture = load(tmp_path, name, "image")
        assert picture.dtype == np.uint16
        assert np.array_equal(picture, np.repeat(levels[..., None], 3, axis=2)), name


def test_transparency_is_kept(tmp_path: Path) -> None:
    grey = RGB[..., 0]
    coloured = np.dstack([RGB, grey])
    for name in ("x.png", "x.webp"):
        Image.fromarray(coloured).save(tmp_path / name, lossless=True, exact=True)
        assert np.array_equal(load(tmp_path, name, "image"), coloured), name
    Image.fromarray(coloured).save(tmp_path / "x.tif")
    with pytest.raises(ManifestError, match=r"a TIFF with transparency\. Save it as PNG"):
        load(tmp_path, "x.tif", "image")
    Image.fromarray(np.dstack([RGB, np.full_like(grey, 255)])).save(tmp_path / "x.tif")
    assert np.array_equal(load(tmp_path, "x.tif", "image"), RGB)
    Image.merge("LA", [Image.fromarray(grey), Image.fromarray(255 - grey)]).save(
        tmp_path / "la.png"
    )
    assert np.array_equal(
        load(tmp_path, "la.png", "image"), np.dstack([grey, grey, grey, 255 - grey])
    )
    palette = Image.fromarray(RGB).quantize(16)
    palette.save(tmp_path / "p.png", transparency=3)
    expected = np.asarray(Image.open(tmp_path / "p.png").convert("RGBA"))
    assert np.array_equal(load(tmp_path, "p.png", "image"), expected)


@pytest.mark.parametrize("name", ["x.gif", "x.png", "x.webp", "x.tif"])
def test_a_file_of_several_pictures_is_refused(tmp_path: Path, name: str) -> None:
    first, second = Image.fromarray(RGB), Image.fromarray(255 - RGB)
    first.save(tmp_path / name, save_all=True, append_images=[second])
    with pytest.raises(ManifestError, match=r"of one picture; got .* of 2 pictures\. Save the one"):
        load(tmp_path, name, "image")
    first.save(tmp_path / name)
    assert load(tmp_path, name, "image").shape == RGB.shape


def test_palettes_and_inks_have_the_colours_that_other_programs_see(tmp_path: Path) -> None:
    for name in ("x.gif", "x.bmp", "x.tif", "x.png"):
        Image.fromarray(RGB).quantize(16).save(tmp_path / name)
        with Image.open(tmp_path / name) as opened:
            expected = np.asarray(opened.convert("RGB"))
        assert np.array_equal(load(tmp_path, name, "image"), expected), name
    smooth = Image.fromarray(RGB).resize((60, 40)).convert("CMYK")
    for name in ("y.jpg", "y.tif"):
        smooth.save(tmp_path / name)
        expected = np.asarray(Image.open(tmp_path / name).convert("RGB")).astype(int)
        assert np.abs(load(tmp_path, name, "image") - expected).max() <= 2, name
    Image.fromarray(RGB[..., 0] > 128).save(tmp_path / "one.png")
    assert set(np.unique(load(tmp_path, "one.png", "image"))) == {0, 255}


def test_colours_of_another_space_are_refused(tmp_path: Path) -> None:
    Image.fromarray(RGB).convert("LAB").save(tmp_path / "x.tif")
    with pytest.raises(ManifestError, match=r"a TIFF in Lab\. Convert it to RGB, as PNG"):
        load(tmp_path, "x.tif", "image")


def bomb(width: int, height: int) -> bytes:
    """A PNG of one bit a pixel and a few bytes, which asks for a large picture."""

    def part(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + checksum

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes((width // 8 + 2) * 4))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def headers() -> dict[str, bytes]:
    """The beginnings of files of 60,000 x 50,000 pixels; their pixels are not there."""
    width, height = 60_000, 50_000
    side = struct.pack(">HH", height, width)
    tags = struct.pack("<HHHIIHHII", 2, 256, 4, 1, width, 257, 4, 1, height)
    return {
        "x.png": bomb(width, height),
        "x.jpg": b"\xff\xd8\xff\xc0\0\x11\x08" + side + b"\3\1\x11\0" * 3 + b"\xff\xd9",
        "x.bmp": b"BM" + bytes(12) + struct.pack("<IiiHH", 40, width, -height, 1, 24) + bytes(24),
        "x.gif": b"GIF89a" + struct.pack("<HH", width, height) + bytes(3) + b";",
        "x.tif": b"II*\0\x08\0\0\0" + tags + bytes(4),
        "x.ppm": b"P6\n# a comment\n60000 50000\n255\n" + bytes(30),
        "x.pfm": b"PF\n60000 50000\n-1.0\n" + bytes(30),
        "x.webp": b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4)
        + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + bytes(10),
        "x.jp2": b"\xff\x4f\xff\x51" + struct.pack(">HHII", 47, 0, width, height) + bytes(36),
        "x.hdr": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 50000 +X 60000\n" + bytes(30),
        "x.ras": b"\x59\xa6\x6a\x95" + struct.pack(">III", width, height, 24) + bytes(30),
    }  # fmt: skip


@pytest.mark.parametrize("name", headers())
@pytest.mark.parametrize("modality", ["image", "mask", "depth"])
@pytest.mark.filterwarnings("ignore:.*its file is a JPEG")
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(
    tmp_path: Path, name: str, modality: str
) -> None:
    (tmp_path / name).write_bytes(headers()[name])
    expected = r"at most 178,956,970 pixels; got .*60000x50000 = 3,000,000,000.*--max-pixels"
    with pytest.raises(ManifestError, match=expected):
        load(tmp_path, name, modality)


def test_the_limit_of_pixels_can_be_raised_and_lowered(tmp_path: Path) -> None:
    Image.fromarray(RGB // 64).save(tmp_path / "x.png")
    entry = Entry(tmp_path / "m.jsonl", 1, 1, {"it": "x.png"})
    streams = {"it": Declared("it", "image")}
    assert load_sample(entry, streams, limits=Limits(pixels=600))["it"].shape == RGB.shape
    with pytest.raises(ManifestError, match="at most 599 pixels; got .*30x20 = 600"):
        dict(load_sample(entry, streams, limits=Limits(pixels=599)))
    with pytest.raises(ManifestError, match="at most 0 MiB in memory.*--max-memory"):
        dict(load_sample(entry, streams, limits=Limits(memory=1799)))


@pytest.mark.parametrize(
    ("mask", "name"),
    [
        (GENERATOR.integers(0, 256, (9, 7), dtype=np.uint8), "x.png"),
        (GENERATOR.integers(0, 65536, (9, 7), dtype=np.uint16), "x.png"),
        (GENERATOR.integers(-5, 1000, (9, 7), dtype=np.int64), "x.npy"),
        (GENERATOR.random((9, 7)) > 0.5, "x.npy"),
    ],
)
def test_masks_come_back_exactly(tmp_path: Path, mask: np.ndarray, name: str) -> None:
    assert write_mask(tmp_path, "x", mask, {}) == name
    back = load(tmp_path, name, "mask")
    assert back.dtype == mask.dtype
    assert np.array_equal(back, mask)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("clear", [False, True])
def test_a_mask_with_a_palette_is_its_indices(tmp_path: Path, bits: int, clear: bool) -> None:
    numbers = GENERATOR.integers(0, 1 << bits, (9, 7), dtype=np.uint8)
    voc = Image.fromarray(numbers, "P")
    voc.putpalette(GENERATOR.integers(0, 256, 3 << bits, dtype=np.uint8).tobytes())
    more = {"transparency": bytes([0] * (1 << bits))} if clear else {}
    voc.save(tmp_path / "x.png", bits=bits, **more)
    read = np.asarray(Image.open(tmp_path / "x.png"))
    mask = load(tmp_path, "x.png", "mask")
    assert mask.dtype == np.uint8
    assert np.array_equal(mask, numbers)
    assert np.array_equal(read, numbers)


def test_a_mask_with_a_palette_is_held_upright(tmp_path: Path) -> None:
    numbers = GENERATOR.integers(0, 200, (9, 7), dtype=np.uint8)
    voc = Image.fromarray(numbers, "P")
    voc.putpalette(bytes(768))
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise
    voc.save(tmp_path / "x.png", exif=exif)
    assert np.array_equal(load(tmp_path, "x.png", "mask"), np.rot90(numbers, -1))


def test_a_mask_with_a_palette_of_colours_in_another_format_is_refused(tmp_path: Path) -> None:
    Image.fromarray(RGB).quantize(16).save(tmp_path / "x.bmp")
    with pytest.raises(ManifestError, match=r"numbers of a palette\. Save it as"):
        load(tmp_path, "x.bmp", "mask")


def test_depth_in_millimetres_and_in_a_declared_unit(tmp_path: Path) -> None:
    levels = GENERATOR.integers(0, 65536, (9, 7), dtype=np.uint16)
    for unit in (0.001, 1 / 5000, 1 / 256):
        depth = (levels * unit).astype(np.float32)
        assert write_depth(tmp_path, "x", depth, {"unit": unit}) == "x.png"
        assert np.array_equal(np.asarray(Image.open(tmp_path / "x.png")), levels)
        assert np.array_equal(load(tmp_path, "x.png", "depth", unit=unit), depth)


@pytest.mark.parametrize("value", [np.pi, np.nan, 70.0, -0.001])
def test_depth_that_no_png_can_hold_becomes_an_array(tmp_path: Path, value: float) -> None:
    depth = np.full((4, 5), value, np.float32)
    assert write_depth(tmp_path, "x", depth, {}) == "x.npy"
    assert np.array_equal(load(tmp_path, "x.npy", "depth"), depth, equal_nan=True)


def test_depth_of_whole_numbers_in_an_array_counts_in_units(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.full((2, 2), 1500, np.uint16))
    assert np.array_equal(load(tmp_path, "x.npy", "depth"), np.full((2, 2), 1.5, np.float32))


def test_depth_of_8_bits_is_refused(tmp_path: Path) -> None:
    write_image(tmp_path, "x", RGB, {})
    with pytest.raises(ManifestError, match="expected a depth image .* a picture of 20x30x3 uint8"):
        load(tmp_path, "x.png", "depth")


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_of_fewer_bits_than_blocks_is_damaged(
    tmp_path: Path, mode: str, progressive: bool
) -> None:
    path = tmp_path / "a.jpg"
    Image.new(mode, (16, 16)).save(path, progressive=progressive)
    data = bytearray(path.read_bytes())
    place = next(data.find(bytes([0xFF, code])) for code in (0xC2 if progressive else 0xC0,))
    for sides in ((2000, 3000), (65535, 9)):
        struct.pack_into(">HH", data, place + 5, *sides)
        path.write_bytes(data)
        with pytest.raises(ManifestError, match="cannot hold the pixels"):
            load(tmp_path, "a.jpg", "image")


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("size", [(1, 1), (9, 3000), (3000, 2500)])
def test_jpegs_of_one_colour_are_whole(tmp_path: Path, mode: str, size: tuple[int, int]) -> None:
    for number, progressive in enumerate([False, True]):
        path = tmp_path / f"{number}.jpg"
        Image.new(mode, size).save(path, quality=1, progressive=progressive, optimize=True)
        assert load(tmp_path, path.name, "image").shape[:2] == size[::-1]


@pytest.mark.parametrize("most", [15, 100, 1023, 4095])
@pytest.mark.parametrize("kind", ["P5", "P6", "P7"])
def test_levels_that_end_below_white_are_refused_in_images_and_kept_in_masks(
    tmp_path: Path, kind: str, most: int
) -> None:
    channels = 1 if kind == "P5" else 3
    head = f"{kind}\n4 2\n{most}\n"
    if kind == "P7":
        head = f"P7\nWIDTH 4\nHEIGHT 2\nDEPTH 3\nMAXVAL {most}\nTUPLTYPE RGB\nENDHDR\n"
    levels = np.full((2, 4, channels), most // 2, np.uint8 if most < 256 else ">u2")
    (tmp_path / "a.pnm").write_bytes(head.encode() + levels.tobytes())
    with pytest.raises(ManifestError, match=f"a P[NA]M whose white is {most}"):
        load(tmp_path, "a.pnm", "image")
    if kind == "P5":
        assert (load(tmp_path, "a.pnm", "mask") == most // 2).all()


@pytest.mark.parametrize("most", [255, 65535])
def test_levels_up_to_white_are_read(tmp_path: Path, most: int) -> None:
    levels = np.full((2, 4), most // 2, np.uint8 if most < 256 else ">u2")
    (tmp_path / "a.pgm").write_bytes(f"P5\n# x\n4 2\n{most}\n".encode() + levels.tobytes())
    (tmp_path / "b.pbm").write_bytes(b"P4\n8 1\n\xaa")
    assert (load(tmp_path, "a.pgm", "image") == most // 2).all()
    assert load(tmp_path, "b.pbm", "image").max() == 255


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("optimize", [False, True])
@pytest.mark.parametrize("progressive", [False, True])
def test_flat_pictures_whose_bytes_are_zeros_are_whole(
    mode: str, optimize: bool, progressive: bool
) -> None:
    """With tables of its own a flat block is bits of zero: thousands of zero bytes are meant."""
    from io import BytesIO

    from PIL import Image

    from syncaug.io.damage import damage_of_picture

    for colour in (0, 255):
        file = BytesIO()
        flat = Image.new(mode, (1600, 1200), (colour,) * len(mode) if len(mode) > 1 else colour)
        flat.save(file, "JPEG", optimize=optimize, progressive=progressive)
        assert damage_of_picture(file.getvalue()) == ""


def _part(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _as_other_programs(path: Path, mode: str = "RGB") -> np.ndarray:
    return np.asarray(ImageOps.exif_transpose(Image.open(path)).convert(mode))


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("way", range(2, 9))
def test_exif_in_a_text_of_a_png_is_followed(tmp_path: Path, way: int, packed: bool) -> None:
    """As ImageMagick keeps it: digits in a text, behind its name and length."""
    exif = Image.Exif()
    exif[274] = way
    raw = exif.tobytes()
    plain = f"\nexif\n{len(raw):>8}\n{raw.hex()}\n".encode()
    name = b"Raw profile type exif\0"
    text = _part(b"zTXt", name + b"\0" + zlib.compress(plain)) if packed else b""
    path = tmp_path / "x.png"
    Image.fromarray(RGB).save(path)
    data = path.read_bytes()
    path.write_bytes(data[:33] + (text or _part(b"tEXt", name + plain)) + data[33:])
    assert np.array_equal(load(tmp_path, "x.png", "image"), _as_other_programs(path))


def test_a_damaged_exif_in_a_text_of_a_png_turns_nothing(tmp_path: Path) -> None:
    Image.fromarray(RGB).save(tmp_path / "x.png")
    data = (tmp_path / "x.png").read_bytes()
    for text in (b"\nexif\n 4\nzz", b"", b"\nexif\n 4\n4d4"):
        part = _part(b"tEXt", b"Raw profile type exif\0" + text)
        (tmp_path / "x.png").write_bytes(data[:33] + part + data[33:])
        assert np.array_equal(load(tmp_path, "x.png", "image"), RGB)


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_the_clear_level_of_a_grey_png_is_seen_through(tmp_path: Path, bits: int) -> None:
    levels, most = GENERATOR.integers(0, 1 << bits, (16, 16)), (1 << bits) - 1
    clear = int(levels[3, 5])
    if bits == 16:
        rows = [row.astype(">u2").tobytes() for row in levels]
    else:
        spread = (levels[..., None] >> np.arange(bits - 1, -1, -1) & 1).astype(np.uint8)
        rows = [np.packbits(row.ravel()).tobytes() for row in spread]
    head = _part(b"IHDR", struct.pack(">IIBBBBB", 16, 16, bits, 0, 0, 0, 0))
    body = _part(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    parts = head + _part(b"tRNS", struct.pack(">H", clear)) + body + _part(b"IEND", b"")
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + parts)
    picture, mask = load(tmp_path, "x.png", "image"), load(tmp_path, "x.png", "mask")
    white = 65535 if bits == 16 else 255
    assert np.array_equal(picture[..., 0], levels * white // most)
    assert np.array_equal(picture[..., 3], np.where(levels == clear, 0, white))
    assert mask.ndim == 2
    assert load(tmp_path, "x.png", "image", channels="rgb").shape == (16, 16, 3)


def test_palettes_of_one_bit_and_of_old_bitmaps_keep_their_colours(tmp_path: Path) -> None:
    indices = GENERATOR.integers(0, 2, (16, 16), dtype=np.uint8)
    palette = np.array([[200, 10, 30], [0, 90, 255]], np.uint8)
    table = np.zeros((3, 2), np.uint16) + palette.T.astype(np.uint16) * 257
    packed = np.packbits(indices, axis=1).tobytes()
    tags = [(256, 3, 16), (257, 3, 16), (258, 3, 1), (259, 3, 1), (262, 3, 3), (273, 4, 122)]
    tags += [(277, 3, 1), (278, 3, 16), (279, 4, len(packed)), (320, 3, 122 + len(packed))]
    tags.sort()
    entries = b"".join(
        struct.pack("<HHII", tag, kind, 6 if tag == 320 else 1, value) for tag, kind, value in tags
    )
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0" * 4
    head = head.replace(struct.pack("<I", 122 + len(packed)), struct.pack("<I", 134 + len(packed)))
    data = head.replace(struct.pack("<HHII", 273, 4, 1, 122), struct.pack("<HHII", 273, 4, 1, 134))
    (tmp_path / "x.tif").write_bytes(data + packed + table.astype("<u2").tobytes())
    assert np.array_equal(load(tmp_path, "x.tif", "image"), palette[indices])

    rows = b"".join(row.tobytes() for row in indices[::-1])
    colours = palette[:, ::-1].tobytes().ljust(768, b"\0")
    old = struct.pack("<IHHHH", 12, 16, 16, 1, 8) + colours
    size = 14 + len(old)
    (tmp_path / "x.bmp").write_bytes(
        b"BM" + struct.pack("<IHHI", size + 256, 0, 0, size) + old + rows
    )
    assert np.array_equal(load(tmp_path, "x.bmp", "image"), palette[indices])
    with pytest.raises(ManifestError, match="numbers of a palette"):
        load(tmp_path, "x.bmp", "mask")


def test_planes_of_16_bits_and_unusual_masks_are_refused(tmp_path: Path) -> None:
    planes = GENERATOR.integers(0, 65536, (3, 8, 8), dtype=np.uint16).astype("<u2").tobytes()
    tags = [(256, 3, 8), (257, 3, 8), (258, 3, 16), (259, 3, 1), (262, 3, 2), (273, 4, 200)]
    tags += [(277, 3, 3), (278, 3, 8), (279, 4, 384), (284, 3, 2)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0" * 4
    (tmp_path / "x.tif").write_bytes(head.ljust(200, b"\0") + planes)
    with pytest.raises(ManifestError, match=r"separate planes of 16 bits\. Convert it to RGB, as"):
        load(tmp_path, "x.tif", "image")
    bitmap = struct.pack("<IiiHHIIiiII", 40, 4, 4, 1, 32, 3, 64, 0, 0, 0, 0)
    bitmap += struct.pack("<III", 0xFFE00000, 0x1FFC00, 0x3FF)
    size = 14 + len(bitmap)
    head = b"BM" + struct.pack("<IHHI", size + 64, 0, 0, size)
    (tmp_path / "x.bmp").write_bytes(head + bitmap + bytes(range(64)))
    with pytest.raises(ManifestError, match="unusual bit masks"):
        load(tmp_path, "x.bmp", "image")


@pytest.mark.parametrize("way", range(1, 9))
def test_the_turn_of_an_avif_is_followed(tmp_path: Path, way: int) -> None:
    """Its properties irot and imir, into which Pillow makes EXIF's orientation."""
    exif = Image.Exif()
    exif[274] = way
    path = tmp_path / "x.avif"
    Image.fromarray(RGB.repeat(4, axis=0).repeat(4, axis=1)).save(path, exif=exif, quality=100)
    seen, expected = load(tmp_path, "x.avif", "image"), _as_other_programs(path)
    assert seen.shape == expected.shape
    assert np.abs(seen.astype(int) - expected).mean() < 3.0


def test_a_mask_in_a_jpeg_is_told(tmp_path: Path) -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[5:12, 8:20] = 3
    Image.fromarray(mask).save(tmp_path / "x.jpg")
    Image.fromarray(mask).save(tmp_path / "x.png")
    assert np.array_equal(load(tmp_path, "x.png", "mask"), mask)
    with pytest.warns(SampleWarning, match="which blurs class numbers where two of them meet"):
        load(tmp_path, "x.jpg", "mask")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(80)),
        ("x.tga", bytes(2) + b"\2" + bytes(60)),
        ("x.psd", b"8BPS\0\1" + bytes(60)),
    ],
)
def test_a_picture_of_a_format_that_is_not_read_is_told_the_way(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ManifestError, match="If a program shows it, save it there as PNG"):
        load(tmp_path, name, "image")


@pytest.mark.parametrize("modality", ["image", "mask", "depth"])
def test_arrays_under_other_names_are_told_the_way(tmp_path: Path, modality: str) -> None:
    np.savez(tmp_path / "x.npz", a=RGB)
    np.save(tmp_path / "y.npy", RGB)
    (tmp_path / "y.npy").rename(tmp_path / "y.png")
    for name in ("x.npz", "y.png"):
        with pytest.raises(ManifestError, match=r"numpy\.save, in a file named \.npy"):
            load(tmp_path, name, modality)


@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_a_hole_in_a_packed_tiff_is_damage(tmp_path: Path, mode: str) -> None:
    noise = GENERATOR.integers(0, 256, (60, 80, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).convert(mode)
    picture.save(tmp_path / "x.tif", compression="tiff_adobe_deflate")
    assert load(tmp_path, "x.tif", "image").shape == (60, 80, 3)
    data = bytearray((tmp_path / "x.tif").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 100] = bytes(100)
    (tmp_path / "x.tif").write_bytes(data)
    with pytest.raises(ManifestError, match="a part of its pixels cannot be unpacked"):
        load(tmp_path, "x.tif", "image")
