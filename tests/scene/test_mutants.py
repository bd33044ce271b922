"""The test of the test: every planted error is caught by the square that is there for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

import pytest

from tests.scene.lenses import scene_for
from tests.scene.mutants import MUTANTS as OTHERS
from tests.scene.mutants_lens import LENS_MUTANTS
from tests.scene.planting import Mutant
from tests.scene.render import MODALITY_OF
from tests.scene.scene import Scene
from tests.scene.square import Step, square, streams_of

MUTANTS = (*OTHERS, *LENS_MUTANTS)
_LEAST = 60
_WITH = {"phrases": {"boxes", "text"}, "messages": {"image"}}
"""What a kind of stream cannot do without, beside the camera that tells the picture's size."""


def _kinds(mutant: Mutant) -> frozenset[str]:
    return frozenset({mutant.kind, "camera", "audio", *_WITH.get(mutant.kind, ())})


@cache
def _clean(steps: str, kinds: frozenset[str]) -> bool:
    planned: list[Step] = [(name, parameters) for name, parameters in json.loads(steps)]
    return not any(square(_scene(planned), planned, kinds).values())


def _scene(steps: Iterable[Step]) -> Scene:
    return scene_for(*(name for name, _ in steps))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "_"))
def test_a_planted_error_is_caught(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = _kinds(mutant)
    assert _clean(json.dumps(mutant.steps), kinds), "the square does not hold without the error"
    mutant.plant(monkeypatch)
    try:
        wrong = square(_scene(mutant.steps), mutant.steps, kinds)
    except (IndexError, KeyError, ValueError, AssertionError, TypeError) as error:
        pytest.fail(f"the error stops the library instead of going astray: {error!r}")
    scene = _scene(mutant.steps)
    names = [f"{eye.name}_{mutant.kind}" for eye in scene.eyes] + [mutant.kind]
    names += streams_of(scene, MODALITY_OF[mutant.kind])
    assert any(wrong.get(name) for name in names), wrong


def test_there_are_many_of_them_and_none_twice() -> None:
    assert len(MUTANTS) >= _LEAST
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
