"""What a film has and its frames have not is said, once; ordinary films pass without a word."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from syncaug.errors import SampleWarning
from syncaug.io.video import open_clip, read_video
from tests.io.films import film
from tests.io.test_colours import flat, middle
from tests.samples import DATA


def special(path: Path, form: str = "yuv420p", codec: str = "libx264", **said: Any) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, form
        for name, value in said.items():
            setattr(stream.codec_context, name, value)
        for number in range(3):
            frame = av.VideoFrame(64, 48, form)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.pts = number
            for name, value in said.items():
                if name.startswith("color"):
                    setattr(frame, name, value)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "made", "message"),
    [
        ("a.mkv", {"form": "yuv420p10le"}, "its 10 bits are read as 8"),
        ("a.mov", {"form": "yuv422p10le", "codec": "prores_ks"}, "its 10 bits are read as 8"),
        ("a.mkv", {"form": "yuv444p12le", "codec": "ffv1"}, "its 12 bits are read as 8"),
        ("a.mkv", {"form": "yuva420p", "codec": "ffv1"}, "its transparency .alpha. is left out"),
        ("a.mov", {"form": "argb", "codec": "qtrle"}, "its transparency .alpha. is left out"),
        ("a.mkv", {"color_trc": 16, "color_primaries": 9}, r"its levels follow PQ \(HDR10\)"),
        ("a.mp4", {"color_trc": 18}, "its levels follow HLG"),
        ("a.mp4", {"color_primaries": 12}, "its colours are of Display P3"),
    ],
)
def test_told_once(tmp_path: Path, name: str, made: Any, message: str) -> None:
    path = special(tmp_path / name, **made)
    with pytest.warns(SampleWarning, match=f"{name}: .*{message}.*Convert the film first") as told:
        open_clip(path)
    assert len(told) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(read_video(path, {})["frames"]) == 3


def test_levels_of_ten_bits_are_rounded(tmp_path: Path) -> None:
    expected = flat(tmp_path / "it.mkv", "yuv420p10le", "709")
    with pytest.warns(SampleWarning, match="its 10 bits are read as 8"):
        frames = read_video(tmp_path / "it.mkv", {})["frames"]
    off = middle(frames) - expected
    assert np.abs(off.mean(axis=0)).max() < 0.25
    assert np.abs(off).max() < 0.75


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi", ".ts"])
def test_ordinary_films_pass_without_a_word(tmp_path: Path, suffix: str) -> None:
    path = film(tmp_path / f"it{suffix}", np.arange(5) / 25, ticks=25, video="mpeg4")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_video(path, {})
        open_clip(DATA / "bunny" / "bunny.mp4")
        open_clip(DATA / "webb" / "webb.mp4", 1)


def test_an_opaque_gif_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb8"
        for number in range(5):
            grey = np.full((48, 64, 3), 40 * number, np.uint8)
            picture = av.VideoFrame.from_ndarray(grey, format="rgb24")
            container.mux(stream.encode(picture.reformat(format="rgb8")))
        container.mux(stream.encode(None))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(open_clip(path)) == 5
