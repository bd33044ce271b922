"""Annotations frame by frame: chosen as the film chooses its frames, in the forms that came."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, SampleError, load_policy

COUNT = 12
DECLARED = """
  film: {modality: video, clock: film, fps: 4}
  boxes: {modality: boxes, clock: film, labels: [classes], ids: tracks}
  points: {modality: keypoints, clock: film, names: [left_eye, right_eye]}
  masks: {modality: mask, clock: film}
"""


def sample(count: int = COUNT, **changes: Any) -> dict[str, Any]:
    """Frame t has level 20 t, mask number t, and a box of track 7 at t unless 3 divides t."""
    seen = [t % 3 != 0 for t in range(count)]
    made = {
        "film": np.stack([np.full((20, 30, 3), 20 * t, np.uint8) for t in range(count)]),
        "boxes": [[[t, 2.0, t + 5, 8.0]] if s else [] for t, s in enumerate(seen)],
        "classes": [["car"] if s else [] for s in seen],
        "tracks": [[7] if s else [] for s in seen],
        "points": np.array([[[t, 3.0, 2.0], [t + 3, 3.0, 2.0]] for t in range(count)]),
        "masks": np.stack([np.full((20, 30), t, np.uint8) for t in range(count)]),
    }
    return {**made, **changes}


def carried(steps: list[dict[str, Any]], given: dict[str, Any], **more: Any) -> dict[str, Any]:
    text = f"syncaug: 1\nsample:{DECLARED}steps: {json.dumps(steps)}\n"
    return dict(load_policy(text)(given, key=1, **more))


def step(name: str, **values: Any) -> dict[str, Any]:
    return {"name": f"{name}{len(values)}", "uses": name, "with": values}


TIMES = {
    "trim": [step("trim", start=0.6, duration=1.5)],
    "faster": [step("speed", factor=1.7)],
    "slower": [step("speed", factor=0.6)],
    "backwards": [step("reverse")],
    "warp": [step("time_warp", strength=0.5, shape=0.3)],
    "again": [step("loop", times=1.6)],
    "later": [step("time_shift", seconds=0.4)],
    "blank": [step("mask_time", spans=2, duration=0.4, shape=0.2)],
    "noisy between": [step("speed", factor=1.3), step("noise", snr_db=60), step("reverse")],
    "chain": [step("speed", factor=1.3), step("trim", start=0.3, duration=1.0), step("reverse")],
}


@pytest.mark.parametrize("steps", TIMES.values(), ids=TIMES)
@pytest.mark.parametrize("fps", [4, 25, 3.7], ids=str)
def test_every_frame_keeps_what_is_marked_on_it(steps: list[dict[str, Any]], fps: float) -> None:
    """The level of a frame says which it is; its mask, points, boxes and tracks must be its own."""
    given = sample()
    given["film"] = {"frames": given["film"], "fps": fps}
    steps = [{**one, "with": {k: v * 4 / fps if k in ("start", "duration", "seconds") else v
              for k, v in one["with"].items()}} for one in steps]  # fmt: skip
    text = f"syncaug: 1\nsample:{DECLARED.replace(', fps: 4', '')}steps: {json.dumps(steps)}\n"
    out = load_policy(text)(given, key=1)
    levels = out["film"]["frames"].astype(float).mean(axis=(1, 2, 3))
    assert len(levels) == len(out["masks"]) == len(out["boxes"]) == len(out["points"])
    nothing = np.array([not points[:, 2].any() for points in out["points"]])
    for index, level in enumerate(levels):
        number = round(level / 20)
        if nothing[index]:
            assert number == 0
            assert out["boxes"][index] == out["tracks"][index] == []
            continue
        assert int(out["masks"][index].max()) == number
        assert out["points"][index, 0, 0] == number
        assert out["boxes"][index] == given["boxes"][number]
        assert out["tracks"][index] == given["tracks"][number]


def test_what_leaves_the_picture_in_some_frames_dies_there_only() -> None:
    out = carried([step("crop", area=0.25, x=0.0, y=0.0)], sample())
    for index in range(COUNT):
        there = index % 3 != 0 and index < 15
        assert out["tracks"][index] == ([7] if there else [])
        assert len(out["boxes"][index]) == len(out["classes"][index]) == int(there)
    assert out["masks"].shape == (COUNT, 10, 15)


def test_forms_come_back() -> None:
    given = sample(
        boxes=tuple(np.array(boxes, np.float32).reshape(-1, 4) for boxes in sample()["boxes"]),
        classes=[np.array(names, dtype="U3") for names in sample()["classes"]],
        masks=list(sample()["masks"]),
        points=sample()["points"].astype(np.float32),
    )
    out = carried([step("flip"), step("speed", factor=2.0)], given)
    assert isinstance(out["boxes"], tuple)
    assert {each.dtype for each in out["boxes"]} == {np.dtype(np.float32)}
    assert isinstance(out["masks"], list)
    assert out["masks"][0].dtype == np.uint8
    assert out["points"].dtype == np.float32
    assert out["classes"][0].dtype.kind == "U"
    before = sample()["boxes"]
    assert given["boxes"][1].tolist() == before[1]  # what came is not written to


def test_objects_and_ragged_arrays() -> None:
    boxes = np.empty(COUNT, dtype=object)
    boxes[:] = [np.array(each, float).reshape(-1, 4) for each in sample()["boxes"]]
    out = carried([step("reverse")], sample(boxes=boxes))
    assert out["boxes"].dtype == object
    assert len(out["boxes"]) == COUNT
    dense = np.tile(np.array([[[1.0, 1, 5, 5], [20, 1, 28, 5]]]), (COUNT, 1, 1))
    lists = {"classes": [["a", "b"]] * COUNT, "tracks": [[1, 2]] * COUNT}
    out = carried([step("reverse")], sample(boxes=dense, **lists))
    assert out["boxes"].shape == (COUNT, 2, 4)
    dense[6:, 0] += [18.0, 0, 18.0, 0]  # out of the crop in half of the frames
    with pytest.warns(UserWarning, match="a list of arrays goes out"):
        out = carried([step("crop", area=0.25, x=0.0, y=0.0)], sample(boxes=dense, **lists))
    assert [len(each) for each in out["boxes"]] == [1] * 6 + [0] * 6


def test_timestamps_of_frames() -> None:
    stamps = np.cumsum(np.full(COUNT, 0.25)) - 0.25
    text = (
        "syncaug: 1\nsample:\n  camera: {modality: camera}\n  boxes: {modality: boxes, clock: c}\n"
    )
    camera = {"K": np.diag([20.0, 20, 1]), "size": (30, 20), "world_to_camera": np.eye(4)}
    given = {"camera": camera, "boxes": {"frames": sample()["boxes"], "timestamps": stamps}}
    out = load_policy(text + "steps: [{name: a, uses: trim, with: {start: 1, duration: 1}}]")(
        given, key=1
    )
    assert np.allclose(out["boxes"]["timestamps"], [0.0, 0.25, 0.5, 0.75])
    assert out["boxes"]["frames"] == sample()["boxes"][4:8]


def test_annotations_at_a_rate_of_their_own() -> None:
    text = DECLARED.replace("labels: [classes], ids: tracks", "fps: 1")
    boxes = [[[t, 2.0, t + 5, 8.0]] for t in range(3)]
    given = sample(boxes=boxes)
    del given["classes"], given["tracks"]
    policy = load_policy(f"syncaug: 1\nsample:{text}steps: [{{name: a, uses: reverse}}]\n")
    assert policy(given, key=1)["boxes"] == boxes[::-1]


@pytest.mark.parametrize("transform", ["mixup", "cutmix"])
def test_films_mix_with_what_is_marked_on_them(transform: str) -> None:
    """In the window the partner's boxes of the frame that is shown there; elsewhere one's own."""
    own, partner = sample(), sample(8)
    partner["boxes"] = [[[20.0, 12.0, 26.0, 18.0]]] * 8
    partner["classes"], partner["tracks"] = [["bus"]] * 8, [[100 + t] for t in range(8)]
    partner["points"] = sample(8)["points"]
    values = {"share": 0.5, "least_visible": 0.1}
    if transform == "cutmix":
        values |= {"share": 0.25, "x": 0.75, "y": 0.75}
    out = carried([step(transform, **values)], own, partner=partner)
    for index in range(COUNT):
        mine = [] if index % 3 == 0 else ["car"]
        assert list(out["classes"][index]) == [*mine, "bus"]
        assert list(out["tracks"][index])[-1] == 100 + min(index, 7)
    if transform == "cutmix":
        assert out["masks"][9, 0, 0] == 9
        assert out["masks"][9, 15, 24] == 7  # the partner's last frame goes on


def test_rows_of_a_group() -> None:
    text = """
  film: {modality: video, clock: film, fps: 4}
  boxes: {modality: boxes, clock: film, ids: tracks, rows: person, lead: true}
  bodies: {modality: keypoints, clock: film, names: [left_eye, right_eye], rows: person}
