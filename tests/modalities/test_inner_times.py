"""Times inside cues: moved with the clock or refused, never handed on as they were."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from syncaug import SampleError, SampleWarning, load_policy
from syncaug.modalities.language.cues import Cue, blanked
from syncaug.modalities.language.word_rules import WordRules
from syncaug.modalities.language.wording import Wording


@dataclass
class Said:
    """A word as libraries hand it out."""

    word: str
    start: Any
    end: Any


SOUND = np.zeros(160000, np.float32)
FASTER = "uses: speed, with: {factor: 2.0}"
LATER = "uses: time_shift, with: {seconds: 1.0}"
CUT = "uses: trim, with: {duration: 6, start: 3}"


def run(cues: list[dict[str, Any]], *steps: str, partner: Any = None) -> list[dict[str, Any]]:
    lines = "".join(f"  - {{name: s{i}, {step}}}\n" for i, step in enumerate(steps))
    policy = load_policy(
        "syncaug: 1\nsample: {audio: {modality: audio, sample_rate: 16000}, cues: timed_text}\n"
        f"steps:\n{lines}"
    )
    sample = {"audio": SOUND, "cues": cues}
    other = {} if partner is None else {"partner": {"audio": SOUND, "cues": partner}}
    out = policy(sample, key="k", **other)
    return out["cues"]  # type: ignore[no-any-return]


def cue(**further: Any) -> dict[str, Any]:
    return {"start": 2.0, "end": 6.0, "text": "row 12 please", **further}


WORDS = [
    {"word": "row", "start": 2.0, "end": 2.6},
    {"word": "12"},
    {"word": "please", "start": 5.0, "end": 6.0},
]


def test_words_move_and_those_without_times_keep_their_place() -> None:
    out = run([cue(words=WORDS)], FASTER)[0]
    assert (out["start"], out["end"]) == (1.0, 3.0)
    assert out["words"] == [
        {"word": "row", "start": 1.0, "end": 1.3},
        {"word": "12"},
        {"word": "please", "start": 2.5, "end": 3.0},
    ]
    assert WORDS[0]["start"] == 2.0


@pytest.mark.parametrize(
    ("further", "wanted"),
    [
        (
            {"chunks": [{"text": "row", "timestamp": (2.0, 2.6)}]},
            {"chunks": [{"text": "row", "timestamp": (1.0, 1.3)}]},
        ),
        (
            {"chunks": ({"text": "row", "timestamp": [5.0, None]},)},
            {"chunks": ({"text": "row", "timestamp": [2.5, None]},)},
        ),
        ({"timestamp": (2.0, 6.0)}, {"timestamp": (1.0, 3.0)}),
        (
            {"words": [{"w": "a", "begin": 2, "end": 4}]},
            {"words": [{"w": "a", "begin": 1, "end": 2}]},
        ),
        (
            {"words": [{"start_ms": 2000, "end_ms": 2600}]},
            {"words": [{"start_ms": 1000, "end_ms": 1300}]},
        ),
        ({"speech": {"start": 2.5, "end": 5.0}}, {"speech": {"start": 1.25, "end": 2.5}}),
        (
            {"words": [{"start": 2.0, "end": 3.0, "phones": [{"start": 2.0, "end": 2.5}]}]},
            {"words": [{"start": 1.0, "end": 1.5, "phones": [{"start": 1.0, "end": 1.25}]}]},
        ),
        (
            {"words": [{"start": 2.0, "end": 3.0, "duration": 1.0, "score": 0.9}]},
            {"words": [{"start": 1.0, "end": 1.5, "duration": 0.5, "score": 0.9}]},
        ),
        ({"duration": 4.0}, {"duration": 2.0}),
        ({"length": 4.0, "duration_ms": 4000}, {"length": 2.0, "duration_ms": 2000}),
        ({"begin": 2.0, "stop": 6.0}, {"begin": 1.0, "stop": 3.0}),
        ({"timestamps": [[2.0, 2.6], [5.0, 6.0]]}, {"timestamps": [[1.0, 1.3], [2.5, 3.0]]}),
        ({"word_starts": [2.0, 3.0, 5.0]}, {"word_starts": [1.0, 1.5, 2.5]}),
        ({"onset": 2.5}, {"onset": 1.25}),
        ({"start_ms": 2500}, {"start_ms": 1250}),
        ({"words": [{"w": "a", "s": 2.0, "e": 2.6}]}, {"words": [{"w": "a", "s": 1.0, "e": 1.3}]}),
        ({"words": [{"w": "row", "t": 2.5}]}, {"words": [{"w": "row", "t": 1.25}]}),
        ({"in": 2.0, "out": 6.0}, {"in": 1.0, "out": 3.0}),
        ({"parts": [[{"start": 2.0, "end": 2.6}]]}, {"parts": [[{"start": 1.0, "end": 1.3}]]}),
        ({"seconds": 4.0, "Duration": 4.0}, {"seconds": 2.0, "Duration": 2.0}),
    ],
)  # fmt: skip
def test_known_forms_move(further: dict[str, Any], wanted: dict[str, Any]) -> None:
    out = run([cue(**further)], FASTER)[0]
    assert {key: out[key] for key in wanted} == wanted


def test_arrays_of_times_move_in_their_dtype() -> None:
    times = np.array([[2.0, 2.5], [5.0, 6.0]], np.float32)
    out = run([cue(word_times=times)], FASTER)[0]["word_times"]
    assert out.tolist() == [[1.0, 1.25], [2.5, 3.0]]
    assert out.dtype == np.float32


def test_words_that_are_cut_go_and_others_shift() -> None:
    out = run([cue(words=WORDS)], CUT)[0]
    assert (out["start"], out["end"]) == (0.0, 3.0)
    assert out["words"] == [{"word": "12"}, {"word": "please", "start": 2.0, "end": 3.0}]
    assert run([cue(words=WORDS)], LATER)[0]["words"][0] == {
        "word": "row",
        "start": 3.0,
        "end": 3.6,
    }


def test_each_copy_of_a_loop_has_words_of_its_own() -> None:
    short = {"start": 0.0, "end": 4.0, "text": "a b", "words": [{"start": 1.0, "end": 2.0}]}
    outs = run([short], "uses: loop, with: {times: 2}")
    starts = [(each["start"], each["words"][0]["start"]) for each in outs]
    assert starts == [(0.0, 1.0), (10.0, 11.0)]


def test_a_reversed_clock_moves_every_word() -> None:
    out = run([cue(words=WORDS)], "uses: reverse")[0]
    assert (out["start"], out["end"]) == (4.0, 8.0)
    assert [(w.get("start"), w.get("end")) for w in out["words"]] == [
        (7.4, 8.0),
        (None, None),
        (4.0, 5.0),
    ]


def test_a_partners_words_come_at_its_times() -> None:
    step = "uses: mix, with: {share: 0.5, at: 0.6, partner_at: 0.2}"
    outs = run([cue(words=WORDS)], step, partner=[cue(words=WORDS)])
    assert len(outs) == 2
    for each in outs:
        for word in each["words"]:
            if "start" in word:
                assert each["start"] - 1e-9 <= word["start"] < word["end"] <= each["end"] + 1e-9


@pytest.mark.parametrize(
    "further",
    [
        {"words": [{"word": "row", "start": 2.0}]},
        {"words": [{"word": "row", "start": "2.0", "end": "2.6"}]},
        {"words": [{"word": "row", "start": 200, "end": 260}]},
        {"align": [("row", 2.0, 2.6), ("please", 5.0, 6.0)]},
        {"align": [[2.0, 2.6], [5.0, 6.0]]},
        {"align": np.array([[2.0, 2.6], [5.0, 6.0]])},
        {"where": {"row": [2.0, 2.6], "please": [5.0, 6.0]}},
        {"tokens": [{"text": "row", "offsets": {"from": 2000, "to": 2600}}]},
        {"tokens": [{"text": "row", "timestamps": {"from": "00:00:02,000", "to": "00:00:02,600"}}]},
        {"alignment": {"characters": ["r"], "character_start_times_seconds": [30.0]}},
        {"duration": 30.0},
        {"timestamps": [2.0, "later"]},
        {"segments": [[2, 3], [5, 6]]},
        {"pauses": np.array([[3, 4]])},
        {"words": np.array([("row", 2.0, 2.6)], [("w", "U9"), ("a", "f4"), ("b", "f4")])},
        {"words": [{"w": "row", "from_s": 2.0, "until": 2.6}]},
        {"times": {2.0, 3.0}},
        {"when_said": deque([2.0, 3.0])},
        {"beats": [2.5, 3.0]},
        {"curve": np.array([2.5, 3.0, 5.5])},
        {"events": [(2.5, "clap"), (3.5, "laugh")]},
        {"start_frame": 50, "end_frame": 150},
        {"sample_range": [32000, 96000]},
        {"word_offsets": [{"word": "ROW", "start_offset": 100, "end_offset": 130}]},
        {"words": [{"word": "row", "startOffset": "2s", "endOffset": "2.600s"}]},
        {"NBest": [{"Words": [{"Word": "row", "Offset": 20000000, "Duration": 6000000}]}]},
        {"ctm": [["utt", "1", "2.00", "0.60", "row"]]},
        {"speech_duration": 3.1},
        {"words": [Said("row", 2.0, 2.6)]},
        {"word": Said("row", 2.0, 2.6)},
        {"align": torch.tensor([[2.0, 2.6], [3.0, 4.0]])},
        {"raw": '[{"word": "row", "start": 2.0, "end": 2.6}]'},
        {"raw": "00:00:02,000 --> 00:00:06,000 row"},
        {"in": "00:00:02:12", "out": "00:00:06:00"},
        {"range": [2.0, 6.0]},
        {"time": "2.0-6.0"},
    ],
)
def test_other_times_are_refused_by_cue_and_key(further: dict[str, Any]) -> None:
    key = next(iter(further))
    with pytest.raises(
        SampleError, match=f"cue 1 with times of its own under '{key}'.*of their own"
    ):
        run([{"start": 0.0, "end": 1.0, "text": "x"}, cue(**further)], FASTER)


ORDINARY: list[dict[str, Any]] = [
    {"speaker": "A", "confidence": 0.93, "id": 7, "score": 2.5, "colour": [2.1, 3.2, 4.3]},
    {"seek": 0, "tokens": [50364, 2, 3, 50564], "temperature": 0.0, "avg_logprob": -0.3,
     "compression_ratio": 2.4, "no_speech_prob": 0.01},
    {"words": [{"word": "row", "score": 0.9}, {"word": "12"}], "language": "en", "take": "2"},
    {"entities": [{"start": 4, "end": 6, "label": "NUM"}], "length": 13},
    {"numbers": [{"start": 4, "end": 6, "text": "12"}]},
    {"scores": [[2.1, 3.2], [4.3, 5.4]], "embedding": np.linspace(2.1, 5.9, 8).reshape(4, 2)},
    {"offset": 0, "times": 3, "created_time": 1700000000.0, "note": "at 10:30", "words": None},
    {"style": {"size": 12, "position": (2.5, 3.5)}, "words": [], "ok": True},
    {"box": [10, 20, 30, 40], "votes": [3, 4, 5]},
    {"entities": [{"Text": "12", "start_offset": 4, "end_offset": 6}], "video_duration": 600.0},
    {"gaze": [{"x": 2.1, "y": 3.3}, {"x": 2.2, "y": 3.4}], "season": {"s": 2, "e": 4}},
    {"topics": [("sport", 0.2), ("news", 0.7)], "emotions": [{"happy": 0.1, "sad": 0.4}]},
    {"rank": [2, 3], "mos": [2.5, 4.5], "f0_range": [2.5, 3.5, 4.5], "frames": 100, "tags": {"a"}},
    {"voice": SimpleNamespace(name="a", pitch=2.5), "file": Path("a.wav")},
    {"in": "a car", "out": 3, "notes": "[sic] {start}: ok"},
    {"num_samples": 64000, "sample_rate": 16000, "text_en": "row 12", "at": "home"},
]  # fmt: skip


@pytest.mark.parametrize("further", ORDINARY)
def test_what_is_no_time_passes_untouched(further: dict[str, Any]) -> None:
    out = run([cue(**further)], FASTER)[0]
    for key, value in further.items():
        assert (
            np.array_equal(out[key], value) if isinstance(value, np.ndarray) else out[key] == value
        )


def test_lengths_of_other_things_pass_where_time_keeps_its_pace() -> None:
    further = {"speech_duration": 3.1, "duration": 3.9, "audio_dur": 2.5}
    out = run([cue(**further)], LATER)[0]
    assert {key: out[key] for key in further} == further


def test_unclear_times_pass_where_the_clock_stays() -> None:
    align = [("row", 2.0, 2.6)]
    assert run([cue(align=align)], "uses: noise, with: {snr_db: 20}")[0]["align"] == align


def test_words_of_a_blanked_span_go_with_the_text() -> None:
    words = [{"word": w, "start": s, "end": s + 1} for w, s in (("row", 2.0), ("please", 5.0))]
    entry = cue(text="row please", words=words)
    wording = Wording(entry["text"], WordRules("cues"), {})
    [out] = blanked([Cue(2.0, 6.0, wording, entry)], [(4.0, 6.0)])
    assert out.wording.text == "row"
    assert out.source["words"] == words[:1]


@pytest.mark.parametrize(
    "text",
    [
        "<|2.00|> row 12<|6.00|>",
        "row <00:00:03.000>12",
        "<00:02.00>row <00:04.00>12",
        "[00:02.50] row 12",
        r"{\k50}row {\kf20}12",
    ],
)
def test_times_in_a_cues_text_are_refused_where_the_clock_moves(text: str) -> None:
    said = {"start": 2.0, "end": 6.0, "text": text}
    with pytest.raises(SampleError, match="under 'text'"):
        run([said], FASTER)
    assert run([said], "uses: noise, with: {severity: 0.1}") == [said]


@pytest.mark.parametrize(
    "text", ["<i>row</i> 12", r"{\an8}row", "[Music]", "we meet at 10:30", "a <b> c"]
)
def test_marks_and_times_of_day_in_a_text_stay(text: str) -> None:
    (out,) = run([{"start": 2.0, "end": 6.0, "text": text}], FASTER)
    assert out == {"start": 1.0, "end": 3.0, "text": text}


def test_a_time_of_the_film_in_a_text_is_warned_of() -> None:
    with pytest.warns(SampleWarning, match="may tell a time or a rate of what moves"):
        (out,) = run([{"start": 2.0, "end": 6.0, "text": "[00:02] row"}], FASTER)
    assert out == {"start": 1.0, "end": 3.0, "text": "[00:02] row"}


@pytest.mark.parametrize("key", ["timecode", "time_code", "tc", "timecode_in"])
def test_timecodes_are_refused_where_the_clock_moves(key: str) -> None:
    with pytest.raises(SampleError, match=key):
        run([cue(**{key: "00:00:02:12"})], FASTER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("words_per_minute", 120),
        ("wordsPerMinute", 90.0),
        ("wpm", np.float32(120)),
        ("chars_per_second", 14.5),
        ("words_per_sec", 2.5),
        ("speech_rate", 3.25),
        ("bpm", 96),
    ],
)
def test_rates_follow_the_pace_of_their_cue_and_no_cut(name: str, value: Any) -> None:
    faster = run([cue(**{name: value})], FASTER)[0]
    assert faster[name] == pytest.approx(2 * value)
    assert type(faster[name]) is type(value)
    for step in (CUT, LATER):
        assert run([cue(**{name: value})], step)[0][name] == value


def test_rates_of_something_else_stay() -> None:
    further = {"frames_per_second": 25, "cost_per_minute": 0.2, "frame_rate": 24, "pitch": 120.0}
    out = run([cue(**further)], FASTER)[0]
    assert {key: out[key] for key in further} == further


def test_whole_seconds_of_a_word_may_be_where_it_stands_in_the_text() -> None:
    """12 is said from second 4 to 6, and is the characters 4 to 6 of its text."""
    words = [{"word": "row", "start": 2, "end": 4}, {"word": "12", "start": 4, "end": 6}]
    out = run([cue(words=words)], FASTER)[0]["words"]
    assert [(word["start"], word["end"]) for word in out] == [(1.0, 2.0), (2.0, 3.0)]
