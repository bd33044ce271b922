"""Light: what the formula says, in the precision of the levels that are lit."""

from __future__ import annotations

import numpy as np
import pytest

from syncaug.kernels.channels import Channels
from syncaug.kernels.recolour import recolour
from syncaug.maps.tone import Light, ToneMap, light_table

LIGHTS = [
    Light(value=0.3),
    Light(contrast=-0.4),
    Light(gamma=0.7),
    Light(value=-0.2, contrast=0.5, gamma=1.6),
]


def lit(level: float, light: Light) -> float:
    """One level, by the formula of the transform, in Python's own floats."""
    x = 0.5 + (1.0 + light.contrast) * ((1.0 + light.value) * level - 0.5)
    return float(min(max(x, 0.0), 1.0) ** light.gamma)


@pytest.mark.parametrize("stages", [*([light] for light in LIGHTS), LIGHTS])
@pytest.mark.parametrize("kind", ["float32", "uint16", "uint8"])
def test_a_picture_is_lit_as_the_formula_says(stages: list[Light], kind: str) -> None:
    top = {"float32": 1, "uint16": 65535, "uint8": 255}[kind]
    levels = np.random.default_rng(4).random((16, 16, 3)) * top
    picture = levels.astype(kind)
    before = picture.copy()
    out = recolour(picture, ToneMap(tuple(stages)), Channels(3, False))
    wanted = picture.astype(np.float64) / top
    for light in stages:
        wanted = np.vectorize(lit, excluded=[1])(wanted, light)
    assert out.dtype == picture.dtype
    assert np.array_equal(picture, before)
    near = {"float32": 4e-7, "uint16": 0.51 / 65535, "uint8": 0.51 / 255}[kind]
    assert np.allclose(out / top, wanted, rtol=0, atol=near)


def test_a_table_clips_what_each_stage_takes_out_of_range() -> None:
    levels = np.arange(256) / 255.0
    for value in (-1.0, -0.3, 0.0, 0.4, 1.0):
        for contrast in (-1.0, -0.5, 0.0, 0.5, 1.0):
            stages = (Light(value, contrast), Light(0.2, -0.1, 1.5), Light(value))
            lit_levels = levels
            for stage in stages:
                lit_levels = stage.apply(lit_levels)
            wanted = (lit_levels * 255.0 + 0.5).astype(np.uint8)
            assert np.array_equal(light_table(stages), wanted), (value, contrast)


def test_one_stage_errs_by_the_rounding_of_float32() -> None:
    picture = np.random.default_rng(5).random((64, 64, 3), dtype=np.float32)
    out = recolour(picture, ToneMap((Light(0.1, 0.2),)), Channels(3, False))
    exact = np.clip(0.5 + 1.2 * (1.1 * picture.astype(np.float64) - 0.5), 0.0, 1.0)
    assert np.abs(out - exact).max() <= 1.2e-7
