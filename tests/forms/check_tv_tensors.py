"""torchvision's own tv_tensors, where it is installed: not among the tests that `make test` runs.

torchvision has no build for the CPU beside this project's torch. Its wheel for the same torch, not
installed but unpacked, holds them all the same, because they are plain Python:

    pip download torchvision==0.28.0 --no-deps --dest /tmp/tv
    python -m zipfile -e /tmp/tv/*.whl /tmp/tv/lib
    PYTHONPATH=/tmp/tv/lib python -m pytest tests/forms/check_tv_tensors.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

# Two operations of the compiled part, which is built for CUDA, are asked for as it is imported.
for _name, _schema in {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}.items():
    if not hasattr(torch.ops.torchvision, _name):
        torch.library.define(f"torchvision::{_name}", _schema)

from torchvision import tv_tensors  # noqa: E402
from torchvision.transforms import v2  # noqa: E402

from syncaug import SampleError, load_policy  # noqa: E402

POLICY = """
syncaug: 1
sample:
  image: image
  mask: mask
  boxes: {modality: boxes, labels: classes, outside: clip%s}
  points: {modality: keypoints, labels: names}
  film: {modality: video, fps: 10}
steps:
  - {name: mirror, uses: flip}
  - {name: part, uses: crop, with: {area: 0.5, x: 0.5, y: 0.5}}
"""
SIZE = (40, 60)  # height and width
CORNERS = torch.tensor([[5.0, 6.0, 35.0, 34.0], [20.0, 10.0, 50.0, 38.0]])


def sample() -> dict[str, Any]:
    generator = np.random.default_rng(0)
    levels = torch.from_numpy(generator.integers(0, 256, (3, *SIZE), dtype=np.uint8))
    return {
        "image": tv_tensors.Image(levels),
        "mask": tv_tensors.Mask(levels[0]),
        "boxes": tv_tensors.BoundingBoxes(CORNERS, format="XYXY", canvas_size=SIZE),
        "classes": torch.tensor([1, 2]),
        "points": tv_tensors.KeyPoints(
            [[30.0, 20.0], [25.0, 12.0], [40.0, 30.0]], canvas_size=SIZE
        ),
        "names": ["nose", "chin", "ear"],
        "film": tv_tensors.Video(levels[None].repeat(3, 1, 1, 1)),
    }


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The same sample in numpy's form."""
    out = {
        name: value.as_subclass(torch.Tensor).numpy() if isinstance(value, torch.Tensor) else value
        for name, value in values.items()
    }
    out["image"] = np.ascontiguousarray(np.moveaxis(out["image"], 0, -1))
    out["film"] = np.ascontiguousarray(np.moveaxis(out["film"], 1, -1))
    return out


def test_what_comes_out_is_what_came_in_and_knows_its_new_size() -> None:
    policy = load_policy(POLICY % "")
    before, out = sample(), policy(sample(), key=1)
    wanted = policy(plain(before), key=1)
    for name in ("image", "mask", "boxes", "points", "film"):
        assert type(out[name]) is type(before[name])
        assert out[name].dtype == before[name].dtype
    height, width = out["image"].shape[-2:]
    assert (height, width) != SIZE
    assert out["boxes"].canvas_size == out["points"].canvas_size == (height, width)
    assert np.array_equal(out["image"].numpy(), np.moveaxis(wanted["image"], -1, 0))
    assert np.array_equal(out["film"].numpy(), np.moveaxis(wanted["film"], -1, 1))
    assert np.array_equal(out["mask"].numpy(), wanted["mask"])
    assert np.array_equal(out["boxes"].numpy(), wanted["boxes"])
    assert np.array_equal(out["points"].numpy(), wanted["points"])
    assert out["classes"].tolist() == wanted["classes"].tolist()


@pytest.mark.parametrize("form", ["XYXY", "XYWH", "CXCYWH"])
@pytest.mark.parametrize("declared", ["", "pascal_voc", "coco", "yolo", "albumentations"])
def test_boxes_keep_their_format(form: str, declared: str) -> None:
    policy = load_policy(POLICY % (f", format: {declared}" if declared else ""))
    values = sample()
    wanted = load_policy(POLICY % "")(values, key=1)["boxes"]
    values["boxes"] = v2.functional.convert_bounding_box_format(values["boxes"], new_format=form)
    contrary = {
        "XYXY": ("coco", "yolo", "albumentations"),
        "XYWH": ("pascal_voc", "yolo", "albumentations"),
    }
    if declared in contrary.get(form, ()):
        with pytest.raises(SampleError, match="Remove format: of this stream"):
            policy(values, key=1)
        return
    out = policy(values, key=1)["boxes"]
    assert out.format.value == form
    assert out.canvas_size == wanted.canvas_size
    corners = v2.functional.convert_bounding_box_format(out, new_format="XYXY")
    assert torch.allclose(corners, wanted, atol=1e-4)


def test_a_mirror_is_that_of_torchvision() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: boxes}\nsteps: [{name: m, uses: flip}]\n"
    )
    values = {name: sample()[name] for name in ("image", "boxes")}
    out = policy(values, key=1)
    for name, value in values.items():
        assert torch.equal(out[name], v2.functional.horizontal_flip(value)), name


def test_the_canvas_must_be_the_picture() -> None:
    values = sample()
    values["boxes"] = tv_tensors.BoundingBoxes(CORNERS, format="XYXY", canvas_size=(60, 40))
    with pytest.raises(SampleError, match=r"a canvas of 60x40 pixels.*canvas_size is \(height"):
        load_policy(POLICY % "")(values, key=1)


def test_turned_boxes_are_refused_by_upright_ones() -> None:
    values = sample()
    values["boxes"] = tv_tensors.BoundingBoxes(
        [[20.0, 20.0, 8.0, 8.0, 30.0]], format="CXCYWHR", canvas_size=SIZE
    )
    values["classes"] = torch.tensor([1])
    with pytest.raises(SampleError, match="oriented_boxes"):
        load_policy(POLICY % "")(values, key=1)


def test_a_record_replays_on_the_same_tensors() -> None:
    policy = load_policy(POLICY % "")
    out, record = policy.apply(sample(), key=1)
    again = policy.replay(sample(), record)
    assert torch.equal(out["image"], again["image"])
    assert torch.equal(out["boxes"], again["boxes"])
    assert policy.apply(plain(sample()), key=1)[1].digest == record.digest
