"""Random chains of steps, there and back: what is carried comes back by its record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy

H, W = 90, 130
STEPS = (
    ("flip", lambda g: {"axis": str(g.choice(["horizontal", "vertical", "both"]))}),
    ("crop", lambda g: {"area": float(g.uniform(0.7, 1)), "x": 0.5, "y": 0.5}),
    (
        "crop",
        lambda g: {"area": float(g.uniform(0.8, 1)), "resize": [int(g.integers(60, 120)), 90]},
    ),
    ("rotate", lambda g: {"degrees": float(g.uniform(-25, 25))}),
    ("rotate", lambda g: {"degrees": float(g.choice([90, 180, 270])), "expand": True}),
    ("scale", lambda g: {"factor": float(g.uniform(0.8, 1.2))}),
    ("translate", lambda g: {"x": float(g.uniform(-0.05, 0.05)), "y": 0.03}),
    ("resize", lambda g: {"height": int(g.integers(50, 130)), "width": int(g.integers(60, 150))}),
    ("perspective", lambda g: {"strength": float(g.uniform(0, 0.05)), "shape": 0.3}),
    ("camera_rotate", lambda g: {"axis": "vertical", "degrees": float(g.uniform(-4, 4))}),
    ("light", lambda g: {"value": 0.1}),
    ("world_rotate", lambda g: {"degrees": float(g.uniform(-90, 90))}),
    ("world_scale", lambda g: {"factor": float(g.uniform(0.5, 2))}),
    ("speed", lambda g: {"factor": float(g.uniform(0.7, 1.4))}),
    ("time_warp", lambda g: {"strength": 0.3, "shape": float(g.uniform(0, 1))}),
    ("reverse", lambda g: {}),
)
DECLARED = {
    "image": "image",
    "camera": {"modality": "camera", "world": "w"},
    "sound": {"modality": "audio", "sample_rate": 8000},
    "points": {"modality": "keypoints", "names": ["left_eye", "right_eye", "nose", "chin"]},
    "boxes": {"modality": "boxes", "format": "coco"},
    "cloud": {"modality": "points", "world": "w"},
    "solids": {"modality": "boxes3d", "world": "w"},
    "joints": {"modality": "joints", "world": "w", "names": ["left_hand", "right_hand"]},
    "cues": "timed_text",
}


def sample(generator: Any) -> dict[str, Any]:
    pose = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
    points = generator.uniform((60, 40), (70, 50), (4, 2))
    start = float(generator.uniform(0.2, 0.4))
    return {
        "image": generator.integers(0, 256, (H, W, 3), dtype=np.uint8),
        "camera": {
            "K": np.array([[80.0, 0, 64.5], [0, 85, 44.5], [0, 0, 1]]),
            "size": (W, H),
            "world_to_camera": pose,
        },
        "sound": np.zeros(8000, np.float32),
        "points": np.hstack([points, np.full((4, 1), 2.0)]),
        "boxes": np.hstack([points[:2] - 3.0, np.full((2, 2), 6.0)]),
        "cloud": generator.normal(0.0, 3.0, (30, 3)),
        "solids": np.hstack(
            [generator.normal(0, 3, (3, 3)), generator.uniform(1, 2, (3, 3)), np.zeros((3, 1))]
        ),
        "joints": generator.normal(0.0, 1.0, (2, 3)),
        "cues": [{"start": start, "end": start + 0.2, "text": "a cat on a mat"}],
    }


@pytest.mark.parametrize("seed", range(40))
def test_a_chain_there_and_back(seed: int) -> None:
    generator = np.random.default_rng(seed)
    chosen = generator.choice(len(STEPS), size=int(generator.integers(1, 6)))
    steps = [
        {"name": f"step{place}", "uses": STEPS[index][0], "with": STEPS[index][1](generator)}
        for place, index in enumerate(chosen)
    ]
    fuse = "off" if seed % 4 == 3 else "on"
    one = load_policy({"syncaug": 1, "fuse": fuse, "sample": DECLARED, "steps": steps})
    if seed % 5 == 4:
        one = one.with_sync("independent")
    given = sample(generator)
    out, record = one.apply(given, key=seed)
    back = {name: one.invert(out[name], record.to_json(), name) for name in DECLARED
            if name not in ("image", "camera", "sound")}  # fmt: skip
    assert np.abs(back["points"][:, :2] - given["points"][:, :2]).max() < 1e-4
    assert np.abs(back["cloud"] - given["cloud"]).max() < 1e-6
    assert np.abs(back["solids"][:, :6] - given["solids"][:, :6]).max() < 1e-6
    assert np.abs(back["joints"] - given["joints"]).max() < 1e-6
    for cue, was in zip(back["cues"], given["cues"], strict=True):
        assert abs(cue["start"] - was["start"]) < 1e-6
        assert abs(cue["end"] - was["end"]) < 1e-6
    low, high = back["boxes"][:, :2], back["boxes"][:, :2] + back["boxes"][:, 2:]
    wanted = given["boxes"]
    assert (low <= wanted[:, :2] + 1e-6).all()
    assert (high >= wanted[:, :2] + wanted[:, 2:] - 1e-6).all()
    kinds = {step["uses"] for step in steps}
    turned = any(s["uses"] == "rotate" and s["with"]["degrees"] % 90 for s in steps)
    if not turned and not kinds & {"perspective", "camera_rotate"}:
        assert np.abs(back["boxes"] - wanted).max() < 1e-4


def test_a_map_of_the_ground_turns_back() -> None:
    one = load_policy(
        "syncaug: 1\nsample:\n  cloud: {modality: points, world: w}\n"
        "  ground: {modality: bev, world: w, axes: [-x, -y], range: [-10, -10, 10, 10], "
        "optional: true}\n"
        "steps: [{name: a, uses: world_rotate, with: {degrees: 90}}, "
        "{name: b, uses: world_translate, with: {x: 4, y: 0, z: 0}}]\n"
    )
    cloud = np.zeros((4, 3))
    ground = np.zeros((20, 20), np.uint8)
    ground[4:7, 10:12], ground[14, 3] = 1, 2
    out, record = one.apply({"cloud": cloud, "ground": ground}, key=1)
    back = one.invert(out["ground"], record, "ground")
    known = back != 255
    assert np.array_equal(back[known], ground[known])
    assert known.mean() == 0.8
    floats = one.invert(out["ground"].astype(np.float32), record, "ground")
    assert np.array_equal(np.isnan(floats), ~known)
