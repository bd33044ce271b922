"""Streams of pictures."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.streams.base import Coloured

__all__ = ["ImageStream"]


class ImageStream(Coloured):
    """A picture: HxWxC or HxW, uint8, uint16 or float32 in 0..1."""

    what: ClassVar[str] = "an image stream"
    modality: Literal["image"] = Field(description="A picture.")
