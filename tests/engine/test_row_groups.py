"""`rows: NAME`: streams of a group keep one length and one order, whatever the steps do."""

from __future__ import annotations

import math
import random
import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import Augmenter, PolicyWarning, SampleError, SampleWarning, load_policy

SIZE = 160
STREAMS = {
    "image": "image",
    "cloud": "{modality: points}",
    "camera": "camera",
    "boxes": "{modality: boxes, rows: thing, labels: [names, area], ids: box_ids%s}",
    "bodies": "{modality: keypoints, names: [left_eye, right_eye, nose], rows: thing, "
    "ids: body_ids%s}",
    "centres": "{modality: keypoints, rows: thing, labels: centre_names%s}",
    "outlines": "{modality: polygons, rows: thing, ids: outline_ids%s}",
    "tilted": "{modality: oriented_boxes, rows: thing, ids: tilted_ids%s}",
    "masks": "{modality: instances, rows: thing, ids: mask_ids%s}",
    "skeletons": "{modality: joints, names: [left_hand, right_hand], rows: thing, "
    "ids: joint_ids%s}",
    "solids": "{modality: boxes3d, rows: thing, labels: kinds, ids: solid_ids, invalid: drop%s}",
    "marks": "{modality: tabular, rows: thing%s}",
    "caption": "{modality: text, describes: image, words: {leave_below: 45}}",
    "phrases": "{modality: phrases, boxes: boxes, text: caption, rows: thing%s}",
}
GROUP = (
    *("boxes", "bodies", "centres", "outlines", "tilted", "masks"),
    *("skeletons", "solids", "marks", "phrases"),
)
LEADERS = ("boxes", "bodies", "centres", "outlines", "tilted", "masks", "solids")
BESIDE = ("names", "area", "kinds", "solid_ids")

PLANAR = (
    "uses: crop, with: {area: [0.2, 0.9], resize: [120, 140]}",
    "uses: scale, with: {factor: [0.6, 2.5]}",
    "uses: translate, with: {x: [-0.5, 0.5], y: [-0.5, 0.5]}",
    "uses: flip",
    "uses: rotate, with: {degrees: [-40, 40]}",
    "uses: occlude, with: {area: [0.1, 0.5]}",
    "uses: perspective, with: {strength: 0.2}",
    "uses: drop_modality, with: {streams: [boxes, bodies, phrases]}",
    "uses: cutmix, with: {cloud: keep, solids: keep, skeletons: keep}",
    "uses: cutmix, with: {cloud: keep, solids: keep, skeletons: keep, bodies: keep}",
    "uses: mixup, with: {cloud: keep, solids: keep, skeletons: keep}",
    "uses: world_scale, with: {factor: [0.9, 1.2]}",
    "uses: insert, with: {image: keep, skeletons: keep, place: free, count: 2}",
    "apply: {image: {op: albumentations.ElasticTransform, alpha: 30, sigma: 6}, boxes: follow, "
    "bodies: follow, centres: follow, outlines: follow, tilted: follow, masks: follow, "
    "caption: follow, camera: keep}",
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
    masks = np.zeros((count, SIZE, SIZE), np.uint8)
    for mask, (left, top, right, bottom) in zip(masks, boxes.astype(int).tolist(), strict=True):
        mask[top:bottom, left:right] = 1
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
        "outlines": [
            [[[left, top], [right, top], [right, bottom], [left, bottom]]]
            for left, top, right, bottom in boxes.tolist()
        ],
        "outline_ids": [f"o{n}" for n in number],
        "tilted": boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]],
        "tilted_ids": number,
        "masks": masks,
        "mask_ids": tuple(f"m{n}" for n in number),
        "skeletons": solids[:, None, :3] + np.array([[0.5, 0.0, 0.2], [-0.5, 0.0, 0.2]]),
        "joint_ids": number,
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
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*SA621", PolicyWarning)  # a leader that mixes not
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
        "outlines": ("outline_ids", "o"),
        "skeletons": ("joint_ids", ""),
        "tilted": ("tilted_ids", ""),
        "masks": ("mask_ids", "m"),
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


STEP = "{name: cut, uses: crop, with: {area: 0.25, x: 0.5, y: 0.5}}"


