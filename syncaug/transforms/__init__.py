"""The library of transforms: parameters in, maps out. One short file each; none touches data.

`TRANSFORMS` names the module of each; its `maps(parameters, view)` is imported when a plan first
runs it. The parameters are described in `catalogue/transforms/<name>.yaml`, and typed from there in
`parameters`. All other names are those of installed packages.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from syncaug.catalogue.external import TRANSFORMS as GROUP
from syncaug.catalogue.external import external_part

if TYPE_CHECKING:
    from syncaug.transforms.formula import Formula
    from syncaug.transforms.view import Maps, View

__all__ = ["TRANSFORMS", "formulas_of", "maps_of"]

TRANSFORMS = {
    "flip": "syncaug.transforms.flip",
    "crop": "syncaug.transforms.crop",
    "rotate": "syncaug.transforms.rotate",
    "perspective": "syncaug.transforms.perspective",
    "undistort": "syncaug.transforms.undistort",
    "occlude": "syncaug.transforms.occlude",
    "drop_modality": "syncaug.transforms.drop_modality",
    "scale": "syncaug.transforms.scale",
    "translate": "syncaug.transforms.translate",
    "resize": "syncaug.transforms.resize",
    "colour": "syncaug.transforms.colour",
    "light": "syncaug.transforms.light",
    "noise": "syncaug.transforms.noise",
    "world_rotate": "syncaug.transforms.world_rotate",
    "world_scale": "syncaug.transforms.world_scale",
    "world_translate": "syncaug.transforms.world_translate",
    "camera_rotate": "syncaug.transforms.camera_rotate",
    "trim": "syncaug.transforms.trim",
    "time_shift": "syncaug.transforms.time_shift",
    "speed": "syncaug.transforms.speed",
    "time_warp": "syncaug.transforms.time_warp",
    "reverse": "syncaug.transforms.reverse",
    "loop": "syncaug.transforms.loop",
    "mask_time": "syncaug.transforms.mask_time",
    "pitch": "syncaug.transforms.pitch",
    "mixup": "syncaug.transforms.mixup",
    "cutmix": "syncaug.transforms.cutmix",
    "mix": "syncaug.transforms.mix",
    "insert": "syncaug.transforms.insert",
    "stitch": "syncaug.transforms.stitch",
    "latent_mix": "syncaug.transforms.latent_mix",
    "latent_interpolate": "syncaug.transforms.latent_interpolate",
    "latent_noise": "syncaug.transforms.latent_noise",
    "feature_mix": "syncaug.transforms.feature_mix",
}


def maps_of(transform: str) -> Callable[[Any, View], Maps]:
    """The function that turns a transform's parameters into maps."""
    if transform not in TRANSFORMS:
        from syncaug.transforms.brought import brought

        return brought(transform, external_part(GROUP, transform, "maps", callable, "a function"))
    return import_module(TRANSFORMS[transform]).maps  # type: ignore[no-any-return]


def formulas_of(transform: str) -> tuple[Formula, ...]:
    """The formulas that are all of a transform where a sample has no cameras; none of others."""
    if transform not in TRANSFORMS:
        return ()
    return getattr(import_module(TRANSFORMS[transform]), "FORMULAS", ())
