"""OpenCV: pictures through maps, tables and colour spaces; points through matrices.

Pixel centres lie on integers, so the matrices of `syncaug.maps.plane` are OpenCV's own.
"""

from syncaug.backends.opencv.colours import lookup, shift_hue
from syncaug.backends.opencv.copies import only_copies
from syncaug.backends.opencv.cuts import warp_map
from syncaug.backends.opencv.fields import blend, blurred, edges, remap
from syncaug.backends.opencv.four_channels import (
    affine_through_four,
    faster_with_four,
    through_four,
)
from syncaug.backends.opencv.machine import instruction_sets, threads
from syncaug.backends.opencv.planes import interleaved, planar
from syncaug.backends.opencv.rows import transform_points
from syncaug.backends.opencv.warps import require_sides, warp, warped

__all__ = [
    "affine_through_four",
    "blend",
    "blurred",
    "edges",
    "faster_with_four",
    "instruction_sets",
    "interleaved",
    "lookup",
    "only_copies",
    "planar",
    "remap",
    "require_sides",
    "shift_hue",
    "threads",
    "through_four",
    "transform_points",
    "warp",
    "warp_map",
    "warped",
]
