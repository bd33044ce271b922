"""Steps of constants keep their maps by the size of their picture, and are none the less right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.engine.kept_maps import keeper_of
from syncaug.suspicions import Suspicions

MIRROR = {"name": "mirror", "uses": "flip", "with": {"axis": "horizontal"}}
TURN = {"name": "turn", "uses": "rotate", "with": {"degrees": 90, "expand": True}}


def policy_of(*steps: dict[str, Any], **sample: Any) -> Any:
    declared = {"image": "image", **sample}
    return load_policy({"syncaug": 1, "sample": declared, "steps": list(steps)})


def picture(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_pictures_of_several_sizes_take_turns() -> None:
    policy = policy_of(MIRROR, TURN)
    for height, width in ((8, 6), (6, 8), (8, 6), (5, 5)):
        one = picture(height, width)
        out = policy({"image": one}, key="k")["image"]
        assert np.array_equal(out, np.rot90(one[:, ::-1]))


def test_more_sizes_than_are_kept_come_out_right() -> None:
    policy = policy_of(MIRROR)
    for width in (*range(4, 90), 4):
        one = picture(3, width)
        assert np.array_equal(policy({"image": one}, key=width)["image"], one[:, ::-1])


def test_parameters_that_are_not_the_constants_have_maps_of_their_own() -> None:
    policy, one = policy_of(TURN), picture(8, 6)
    assert np.array_equal(policy({"image": one}, key="k")["image"], np.rot90(one))
    draw = policy.draw(key="k")
    draw.steps[0].parameters["*"]["degrees"] = 180.0  # as where a draw is weaker
    state = policy._compiled.engine().program.run({"image": one}, draw, Suspicions())
    assert np.array_equal(state.finish()["image"], one[::-1, ::-1])
    assert np.array_equal(policy({"image": one}, key="k")["image"], np.rot90(one))


def test_streams_that_draw_apart_have_maps_of_their_own() -> None:
    policy = policy_of(TURN, mask="mask").with_sync("independent")
    one, mask = picture(8, 6), picture(8, 6)[..., 0]
    out = policy({"image": one, "mask": mask}, key="k")
    assert np.array_equal(out["image"], np.rot90(one))
    assert np.array_equal(out["mask"], np.rot90(mask))


@pytest.mark.parametrize(
    ("step", "kept"),
    [
        (MIRROR, True),
        (TURN, True),
        ({"name": "turn", "uses": "rotate", "with": {"degrees": [0, 90]}}, False),
        ({"name": "cut", "uses": "crop", "with": {"area": 0.5}}, False),
    ],
)
def test_what_draws_or_asks_for_more_than_sizes_is_made_anew(
    step: dict[str, Any], kept: bool
) -> None:
    plan = policy_of(step).plan
    assert (keeper_of(plan.steps[0], plan) is not None) == kept


def test_beside_a_camera_maps_are_made_anew() -> None:
    plan = policy_of(MIRROR, camera="camera").plan
    assert keeper_of(plan.steps[0], plan) is None
