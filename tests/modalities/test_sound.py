"""Sound under time: where each moment comes to lie, measured on pulses and tones of known place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, SampleError, SampleWarning, load_policy
from syncaug.backends import resampling
from syncaug.kernels import sound_time as sound_module
from syncaug.kernels.sound_time import resounded
from syncaug.maps.time import TimeMap

RATE = 16_000
WIDTH = 3.0  # standard deviation of a pulse in samples: a tenth of its energy above 0.2 of Nyquist
PULSES = np.array([0.31, 1.234567, 2.5, 3.71])
LENGTH = 4.0


def pulses(moments: np.ndarray, rate: float = RATE, width: float = WIDTH) -> np.ndarray:
    """Pulses at the given seconds, in samples whose centres lie at (n + 0.5) / rate."""
    places = (np.arange(round(LENGTH * rate)) + 0.5)[:, None] - moments * rate
    return np.exp(-0.5 * (places / width) ** 2).sum(axis=1)


def run(sound: Any, *steps: str, rate: int = RATE, **settings: Any) -> Any:
    lines = "".join(f"  - {{name: s{i}, {step}}}\n" for i, step in enumerate(steps))
    policy = load_policy(
        f"syncaug: 1\nsample: {{sound: {{modality: audio, sample_rate: {rate}}}}}\nsteps:\n{lines}",
        **settings,
    )
    return policy(sound if isinstance(sound, dict) else {"sound": sound}, key=0)["sound"]


def off(found: np.ndarray, second: float, width: float, rate: float = RATE) -> float:
    """How many samples a pulse of known shape lies after `second`, by least squares."""
    places = np.arange(len(found)) + 0.5 - second * rate
    near = np.abs(places) < 5 * width
    shape = np.exp(-0.5 * (places[near] / width) ** 2)
    slope = shape * places[near] / width**2
    return float(((found[near] - shape) * slope).sum() / (slope**2).sum())


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.0, 1.1173, 1.25, np.pi / 2, 2.0])
@pytest.mark.parametrize("seconds", [LENGTH, 0.9])
def test_pulses_lie_where_the_map_says_to_a_fiftieth_of_a_sample(
    factor: float, seconds: float
) -> None:
    sound = np.stack([pulses(PULSES), -pulses(PULSES)]).astype(np.float32)
    time = TimeMap.of([(seconds / factor, 0.0, seconds, factor)], LENGTH)
    found = resounded(sound, RATE, time)
    assert np.array_equal(found[0], -found[1])
    width = WIDTH / factor
    expected = [moment / factor for moment in PULSES if moment < seconds - 0.01]
    errors = [off(found[0], second, width) for second in expected]
    assert np.abs(errors).max() < 0.02, errors
    assert found.shape[1] == round(seconds / factor * RATE)


def test_also_backwards_after_a_shift_and_at_borders() -> None:
    sound = pulses(PULSES).astype(np.float32)[None]
    pieces = [(1.0, 3.0, 1.7, 1.3), (0.33, np.nan, np.nan, 1.0), (1.5, 0.0, 1.5, 1.0)]
    found = resounded(sound, RATE, TimeMap.of(pieces, LENGTH))[0]
    assert abs(off(found, (3.0 - 2.5) / 1.3, WIDTH / 1.3)) < 0.02
    assert abs(off(found, 1.33 + 0.31, WIDTH)) < 0.02
    gap = found[RATE : round(1.33 * RATE)]
    assert not gap.any(), "a gap is silence, to its very ends"


def test_a_tone_goes_through_a_border_without_a_seam() -> None:
    """Two speeds that meet inside a tone: the phase goes on, and nothing else is heard."""
    moments = (np.arange(RATE * 4) + 0.5) / RATE
    tone = np.sin(2 * np.pi * 900.0 * moments).astype(np.float32)[None]
    time = TimeMap.of([(1.0, 0.5, 1.5, 1.0), (1.0, 1.5, 2.8, 1.3), (1.0, 2.8, 3.5, 0.7)], 4.0)
    found = resounded(tone, RATE, time)[0]
    wanted = np.sin(2 * np.pi * 900.0 * time.moments((np.arange(3 * RATE) + 0.5) / RATE))
    assert np.abs(found - wanted).max() < 1e-3


def test_whole_samples_are_copied_bit_for_bit() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (2, 4 * RATE)).astype(np.float32)
    assert np.array_equal(
        run(noise, "uses: trim, with: {duration: 1.5, start: 2}"),
        noise[:, 2 * RATE : 7 * RATE // 2],
    )
    assert np.array_equal(run(noise, "uses: reverse"), noise[:, ::-1])
    late = run(noise, "uses: time_shift, with: {seconds: 0.25}")
    assert np.array_equal(late[:, RATE // 4 :], noise[:, : -RATE // 4])
    assert not late[:, : RATE // 4].any()
    wrapped = run(noise, "uses: time_shift, with: {seconds: -0.5, wrap: true}")
    assert np.array_equal(wrapped, np.roll(noise, -RATE // 2, axis=1))
    twice = run(noise, "uses: loop, with: {duration: 8}")
    assert np.array_equal(twice, np.hstack([noise, noise]))
    there_and_back = (
        "uses: speed, with: {factor: 1.7}",
        "uses: speed, with: {factor: %r}" % (1 / 1.7),
    )
    assert np.array_equal(run(noise, *there_and_back), noise), "fused, they are nothing at all"
    drawn = run(noise, "uses: trim, with: {duration: 1.0}")
    start = int(np.argmax(noise[0] == drawn[0, 0]))
    assert np.array_equal(drawn, noise[:, start : start + RATE]), "it begins at a whole sample"


def test_any_number_of_steps_cost_one_resampling(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    plain = sound_module.fill_evenly

    def counted(out: Any, *given: Any) -> None:
        calls.append(out.shape[1])
        plain(out, *given)

    monkeypatch.setattr(sound_module, "fill_evenly", counted)
    steps = (
        "uses: trim, with: {duration: 3}",
        "uses: speed, with: {factor: 1.2}",
        "uses: time_shift, with: {seconds: 0.5}",
        "uses: speed, with: {factor: 0.9}",
    )
    out = run(pulses(PULSES).astype(np.float32), *steps)
    assert len(calls) == 1
    assert len(out) == round(3 / 1.2 / 0.9 * RATE)


def frequency(sound: np.ndarray) -> float:
    middle = sound[len(sound) // 4 : -len(sound) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 1 << 18))
    return float(np.argmax(spectrum)) * RATE / (1 << 18)


@pytest.mark.parametrize(
    ("steps", "pitch", "length"),
    [
        (["uses: speed, with: {factor: 1.25}"], 1.25, 3.2),
        (["uses: speed, with: {factor: 1.25, preserve_pitch: true}"], 1.0, 3.2),
        (["uses: speed, with: {factor: 0.8, preserve_pitch: true}"], 1.0, 5.0),
        (["uses: pitch, with: {semitones: 12}"], 2.0, 4.0),
        (["uses: pitch, with: {semitones: -5}"], 2 ** (-5 / 12), 4.0),
        (
            ["uses: pitch, with: {semitones: 3}", "uses: speed, with: {factor: 1.25}"],
            1.25 * 2 ** (3 / 12),
            3.2,
        ),
        (
            [
                "uses: speed, with: {factor: 1.25, preserve_pitch: true}",
                "uses: pitch, with: {semitones: 3}",
                "uses: reverse",
            ],
            2 ** (3 / 12),
            3.2,
        ),
    ],
)
def test_the_pitch_follows_or_stays(steps: list[str], pitch: float, length: float) -> None:
    moments = np.arange(4 * RATE) / RATE
    tone = (0.5 * np.sin(2 * np.pi * 440.0 * moments)).astype(np.float32)
    found = run(tone, *steps)
    assert len(found) == round(length * RATE)
    assert abs(frequency(found) / (440.0 * pitch) - 1.0) < 0.003
    assert abs(np.abs(found[RATE:-RATE]).max() - 0.5) < 0.05


def bursts(sound: np.ndarray, second: float, reach: float = 0.05) -> float:
    """How many milliseconds after `second` the energy near it lies."""
    low, high = round((second - reach) * RATE), round((second + reach) * RATE)
    energy = np.square(sound[low:high])
    middle = (energy * (np.arange(low, high) + 0.5)).sum() / energy.sum() / RATE
    return float(1000 * (middle - second))


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        (["uses: speed, with: {factor: 1.25, preserve_pitch: true}"], lambda t: t / 1.25),
        (["uses: speed, with: {factor: 0.71, preserve_pitch: true}"], lambda t: t / 0.71),
        (["uses: pitch, with: {semitones: 4}"], lambda t: t),
        (["uses: pitch, with: {semitones: -7}"], lambda t: t),
        (
            ["uses: reverse", "uses: speed, with: {factor: 1.3, preserve_pitch: true}"],
            lambda t: (4.0 - t) / 1.3,
        ),
        (
            [
                "uses: speed, with: {factor: 1.25, preserve_pitch: true}",
                "uses: time_shift, with: {seconds: 0.4}",
            ],
            lambda t: t / 1.25 + 0.4,
        ),
    ],
)
def test_stretched_sound_keeps_its_events_within_a_millisecond(
    steps: list[str], where: Any
) -> None:
    """The stretcher's latency is made up for; what is left is its own smear of a click."""
    found = run(pulses(PULSES, width=1.0).astype(np.float32), *steps)
    errors = [
        bursts(found, where(second))
        for second in PULSES
        if 0.05 < where(second) < len(found) / RATE - 0.05
    ]
    print("milliseconds:", np.round(errors, 3).tolist())
    assert np.abs(errors).max() < 1.0


