"""Clips: frames in time, whole in memory or read when they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from syncaug.clips.clip import (
    ArrayClip,
    Clip,
    chunks,
    constant_rate,
    end_of,
    regular_times,
)


def clip(times: list[float], duration: float) -> ArrayClip:
    frames = np.arange(len(times), dtype=np.uint8)[:, None, None, None] * np.ones(
        (1, 2, 3, 3), np.uint8
    )
    return ArrayClip(frames, np.array(times), duration)


def test_an_array_clip_is_a_clip_and_reads_in_any_order() -> None:
    it = clip([0.0, 0.5, 1.0], 1.5)
    assert isinstance(it, Clip)
    assert it.shape == (3, 2, 3, 3)
    assert it.dtype == np.uint8
    assert len(it) == 3
    assert it.read([2, 0, 0, 1])[:, 0, 0, 0].tolist() == [2, 0, 0, 1]
    assert np.shares_memory(it.read([1, 2]), it.frames)  # a run of frames is not copied
    assert it.read([]).shape == (0, 2, 3, 3)


@pytest.mark.parametrize(
    ("times", "duration", "fps"),
    [
        (regular_times(50, 25.0), 2.0, 25.0),
        (regular_times(300, 30000 / 1001), 300 * 1001 / 30000, 30000 / 1001),
        (regular_times(10, 12.5), 0.8, 12.5),
        (regular_times(50, 25.0) + 0.1, 2.1, 0.0),  # nothing is shown at first
        (np.array([0.0, 0.1, 0.3]), 0.4, 0.0),
        (np.array([0.0, 0.1, 0.2]), 0.9, 0.0),  # the last frame stands still
        (np.array([0.0]), 0.25, 4.0),
        (np.array([]), 0.0, 0.0),
    ],
)
def test_a_rate_is_constant_where_all_frames_fit_it(
    times: np.ndarray, duration: float, fps: float
) -> None:
    assert constant_rate(times, duration) == pytest.approx(fps, rel=1e-12)


def test_a_last_frame_lasts_as_long_as_the_one_before() -> None:
    assert end_of(np.array([0.0, 0.1, 0.4])) == pytest.approx(0.7)
    assert end_of(np.array([2.0]), fps=4.0) == 2.25
    assert end_of(np.array([2.0])) == 3.0


def test_chunks_keep_to_their_budget() -> None:
    assert list(chunks(7, 10, budget=30)) == [range(3), range(3, 6), range(6, 7)]
    assert list(chunks(2, 100, budget=30)) == [range(1), range(1, 2)]
    assert list(chunks(0, 10)) == []
