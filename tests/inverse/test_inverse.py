"""Predictions brought back: transform and invert give what there was, as exactly as can be."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import numpy as np
import pytest
import torch

from syncaug import Record, RecordError, SampleError, load_policy
from syncaug.kernels.vector_pictures import sources
from syncaug.maps.plane import PlaneMap
from syncaug.record.seal import seal_of

H, W = 96, 144
SAMPLE = """
syncaug: 1
sample:
  image: image
  camera: {modality: camera, world: w}
  sound: {modality: audio, sample_rate: 8000}
  mask: {modality: mask, sides: {swap: [[1, 2]]}, optional: true}
  heat: {modality: heatmap, names: [left, right], optional: true}
  depth: {modality: depth, world: w, optional: true}
  flow: {modality: flow, optional: true}
  normals: {modality: normals, optional: true}
  boxes: {modality: boxes, optional: true}
  coco: {modality: boxes, format: coco, optional: true}
  yolo: {modality: boxes, format: yolo, optional: true}
  points: {modality: keypoints, names: [left_eye, right_eye, nose], optional: true}
  outlines: {modality: polygons, optional: true}
  cloud: {modality: points, world: w, columns: [x, y, z, vx, vy, vz], optional: true}
  solids: {modality: boxes3d, world: w, optional: true}
  cues: {modality: timed_text, optional: true}
  side: {modality: label, sides: swap, optional: true}
