"""Colours of films: flat areas against the formulas of ITU-R BT.601, 709 and 2020."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from syncaug.clips.clip import ArrayClip, regular_times
from syncaug.io.colours import as_rgb
from syncaug.io.container_forms import Coding
from syncaug.io.container_writer import Contents, write_container
from syncaug.io.video import open_clip, read_video

LUMA = {"601": (0.299, 0.114), "709": (0.2126, 0.0722), "2020": (0.2627, 0.0593)}
TAGS = {"601": 6, "709": 1, "2020": 9}
COLOURS = np.random.default_rng(4).uniform(0.05, 0.95, (24, 3))


def coded(rgb: Any, matrix: str, bits: int, full: bool) -> list[int]:
    """Red, green and blue in 0..1 as luma and chroma, rounded."""
    kr, kb = LUMA[matrix]
    red, green, blue = rgb
    luma = kr * red + kb * blue + (1 - kr - kb) * green
    chroma = (blue - luma) / 2 / (1 - kb), (red - luma) / 2 / (1 - kr)
    scale = 2 ** (bits - 8)
    if full:
        top = 256 * scale - 1
        return [round(luma * top), *(round(one * top + 128 * scale) for one in chroma)]
    return [
        round((16 + 219 * luma) * scale), *(round((128 + 224 * one) * scale) for one in chroma)
    ]  # fmt: skip


def levels(code: list[int], matrix: str, bits: int, full: bool) -> np.ndarray:
    """What a code stands for, in levels of 0..255, not rounded."""
    kr, kb = LUMA[matrix]
    scale = 2 ** (bits - 8)
    if full:
        top = 256 * scale - 1
        luma, blue, red = (code[0] / top, *((one - 128 * scale) / top for one in code[1:]))
    else:
        luma = (code[0] / scale - 16) / 219
        blue, red = ((one / scale - 128) / 224 for one in code[1:])
    r, b = luma + 2 * (1 - kr) * red, luma + 2 * (1 - kb) * blue
    return np.clip([255 * r, 255 * (luma - kr * r - kb * b) / (1 - kr - kb), 255 * b], 0, 255)


def flat(
    path: Path, form: str, matrix: str, *, tagged: bool = True, full: bool = False,
    size: tuple[int, int] = (64, 48), codec: str = "libx264",
) -> np.ndarray:  # fmt: skip
    """A film without loss of one colour a frame; what each should be."""
    bits = 10 if "10" in form else 8
    codes = [coded(one, matrix, bits, full) for one in COLOURS]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options={"crf": "0", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, form
        context = stream.codec_context
        if tagged:
            context.colorspace = TAGS[matrix]
        if full:
            context.color_range = 2
        for number, code in enumerate(codes):
            frame = av.VideoFrame(*size, form)
            for plane, value in zip(frame.planes, code, strict=False):
                kind = np.uint16 if bits > 8 else np.uint8
                count = plane.buffer_size // kind().itemsize
                plane.update(np.full(count, value, kind).tobytes())
            frame.pts = number
            if tagged:
                frame.colorspace = TAGS[matrix]
            if full:
                frame.color_range = 2
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return np.array([levels(code, matrix, bits, full) for code in codes])


def middle(frames: np.ndarray) -> np.ndarray:
    height, width = frames.shape[1:3]
    spot = frames[:, height // 2 - 4 : height // 2 + 4, width // 2 - 4 : width // 2 + 4]
    return spot.reshape(len(frames), -1, 3).mean(axis=1)


@pytest.mark.parametrize("full", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", ["601", "709", "2020"])
@pytest.mark.parametrize("form", ["yuv420p", "yuv422p", "yuv444p"])
def test_tagged(tmp_path: Path, form: str, matrix: str, full: bool) -> None:
    expected = flat(tmp_path / "it.mkv", form, matrix, full=full)
    off = middle(read_video(tmp_path / "it.mkv", {})["frames"]) - expected
    assert np.abs(off.mean(axis=0)).max() < 0.25
    assert np.abs(off).max() < 0.75


@pytest.mark.parametrize(
    ("size", "matrix"),
    [((64, 48), "601"), ((720, 576), "601"), ((1280, 720), "709"), ((720, 1280), "709"),
     ((1280, 544), "709")],
)  # fmt: skip
def test_untagged(tmp_path: Path, size: tuple[int, int], matrix: str) -> None:
    expected = flat(tmp_path / "it.mkv", "yuv420p", matrix, tagged=False, size=size)[:3]
    off = middle(open_clip(tmp_path / "it.mkv").read(range(3))) - expected
    assert np.abs(off).max() < 0.75


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm", ".mov"])
def test_decode_do_nothing_encode(tmp_path: Path, suffix: str) -> None:
    """Flat colours through a file and back: 0.3 levels in the mean."""
    pictures = np.rint(COLOURS * 255).astype(np.uint8)[:, None, None, :]
    frames = np.broadcast_to(pictures, (24, 48, 64, 3)).copy()
    clip = ArrayClip(frames, regular_times(24, 25.0), 24 / 25)
    path = tmp_path / f"it{suffix}"
    write_container(path, Contents([clip]), Coding(crf=0, preset="medium"))
    back = read_video(path, {})["frames"]
    off = middle(back) - pictures[:, 0, 0]
    assert np.abs(off.mean(axis=0)).max() < 0.3
    assert np.abs(off).max() < 2.1  # luma and chroma of 8 bits hold no more


def test_grey_and_palettes_are_no_luma_and_chroma(tmp_path: Path) -> None:
    frames = np.broadcast_to(
        np.arange(24, dtype=np.uint8)[:, None, None, None] * 10, (24, 48, 64, 3)
    )
    with av.open(str(tmp_path / "it.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "gray"
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture[..., 0].copy(), format="gray")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert np.array_equal(read_video(tmp_path / "it.mkv", {})["frames"], frames)


def test_what_came_before_changes_no_colour() -> None:
    """Each thread keeps one converter for frames of all sizes, formats, ranges and matrices."""
    generator = np.random.default_rng(2)
    frames: list[Any] = []
    for form in ("yuv420p", "yuv444p", "yuv422p10le", "yuvj420p", "rgb24", "gray", "nv12", "pal8"):
        for width, height in ((64, 48), (70, 34)):
            for matrix, full in ((1, 1), (6, 2), (9, 1)):
                frame = av.VideoFrame(width, height, form)
                for plane in frame.planes:
                    plane.update(generator.bytes(plane.buffer_size))
                frame.colorspace, frame.color_range = matrix, full
                frames.append(frame)
    order = [frames[place] for place in generator.permutation(len(frames)).tolist()] + frames
    kept = [as_rgb(frame).copy() for frame in order]
    for frame, found in zip(order, kept, strict=True):
        with ThreadPoolExecutor(1) as thread:  # whose converter is new
            assert np.array_equal(thread.submit(as_rgb, frame).result(), found), frame
    assert len({one.tobytes() for one in kept}) == len(frames)
