"""Clouds in time, depth with its own noise, embeddings and tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import SampleError, load_policy
from syncaug.errors import AlignmentError
from syncaug.kernels.noise_level import snr_between
from tests.samples import frames

COLUMNS = "[x, y, z, vx, vy, vz, t]"


def run(sample: dict[str, Any], streams: str, *steps: str) -> dict[str, Any]:
    lines = "".join(f"  - {{name: step{i}, {step}}}\n" for i, step in enumerate(steps))
    policy = load_policy(f"syncaug: 1\nsample: {{{streams}}}\nsteps:\n{lines}")
    return policy(sample, key=0)  # type: ignore[no-any-return]


def sweep() -> np.ndarray:
    """Eleven points, one every tenth of a second, that fly along x at 1 m/s."""
    t = np.arange(11) / 10.0
    return np.column_stack([t, 0 * t, 1 + 0 * t, 1 + 0 * t, 0 * t, 0 * t, t])


def cloud(*steps: str, extra: str = "") -> np.ndarray:
    declared = f"cloud: {{modality: points, columns: {COLUMNS}{extra}}}"
    return run({"cloud": sweep()}, declared, *steps)["cloud"]  # type: ignore[no-any-return]


def test_points_in_time_are_cut_moved_and_stretched_with_their_clock() -> None:
    cut = cloud("uses: trim, with: {start: 0.25, duration: 0.5}")
    assert np.allclose(cut[:, 0], [0.3, 0.4, 0.5, 0.6, 0.7])
    assert np.allclose(cut[:, 6], np.array([0.3, 0.4, 0.5, 0.6, 0.7]) - 0.25)
    fast = cloud("uses: speed, with: {factor: 2}")
    assert np.allclose(fast[:, 6], sweep()[:, 6] / 2)
    assert np.allclose(fast[:, 3], 2.0), "what plays twice as fast flies twice as fast"
    back = cloud("uses: reverse")
    assert np.allclose(back[:, 6], 1.0 - sweep()[:, 6])
    assert np.allclose(back[:, [0, 3]], np.column_stack([sweep()[:, 0], -np.ones(11)]))
    assert np.allclose(cloud("uses: reverse", "uses: reverse"), sweep())


def test_points_are_repeated_with_a_loop_and_go_with_blanked_spans() -> None:
    twice = cloud("uses: loop, with: {times: 2}")
    assert len(twice) in (21, 22)
    assert np.allclose(np.sort(twice[:, 6])[[0, -1]], [0.0, 2.0])
    seen = cloud("uses: mask_time, with: {duration: 0.35, shape: 0.3}")
    assert 6 <= len(seen) <= 8
    with pytest.raises(AlignmentError, match="none of its points"):
        cloud("uses: trim, with: {start: 0.41, duration: 0.05}")


def test_an_offset_stays_and_points_without_t_are_on_no_clock() -> None:
    sample = {"cloud": sweep(), "speech": np.ones(2000, np.float32)}
    declared = (
        f"cloud: {{modality: points, columns: {COLUMNS}, offset: 0.5}}, "
        "speech: {modality: audio, sample_rate: 1000}"
    )
    out = run(sample, declared, "uses: trim, with: {start: 1.0, duration: 0.5}")["cloud"]
    # Clock 1.0 to 1.5 s is the cloud's own 0.5 to 1.0 s; shown at the clock's 0 to 0.5 s, which
    # lies before the stream begins: only what its own time reaches is left.
    assert np.allclose(out[:, 0], [1.0])
    assert np.allclose(out[:, 6], [0.0])
    bare = {"cloud": sweep()[:, :3], "speech": np.ones(2000, np.float32)}
    kept = run(bare, "cloud: points, speech: {modality: audio, sample_rate: 1000}", "uses: reverse")
    assert np.array_equal(kept["cloud"], bare["cloud"])


def test_time_and_world_meet_in_one_settling() -> None:
    steps = ("uses: world_rotate, with: {degrees: 90}", "uses: speed, with: {factor: 0.5}")
    one, other = cloud(*steps), cloud(*reversed(steps))
    assert np.allclose(one, other)
    assert np.allclose(one[:, 4], 0.5)


@pytest.mark.parametrize("kind", ["gaussian", "quantised"])
@pytest.mark.parametrize("level", [15.0, 25.0, 40.0])
def test_depth_errs_by_its_level_more_where_it_is_far_and_holes_stay(
    kind: str, level: float
) -> None:
    depth = frames()[0]["depth"].copy()
    depth[100:120, 50:90] = 0.0
    solid = depth > 0
    step = f"uses: noise, with: {{snr_db: {level}, depth: {kind}}}"
    out = run({"depth": depth}, "depth: depth", step)["depth"]
    assert out.dtype == np.float32
    assert np.array_equal(out > 0, solid)
    few_steps = kind == "quantised" and level < 20
    assert abs(snr_between(depth[solid], out[solid]) - level) < (1.0 if few_steps else 0.1)
    if few_steps:
        return
    error = np.abs(out - depth)
    far = depth > np.quantile(depth[solid], 0.8)
    near = solid & (depth < np.quantile(depth[solid], 0.2))
    grown = (depth[far] ** 2).mean() / (depth[near] ** 2).mean()
    assert error[far].mean() / error[near].mean() == pytest.approx(grown, rel=0.5)


def test_quantised_depth_has_few_levels_in_steps_of_disparity() -> None:
    depth = np.linspace(1.0, 8.0, 20000, dtype=np.float32).reshape(100, 200)
    out = run({"depth": depth}, "depth: depth", "uses: noise, with: {snr_db: 30, depth: quantised}")
    levels = np.unique(out["depth"])
    assert 10 < len(levels) < 200
    steps = np.diff(1.0 / levels.astype(float))
    assert np.allclose(steps, steps[0], rtol=1e-3)


@pytest.mark.parametrize(("severity", "share"), [(1.0, 0.5), (0.4, 0.2), (0.0, 0.0)])
def test_holes_are_lost_in_blots_and_nothing_else_changes(severity: float, share: float) -> None:
    depth = frames()[0]["depth"]
    step = f"uses: noise, with: {{severity: {severity}, depth: holes}}"
    out = run({"depth": depth}, "depth: depth", step)["depth"]
    lost = (out == 0) & (depth > 0)
    assert lost.sum() / (depth > 0).sum() == pytest.approx(share, abs=0.01)
    assert np.array_equal(out[~lost], depth[~lost])
    if share:
        beside = lost[:, 1:] & lost[:, :-1]
        assert beside.sum() > 0.8 * lost.sum(), "neighbours are lost together"


def test_depth_follows_worlds_and_cameras_together() -> None:
    sample = {n: frames()[1][n] for n in ("depth", "camera", "points")}
    streams = (
        "depth: depth, camera: camera, points: {modality: points, columns: [x, y, z, r, g, b]}"
    )
    out = run(
        sample,
        streams,
        "uses: world_scale, with: {factor: 1.7}",
        "uses: world_rotate, with: {degrees: 33}",
        "uses: camera_rotate, with: {axis: vertical, degrees: 6}",
        "uses: crop, with: {area: 0.8}",
    )
    solid = out["depth"] > 0
    assert np.median(out["depth"][solid]) > 1.5 * np.median(sample["depth"][sample["depth"] > 0])
    measured = disagreement(out)
    assert measured < 2.0 * disagreement(sample) + 1e-3
    assert measured < 0.01


def disagreement(sample: dict[str, Any]) -> float:
    """The median relative difference between the depths of points and of their pixels."""
    camera, depth = sample["camera"], sample["depth"]
    extrinsics = np.asarray(camera["world_to_camera"])
    inside = sample["points"][:, :3] @ extrinsics[:3, :3].T + extrinsics[:3, 3]
    pixels = inside @ np.asarray(camera["K"]).T
    x, y = (np.rint(pixels[:, i] / pixels[:, 2]).astype(int) for i in (0, 1))
    height, width = depth.shape[:2]
    seen = (x >= 0) & (x < width) & (y >= 0) & (y < height) & (inside[:, 2] > 0)
    there, said = inside[seen, 2], depth[y[seen], x[seen]]
    there, said = there[said > 0], said[said > 0]
    assert len(there) > 1000
    return float(np.median(np.abs(there - said) / there))


@pytest.mark.parametrize("level", [5.0, 20.0, 40.0])
def test_latent_noise_has_the_level_of_the_step(level: float) -> None:
    vector = np.random.default_rng(0).normal(0, 1, 512).astype(np.float32)
    out = run({"z": vector}, "z: embedding", f"uses: noise, with: {{snr_db: {level}}}")["z"]
    assert out.dtype == np.float32
    assert out.shape == vector.shape
    assert abs(snr_between(vector, out) - level) < 1e-3


def test_embeddings_with_a_rate_follow_their_clock_linearly() -> None:
    ramp = np.column_stack([np.arange(10.0), 100.0 - np.arange(10.0)])
    declared = "z: {modality: embedding, rate: 5}"
    half = run({"z": ramp}, declared, "uses: speed, with: {factor: 2}")["z"]
    assert np.allclose(half[:, 0], [0.5, 2.5, 4.5, 6.5, 8.5])
    slow = run({"z": ramp}, declared, "uses: speed, with: {factor: 0.5}")["z"]
    assert len(slow) == 20
    assert np.allclose(slow[1:-1, 0], np.arange(0.25, 9.0, 0.5))
    assert np.array_equal(run({"z": ramp}, declared, "uses: reverse")["z"], ramp[::-1])
    listed = run({"z": ramp.tolist()}, declared, "uses: trim, with: {start: 0.4, duration: 1}")["z"]
    assert listed == ramp[2:7].tolist()
    whole = run(
        {"z": ramp, "s": np.ones(2000, np.float32)},
        "z: embedding, s: {modality: audio, sample_rate: 1000}",
        "uses: reverse",
    )["z"]
    assert np.array_equal(whole, ramp)


@pytest.mark.parametrize(
    ("declared", "value", "message"),
    [
        ("embedding", np.array([1.0, np.nan]), "NaN or infinity"),
        ("embedding", "cat", "an embedding of shape D or TxD"),
        ("embedding", [[1.0], [1.0, 2.0]], "an embedding of shape D or TxD"),
        ("embedding", np.zeros((2, 2, 2)), "an embedding of shape D or TxD"),
        ("{modality: embedding, rate: 5}", np.zeros(4), "One vector for all of the time"),
        ("{modality: tabular, columns: [age, weight]}", [1.0], "expected 2 numbers: age, weight"),
        ("{modality: tabular, columns: [age]}", {"weight": 1}, "a mapping without 'age'"),
        ("tabular", "old", "one or more numbers"),
        ("tabular", ["old"], "one or more numbers"),
    ],
)
def test_what_does_not_fit_is_one_clear_error(declared: str, value: Any, message: str) -> None:
    sample = {"image": np.zeros((8, 8, 3), np.uint8), "it": value}
    with pytest.raises(SampleError, match=message):
        run(sample, f"image: image, it: {declared}", "uses: flip")


@pytest.mark.parametrize(
    "value", [[30, None], (30.0, 70.0), np.array([30.0, np.nan]), {"age": 30, "weight": 70}]
)
def test_tables_are_handed_on_as_they_came(value: Any) -> None:
    sample = {"image": np.zeros((8, 8, 3), np.uint8), "it": value}
    declared = "image: image, it: {modality: tabular, columns: [age, weight]}"
    assert run(sample, declared, "uses: flip", "uses: noise, with: {snr_db: 10}")["it"] is value
