"""Samples for tests: real ones from examples/data, and a small one with every modality."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from syncaug import load_policy
from syncaug.io.pictures import read_image

ROOT = Path(__file__).parent.parent
DATA = ROOT / "examples" / "data"

EVERYTHING = """
  image: image
  video: {modality: video, fps: 40}
  mask: mask
  depth: depth
  heat: {modality: heatmap, names: [left_eye, right_eye], range: [0, 1]}
  flow: flow
  normals: normals
  boxes: {modality: boxes, labels: classes}
  keypoints: {modality: keypoints, names: [left_eye, right_eye, nose]}
  masks: {modality: instances, labels: masked}
  oriented: {modality: oriented_boxes, labels: lying, angle: degrees, direction: clockwise}
  outlines: {modality: polygons, labels: outlined}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  caption: {modality: text, describes: image}
  chat: {modality: messages, pictures: [image, video], coordinates: pixels, gone: drop}
  cues: {modality: timed_text, describes: image}
  speech: {modality: audio, sample_rate: 16000}
  camera: camera
  points: {modality: points, columns: [x, y, z, r, g, b, intensity]}
  boxes3d: {modality: boxes3d, labels: classes3d}
  imu: {modality: imu, rate: 100, body: plane, acceleration: linear}
  label: {modality: label, classes: 10}
  table: {modality: tabular, columns: [age, weight]}
  latent: {modality: embedding, rate: 40}
"""


def everything(seed: int = 0) -> dict[str, Any]:
    """A small sample with one stream of every modality, consistent with `EVERYTHING`."""
    generator = np.random.default_rng(seed)
    world = generator.normal(0.0, 1.0, (50, 3)) + np.array([0.0, 5.0, 0.0])
    attributes = generator.random((50, 4))
    # The camera stands at the origin and looks along +y of a world whose z axis points up.
    extrinsics = np.array(
        [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    )
    return {
        "image": generator.integers(0, 256, (48, 64, 3), dtype=np.uint8),
        "video": np.random.default_rng(seed + 1).integers(0, 256, (4, 48, 64, 3), dtype=np.uint8),
        "mask": generator.integers(0, 5, (48, 64)).astype(np.int64),
        "depth": generator.uniform(1.0, 6.0, (48, 64)).astype(np.float32),
        **_fields(seed),
        "boxes": [[10.0, 12.0, 30.0, 40.0], [34.0, 8.0, 60.0, 30.0]],
        "classes": ["dog", "cat"],
        "keypoints": np.array([[20.0, 20.0, 2.0], [30.0, 20.0, 2.0], [25.0, 28.0, 1.0]]),
        "masks": np.random.default_rng(seed + 2).integers(0, 2, (3, 48, 64)).astype(bool),
        "masked": ["dog", "cat", "mat"],
        "oriented": np.array([[20.0, 22.0, 16.0, 8.0, 30.0], [45.0, 20.0, 20.0, 9.0, -60.0]]),
        "lying": ["dog", "cat"],
        "outlines": [
            [[10.0, 12.0, 30.0, 12.0, 30.0, 40.0, 22.0, 20.0]],
            [
                [[34.0, 8.0], [60.0, 8.0], [60.0, 30.0], [34.0, 30.0]],
                [[40.0, 12.0], [50.0, 12.0], [45.0, 20.0]],
            ],
            {"size": [48, 64], "counts": [500, 20, 28, 20, 28, 20, 2456]},
        ],
        "outlined": ["dog", "cat", "mat"],
        "phrases": ["a blue dog", "a red cat"],
        "caption": "On the left sits a blue dog, on the right a red cat.",
        "chat": [
            {"role": "system", "content": "You look at pictures."},
            {
                "role": "user",
                "content": [
                    {"type": "image"},
                    {"type": "video", "fps": 40},
                    {"type": "text", "text": "What is on the left?"},
                ],
            },
            {
                "role": "assistant",
                "content": '[{"bbox_2d": [10, 12, 30, 40], "label": "a blue dog"}]',
                "id": 7,
            },
        ],
        "cues": [
            {"start": 0.01, "end": 0.04, "text": "a blue dog on the left", "speaker": 1},
            {"start": 0.03, "end": 0.09, "text": "and\na red cat"},
        ],
        "speech": generator.normal(0.0, 0.1, (2, 1600)).astype(np.float32),
        "camera": {
            "K": np.array([[60.0, 0.0, 31.5], [0.0, 60.0, 23.5], [0.0, 0.0, 1.0]]),
            "world_to_camera": extrinsics,
            "size": (64, 48),
        },
        "points": np.hstack([world, attributes]).astype(np.float32),
        "boxes3d": np.array(
            [[0.5, 5.0, 0.2, 1.0, 2.0, 1.5, 0.3], [-0.5, 4.0, 0.1, 1.0, 1.0, 1.0, -1.0]]
        ),
        "classes3d": ["car", "van"],
        "imu": generator.normal(0.0, 1.0, (10, 6)),
        "label": 3,
        "table": [30.0, 70.0],
        "latent": generator.normal(0.0, 1.0, (4, 6)).astype(np.float32),
    }


def _fields(seed: int) -> dict[str, Any]:
    """Heat in two channels, flow of which some is not known, and normals."""
    generator = np.random.default_rng(seed + 2)
    flow = generator.normal(0.0, 3.0, (48, 64, 2)).astype(np.float32)
    flow[10:14, 20:30] = np.nan
    normals = generator.normal(0.0, 1.0, (48, 64, 3))
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    heat = generator.random((48, 64, 2)).astype(np.float32)
    return {"heat": heat, "flow": flow, "normals": normals.astype(np.float32)}


@lru_cache(maxsize=1)
def _pets() -> dict[str, dict[str, Any]]:
    notes = json.loads((DATA / "pets" / "annotations.json").read_text(encoding="utf-8"))
    return {
        name: {
            "image": read_image(DATA / "pets" / name, {}),
            "boxes": note["boxes"],
            "classes": note["classes"],
            "phrases": note["phrases"],
            "caption": note["directional_caption"],
            "id": name,
        }
        for name, note in notes.items()
    }


def pets() -> dict[str, dict[str, Any]]:
    """The two photos of pets with boxes, phrases and the captions that speak of directions."""
    return copy.deepcopy(_pets())


def equal(first: Any, second: Any) -> bool:
    """Whether two streams are equal to the last byte, with the same types."""
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray):
        return (
            first.dtype == second.dtype
            and first.shape == second.shape
            and first.tobytes() == second.tobytes()
        )
    if isinstance(first, dict):
        return list(first) == list(second) and all(equal(first[key], second[key]) for key in first)
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(equal, first, second))
    return bool(first == second)


@lru_cache(maxsize=1)
def _frames() -> list[dict[str, Any]]:
    from syncaug.io.manifest import read_manifest
    from syncaug.io.streams import load_sample

    policy = load_policy(ROOT / "policies" / "living_room.yaml")
    streams = {stream.name: stream for stream in policy.plan.streams}
    return [load_sample(entry, streams) for entry in read_manifest(DATA / "living_room.jsonl")]


def frames() -> list[dict[str, Any]]:
    """The five RGB-D frames with points, camera, boxes and captions, as the manifest gives them."""
    return copy.deepcopy(_frames())