"""
    boxes = [[[t, 2.0, t + 5, 8.0], [20.0, 2.0, 28.0, 8.0]] for t in range(COUNT)]
    bodies = [[[[t, 3.0, 2], [t + 3, 3.0, 2]], [[21, 3.0, 2], [29, 3.0, 2]]] for t in range(COUNT)]
    given = {"film": sample()["film"], "boxes": boxes, "bodies": np.array(bodies, float)}
    given["tracks"] = [[1, 2]] * COUNT
    steps = [step("crop", area=0.25, x=0.0, y=0.0), step("reverse")]
    policy = load_policy(f"syncaug: 1\nsample:{text}steps: {json.dumps(steps)}\n")
    out = policy(given, key=1)
    assert len(out["boxes"]) == len(out["bodies"]) == COUNT
    for frame in range(COUNT):
        assert len(out["boxes"][frame]) == len(out["bodies"][frame]) == len(out["tracks"][frame])
        assert out["tracks"][frame] == [1]
        assert out["bodies"][frame][0][0][0] == COUNT - 1 - frame
    given["bodies"] = [*bodies[:-1], bodies[-1][:1]]
    with pytest.raises(SampleError, match="rows"):
        policy(given, key=1)


WRONG = {
    "fewer boxes": ({"boxes": [[]] * 5, "classes": [[]] * 5, "tracks": [[]] * 5},
                    "expected 12 frames, as many as 'film' has; got 5"),
    "fewer masks": ({"masks": sample()["masks"][:3]}, "expected 12 frames, .* got 3"),
    "one list": ({"classes": [["car"]] * COUNT}, "in frame 0"),
    "not boxes": ({"boxes": [[[1, 2, 3]]] * COUNT}, "boxes of shape Nx4.*in frame 0"),
    "upside down": ({"boxes": [*sample()["boxes"][:7], [[9, 9, 3, 3]], *sample()["boxes"][8:]]},
                    "in frame 7"),
    "one picture": ({"masks": sample()["masks"][0]}, "in frame 0"),
    "nothing": ({"boxes": None}, "an entry for each frame"),
    "no frames": ({"boxes": [], "classes": [], "tracks": []}, "an entry for each frame"),
    "same track twice": ({"boxes": [[[1, 2, 5, 8], [1, 2, 5, 8]]] * COUNT, "classes": [["a", "b"]]
                          * COUNT, "tracks": [[3, 3]] * COUNT}, "no two alike"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_told(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(SampleError, match=told):
        carried([step("flip")], sample(**changes))


def test_without_film_or_rate() -> None:
    text = "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, clock: c}}\nsteps: []\n"
    given = {"image": np.zeros((20, 30, 3), np.uint8), "boxes": sample()["boxes"]}
    with pytest.raises(SampleError, match="Declare fps:"):
        load_policy(text)(given, key=1)


def test_phrases_stand_beside_one_picture() -> None:
    with pytest.raises(PolicyError, match="SA592"):
        load_policy(
            "{syncaug: 1, sample: {film: video, said: text, boxes: {modality: boxes, clock: film}, "
            "words: {modality: phrases, boxes: boxes, text: said}}, steps: []}"
        )


def test_rows_of_films_are_not_mixed() -> None:
    text = DECLARED.replace("labels: [classes], ids: tracks", "rows: a").replace(
        "names: [left_eye, right_eye]", "names: [left_eye, right_eye], rows: a"
    )
    given = sample(boxes=[[[1.0, 2, 5, 8]]] * COUNT, points=sample()["points"][:, None])
    del given["classes"], given["tracks"]
    policy = load_policy(
        f"syncaug: 1\nsample:{text}steps: [{{name: a, uses: mixup, with: {{share: 0.5}}}}]\n"
    )
    with pytest.raises(AlignmentError, match="frame by frame"):
        policy(given, key=1, partner=given)


def test_polygons_of_a_film() -> None:
    """COCO's flat lists, a thing or none in each frame, follow the frames and the picture."""
    text = """
  film: {modality: video, clock: film, fps: 4}
  shapes: {modality: polygons, clock: film, labels: [classes], ids: tracks}
"""
    shapes = [[[[t, 2.0, t + 5, 2.0, t + 5, 8.0]]] if t % 3 else [] for t in range(COUNT)]
    given = {"film": sample()["film"], "shapes": shapes}
    given |= {key: sample()[key] for key in ("classes", "tracks")}
    steps = [step("speed", factor=1.7), step("flip"), step("reverse")]
    policy = load_policy(f"syncaug: 1\nsample:{text}steps: {json.dumps(steps)}\n")
    out = policy(given, key=1)
    levels = out["film"].mean(axis=(1, 2, 3))
    assert len(out["shapes"]) == len(levels)
    for index, level in enumerate(levels):
        number = round(float(level) / 20)
        assert out["tracks"][index] == given["tracks"][number]
        for thing, before in zip(out["shapes"][index], shapes[number], strict=True):
            xs = sorted(30.0 - x for x in before[0][::2])
            assert np.allclose(sorted(thing[0][::2]), xs)


