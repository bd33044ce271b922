"""How closely the two ways round a square must agree, stream by stream, and why not closer."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TOLERANCES", "Tolerance"]


@dataclass(frozen=True)
class Tolerance:
    """A bound, its unit, and the reason why it is not tighter."""

    amount: float
    unit: str
    reason: str


TOLERANCES = {
    "image: place": Tolerance(
        0.2, "px, centroid of each shape", "a linear warp of 8-bit levels over 4x4 rays a pixel"
    ),
    "image: area": Tolerance(
        0.04, "of a shape's area", "edges are blurred once more by the resampling"
    ),
    "image: level": Tolerance(
        1.6 / 255.0, "of white, inside of shapes", "8-bit levels are rounded on both ways"
    ),
    "image: hue": Tolerance(
        11.0 / 255.0, "of white, inside of shapes", "OpenCV's 8-bit hue has steps of two degrees"
    ),
    "mask: place": Tolerance(
        0.55,
        "px, centroids of the shapes",
        "nearest sampling shifts a whole raster by half a pixel",
    ),
    "mask: number": Tolerance(
        2.0, "px from an edge, beyond which every pixel agrees", "nearest sampling moves edges"
    ),
    "depth: metres": Tolerance(1e-5, "relative, on surfaces that face the eye", "float32 metres"),
    "depth: slope": Tolerance(
        1.0, "px times the slope of the surface", "nearest sampling takes a neighbour's depth"
    ),
    "heatmap": Tolerance(0.01, "of the peak", "a bell is interpolated linearly between pixels"),
    "flow": Tolerance(0.05, "px, inside of shapes", "vectors are interpolated linearly in float32"),
    "normals": Tolerance(
        0.02, "of the unit vector, inside of shapes", "a dome is interpolated between pixels"
    ),
    "disparity: pixels": Tolerance(
        1e-4, "relative, and a pixel times the slope", "float32 pixels; nearest sampling"
    ),
    "boxes": Tolerance(1e-6, "px", "float64 throughout"),
    "boxes: bent": Tolerance(0.005, "px", "bent sides are followed at 24 places each"),
    "keypoints": Tolerance(1e-6, "px", "float64 throughout"),
    "polygons": Tolerance(1e-6, "px, every corner; every quarter of a pixel", "float64 throughout"),
    "oriented_boxes": Tolerance(1e-6, "px, and degrees", "float64 throughout"),
    "oriented_boxes: bent": Tolerance(
        0.5, "px, and degrees", "under a lens sides bend, and the box is around the bent sides"
    ),
    "instances: place": Tolerance(
        1.5,
        "px, centre of each mask",
        "half a pixel each: the pixels of the mask that came, of the nearest sampling, of this one",
    ),
    "phrases": Tolerance(0.0, "letters", "words are exact"),
    "text": Tolerance(0.0, "letters", "words are exact"),
    "messages": Tolerance(1.001e-3, "px", "three decimals are written, rounded on both sides"),
    "camera": Tolerance(1e-9, "relative, K and extrinsics", "float64 throughout"),
    "points": Tolerance(1e-5, "relative to the cloud's extent", "float32 coordinates"),
    "points: colour": Tolerance(2e-3, "of white", "float32 through the colour wheel and back"),
    "boxes3d": Tolerance(1e-9, "relative; yaw in radians", "float64 throughout"),
    "timed_text": Tolerance(1e-6, "s", "float64 throughout; words are exact"),
    "imu": Tolerance(1e-5, "of the largest reading", "the eye's path is differentiated by steps"),
    "imu: in time": Tolerance(
        0.03, "of the largest reading", "readings between rows are interpolated at 80 Hz"
    ),
    "robot": Tolerance(1e-6, "of the largest number", "speeds are differences over 0.1 ms"),
    "embedding": Tolerance(1e-9, "absolute", "float64, on a path that moves steadily"),
    "points: time": Tolerance(1e-6, "s", "float32 seconds"),
    "audio: click": Tolerance(
        0.5 / 16000, "s, by cross-correlation", "half a sample; what is measured is far less"
    ),
    "audio: resampled": Tolerance(
        0.01, "of full scale, away from cuts", "the resampler's passband ripple"
    ),
    "audio: click, stretched": Tolerance(
        0.006, "s, by energy", "a phase vocoder smears what is shorter than its window"
    ),
    "audio: tone": Tolerance(
        1.5, "dB, each tone in each channel", "a phase vocoder's windows overlap unevenly"
    ),
    "audio: level": Tolerance(1e-6, "of full scale", "float32 samples, which are only reordered"),
    "joints": Tolerance(1e-9, "relative to the farthest joint", "float64 throughout"),
    "bev: place": Tolerance(
        0.55, "cells, mean of all centroids", "nearest sampling shifts a whole raster"
    ),
    "bev: value": Tolerance(
        0.05, "of the highest hill", "linear interpolation of hills that a shrunk world makes steep"
    ),
    "label": Tolerance(0.0, "-", "a label is exact"),
}
