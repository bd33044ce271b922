"""Where the pixels went, against the map that says so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug.backends import opencv, prepare
from syncaug.backends.albumentations import library
from syncaug.backends.drawn import traced_map
from syncaug.backends.reading import READERS, read_map
from syncaug.catalogue import operation
from syncaug.maps.plane import FieldMap, PlaneMap
from tests.backends import material as given

pytestmark = pytest.mark.filterwarnings("ignore")

HEIGHT, WIDTH = 180, 240
DOTS = [(40, 40), (200, 40), (120, 90), (60, 140), (190, 150)]
EXAMPLES = {
    **given.EXAMPLES,
    "albumentations.CenterCrop": {"height": 150, "width": 200},
    "albumentations.Crop": {"x_min": 20, "y_min": 10, "x_max": 220, "y_max": 170},
    "albumentations.LongestMaxSize": {"max_size": 300},
    "albumentations.PadIfNeeded": {"min_height": 200, "min_width": 300},
    "albumentations.RandomCrop": {"height": 150, "width": 200},
    "albumentations.RandomResizedCrop": {"size": [200, 250], "scale": 0.8},
    "albumentations.RandomSizedCrop": {"min_max_height": [140, 170], "size": [170, 230]},
    "albumentations.Resize": {"height": 200, "width": 230},
    "albumentations.SmallestMaxSize": {"max_size": 160},
    "albumentations.ThinPlateSpline": {
        "scale_range": 0.05
    },  # its default smears dots over 50 pixels
}
MOVING = [name for name in given.usable() if operation(name).moves in ("plane", "field")]
TORN = {"albumentations.RandomGridShuffle"}
"""Its tiles cut dots in two."""


def _dot(x: float, y: float) -> np.ndarray[Any, Any]:
    across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    distance = np.hypot(across - x, down - y)
    disc = (np.clip(3.0 - distance, 0.0, 1.0) * 255).astype(np.uint8)
    return np.repeat(disc[..., None], 3, axis=2)


def _centre(picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    weight = picture[..., 0].astype(np.float64)
    down, across = np.mgrid[: weight.shape[0], : weight.shape[1]]
    return np.array([(across * weight).sum(), (down * weight).sum()]) / weight.sum()


def _seen_whole(moved: PlaneMap | FieldMap, dot: tuple[int, int]) -> np.ndarray[Any, Any] | None:
    """Where the map puts a dot that stays in the picture, away from its borders; else None."""
    if isinstance(moved, PlaneMap):
        place = moved.points(np.array(dot, np.float64))
    else:
        away = np.hypot(*(moved.field - np.array(dot, np.float32)).transpose(2, 0, 1))
        away[~moved.valid] = np.inf
        down, across = np.nonzero(away < 3.0)
        if not len(down):
            return None
        weight = np.clip(3.0 - away[down, across], 0.0, 1.0)
        place = np.array([np.average(across, weights=weight), np.average(down, weights=weight)])
    width, height = moved.size
    inside = 14 < place[0] < width - 15 and 14 < place[1] < height - 15
    return place if inside else None


@pytest.mark.parametrize("name", [name for name in MOVING if name not in TORN])
def test_dots_go_where_the_map_says(name: str) -> None:
    prepared: Any = prepare(name, "image", EXAMPLES.get(name, {}), {})
    limit = 0.6 if operation(name).moves == "plane" else 1.0
    seen = 0
    for number in range(2):
        for dot in DOTS:
            picture, moved, *_ = prepared.run(_dot(*dot), {}, given.entropy(number))
            expected = _seen_whole(moved, dot)
            if expected is not None:
                seen += 1
                if isinstance(moved, FieldMap):
                    again = opencv.remap(_dot(*dot), moved).astype(int)
                    assert np.abs(again - picture)[moved.valid].max() <= 20
                assert np.linalg.norm(_centre(picture) - expected) < limit, (dot, number)
    assert seen >= 2


@pytest.mark.parametrize("name", [name for name in MOVING if name.partition(".")[2] in READERS])
@pytest.mark.parametrize("size", [(48, 64), (180, 240), (97, 61)])
def test_maps_read_off_params_are_those_that_tracing_finds(
    name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = given.picture("uint8x3", *size)
    prepared: Any = prepare(name, "image", given.EXAMPLES.get(name, {}), {})
    read = [prepared.run(data, {}, given.entropy(number)).moved for number in range(4)]
    monkeypatch.setattr("syncaug.backends.drawn.read_map", lambda *_: None)
    traced = [prepared.run(data, {}, given.entropy(number)).moved for number in range(4)]
    corners = np.array([[0, 0], [size[1], 0], [0, size[0]], [size[1], size[0]]]) * 0.9
    for one, other in zip(read, traced, strict=True):
        assert one.size == other.size
        assert np.abs(one.points(corners) - other.points(corners)).max() < 0.1


def test_readers_name_transforms_that_exist() -> None:
    assert all(hasattr(library, name) for name in READERS)
    assert read_map(library.NoOp(), {}, 4, 4) is None


@pytest.mark.parametrize("name", MOVING)
def test_the_picture_is_albumentations_own(name: str) -> None:
    """The params that made our picture, given to the library itself, make the same picture."""
    data = given.picture("uint8x3", 90, 120)
    prepared: Any = prepare(name, "image", given.EXAMPLES.get(name, {}), {})
    caught: list[Any] = []
    transform = prepared._instance({}, given.entropy())
    caught.append(transform.update_transform_params(transform.get_params(), {"image": data}))
    caught[0].update(transform.get_params_dependent_on_data(caught[0], {"image": data}))
    theirs = prepared._base.apply_with_params(caught[0], image=data)["image"]
    assert np.array_equal(prepared.run(data, {}, given.entropy()).data, theirs)


def test_flips_crops_and_turns_are_exact() -> None:
    for name in ("HorizontalFlip", "RandomCrop", "D4", "Transpose", "RandomRotate90"):
        prepared: Any = prepare(
            f"albumentations.{name}", "image", EXAMPLES.get(f"albumentations.{name}", {}), {}
        )
        data = given.picture("uint8x3", HEIGHT, WIDTH)
        for number in range(6):
            picture, moved, *_ = prepared.run(data, {}, given.entropy(number))
            assert np.array_equal(moved.matrix, np.rint(moved.matrix))
            assert np.array_equal(opencv.warp(data, moved.matrix, moved.size), picture)


def test_a_mask_keeps_its_labels_and_goes_with_the_picture() -> None:
    labels = (np.arange(48 * 64).reshape(48, 64) // 97).astype(np.int64) + 2**40
    for name in ("albumentations.Perspective", "albumentations.ElasticTransform"):
        constants = given.EXAMPLES.get(name, {})
        leader: Any = prepare(name, "mask", constants, {})
        mask, moved, *_ = leader.run(labels, {}, given.entropy())
        picture: Any = prepare(name, "image", constants, {})
        same = picture.run(given.picture("uint8x3"), {}, given.entropy()).moved
        assert moved.size == same.size
        assert mask.dtype == np.int64
        assert set(np.unique(mask)) <= {0, *np.unique(labels)}


def test_a_video_moves_as_one() -> None:
    first, second = given.picture("uint8x3"), given.picture("uint8x3")[:, ::-1]
    film: Any = prepare("albumentations.Affine", "video", {"rotate": 20.0}, {})
    still: Any = prepare("albumentations.Affine", "image", {"rotate": 20.0}, {})
    function, plane, _ = film.on_frames(first, {}, given.entropy())
    assert isinstance(plane, PlaneMap)
    for frame in (first, second):
        assert np.array_equal(function(frame), still.run(frame, {}, given.entropy()).data)


def test_tracing_sees_through_reflected_borders_and_coarse_interpolation() -> None:
    data = given.picture("uint8x3", 90, 120)
    rough = {"border_mode": 4, "interpolation": 0, "fill": 7, "crop_border": False}
    transform = library.Rotate(limit=(20, 20), p=1.0, **rough)
    transform(image=data)
    found = traced_map(transform, transform.params, 120, 90)
    assert isinstance(found, PlaneMap)
    assert np.allclose(found.matrix[:2], transform.params["matrix"][:2], atol=1e-3)


@pytest.mark.parametrize("kind", ["uint8x3", "float32x3"])
@pytest.mark.parametrize("border_mode", range(5))
@pytest.mark.parametrize(
    "name",
    ["Affine", "SafeRotate", "ShiftScaleRotate", "Perspective", "Rotate", "GridDistortion"],
)
def test_a_detour_over_four_channels_keeps_all_bits(
    name: str, border_mode: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = given.picture(kind, 90, 120)
    settings: dict[str, Any] = {"border_mode": border_mode}
    if name == "Rotate":
        settings["crop_border"] = True
    if name == "Affine":
        settings["rotate"] = 20.0
    for fill in ([0.5, 0.25, 1.0], 0.5):
        prepared = prepare(f"albumentations.{name}", "image", {**settings, "fill": fill}, {})
        through_four = prepared.run(data, {}, given.entropy())
        with monkeypatch.context() as patch:
            patch.setattr(opencv, "faster_with_four", lambda *_: False)
            plain = prepared.run(data, {}, given.entropy())
        assert given.same(through_four, plain)
