"""The proof of alignment: T(render(scene)) == render(T*(scene)), cell by cell of the table."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from syncaug import PolicyError, load_policy
from tests.samples import equal
from tests.scene.cells import REFUSED, SQUARES, UNAFFECTED, reason_of
from tests.scene.lenses import scene_for, scenes_for
from tests.scene.render import declared, render
from tests.scene.scene import Scene
from tests.scene.scenes import draws, first_draw, small_scene
from tests.scene.square import augmented, square, streams_of

_FEW = settings(
    max_examples=5,
    phases=[Phase.generate],  # a picture's scene is small enough to be read as it is
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@lru_cache(maxsize=256)
def _square(scene: Scene, transform: str, parameters: str) -> dict[str, list[str]]:
    """All streams of one square at once: the cells of a transform draw the same examples."""
    return square(scene, [(transform, json.loads(parameters))])


def _id(cell: tuple[str, str]) -> str:
    return "-".join(cell)


@pytest.mark.parametrize("cell", SQUARES, ids=_id)
@_FEW
@seed(4)  # the same examples in every cell of a transform
@given(data=st.data())
def test_square(cell: tuple[str, str], data: st.DataObject) -> None:
    transform, modality = cell
    scene = data.draw(scenes_for(transform), "scene")
    parameters = data.draw(draws(transform, scene), "parameters")
    wrong = _square(scene, transform, json.dumps(parameters))
    for name in streams_of(scene, modality):
        assert wrong[name] == [], name


@lru_cache(maxsize=64)
def _before_and_after(transform: str) -> tuple[dict[str, Any], dict[str, Any]]:
    scene = scene_for(transform)
    return render(scene), augmented(scene, [(transform, first_draw(transform))])


@pytest.mark.parametrize("cell", UNAFFECTED, ids=_id)
def test_unaffected(cell: tuple[str, str]) -> None:
    transform, modality = cell
    assert reason_of(transform, modality), "catalogue/modalities gives no reason"
    before, after = _before_and_after(transform)
    for name in streams_of(small_scene(), modality):
        assert equal(before[name], after[name]), name


@pytest.mark.parametrize("cell", list(REFUSED), ids=_id)
def test_refused(cell: tuple[str, str]) -> None:
    transform, modality = cell
    word, code = REFUSED[cell]
    scene = small_scene()
    for name in streams_of(scene, modality)[:1]:
        parameters = first_draw(transform)
        assert parameters.pop(name, "") == word
        with pytest.raises(PolicyError, match=f"{code} .*{name}"):
            load_policy(
                f"syncaug: 1\nsample:\n{declared(scene)}"
                f"steps: [{{name: step, uses: {transform}, with: {json.dumps(parameters)}}}]\n"
            )