@pytest.mark.parametrize(("kept", "limit"), [("false", 0.02), ("true", 3.0)])
def test_a_warp_moves_events_along_its_curve(kept: str, limit: float) -> None:
    step = f"uses: time_warp, with: {{strength: 0.3, shape: 0.7, preserve_pitch: {kept}}}"
    policy = load_policy(
        f"syncaug: 1\nsample: {{sound: {{modality: audio, sample_rate: {RATE}}},"
        f" words: timed_text}}\nsteps:\n  - {{name: s0, {step}}}\n"
    )
    words = [{"start": t - 1e-3, "end": t + 1e-3, "text": "x"} for t in PULSES.tolist()]
    width = WIDTH if kept == "false" else 1.0
    out = policy({"sound": pulses(PULSES, width=width).astype(np.float32), "words": words}, key=0)
    assert len(out["sound"]) == 4 * RATE
    middles = [(cue["start"] + cue["end"]) / 2 for cue in out["words"]]
    assert np.abs(np.array(middles) - PULSES).max() > 0.05, "it is a warp"
    errors = [bursts(out["sound"], second, reach=0.03) for second in middles]
    print("milliseconds:", np.round(errors, 4).tolist())
    assert np.abs(errors).max() < limit


def test_no_aliases_when_played_faster() -> None:
    """A tone that leaves the band is gone, whether the piece is long, short or warped."""
    moments = np.arange(4 * RATE) / RATE
    tone = np.sin(2 * np.pi * 7000.0 * moments).astype(np.float32)[None]
    for pieces in (
        [(2.0, 0.0, 4.0, 2.0)],
        [(0.2, 0.0, 0.4, 2.0)],
        [(0.1, 0.1 * i, 0.1 * i + 0.1 * (1.6 + i / 100), 1.6 + i / 100) for i in range(4)],
    ):
        found = resounded(tone, RATE, TimeMap.of(pieces, 4.0))[0]
        inner = found[400:-400]
        assert np.sqrt(np.mean(inner**2)) < 1e-3


