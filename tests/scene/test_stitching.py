"""Planted errors in pictures beside each other: each must break the square of two scenes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import syncaug.engine.mixing
from syncaug import load_policy
from syncaug.modalities.language import caption
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.transforms import stitch
from syncaug.words import Edit
from syncaug.words.fusion import Joined
from tests.scene.render import declared, render
from tests.scene.scene import Scene
from tests.scene.scenes import scenes, some
from tests.scene.stitching import stitched_differs

KINDS = frozenset({"image", "mask", "boxes", "phrases", "text", "label", "camera"})
STEP = {"direction": "horizontal", "first": "partner"}
Patch = pytest.MonkeyPatch


@cache
def _pair() -> tuple[Scene, Any, Any]:
    found = [scene for scene in some(scenes(), 30) if len(scene.shapes) == 4][:2]
    return found[0], render(found[0], KINDS), render(found[1], KINDS)


def _wrong() -> dict[str, str]:
    """What differs in each stream of two scenes that the library stitches."""
    scene, own, partner = _pair()
    policy = load_policy(
        f"syncaug: 1\nsample:\n{declared(scene, KINDS)}"
        f"steps: [{{name: step, uses: stitch, with: {json.dumps(STEP)}}}]\n"
    )
    got = policy(own, key="scene", partner=partner)
    names = {
        "front_classes" if name == "front_classes" else name: kind
        for name, kind in {
            **{f"front_{kind}": kind for kind in KINDS - {"label"}},
            "front_classes": "classes",
            "label": "label",
        }.items()
    }
    return {
        name: stitched_differs(name, kind, own, partner, got, STEP, scene)
        for name, kind in names.items()
    }


def _sides_traded(patch: Patch) -> None:
    old = stitch._halves
    patch.setattr(
        stitch, "_halves", lambda *given: replace(old(*given), sides=old(*given).sides[::-1])
    )


def _window_too_narrow(patch: Patch) -> None:
    old = stitch._halves

    def moved(*given: Any) -> Any:
        halves = old(*given)
        left, top, right, bottom = halves.partner
        return replace(halves, partner=(left, top, right - 40, bottom))

    patch.setattr(stitch, "_halves", moved)


def _own_half_shifted(patch: Patch) -> None:
    old = stitch._halves

    def moved(*given: Any) -> Any:
        halves = old(*given)
        left, top, right, bottom = halves.own
        return replace(halves, own=(left + 1, top, right + 1, bottom))

    patch.setattr(stitch, "_halves", moved)


def _boxes_left_behind(patch: Patch) -> None:
    old = syncaug.engine.mixing._on
    patch.setattr(
        syncaug.engine.mixing,
        "_on",
        lambda state, *a: tuple(
            name for name in old(state, *a) if not isinstance(state.carriers[name], BoxesCarrier)
        ),
    )


def _camera_left_behind(patch: Patch) -> None:
    old = syncaug.engine.mixing._on
    patch.setattr(
        syncaug.engine.mixing,
        "_on",
        lambda *a: tuple(name for name in old(*a) if "camera" not in name),
    )


def _captions_joined_without_sides(patch: Patch) -> None:
    def joined(own: str, said: str, *rest: Any) -> Joined:
        return Joined([Edit(len(own), len(own), f" {said}")], len(own) + 1)

    patch.setattr(caption, "beside", joined)


def _phrases_of_the_partner_lost(patch: Patch) -> None:
    old = PhrasesCarrier.become
    patch.setattr(
        PhrasesCarrier,
        "become",
        lambda self, kept, said, spans: old(self, kept, _nothing(said), _nothing(said)),
    )


def _nothing(said: Any) -> list[list[None]]:
    return [[None] * len(each) for each in said]


def _weight_of_a_tenth(patch: Patch) -> None:
    patch.setattr("syncaug.maps.mix.Halves.share", property(lambda self: 0.1))


PLANTED: list[tuple[str, Callable[[Patch], None]]] = [
    ("front_text", _sides_traded),
    ("front_image", _window_too_narrow),
    ("front_mask", _own_half_shifted),
    ("front_boxes", _boxes_left_behind),
    ("front_camera", _camera_left_behind),
    ("front_text", _captions_joined_without_sides),
    ("front_phrases", _phrases_of_the_partner_lost),
    ("label", _weight_of_a_tenth),
]


def test_nothing_differs_without_an_error() -> None:
    assert not any(_wrong().values()), _wrong()


@pytest.mark.parametrize(
    ("stream", "plant"), PLANTED, ids=[plant.__name__.strip("_") for _, plant in PLANTED]
)
def test_a_planted_error_is_caught(
    stream: str, plant: Callable[[Patch], None], monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    assert _wrong()[stream]
