"""Frames that a writer left out: shown again, so that the picture keeps pace with the sound."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from syncaug.io.soundtrack import read_soundtrack
from syncaug.io.video import open_clip, read_video
from tests.io.films import RATE, click, film, loudest, number_of, numbers_of

COUNT = 100
DROPPED = [3, 4, 17, *range(30, 34), 50, 71, 98]
KEPT = [slot for slot in range(COUNT) if slot not in DROPPED]


def avi(path: Path, codec: str, kept: Sequence[int] = KEPT, **options: str) -> Path:
    """A film whose frame k stands in slot kept[k]; FFmpeg writes empty chunks between."""
    times = [slot / 25 for slot in kept]
    return film(path, times, video=codec, ticks=25, options=options)


def shown(kept: Sequence[int], end: int) -> list[int]:
    """The number of the frame that is to be seen in each slot."""
    return [max(k for k, slot in enumerate(kept) if slot <= now) for now in range(end)]


def repacked(source: Path, path: Path, empty: Container[int]) -> Path:
    """The packets of a film in another container, some of them without bytes."""
    with av.open(str(source)) as before, av.open(str(path), "w") as after:
        old = before.streams.video[0]
        new = after.add_stream_from_template(old)
        for number, packet in enumerate(one for one in before.demux(old) if one.size):
            if number in empty:
                nothing = av.Packet(b"")
                nothing.pts, nothing.dts, nothing.time_base = (
                    packet.pts, packet.dts, packet.time_base,
                )  # fmt: skip
                nothing.duration = packet.duration
                packet = nothing
            packet.stream = new
            after.mux(packet)
    return path


def slots_in(path: Path) -> list[int]:
    """The slots of an AVI's chunks that hold something."""
    with av.open(str(path)) as container:
        return [packet.dts for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize(
    ("codec", "options"),
    [("mpeg4", {}), ("libx264", {"bf": "0"}), ("ffv1", {}), ("mpeg2video", {"bf": "0"})],
)
def test_an_avi_whose_writer_dropped_frames(tmp_path: Path, codec: str, options: Any) -> None:
    path = avi(tmp_path / "it.avi", codec, **options)
    slots = slots_in(path)
    assert len(slots) == len(KEPT) < slots[-1]
    clip = open_clip(path)
    assert clip.fps == 25.0
    assert clip.duration == pytest.approx((slots[-1] + 1) / 25)
    found = [number & 127 for number in numbers_of(clip.read(range(len(clip))))]
    assert found == shown(slots, slots[-1] + 1)
    assert [number_of(clip.read([n])[0]) for n in (60, 5, 33)] == [found[n] for n in (60, 5, 33)]


@pytest.mark.parametrize(("codec", "frames"), [("mpeg4", "2"), ("libx264", "2"), ("libx264", "3")])
def test_frames_that_are_stored_in_another_order(tmp_path: Path, codec: str, frames: str) -> None:
    """Each is shown when it was, counted from the first."""
    path = avi(tmp_path / "it.avi", codec, KEPT, bf=frames)
    clip = open_clip(path)
    found = numbers_of(clip.read(range(len(clip))))
    assert COUNT - 1 <= len(clip) <= COUNT + 1  # where it ends is known to a slot or two
    late = [n for n in range(50) if found[n] != shown(KEPT, COUNT)[n]]
    assert not late


def test_flash_and_click_stay_together(tmp_path: Path) -> None:
    """Pictures turn white where the sound clicks, after a tenth of all frames was dropped."""
    path = tmp_path / "it.avi"
    kept = [slot for slot in range(300) if slot % 10 != 7]
    flash = 250
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width, video.height = 64, 48
        audio = container.add_stream("pcm_s16le", rate=RATE)
        audio.codec_context.layout = "mono"
        level = np.rint(click(12.0, flash / 25) * 32767).astype(np.int16)
        sound = av.AudioFrame.from_ndarray(level, format="s16", layout="mono")
        sound.sample_rate, sound.pts = RATE, 0
        container.mux([*audio.encode(sound), *audio.encode(None)])
        for slot in kept:
            picture = np.full((48, 64, 3), 255 if slot >= flash else 0, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = slot
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    clip = open_clip(path)
    levels = clip.read(range(len(clip))).mean(axis=(1, 2, 3))
    (place,) = loudest(read_soundtrack(path, {})["array"])
    assert clip.times[int(np.argmax(levels > 128))] == pytest.approx(place / RATE, abs=0.041)
    assert clip.duration == pytest.approx(12.0, abs=0.05)


def test_few_frames_at_a_fine_rate_last_longer(tmp_path: Path) -> None:
    """An AVI of 1000 slots a second is not a film of 1000 frames a second."""
    source = film(tmp_path / "it.mkv", np.arange(20) / 25, ticks=1000, video="mpeg4")
    clip = open_clip(repacked(source, tmp_path / "it.avi", ()))
    assert len(clip) == 20
    assert clip.fps == pytest.approx(25.0) or np.allclose(clip.times, np.arange(20) / 25)


@pytest.mark.parametrize("suffix", [".nut", ".mkv", ".mp4", ".mov"])
def test_packets_of_no_bytes_repeat_the_frame_before(tmp_path: Path, suffix: str) -> None:
    source = film(tmp_path / "x.mkv", np.arange(50) / 25, ticks=1000, video="mpeg4")
    path = repacked(source, tmp_path / f"it{suffix}", {7, 8, 9, 30})
    clip = open_clip(path)
    assert clip.duration == pytest.approx(2.0, abs=0.002)
    now = np.searchsorted(clip.times, np.arange(50) / 25 + 0.02, side="right") - 1
    changes = [number for number in range(1, 50) if now[number] != now[number - 1]]
    pictures = clip.read(now)
    for number in (8, 9, 30):
        assert number not in changes or np.array_equal(pictures[number], pictures[number - 1])
    whole = read_video(path, {})["frames"]
    assert np.array_equal(whole, clip.read(range(len(clip))))
    assert np.array_equal(clip.read([len(clip) - 1, 3]), whole[[-1, 3]])


def test_a_whole_avi_says_nothing_of_repeats(tmp_path: Path) -> None:
    clip = open_clip(avi(tmp_path / "it.avi", "mpeg4", range(40)))
    assert (len(clip), clip.fps, clip.duration) == (40, 25.0, 1.6)
    assert numbers_of(clip.read(range(40))) == list(range(40))
