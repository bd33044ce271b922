"""nuScenes' radar files: a header as .pcd has it, and rows of fields of several types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import ManifestError
from syncaug.io.atomic import write_bytes
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["FIELDS", "read_radar", "write_radar"]

FIELDS: dict[str, str] = {
    "x": "<f4", "y": "<f4", "z": "<f4", "dyn_prop": "i1", "id": "<i2", "rcs": "<f4",
    "vx": "<f4", "vy": "<f4", "vx_comp": "<f4", "vy_comp": "<f4", "is_quality_valid": "i1",
    "ambig_state": "i1", "x_rms": "i1", "y_rms": "i1", "invalid_state": "i1", "pdh0": "i1",
    "vx_rms": "i1", "vy_rms": "i1",
}  # fmt: skip
"""The fields of a return, in the order and the types of the devkit's RadarPointCloud."""


def read_radar(path: Path) -> NDArray[np.float64]:
    """The returns of a file, Nx18 in the order of `FIELDS`. Raises ManifestError."""
    try:
        data = read_bytes(path, "a radar file (.pcd)")
    except FileProblem as problem:
        raise ManifestError(str(problem)) from None
    head, _, body = data.partition(b"DATA binary\n")
    said = {
        words[0]: words[1:]
        for line in head.decode("latin-1").splitlines()
        if (words := line.split())
    }
    names = said.get("FIELDS", [])
    if names != list(FIELDS):
        raise ManifestError(
            f"{path}: expected a binary .pcd with fields {', '.join(FIELDS)}; got "
            f"{', '.join(names) or 'none of them'}"
        )
    row = np.dtype([(name, FIELDS[name]) for name in names])
    count = int((said.get("POINTS") or said.get("WIDTH") or ["0"])[0])
    if not 0 <= count * row.itemsize <= len(body):
        raise ManifestError(
            f"{path}: expected {count} returns of {row.itemsize} bytes; got {len(body)} bytes"
        )
    rows = np.frombuffer(body, row, count)
    return np.stack([rows[name].astype(np.float64) for name in names], axis=1)


def write_radar(path: Path, returns: Any) -> None:
    """Write returns of the order of `FIELDS`. Raises OSError."""
    table = np.asarray(returns, float).reshape(-1, len(FIELDS))
    rows = np.empty(len(table), np.dtype(list(FIELDS.items())))
    for index, name in enumerate(FIELDS):
        rows[name] = table[:, index]
    types = [np.dtype(form) for form in FIELDS.values()]
    lines = [
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        f"FIELDS {' '.join(FIELDS)}",
        f"SIZE {' '.join(str(form.itemsize) for form in types)}",
        f"TYPE {' '.join(form.kind.upper() for form in types)}",
        f"COUNT {' '.join('1' for _ in types)}",
        f"WIDTH {len(rows)}",
        "HEIGHT 1",
        "VIEWPOINT 0 0 0 1 0 0 0",
        f"POINTS {len(rows)}",
        "DATA binary",
    ]
    # the devkit's reader wants a byte behind the last row, as the original files have it
    write_bytes(path, "\n".join(lines).encode() + b"\n" + rows.tobytes() + b"\n")
