"""Timelines of the page: one for each clock, on one scale before and after."""

from __future__ import annotations

import io
from base64 import b64decode
from typing import Any

import av
import numpy as np
import pytest

from syncaug import load_policy
from syncaug.report.figures import Film
from syncaug.report.result import Result
from syncaug.report.rows import rows_of

POLICY = """
syncaug: 1
name: timelines
sample:
  video: {modality: video, fps: 10, clock: film}
  speech: {modality: audio, sample_rate: 8000, clock: film, spatial: false}
  cues: {modality: timed_text, clock: film}
  imu: {modality: imu, rate: 50, columns: [gx, gy, gz, ax, ay, az], clock: film}
steps:
  - {name: excerpt, uses: trim, with: {duration: 1.0, start: 0.5}}
"""


@pytest.fixture(scope="module")
def row() -> Any:
    generator = np.random.default_rng(5)
    sample = {
        "video": generator.integers(0, 256, (20, 48, 64, 3), dtype=np.uint8),
        "speech": generator.normal(0, 0.1, (6, 16000)).astype(np.float32),
        "cues": [
            {"start": 0.2, "end": 0.9, "text": "one"},
            {"start": 1.0, "end": 1.9, "text": "two"},
        ],
        "imu": generator.normal(0, 1, (100, 6)),
    }
    policy = load_policy(POLICY)
    after, record = policy.apply(sample, key="a")
    rows = rows_of(Result("timelines", sample, after, record, policy.plan))
    assert len(rows) == 1, "one row for the whole clock"
    return rows[0]


def test_before_and_after_share_one_scale(row: Any) -> None:
    assert isinstance(row.before, Film)
    assert isinstance(row.after, Film)
    assert row.before.length == row.after.length == pytest.approx(2.0)
    assert (row.before.seconds, row.after.seconds) == pytest.approx((2.0, 1.0))


def test_cues_lie_where_they_are_spoken(row: Any) -> None:
    before, after = (film.lanes[0].bars for film in (row.before, row.after))
    assert [(bar.left, bar.width, bar.text) for bar in before] == [
        (pytest.approx(10.0), pytest.approx(35.0), "one"),
        (pytest.approx(50.0), pytest.approx(45.0), "two"),
    ]
    assert [(bar.left, bar.width) for bar in after] == [
        (pytest.approx(0.0), pytest.approx(20.0)),
        (pytest.approx(25.0), pytest.approx(25.0)),
    ]
    assert not any(bar.changed for bar in after)


def test_the_film_holds_picture_and_two_channels(row: Any) -> None:
    data = b64decode(row.after.uri.partition(",")[2])
    with av.open(io.BytesIO(data)) as container:
        assert container.streams.video[0].frames == 10
        assert container.streams.audio[0].codec_context.channels == 2


def test_every_stream_has_its_lane(row: Any) -> None:
    assert [lane.title for lane in row.before.lanes] == ["cues", "speech", "imu"]
    assert len(row.before.lanes[2].curves) == 6
