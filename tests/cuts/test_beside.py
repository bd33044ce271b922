"""Cuts that no crop makes: libraries, noise, cards; and what words and clocks follow a crop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from tests.cuts.chains import HEIGHT, WIDTH

_STEPS = {
    "zoom out": {"uses": "scale", "with": {"factor": 0.5}},
    "turn": {"uses": "rotate", "with": {"degrees": 30.0}},
    "shift back": {"uses": "translate", "with": {"x": -0.5, "y": 0.25}},
    "turn the camera": {
        "uses": "camera_rotate",
        "with": {"axis": "vertical", "degrees": -25.0},
    },
}
_SHIFT = {"name": "shift", "uses": "translate", "with": {"x": 0.5, "y": -0.25}}
_FOLLOW = dict.fromkeys(("mask", "depth", "film", "boxes", "keypoints", "camera"), "follow")
_LIBRARY = {
    "crop": {"op": "albumentations.RandomCrop", "height": 30, "width": 30},
    "affine": {
        "op": "albumentations.Affine",
        "translate_percent": {"x": [0.5, 0.5], "y": [-0.25, -0.25]},
        "scale": [1, 1],
        "rotate": [0, 0],
        "shear": [0, 0],
    },
}
_BETWEEN = {
    **{
        f"a library's {name}": [{"name": "call", "apply": {"image": call, **_FOLLOW}}]
        for name, call in _LIBRARY.items()
    },
    "a library's crop after a shift": [
        _SHIFT,
        {"name": "call", "apply": {"image": _LIBRARY["crop"], **_FOLLOW}},
    ],
    "a library's blur": [
        _SHIFT,
        {"name": "call", "apply": {"image": {"op": "albumentations.Blur", "blur_limit": [3, 3]}}},
    ],
    "noise": [_SHIFT, {"name": "noise", "uses": "noise", "with": {"snr_db": 60.0}}],
    "light": [_SHIFT, {"name": "light", "uses": "light", "with": {"value": 0.01}}],
    "a card": [
        _SHIFT,
        {"name": "card", "uses": "occlude", "with": {"area": 0.1, "x": 0.9, "y": 0}},
    ],
    "a card before masks": [
        _SHIFT,
        {
            "name": "card",
            "uses": "occlude",
            "with": {"area": 0.001, "x": 0, "y": 0, "mask": "keep"},
        },
    ],
    "a crop": [_SHIFT, {"name": "cut", "uses": "crop", "with": {"area": 0.5, "x": 1, "y": 0.5}}],
}
_SAMPLE = {
    "image": {"modality": "image"},
    "mask": "mask",
    "depth": "depth",
    "film": {"modality": "video", "fps": 2},
    "boxes": {"modality": "boxes", "labels": "numbers", "rows": "none"},
    "keypoints": {"modality": "keypoints", "labels": "spots"},
    "camera": "camera",
}


def sample() -> dict[str, Any]:
    """Pictures whose third channel says that they show something, and marks on a grid."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    image = np.stack([x / WIDTH, y / HEIGHT, np.ones_like(x)], axis=2).astype(np.float32)
    spots = np.stack(np.meshgrid(np.arange(2.3, WIDTH, 4), np.arange(2.2, HEIGHT, 4)), axis=-1)
    spots = spots.reshape(-1, 2)
    return {
        "image": image,
        "mask": (y * WIDTH + x + 1).astype(np.int32),
        "depth": (2.0 + x / WIDTH).astype(np.float32),
        "film": np.stack([image, image]),
        "boxes": [[x - 0.5, y - 0.5, x + 1.5, y + 1.5] for x, y in spots.tolist()],
        "numbers": list(range(len(spots))),
        "keypoints": spots,
        "spots": [f"spot {number}" for number in range(len(spots))],
        "camera": {"K": np.array([[60.0, 0, 31], [0, 60, 24], [0, 0, 1]]), "size": (WIDTH, HEIGHT)},
    }