def test_masked_spans_are_silent_and_the_rest_is_untouched() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 4 * RATE).astype(np.float32)
    found = run(noise, "uses: mask_time, with: {spans: 3, duration: 0.25}")
    silent = found == 0.0
    assert abs(silent.sum() - 3 * RATE // 4) <= 3
    assert np.array_equal(found[~silent], noise[~silent])
    edges = np.flatnonzero(np.diff(silent.astype(int)))
    assert len(edges) == 6, "three spans that do not touch"


def test_a_mask_on_other_streams_leaves_sound_alone() -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  a: {modality: audio, sample_rate: 100}\n"
        "  b: {modality: audio, sample_rate: 100}\nsteps:\n"
        "  - {name: m, uses: mask_time, with: {duration: 0.5, streams: [b]}}\n"
    )
    ones = np.ones(400, np.float32)
    out = policy({"a": ones, "b": ones}, key=0)
    assert out["a"].all()
    assert (out["b"] == 0).sum() == 50


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(4000,), (1, 4000), (6, 4000)])
def test_form_and_dtype_stay(dtype: Any, shape: tuple[int, ...]) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, shape).astype(dtype)
    for kept in ("true", "false"):
        step = f"uses: speed, with: {{factor: 1.1, preserve_pitch: {kept}}}"
        found = run(sound, step, rate=8000)
        assert found.dtype == dtype
        assert found.shape == (*shape[:-1], round(4000 / 1.1))


