"""Video from containers: frames by their times, upright, in any order, from real files."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug.clips.clip import Clip
from syncaug.errors import ManifestError
from syncaug.io import Entry, load_sample
from syncaug.io.containers import list_tracks, open_container, pick
from syncaug.io.frame_index import index_frames
from syncaug.io.frame_reader import FrameReader
from syncaug.io.sample_table import sample_table
from syncaug.io.video import FileClip, open_clip, read_video
from tests.io.films import cut_by_edit_list, film, number_of, numbers_of, picture, turned
from tests.io.material import Declared, load
from tests.samples import DATA

COUNT = 60
REGULAR = np.arange(COUNT) / 25
VARYING = np.cumsum(np.random.default_rng(5).uniform(0.011, 0.09, COUNT)) - 0.011
VARYING = VARYING - VARYING[0]
SHORT_GOPS = {"g": "7", "bf": "2"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> FileClip:
    """60 frames at 25 a second, in groups of seven."""
    path = tmp_path_factory.mktemp("films") / "it.mp4"
    return open_clip(film(path, REGULAR, options=SHORT_GOPS))


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_frames_at_a_constant_rate(tmp_path: Path, suffix: str) -> None:
    clip = open_clip(film(tmp_path / f"it{suffix}", REGULAR))
    assert isinstance(clip, Clip)
    assert clip.shape == (COUNT, 48, 64, 3)
    assert clip.size == (64, 48)
    assert clip.fps == 25.0
    assert clip.duration == 2.4
    assert np.array_equal(clip.times, REGULAR)
    assert numbers_of(clip.read(range(COUNT))) == list(range(COUNT))


@pytest.mark.parametrize(("suffix", "tick"), [(".mp4", 1 / 90_000), (".mkv", 1e-3)])
def test_frames_at_a_varying_rate(tmp_path: Path, suffix: str, tick: float) -> None:
    clip = open_clip(film(tmp_path / f"it{suffix}", VARYING, last=0.3, options={"bf": "0"}))
    assert clip.fps == 0.0
    assert np.abs(clip.times - VARYING).max() <= tick / 2 + 1 / 180_000 + 1e-9
    assert clip.duration == pytest.approx(VARYING[-1] + 0.3, abs=1.01 * tick)
    assert numbers_of(clip.read(range(COUNT))) == list(range(COUNT))


def test_frames_that_are_stored_in_another_order_than_shown(tmp_path: Path) -> None:
    clip = open_clip(film(tmp_path / "it.mp4", VARYING, options={"bf": "3"}))
    assert np.abs(clip.times - VARYING).max() <= 1 / 180_000 + 1e-9
    assert numbers_of(clip.read(range(COUNT))) == list(range(COUNT))


def test_an_avi_whose_packets_name_no_times(tmp_path: Path) -> None:
    clip = open_clip(film(tmp_path / "it.avi", REGULAR, video="mpeg4", ticks=25))
    assert clip.fps == pytest.approx(25.0)
    assert numbers_of(clip.read([0, 7, 3])) == [0, 7, 3]


@pytest.mark.parametrize(
    "order",
    [
        range(COUNT - 1, -1, -1),
        [5, 5, 5, 4, 59, 0, 30],
        [13, 14, 20, 21],
        [],
    ],
)
def test_frames_in_any_order(clip: FileClip, order: Any) -> None:
    assert numbers_of(clip.read(order)) == list(order)


def test_frames_that_are_not_there(clip: FileClip) -> None:
    with pytest.raises(IndexError, match="frames 0 to 59; got 3 to 60"):
        clip.read([3, 60])


def test_reading_on_does_not_seek(clip: FileClip, monkeypatch: pytest.MonkeyPatch) -> None:
    clip.close()
    seeks: list[int] = []
    go_to = FrameReader._go_to
    monkeypatch.setattr(
        FrameReader, "_go_to", lambda self, key: (seeks.append(key), go_to(self, key))[1]
    )
    for start in range(0, COUNT, 4):
        assert numbers_of(clip.read(range(start, start + 4))) == list(range(start, start + 4))
        clip.read([start + 3])  # the last one again
    assert seeks == [0]


def test_reading_backwards_decodes_each_group_of_frames_once(
    clip: FileClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip.close()
    decoded: list[int] = []
    place = FrameReader._arrived
    monkeypatch.setattr(
        FrameReader, "_arrived", lambda self, f: (decoded.append(0), place(self, f))[1]
    )
    for index in range(COUNT - 1, -1, -1):
        assert numbers_of(clip.read([index])) == [index]
    assert len(decoded) <= 2 * COUNT


@pytest.mark.parametrize(
    ("matrix", "back"),
    [
        ((0, 1, -1, 0), lambda frame: np.rot90(frame, -1)),  # a quarter turn clockwise
        ((-1, 0, 0, -1), lambda frame: np.rot90(frame, 2)),
        ((0, -1, 1, 0), lambda frame: np.rot90(frame)),
        ((-1, 0, 0, 1), lambda frame: frame[:, ::-1]),
        ((1, 0, 0, -1), lambda frame: frame[::-1]),
        ((0, 1, 1, 0), lambda frame: frame.transpose(1, 0, 2)),
    ],
)
def test_pictures_come_upright(tmp_path: Path, matrix: Any, back: Any) -> None:
    path = film(tmp_path / "it.mp4", REGULAR[:3])
    turned(path, *matrix)
    clip = open_clip(path)
    shown = back(picture(1))
    assert clip.size == (shown.shape[1], shown.shape[0])
    assert np.abs(clip.read([1])[0].astype(int) - shown).mean() < 6


def test_a_track_that_starts_late(tmp_path: Path) -> None:
    clip = open_clip(film(tmp_path / "it.mp4", REGULAR[:10] + 0.3))
    assert np.allclose(clip.times, REGULAR[:10] + 0.3)
    assert clip.duration == pytest.approx(0.7)
    assert clip.fps == 0.0
    value = read_video(tmp_path / "it.mp4", {})
    assert set(value) == {"frames", "timestamps", "duration"}


def test_what_an_edit_list_cuts_away_is_not_shown(tmp_path: Path) -> None:
    path = film(tmp_path / "it.mp4", REGULAR, options={"g": "100"})
    cut_by_edit_list(path, 0.4)
    clip = open_clip(path)
    assert len(clip) == COUNT - 10
    assert clip.times[0] == 0.0
    assert numbers_of(clip.read([0, 1, 49])) == [10, 11, 59]


def test_a_format_that_counts_from_anywhere_starts_at_its_first_packet(tmp_path: Path) -> None:
    clip = open_clip(film(tmp_path / "it.ts", REGULAR[:20]))
    assert clip.times[0] == pytest.approx(0.0, abs=1e-4)
    assert numbers_of(clip.read(range(20))) == list(range(20))


@pytest.mark.parametrize(
    ("track", "shape", "fps", "duration"),
    [(0, (325, 180, 320, 3), 25.0, 13.0), (1, (390, 270, 480, 3), 30000 / 1001, 13.013)],
)
def test_both_tracks_of_webb(track: int, shape: Any, fps: float, duration: float) -> None:
    clip = open_clip(DATA / "webb" / "webb.mp4", track)
    assert (clip.shape, clip.fps) == (shape, fps)
    assert clip.duration == pytest.approx(duration)
    some = clip.read([200, 7, 300])
    clip.close()
    assert np.array_equal(clip.read([300])[0], some[2])
    assert not np.array_equal(some[0], some[2])


def test_what_a_container_holds() -> None:
    tracks = list_tracks(DATA / "webb" / "webb.mp4")
    assert [(t.kind, t.number, t.codec) for t in tracks] == [
        ("video", 0, "h264"),
        ("video", 1, "h264"),
        ("audio", 0, "aac"),
        ("audio", 1, "aac"),
        ("subtitle", 0, "mov_text"),
        ("subtitle", 1, "mov_text"),
    ]
    assert (tracks[1].width, tracks[1].height, tracks[3].rate, tracks[3].channels) == (
        480, 270, 16000, 2,
    )  # fmt: skip
    (video, sound) = list_tracks(DATA / "bunny" / "bunny.mp4")
    assert (video.duration, sound.channels, sound.language) == (5.28, 6, "und")


def test_a_clip_can_be_pickled_and_read_from_several_threads(clip: FileClip) -> None:
    again = pickle.loads(pickle.dumps(clip))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: number_of(again.read([n])[0]), range(0, COUNT, 5)))
    assert found == list(range(0, COUNT, 5))


def test_a_clip_goes_on_in_a_forked_process(clip: FileClip) -> None:
    """As workers of a loader do with what their data set has read from already."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from syncaug.io.video import open_clip\n"
        "clip = open_clip(Path(sys.argv[1]))\n"
        "first, then = clip.read([3])[0], clip.read([20])[0]\n"
        "child = os.fork()\n"
        "same = bool((clip.read([3])[0] == first).all() and (clip.read([20])[0] == then).all())\n"
        "if child == 0:\n"
        "    os._exit(0 if same else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or not same)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(clip.path)], timeout=60, check=False
    )
    assert done.returncode == 0


