"""What the plane transforms mean for a scene: where the pixels of each eye's picture go.

Told in complex numbers, y downwards: a turn counterclockwise as seen is a product with exp(-i a).
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tests.scene.scene import Eye, Scene
from tests.scene.vectors import cross, four_point_matrix, mirrored, turned, unit, vector

__all__ = ["CHANGES"]

Parameters = Mapping[str, Any]


def _every_eye(scene: Scene, parameters: Parameters, rule: Callable[[Eye], Eye]) -> Scene:
    """The scene with the named eye changed, or all of them."""
    named = parameters.get("plane", "")
    eyes = tuple(rule(eye) if named in ("", eye.name) else eye for eye in scene.eyes)
    return scene.change(eyes=eyes)


def rotate(scene: Scene, parameters: Parameters) -> Scene:
    """Turn about the middle; with `expand` the picture grows to hold its corners."""
    angle = math.radians(parameters["degrees"])

    def rule(eye: Eye) -> Eye:
        width, height = size = eye.pixels.size
        middle = complex(width - 1, height - 1) / 2
        if parameters.get("expand"):
            corners = [cmath.rect(1.0, angle) * complex(width, s * height) for s in (-1, 1)]
            size = (
                math.ceil(max(abs(corner.real) for corner in corners) - 1e-6),
                math.ceil(max(abs(corner.imag) for corner in corners) - 1e-6),
            )
        target = complex(size[0] - 1, size[1] - 1) / 2
        tilt = eye.tilt
        return replace(
            eye,
            tilt=lambda ways: turned_in_picture(tilt(ways), cmath.exp(-1j * angle)),
            pixels=eye.pixels.then(
                lambda z: target + (z - middle) * cmath.exp(-1j * angle),
                lambda z: middle + (z - target) * cmath.exp(1j * angle),
                size,
            ),
        )

    return _every_eye(scene, parameters, rule)


def turned_in_picture(ways: Any, factor: complex) -> Any:
    """Directions (..., 3) of which right and down, as x + iy, are multiplied by a factor."""
    flat = (ways[..., 0] + 1j * ways[..., 1]) * factor
    return np.stack([flat.real, flat.imag, ways[..., 2]], axis=-1)


def scale(scene: Scene, parameters: Parameters) -> Scene:
    """Zoom about the middle."""
    factor = parameters["factor"]

    def rule(eye: Eye) -> Eye:
        width, height = eye.pixels.size
        middle = complex(width - 1, height - 1) / 2
        return replace(
            eye,
            pixels=eye.pixels.then(
                lambda z: middle + (z - middle) * factor,
                lambda z: middle + (z - middle) / factor,
                (width, height),
            ),
        )

    return _every_eye(scene, parameters, rule)


def translate(scene: Scene, parameters: Parameters) -> Scene:
    """Shift by shares of the width and the height."""

    def rule(eye: Eye) -> Eye:
        width, height = eye.pixels.size
        way = complex(parameters.get("x", 0.0) * width, parameters.get("y", 0.0) * height)
        return replace(
            eye, pixels=eye.pixels.then(lambda z: z + way, lambda z: z - way, (width, height))
        )

    return _every_eye(scene, parameters, rule)


def _resized(eye: Eye, size: tuple[int, int]) -> Eye:
    across, down = (now / before for now, before in zip(size, eye.pixels.size, strict=True))
    corner = 0.5 + 0.5j  # from a pixel's middle to the picture's corner
    return replace(
        eye,
        pixels=eye.pixels.then(
            lambda z: _stretched(z + corner, across, down) - corner,
            lambda z: _stretched(z + corner, 1.0 / across, 1.0 / down) - corner,
            size,
        ),
    )


def _stretched(pixels: Any, across: float, down: float) -> Any:
    return np.real(pixels) * across + 1j * (np.imag(pixels) * down)


def resize(scene: Scene, parameters: Parameters) -> Scene:
    """Another size; what was at the picture's edges stays there."""
    size = (parameters["width"], parameters["height"])
    return _every_eye(scene, parameters, lambda eye: _resized(eye, size))


def crop(scene: Scene, parameters: Parameters) -> Scene:
    """A window of whole pixels, of a share of the area; with `points: visible` the world too."""

    def rule(eye: Eye) -> Eye:
        width, height = eye.pixels.size
        stretch = math.sqrt(parameters.get("ratio", width / height) / (width / height))
        side = math.sqrt(parameters.get("area", 1.0))
        across = min(width, max(1, round(width * side * stretch)))
        down = min(height, max(1, round(height * side / stretch)))
        corner = complex(
            round((width - across) * parameters["x"]), round((height - down) * parameters["y"])
        )
        cropped = replace(
            eye, pixels=eye.pixels.then(lambda z: z - corner, lambda z: z + corner, (across, down))
        )
        if "resize" in parameters:
            cropped = _resized(cropped, (parameters["resize"][1], parameters["resize"][0]))
        return cropped

    seen = _every_eye(scene, parameters, rule)
    if parameters.get("points") == "visible":
        names = [eye.name for eye in seen.eyes if parameters.get("plane", "") in ("", eye.name)]
        return seen.change(cut=(*scene.cut, *names))
    return seen


