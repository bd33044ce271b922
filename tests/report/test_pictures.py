"""Pictures for the page: what is encoded, and where names are put."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from syncaug.report import pictures
from syncaug.report.colours import NEAR_TO_FAR, label_colours, painted


def decoded(uri: str) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(b64decode(uri.partition(",")[2]))))


def test_colours_survive_the_data_uri() -> None:
    red = np.zeros((40, 60, 3), np.uint8)
    red[..., 0] = 200
    png, jpeg = pictures.png_uri(red), pictures.jpeg_uri(red, quality=95)
    assert png.startswith("data:image/png;base64,")
    assert jpeg.startswith("data:image/jpeg;base64,")
    assert np.array_equal(decoded(png), red)
    assert np.abs(decoded(jpeg).astype(int) - red).max() <= 4


def test_a_large_picture_is_shown_smaller_and_a_small_one_as_it_is() -> None:
    small, large = np.zeros((30, 40, 3), np.uint8), np.zeros((500, 2000, 3), np.uint8)
    assert pictures.fitted(small) is small
    assert pictures.fitted(large).shape == (160, 640, 3)


@pytest.mark.parametrize(
    "picture",
    [
        np.full((4, 5), 51, np.uint8),
        np.full((4, 5, 1), 0.2, np.float32),
        np.full((4, 5, 4), 0.2, np.float32),
    ],
)
def test_any_image_becomes_rgb_of_8_bits(picture: np.ndarray) -> None:
    levels = pictures.levels_of(picture)
    assert levels.shape == (4, 5, 3)
    assert levels.dtype == np.uint8
    assert (levels == 51).all()


def test_depth_runs_from_near_to_far_and_holes_are_grey() -> None:
    colours = pictures.depth_colours(np.array([[1.0, 3.0, 0.0, np.nan]], np.float32), 1.0, 3.0)
    assert colours[0, 0].tolist() == NEAR_TO_FAR[0].tolist()
    assert colours[0, 1].tolist() == NEAR_TO_FAR[-1].tolist()
    assert colours[0, 2].tolist() == colours[0, 3].tolist() == [128, 128, 128]


def test_neighbouring_labels_differ() -> None:
    colours = label_colours(np.arange(12)).astype(int)
    assert np.abs(np.diff(colours, axis=0)).max(axis=1).min() > 30
    assert painted(np.array([-1.0, 2.0]), NEAR_TO_FAR).shape == (2, 3)


def test_a_box_is_drawn_around_its_pixels() -> None:
    (shape,) = pictures.box_shapes(np.array([[-0.5, 1.5, 9.5, 5.5]]), [3])
    assert shape.path == "M0.0,2.0H10.0V6.0H0.0Z"
    assert shape.colour == 3


def test_names_of_equal_boxes_lie_apart() -> None:
    box = [20.0, 20.0, 380.0, 380.0]
    tags = pictures.place_tags(
        np.array([box] * 4), ["one", "two", "three", "four"], range(4), (400, 400)
    )
    assert [tag.corner for tag in tags] == ["tl", "tr", "bl", "br"]
    assert len({(tag.x, tag.y) for tag in tags}) == 4


def test_a_name_that_would_stick_out_holds_on_to_the_edge() -> None:
    corners = np.array([[395.0, 395.0, 399.0, 399.0], [-0.5, -0.5, 2.0, 2.0]])
    low, high = pictures.place_tags(corners, ["a long name", "another"], [0, 1], (400, 400))
    assert (low.x, low.y, low.corner) == (100.0, 100.0, "br")
    assert (high.x, high.y, high.corner) == (0.0, 0.0, "tl")


def test_a_name_without_room_is_a_dot_that_tells_it() -> None:
    crowd = np.tile([[20.0, 20.0, 200.0, 200.0]], (100, 1))
    names = [f"thing {number}" for number in range(100)]
    tags = pictures.place_tags(crowd, names, range(100), (400, 300))
    assert [tag.text for tag in tags] == names
    assert [tag.small for tag in tags] == [False] * 4 + [True] * 96
    assert {(tag.x, tag.y) for tag in tags if tag.small} == {(5.12, 6.83)}
    beyond = np.array([[-50.0, -50.0, 10.0, 10.0], [399.0, 299.0, 450.0, 350.0]])
    wide = pictures.place_tags(beyond, ["w" * 80, "w" * 80], range(2), (400, 300))
    assert all(tag.small and 0 <= tag.x <= 98 and 0 <= tag.y <= 98 for tag in wide)
