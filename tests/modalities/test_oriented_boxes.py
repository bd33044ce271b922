"""Oriented boxes: their forms and conventions, and what maps make of right angles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import SampleError, SampleWarning, load_policy

IMAGE = np.zeros((100, 120, 3), np.uint8)
DEGREES = ", angle: degrees, direction: clockwise"


def _carried(value: Any, steps: str, more: str = DEGREES) -> Any:
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, boxes: {{modality: oriented_boxes{more}}}}}\n"
        f"steps: [{steps}]\n"
    )
    return policy({"image": IMAGE, "boxes": value}, key=1)["boxes"]


def _corners(row: Any) -> Any:
    """The corners of centre, size and degrees clockwise, as complex numbers."""
    x, y, width, height, degrees = row
    half = np.array([-1 - 1j, 1 - 1j, 1 + 1j, -1 + 1j]) / 2
    way = np.exp(1j * np.radians(degrees))
    return complex(x, y) + way * (half.real * width + 1j * half.imag * height)


def test_similar_maps_move_boxes_exactly() -> None:
    box = [50.0, 40.0, 30.0, 10.0, 20.0]
    turned = _carried([box], "{name: r, uses: rotate, with: {degrees: 30}}")[0]
    assert turned[2:] == pytest.approx([30.0, 10.0, -10.0])
    grown = _carried([box], "{name: s, uses: scale, with: {factor: 1.5}}")[0]
    assert grown[2:] == pytest.approx([45.0, 15.0, 20.0])
    assert grown[:2] == pytest.approx([60 + 1.5 * (50 - 60), 50 + 1.5 * (40 - 50)])
    assert _carried([box], "{name: f, uses: flip}")[0] == pytest.approx([70.0, 40, 30, 10, -20])


@pytest.mark.parametrize("degrees", [20.0, -70.0, 45.0])
def test_other_maps_give_the_least_rectangle_around_the_corners(degrees: float) -> None:
    box = [50.0, 40.0, 30.0, 10.0, degrees]
    out = _carried([box], "{name: s, uses: resize, with: {width: 240, height: 100}}")[0]
    moved = _corners(box)
    moved = moved.real * 2 + 1j * moved.imag
    found = _corners(out)
    areas = []
    for way in np.exp(1j * np.linspace(0, np.pi / 2, 20001)):
        turned = moved * np.conj(way)
        areas.append(np.ptp(turned.real) * np.ptp(turned.imag))
    assert out[2] * out[3] == pytest.approx(min(areas), rel=1e-4)
    local = (moved - complex(*out[:2])) * np.exp(-1j * np.radians(out[4]))
    assert np.abs(local.real).max() <= out[2] / 2 + 1e-6
    assert np.abs(local.imag).max() <= out[3] / 2 + 1e-6
    assert len(found) == 4


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("half", [[10, 30, -20], [30, 10, -30]]),
        ("full", [[10, 30, 160], [30, 10, -30]]),
        ("le90", [[30, 10, 70], [30, 10, -30]]),
        ("le135", [[30, 10, 70], [30, 10, -30]]),
        ("oc", [[30, 10, 70], [10, 30, 60]]),
    ],
)
def test_ranges_of_angles(name: str, wanted: Any) -> None:
    boxes = np.array([[50.0, 40, 10, 30, 20], [50, 40, 30, 10, -150]])
    more = f", angle: degrees, direction: counterclockwise, range: {name}"
    out = _carried(boxes, "{name: f, uses: flip}", more)
    assert np.allclose(out[:, 2:], wanted)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("half", [[10, 30, 20], [30, 10, 30]]),
        ("full", [[10, 30, 20], [30, 10, -150]]),
        ("le90", [[30, 10, -70], [30, 10, 30]]),
        ("le135", [[30, 10, 110], [30, 10, 30]]),
        ("oc", [[10, 30, 20], [30, 10, 30]]),
    ],
)
@pytest.mark.parametrize(
    "step", ["{name: f, uses: flip, p: 0}", "{name: l, uses: light, with: {value: 0}}"]
)
def test_ranges_of_angles_that_no_step_turns(name: str, wanted: Any, step: str) -> None:
    """A share of the samples would come out in another convention otherwise."""
    boxes = np.array([[50.0, 40, 10, 30, 20], [50, 40, 30, 10, -150]], np.float32)
    more = f", angle: degrees, direction: counterclockwise, range: {name}"
    out = _carried(boxes, step, more)
    assert np.allclose(out[:, 2:], wanted, atol=1e-4)
    assert out.dtype == np.float32
    again = _carried(out, step, more)
    assert np.array_equal(again, out)
    bare = _carried(boxes, step, ", angle: degrees, direction: counterclockwise")
    assert np.array_equal(bare, boxes)


def test_four_corners_keep_their_form_and_run_the_same_way() -> None:
    quad = [[10.0, 10.0], [40.0, 10.0], [40.0, 30.0], [10.0, 30.0]]
    flipped = [[80.0, 10.0], [110.0, 10.0], [110.0, 30.0], [80.0, 30.0]]
    assert _carried([quad], "{name: f, uses: flip}", "") == [flipped]
    flat = np.ravel(quad)[None].astype(np.int32)
    out = _carried(flat, "{name: f, uses: flip}", "")
    assert out.dtype == np.int32
    assert out.tolist() == [np.ravel(flipped).tolist()]
    kite = [[[10.0, 10.0], [40.0, 12.0], [38.0, 31.0], [9.0, 30.0]]]
    assert np.allclose(
        np.array(_carried(kite, "{name: r, uses: rotate, with: {degrees: 180}}", "")),
        np.array([120.0, 100.0]) - kite,
    )
    wide = "{name: s, uses: resize, with: {width: 240, height: 100}}"
    moved = _carried(kite, wide, ", corners: move")
    assert np.allclose(moved, np.array(kite) * [2, 1])


def test_what_decides_whether_a_box_is_still_seen() -> None:
    crop = "{name: c, uses: crop, with: {area: 0.25, x: 0, y: 0}}"
    boxes = [[62.0, 30.0, 20.0, 8.0, 0.0], [20.0, 20.0, 10.0, 5.0, 45.0]]
    assert len(_carried(boxes, crop)) == 2
    assert len(_carried(boxes, crop, DEGREES + ", visible: centre")) == 1
    assert len(_carried(boxes, crop, DEGREES + ", min_visible: 0.5")) == 1
    assert _carried(boxes, crop, DEGREES + ", outside: clip")[0][:4] == pytest.approx(
        [56.0, 30.0, 8.0, 8.0]
    )


@pytest.mark.parametrize(
    ("value", "more", "told"),
    [
        ([[50.0, 40, 30, 10, 20]], "", "Declare angle: degrees or radians, and direction"),
        ([[1, 2, 3]], DEGREES, "shape Nx5"),
        ([[float("nan")] * 8], "", "NaN or infinity in box 0"),
        ([[0, 0, 1, 1, 2, 2, 3, 3]], "", "boxes with an area"),
        ([[50.0, 40, -3, 10, 20]], DEGREES, "width and height above 0"),
        ([[500.0, 40, 3, 10, 20]], DEGREES + ", outside: error", "inside the picture"),
    ],
)
def test_what_is_no_box_is_refused(value: Any, more: str, told: str) -> None:
    with pytest.raises(SampleError, match=told):
        _carried(value, "{name: f, uses: flip}", more)


def test_angles_in_another_unit_are_warned_of() -> None:
    radians = ", angle: radians, direction: clockwise"
    with pytest.warns(SampleWarning, match="looks like degrees"):
        _carried([[50.0, 40, 30, 10, 20]], "{name: f, uses: flip}", radians)
    boxes = [[50.0, 40, 30, 10, angle] for angle in (0.3, -1.2, 0.7)]
    with pytest.warns(SampleWarning, match="looks like radians"):
        _carried(boxes, "{name: f, uses: flip}")


@pytest.mark.parametrize(
    ("value", "more", "told"),
    [
        ([[0.5, 0.5, 0.1, 0.2, 30], [0.3, 0.4, 0.2, 0.1, 40]], DEGREES, "look like fractions"),
        ([[10, 10, 50, 10, 50, 50, 10, 50]], ", unit: fractions", "Declare unit: pixels"),
        ([[0.1, 0.1, 0.5, 0.1, 0.5, 0.5, 0.1, 0.5]], "", "Declare unit: fractions"),
    ],
)
def test_places_in_another_unit_are_told(value: Any, more: str, told: str) -> None:
    with pytest.warns(SampleWarning, match=told):
        _carried(value, "{name: f, uses: flip}", more)
