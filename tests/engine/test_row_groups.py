"""`rows: NAME`: streams of a group keep one length and one order, whatever the steps do."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from syncaug import Augmenter, SampleError, load_policy

SIZE = 160
STREAMS = {
    "image": "image",
    "cloud": "{modality: points}",
    "camera": "camera",
    "boxes": "{modality: boxes, rows: thing, labels: [names, area], ids: box_ids%s}",
    "bodies": "{modality: keypoints, names: [left_eye, right_eye, nose], rows: thing, "
    "ids: body_ids%s}",
    "centres": "{modality: keypoints, rows: thing, labels: centre_names%s}",
    "solids": "{modality: boxes3d, rows: thing, labels: kinds, ids: solid_ids, invalid: drop%s}",
    "marks": "{modality: tabular, rows: thing%s}",
    "caption": "{modality: text, describes: image, words: {leave_below: 45}}",
    "phrases": "{modality: phrases, boxes: boxes, text: caption, rows: thing%s}",
}
GROUP = ("boxes", "bodies", "centres", "solids", "marks", "phrases")
LEADERS = ("boxes", "bodies", "centres", "solids")
BESIDE = ("names", "area", "box_ids", "body_ids", "centre_names", "kinds", "solid_ids")

PLANAR = (
    "uses: crop, with: {area: [0.2, 0.9], resize: [120, 140]}",
    "uses: scale, with: {factor: [0.6, 2.5]}",
    "uses: translate, with: {x: [-0.5, 0.5], y: [-0.5, 0.5]}",
    "uses: flip",
    "uses: rotate, with: {degrees: [-40, 40]}",
    "uses: occlude, with: {area: [0.1, 0.5]}",
    "uses: perspective, with: {strength: 0.2}",
    "uses: drop_modality, with: {streams: [boxes, bodies, phrases]}",
    "uses: cutmix, with: {cloud: keep, solids: keep}",
    "uses: cutmix, with: {cloud: keep, solids: keep, bodies: keep}",
    "uses: mixup, with: {cloud: keep, solids: keep}",
    "uses: world_scale, with: {factor: [0.9, 1.2]}",
    "uses: insert, with: {image: keep, place: free, count: 2}",
    "apply: {image: {op: albumentations.ElasticTransform, alpha: 30, sigma: 6}, boxes: follow, "
    "bodies: follow, centres: follow, caption: follow, camera: keep}",
)


def thing_sample(first: int, count: int, seed: int) -> dict[str, Any]:
    """Things with numbers from `first` on, in places far apart; each stream tells its number."""
    rng = np.random.default_rng(seed)
    places = rng.permutation(16)[:count]
    x, y = (places % 4) * 40.0 + 4.0, (places // 4) * 40.0 + 4.0
    number = np.arange(first, first + count)
    boxes = np.stack([x, y, x + 30.0, y + 30.0], axis=1)
    middle = np.stack([x + 14.5, y + 14.5], axis=1)
    offsets = np.array([[-6.0, -4.0], [6.0, -4.0], [0.0, 4.0]])
    eyes = middle[:, None] + offsets
    bodies = np.concatenate([eyes, np.full((count, 3, 1), 2.0)], axis=2)
    solids = np.zeros((count, 7))
    solids[:, :3] = np.stack([x / 4.0 - 20.0, y / 4.0 + 10.0, np.zeros(count)], axis=1)
    solids[:, 3:6] = 2.0
    solids[:, 5] *= 1.0 + number / 1000.0  # its height over its length is its number
    words = [f"item{n}" for n in number]
    return {
        "image": np.full((SIZE, SIZE, 3), seed % 200, np.uint8),
        "cloud": solids[:, :3].repeat(8, axis=0) + rng.uniform(-0.5, 0.5, (8 * count, 3)),
        "camera": {
            "K": np.array([[SIZE, 0, SIZE / 2], [0, SIZE, SIZE / 2], [0, 0, 1.0]]),
            "world_to_camera": np.array(
                [[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
            ),
            "size": (SIZE, SIZE),
        },
        "boxes": boxes,
        "names": [f"n{n}" for n in number],
        "area": [900 for _ in number],
        "box_ids": number,
        "bodies": bodies,
        "body_ids": number.tolist(),
        "centres": middle,
        "centre_names": np.array([f"c{n}" for n in number], object),
        "solids": solids,
        "kinds": tuple(f"k{n}" for n in number),
        "solid_ids": number.astype(np.int32),
        "marks": [[float(n), -float(n)] for n in number],
        "caption": "There are " + ", ".join(words) + " here.",
        "phrases": words,
    }


def chain(number: int) -> tuple[Augmenter, str]:
    """A policy of a few steps in a drawn order, with one of the streams as the leader."""
    rng = random.Random(number)
    leader = rng.choice(LEADERS)
    kinds = rng.sample(PLANAR, rng.randint(2, 4))
    streams = "".join(
        f"  {name}: {text % (', lead: true' if name == leader else '') if '%s' in text else text}\n"
        for name, text in STREAMS.items()
    )
    steps = ", ".join(f"{{name: s{place}, p: 0.8, {kind}}}" for place, kind in enumerate(kinds))
    fuse = "fuse: off\n" if rng.random() < 0.2 else ""
    then = rng.choice(("neutral", "drop"))
    text = (
        f"syncaug: 1\nsample:\n{streams}steps: [{steps}]\n"
        f"on_fail: {{retry: 2, then: {then}}}\n{fuse}"
    )
    return load_policy(text, seed=number), leader


def numbers_of(out: dict[str, Any], name: str) -> list[int | None]:
    """The number that each row of a stream tells; None where it holds nothing."""
    rows = out[name]
    if name == "phrases":
        return [None if row is None else int(row.lower().removeprefix("item")) for row in rows]
    if name == "solids":
        return [
            None if math.isnan(row[0]) else round((row[5] / row[3] - 1.0) * 1000.0) for row in rows
        ]
    if name == "marks":
        return [int(row[0]) for row in rows]
    key, prefix = {
        "boxes": ("box_ids", ""),
        "bodies": ("body_ids", ""),
        "centres": ("centre_names", "c"),
    }[name]
    return [int(str(entry).removeprefix(prefix)) for entry in out[key]]


def require_rows(out: dict[str, Any], key: object) -> int:
    """Assert that all streams of the group tell the same numbers, row by row; how many rows."""
    ids = numbers_of(out, "marks")
    for name in GROUP:
        told = numbers_of(out, name)
        assert len(told) == len(out[name]) == len(ids), (key, name)
        assert all(number in (None, true) for number, true in zip(told, ids, strict=True)), (
            key,
            name,
        )
    for beside in BESIDE:
        assert len(out[beside]) == len(ids), (key, beside)
    for beside, prefix in (("names", "n"), ("kinds", "k"), ("solid_ids", "")):
        assert [str(entry) for entry in out[beside]] == [f"{prefix}{n}" for n in ids], (key, beside)
    return len(ids)


def within_own_box(out: dict[str, Any]) -> tuple[int, int]:
    """Of the points that are seen of rows with a box: how many lie in it or beside it, of all."""
    inside = total = 0
    for box, body, centre in zip(out["boxes"], out["bodies"], out["centres"], strict=True):
        if np.isnan(box).any():
            continue
        points = [point[:2] for point in body if point[2] > 0.0]
        points += [] if np.isnan(centre).any() else [centre]
        for x, y in points:
            total += 1
            inside += bool(box[0] - 4.0 <= x <= box[2] + 4.0 and box[1] - 4.0 <= y <= box[3] + 4.0)
    return inside, total


@pytest.mark.parametrize("part", range(10))
def test_no_stream_of_a_group_differs_in_length_or_order(part: int) -> None:
    """A thousand random chains; each stream tells in its own data which thing a row is."""
    rows = inside = total = mixed = nothing = 0
    for number in range(100 * part, 100 * part + 100):
        policy, _ = chain(number)
        rng = random.Random(~number)
        sample = thing_sample(1, rng.randint(0, 8), number)
        partner = thing_sample(501, rng.randint(0, 6), number + 1)
        try:
            out = policy(sample, key=number, partner=partner)
        except SampleError as error:
            raise AssertionError((number, str(error))) from error
        if not isinstance(out, dict):
            continue
        rows += require_rows(out, number)
        mixed += any(n > 500 for n in numbers_of(out, "marks"))
        nothing += int(np.isnan(np.asarray(out["boxes"], float)).any())
        found, seen = within_own_box(out)
        inside, total = inside + found, total + seen
    assert rows > 150
    assert mixed > 5
    assert nothing > 5
    assert inside >= 0.99 * total > 100.0  # a warp may bend a point out of its box
