"""Planted errors in what mixes: each must break the square of two scenes, or it proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import syncaug.engine.mixing
from syncaug.backends import opencv
from syncaug.maps.mix import Mix
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.clock import audio, video
from syncaug.modalities.plane import box_mixing, raster
from syncaug.modalities.plane.keypoints import KeypointsCarrier
from syncaug.modalities.whole.label import LabelCarrier
from syncaug.modalities.world import points
from syncaug.modalities.world.boxes3d import Boxes3dCarrier
from syncaug.transforms import cutmix, insert, mix
from syncaug.transforms.spans import Span
from tests.scene.mixed_scenes import COUNT, mixed, wrong

Patch = pytest.MonkeyPatch
MUTANTS: dict[str, tuple[str, str, Callable[[Patch], None]]] = {}
"""Name -> transform and modality whose square breaks, and what plants the error."""


def mutant(transform: str, modality: str) -> Callable[[Callable[[Patch], None]], Any]:
    def remember(plant: Callable[[Patch], None]) -> Callable[[Patch], None]:
        MUTANTS[f"{plant.__name__}-{transform}-{modality}"] = transform, modality, plant
        return plant

    return remember


def wrapped(patch: Patch, place: Any, name: str, change: Callable[..., Any]) -> None:
    """Replace a function by one that is given the old one first."""
    old = getattr(place, name)
    patch.setattr(place, name, lambda *args, **more: change(old, *args, **more))


@mutant("cutmix", "label")
def share_before_the_edges_cut(patch: Patch) -> None:
    wrapped(patch, cutmix, "_share", lambda old, window, size: min(1.0, old(window, size) * 1.2))


@mutant("cutmix", "image")
@mutant("cutmix", "mask")
@mutant("cutmix", "video")
def window_off_by_a_few_pixels(patch: Patch) -> None:
    def moved(old: Any, *given: Any) -> Any:
        left, top, right, bottom = old(*given)
        return left + 3, top, right + 3, bottom

    wrapped(patch, cutmix, "_window", moved)


@mutant("cutmix", "image")
def window_off_by_one_pixel(patch: Patch) -> None:
    wrapped(patch, cutmix, "_window", lambda old, *a: (*old(*a)[:2], old(*a)[2] - 1, old(*a)[3]))


@mutant("cutmix", "depth")
def a_stream_left_behind(patch: Patch) -> None:
    def without_depth(old: Any, scene: Any, guest: Any, mixes: dict[str, Mix], *a: Any) -> None:
        old(scene, guest, {name: m for name, m in mixes.items() if "depth" not in name}, *a)

    from syncaug.engine import mixing

    wrapped(patch, mixing, "mix_in", without_depth)


@mutant("cutmix", "boxes")
def own_boxes_keep_what_is_covered(patch: Patch) -> None:
    patch.setattr(box_mixing, "covered", lambda corners, window: (corners, np.ones(len(corners))))


@mutant("cutmix", "boxes")
def partners_boxes_are_not_cut(patch: Patch) -> None:
    wrapped(
        patch, box_mixing, "inside", lambda old, corners, window: (corners, old(corners, window)[1])
    )


@mutant("cutmix", "text")
def the_caption_says_what_is_hidden(patch: Patch) -> None:
    from syncaug.modalities.language import joining

    patch.setattr(joining, "_shown", lambda phrases, kept: [])


@mutant("cutmix", "keypoints")
def covered_points_stay_visible(patch: Patch) -> None:
    patch.setattr(KeypointsCarrier, "_cut", lambda self, mix, inside: self.finish())


@mutant("mixup", "label")
def weights_trade_places(patch: Patch) -> None:
    def turned(old: Any, self: Any, m: Mix, other: Carrier) -> None:
        old(self, replace(m, weight=1.0 - m.weight), other)

    wrapped(patch, LabelCarrier, "mix", turned)


@mutant("mixup", "image")
@mutant("mixup", "video")
def blend_of_the_other_share(patch: Patch) -> None:
    def other_way(old: Any, own: Any, other: Any, share: float) -> Any:
        return old(own, other, 1.0 - share)

    wrapped(patch, opencv, "blend", other_way)


@mutant("mixup", "mask")
def the_smaller_share_has_the_mask(patch: Patch) -> None:
    patch.setattr(raster, "_HALF", 0.999)


@mutant("mix", "audio")
@mutant("mix", "video")
def the_partner_begins_elsewhere(patch: Patch) -> None:
    wrapped(patch, mix, "span", lambda old, *a: Span(*old(*a)[:2], old(*a)[2] * 0.5 + 0.01))


@mutant("mix", "audio")
def sound_shifted_by_two_samples(patch: Patch) -> None:
    wrapped(patch, audio, "mixed_sound", lambda old, *a: np.roll(old(*a), 2, axis=-1))


@mutant("mix", "video")
def frames_of_the_neighbours(patch: Patch) -> None:
    def late(old: Any, own: Any, partner: Any, m: Mix, offset: float) -> Any:
        return old(own, partner, replace(m, begin=m.begin + 0.5 / own.fps), offset)

    wrapped(patch, video, "mixed_clip", late)


@mutant("mix", "label")
def time_is_not_weighed(patch: Patch) -> None:
    patch.setattr(LabelCarrier, "mix", lambda self, m, other: None)


@mutant("insert", "boxes3d")
def things_stand_in_one_another(patch: Patch) -> None:
    patch.setattr(insert, "overlaps", lambda box, others, clearance: np.zeros(len(others), bool))


@mutant("insert", "boxes3d")
def only_centres_keep_apart(patch: Patch) -> None:
    def near(box: Any, others: Any, clearance: float) -> Any:
        return np.linalg.norm(others[:, :3] - box[:3], axis=1) < 0.2

    patch.setattr(insert, "overlaps", near)


@mutant("insert", "boxes3d")
def classes_of_the_wrong_things(patch: Patch) -> None:
    def turned(old: Any, self: Any, m: Mix, other: Carrier) -> None:
        old(self, m, other)
        own = self.labels[: -len(m.placed) or None]
        lists = {key: [*own, *(["thing"] * len(m.placed))] for key in self.lists.lists}
        self.lists = ParallelLists(lists, self.lists.rules)

    wrapped(patch, Boxes3dCarrier, "mix", turned)


@mutant("insert", "points")
def own_points_stay_in_inserted_boxes(patch: Patch) -> None:
    patch.setattr(points, "in_box", lambda cloud, box, floor: np.zeros(len(cloud), bool))


@mutant("insert", "points")
def the_ground_goes_too(patch: Patch) -> None:
    wrapped(patch, points, "in_box", lambda old, cloud, box, floor: old(cloud, box, -9.0))


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    mixed.cache_clear()
    yield
    mixed.cache_clear()


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_planted_error_breaks_the_square(name: str, monkeypatch: Patch) -> None:
    transform, modality, plant = MUTANTS[name]
    plant(monkeypatch)
    assert any(wrong(transform, modality, number) for number in range(COUNT))


def test_there_are_enough_of_them() -> None:
    assert len(MUTANTS) >= 24
    assert syncaug.engine.mixing.mix_in