@pytest.mark.parametrize("fuse", ["on", "off"])
@pytest.mark.parametrize("after", _STEPS)
@pytest.mark.parametrize("between", _BETWEEN)
def test_all_streams_lose_the_same(between: str, after: str, fuse: str) -> None:
    steps = [*_BETWEEN[between], {"name": "after", **_STEPS[after]}]
    policy = load_policy({"syncaug": 1, "fuse": fuse, "sample": _SAMPLE, "steps": steps})
    out = policy(sample(), key=3)
    shows = {
        "image": out["image"][..., 2] > 0.5,
        "film": out["film"][0][..., 2] > 0.5,
        "mask": out["mask"] > 0,
        "depth": out["depth"] > 0,
    }
    covered = between == "a card before masks"
    for name, picture in shows.items():
        apart = np.count_nonzero(picture != shows["image"])
        assert apart <= 3 * sum(picture.shape) + 20 * covered, (name, apart)
    size = np.array(out["mask"].shape[::-1]) - 1
    near = np.rint(np.array(out["keypoints"]).reshape(-1, 2)).astype(int)
    places = [
        np.clip(near + way, 0, size).T[::-1]
        for way in np.stack(np.mgrid[-1:2, -1:2], -1).reshape(-1, 2)
    ]
    seen = np.any([out["mask"][tuple(place)] > 0 for place in places], axis=0)
    assert seen.all(), "a keypoint lies on fill"
    numbers = {int(spot.removeprefix("spot ")) for spot in out["spots"]}
    assert numbers <= set(out["numbers"]), "a keypoint without the box around it"
    whole = sample()["keypoints"]
    shown = np.unique(out["mask"][1:-1, 1:-1])[1:] - 1
    inner = {(int(n) % WIDTH, int(n) // WIDTH) for n in shown.tolist()}
    for number, (x, y) in enumerate(whole.tolist()):
        square = {(round(x) + dx, round(y) + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        if square <= inner and between not in ("a card", "a card before masks"):
            assert number in numbers, "a keypoint that the picture shows is gone"


def test_what_only_leaves_comes_back() -> None:
    back = {"name": "back", "uses": "translate", "with": {"x": -0.5, "y": 0.25}}
    policy = load_policy({"syncaug": 1, "sample": _SAMPLE, "steps": [_SHIFT, back]})
    before, out = sample(), policy(sample(), key=0)
    for name in ("image", "mask", "depth", "film"):
        assert np.array_equal(out[name], before[name]), name
    assert out["numbers"] == before["numbers"]
    assert out["spots"] == before["spots"]


def test_a_turned_camera_shows_nothing_of_what_is_behind_it() -> None:
    turns = [
        {
            "name": f"turn{number}",
            "uses": "camera_rotate",
            "with": {"axis": "vertical", "degrees": degrees},
        }
        for number, degrees in enumerate((60.0, 60.0, 60.0))
    ]
    policy = load_policy({"syncaug": 1, "sample": _SAMPLE, "steps": turns})
    out = policy(sample(), key=0)
    assert not out["image"].any()
    assert not out["mask"].any()
    assert not out["depth"].any()
    assert out["numbers"] == out["spots"] == []
    there_and_back = [
        *turns,
        *(
            {**turn, "name": f"back{i}", "with": {**turn["with"], "degrees": -60.0}}
            for i, turn in enumerate(turns)
        ),
    ]
    out = load_policy({"syncaug": 1, "sample": _SAMPLE, "steps": there_and_back})(sample(), key=0)
    assert np.abs(out["image"] - sample()["image"]).max() < 1e-3
    assert np.allclose(out["depth"], sample()["depth"], rtol=1e-4)
    assert out["numbers"] == sample()["numbers"]


@pytest.mark.parametrize("fuse", ["on", "off"])
def test_what_a_caption_lost_is_not_shown_again(fuse: str) -> None:
    image = np.zeros((60, 90, 3), np.uint8)
    image[20:40, 5:30] = 255, 0, 0
    image[20:40, 60:85] = 0, 0, 255
    policy = load_policy(
        {
            "syncaug": 1,
            "fuse": fuse,
            "sample": {
                "image": "image",
                "boxes": {"modality": "boxes", "labels": "classes"},
                "phrases": {"modality": "phrases", "boxes": "boxes", "text": "caption"},
                "caption": "text",
            },
            "steps": [
                {
                    "name": "cut",
                    "uses": "crop",
                    "with": {"area": 0.25, "x": 0.0, "y": 0.5, "caption": "rebuild"},
                },
                {"name": "zoom", "uses": "scale", "with": {"factor": 0.4}},
            ],
        }
    )
    out = policy(
        {
            "image": image,
            "boxes": [[5, 20, 30, 40], [60, 20, 85, 40]],
            "classes": ["car", "bus"],
            "phrases": ["a red car", "a blue bus"],
            "caption": "a red car beside a blue bus",
        },
        key=0,
    )
    assert out["caption"] == "a red car"
    assert out["phrases"] == ["a red car"]
    assert out["classes"] == ["car"]
    assert out["image"][..., 0].max() > 200
    assert out["image"][..., 2].max() == 0, "the bus is seen again"


def test_speech_that_a_crop_cut_is_not_heard_again() -> None:
    rate = 8000
    sound = np.repeat(np.array([0.2, 0.6], np.float32), rate)
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": {
                "image": "image",
                "boxes": "boxes",
                "phrases": {"modality": "phrases", "boxes": "boxes", "times": "spans"},
                "speech": {"modality": "audio", "sample_rate": rate},
            },
            "steps": [
                {
                    "name": "cut",
                    "uses": "crop",
                    "with": {"area": 0.25, "x": 0.0, "y": 0.0, "speech": "cut"},
                },
                {"name": "later", "uses": "time_shift", "with": {"seconds": -0.5}},
                {"name": "loop", "uses": "loop", "with": {"duration": 3.0}},
            ],
        }
    )
    out = policy(
        {
            "image": np.zeros((40, 40, 3), np.uint8),
            "boxes": [[2, 2, 8, 8], [30, 30, 38, 38]],
            "phrases": ["near", "far"],
            "spans": [[0.0, 1.0], [1.0, 2.0]],
            "speech": sound,
        },
        key=0,
    )
    assert len(out["speech"]) == 3 * rate
    assert out["speech"].max() < 0.3, "what is said of what was cut is heard"
    assert (out["speech"] > 0.19).mean() > 0.4


_AHEAD = np.array([[0, -1.0, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]])


def world(steps: list[dict[str, Any]], boxes: Any) -> Any:
    """A wall of points ten metres before a camera, and boxes, after some steps."""
    y, x = np.mgrid[2:58:2, 2:88:2].reshape(2, -1)
    streams = {
        "image": {"modality": "image", "plane": "front"},
        "camera": {"modality": "camera", "plane": "front", "world": "ground"},
        "points": {"modality": "points", "world": "ground"},
        "boxes": {"modality": "boxes3d", "world": "ground"},
    }
    return load_policy({"syncaug": 1, "sample": streams, "steps": steps})(
        {
            "image": np.full((60, 90, 3), 90, np.uint8),
            "camera": {
                "K": np.array([[100.0, 0, 45], [0, 100, 30], [0, 0, 1]]),
                "size": (90, 60),
                "world_to_camera": _AHEAD,
            },
            "points": np.c_[np.full(x.size, 10.0), (45.0 - x) / 10, (30.0 - y) / 10],
            "boxes": np.array(boxes, dtype=np.float64),
        },
        key=0,
    )


def test_the_picture_shows_what_the_cloud_keeps() -> None:
    cut = {"area": 0.25, "x": 0.5, "y": 0.5, "points": "visible"}
    out = world(
        [
            {"name": "cut", "uses": "crop", "with": cut},
            {"name": "zoom", "uses": "scale", "with": {"factor": 0.5}},
        ],
        [[10, 0, 0, 1, 1, 1, 0], [10, 4, 2.5, 1, 1, 1, 0]],
    )
    picture = out["image"][..., 0] > 45
    assert abs(picture.mean() - 0.25) < 0.04
    inside = out["points"] @ out["camera"]["world_to_camera"][:3, :3].T
    pixels = inside @ out["camera"]["K"].T
    columns, rows = np.rint(pixels[:, :2] / pixels[:, 2:]).astype(int).T
    near = np.pad(picture, 1)
    assert all(
        near[row : row + 3, column : column + 3].any()
        for row, column in zip(rows, columns, strict=True)
    )
    assert len(out["boxes"]) == 1


def test_a_solid_stays_while_one_of_its_points_is_shown() -> None:
    cut = {"area": 0.02, "x": 0.3, "y": 0.35, "points": "visible"}
    wall, behind = [10.0, 0.0, 0.0, 1.0, 6.0, 4.0, 0.0], [-10.0, 0.0, 0.0, 1.0, 6.0, 4.0, 0.0]
    out = world([{"name": "cut", "uses": "crop", "with": cut}], [wall, behind])
    assert np.allclose(out["boxes"], [wall]), "its centre and its corners are outside"