steps: STEPS
"""


def flat(seed: int = 0) -> dict[str, Any]:
    """What every call brings: a picture, its camera and a second of sound."""
    generator = np.random.default_rng(seed)
    pose = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
    intrinsics = np.array([[90.0, 0, 71.5], [0, 92, 47.5], [0, 0, 1]])
    return {
        "image": generator.integers(0, 256, (H, W, 3), dtype=np.uint8),
        "camera": {"K": intrinsics, "size": (W, H), "world_to_camera": pose},
        "sound": generator.normal(0.0, 0.1, 8000).astype(np.float32),
    }


def policy(steps: str, **more: str) -> Any:
    text = SAMPLE.replace("STEPS", steps)
    for key, value in more.items():
        text += f"{key}: {value}\n"
    return load_policy(text)


def step(name: str, **given: Any) -> str:
    words = ", ".join(f"{key}: {value}" for key, value in given.items())
    return f"{{name: step{next(_NUMBERS)}, uses: {name}, with: {{{words}}}}}"


_NUMBERS = count()


UPRIGHT = [
    f"[{step('flip')}]",
    f"[{step('flip', axis='vertical', world='keep')}]",
    f"[{step('crop', area=0.5, x=0.4, y=0.7)}]",
    f"[{step('crop', area=0.5, x=0.4, y=0.7, resize='[64, 200]')}, {step('flip')}]",
    f"[{step('scale', factor=1.3)}, {step('translate', x=0.1, y=-0.05)}]",
    f"[{step('rotate', degrees=90, expand='true')}, {step('resize', height=50, width=60)}]",
    f"[{step('flip', axis='both')}, {step('light', value=0.2)}, {step('crop', area=0.6)}]",
]
TURNED = [
    f"[{step('rotate', degrees=17)}, {step('scale', factor=0.8)}]",
    f"[{step('flip')}, {step('rotate', degrees=-40, expand='true')}, "
    f"{step('flip', axis='vertical')}]",
    f"[{step('perspective', corners='[0.05, 0.02, -0.03, 0.04, 0.02, -0.05, 0.06, 0.01]')}]",
    f"[{step('camera_rotate', axis='vertical', degrees=6)}, "
    f"{step('crop', area=0.7, x=0.5, y=0.5)}]",
    f"[{step('crop', area=0.8, x=0.5, y=0.5)}, {step('rotate', degrees=20)}, "
    f"{step('crop', area=0.9, x=0.5, y=0.5)}]",
]


def marks(seed: int = 3) -> Any:
    """Points in the middle of the picture, which no step here takes out of it."""
    return np.random.default_rng(seed).uniform((50, 35), (90, 60), (3, 2))


@pytest.mark.parametrize("steps", UPRIGHT + TURNED)
@pytest.mark.parametrize("fuse", ["on", "off"])
def test_points_come_back_to_a_ten_thousandth_of_a_pixel(steps: str, fuse: str) -> None:
    one = policy(steps, fuse=fuse)
    given = np.hstack([marks(), np.full((3, 1), 2.0)])
    out, record = one.apply({**flat(), "points": given}, key=1)
    back = one.invert(out["points"], record, "points")
    assert np.abs(back[:, :2] - given[:, :2]).max() < 1e-4
    assert back.dtype == given.dtype
    listed = one.invert(out["points"].tolist(), record.to_json(), "points")
    assert isinstance(listed, list)
    assert np.abs(np.array(listed) - back).max() == 0.0


@pytest.mark.parametrize("steps", UPRIGHT)
def test_boxes_come_back_under_maps_that_keep_axes(steps: str) -> None:
    low = marks()
    boxes = np.hstack([low - 4.0, low + 3.0])
    coco = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])
    yolo = np.hstack([(boxes[:, :2] + boxes[:, 2:]) / 2, coco[:, 2:]]) / [W, H, W, H]
    one = policy(steps)
    out, record = one.apply({**flat(), "boxes": boxes, "coco": coco, "yolo": yolo}, key=1)
    for name, given in (("boxes", boxes), ("coco", coco), ("yolo", yolo)):
        assert np.abs(one.invert(out[name], record, name) - given).max() < 1e-4
    scored = np.hstack([out["boxes"], [[0.9], [0.8], [0.7]]])
    back = one.invert(scored, record, "boxes")
    assert np.abs(back[:, :4] - boxes).max() < 1e-4
    assert back[:, 4].tolist() == [0.9, 0.8, 0.7]


@pytest.mark.parametrize("steps", TURNED)
def test_a_turned_box_comes_back_as_one_that_contains_the_original(steps: str) -> None:
    low = marks()
    boxes = np.hstack([low - 4.0, low + 3.0])
    one = policy(steps)
    out, record = one.apply({**flat(), "boxes": boxes}, key=1)
    back = one.invert(out["boxes"], record, "boxes")
    assert (back[:, :2] <= boxes[:, :2] + 1e-6).all()
    assert (back[:, 2:] >= boxes[:, 2:] - 1e-6).all()
    assert np.abs(back - boxes).max() < 25.0


def test_no_box_is_dropped_or_cut_wherever_it_is_predicted() -> None:
    one = policy(f"[{step('crop', area=0.25, x=0, y=0)}]")
    _, record = one.apply(flat(), key=1)
    predicted = [[-30.0, -30.0, -20.0, -20.0], [0.0, 0.0, 500.0, 500.0], [1.0, 1.0, 2.0, 2.0]]
    assert one.invert(predicted, record, "boxes") == predicted


def test_the_two_sides_trade_back() -> None:
    one = policy(f"[{step('flip')}]")
    out, record = one.apply({**flat(), "side": "left_hand"}, key=1)
    assert out["side"] == "right_hand"
    assert one.invert("right_hand", record, "side") == "left_hand"
    predicted = np.array([[10.0, 5, 2], [20, 5, 2], [15, 9, 2]])
    back = one.invert(predicted, record, "points")
    assert back[:, 0].tolist() == [W - 1 - 20.0, W - 1 - 10.0, W - 1 - 15.0]
    mask = np.zeros((H, W), np.uint8)
    mask[0, 0], mask[0, 1] = 1, 2
    restored = one.invert(mask, record, "mask")
    assert (restored[0, W - 1], restored[0, W - 2]) == (2, 1)
    heat = np.zeros((H, W, 2), np.float32)
    heat[4, 5, 0] = 1.0
    assert one.invert(heat, record, "heat")[4, W - 6, 1] == 1.0


def blots(seed: int = 7) -> Any:
    """A mask of a few round things."""
    y, x = np.mgrid[:H, :W]
    mask = np.zeros((H, W), np.uint8)
    for number, (cx, cy, r) in enumerate(((50, 40, 14), (90, 55, 18), (75, 25, 9)), start=3):
        mask[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = number
    return mask


def twice_nearest(mask: Any, plane: PlaneMap, back: PlaneMap) -> Any:
    """The mask sampled at the nearest pixel there and back, by rounding alone; 255 for nothing."""
    for map_ in (plane, back):
        places = np.rint(sources(map_)).astype(int)
        wide, high = map_.source
        inside = ((places >= 0) & (places < [wide, high])).all(axis=-1)
        held = np.clip(places, 0, np.array([wide, high]) - 1)
        mask = np.where(inside, mask[held[..., 1], held[..., 0]], 255)
    return mask


@pytest.mark.parametrize("steps", UPRIGHT + TURNED)
def test_masks_come_back_as_well_as_two_nearest_resamplings_allow(steps: str) -> None:
    one = policy(steps)
    given = blots()
    out, record = one.apply({**flat(), "mask": given}, key=1)
    back = one.invert(out["mask"], record, "mask")
    assert back.shape == given.shape
    assert back.dtype == np.uint8
    told = record.maps["paths"][record.maps["streams"]["mask"]]["plane"]
    plane = PlaneMap(tuple(told["matrix"]), tuple(told["from"]), tuple(told["to"]))
    inverse = PlaneMap(plane.inverse, plane.size, plane.source)
    best = twice_nearest(given, plane, inverse)
    known = (back != 255) & (best != 255)
    assert known.mean() > 0.35
    for number in (3, 4, 5):
        ours = _iou((back == number) & known, (given == number) & known)
        theirs = _iou((best == number) & known, (given == number) & known)
        assert ours >= theirs - 0.02, number
    assert ((back != 255) & (best == 255)).mean() < 0.01


def _iou(one: Any, other: Any) -> float:
    union = (one | other).sum()
    return float((one & other).sum() / union) if union else 1.0


def test_what_a_crop_cut_is_not_known() -> None:
    one = policy(f"[{step('crop', area=0.25, x=0, y=0)}, {step('scale', factor=0.5)}]")
    given = blots()
    out, record = one.apply({**flat(), "mask": given}, key=1)
    back = one.invert(out["mask"], record, "mask")
    rows, columns = np.nonzero(back != 255)
    assert (rows.max(), columns.max()) == (H // 2 - 1, W // 2 - 1)
    agree = (back == given)[: H // 2, : W // 2]
    assert agree.mean() > 0.96
    assert (one.invert(out["mask"], record, "mask", unknown=9)[-1] == 9).all()
    heat = one.invert(np.ones((*out["mask"].shape, 2), np.float32), record, "heat")
    assert np.isnan(heat[H // 2 :]).all()
    assert np.abs(heat[: H // 2, : W // 2] - 1.0).max() == 0.0
    flags = np.zeros(out["mask"].shape, bool)
    with pytest.raises(SampleError, match="unknown=NUMBER"):
        one.invert(flags, record, "mask")


def test_heat_of_another_resolution_comes_back_at_the_size_of_the_original() -> None:
    one = policy(f"[{step('crop', area=0.5, x=0.5, y=0.5, resize='[64, 96]')}, {step('flip')}]")
    _, record = one.apply(flat(), key=1)
    y, x = np.mgrid[:16, :24].astype(np.float32)
    heat = np.exp(-((x - 12) ** 2 + (y - 8) ** 2) / 8.0)
    back = one.invert(np.stack([heat, heat * 0.5], axis=-1), record, "heat")
    assert back.shape == (H, W, 2)
    peak = np.unravel_index(np.nanargmax(back[..., 1]), (H, W))
    place = one.invert([[12 * 4 + 1.5, 8 * 4 + 1.5, 2.0]] * 3, record, "points")[0]
    assert abs(peak[1] - place[0]) <= 1.0
    assert abs(peak[0] - place[1]) <= 1.0
    with pytest.raises(RecordError, match="expected a prediction of 96x64 pixels"):
        one.invert(np.zeros((24, 16), np.uint8), record, "mask")


def test_numbers_turn_back_with_their_pictures() -> None:
    steps = f"[{step('flip')}, {step('camera_rotate', axis='vertical', degrees=6)}]"
    one = policy(steps)
    y, x = np.mgrid[:H, :W]
    depth = (4.0 + 0.01 * x + 0.02 * y).astype(np.float32)
    normal = np.tile(np.array([0.6, 0.0, -0.8]), (H, W, 1))
    flow = np.stack([2.0 + 0.02 * x, 1.0 - 0.01 * y], axis=-1)
    out, record = one.apply({**flat(), "depth": depth, "normals": normal, "flow": flow}, key=1)
    back = {name: one.invert(out[name], record, name) for name in ("depth", "normals", "flow")}
    inner = (slice(20, -20), slice(30, -30))
    assert np.abs(back["depth"] - depth)[inner].max() < 0.04
    assert np.abs(back["normals"] - normal)[inner].max() < 1e-6
    assert np.abs(back["flow"] - flow)[inner].max() < 0.05


def test_outlines_come_back_row_for_row() -> None:
    one = policy(f"[{step('flip')}, {step('rotate', degrees=10)}]")
    ring = [[50.0, 30.0], [90.0, 32.0], [85.0, 60.0], [55.0, 58.0]]
    out, record = one.apply(
        {**flat(), "outlines": [[ring], [[[60.0, 40], [70, 40], [65, 50]]]]}, key=1
    )
    back = one.invert(out["outlines"], record, "outlines")
    assert len(back) == 2
    assert sorted(map(tuple, np.round(back[0][0], 4).tolist())) == sorted(map(tuple, ring))


# Worlds and clocks

WORLDS = (
    f"[{step('flip')}, {step('world_rotate', degrees=33)}, {step('world_scale', factor=1.4)}, "
    f"{step('world_translate', x=1.0, y=-2.0, z=0.5)}]"
)


def test_points_and_boxes_come_back_to_a_millionth_of_a_metre() -> None:
    one = policy(WORLDS)
    generator = np.random.default_rng(4)
    cloud = generator.normal(0.0, 5.0, (200, 6))
    solids = np.hstack([generator.normal(0, 5, (9, 3)), generator.uniform(1, 3, (9, 3)),
                        generator.uniform(-3, 3, (9, 1))])  # fmt: skip
    out, record = one.apply({**flat(), "cloud": cloud, "solids": solids}, key=1)
    assert np.abs(one.invert(out["cloud"], record, "cloud") - cloud).max() < 1e-6
    back = one.invert(out["solids"], record, "solids")
    assert np.abs(back[:, :6] - solids[:, :6]).max() < 1e-6
    assert np.abs(np.angle(np.exp(1j * (back[:, 6] - solids[:, 6])))).max() < 1e-6


@pytest.mark.parametrize("modality", ["points", "boxes3d"])
def test_what_is_predicted_has_no_pose_beside_it(modality: str) -> None:
    """`ego_pose:` names an entry of the sample, as `labels:` does."""
    sample = f"{{it: {{modality: {modality}, ego_pose: ego}}}}"
    steps = f"[{step('world_rotate', degrees=33)}, {step('world_translate', x=1.0, y=-2.0)}]"
    one = load_policy(f"syncaug: 1\nsample: {sample}\nsteps: {steps}\n")
    given = np.array([[4.0, 2.0, 1.0, 3.0, 2.0, 1.5, 0.4]])[:, : 3 if modality == "points" else 7]
    out, record = one.apply({"it": given, "ego": np.eye(4)}, key=1)
    assert np.abs(one.invert(out["it"], record, "it") - given).max() < 1e-6


@pytest.mark.parametrize(
    "steps",
    [
        f"[{step('speed', factor=1.3)}]",
        f"[{step('reverse')}]",
        f"[{step('trim', duration=0.6, start=0.2)}]",
        f"[{step('time_shift', seconds=0.15)}]",
        f"[{step('time_warp', strength=0.4, shape=0.3)}]",
        f"[{step('speed', factor=0.8)}, {step('trim', duration=0.9, start=0.1)}, "
        f"{step('reverse')}]",
    ],
)
def test_times_come_back_to_a_microsecond(steps: str) -> None:
    one = policy(steps)
    words = [{"word": "a", "start": 0.40, "end": 0.44}, {"word": "cat", "start": 0.44, "end": 0.5}]
    given = [
        {"start": 0.4, "end": 0.5, "text": "a cat", "words": words, "score": 0.5},
        {"start": 0.55, "end": 0.6, "text": "sits"},
    ]
    out, record = one.apply({**flat(), "cues": given}, key=1)
    back = sorted(one.invert(out["cues"], record, "cues"), key=lambda cue: cue["start"])
    assert [cue["text"] for cue in back] == ["a cat", "sits"]
    for cue, was in zip(back, given, strict=True):
        assert abs(cue["start"] - was["start"]) < 1e-6
        assert abs(cue["end"] - was["end"]) < 1e-6
    moved = sorted(back[0]["words"], key=lambda word: word["start"])
    for word, was in zip(moved, words, strict=True):
        assert abs(word["start"] - was["start"]) < 1e-6
        assert word["word"] == was["word"]


def test_a_cue_of_nothing_has_no_times_and_one_over_a_cut_spans_it() -> None:
    one = policy(f"[{step('time_shift', seconds=0.25)}]")
    _, record = one.apply(flat(), key=1)
    back = one.invert([{"start": 0.05, "end": 0.1, "text": "x"}], record, "cues")
    assert np.isnan(back[0]["start"])
    assert np.isnan(back[0]["end"])
    back = one.invert([{"start": 0.1, "end": 0.4, "text": "x"}], record, "cues")
    assert back[0]["start"] == pytest.approx(0.0)
    assert back[0]["end"] == pytest.approx(0.15)


# Records


def test_what_a_library_moved_comes_back_too() -> None:
    one = load_policy(
        "syncaug: 1\nsample: {image: image, mask: mask, boxes: boxes}\nsteps:\n"
        "  - {name: a, apply: {image: {op: albumentations.HorizontalFlip}, mask: follow, "
        "boxes: follow}}\n  - {name: b, uses: crop, with: {area: 0.5, x: 0, y: 0}}\n"
    )
    boxes = [[90.0, 10, 120, 40]]
    given = {"image": flat()["image"], "boxes": boxes, "mask": blots()}
    out, record = one.apply(given, key=1)
    mask = one.invert(out["mask"], record, "mask")
    assert np.array_equal(mask[mask != 255], blots()[mask != 255])
    assert np.abs(np.array(one.invert(out["boxes"], record, "boxes")) - boxes).max() < 1e-9
    picture = one.invert(out["image"], record, "image")
    shown = picture.any(axis=-1)
    assert np.array_equal(picture[shown], flat()["image"][shown])
    assert 0.45 < shown.mean() < 0.55


def test_a_field_has_no_way_back() -> None:
    one = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, optional: true}, "
        "sound: {modality: audio, sample_rate: 8000}}\n"
        "steps: [{name: bend, apply: {image: {op: albumentations.ElasticTransform, alpha: 150, "
        "sigma: 8}, "
        "boxes: follow}}]\n"
    )
    sample = {"image": flat()["image"], "sound": flat()["sound"]}
    out, record = one.apply(sample, key=1)
    with pytest.raises(RecordError, match="step 'bend' warps the picture without a formula"):
        one.invert([[1.0, 2, 3, 4]], record, "boxes")
    with pytest.raises(RecordError, match="no way back"):
        one.invert(out["image"], record, "image")
    assert one.invert("anything", record, "sound") == "anything"  # no step moved it


def test_a_mix_has_no_way_back() -> None:
    mixing = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, optional: true}}\n"
        "steps: [{name: a, uses: cutmix, with: {share: 0.3}}]\n"
    )
    image = {"image": flat()["image"]}
    _, record = mixing.apply(image, key=1, partner=image, partner_key=2)
    with pytest.raises(RecordError, match="mixes with a partner"):
        mixing.invert([[1.0, 2, 3, 4]], record, "boxes")


def test_a_neutral_result_comes_back_to_its_size() -> None:
    text = (
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, labels: names}}\n"
        "steps: [{name: a, uses: resize, with: {height: 48, width: 72}}, "
        "{name: b, uses: translate, with: {x: 1.0, y: 1.0}}]\n"
        "checks: [{visible_share: {min_content: 0.5}}]\non_fail: {then: neutral}\n"
    )
    one = load_policy(text)
    sample = {"image": flat()["image"], "boxes": [[20.0, 20, 40, 40]], "names": ["cat"]}
    out, record = one.apply(sample, key=1)
    assert record.outcome == "neutral"
    assert (
        np.abs(np.array(one.invert(out["boxes"], record, "boxes")) - sample["boxes"]).max() < 1e-9
    )


def test_records_hold_the_maps_and_those_of_earlier_versions_need_the_sample() -> None:
    one = policy(f"[{step('flip')}, {step('rotate', degrees=17)}]")
    sample = flat()
    _, record = one.apply(sample, key=1)
    assert record.maps["form"] == 1
    assert Record.from_json(record.to_json()).maps == json.loads(record.to_json())["maps"]
    told = json.loads(record.to_json())
    old = {key: value for key, value in told.items() if key not in ("maps", "seal")}
    old["seal"] = seal_of(old)
    predicted = [[10.0, 20, 30, 40]]
    with pytest.raises(RecordError, match="pass sample=SAMPLE"):
        one.invert(predicted, old, "boxes")
    again = one.invert(predicted, old, "boxes", sample=sample)
    assert again == one.invert(predicted, record, "boxes")
    with pytest.raises(RecordError, match="tells of another sample"):
        one.invert(predicted, old, "boxes", sample=flat(5))


def test_damaged_maps_are_told() -> None:
    one = policy(f"[{step('flip')}]")
    _, record = one.apply(flat(), key=1)
    told = json.loads(record.to_json())
    for damage in (
        lambda maps: maps["paths"][0]["plane"].update(matrix=[1, 2]),
        lambda maps: maps["paths"][0]["plane"].update(to=[0, 5]),
        lambda maps: maps["streams"].update(boxes=77),
        lambda maps: maps["paths"][0]["plane"]["matrix"].__setitem__(0, 5.0),
        lambda maps: maps.update(form=2),
    ):
        bad = json.loads(json.dumps(told))
        damage(bad["maps"])
        with pytest.raises(RecordError, match="maps|seal"):
            one.invert([[1.0, 2, 3, 4]], bad, "boxes")
    other = policy(f"[{step('flip', axis='vertical')}]")
    with pytest.raises(RecordError, match="expected a record of"):
        other.invert([[1.0, 2, 3, 4]], record, "boxes")


def test_what_is_predicted_from_a_stream_may_be_of_another_kind_and_form() -> None:
    one = load_policy("syncaug: 1\nsample: {image: image}\nsteps: [{name: a, uses: flip}]\n")
    _, record = one.apply({"image": flat()["image"]}, key=1)
    mask = blots()
    assert np.array_equal(one.invert(mask, record, "image", kind="mask"), mask[:, ::-1])
    assert one.invert([[1.0, 2, 3, 4]], record, "image", kind="boxes") == [[W - 3.0, 2, W - 1.0, 4]]
    tensor = torch.from_numpy(flat()["image"].transpose(2, 0, 1).copy())
    back = one.invert(tensor, record, "image")
    assert torch.is_tensor(back)
    assert torch.equal(back, tensor.flip(2))


@pytest.mark.parametrize(
    ("value", "stream", "kind", "told"),
    [
        ([[1.0, 2.0]], "boxes", "", "boxes of shape Nx4"),
        ("text", "boxes", "", "boxes of shape Nx4"),
        ([[1.0, 2.0, 2.0]], "points", "", "3 keypoints, one for each name"),
        ([1, 2], "mask", "", "a mask of shape HxW"),
        ([{"begin": 1}], "cues", "", "'start' and 'end' in seconds"),
        ([[1.0, 2, 3, 4]], "boxs", "", "did you mean 'boxes'"),
        ([[1.0, 2, 3, 4]], "image", "box", "kind as one of"),
        (np.zeros(8000, np.float32), "sound", "", "no way back"),
    ],
)
def test_what_is_no_prediction_of_the_stream(value: Any, stream: str, kind: str, told: str) -> None:
    one = policy(f"[{step('flip')}, {step('speed', factor=1.5)}]")
    _, record = one.apply(flat(), key=1)
    with pytest.raises(SampleError, match=told):
        one.invert(value, record, stream, kind=kind)


def test_annotations_of_frames_come_back_frame_by_frame() -> None:
    text = (
        "syncaug: 1\nsample: {film: {modality: video, fps: 10}, boxes: {modality: boxes, "
        "clock: clock}}\nsteps: [{name: a, uses: flip}STEP]\n"
    )
    film = np.zeros((3, H, W, 3), np.uint8)
    boxes = [[[1.0, 2, 3, 4]], [], [[5.0, 6, 7, 8], [9.0, 9, 12, 12]]]
    one = load_policy(text.replace("STEP", ""))
    out, record = one.apply({"film": film, "boxes": boxes}, key=1)
    assert one.invert(out["boxes"], record, "boxes") == boxes
    fast = load_policy(text.replace("STEP", ", {name: b, uses: reverse}"))
    out, record = fast.apply({"film": film, "boxes": boxes}, key=1)
    with pytest.raises(RecordError, match="other frames were chosen in time"):
        fast.invert(out["boxes"], record, "boxes")


@pytest.mark.parametrize("declared", [", angle: degrees, direction: clockwise", ""])
@pytest.mark.parametrize("form", [np.asarray, np.float32, np.ndarray.tolist])
def test_scores_behind_oriented_boxes_stay(declared: str, form: Any) -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n"
        f"  each: {{modality: oriented_boxes, optional: true{declared}}}\n"
        "steps: [{name: a, uses: flip}, {name: b, uses: crop, with: {area: 0.5}}]\n"
    )
    _, record = policy.apply({"image": flat()["image"]}, key=1)
    boxes = np.array([[20.0, 15, 12, 8, 30], [30, 25, 10, 6, -40]])
    if not declared:
        boxes = np.array([[10.0, 10, 30, 10, 30, 20, 10, 20], [5, 5, 9, 5, 9, 8, 5, 8]])
    more = np.array([[0.5, 3.0], [0.25, 1.0]])
    alone = np.array(policy.invert(boxes, record, "each"))
    given = form(np.hstack([boxes, more]))
    back = policy.invert(given, record, "each")
    assert type(back) is type(given)
    assert np.allclose(back, np.hstack([alone, more]), atol=1e-5)


def test_instances_and_oriented_boxes_come_back_row_for_row() -> None:
    one = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  each: {modality: instances, optional: true}\n"
        "  plain: {modality: oriented_boxes, angle: degrees, direction: clockwise, "
        "optional: true}\n  corners: {modality: oriented_boxes, optional: true}\n"
        "steps: [{name: a, uses: flip}, {name: b, uses: rotate, with: {degrees: 30, "
        "expand: true}}]\n"
    )
    plain = np.array([[70.0, 45.0, 20.0, 10.0, 15.0], [50.0, 60.0, 12.0, 8.0, -40.0]])
    corners = np.array([[[60.0, 40], [80, 42], [79, 52], [59, 50]]])
    masks = np.stack([blots() == 3, blots() == 4])
    given = {"image": flat()["image"], "plain": plain, "corners": corners, "each": masks}
    out, record = one.apply(given, key=1)
    back = one.invert(out["plain"], record, "plain")
    assert np.abs(back[:, :4] - plain[:, :4]).max() < 1e-6
    off = back[:, 4] - plain[:, 4]
    assert np.abs((off + 90.0) % 180.0 - 90.0).max() < 1e-6
    moved = one.invert(out["corners"], record, "corners")
    assert sorted(map(tuple, np.round(moved[0], 3))) == sorted(map(tuple, np.round(corners[0], 3)))
    restored = one.invert(out["each"], record, "each")
    assert restored.shape == masks.shape
    assert min(_iou(a, b) for a, b in zip(restored, masks, strict=True)) > 0.93
    beyond = np.array([[-500.0, -500.0, 4.0, 4.0, 0.0], plain[0]])
    back = one.invert(beyond, record, "plain")
    assert len(back) == 2
    small = one.invert(out["each"][:, ::2, ::2], record, "each")
    assert small.shape == masks.shape


def test_joints_of_a_camera_that_turned_in_a_picture_that_stays_come_back() -> None:
    """Two turns of a picture undo each other, and the camera has taken one of them."""
    policy = load_policy(
        """
syncaug: 1
sample:
  image: image
  camera: camera
  hand: {modality: joints, names: [a, b], axes: opencv}
  mask: {modality: mask, optional: true}
steps:
  - {name: there, uses: rotate, with: {degrees: 270, world: turn}}
  - {name: back, uses: rotate, with: {degrees: 90, world: keep}}
"""
    )
    image = np.random.default_rng(1).integers(0, 256, (9, 9, 3), np.uint8)
    looks = {"K": np.array([[9.0, 0, 4], [0, 9, 4], [0, 0, 1]]), "size": (9, 9)}
    hand = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    sample = {"image": image, "camera": looks | {"world_to_camera": np.eye(4)}, "hand": hand}
    out, record = policy.apply(sample, key=1)
    assert np.array_equal(out["image"], image)
    assert np.abs(out["hand"] - hand).max() > 1.0
    assert policy.invert(out["hand"], record.to_json(), "hand") == pytest.approx(hand, abs=1e-9)
    assert np.array_equal(policy.invert(image[..., 0], record, "mask"), image[..., 0])
