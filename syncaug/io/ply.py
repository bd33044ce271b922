"""Columns of whole numbers in a .ply file, which open3d leaves out: rings, intensities, times.

Source: Greg Turk, The PLY Polygon File Format.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ply_columns"]

_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2",
    "ushort": "u2", "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_ORDERS = {"binary_little_endian": "<", "binary_big_endian": ">", "ascii": "="}
_HEAD = re.compile(rb"\A(ply\r?\n.{0,65000}?\nend_header\r?\n)", re.DOTALL)


def ply_columns(data: bytes) -> dict[str, NDArray[Any]]:
    """The columns of the points by their names in the header, in the types that it gives them.

    Empty where the points do not come first, or hold lists. Raises ValueError where the file does
    not hold what its header says.
    """
    head = _HEAD.match(data)
    if head is None:
        return {}
    form, count, fields = _read(head[1].decode("latin-1"))
    if form not in _ORDERS or not fields:
        return {}
    row = np.dtype([(name, _ORDERS[form] + kind) for name, kind in fields])
    if form == "ascii":
        words = data[head.end() :].split(None, count * len(fields))[: count * len(fields)]
        numbers = np.array(words, "S").reshape(count, len(fields)).astype(np.float64)
        return {name: numbers[:, at].astype(kind) for at, (name, kind) in enumerate(fields)}
    points = np.frombuffer(data, row, count, head.end())
    return {name: points[name].astype(kind) for name, kind in fields}


def _read(head: str) -> tuple[str, int, list[tuple[str, str]]]:
    """The form, how many points there are, and the names and types of their columns."""
    form, count, fields = "", 0, list[tuple[str, str]]()
    elements = 0
    for line in head.splitlines():
        words = line.split()
        if words[:1] == ["format"]:
            form = words[1]
        elif words[:1] == ["element"]:
            elements += 1
            if elements == 1 and words[1:2] != ["vertex"]:
                return form, 0, []
            if elements == 1:
                count = int(words[2])
        elif words[:1] == ["property"] and elements == 1:
            if words[1] not in _TYPES or len(words) != 3:
                return form, 0, []
            fields.append((words[2], _TYPES[words[1]]))
    return form, count, fields
