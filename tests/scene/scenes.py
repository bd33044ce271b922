"""Random scenes, and random parameters for each transform."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from tests.scene.palette import HUES, named_clearly
from tests.scene.render_bodies import PER_EYE, STAYING
from tests.scene.scene import Eye, Pixels, Scene, Shape

__all__ = ["DRAWS", "draws", "first_draw", "partner_scene", "scenes", "small_scene", "some"]

_SIZE = (96, 72)
_OUTLINES = ("disc", "square", "diamond", "triangle")


def _between(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers of three digits: no favourites at the ends, and short in a failure's report."""
    return st.integers(0, 1000).map(lambda n: round(low + (high - low) * n / 1000.0, 6))


def _with(**ranges: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(ranges)


@st.composite
def scenes(draw: Any, size: tuple[int, int] = _SIZE) -> Scene:
    """A scene with one eye and two to four shapes in pairs beside or above one another."""
    width, height = size
    eye = Eye(
        name="front",
        centre=(draw(_between(-2, 2)), draw(_between(-2, 2)), draw(_between(1, 2))),
        heading=draw(_between(-180, 180)),
        pitch=draw(_between(-12, 12)),
        focal=(width * draw(_between(0.8, 1.1)), width * draw(_between(0.8, 1.1))),
        middle=((width - 1) / 2 + draw(_between(-3, 3)), (height - 1) / 2 + draw(_between(-3, 3))),
        first_size=size,
        backdrop=20.0,
        pixels=Pixels(size),
        sway=(
            draw(_between(-0.05, 0.05)),
            draw(_between(-0.05, 0.05)),
            draw(_between(-0.05, 0.05)),
        ),
        nod=(draw(_between(-1, 1)), draw(_between(-1, 1)), draw(_between(-1, 1))),
        pace=draw(_between(2, 5)),
    )
    count = draw(st.integers(2, 4))
    first, swapped = draw(st.booleans()), draw(st.tuples(st.booleans(), st.booleans()))
    outlines = draw(st.permutations(_OUTLINES))
    hues = draw(st.permutations(list(HUES.values())))
    across = draw(st.booleans())
    shapes = []
    for index in range(count):
        pair, second = (index // 2) ^ first, (index % 2) ^ swapped[index // 2]
        column, row = (second, pair) if across else (pair, second)
        pixel = complex(
            width * (0.27 + 0.46 * column) + draw(_between(-2, 2)),
            height * (0.27 + 0.46 * row) + draw(_between(-2, 2)),
        )
        far = (4.0 if second else 7.0) * draw(_between(0.9, 1.1))
        shapes.append(_shape(draw, eye, pixel, far, outlines[index], hues[index], index))
    duration = draw(st.integers(8, 12)) / 8.0
    return Scene(
        shapes=tuple(shapes),
        eyes=(eye,),
        first_duration=duration,
        duration=duration,
        label=draw(st.integers(0, 9)),
    )


def _shape(
    draw: Any, eye: Eye, pixel: complex, far: float, outline: str, hue: float, index: int
) -> Shape:
    centre, axes = eye.first_axes(0.0)
    x, y = eye.first_rays(np.array(pixel))
    place = centre + far * (x * axes[0] + y * axes[1] + axes[2])
    metre = far / eye.focal[0]
    return Shape(
        outline=outline,
        hue=hue,
        saturation=draw(_between(0.6, 0.95)),
        value=draw(_between(0.6, 0.95)),
        centre=tuple(float(n) for n in place),
        half=(metre * draw(_between(7.5, 11)), metre * draw(_between(7.5, 10))),
        speed=tuple(draw(_between(-0.2, 0.2)) for _ in range(3)),
        tone=400.0 + 170.0 * index,
        clicks=(0.17 + 0.2 * index,),
        size=tuple(draw(_between(0.5, 1.5)) for _ in range(3)),
        yaw=draw(_between(-3, 3)),
        reflectivity=draw(_between(0.2, 0.8)),
    )


def _colour(scene: Scene) -> st.SearchStrategy[dict[str, Any]]:
    """Turns of the wheel after which every shape has a name that nobody would dispute."""
    hues = [shape.hue for shape in scene.shapes]
    turns = [t for t in range(-180, 181) if all(named_clearly(hue + t) for hue in hues)]
    bold = [float(t) for t in turns if abs(t) > 20] or [float(t) for t in turns]
    return _with(
        hue=st.sampled_from(bold), saturation=_between(-0.3, 0.2), value=_between(-0.3, 0.2)
    )


_KEEP = st.just("keep")
_MARKS = (
    *("mask", "depth", "boxes", "keypoints", "phrases"),
    *("polygons", "instances", "oriented_boxes"),
)
_STAYING = (*STAYING, *(f"front_{kind}" for kind in PER_EYE))
_KEEP_STAYING = dict.fromkeys(_STAYING, _KEEP)
_KEEP_WORLD = {"points": _KEEP, "boxes3d": _KEEP, "front_imu": _KEEP, **_KEEP_STAYING}
_KEEP_WORLD |= {"state": _KEEP, "action": _KEEP, "messages": _KEEP}
_KEEP_UNCODED = {**_KEEP_WORLD, "audio": _KEEP} | {
    f"front_{kind}": _KEEP
    for kind in (
        *("image", "video", "heatmap", "flow", "normals", "disparity", *_MARKS),
        *("film_boxes", "film_keypoints", "film_mask"),
    )
}
_SIDES = st.sampled_from(["horizontal", "vertical", "both"])


Draws = st.SearchStrategy[dict[str, Any]]
DRAWS: dict[str, Draws | Callable[[Scene], Draws]] = {
    "flip": _with(axis=_SIDES, world=st.sampled_from(["mirror", "mirror", "keep", "x", "y"])),
    "crop": _with(
        area=_between(0.4, 0.9),
        ratio=_between(0.9, 1.7),
        x=_between(0, 1),
        y=_between(0, 1),
        points=st.sampled_from(["visible", "keep"]),
    ),
    "rotate": st.one_of(
        _with(degrees=_between(-18, 18), expand=st.booleans()),
        _with(
            degrees=st.builds(
                lambda quarter, rest: 90.0 * quarter + rest,
                st.integers(-3, 3),
                st.sampled_from([0.0, 0.0, 7.5, -11.25]),
            ),
            expand=st.booleans(),
        ),
    ),
    "scale": _with(factor=_between(0.7, 1.5)),
    "translate": _with(x=_between(-0.3, 0.3), y=_between(-0.3, 0.3)),
    "resize": _with(height=st.integers(50, 100), width=st.integers(70, 130)),
    "colour": _colour,
    "light": _with(
        value=_between(-0.3, 0.3),
        contrast=_between(-0.3, 0.3),
        gamma=_between(0.7, 1.4),
        reflectivity=st.sampled_from(["follow", "keep"]),
    ),
    "trim": st.one_of(
        _with(duration=_between(0.4, 0.9), at=_between(0, 1)),
        _with(duration=_between(0.3, 0.6), unit=st.just("share"), start=_between(0, 0.3)),
    ),
    "time_shift": _with(seconds=_between(-0.4, 0.4), wrap=st.booleans()),
    "speed": _with(factor=_between(0.7, 1.5), preserve_pitch=st.booleans()),
    "time_warp": _with(
        strength=_between(0.1, 0.4), shape=_between(0, 1), preserve_pitch=st.booleans()
    ),
    "reverse": st.just({}),
    "loop": _with(times=_between(1.2, 2.5)),
    "mask_time": _with(
        spans=st.integers(1, 3),
        duration=_between(0.05, 0.2),
        shape=_between(0, 1),
        text=st.sampled_from(["keep", "blank"]),
    ),
    "pitch": _with(semitones=_between(-4, 4)),
    "perspective": _with(corners=st.lists(_between(-0.08, 0.08), min_size=8, max_size=8)),
    "undistort": st.one_of(st.just({}), _with(alpha=_between(0, 1))),
    "occlude": _with(area=_between(0.05, 0.2), x=_between(0, 1), y=_between(0, 1)),
    "drop_modality": st.just({"count": 64}),
    "mixup": _with(share=_between(0.1, 0.9), **_KEEP_WORLD),
    "cutmix": _with(
        share=_between(0.1, 0.5),
        x=_between(0.2, 0.8),
        y=_between(0.2, 0.8),
        at=_between(0, 1),
        partner_at=_between(0, 1),
        **_KEEP_WORLD,
    ),
    "mix": _with(
        share=_between(0.15, 0.5),
        at=_between(0, 1),
        partner_at=_between(0, 1),
        **{f"front_{kind}": _KEEP for kind in _MARKS},
        **{f"front_{kind}": _KEEP for kind in ("heatmap", "flow", "normals", "disparity")},
        **{f"front_film_{kind}": _KEEP for kind in ("boxes", "keypoints", "mask")},
        points=_KEEP,
        messages=_KEEP,
    ),
    "insert": _with(
        place=st.just("same"),
        ground=st.just("keep"),
        least_points=st.just(0),
        count=st.integers(1, 4),
        **{f"front_{kind}": _KEEP for kind in ("image", "video", "depth")},
        **_KEEP_STAYING,
    ),
    "stitch": _with(
        direction=st.sampled_from(["horizontal", "vertical"]),
        first=st.sampled_from(["own", "partner"]),
        **_KEEP_WORLD,
    ),
    "latent_mix": _with(share=_between(0.1, 0.9), **_KEEP_UNCODED),
    "latent_interpolate": _with(share=_between(0.1, 0.9), **_KEEP_UNCODED),
    "feature_mix": _with(share=_between(0.1, 0.9), shape=_between(0, 1), **_KEEP_UNCODED),
    "latent_noise": _with(strength=_between(0.1, 1), shape=_between(0, 1)),
    "noise": _with(snr_db=_between(10, 30)),
    "world_rotate": _with(degrees=_between(-180, 180)),
    "world_scale": _with(factor=_between(0.4, 2.5)),
    "world_translate": _with(x=_between(-9, 9), y=_between(-9, 9), z=_between(-9, 9)),
    "camera_rotate": st.one_of(
        _with(axis=st.just("optical"), degrees=_between(-18, 18)),
        _with(axis=st.sampled_from(["vertical", "horizontal"]), degrees=_between(-12, 12)),
    ),
}
"""Parameters of each transform, within what its square can be asked for."""


def draws(transform: str, scene: Scene) -> st.SearchStrategy[dict[str, Any]]:
    """Random parameters of a transform, such as the scene can follow."""
    strategy = DRAWS[transform]
    return strategy(scene) if callable(strategy) else strategy


def some(strategy: st.SearchStrategy[Any], count: int = 8) -> list[Any]:
    """The same few examples of a strategy every time."""
    found: list[Any] = []

    @settings(max_examples=count, database=None, phases=[Phase.generate], deadline=None)
    @seed(4)
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


@cache
def small_scene() -> Scene:
    """One scene that is always the same, with four shapes."""
    return next(scene for scene in some(scenes(), 20)[3:] if len(scene.shapes) == 4)


@cache
def partner_scene() -> Scene:
    """Another scene that is always the same."""
    return next(scene for scene in some(scenes(), 20)[8:] if scene != small_scene())


def first_draw(transform: str) -> dict[str, Any]:
    """Parameters of a transform for that scene, always the same."""
    return dict(_last_draw(transform))


@cache
def _last_draw(transform: str) -> dict[str, Any]:
    return dict(some(draws(transform, small_scene()))[-1])
