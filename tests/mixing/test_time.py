"""Spans of a partner in sound, video, cues and readings, compared with the partner's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, SampleError, load_policy
from syncaug.clips.clip import ArrayClip, regular_times
from syncaug.io.audio import read_audio
from syncaug.io.subtitles import read_subtitles
from tests.samples import DATA, equal

JFK = read_audio(DATA / "jfk" / "jfk.wav", {})
WORDS = read_subtitles(DATA / "jfk" / "jfk.words.srt", {})
LJ = [read_audio(DATA / "ljspeech" / f"LJ002-00{n}.wav", {}) for n in (20, 35)]
RATE = 16000


def policy(sample: str, step: str) -> Any:
    return load_policy(f"syncaug: 1\nsample:{sample}\nsteps:\n  - {{name: pair, {step}}}\n", seed=4)


def span(record: Any, stream: str) -> tuple[float, float, float]:
    told = record.notes[stream]["mixed"][0]
    return told["span"][0], told["span"][1], told["from"]


def half(number: int) -> dict[str, Any]:
    """A half of the speech: 5.5 seconds of it and the words spoken there."""
    begin = 5.5 * number
    sound = JFK["array"][int(begin * RATE) : int((begin + 5.5) * RATE)]
    words = [
        {**cue, "start": cue["start"] - begin, "end": cue["end"] - begin}
        for cue in WORDS
        if begin <= cue["start"] and cue["end"] <= begin + 5.5
    ]
    return {"speech": {"array": sound, "sampling_rate": RATE}, "words": words, "label": number}


def test_a_span_of_sound_is_the_partners_to_the_sample() -> None:
    mix = policy(" {speech: audio, label: {modality: label, classes: 2}}", "uses: mix")
    one, two = ({"speech": sound, "label": n} for n, sound in enumerate(LJ))
    for epoch in range(10):
        out, record = mix.apply(one, key="a", epoch=epoch, partner=two)
        start, stop, begin = span(record, "speech")
        first, last = round(start * 22050), round(stop * 22050)
        shift = round((begin - start) * 22050)
        sound, own = out["speech"]["array"], LJ[0]["array"]
        assert sound.shape == own.shape
        assert np.array_equal(sound[first:last], LJ[1]["array"][first + shift : last + shift])
        assert np.array_equal(sound[:first], own[:first])
        assert np.array_equal(sound[last:], own[last:])
        share = (last - first) / len(own)
        assert out["label"][1] == pytest.approx(share, abs=1e-4)
        assert out["label"].sum() == pytest.approx(1.0, abs=1e-6)
        assert equal(mix.replay(one, record.to_json(), partner=two), out)


def test_under_every_cue_is_its_own_sound() -> None:
    mix = policy(
        " {speech: audio, words: timed_text, label: label}", "uses: mix, with: {label: keep}"
    )
    one, two = half(0), half(1)
    said = {
        cue["text"]: (sample["speech"]["array"], cue)
        for sample in (two, one)
        for cue in sample["words"]
    }
    partners = 0
    for epoch in range(12):
        out, record = mix.apply(one, key="a", epoch=epoch, partner=two)
        start, stop, begin = span(record, "words")
        assert (start, stop, begin) == span(record, "speech")
        moments = [cue["start"] for cue in out["words"]]
        assert moments == sorted(moments)
        for cue in out["words"]:
            middle = (cue["start"] + cue["end"]) / 2
            inside = start <= middle < stop
            partners += inside
            source, shift = (two, begin - start) if inside else (one, 0.0)
            then = middle + shift
            origin = next(
                c
                for c in source["words"]
                if c["start"] - 1e-9 <= then <= c["end"] + 1e-9 and c["text"] == cue["text"]
            )
            assert origin["start"] - 1e-9 <= cue["start"] + shift
            assert cue["end"] + shift <= origin["end"] + 1e-9
            first, last = round(cue["start"] * RATE), round(cue["end"] * RATE)
            heard = out["speech"]["array"][first + 1 : last - 1]
            there = round((begin - start) * RATE) if inside else 0
            meant = source["speech"]["array"][first + 1 + there : last - 1 + there]
            assert np.array_equal(heard, meant), cue
        spoken = [
            c["text"] for c in one["words"] if not start <= (c["start"] + c["end"]) / 2 < stop
        ]
        own = [c["text"] for c in out["words"] if not start <= (c["start"] + c["end"]) / 2 < stop]
        assert own == spoken
    assert partners > 10
    assert said


def test_long_cues_keep_the_words_outside_of_the_span() -> None:
    mix = policy(
        " {speech: audio, cues: timed_text}",
        "uses: mix, with: {share: 0.4, at: 0.5, partner_at: 0}",
    )
    sound = {"array": np.zeros(1000, np.float32), "sampling_rate": 100}
    one = {
        "speech": sound,
        "cues": [{"start": 0.0, "end": 10.0, "text": "aaaa bbbb cccc dddd eeee", "style": "x"}],
    }
    two = {
        "speech": sound,
        "cues": [{"start": 1.0, "end": 3.0, "text": "Hello there", "who": "Eve"}],
    }
    out = mix(one, key=0, partner=two)
    assert [(c["text"], round(c["start"], 3), round(c["end"], 3)) for c in out["cues"]] == [
        ("aaaa bbbb", 0.0, 3.0),
        ("Hello there", 4.0, 6.0),
        ("dddd eeee", 7.0, 10.0),
    ]
    assert out["cues"][0]["style"] == out["cues"][2]["style"] == "x"
    assert out["cues"][1]["who"] == "Eve"


def clip(offset: int, count: int = 40, size: tuple[int, int] = (12, 16)) -> np.ndarray:
    """Frames whose grey level tells their number."""
    levels = (np.arange(count) + offset).astype(np.uint8)
    return np.broadcast_to(levels[:, None, None, None], (count, *size, 3)).copy()


@pytest.mark.parametrize("lazy", [False, True])
def test_a_span_of_video_sound_and_cues_is_one_span(lazy: bool) -> None:
    mix = policy(
        "\n  video: {modality: video, fps: 10}\n  speech: {modality: audio, sample_rate: 1000}\n",
        "uses: mix",
    )

    def sample(offset: int) -> dict[str, Any]:
        frames: Any = clip(offset)
        if lazy:
            frames = ArrayClip(frames, regular_times(40, 10), 4.0)
        return {
            "video": frames,
            "speech": (np.repeat(np.arange(40) + offset, 100) / 256).astype(np.float32),
        }

    one, two = sample(0), sample(100)
    for epoch in range(8):
        out, record = mix.apply(one, key=0, epoch=epoch, partner=two)
        frames = out["video"].read(np.arange(40)) if lazy else out["video"]
        shown = frames[:, 0, 0, 0].astype(int)
        assert np.array_equal(frames, np.broadcast_to(shown[:, None, None, None], frames.shape))
        heard = (out["speech"].reshape(40, 100)[:, 50] * 256).astype(
            int
        )  # at the middle of each frame
        assert np.array_equal(shown >= 100, heard >= 100)
        assert np.abs(shown - heard).max() <= 1  # frames have 100 ms, samples 1 ms
        assert equal(mix.replay(one, record, partner=two)["speech"], out["speech"])


def test_windows_and_blends_of_video_take_the_frames_of_the_same_time() -> None:
    sample = "\n  video: {modality: video, fps: 10}\n"
    one, two = {"video": clip(0)}, {"video": clip(100, 20, (24, 32))}  # other size, half as long
    cut = policy(sample, "uses: cutmix, with: {share: 0.25, x: 0.5, y: 0.5}")
    out = cut(one, key=0, partner=two)["video"][..., 0].astype(int)
    numbers = np.arange(40)
    assert np.array_equal(out[:, 6, 8], 100 + np.minimum(numbers, 19))  # it goes on with its last
    assert np.array_equal(out[:, 0, 0], numbers)
    assert ((out >= 100).mean(axis=(1, 2)) == 0.25).all()
    blend = policy(sample, "uses: mixup, with: {share: 0.25}")
    mixed = blend(one, key=0, partner=two)["video"][..., 0].astype(float)
    wanted = 0.75 * numbers + 0.25 * (100 + np.minimum(numbers, 19))
    assert np.abs(mixed - wanted[:, None, None]).max() <= 0.5


def test_readings_and_embeddings_take_the_same_span() -> None:
    sample = (
        "\n  speech: {modality: audio, sample_rate: 100}\n  imu: {modality: imu, rate: 100}\n"
        "  stamped: {modality: imu, columns: [gx]}\n  latent: {modality: embedding, rate: 100}\n"
    )

    def build(offset: float) -> dict[str, Any]:
        row = (np.arange(300, dtype=np.float32) + offset) / 512
        return {
            "speech": row,
            "imu": np.repeat(row[:, None], 6, axis=1),
            "stamped": {"array": row[:, None], "timestamps": (np.arange(300) + 0.5) / 100},
            "latent": np.repeat(row[:, None], 4, axis=1),
        }

    mix = policy(sample, "uses: mix")
    out, record = mix.apply(build(0.0), key=0, partner=build(1000.0))
    assert (out["speech"] >= 1000 / 512).any()
    for row in (out["imu"][:, 3], out["latent"][:, 0]):
        assert np.array_equal(row, out["speech"])
    stamps = np.array(out["stamped"]["timestamps"])
    assert (np.diff(stamps) > 0).all()
    start, stop, _ = span(record, "stamped")
    taken = out["stamped"]["array"][:, 0] >= 1000 / 512
    assert np.array_equal(taken, (stamps >= start) & (stamps < stop))


def test_a_blend_of_sounds_is_the_weighted_sum_and_keeps_the_own_length() -> None:
    blend = policy(" {speech: audio}", "uses: mixup, with: {share: 0.3}")
    out = blend({"speech": LJ[1]}, key=0, partner={"speech": LJ[0]})["speech"]["array"]
    own, other = LJ[1]["array"], LJ[0]["array"]
    assert len(out) == len(own)
    assert np.allclose(out[: len(other)], 0.7 * own[: len(other)] + 0.3 * other, atol=1e-6)
    assert np.allclose(out[len(other) :], 0.7 * own[len(other) :], atol=1e-6)


def test_cutmix_takes_the_same_share_of_time_as_of_the_picture() -> None:
    cut = policy(" {image: image, speech: audio}", "uses: cutmix")
    one, two = ({"image": np.full((60, 80), n, np.uint8), "speech": LJ[n]} for n in (0, 1))
    for epoch in range(6):
        out, record = cut.apply(one, key=0, epoch=epoch, partner=two)
        start, stop, _ = span(record, "speech")
        duration = len(LJ[0]["array"]) / 22050
        assert (stop - start) / duration == pytest.approx(float(out["image"].mean()), abs=1e-9)


SOUND = {"array": np.zeros(100, np.float32), "sampling_rate": 100}


@pytest.mark.parametrize(
    ("sample", "own", "partner", "message"),
    [
        (
            " {s: audio}",
            {"s": JFK},
            {"s": LJ[0]},
            "the partner has a sample rate of 22050 Hz, and this sample 16000 Hz",
        ),
        (
            " {s: audio}",
            {"s": {**SOUND, "array": np.zeros((2, 100), np.float32)}},
            {"s": SOUND},
            "has sound of 1 channel in 1 dimension, and this sample 2 channels in 2 dimensions",
        ),
        (
            " {s: audio}",
            {"s": SOUND},
            {"s": {**SOUND, "array": np.zeros(100)}},
            "has samples of float64, and this sample float32",
        ),
        (
            " {v: video}",
            {"v": {"frames": clip(0), "fps": 10}},
            {"v": {"frames": clip(0), "fps": 25}},
            "has a rate of 25 frames in a second, and this sample 10 frames in a second",
        ),
        (
            " {s: audio, o: {modality: audio, optional: true}}",
            {"s": SOUND, "o": SOUND},
            {"s": SOUND},
            "stream 'o': the partner has no such stream",
        ),
        (
            " {e: {modality: embedding, rate: 10}}",
            {"e": np.zeros((20, 4), np.float32)},
            {"e": np.zeros((20, 5), np.float32)},
            "has rows of 5 columns, and this sample 4 columns",
        ),
        (
            " {i: {modality: imu, rate: 10}}",
            {"i": np.zeros((20, 6), np.float32)},
            {"i": {"array": np.zeros((20, 6), np.float32), "timestamps": np.arange(20) / 10}},
            "has rows with timestamps, and this sample a rate of 10 Hz",
        ),
    ],
)
def test_a_partner_of_another_rate_or_shape_is_refused_and_both_are_named(
    sample: str, own: Any, partner: Any, message: str
) -> None:
    mix = policy(sample, "uses: mix, with: {share: 0.5}")
    with pytest.raises(AlignmentError, match=message):
        mix(own, key=0, partner=partner)


def test_a_partner_with_other_columns_is_no_such_stream() -> None:
    mix = policy(" {i: {modality: imu, rate: 10}}", "uses: mix")
    own = {"i": np.zeros((20, 6), np.float32)}
    with pytest.raises(SampleError, match=r"Tx6 .* shape \(20, 5\), in the partner 'b'"):
        mix(own, key=0, partner={"i": np.zeros((20, 5), np.float32)}, partner_key="b")


def test_sound_without_a_rate_has_no_span() -> None:
    cut = policy(" {image: image, s: audio}", "uses: cutmix")
    sample = {"image": np.zeros((8, 8), np.uint8), "s": np.zeros(100, np.float32)}
    with pytest.raises(SampleError, match="expected a known sample rate where time moves"):
        cut(sample, key=0, partner=sample)


def test_a_container_takes_a_span_of_its_partner_and_stays_one(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from syncaug.cli import cli
    from syncaug.io.soundtrack import read_soundtrack
    from syncaug.io.video import open_clip

    file = DATA / "webb" / "webb.mp4"
    entry = {name: str(file) for name in ("video", "speech", "subtitles")}
    manifest, out = tmp_path / "manifest.jsonl", tmp_path / "out"
    manifest.write_text("".join(json.dumps({"key": key, **entry}) + "\n" for key in "ab"))
    text = tmp_path / "policy.yaml"
    text.write_text(
        "syncaug: 1\nsample: {video: video, speech: audio, subtitles: timed_text}\n"
        "steps: [{name: pair, uses: mix, with: {share: 0.4}, partner: uniform}]\n"
    )
    arguments = ["apply", str(text), "--manifest", str(manifest), "--out", str(out)]
    done = CliRunner().invoke(cli, [*arguments, "--lazy-above", "0"])
    assert done.exit_code == 0, done.output
    again = CliRunner().invoke(cli, ["replay", str(out / "records.jsonl"), "--verify"])
    assert "replayed: 2, differing: []" in again.output
    told = json.loads((out / "records.jsonl").read_text().splitlines()[0])
    pair = told["notes"]["video"]["mixed"][0]
    assert pair == told["notes"]["speech"]["mixed"][0] == told["notes"]["subtitles"]["mixed"][0]
    (start, stop), shift = pair["span"], pair["from"] - pair["span"][0]
    made = out / "a" / "0" / "video.mp4"
    before, after = open_clip(file), open_clip(made)
    assert len(after) == len(before)
    assert abs(after.duration - before.duration) < 1e-3
    for second in np.linspace(0.3, before.duration - 0.3, 9):
        inside = start <= second < stop
        if min(abs(second - start), abs(second - stop)) < 0.1:
            continue
        now = after.read([int(second * after.fps)])[0].astype(float)
        meant = second + shift if inside else second
        frame = before.read([int(meant * before.fps)])[0].astype(float)
        assert np.abs(now - frame).mean() < 4.0  # it was encoded once more
    heard, own = (read_soundtrack(path, {}) for path in (made, file))
    rate = own["sampling_rate"]
    middle = (start + stop) / 2
    there = np.atleast_2d(heard["array"])[0, int(middle * rate) :][: rate // 2]
    source = np.atleast_2d(own["array"])[0]
    lags = range(-40, 41)
    begin = int((middle + shift) * rate)
    likeness = [float(there @ source[begin + lag :][: rate // 2]) for lag in lags]
    assert abs(lags[int(np.argmax(likeness))]) <= 2  # samples
