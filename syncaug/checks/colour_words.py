"""Colour words moved on the wheel as the picture's colours did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.measure import Measure, Outcome
from syncaug.maps.plane import apply_projective
from syncaug.modalities.image import ImageCarrier
from syncaug.modalities.text import TextCarrier
from syncaug.modalities.video import VideoCarrier
from syncaug.words import ColourWord, colour_words

__all__ = ["measure"]

_GRID = 64
_COLOURED = 0.15
"""Chroma (max - min of RGB) below which a pixel has no hue to speak of."""
_FEWEST = 16


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest difference in degrees between a colour word's turn and the pixels' turn.

    The pixels' turn is measured: a grid of source pixels, where they went by the plane's map, and
    the circular mean of the hue differences, weighted by chroma.
    """
    worst, said = 0.0, ""
    compared = False
    for text in outcome.carriers(TextCarrier, options.get("stream", "")):
        for image in _pictures(outcome):
            if image.stream.spaces["plane"] != text.stream.spaces.get("plane"):
                continue
            pairs = list(_words(text))
            turn = _turn(outcome, image) if pairs else None
            if turn is None:
                continue
            compared = True
            for old, new in pairs:
                difference = abs(_wrapped(_wrapped(new.hue - old.hue) - turn))
                if difference > worst:
                    worst = difference
                    said = f"{old.word!r} became {new.word!r}, the picture turned by {turn:.0f}"
    if not compared:
        return Measure.nothing("no colour words, or no coloured pixels")
    return Measure(
        worst, worst <= options["tolerance"], "" if worst <= options["tolerance"] else said
    )


def _words(text: TextCarrier) -> Iterator[tuple[ColourWord, ColourWord]]:
    """Chromatic colour words of the original and what stands for them now, in order."""
    before = [
        word for word in colour_words(str(text.sample[text.stream.name])) if not word.achromatic
    ]
    after = [word for word in colour_words(text.data) if not word.achromatic]
    if len(before) == len(after):
        yield from zip(before, after, strict=True)


def _turn(outcome: Outcome, image: ImageCarrier | VideoCarrier) -> float | None:
    """By how many degrees the picture's hues turned; None where there is no colour to see.

    Of a video one frame near the middle is looked at: all frames took the same turn.
    """
    plane = image.stream.spaces["plane"]
    pair = _pair(outcome, image)
    if pair is None or plane in outcome.scene.bent:
        return None
    before, after = pair
    if before.ndim != 3 or before.shape[2] < 3:
        return None
    total = outcome.plane(plane)
    height, width = before.shape[:2]
    rows, columns = np.meshgrid(
        np.linspace(0, height - 1, _GRID).round(),
        np.linspace(0, width - 1, _GRID).round(),
        indexing="ij",
    )
    source = np.stack([columns.ravel(), rows.ravel()], axis=1)
    target = np.rint(apply_projective(total.matrix, source)).astype(int)
    inside = ((target >= 0) & (target < np.array([after.shape[1], after.shape[0]]))).all(axis=1)
    source, target = source[inside].astype(int), target[inside]
    old, new = _rgb(before, source), _rgb(after, target)
    weight = np.minimum(_chroma(old), _chroma(new))
    weight[weight < _COLOURED] = 0.0
    if np.count_nonzero(weight) < _FEWEST:
        return None
    difference = np.exp(1j * np.radians(_hue(new) - _hue(old))) * weight
    return float(np.degrees(np.angle(difference.sum())))


def _pictures(outcome: Outcome) -> Iterator[ImageCarrier | VideoCarrier]:
    yield from outcome.carriers(ImageCarrier)
    yield from outcome.carriers(VideoCarrier)


def _pair(
    outcome: Outcome, image: ImageCarrier | VideoCarrier
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """The same picture before and after; None where a video shows nothing."""
    if isinstance(image, VideoCarrier):
        return image.pair()
    return image.read(outcome.before[image.stream.name]), image.data


def _rgb(picture: NDArray[Any], pixels: NDArray[Any]) -> NDArray[np.float64]:
    levels = picture[pixels[:, 1], pixels[:, 0], :3].astype(np.float64)
    return levels / 255.0 if picture.dtype == np.uint8 else levels


def _chroma(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rgb.max(axis=1) - rgb.min(axis=1))


def _hue(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hue in degrees from the chromaticity plane; within 1.2 degrees of the hue of HSV."""
    red, green, blue = rgb.T
    return np.asarray(
        np.degrees(np.arctan2(np.sqrt(3.0) * (green - blue), 2.0 * red - green - blue))
    )


def _wrapped(degrees: float) -> float:
    return (degrees + 180.0) % 360.0 - 180.0
