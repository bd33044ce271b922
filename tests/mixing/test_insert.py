"""A partner's objects in another world: where they stand, what they bring and what they leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from syncaug import PolicyError, load_policy
from syncaug.maps.oriented import in_box, overlaps
from syncaug.modalities.world.box3d_table import corners_of
from tests.samples import equal, frames
from tests.solids import solid, solids

Boxes = NDArray[np.float64]
FRAMES = frames()
RIGHT, UP = np.eye(7)[0], np.eye(7)[2]
SAMPLE = """
  points: {modality: points, columns: [x, y, z, r, g, b]}
  boxes3d: {modality: boxes3d, labels: classes3d}
"""


def policy(step: str, sample: str = SAMPLE, rest: str = "") -> Any:
    return load_policy(
        f"syncaug: 1\nsample:{sample}\nsteps:\n{rest}  - {{name: put, uses: insert, {step}}}\n",
        seed=2,
    )


def room(number: int) -> dict[str, Any]:
    """A real frame of the living room: its cloud, with a chair and a curtain in boxes."""
    frame = FRAMES[number]
    return {name: frame[name] for name in ("points", "boxes3d", "classes3d")}


def inside(points: Boxes, box: Boxes) -> NDArray[np.bool_]:
    """Which points lie in a box: by the half-spaces of the faces that its corners span."""
    corners = corners_of(solids(box))[0]
    origin = corners[0]
    found = np.ones(len(points), bool)
    for corner in (corners[1], corners[2], corners[4]):
        edge = corner - origin
        along = (points - origin) @ edge / (edge @ edge)
        found &= (along > 1e-9) & (along < 1 - 1e-9)
    return found


def dense(box: Boxes) -> Boxes:
    """A grid of points in a box, edges included."""
    corners = corners_of(solids(box))[0]
    steps = np.linspace(0, 1, 15)
    a, b, c = (axis.ravel()[:, None] for axis in np.meshgrid(steps, steps, steps))
    edges = [corners[at] - corners[0] for at in (1, 2, 4)]
    return np.asarray(corners[0] + a * edges[0] + b * edges[1] + c * edges[2])


def test_inserted_boxes_touch_no_other_and_bring_their_points() -> None:
    put = policy("with: {count: 2, clearance: 0.05, floor: 0, tries: 60}")
    inserted = 0
    for epoch in range(12):
        own, partner = room(0), room(3)
        out, record = put.apply(own, key="a", epoch=epoch, partner=partner)
        boxes = np.asarray(out["boxes3d"], dtype=np.float64)
        told = record.notes["boxes3d"]["mixed"][0]["objects"]
        assert len(boxes) == 2 + len(told) == len(out["classes3d"])
        assert np.array_equal(boxes[:2], np.asarray(own["boxes3d"]))
        assert out["classes3d"] == [*own["classes3d"], *(partner["classes3d"][i] for i in told)]
        kept = record.notes["points"]["mixed"][0]
        came = out["points"][len(out["points"]) - kept["came"] :]
        stayed = out["points"][: len(out["points"]) - kept["came"]]
        start = 0
        for place, index in enumerate(told, start=2):
            inserted += 1
            box, source = boxes[place], np.asarray(partner["boxes3d"][index])
            for other in np.delete(boxes, place, axis=0):
                assert not inside(dense(box), other).any()
                assert not inside(dense(other), box).any()
            assert np.allclose(box[3:6], source[3:6])
            theirs = partner["points"][
                in_box(partner["points"][:, :3].astype(float), solid(source))
            ]
            mine = came[start : start + len(theirs)]
            start += len(theirs)
            assert np.array_equal(mine[:, 3:], theirs[:, 3:])  # colours came along
            assert in_box(
                mine[:, :3].astype(float), solid(box + np.array([0, 0, 0, 1e-4, 1e-4, 1e-4, 0]))
            ).all()
            sample = np.arange(0, len(theirs), 97)
            for before, after in ((theirs, mine),):
                one, two = (
                    np.linalg.norm(p[sample, None, :3] - p[None, sample, :3], axis=-1)
                    for p in (before.astype(float), after.astype(float))
                )
                assert np.allclose(one, two, atol=1e-4)
            assert not inside(stayed[:, :3].astype(float), box).any()
        assert start == len(came)
        free = np.ones(len(own["points"]), bool)
        for box in boxes[2:]:
            free &= ~in_box(own["points"][:, :3].astype(float), solid(box))
        assert np.array_equal(stayed, own["points"][free])
        assert equal(put.replay(own, record.to_json(), partner=partner), out)
    assert inserted >= 12


def test_the_ground_stays_and_carries_what_is_inserted() -> None:
    put = policy("with: {count: 1, floor: 0.08, tries: 60}")
    lifted = room(3)
    lifted["points"] = lifted["points"] + np.float32([0, 0, 5, 0, 0, 0])
    lifted["boxes3d"] = (np.asarray(lifted["boxes3d"]) + UP * 5).tolist()
    for epoch in range(6):
        own = room(0)
        out, record = put.apply(own, key="a", epoch=epoch, partner=lifted)
        told = record.notes["boxes3d"]["mixed"][0]["objects"]
        if not told:
            continue
        box, source = np.asarray(out["boxes3d"][-1]), np.asarray(lifted["boxes3d"][told[0]])
        grounds = [np.percentile(s["points"][:, 2], 1) for s in (own, lifted)]
        assert box[2] - grounds[0] == pytest.approx(source[2] - grounds[1], abs=1e-6)
        bottom = box[2] - box[5] / 2
        here = in_box(own["points"][:, :3].astype(float), solid(box))
        ground = here & (own["points"][:, 2] < bottom + 0.08 - 1e-6)
        rows = {row.tobytes() for row in out["points"]}
        assert all(row.tobytes() in rows for row in own["points"][ground])
        above = here & (own["points"][:, 2] > bottom + 0.08 + 1e-6)
        assert not any(row.tobytes() in rows for row in own["points"][above])
    with_height = policy("with: {count: 1, ground: keep, place: same}")
    out = with_height(room(0), key="a", partner=lifted)
    assert out["boxes3d"][-1][2] > 5


def test_objects_do_not_go_where_they_would_collide() -> None:
    same = policy("with: {count: 5, place: same, ground: keep}")
    out, record = same.apply(room(0), key="a", partner=room(1))  # the same chair, the same curtain
    assert record.notes["boxes3d"]["mixed"][0]["objects"] == []
    assert np.array_equal(out["points"], room(0)["points"])
    empty = {**room(0), "boxes3d": [], "classes3d": []}
    out = same(empty, key="a", partner=room(1))
    assert sorted(out["classes3d"]) == ["chair", "curtain"]
    assert sorted(map(tuple, out["boxes3d"])) == sorted(map(tuple, room(1)["boxes3d"]))
    none = same(room(0), key="a", partner=empty)
    assert none["classes3d"] == room(0)["classes3d"]


def test_objects_without_points_are_not_inserted() -> None:
    ghost = {**room(1), "boxes3d": [[50.0, 50.0, 1.0, 1.0, 1.0, 1.0, 0.0]], "classes3d": ["ghost"]}
    put = policy("with: {count: 3}")
    assert put(room(0), key="a", partner=ghost)["classes3d"] == room(0)["classes3d"]
    allowed = policy("with: {count: 3, least_points: 0, tries: 200}")
    assert allowed(room(0), key="a", partner=ghost)["classes3d"][-1] == "ghost"


def test_objects_follow_the_world_they_were_put_in() -> None:
    step = "with: {count: 2, tries: 60}"
    turned = load_policy(
        f"syncaug: 1\nsample:{SAMPLE}\nsteps:\n  - {{name: put, uses: insert, {step}}}\n"
        "  - {name: turn, uses: world_rotate, with: {degrees: 90}}\n",
        seed=2,
    )
    before = policy(step)(room(0), key="a", partner=room(3))
    after = turned(room(0), key="a", partner=room(3))
    assert np.allclose(after["points"][:, 0], -before["points"][:, 1], atol=1e-5)
    first, second = np.asarray(before["boxes3d"]), np.asarray(after["boxes3d"])
    assert np.allclose(second[:, :2], np.stack([-first[:, 1], first[:, 0]], 1), atol=1e-6)


def test_pictures_of_the_world_must_be_told_to_stay() -> None:
    sample = SAMPLE + "  image: image\n  camera: camera\n"
    with pytest.raises(PolicyError, match="insert cannot mix image streams, and 'image' would st"):
        policy("with: {count: 1}", sample)
    policy("with: {count: 1, image: keep}", sample)
    policy("with: {count: 1}", SAMPLE + "  image: image\n")  # no camera ties it to the world


def test_the_separating_axes_agree_with_dense_sampling() -> None:
    generator = np.random.default_rng(0)
    agreed = [0, 0]
    for _ in range(150):
        pair = np.hstack(
            [
                generator.uniform(-1.2, 1.2, (2, 3)),
                generator.uniform(0.4, 2.0, (2, 3)),
                generator.uniform(-np.pi, np.pi, (2, 1)),
            ]
        )
        meet = inside(dense(pair[0]), pair[1]).any() or inside(dense(pair[1]), pair[0]).any()
        found = bool(overlaps(pair[0], pair[1:])[0])
        assert found or not meet
        if found and not meet:  # they meet by less than a step of the grid
            assert not overlaps(
                pair[0] * [1, 1, 1, 0.8, 0.8, 0.8, 1], pair[1:] * [1, 1, 1, 0.8, 0.8, 0.8, 1]
            )[0]
        agreed[int(found)] += 1
    assert min(agreed) > 30
    box = np.array([0.0, 0, 0, 2, 2, 2, 0])
    beside = box + RIGHT * 2.3
    assert not overlaps(box, beside[None])[0]
    assert not overlaps(box, beside[None], 0.29)[0]
    assert overlaps(box, beside[None], 0.31)[0]
    assert not overlaps(box, (box + RIGHT * 2)[None])[0]  # touching
    turned = np.array([[2.3, 0, 0, 2, 2, 2, np.pi / 4]])
    assert overlaps(box, turned)[0]
