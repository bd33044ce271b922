"""What the catalogue says that operations may change, against what they do to pictures."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from syncaug.backends import prepare
from syncaug.catalogue import CHANGES, OperationSpec, operation
from syncaug.maps.plane import PlaneMap
from tests.backends import material as given

pytestmark = pytest.mark.filterwarnings("ignore")  # the libraries' own

NAMED = [(0, 0.8), (40, 0.6), (60, 0.8), (120, 0.7), (200, 0.8), (240, 0.6), (300, 0.8), (0, 0.0)]
"""Hue in degrees and saturation of each patch: the last is grey."""
SIDE = 60
RECOLOURING = {
    "albumentations.MultiplicativeNoise": {"per_channel": True, "multiplier": (0.5, 1.5)},
    "albumentations.Posterize": {"num_bits": 1},
    "albumentations.RandomToneCurve": {"per_channel": True, "scale": 0.3},
}
"""Values under which an operation recolours, where its defaults do not."""
COVERS = {"albumentations.ZoomBlur", "albumentations.RandomSunFlare"}
"""They mix patches that lie side by side, or lay something over them, as large as they are."""


def patches(dtype: str, light: tuple[float, ...] = (1.0, 1.0, 1.0)) -> np.ndarray[Any, Any]:
    """Bright patches above dark ones, in a light of some colour."""
    rows = [
        [colorsys.hsv_to_rgb(hue / 360, saturation, value) for hue, saturation in NAMED]
        for value in (0.85, 0.5)
    ]
    picture = np.array(rows).repeat(SIDE, 0).repeat(SIDE, 1) * light
    return np.uint8(picture * 255 + 0.5) if dtype == "uint8" else picture.astype(np.float32)


def colours(picture: np.ndarray[Any, Any]) -> list[tuple[float, float, float]]:
    """Hue in degrees, saturation and value of the middle of each patch."""
    scale = 255.0 if picture.dtype == np.uint8 else 1.0
    out = []
    for top in (0, SIDE):
        for left in range(0, len(NAMED) * SIDE, SIDE):
            middle = picture[top + 20 : top + 40, left + 20 : left + 40] / scale
            hue, saturation, value = colorsys.rgb_to_hsv(*middle.reshape(-1, 3).mean(axis=0))
            out.append((hue * 360, saturation, value))
    return out


def recoloured(
    spec: OperationSpec, values: Mapping[str, Any], *, turn: float, kept: float, cast: float
) -> bool:
    """Whether some draw turns hues by more degrees, keeps less of them, or colours what is grey.

    The bounds are for a quarter of the patches, for half of them, and for the mean of the grey.
    """
    pictures = [
        patches(spec.accepts[0].partition("x")[0], light) for light in ((1, 1, 1), (1, 0.8, 0.5))
    ]
    prepared = prepare(spec.name, "image", values, {})
    for seed in range(12):
        before = colours(pictures[seed % 2])
        after = colours(prepared.run(pictures[seed % 2], {}, given.entropy(seed)).data)
        pairs = [pair for pair in zip(before, after, strict=True) if pair[1][2] > 0.1]
        coloured = [(old, new) for old, new in pairs if old[1] > 0.2]
        turns = [abs((new[0] - old[0] + 180) % 360 - 180) for old, new in coloured if new[1] > 0.12]
        shares = [new[1] / old[1] for old, new in coloured]
        casts = [new[1] for old, new in pairs if old[1] == 0]
        if (
            (turns and np.quantile(turns, 0.75) > turn)
            or (shares and np.median(shares) < kept)
            or (casts and np.mean(casts) > cast)
        ):
            return True
    return False


MUCH = {"turn": 18.0, "kept": 0.4, "cast": 0.2}
LITTLE = {"turn": 8.0, "kept": 0.75, "cast": 0.1}
PICTURES = [
    name
    for name in given.usable("albumentations")
    if operation(name).moves == "nothing"
    and operation(name).accepts[0].endswith("x3")
    and name not in COVERS
]


@pytest.mark.parametrize("name", PICTURES)
def test_an_operation_is_marked_if_and_only_if_it_changes_colours(name: str) -> None:
    spec = operation(name)
    trials = [given.EXAMPLES.get(name, {}), RECOLOURING.get(name, {})]
    bounds = LITTLE if spec.may_change("colours") else MUCH
    found = any(recoloured(spec, values, **bounds) for values in trials)
    assert spec.may_change("colours") == found


@pytest.mark.parametrize("name", [n for n in PICTURES if operation(n).colours_stay])
def test_colours_stay_where_the_catalogue_says_so(name: str) -> None:
    spec = operation(name)
    for row in spec.colours_stay:
        for end in ("minimum", "maximum"):
            values: dict[str, Any] = {}
            for key, schema in row.items():
                value = schema["enum"][-1] if "enum" in schema else schema[end]
                ranged = spec.parameters[key].form == "range" and key != "num_bits"
                values[key] = (value, value) if ranged else value
            assert not recoloured(spec, {**RECOLOURING.get(name, {}), **values}, **MUCH), values


@pytest.mark.parametrize("name", [n for n in PICTURES if operation(n).turns_hue])
def test_hues_turn_by_the_degrees_that_the_catalogue_tells(name: str) -> None:
    spec = operation(name)
    ((key, unit),) = spec.turns_hue.items()
    still = {
        other: (middle, middle)
        for other, parameter in spec.parameters.items()
        if other != key and parameter.form == "range"
        for middle in [1.0 if parameter.default[0] > 0 else 0]
    }
    picture = patches("uint8")
    turned = prepare(name, "image", {**still, key: (40 / unit,) * 2}, {}).run(
        picture, {}, given.entropy()
    )
    for old, new in zip(colours(picture), colours(turned.data), strict=True):
        if old[1] > 0.2:
            assert abs((new[0] - old[0] - 40 + 180) % 360 - 180) < 4


def test_what_is_permuted_faded_or_cast_is_marked() -> None:
    for short in (
        *("ToGray", "ToSepia", "ChannelShuffle", "ChannelDropout", "RGBShift", "Solarize"),
        *("InvertImg", "PlanckianJitter", "ColorJitter", "HueSaturationValue", "HEStain"),
        *("AutoContrast", "Equalize"),
    ):
        assert operation(f"albumentations.{short}").may_change("colours"), short
    for short in (
        *("Blur", "GaussianBlur", "MotionBlur", "GaussNoise", "ISONoise", "ImageCompression"),
        *("RandomBrightnessContrast", "RandomGamma", "CLAHE", "Sharpen", "Downscale"),
    ):
        assert not operation(f"albumentations.{short}").may_change("colours"), short


TURNED = {
    "albumentations.Rotate": {"limit": (90, 90)},
    "albumentations.SafeRotate": {"limit": (90, 90)},
    "albumentations.ShiftScaleRotate": {"rotate_limit": (90, 90)},
    "albumentations.Affine": {"rotate": (180, 180)},
}


@pytest.mark.parametrize(
    "name", [n for n in given.usable("albumentations") if operation(n).moves == "plane"]
)
def test_sides_are_marked_where_they_trade_places(name: str) -> None:
    spec = operation(name)
    values = {**given.EXAMPLES.get(name, {}), **TURNED.get(name, {})}
    prepared: Any = prepare(name, "image", values, {})
    picture = given.picture(spec.accepts[0])
    traded = resized = False
    for seed in range(20):
        moved = prepared.run(picture, {}, given.entropy(seed)).moved
        assert isinstance(moved, PlaneMap)
        middle = np.array([30.0, 20.0])
        right, down = moved.points(middle + np.array([[1.0, 0], [0, 1]])) - moved.points(middle)
        traded |= bool(right[0] <= 0.1 or down[1] <= 0.1)
        resized |= moved.size != moved.source
    assert spec.may_change("sides") == traded
    assert not resized or spec.may_change("size")
    assert spec.may_change("geometry")


@pytest.mark.parametrize("name", given.usable())
def test_every_operation_says_what_it_may_change(name: str) -> None:
    spec = operation(name)
    assert set(spec.changes) <= set(CHANGES)
    assert spec.changes or name == "albumentations.NoOp"
    assert spec.may_change("geometry") == (spec.moves in ("plane", "field", "world"))
    assert spec.may_change("time") == (spec.moves == "clock")
    assert spec.may_change("rows") == (spec.moves == "rows")
    assert spec.may_change("words") == (spec.takes[0] == "text")
    assert not spec.repeats or spec.may_change("geometry")


def test_pitch_is_marked_where_it_moves() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(given.RATE) / given.RATE).astype(np.float32)
    for name in given.usable("audiomentations"):
        spec = operation(name)
        if spec.moves != "nothing":
            continue
        moved = False
        for seed in range(4):
            prepared = prepare(name, "audio", {}, {"sample_rate": given.RATE})
            sound = prepared.run(tone, {}, given.entropy(seed)).data
            peak = np.abs(np.fft.rfft(sound[2000:14000] * np.hanning(12000))).argmax()
            moved |= bool(abs(peak * given.RATE / 12000 - 440) > 8)
        assert spec.may_change("pitch") == moved, name
