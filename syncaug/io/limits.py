"""How much one file may hold: what a user can raise, so that no file takes all memory unasked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from syncaug.io.problem import FILE_BYTES, TEXT_BYTES, FileProblem

__all__ = ["FILE_BYTES", "LIMITS", "MAX_PIXELS", "TEXT_BYTES", "Limits"]

MAX_PIXELS = 178_956_970
"""Pixels of a picture, or of a video's frame: those at which Pillow speaks of a bomb."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one stream of one sample may be: checked before anything is decoded.

    `pixels` counts those of one picture, `memory` the bytes of a decoded stream.
    """

    pixels: int = MAX_PIXELS
    memory: int = FILE_BYTES

    def check_picture(
        self, path: Path, expected: str, width: int, height: int, *, pixel_bytes: int = 3
    ) -> None:
        """Raise FileProblem for a picture of more pixels, or of more memory, than may be."""
        if width * height > self.pixels:
            raise FileProblem(
                f"{expected} of at most {self.pixels:,} pixels",
                f"{path}, of {width}x{height} = {width * height:,}",
                "Make it smaller, or allow more with --max-pixels.",
            )
        self.check_memory(path, expected, width * height * pixel_bytes)

    def check_memory(self, path: Path, expected: str, size: int) -> None:
        """Raise FileProblem for a stream that takes more bytes in memory than may be."""
        if size > self.memory:
            raise FileProblem(
                f"{expected} of at most {self.memory >> 20:,} MiB in memory",
                f"{path}, which takes {size / (1 << 20):,.0f} MiB",
                "Make it smaller, or allow more with --max-memory.",
            )


LIMITS = Limits()
"""Those of a run that says nothing else."""
