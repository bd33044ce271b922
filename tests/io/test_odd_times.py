"""Times that are hard to tell: frames out of order in AVI, within one tick, or without any."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from syncaug.io.problem import FileProblem
from syncaug.io.video import open_clip
from tests.io.films import film, numbers_of

CODECS = {"mpeg4": {"bf": "2"}, "mpeg2video": {"bf": "2"}, "libx264": {"bf": "3"}}


def firsts(path: Path) -> dict[int, float]:
    """The number of each picture -> when it is first shown."""
    clip = open_clip(path)
    shown = numbers_of(clip.decode(range(len(clip))))
    return {number: float(time) for time, number in list(zip(clip.times, shown, strict=True))[::-1]}


@pytest.mark.parametrize("late", [5, 12])
@pytest.mark.parametrize("codec", CODECS)
def test_a_picture_that_begins_late_keeps_its_place(tmp_path: Path, codec: str, late: int) -> None:
    times = [(late + number) / 25 for number in range(40)]
    path = film(tmp_path / "a.avi", times, video=codec, ticks=25, options=CODECS[codec])
    found = firsts(path)
    behind = np.array([found[number] - times[number] for number in range(1, 40)])
    assert np.ptp(behind) < 1e-9
    # The format does not say by how much its encoder ran ahead: three pictures at most.
    assert -3.01 / 25 < behind[0] < 1e-9


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("left_out", [(), (3, 4), (1, 2), (20, 21, 22)])
def test_a_picture_that_begins_at_once_keeps_every_time(
    tmp_path: Path, codec: str, left_out: tuple[int, ...]
) -> None:
    slots = [slot for slot in range(40) if slot not in left_out]
    times = [slot / 25 for slot in slots]
    path = film(tmp_path / "a.avi", times, video=codec, ticks=25, options=CODECS[codec])
    found = firsts(path)
    assert [found[number] for number in range(len(slots))] == pytest.approx(times, abs=1e-9)


def test_frames_that_come_as_milliseconds_keep_their_times_to_the_end(tmp_path: Path) -> None:
    times = [number * 0.04 for number in range(40)]
    path = film(tmp_path / "a.avi", times, video="libx264", ticks=1000, options={"bf": "3"})
    found = firsts(path)
    assert [found[number] for number in range(40)] == pytest.approx(times, abs=1e-3)


@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_pictures_in_an_mxf_come_in_their_order(tmp_path: Path, codec: str) -> None:
    times = [number / 25 for number in range(40)]
    path = film(tmp_path / "a.mxf", times, video=codec, ticks=25, options=CODECS[codec])
    found = firsts(path)
    assert [found[number] for number in range(40)] == pytest.approx(times, abs=1e-9)


def test_a_program_stream_without_times_is_refused(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mpg", [number / 25 for number in range(40)], video="libx264")
    with pytest.raises(FileProblem, match="does not say when its frames are shown.*ffmpeg -r"):
        open_clip(path)


@pytest.mark.parametrize(
    ("name", "video", "options"),
    [
        ("a.mkv", "libx264", {"bf": "0"}),
        ("a.mkv", "libx264", {"bf": "3"}),
        ("a.webm", "libvpx", {}),
    ],
)
def test_frames_within_one_tick_leave_the_times_of_all_others(
    tmp_path: Path, name: str, video: str, options: dict[str, str]
) -> None:
    times = [0.0, 0.04, 0.0401, 0.0402, 0.5, 0.75, 0.7502, 0.9, 1.3, 1.31, 1.36, 2.0]
    path = film(tmp_path / name, times, video=video, options=options)
    clip = open_clip(path)
    whole = clip.decode(range(len(clip)))
    assert numbers_of(whole) == list(range(len(times)))
    assert clip.times == pytest.approx(times, abs=1e-3)
    assert (np.diff(clip.times) > 0).all()
    again = open_clip(path)
    for places in ([11], [3, 4], [0]):
        assert np.array_equal(again.read(places), whole[places])