def pair(
    boxes: str = "rows: person", bodies: str = "rows: person", steps: str = STEP, rest: str = ""
) -> Augmenter:
    boxes, bodies = (f", {text}" if text else "" for text in (boxes, bodies))
    return load_policy(
        f"syncaug: 1\nsample:\n  image: image\n  boxes: {{modality: boxes, labels: who{boxes}}}\n"
        f"  bodies: {{modality: keypoints, names: [nose, hip]{bodies}}}\nsteps: [{steps}]\n{rest}"
    )


def two() -> dict[str, Any]:
    """A person in the corner of a picture, and one in its middle."""
    return {
        "image": np.zeros((128, 128, 3), np.uint8),
        "boxes": [[0.0, 0.0, 4.0, 4.0], [40.0, 40.0, 80.0, 80.0]],
        "who": ["corner", "middle"],
        "bodies": np.array([[[1, 1, 2], [3, 3, 2]], [[50, 50, 2], [60, 60, 2]]], np.float32),
    }


def test_a_row_goes_in_all_streams_with_the_leader() -> None:
    out, record = pair().apply(two(), key=1)
    assert out["who"] == ["middle"]
    assert out["bodies"].tolist() == [[[18.0, 18.0, 2.0], [28.0, 28.0, 2.0]]]
    assert record.notes["boxes"]["rows"] == [1]


def test_a_follower_without_its_item_holds_nothing() -> None:
    sample = two()
    sample["bodies"][0] += (40, 40, 0)  # the first body is in the middle, its box is not
    out = pair(bodies="rows: person, lead: true")(sample, key=1)
    assert out["boxes"][0] is None
    assert out["boxes"][1] == [8.0, 8.0, 48.0, 48.0]
    assert out["who"] == ["corner", "middle"]
    sample["boxes"] = np.array(sample["boxes"], np.float32)
    out = pair(bodies="rows: person, lead: true")(sample, key=1)
    assert out["boxes"].dtype == np.float32
    assert np.isnan(out["boxes"][0]).all()
    mirror = pair(bodies="rows: person, lead: true", steps="{name: mirror, uses: flip}")
    again = mirror(out, key=2)
    assert np.isnan(again["boxes"][0]).all(), "what came out can come in"


def test_integers_hold_no_nothing_and_say_so() -> None:
    sample = two()
    sample["bodies"][0] += (40, 40, 0)
    sample["boxes"] = np.array(sample["boxes"], np.int64)
    with pytest.warns(SampleWarning, match="int64 holds no NaN"):
        out = pair(bodies="rows: person, lead: true")(sample, key=1)
    assert out["boxes"].dtype == np.float64


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"bodies": np.ones((3, 2, 3))},
            "stream 'bodies': expected 2 rows, as many as 'boxes' has, because row n of both is "
            "the same person .rows: person.; got 3",
        ),
        ({"bodies": np.ones((2, 3))}, "bodies of shape .N, 2, 3., because its rows are those of"),
        ({"boxes": [None, [40.0, 40.0, 80.0, 80.0]]}, "expected boxes of shape Nx4"),
        ({"boxes": np.full((2, 4), np.nan)}, "NaN or infinity in box 0"),
    ],
)
def test_rows_that_do_not_fit_are_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SampleError, match=said):
        pair()({**two(), **change}, key=1)


def test_a_dropped_leader_holds_nothing_and_its_rows_live_on() -> None:
    drop = "{name: d, uses: drop_modality, with: {streams: [boxes], count: 1}}"
    out = pair(steps=f"{drop}, {STEP}")(two(), key=1)
    assert out["boxes"] == [None]
    assert len(out["bodies"]) == len(out["who"]) == 1


def test_the_first_stream_that_is_there_leads() -> None:
    sample = two()
    del sample["boxes"], sample["who"]
    out = pair(boxes="rows: person, optional: true")(sample, key=1)
    assert out["bodies"].tolist() == [[[18.0, 18.0, 2.0], [28.0, 28.0, 2.0]]]


@pytest.mark.parametrize("then", ["neutral", "keep_original"])
def test_what_is_handed_out_after_refused_draws_has_equal_rows(then: str) -> None:
    rest = f"checks: [{{boxes_visible: {{min_area: 1.0}}}}]\non_fail: {{retry: 1, then: {then}}}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        policy = pair(rest=rest)
    out, record = policy.apply(two(), key=1)
    assert record.outcome == {"neutral": "neutral", "keep_original": "kept_original"}[then]
    assert len(out["boxes"]) == len(out["bodies"]) == len(out["who"]) == 2


