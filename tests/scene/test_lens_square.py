"""Squares of lenses: taking out the distortion beside what else happens to a picture."""

from __future__ import annotations

import pytest

from tests.scene.lenses import FISHEYE, LENSES, lensed
from tests.scene.rigs import pair
from tests.scene.scenes import small_scene
from tests.scene.square import Step, square

STRAIGHT: Step = ("undistort", {})
WHOLE: Step = ("undistort", {"alpha": 0.7})
CROP: Step = ("crop", {"area": 0.6, "x": 0.3, "y": 0.6})
VISIBLE: Step = ("crop", {"area": 0.5, "x": 0.3, "y": 0.6, "points": "visible"})
RESIZE: Step = ("resize", {"width": 120, "height": 66})
SHIFT: Step = ("translate", {"x": 0.05, "y": -0.05})
FLIP: Step = ("flip", {"axis": "horizontal"})
YAW: Step = ("camera_rotate", {"axis": "vertical", "degrees": 9.0})
ASIDE: Step = ("perspective", {"corners": [0.05, 0.02, -0.03, 0.04, 0.02, -0.05, 0.06, 0.01]})
TILT: Step = ("rotate", {"degrees": 15.0})
HUE: Step = ("light", {"value": -0.2})

CHAINS: dict[str, tuple[Step, ...]] = {
    "crop, then straight": (CROP, STRAIGHT),
    "resized, then straight": (RESIZE, WHOLE),
    "shifted, then straight": (SHIFT, STRAIGHT),
    "straight, then cropped to what is seen": (WHOLE, VISIBLE),
    "straight, then flipped": (STRAIGHT, FLIP),
    "straight, then turned": (STRAIGHT, TILT),
    "straight, then seen from aside": (STRAIGHT, ASIDE),
    "straight, then the camera turns": (STRAIGHT, YAW),
    "twice": (STRAIGHT, STRAIGHT),
    "lit, straight, resized": (HUE, STRAIGHT, RESIZE),
}
KINDS = frozenset({"image", "mask", "depth", "boxes", "keypoints", "camera", "points", "boxes3d"})
_CUT = frozenset({"mask", "depth", "boxes"})
LEAVES_OUT = {
    "crop, then straight": _CUT,
    "shifted, then straight": _CUT,
    "straight, then cropped to what is seen": frozenset({"boxes"}),
    "straight, then flipped": frozenset({"boxes"}),
    "straight, then turned": _CUT,
    "straight, then seen from aside": _CUT,
    "straight, then the camera turns": _CUT,
}
"""What the scene does not know: a warp carries a picture out, and what leaves it there is gone; a
box of a bent box is wider than one of the thing."""


@pytest.mark.parametrize("lens", [0, 1, 3, "fisheye"])
@pytest.mark.parametrize("chain", CHAINS)
def test_chain(chain: str, lens: int | str) -> None:
    fish = lens == "fisheye"
    scene = lensed(small_scene(), FISHEYE if isinstance(lens, str) else LENSES[lens], fish=fish)
    wrong = square(scene, CHAINS[chain], KINDS - LEAVES_OUT.get(chain, frozenset()))
    assert not any(wrong.values()), wrong


def test_one_camera_of_a_rig() -> None:
    scene = lensed(pair())
    wrong = square(scene, [("undistort", {"plane": "right"}), CROP], KINDS - {"boxes"})
    assert not any(wrong.values()), wrong
