"""Whether outlines agree: every corner that is seen, and every place inside or outside."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from pycocotools import mask as run_lengths
from scipy import ndimage

from tests.scene.lenses import LensEye
from tests.scene.render_outlines import (
    covered,
    inside,
    per_edge,
    places,
    shown_instances,
    shown_outlines,
)
from tests.scene.scene import Complex, Eye, Scene
from tests.scene.tolerances import TOLERANCES

__all__ = [
    "compare_instances",
    "compare_oriented",
    "compare_outlines",
    "decoded",
    "rings_in",
    "same_masks",
]

_LEAST_PIXELS = 60
_BESIDE = 4
"""Places, 16 to a pixel, that a bent edge may pass on the other side between its points."""


def compare_outlines(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """What differs between rows of outlines and those that the scene shows."""
    if len(got) != len(wanted):
        return [f"{len(got)} outlines instead of {len(wanted)}"]
    wrong = []
    shown = shown_outlines(scene, eye) if wanted else []
    for row, like, (index, rings) in zip(got, wanted, shown, strict=True):
        name = scene.shapes[index].outline
        if _form(row) != _form(like):
            wrong.append(f"{name}: {_form(row)} instead of {_form(like)}")
        elif isinstance(row, dict):
            wrong += same_masks(decoded(row), rings, scene, eye, name)
        else:
            wrong += _same_rings(rings_in(row), rings, scene, eye, name)
    return wrong


def decoded(row: Any) -> Any:
    """The mask of run lengths, as pycocotools reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it is older than numpy 2
        return run_lengths.decode(row)


def compare_instances(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """What differs between masks and those that the scene shows."""
    if got.shape != wanted.shape or got.dtype != wanted.dtype:
        return [f"{got.dtype}{got.shape} instead of {wanted.dtype}{wanted.shape}"]
    wrong = []
    for mask, (index, rings) in zip(
        got, shown_instances(scene, eye) if len(got) else (), strict=True
    ):
        wrong += same_masks(mask, rings, scene, eye, scene.shapes[index].outline)
        if set(np.unique(mask)) - {0, 1}:
            wrong.append("other numbers than 0 and 1")
    return wrong


def compare_oriented(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """What differs between oriented boxes and those that the scene shows."""
    if got.shape != wanted.shape or got.dtype != wanted.dtype:
        return [f"{got.dtype}{got.shape} instead of {wanted.dtype}{wanted.shape}"]
    off = np.abs(got - wanted)
    off[:, 4] = np.minimum(off[:, 4], 180.0 - off[:, 4])
    worst = float(off.max(initial=0.0))
    key = "oriented_boxes: bent" if isinstance(eye, LensEye) else "oriented_boxes"
    return [f"a box is {worst:.4g} off"] if worst > TOLERANCES[key].amount else []


def _form(row: Any) -> str:
    return "runs" if isinstance(row, dict) else "flat" if np.ndim(row[0]) == 1 else "points"


def rings_in(row: Any) -> list[Complex]:
    """The rings of a row, in pixel centres."""
    pairs = [np.reshape(ring, (-1, 2)) - 0.5 for ring in row]
    return [ring[:, 0] + 1j * ring[:, 1] for ring in pairs]


def _same_rings(
    got: list[Complex], wanted: list[Complex], scene: Scene, eye: Eye, name: str
) -> list[str]:
    """Places of the picture by the even-odd rule, and corners that are no cuts."""
    at = places(eye)
    meant = inside(wanted, at) & ~covered(scene, eye, at)
    off = int((inside(got, at) != meant).sum())
    most = _BESIDE if per_edge(eye) > 1 else 0
    wrong = [f"{name}: {off} places"] if off > most else []
    width, height = eye.pixels.size
    corners = np.concatenate([ring[:: per_edge(eye)] for ring in wanted])
    seen = (np.abs(corners.real - (width - 1) / 2) < width / 2 - 1e-6) & (
        np.abs(corners.imag - (height - 1) / 2) < height / 2 - 1e-6
    )
    seen &= ~covered(scene, eye, corners)
    found = np.concatenate(got)
    sides = (-found.real, found.real - width + 1, -found.imag, found.imag - height + 1)
    if max(side.max() for side in sides) - 0.5 > TOLERANCES["polygons"].amount:
        wrong.append(f"{name}: beyond the picture")
    for corner in corners[seen]:
        far = float(np.abs(found - corner).min())
        if far > TOLERANCES["polygons"].amount:
            wrong.append(f"{name}: a corner is {far:.4g} px off")
    return wrong


def same_masks(got: Any, rings: list[Complex], scene: Scene, eye: Eye, name: str) -> list[str]:
    """A mask beside the pixels inside of rings: far from edges, and by its centre."""
    width, height = eye.pixels.size
    if got.shape != (height, width):
        return [f"{name}: a mask of {got.shape}"]
    pixels = np.arange(width) + 1j * np.arange(height)[:, None]
    meant = inside(rings, pixels) & ~covered(scene, eye, pixels)
    reach = 2 * int(TOLERANCES["mask: number"].amount) + 1
    flat = ndimage.minimum_filter(meant, reach) == ndimage.maximum_filter(meant, reach)
    off = int(((got != 0) != meant)[flat].sum())
    wrong = [f"{name}: {off} pixels far from any edge"] if off else []
    rim = np.concatenate([meant[[0, -1]].ravel(), meant[:, [0, -1]].ravel()])
    if min(meant.sum(), (got != 0).sum()) < _LEAST_PIXELS or rim.any():
        return wrong  # too small to be placed, or cut off by the picture
    ways = [np.array(ndimage.center_of_mass(mask != 0)) for mask in (got, meant)]
    far = float(np.abs(ways[0] - ways[1]).max())
    bound = TOLERANCES["instances: place"].amount
    return wrong + ([f"{name}: its centre is {far:.3g} px off"] if far > bound else [])