def test_a_replay_hands_out_the_same_rows() -> None:
    policy, partner = pair(steps="{name: paste, uses: cutmix, with: {share: 0.4}}"), two()
    out, record = policy.apply(two(), key=1, partner=partner)
    again = policy.replay(two(), record, partner=partner)
    assert len(out["boxes"]) == len(out["bodies"]) == len(out["who"])
    assert again["boxes"] == out["boxes"]
    assert again["bodies"].tolist() == out["bodies"].tolist()


def test_identities_are_kept_and_are_no_two_alike() -> None:
    policy = pair(boxes="rows: person, ids: track", steps="{name: mirror, uses: flip}")
    assert policy({**two(), "track": ["left", "right"]}, key=1)["track"] == ["left", "right"]
    with pytest.raises(SampleError, match="no two alike; got 7 in rows 0 and 1"):
        policy({**two(), "track": np.array([7, 7])}, key=1)
    with pytest.raises(SampleError, match="identity of each row; got entry 1: float 0.5"):
        policy({**two(), "track": [1, 0.5]}, key=1)


def test_a_partner_with_the_same_identities_is_warned_of_once() -> None:
    paste = "{name: paste, uses: cutmix, with: {share: 0.4, least_visible: 0}}"
    policy = pair(boxes="rows: person, ids: track", steps=paste)
    own, partner = {**two(), "track": [1, 2]}, {**two(), "track": [2, 3]}
    with pytest.warns(SampleWarning, match="identity 2 under .track. stands for a row"):
        policy(own, key=1, partner=partner)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = pair(boxes="rows: person, ids: track", steps=paste)(
            own, key=1, partner={**partner, "track": [3, 4]}
        )
    assert set(out["track"]) <= {1, 2, 3, 4}


def said_of(policy: Augmenter, sample: dict[str, Any]) -> list[str]:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for key in range(3):
            policy(sample, key=key)
    return [str(warning.message) for warning in found]


def test_boxes_and_bodies_without_rows_are_warned_of_once() -> None:
    (said,) = said_of(pair("", ""), two())
    assert "its 2 rows are probably those of 'boxes'" in said
    assert "Declare rows: NAME at both" in said


@pytest.mark.parametrize(
    ("policy", "change"),
    [
        (("", "rows: none"), {}),
        (("rows: none", ""), {}),
        (("", "", "{name: mirror, uses: flip}"), {}),
        (("", "", "{name: hue, uses: colour, with: {hue: 30}}"), {}),
        (("", ""), {"bodies": np.ones((3, 2, 3))}),
        (("", ""), {"bodies": np.ones((2, 3))}),  # one body
        (("", ""), {"bodies": np.array([[[1, 120, 2]] * 2, [[120, 1, 2]] * 2])}),  # elsewhere
        (("", ""), {"boxes": [[40, 40, 80, 80]], "who": ["a"], "bodies": np.full((1, 2, 3), 2.0)}),
    ],
)
def test_what_is_decided_or_unrelated_is_not_warned_of(
    policy: tuple[str, ...], change: dict[str, Any]
) -> None:
    assert said_of(pair(*policy), {**two(), **change}) == []


def test_corners_of_a_page_are_no_rows_of_words() -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  words: {modality: boxes}\n"
        f"  corners: keypoints\nsteps: [{STEP}]\n"
    )
    corners = np.array([[1.0, 1], [120, 1], [1, 120], [120, 120]])
    words = np.array([[10.0, 10, 20, 20], [30, 30, 40, 40], [50, 50, 60, 60], [70, 70, 80, 80]])
    sample = {"image": two()["image"], "words": words, "corners": corners}
    assert said_of(policy, sample) == []
    sample["corners"] = (words[:, :2] + words[:, 2:]) / 2.0
    assert len(said_of(policy, sample)) == 1, "the middle of each word is one of its row"


@pytest.mark.parametrize("mix", ["cutmix, with: {share: 0.5}", "mixup, with: {share: 0.8}"])
def test_identities_of_bodies_alone_go_with_them_in_a_mix(mix: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  bodies: {modality: keypoints, names: [nose, hip], "
        f"ids: track}}\nsteps: [{{name: paste, uses: {mix}}}]\n"
    )
    own = {"image": two()["image"], "bodies": two()["bodies"], "track": ["a", "b"]}
    for key in range(8):
        out = policy(own, key=key, partner={**own, "track": ["c", "d"]})
        assert len(out["bodies"]) == len(out["track"])
        assert set(out["track"]) <= set("abcd")