def test_short_videos_come_whole_and_long_ones_as_clips(clip: FileClip) -> None:
    streams = {"it": Declared("it", "video")}
    entry = Entry(clip.path.parent / "m.jsonl", 1, 1, {"it": "it.mp4"})
    whole = load_sample(entry, streams)["it"]
    assert whole["fps"] == 25.0
    lazy = load_sample(entry, streams, lazy_above=1000)["it"]
    assert isinstance(lazy, FileClip)
    assert np.array_equal(lazy.read(range(COUNT)), whole["frames"])


def test_a_declared_rate_gives_the_array_alone(clip: FileClip) -> None:
    frames = load(clip.path.parent, "it.mp4", "video", fps=25)
    assert frames.shape == (COUNT, 48, 64, 3)
    turned = load(clip.path.parent, "it.mp4", "video", fps=25, layout="chw")
    assert np.array_equal(turned, frames.transpose(0, 3, 1, 2))
    with pytest.raises(ManifestError, match="expected 30 frames in a second, as declared; got"):
        load(clip.path.parent, "it.mp4", "video", fps=30)


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
@pytest.mark.parametrize("how", ["regular", "varying", "edited", "no b-frames", "one group"])
def test_the_table_of_a_long_film_says_what_its_packets_say(
    tmp_path: Path, suffix: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 620
    varying = np.cumsum(np.random.default_rng(7).uniform(0.011, 0.07, count)) - 0.011
    times = varying - varying[0] if how == "varying" else np.arange(count) / 25
    options = {"no b-frames": {"bf": "0"}, "one group": {"g": "1000"}}.get(how, SHORT_GOPS)
    path = film(tmp_path / f"it{suffix}", times, options=options)
    if how == "edited":
        cut_by_edit_list(path, 1.1)

    def index() -> Any:
        with open_container(path) as container:
            return index_frames(path, container, pick(path, container, "video", 0), "a video")

    with open_container(path) as container:
        found = sample_table(path, container, pick(path, container, "video", 0))
    assert (found is None) == (how == "edited")  # an edit that drops packets: they are read
    quick = index()
    monkeypatch.setattr("syncaug.io.sample_table._FEWEST", 10_000)
    slow = index()
    for name in ("stamps", "times", "keys", "shows", "marks"):
        assert np.array_equal(getattr(quick, name), getattr(slow, name)), name
    for name in ("duration", "fps", "lead", "headless"):
        assert getattr(quick, name) == getattr(slow, name), name
    assert numbers_of(open_clip(path).read([300, 301, 40])) == [300 % 256, 301 % 256, 40] or (
        how == "edited"
    )


@pytest.mark.parametrize("name", [b"stts", b"stsz", b"stss", b"ctts"])
@pytest.mark.parametrize("said", [0, 2, 619, 2**31, 2**32 - 1])
def test_boxes_that_do_not_tell_of_all_frames_are_not_believed(
    tmp_path: Path, name: bytes, said: int
) -> None:
    path = film(tmp_path / "it.mp4", np.arange(620) / 25, options=SHORT_GOPS)
    data = path.read_bytes()
    place = data.index(name) + (12 if name == b"stsz" else 8)  # how many rows there are
    other = tmp_path / "other.mp4"
    other.write_bytes(data[:place] + said.to_bytes(4, "big") + data[place + 4 :])
    with open_container(path) as container:
        stream = pick(path, container, "video", 0)
        assert sample_table(path, container, stream) is not None
        assert sample_table(other, container, stream) is None
