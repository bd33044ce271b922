"""Picture and caption are as similar to an encoder as they were before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from syncaug.checks.measure import Encoder, Measure, Outcome
from syncaug.checks.views import picture_in
from syncaug.errors import SampleError
from syncaug.modalities.clock.video import VideoCarrier
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.language.text_forms import texts_of
from syncaug.modalities.plane.image import ImageCarrier

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest drop of the cosine between a picture and the text that describes it.

    The encoder gets pictures, or a frame near the middle of a video, as HxWxC and texts as they
    are, before and after; of a list each text counts, and none that came empty.
    """
    encoder = outcome.encoders[options["encoder"]]
    parts: dict[str, float] = {}
    failed: list[str] = []
    worst = -np.inf
    for image, text in _pairs(options, outcome):
        pictures = _pictures(image, outcome)
        if pictures is None:
            continue
        texts = [_texts(sample, text) for sample in (outcome.before, outcome.after)]
        for (name, _), *said in zip(text.named(), *texts, strict=True):
            if not said[0].strip():
                continue
            before, after = (
                _cosine(encoder, image.stream.name, picture, text.stream.name, words)
                for picture, words in zip(pictures, said, strict=True)
            )
            pair = f"{image.stream.name}/{name}"
            parts |= {f"{pair}/before": before, f"{pair}/after": after}
            worst = max(worst, before - after)
            if before - after > options["max_drop"] or after < options["min_ratio"] * before:
                failed.append(f"the cosine of {pair} fell from {before:.3f} to {after:.3f}")
    if not parts:
        return Measure.nothing("no text describes a picture")
    return Measure(worst, not failed, ", ".join(failed), parts)


def _pairs(
    options: Mapping[str, Any], outcome: Outcome
) -> Iterator[tuple[ImageCarrier | VideoCarrier, TextCarrier]]:
    named = options.get("image", "")
    images: list[ImageCarrier | VideoCarrier] = [*outcome.carriers(ImageCarrier, named)]
    images += outcome.carriers(VideoCarrier, named)
    for text in outcome.carriers(TextCarrier, options.get("text", "")):
        for image in images:
            if image.stream.spaces["plane"] == text.stream.spaces.get("plane"):
                yield image, text


def _texts(sample: Mapping[str, Any], text: TextCarrier) -> Sequence[str]:
    return texts_of(text.stream.name, sample[text.stream.name])


def _pictures(image: ImageCarrier | VideoCarrier, outcome: Outcome) -> tuple[Any, Any] | None:
    """The picture before and after; of a video one frame near the middle."""
    if isinstance(image, VideoCarrier):
        return image.pair()
    return picture_in(outcome.before, image), picture_in(outcome.after, image)


def _cosine(
    encoder: Encoder,
    image: str,
    picture: Any,
    text: str,
    words: str,
) -> float:
    one = _vector(image, encoder("image", picture))
    other = _vector(text, encoder("text", words))
    if one.shape != other.shape:
        raise SampleError(
            image,
            expected=f"an encoder that gives vectors of one length, as of the text {other.shape}",
            came=f"{one.shape} of the picture",
        )
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / length if length > 0 else 0.0


def _vector(stream: str, value: Any) -> Any:
    try:
        vector = np.asarray(value, dtype=np.float64).ravel()
    except (TypeError, ValueError):
        raise SampleError(
            stream, expected="an encoder that gives a finite vector", came=f"{value!r:.80}"
        ) from None
    if vector.size == 0 or not np.isfinite(vector).all():
        raise SampleError(
            stream, expected="an encoder that gives a finite vector", came=f"{vector[:4]}"
        )
    return vector
