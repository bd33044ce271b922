"""Checks of geometry: what they measure on good results, and that they see planted errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, load_policy
from tests.checks.planting import measured
from tests.rig import NAMES, SAMPLE, rig
from tests.samples import frames

ROOM = (
    "syncaug: 1\nsample:\n  image: image\n  depth: depth\n  camera: camera\n"
    "  points: {modality: points, columns: [x, y, z, r, g, b]}\nsteps:\n"
    "  - {name: mirror, uses: flip}\n"
    "  - {name: cut, uses: crop, with: {area: 0.7, points: visible}}\n"
    "  - {name: grow, uses: world_scale, with: {factor: 1.3}}\n"
    "  - {name: turn, uses: camera_rotate, with: {axis: vertical, degrees: 8}}\n"
)
DEPTH = ROOM + "checks: [depth_consistency: {tolerance: 0.03}]\n"


def room(index: int = 0) -> dict[str, Any]:
    return {name: frames()[index][name] for name in ("image", "depth", "camera", "points")}


@pytest.mark.parametrize("frame", range(5))
def test_depth_and_points_of_real_frames_agree(frame: int) -> None:
    measure = measured(DEPTH, room(frame))
    assert measure.passed
    assert measure.value > 0.97
    assert list(measure.parts) == ["depth/points"]


def test_depth_smaller_than_its_camera_is_compared_where_it_has_pixels() -> None:
    cut = measured(DEPTH, room(), lambda out: {"depth": out["depth"][:-40, :-30]})
    assert cut.value > 0.9


@pytest.mark.parametrize("degrees", [-90, 90, 180])
def test_a_camera_is_true_after_a_quarter_turn_and_a_perspective(degrees: int) -> None:
    text = (
        "syncaug: 1\nsample:\n  image: image\n  depth: depth\n  camera: camera\n"
        "  points: {modality: points, columns: [x, y, z, r, g, b]}\nsteps:\n"
        f"  - {{name: turn, uses: rotate, with: {{degrees: {degrees}}}}}\n"
        "  - {name: aside, uses: perspective, with: {strength: 0.05}}\n"
        "checks: [reprojection: {max_pixels: 1.0e-6}]\n"
    )
    measure = measured(text, room())
    assert measure.passed
    assert list(measure.parts) == ["camera/points"]


PLANTED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "depth left unmirrored": lambda out: {"depth": out["depth"][:, ::-1]},
    "depth not grown with the world": lambda out: {"depth": out["depth"] / np.float32(1.3)},
    "depth 10 percent off": lambda out: {"depth": out["depth"] * np.float32(1.1)},
    "depth shifted": lambda out: {"depth": np.roll(out["depth"], 24, axis=1)},
    "points a metre behind": lambda out: {"points": out["points"] + np.float32([0, 1, 0, 0, 0, 0])},
    "camera looks elsewhere": lambda out: {
        "camera": {
            **out["camera"],
            "world_to_camera": np.asarray(out["camera"]["world_to_camera"])
            + np.eye(4)[:, [3]] @ np.zeros((1, 4))
            + np.outer([0.3, 0, 0.2, 0], [0, 0, 0, 1]),
        }
    },
}


@pytest.mark.parametrize("error", PLANTED)
def test_planted_errors_of_depth_are_seen(error: str) -> None:
    measure = measured(DEPTH, room(), PLANTED[error])
    assert not measure.passed
    assert measure.value < 0.8
    assert measure.text.startswith("'depth' agrees with ")


def test_a_point_behind_a_surface_says_nothing() -> None:
    """Occluded points disagree before and after, and must not be held against the result."""
    sample = room()
    behind = sample["points"].copy()
    centre = (
        -np.asarray(sample["camera"]["world_to_camera"])[:3, :3].T
        @ (np.asarray(sample["camera"]["world_to_camera"])[:3, 3])
    )
    behind[:, :3] = centre + 1.5 * (behind[:, :3] - centre)
    sample["points"] = np.concatenate([sample["points"], behind.astype(np.float32)])
    measure = measured(DEPTH, sample)
    assert measure.passed
    assert measure.value > 0.97


def test_depth_without_points_that_agree_measures_nothing() -> None:
    sample = room()
    sample["depth"] = np.zeros_like(sample["depth"])
    measure = measured(DEPTH, sample)
    assert np.isnan(measure.value)
    assert measure.passed


REPROJECT = (
    SAMPLE + "steps: [{name: a, uses: flip}, {name: b, uses: rotate, with: {degrees: 9}}]\n"
    "checks: [reprojection: {max_pixels: 0.5}]\n"
)


@pytest.mark.parametrize("name", NAMES)
def test_reprojection_names_the_camera_that_is_wrong(name: str) -> None:
    sample = rig(count=1000)
    good = measured(REPROJECT, sample)
    assert good.value < 1e-6
    assert len(good.parts) == 6

    def plant(out: dict[str, Any]) -> dict[str, Any]:
        camera = out[f"{name}_camera"]
        moved = camera["K"] + np.array([[0, 0, 0.6], [0, 0, 0], [0, 0, 0]])
        return {f"{name}_camera": {**camera, "K": moved}}

    bad = measured(REPROJECT, sample, plant)
    assert not bad.passed
    assert bad.value == pytest.approx(0.6, abs=1e-6)
    assert bad.text.endswith(f"in '{name}_camera'")
    assert sum(value > 0.5 for value in bad.parts.values()) == 1


AWAY = "}, {name: b, uses: translate, with: {x: -0.5}"
VISIBLE = (
    "syncaug: 1\nsample: {{image: image}}\nsteps: [{{name: a, uses: {step}}}]\n"
    "checks: [visible_share: {options}]\n"
)


@pytest.mark.parametrize(
    ("step", "content", "original"),
    [
        ("flip", 1.0, 1.0),
        ("translate, with: {x: 0.25}", 0.75, 0.75),
        ("translate, with: {x: -0.5, y: 0.5}", 0.25, 0.25),
        ("scale, with: {factor: 2}", 1.0, 0.25),
        ("scale, with: {factor: 0.5}", 0.25, 1.0),
        ("crop, with: {area: 0.36}", 1.0, 0.36),
        ("rotate, with: {degrees: 90}", 0.75, 0.75),
        ("translate, with: {x: 1}", 0.0, 0.0),
        ("occlude, with: {area: 0.2}", 0.8, 0.8),
        (f"occlude, with: {{area: 0.25, x: 0, y: 0}}{AWAY}", 0.5, 0.5),
    ],
)
def test_visible_share_is_the_share_of_areas(step: str, content: float, original: float) -> None:
    sample = {"image": np.zeros((240, 320, 3), np.uint8)}
    measure = measured(VISIBLE.format(step=step, options="{min_content: 0.5}"), sample)
    assert measure.value == pytest.approx(content, abs=0.02)
    assert measure.parts["plane/original"] == pytest.approx(original, abs=0.02)
    assert measure.passed == (content > 0.45 and original > 0.05)


def test_visible_share_says_what_is_missing() -> None:
    sample = {"image": np.zeros((240, 320, 3), np.uint8)}
    policy = VISIBLE.format(step="crop, with: {area: 0.3}", options="{min_original: 0.5}")
    measure = measured(policy, sample)
    assert measure.text.endswith("of the original of 'plane' is still visible")
    with pytest.raises(AlignmentError, match="visible_share: 30% of the original"):
        load_policy(policy)(sample, key=1)


def test_a_plane_is_named_or_there_is_a_problem() -> None:
    with pytest.raises(PolicyError, match="(?s)SA306 unknown plane 'plan'.*did you mean 'plane'"):
        load_policy(VISIBLE.format(step="flip", options="{plane: plan}"))