def flip(scene: Scene, parameters: Parameters) -> Scene:
    """A mirror of the picture; the world is mirrored too, so that the eye stays an ordinary one."""
    axis, world = parameters.get("axis", "horizontal"), parameters.get("world", "mirror")

    def mirror(size: tuple[int, int], z: Any) -> Any:
        far = complex(size[0] - 1, size[1] - 1)
        if axis == "horizontal":
            return far.real - np.conj(z)
        return far.imag * 1j + np.conj(z) if axis == "vertical" else far - z

    def signs(axes: Any) -> Any:
        return axes * np.array(
            [[-1.0 if axis != "vertical" else 1.0], [-1.0 if axis != "horizontal" else 1.0], [1.0]]
        )

    def rule(eye: Eye) -> Eye:
        size = eye.pixels.size
        there = back = lambda z: mirror(size, z)
        pixels = eye.pixels.then(there, back, size)
        tilt = eye.tilt
        over = signs(np.eye(3))
        if world == "keep":
            return replace(eye, pixels=pixels, tilt=lambda ways: tilt(ways) @ over)
        # The eye's own axes turn over, so that its lens meets the mirrored picture unmirrored.
        before, lens = eye.turn, eye.pixels.there
        lens_back = eye.pixels.back
        return replace(
            eye,
            tilt=lambda ways: tilt(ways @ over) @ over,
            turn=lambda axes: signs(before(axes)),
            pixels=replace(
                pixels,
                there=lambda z: mirror(size, lens(_over(eye, z, axis))),
                back=lambda z: _over(eye, lens_back(mirror(size, z)), axis),
            ),
        )

    def _over(eye: Eye, pixels: Any, axis: str) -> Any:
        """The pixel at which the ray with the opposite sign was met at first."""
        rays = eye.first_rays(np.asarray(pixels))
        return eye.first_pixels(rays * np.reshape(signs(np.ones((3, 1))), 3)[:2])

    through, normal = _mirror_plane(scene, world)
    changed = _every_eye(scene, parameters, rule)
    if axis == "both" or world == "keep":
        return changed
    return changed.moved(lambda points: mirrored(points, through, normal))


def _mirror_plane(scene: Scene, world: str) -> tuple[Any, Any]:
    """A point and the normal of the mirror: a named axis', or upright through the first eye."""
    if world in ("x", "y", "z"):
        return np.zeros(3), np.eye(3)["xyz".index(world)]
    centre, axes = scene.stand(scene.eyes[0], 0.0)
    return centre, cross(axes[2], vector(0.0, 0.0, 1.0))


def camera_rotate(scene: Scene, parameters: Parameters) -> Scene:
    """Turn the eye itself: the picture moves left about the upright axis, down about the level one.

    A camera that turns to its right shows things farther left; one that looks up, farther down; one
    that rolls clockwise shows them turned counterclockwise.
    """
    which = {"optical": 2, "vertical": 1, "horizontal": 0}[parameters.get("axis", "optical")]
    # Right-handed about right, down and forward: looks up, turns to the right, rolls clockwise.
    degrees = parameters["degrees"]

    def rule(eye: Eye) -> Eye:
        before = eye.turn

        def turn(axes: Any) -> Any:
            return turned(before(axes), before(axes)[which], degrees)

        return replace(eye, turn=turn)

    return _every_eye(scene, parameters, rule)


def perspective(scene: Scene, parameters: Parameters) -> Scene:
    """The corners of the picture move; the eye looks where its sensor now stands upright to.

    What the picture's plane would show at infinity is at right angles to the new forward axis.
    """

    def rule(eye: Eye) -> Eye:
        width, height = size = eye.pixels.size
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) - 0.5
        moves = np.array(parameters["corners"]).reshape(4, 2) * size
        ends = corners + moves
        out = four_point_matrix(corners, ends[:, 0] + 1j * ends[:, 1])
        in_ = four_point_matrix(ends, corners[:, 0] + 1j * corners[:, 1])
        lens, lens_back = eye.pixels.there, eye.pixels.back
        rays = np.array([[-0.3, -0.2], [0.3, -0.2], [0.3, 0.2], [-0.3, 0.2]])
        seen = four_point_matrix(rays, _projected(out, lens(eye.first_pixels(rays))))
        forward = unit(seen[2])
        down = unit(seen[1] - (seen[1] @ forward) * forward)
        stand = np.stack([cross(down, forward), down, forward])
        before = eye.turn

        def swung(pixels: Any, turn: Any) -> Any:
            way = eye.first_rays(np.asarray(pixels))
            there = np.concatenate([way, np.ones((*way.shape[:-1], 1))], axis=-1) @ turn.T
            return eye.first_pixels(there[..., :2] / there[..., 2:])

        return replace(
            eye,
            turn=lambda axes: stand @ before(axes),
            pixels=replace(
                eye.pixels,
                there=lambda z: _projected(out, lens(swung(z, stand.T))),
                back=lambda z: swung(lens_back(_projected(in_, z)), stand),
            ),
        )

    return _every_eye(scene, parameters, rule)


def _projected(matrix: Any, pixels: Any) -> Any:
    pixels = np.asarray(pixels)
    x, y = pixels.real, pixels.imag
    rows = [row[0] * x + row[1] * y + row[2] for row in matrix]
    return (rows[0] + 1j * rows[1]) / rows[2]


def occlude(scene: Scene, parameters: Parameters) -> Scene:
    """A card of whole pixels before the lens, as wide and high as the picture by its share."""
    width, height = scene.eyes[0].pixels.size
    side = math.sqrt(parameters["area"])
    across, down = max(1, round(width * side)), max(1, round(height * side))
    left, top = round((width - across) * parameters["x"]), round((height - down) * parameters["y"])
    return scene.change(covers=(*scene.covers, (left, top, left + across, top + down)))


def drop_modality(scene: Scene, parameters: Parameters) -> Scene:
    """All sensors are out."""
    return scene.change(out=True)


CHANGES = {
    "perspective": perspective,
    "occlude": occlude,
    "drop_modality": drop_modality,
    "rotate": rotate,
    "scale": scale,
    "translate": translate,
    "resize": resize,
    "crop": crop,
    "flip": flip,
    "camera_rotate": camera_rotate,
}
