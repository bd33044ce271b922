"""Timed text: cues cut, moved, stretched, split, joined and dropped; words that follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, SampleError, load_policy
from syncaug.maps.time import TimeMap
from syncaug.modalities.language.cues import moved
from syncaug.modalities.language.timed_text import TimedTextCarrier
from syncaug.plan.plan import Stream

SOUND = np.zeros(8 * 1000, np.float32)
CUES = [
    {"start": 1.0, "end": 2.0, "text": "hello there", "style": "Big"},
    {"start": 2.5, "end": 3.0, "text": "left\nof you"},
    {"start": 2.75, "end": 6.0, "text": "and a long red line"},
]


def run(*steps: str, cues: Any = CUES, options: str = "", sound: bool = True) -> Any:
    lines = "".join(f"  - {{name: s{i}, {step}}}\n" for i, step in enumerate(steps))
    streams = "sound: {modality: audio, sample_rate: 1000}, " if sound else ""
    policy = load_policy(
        f"syncaug: 1\nsample: {{{streams}cues: {{modality: timed_text{options}}}}}\nsteps:\n{lines}"
    )
    sample = {"cues": cues} | ({"sound": SOUND} if sound else {})
    return policy(sample, key=0)["cues"]


def spans(cues: Any) -> list[tuple[float, float, str]]:
    return [(cue["start"], cue["end"], cue["text"]) for cue in cues]


def test_a_trim_cuts_moves_and_drops() -> None:
    out = run("uses: trim, with: {duration: 3, start: 1.5}")
    assert spans(out) == [
        (0.0, 0.5, "hello there"),
        (1.0, 1.5, "left\nof you"),
        (1.25, 3.0, "and a long red line"),
    ]
    assert out[0]["style"] == "Big"
    assert spans(run("uses: trim, with: {duration: 1, start: 1.95}")) == [
        (pytest.approx(0.55), 1.0, "left\nof you"),
    ], "a twentieth of the first cue, and a fifteenth of the last"
    kept = run("uses: trim, with: {duration: 1, start: 1.95}", options=", min_visible: 0.01")
    assert [cue["text"] for cue in kept] == [cue["text"] for cue in CUES]


def test_speed_stretches_and_a_shift_delays() -> None:
    assert spans(run("uses: speed, with: {factor: 2}"))[0] == (0.5, 1.0, "hello there")
    assert spans(run("uses: time_shift, with: {seconds: 3.5}"))[-1] == (
        6.25,
        8.0,
        "and a long red line",
    )
    early = run("uses: time_shift, with: {seconds: -1.5}")
    assert spans(early)[0] == (0.0, 0.5, "hello there")


def test_a_reversed_clock_reverses_the_order_and_not_the_words() -> None:
    assert spans(run("uses: reverse")) == [
        (2.0, 5.25, "and a long red line"),
        (5.0, 5.5, "left\nof you"),
        (6.0, 7.0, "hello there"),
    ]


def test_a_loop_repeats_cues_also_those_that_touch_both_ends() -> None:
    out = run(
        "uses: loop, with: {times: 2}", cues=[{"start": 0.0, "end": 8.0, "text": "all of it"}]
    )
    assert spans(out) == [(0.0, 8.0, "all of it"), (8.0, 16.0, "all of it")]
    assert [cue["start"] for cue in run("uses: loop, with: {times: 2}")] == [
        *(1.0, 2.5, 2.75),
        *(9.0, 10.5, 10.75),
    ]


def carried(cues: list[dict[str, Any]]) -> Any:
    stream = Stream("cues", "timed_text", {"clock": "clock"}, {}, False)
    return TimedTextCarrier.of(stream, {"cues": cues}).cues


def test_halves_that_a_cut_brings_together_are_one_cue() -> None:
    time = TimeMap.keeping([(0.0, 3.0), (5.0, 8.0)], 8.0)
    out = moved(carried([{"start": 2.0, "end": 6.0, "text": "one sentence"}]), time, 0.1)
    assert [(cue.start, cue.end) for cue in out] == [(2.0, 4.0)]


def test_a_word_stays_where_its_middle_does() -> None:
    words = [{"start": i / 2, "end": i / 2 + 0.5, "text": f"word{i}"} for i in range(16)]
    out = run("uses: trim, with: {duration: 2, start: 1.1}", cues=words)
    assert [cue["text"] for cue in out] == ["word2", "word3", "word4", "word5"]
    assert out[0]["start"] == 0.0
    late = run("uses: trim, with: {duration: 2, start: 1.3}", cues=words)
    assert [cue["text"] for cue in late] == ["word3", "word4", "word5", "word6"]


def test_words_in_blanked_spans_go_when_asked() -> None:
    words = [{"start": i / 2, "end": i / 2 + 0.5, "text": f"word{i}"} for i in range(16)]
    step = "uses: mask_time, with: {spans: 1, duration: 2, shape: 0.3, text: %s}"
    assert run(step % "keep", cues=words) == words
    out = run(step % "blank", cues=words)
    assert len(out) == 12
    assert all(cue in words for cue in out)


def test_a_long_cue_loses_a_share_of_its_words() -> None:
    cue = [{"start": 0.0, "end": 8.0, "text": "one two three four\nfive six seven eight"}]
    out = run("uses: mask_time, with: {duration: 4, shape: 0.3, text: blank}", cues=cue)
    words = out[0]["text"].split()
    assert 3 <= len(words) <= 5
    assert words == [word for word in cue[0]["text"].split() if word in words], "in their order"


def test_words_follow_the_picture_and_line_breaks_stay() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, cues: timed_text}\nsteps:\n"
        "  - {name: mirror, uses: flip}\n  - {name: tint, uses: colour, with: {hue: 120}}\n"
    )
    red = np.full((8, 8, 3), (200, 20, 20), np.uint8)  # a grey picture's words would stay
    sample = {"image": red, "cues": CUES}
    out, record = policy.apply(sample, key=0)
    assert spans(out["cues"])[1:] == [
        (2.5, 3.0, "right\nof you"),
        (2.75, 6.0, "and a long green line"),
    ]
    assert record.as_json()["notes"]["cues"]["changed"] == [["left", "right"], ["red", "green"]]


def test_two_copies_of_a_cue_are_rewritten_each() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, cues: timed_text}\nsteps:\n"
        "  - {name: twice, uses: loop, with: {times: 2}}\n  - {name: mirror, uses: flip}\n"
    )
    sample = {"image": np.zeros((8, 8, 3), np.uint8), "cues": CUES}
    texts = [cue["text"] for cue in policy(sample, key=0)["cues"]]
    assert texts.count("right\nof you") == 2


def test_typing_errors_come_in_every_cue_and_differ() -> None:
    cues = [{"start": 0.0, "end": 1.0, "text": "the same long sentence"} for _ in range(4)]
    out = run("uses: noise, with: {severity: 0.9, cues: typos}", cues=cues)
    texts = {cue["text"] for cue in out}
    assert len(texts) > 1
    assert "the same long sentence" not in texts


def test_a_clock_of_cues_alone_lasts_until_the_last_one() -> None:
    assert spans(run("uses: reverse", sound=False))[-1] == (4.0, 5.0, "hello there")
    assert run("uses: reverse", sound=False, cues=[]) == []
    assert isinstance(run("uses: reverse", cues=tuple(CUES)), tuple)


def test_an_offset_stays() -> None:
    out = run("uses: trim, with: {duration: 3, start: 2}", options=", offset: 1.0")
    # Its second 1 is the clock's 2, which comes to 0; but the stream only begins at the clock's 1.
    assert spans(out)[0] == (0.5, 1.0, "left\nof you")
    reversed_ = run("uses: reverse", options=", offset: 1.0")
    # The clock lasts 8 s; a cue at its second 2 to 3 (own 1 to 2) comes to 5 to 6, own 4 to 5.
    assert spans(reversed_)[-1] == (4.0, 5.0, "hello there")


@pytest.mark.parametrize(
    ("cues", "said"),
    [
        ([{"start": 2.0, "end": 1.0, "text": "x"}], "cue 0 from 2 s to 1 s"),
        ([{"start": 2.0, "text": "x"}], "cue 0"),
        ([{"start": "0:01", "end": 2.0, "text": "x"}], "start '0:01'"),
        ([{"start": 0.0, "end": float("nan"), "text": "x"}], "end nan"),
        ([{"start": 0.0, "end": 1.0, "text": None}], "cue 0 with the text"),
        ("hello", "the text 'hello'"),
        (
            [{"start": 0.0, "end": 1.0, "text": "x", "words": [{"start": 0.0, "word": "x"}]}],
            "cue 0 with times of its own under 'words'",
        ),
    ],
)
def test_what_is_no_timed_text(cues: Any, said: str) -> None:
    with pytest.raises(SampleError, match=said):
        run("uses: reverse", cues=cues)


def test_overlapping_cues_stay_in_their_order() -> None:
    cues = [
        {"start": 3.0, "end": 4.0, "text": "second on screen"},
        {"start": 1.0, "end": 5.0, "text": "a title over all"},
    ]
    assert [cue["text"] for cue in run("uses: speed, with: {factor: 2}", cues=cues)] == [
        cue["text"] for cue in cues
    ]


def test_nothing_left_of_a_clock_is_refused() -> None:
    for seconds in (9, 8, -30):
        with pytest.raises(AlignmentError, match="lasts 8 s, and a shift by .* leaves nothing"):
            run(f"uses: time_shift, with: {{seconds: {seconds}}}")
