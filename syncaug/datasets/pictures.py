"""Pictures of data sets that are written: in files that the tools of the data set open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.pictures import write_image
from syncaug.io.problem import FileProblem

__all__ = ["write_picture"]

_EXPECTED = "a picture of 8 or 16 bits, RGB"


def write_picture(
    folder: Path, stem: str, value: Any, *, jpeg_quality: int = 0
) -> tuple[str, NDArray[Any]]:
    """Write a picture, HxWxC or HxW, as PNG or JPEG: the name of its file, and its pixels.

    Raises FileProblem where it is no picture, or has levels that only an array could keep.
    """
    picture = np.asarray(value)
    if picture.ndim not in (2, 3) or 0 in picture.shape:
        raise FileProblem(_EXPECTED, f"{type(value).__name__} of shape {picture.shape}")
    folder.mkdir(parents=True, exist_ok=True)
    file = write_image(folder, stem, picture, {}, jpeg_quality=jpeg_quality)
    if file.endswith(".npy"):
        (folder / file).unlink()
        raise FileProblem(_EXPECTED, f"{picture.dtype} {picture.shape}")
    return file, picture
