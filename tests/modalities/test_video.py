"""Video: one warp for all frames, frames by their time, in memory and lazily alike."""

from __future__ import annotations

import math
import pickle
from typing import Any

import cv2
import numpy as np
import pytest

from syncaug import SampleError, load_policy
from syncaug.clips.clip import ArrayClip, Clip, regular_times
from syncaug.io.video import open_clip
from syncaug.maps.mask import Blank
from syncaug.maps.plane import PlaneMap
from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap
from syncaug.modalities.clock.video import VideoCarrier
from syncaug.plan.plan import Stream
from tests.samples import DATA

SPACES = {"plane": "plane", "clock": "clock"}


def numbered(count: int = 10, channels: int = 3, height: int = 6, width: int = 8) -> Any:
    """Frames that say which they are: frame i is grey level 10 + i everywhere."""
    frames = np.empty((count, height, width, channels), np.uint8)
    frames[:] = (10 + np.arange(count, dtype=np.uint8))[:, None, None, None]
    return frames


def noisy(count: int = 10, height: int = 48, width: int = 64) -> Any:
    return np.random.default_rng(3).integers(0, 256, (count, height, width, 3), dtype=np.uint8)


def carrier(value: Any, **options: Any) -> VideoCarrier:
    return VideoCarrier.of(Stream("video", "video", SPACES, options), {"video": value})


def retimed(value: Any, *maps: TimeMap, **options: Any) -> Any:
    carried = carrier(value, **options)
    for time in maps:
        carried.time(time)
    return carried.finish()["video"]


def shown(frames: Any) -> list[int]:
    """Which of the `numbered` frames these are; -10 is none."""
    return (frames[:, 0, 0, 0].astype(int) - 10).tolist()  # type: ignore[no-any-return]


def reverse(duration: float) -> TimeMap:
    return TimeMap((Segment(0.0, duration, duration, 0.0),), duration)


def speed(factor: float, duration: float) -> TimeMap:
    return TimeMap((Segment(0.0, duration / factor, 0.0, duration),), duration)


STEPS = [
    {"name": "mirror", "uses": "flip"},
    {"name": "turn", "uses": "rotate", "with": {"degrees": [-15, 15]}},
    {"name": "colour", "uses": "colour", "with": {"hue": [-60, 60], "saturation": [-0.2, 0.2]}},
    {"name": "light", "uses": "light", "with": {"value": [-0.3, 0.3], "gamma": 0.9}},
]


def policy(stream: Any, steps: Any = STEPS, **more: Any) -> Any:
    return load_policy({"syncaug": 1, "sample": {"video": stream}, "steps": steps, **more}, seed=4)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_every_frame_is_what_the_picture_would_be(dtype: Any) -> None:
    frames = noisy()
    if dtype == np.float32:
        frames = frames.astype(np.float32) / np.float32(255)
    before = frames.copy()
    out = policy({"modality": "video", "fps": 25})({"video": frames}, key="a")["video"]
    alone = policy("image")
    assert out.dtype == dtype
    for index, frame in enumerate(frames):
        assert np.array_equal(alone({"video": frame}, key="a")["video"], out[index])
    assert np.array_equal(frames, before)


def test_a_lazy_clip_stays_lazy_and_gives_the_same_bytes() -> None:
    frames = noisy(20)
    asked: list[list[int]] = []

    class Lazy:
        def __init__(self) -> None:
            self._clip = ArrayClip(frames, regular_times(20, 25.0), 0.8)
            self.times, self.duration, self.fps = self._clip.times, 0.8, 25.0
            self.shape, self.dtype = self._clip.shape, self._clip.dtype

        def __len__(self) -> int:
            return 20

        def read(self, indices: Any) -> Any:
            asked.append(np.asarray(indices).tolist())
            return self._clip.read(indices)

    def run(value: Any) -> Any:
        carried = carrier(value, **({} if isinstance(value, Lazy) else {"fps": 25.0}))
        matrix = np.array([[0.9, 0.1, 2.0], [-0.1, 0.9, 5.0], [0.0, 0.0, 1.0]])
        carried.plane(PlaneMap.of(matrix, (64, 48), (60, 40)))
        carried.time(reverse(0.8))
        carried.time(TimeMap.keeping([(0.1, 0.3), (0.2, 0.5)], 0.8))
        return carried.finish()["video"]

    whole, lazy = run(frames), run(Lazy())
    assert not asked
    assert isinstance(lazy, Clip)
    assert lazy.shape == whole.shape == (12, 40, 60, 3)
    assert np.array_equal(lazy.read(range(len(lazy))), whole)
    asked.clear()
    part = lazy.read([2, 1])
    assert np.array_equal(part, whole[[2, 1]])
    assert sum(map(len, asked)) == 2