def test_instances_and_oriented_boxes_of_a_film() -> None:
    text = """
  film: {modality: video, clock: film, fps: 4}
  things: {modality: instances, clock: film, rows: thing}
  turned:
    {modality: oriented_boxes, clock: film, rows: thing, ids: tracks, lead: true, angle: degrees,
     direction: clockwise}
"""
    masks = np.zeros((COUNT, 1, 20, 30), np.uint8)
    for t in range(COUNT):
        masks[t, 0, 4:8, t : t + 5] = 1
    turned = [[[t + 2.5, 6.0, 5.0, 4.0, 0.0]] for t in range(COUNT)]
    given = {"film": sample()["film"], "things": masks, "turned": turned, "tracks": [[5]] * COUNT}
    steps = [step("speed", factor=1.7), step("flip")]
    policy = load_policy(f"syncaug: 1\nsample:{text}steps: {json.dumps(steps)}\n")
    out = policy(given, key=1)
    levels = out["film"].mean(axis=(1, 2, 3))
    for index, level in enumerate(levels):
        number = round(float(level) / 20)
        assert np.array_equal(out["things"][index], masks[number][..., ::-1])
        assert out["turned"][index][0][:2] == [30 - turned[number][0][0], 6.0]
    with pytest.raises(PolicyError, match="SA592"):
        load_policy(
            "{syncaug: 1, sample: {film: video, boxes: {modality: boxes, rows: a}, "
            "things: {modality: instances, clock: film, rows: a, fit: boxes}}, steps: []}"
        )


def test_boxes_of_a_film_are_measured() -> None:
    text = f"syncaug: 1\nsample:{DECLARED}checks: [boxes_visible: {{min_area: 0.9}}]\nsteps: "
    policy = load_policy(text + json.dumps([step("crop", area=0.25, x=0.0, y=0.0)]))
    with pytest.raises(AlignmentError, match=r"box 0 of 'boxes' in frame 11 keeps 80%"):
        policy(sample(), key=1)
    assert load_policy(text + json.dumps([step("flip")]))(sample(), key=1)
