"""The head of a saved latent space: what it was fitted on, without its numbers.

The file is an .npz, which is a zip of arrays, with one member more: `head.json`. It holds `form`,
`fingerprint`, `dimensions`, `streams` (name -> `features`, `modality` and `size`), `policy` (its
name, and what it says of these streams; null where none was named) and `bank` (the `keys` of its
samples, and their `manifest`; null without one).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["FORM", "HEAD", "VECTORS", "SpaceFileError", "read_head"]

FORM = 2
HEAD = "head.json"
VECTORS = "vectors"
"""The features of streams that are vectors already; they alone can be decoded."""
_KEYS = {"form", "fingerprint", "dimensions", "streams", "policy", "bank"}


class SpaceFileError(ValueError):
    """A file that is no latent space, or cannot be read."""


def read_head(path: str | Path) -> dict[str, Any]:
    """What a file says of its space. Raises SpaceFileError."""
    import zipfile  # late: most policies name no such file

    try:
        with zipfile.ZipFile(path) as archive:
            head = json.loads(archive.read(HEAD))
    except FileNotFoundError as error:
        raise SpaceFileError("there is no such file") from error
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, RuntimeError, EOFError) as error:
        raise SpaceFileError("it is no latent space that syncaug fit-latent wrote") from error
    if not isinstance(head, dict) or not head.keys() >= _KEYS:
        raise SpaceFileError("it is no latent space that syncaug fit-latent wrote")
    if head["form"] != FORM:
        raise SpaceFileError(f"it has the form {head['form']}, and this version reads {FORM}")
    return head
