"""What the header of a .ply or .pcd cloud announces, held against the size of the file.

open3d makes room for as many points as a header says before it reads the first.
"""

from __future__ import annotations

import re

import numpy as np

__all__ = ["damage_of_cloud", "points_of"]

_HEAD = 1 << 16
"""Bytes in which a header ends."""

_BLANK = 32
"""Bytes up to which nothing is seen: blanks and ends of lines."""

_SIZES = {
    "char": 1, "int8": 1, "uchar": 1, "uint8": 1, "short": 2, "int16": 2, "ushort": 2, "uint16": 2,
    "int": 4, "int32": 4, "uint": 4, "uint32": 4, "float": 4, "float32": 4, "double": 8,
    "float64": 8,
}  # fmt: skip


def points_of(data: bytes) -> tuple[int, int]:
    """How many points a header announces, and how many numbers for each; (0, 0) where it does not.

    Raises ValueError for a header that cannot be read.
    """
    elements, _, _ = _read(data)
    count, columns, _ = elements[0] if elements else (0, 0, 0)
    return count, columns


def damage_of_cloud(data: bytes) -> str:
    """Why a cloud cannot be as its header says; empty where it may be.

    A number in ASCII takes two bytes at least; those that are there are counted.
    """
    try:
        elements, form, start = _read(data)
    except (ValueError, OverflowError):
        return "its header is damaged"
    body = len(data) - start
    if form == "binary_compressed":
        packed, whole = (int.from_bytes(data[start + i : start + i + 4], "little") for i in (0, 4))
        if elements and (packed > body - 8 or whole != elements[0][0] * elements[0][2]):
            return "its header and its compressed part disagree"
        return ""
    least = sum(
        count * (2 * columns if form == "ascii" else size) for count, columns, size in elements
    )
    if least > body + 1 or any(count < 0 for count, _, _ in elements):
        return f"its header says {elements[0][0]:,} points, more than its {len(data):,} bytes hold"
    needed = sum(count * columns for count, columns, _ in elements)
    if form == "ascii" and needed > (words := _words_from(data, start)):
        said = f"its header says {elements[0][0]:,} points"
        return f"{said}, and {needed - words:,} of its numbers are missing"
    return ""


def _words_from(data: bytes, start: int) -> int:
    """How many words stand behind a place."""
    dark = np.frombuffer(data, np.uint8, offset=start) > _BLANK
    return int(np.count_nonzero(dark[1:] & ~dark[:-1])) + int(dark[:1].any())


def _read(data: bytes) -> tuple[list[tuple[int, int, int]], str, int]:
    """Elements as (count, numbers, least bytes), points first; the form; where numbers start."""
    head = data[:_HEAD]
    return _ply(head) if head.startswith(b"ply") else _pcd(head)


def _ply(head: bytes) -> tuple[list[tuple[int, int, int]], str, int]:
    end = re.search(rb"\nend_header\r?\n", head)
    if end is None:
        raise ValueError("no end of the header")
    elements: list[tuple[str, int, int, int]] = []
    form = ""
    for line in head[: end.start()].decode("latin-1").splitlines():
        words = line.split()
        if words[:1] == ["format"]:
            form = "ascii" if words[1:2] == ["ascii"] else "binary"
        elif words[:1] == ["element"] and len(words) == 3:
            elements.append((words[1], int(words[2]), 0, 0))
        elif words[:1] == ["property"] and elements and len(words) >= 3:
            name, count, columns, size = elements[-1]
            elements[-1] = name, count, columns + 1, size + _SIZES.get(words[-2], 1)
            if words[1] == "list" and len(words) == 5:  # perhaps of nothing but its length
                elements[-1] = name, count, columns + 1, size + _SIZES.get(words[2], 1)
    ordered = sorted(elements, key=lambda element: element[0] != "vertex")
    return [element[1:] for element in ordered], form, end.end()


def _pcd(head: bytes) -> tuple[list[tuple[int, int, int]], str, int]:
    end = re.search(rb"(?m)^DATA\s+(\w+)\s*?\n", head)
    if end is None:
        raise ValueError("no end of the header")
    said = {
        words[0]: words[1:]
        for line in head[: end.start()].decode("latin-1").splitlines()
        if (words := line.split())
    }
    sizes = [int(size) for size in said.get("SIZE", ())]
    counts = [int(count) for count in said.get("COUNT", ["1"] * len(sizes))]
    if len(counts) != len(sizes):
        raise ValueError("sizes and counts of other numbers of fields")
    width, height = (int((said.get(name) or ["1"])[0]) for name in ("WIDTH", "HEIGHT"))
    points = max(int((said.get("POINTS") or ["0"])[0]), width * height)
    if min(width, height, *sizes, *counts, 0) < 0:
        raise ValueError("a negative size")
    row = sum(size * count for size, count in zip(sizes, counts, strict=True))
    return [(points, sum(counts), row)], end[1].decode("latin-1").lower(), end.end()
