"""Films as cameras write them, and pictures that are taken for films."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageOps

from syncaug.errors import ManifestError
from tests.io.material import load

WIDE = np.zeros((48, 64, 3), np.uint8)
WIDE[:24, :32] = 255


def photo(way: int) -> bytes:
    exif = Image.Exif()
    exif[271], exif[274] = "A camera", way
    file = BytesIO()
    Image.fromarray(WIDE).save(file, "JPEG", exif=exif, quality=95)
    return file.getvalue()


def film(path: Path, frame: bytes) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for number in range(5):
            packet = av.Packet(frame)
            packet.stream, packet.time_base = stream, Fraction(1, 25)
            packet.pts = packet.dts = number
            packet.is_keyframe = True
            container.mux(packet)


@pytest.mark.parametrize("way", range(1, 9))
@pytest.mark.parametrize("name", ["x.avi", "x.mov", "x.mkv"])
def test_frames_with_exif_are_read_upright(tmp_path: Path, name: str, way: int) -> None:
    film(tmp_path / name, photo(way))
    frames = load(tmp_path, name, "video")["frames"]
    upright = np.asarray(ImageOps.exif_transpose(Image.open(BytesIO(photo(way)))))
    assert frames.shape == (5, *upright.shape)
    assert np.abs(frames[2].astype(int) - upright).mean() < 4


@pytest.mark.parametrize("name", ["x.tif", "x.jpg", "x.png", "x.webp", "x.bmp"])
def test_a_picture_is_no_film(tmp_path: Path, name: str) -> None:
    pages = {"save_all": True, "append_images": [Image.fromarray(WIDE)]} if name == "x.tif" else {}
    Image.fromarray(WIDE).save(tmp_path / name, **pages)
    with pytest.raises(ManifestError, match="a picture. Declare it as modality: image"):
        load(tmp_path, name, "video")


def test_several_pictures_in_a_gif_are_a_film(tmp_path: Path) -> None:
    for name in ("x.gif", "x.png"):
        Image.fromarray(WIDE).save(
            tmp_path / name, save_all=True, append_images=[Image.fromarray(255 - WIDE)], duration=80
        )
        assert len(load(tmp_path, name, "video")["frames"]) == 2
        with pytest.raises(ManifestError, match="Save the one that is meant, or declare a video"):
            load(tmp_path, name, "image")


def animation(path: Path, mode: str = "RGB") -> None:
    levels = [Image.fromarray(picture).convert(mode) for picture in (WIDE, 255 - WIDE, WIDE)]
    levels[0].save(path, save_all=True, append_images=levels[1:], duration=80)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.filterwarnings("ignore:.*transparen")
def test_all_frames_of_an_animated_avif_are_a_film(tmp_path: Path, mode: str) -> None:
    animation(tmp_path / "x.avif", mode)
    film = load(tmp_path, "x.avif", "video")
    assert film["fps"] == 12.5
    assert np.abs(film["frames"].astype(int) - [WIDE, 255 - WIDE, WIDE]).mean() < 4
    with pytest.raises(
        ManifestError, match=r"an AVIF of several pictures\. Save .* declare a video"
    ):
        load(tmp_path, "x.avif", "image")
    Image.fromarray(WIDE).save(tmp_path / "y.avif")
    with pytest.raises(ManifestError, match="a picture. Declare it as modality: image"):
        load(tmp_path, "y.avif", "video")


def test_an_animated_webp_is_told_the_way(tmp_path: Path) -> None:
    animation(tmp_path / "x.webp")
    with pytest.raises(ManifestError, match=r"an animated WebP\. Save it as PNG"):
        load(tmp_path, "x.webp", "video")
    with pytest.raises(ManifestError, match=r"a WebP of 3 pictures\. .* as an animated PNG, and"):
        load(tmp_path, "x.webp", "image")
    Image.open(tmp_path / "x.webp").save(tmp_path / "x.png", save_all=True)
    assert len(load(tmp_path, "x.png", "video")["frames"]) == 3