def test_nothing_left_and_no_rate_are_told() -> None:
    with pytest.raises(AlignmentError, match="not one sample at 16000 Hz"):
        run(np.zeros(4, np.float32), "uses: speed, with: {factor: 10}")
    policy = load_policy("syncaug: 1\nsample: {s: audio}\nsteps: [{name: r, uses: reverse}]\n")
    with pytest.raises(SampleError, match="a known sample rate where time moves"):
        policy({"s": np.zeros(400, np.float32)}, key=0)
    policy = load_policy(
        "syncaug: 1\nsample: {s: audio}\nsteps: [{name: p, uses: pitch, with: {semitones: 2}}]\n"
    )
    with pytest.raises(SampleError, match="a known sample rate where pitch moves"):
        policy({"s": np.zeros(400, np.float32)}, key=0)
    with pytest.raises(AlignmentError, match="lasts 4 s, and the excerpt begins at 5 s"):
        run(np.zeros(4 * RATE, np.float32), "uses: trim, with: {duration: 1, start: 5}")
    with pytest.raises(AlignmentError, match="3 spans of 2 s leave nothing"):
        run(np.zeros(4 * RATE, np.float32), "uses: mask_time, with: {spans: 3, duration: 2}")


@pytest.mark.parametrize("step", [1.1173, 1.25, -0.9, 0.87654])
def test_long_sound_is_worked_on_in_pieces_without_seams(
    step: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (2, 90_000)).astype(np.float32)
    first, count = (40.3, 70_000) if step > 0 else (89_000.3, 70_000)
    whole = resampling.evenly(noise, first, step, count)
    monkeypatch.setattr(resampling, "_PIECE", 10_000)
    pieces = resampling.evenly(noise, first, step, count)
    assert np.abs(whole - pieces).max() < 1e-6


def test_an_excerpt_longer_than_the_sound_is_all_of_it() -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    with pytest.warns(SampleWarning, match="all of it stays, shorter than asked"):
        assert np.array_equal(run(sound, "uses: trim, with: {duration: 20}"), sound)
    half = run(sound, "uses: trim, with: {duration: 0.5, unit: share}")
    assert len(half) == RATE // 2


def test_two_streams_at_an_offset_stay_so() -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  a: {modality: audio, sample_rate: 16000}\n"
        "  b: {modality: audio, sample_rate: 16000, offset: 0.25}\nsteps:\n"
        "  - {name: r, uses: reverse}\n  - {name: f, uses: speed, with: {factor: 1.25}}\n"
    )
    first = pulses(PULSES).astype(np.float32)
    second = pulses(PULSES - 0.25).astype(np.float32)
    out = policy({"a": first, "b": second}, key=0)
    for moment in PULSES:
        place = (4.25 - moment) / 1.25
        assert abs(off(out["a"], place, WIDTH / 1.25)) < 0.02
        if place > 0.3:
            assert abs(off(out["b"], place - 0.25, WIDTH / 1.25)) < 0.02


BETWEEN = ["", "{name: n, uses: noise, with: {snr_db: 90}}, "]


@pytest.mark.parametrize("fuse", ["on", "off"])
@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize(
    ("first", "then", "swaps"),
    [
        ("rotate, with: {degrees: 90}", "rotate, with: {degrees: 90}", True),
        ("rotate, with: {degrees: 270}", "flip, with: {axis: vertical}", False),
        ("rotate, with: {degrees: 180}", "rotate, with: {degrees: 180}", False),
        ("flip", "flip", False),
        ("flip", "flip, with: {axis: vertical}", True),
    ],
)
def test_channels_lie_as_all_maps_of_the_picture_say(
    first: str, then: str, swaps: bool, between: str, fuse: str
) -> None:
    """Two quarter turns are a half turn, whatever looks at the sound between them."""
    steps = f"[{{name: a, uses: {first}}}, {between}{{name: b, uses: {then}}}]"
    made = load_policy(
        "syncaug: 1\nsample: {image: image, sound: {modality: audio, sample_rate: 100}}\n"
        f"steps: {steps}\nfuse: {fuse}\n"
    )
    sound = np.stack([np.zeros(50), np.full(50, 0.5)]).astype(np.float32)
    image = np.zeros((20, 20, 3), np.uint8)
    out = made({"image": image, "sound": sound}, key=1)["sound"].mean(axis=1)
    assert np.allclose(out, [0.5, 0.0] if swaps else [0.0, 0.5], atol=0.01)