def test_frames_are_chosen_by_the_middle_of_their_own_span() -> None:
    frames = numbered(10)
    assert shown(retimed(frames, reverse(1.0), fps=10)) == list(range(9, -1, -1))
    assert shown(retimed(frames, reverse(1.0), reverse(1.0), fps=10)) == list(range(10))
    assert shown(retimed(frames, TimeMap.keeping([(0.32, 0.72)], 1.0), fps=10)) == [3, 4, 5, 6]
    assert shown(retimed(frames, TimeMap.keeping([(0.36, 0.76)], 1.0), fps=10)) == [4, 5, 6, 7]
    assert shown(retimed(frames, speed(0.5, 1.0), fps=10)) == [i // 2 for i in range(20)]
    assert shown(retimed(frames, speed(2.0, 1.0), fps=10)) == [1, 3, 5, 7, 9]
    assert shown(retimed(frames, speed(40.0, 1.0), fps=10)) == [5]


def test_many_time_steps_are_one_choice_of_frames() -> None:
    frames = numbered(100)
    maps = [speed(1.25, 10.0), speed(0.8, 8.0)] * 20
    assert shown(retimed(frames, *maps, fps=10)) == list(range(100))


def test_gaps_show_fill() -> None:
    later = TimeMap(
        (Segment(0.0, 0.3, math.nan, math.nan), Segment(0.3, 1.0, 0.0, 0.7)), source=1.0
    )
    assert shown(retimed(numbered(10), later, fps=10)) == [-10] * 3 + list(range(7))
    filled = retimed(numbered(10), later, fps=10, fill=[1, 2, 3])
    assert filled[0, 0, 0].tolist() == [1, 2, 3]


def test_what_lies_just_outside_shows_the_outermost_frame() -> None:
    longer = TimeMap((Segment(0.0, 1.3, 0.0, 1.3),), 1.3)  # a clock with a longer sound
    back = TimeMap((Segment(0.0, 1.3, 1.3, 0.0),), 1.3)
    assert shown(retimed(numbered(10), back, fps=10))[:4] == [-10, -10, 9, 9]
    assert shown(retimed(numbered(10), longer, fps=10)) == list(range(10))


def test_a_varying_rate_stays_one_and_times_move_exactly() -> None:
    times = [0.0, 0.1, 0.15, 0.4, 0.8]
    value = {"frames": numbered(5), "timestamps": times, "duration": 1.0, "codec": "h264"}
    out = retimed(value, TimeMap.keeping([(0.12, 0.9)], 1.0), speed(2.0, 0.78))
    assert shown(out["frames"]) == [1, 2, 3, 4]
    assert np.allclose(out["timestamps"], [0.0, 0.015, 0.14, 0.34], atol=1e-12)
    assert (list(out), type(out["timestamps"])) == (list(value), list)
    assert math.isclose(out["duration"], 0.39)
    back = retimed(value, reverse(1.0))
    assert shown(back["frames"]) == [4, 3, 2, 1, 0]
    assert np.allclose(back["timestamps"], [0.0, 0.2, 0.6, 0.85, 0.9], atol=1e-12)
    again = retimed(value, reverse(1.0), reverse(1.0))
    assert np.allclose(again["timestamps"], times, atol=1e-12)


def test_a_late_first_frame_stays_late() -> None:
    value = {"frames": numbered(3), "timestamps": np.array([0.5, 0.6, 0.7]), "duration": 0.8}
    out = retimed(value, speed(2.0, 0.8))
    assert np.allclose(out["timestamps"], [0.25, 0.3, 0.35])
    assert shown(out["frames"]) == [0, 1, 2]


def test_an_offset_stays() -> None:
    trim = TimeMap.keeping([(1.0, 2.0)], 3.0)
    assert shown(retimed(numbered(30), trim, fps=10, offset=0.5))[0] == 10
    # The clock's second 1.5 is the stream's second 1.0, and is now the stream's second 0 - 0.5.


def test_spans_that_are_blanked_show_fill_and_go_along() -> None:
    carried = carrier(numbered(10), fps=10)
    carried.blank(Blank(((0.2, 0.4),)))
    carried.time(reverse(1.0))
    assert shown(carried.finish()["video"]) == [9, 8, 7, 6, 5, 4, -10, -10, 1, 0]


def test_colour_words_are_checked_on_a_frame_that_is_shown() -> None:
    frames = np.zeros((4, 48, 64, 3), np.uint8)
    frames[..., 0] = 200
    streams = {
        "video": {"modality": "video", "fps": 10},
        "caption": {"modality": "text", "describes": "video"},
    }
    steps = [{"name": "turn", "uses": "colour", "with": {"hue": 120}}]
    checked = load_policy(
        {"syncaug": 1, "sample": streams, "steps": steps, "checks": ["colour_words"]}
    )
    out, record = checked.apply({"video": frames, "caption": "a red wall"}, key=1)
    assert out["caption"] == "a green wall"
    assert record.attempts[0].measures["colour_words"] < 3


def test_noise_has_one_level_and_another_field_on_each_frame() -> None:
    frames = np.repeat(noisy(1, 96, 96) // 2 + 64, 40, axis=0)
    frames[20:] //= 4  # the clip grows dark: added noise stays as strong
    steps = [{"name": "noise", "uses": "noise", "with": {"snr_db": 20}}]
    stream = {"modality": "video", "fps": 25}
    out = policy(stream, steps)({"video": frames}, key="a")["video"]
    clean = frames.astype(np.float64)
    error = out - clean
    powers = (error**2).mean(axis=(1, 2, 3))
    assert abs(10 * np.log10((clean**2).mean() / powers.mean()) - 20) < 0.2
    assert powers.max() / powers.min() < 1.1
    fields = error.reshape(40, -1)
    correlation = np.corrcoef(fields)
    assert np.abs(correlation[~np.eye(40, dtype=bool)]).max() < 0.1
    clip = ArrayClip(frames, regular_times(40, 25.0), 1.6)
    lazy = policy("video", steps)({"video": clip}, key="a")["video"]
    assert np.array_equal(lazy.read([30, 2]), out[[30, 2]])


def test_one_thread_and_two_give_the_same_bytes() -> None:
    frames = noisy(24, 128, 160)  # enough for a second thread to pay
    steps = [*STEPS, {"name": "noise", "uses": "noise", "with": {"snr_db": 20}}]
    film = policy({"modality": "video", "fps": 25}, steps)
    before = frames.copy()
    both = film({"video": frames}, key="a")["video"]
    allowed = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = film({"video": frames}, key="a")["video"]
    finally:
        cv2.setNumThreads(allowed)
    assert np.array_equal(both, alone)
    assert np.array_equal(frames, before)


def test_a_file_read_backwards_in_chunks_is_the_array_read_at_once() -> None:
    clip = open_clip(DATA / "webb" / "webb.mp4")
    whole = ArrayClip(clip.read(range(len(clip))), clip.times, clip.duration)
    steps = [
        {"name": "back", "uses": "reverse"},
        {"name": "again", "uses": "loop", "with": {"times": 2}},
        *STEPS,
        {"name": "noise", "uses": "noise", "with": {"snr_db": 25}},
    ]
    film = policy("video", steps)
    lazy = film({"video": clip}, key="a")["video"]
    ready = film({"video": whole}, key="a")["video"]
    assert len(lazy) == 2 * len(clip)
    for start in range(0, len(lazy), 60):
        part = range(start, min(start + 7, len(lazy)))
        assert np.array_equal(lazy.read(part), ready.read(part))


def test_channels_first_and_mappings_come_back_as_they_came() -> None:
    frames = noisy(4)
    whole = policy({"modality": "video", "fps": 25})({"video": frames}, key="a")["video"]
    first = np.ascontiguousarray(frames.transpose(0, 3, 1, 2))
    stream = {"modality": "video", "layout": "chw"}
    out = policy(stream)({"video": {"frames": first, "fps": 25.0, "id": 7}}, key="a")["video"]
    assert (out["fps"], out["id"]) == (25.0, 7)
    assert np.array_equal(out["frames"], whole.transpose(0, 3, 1, 2))
    assert out["frames"].flags["C_CONTIGUOUS"]


def test_a_library_draws_once_for_all_frames_and_others_follow() -> None:
    frames = noisy(6)
    steps = [
        {
            "name": "tilt",
            "apply": {
                "video": {"op": "albumentations.Perspective", "scale": [0.05, 0.1]},
                "boxes": "follow",
            },
        },
        {"name": "rain", "apply": {"video": {"op": "albumentations.RandomRain"}}},
    ]
    streams = {"video": {"modality": "video", "fps": 25}, "boxes": "boxes"}
    sample = {"boxes": [[20.0, 10.0, 40.0, 30.0]]}
    film = load_policy({"syncaug": 1, "sample": streams, "steps": steps}, seed=1)
    still = load_policy(
        {"syncaug": 1, "sample": {**streams, "video": "image"}, "steps": steps}, seed=1
    )
    out = film({**sample, "video": frames}, key=1)
    for index, frame in enumerate(frames):
        alone = still({**sample, "video": frame}, key=1)
        assert np.array_equal(alone["video"], out["video"][index])
        assert alone["boxes"] == out["boxes"]
    clip = ArrayClip(frames, regular_times(6, 25.0), 6 / 25)
    lazy = film({**sample, "video": clip}, key=1)["video"]
    assert np.array_equal(pickle.loads(pickle.dumps(lazy)).read([5, 0]), out["video"][[5, 0]])


def test_boxes_and_words_go_with_the_frames() -> None:
    streams = {
        "video": {"modality": "video", "fps": 10},
        "boxes": "boxes",
        "caption": {"modality": "text", "describes": "video"},
    }
    mirror = load_policy(
        {"syncaug": 1, "sample": streams, "steps": [{"name": "m", "uses": "flip"}]}, seed=1
    )
    sample = {"video": noisy(2), "boxes": [[0.0, 0.0, 16.0, 48.0]], "caption": "the left dog"}
    out = mirror(sample, key=1)
    assert np.array_equal(out["video"], sample["video"][:, :, ::-1])
    assert (out["boxes"], out["caption"]) == ([[48.0, 0.0, 64.0, 48.0]], "the right dog")


@pytest.mark.parametrize(
    ("value", "options", "expected", "came"),
    [
        (numbered(3), {}, "frames in a second", "does not say"),
        (numbered(3)[0], {"fps": 5}, "TxHxWxC", "(6, 8, 3)"),
        (numbered(3).astype(int), {"fps": 5}, "uint8, uint16 or float32", "int64"),
        (numbered(3).astype(np.float32), {"fps": 5}, "[0, 1]", "values from"),
        ({"frames": numbered(3)}, {}, '"fps" or "timestamps"', "frames"),
        ({"frames": numbered(3), "fps": 4}, {"fps": 5}, "5 frames in a second", "4"),
        ({"frames": numbered(3), "fps": 0}, {}, "above 0", "0"),
        ({"frames": numbered(3), "timestamps": [0, 1]}, {}, "3 timestamps", "list of 2"),
        ({"frames": numbered(3), "timestamps": [0, 2, 1]}, {}, "grow", "1 after 2"),
        ({"frames": numbered(3), "timestamps": [-1, 2, 3]}, {}, "from 0 on", "-1"),
        ([numbered(1)], {"fps": 5}, "TxHxWxC", "a list of 1"),
    ],
)
def test_bad_videos_are_told(value: Any, options: Any, expected: str, came: str) -> None:
    with pytest.raises(SampleError) as caught:
        carrier(value, **options)
    assert expected in str(caught.value)
    assert came in str(caught.value)
