"""PBM, PGM, PPM and PAM: the levels that stand in them, as numbers or as bytes.

Read here because OpenCV stretches levels in some of them, mixes up colours in others, and gives the
first of several pictures. Source: the pages of Netpbm on each format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["NetpbmHead", "read_netpbm", "read_netpbm_head"]

_BLANK = rb"(?:\s|#[^\n]*\n)+"
_CHANNELS = {
    b"": (1, 3), b"BLACKANDWHITE": (1,), b"GRAYSCALE": (1,), b"RGB": (3,),
    b"BLACKANDWHITE_ALPHA": (2,), b"GRAYSCALE_ALPHA": (2,), b"RGB_ALPHA": (4,),
}  # fmt: skip
"""How many channels the kinds of PAM have that are light."""


@dataclass(frozen=True, slots=True)
class NetpbmHead:
    """The size of such a picture, its level of white, where its pixels begin, and what follows.

    `plain` where levels are written as numbers, `more` where another picture follows. `space` names
    colours that are no light.
    """

    width: int
    height: int
    channels: int
    most: int
    start: int
    plain: bool
    more: bool
    space: str = ""


def read_netpbm_head(data: bytes) -> NetpbmHead | None:
    """What a file of these formats says before its pixels; None where that is cut off or wrong."""
    if data[1:2] == b"7":
        found = _pam(data)
    else:
        kind = data[1:2]
        numbers = re.match(rb"P\d" + (_BLANK + rb"(\d{1,10})") * (2 if kind in b"14" else 3), data)
        if numbers is None:
            return None
        width, height, *most = map(int, numbers.groups())
        channels = 3 if kind in b"36" else 1
        white = most[0] if most else 1
        found = NetpbmHead(
            width, height, channels, white, numbers.end() + 1, kind in b"123", more=False
        )
    if found is None or not 0 < found.most < 65536:
        return None
    if found.plain:
        return found
    rest = data[found.start + _size(found, data) :][:16].lstrip()
    more = re.match(rb"P[1-7]\s", rest) is not None
    return NetpbmHead(
        found.width, found.height, found.channels, found.most, found.start, found.plain, more,
        found.space,
    )  # fmt: skip


def _pam(data: bytes) -> NetpbmHead | None:
    end = re.search(rb"(?m)^ENDHDR\r?\n", data[:65536])
    if end is None:
        return None
    head = data[: end.start()]
    said = {name: int(value) for name, value in re.findall(rb"(?m)^([A-Z]+)\s+(\d{1,10})", head)}
    kinds = re.findall(rb"(?m)^TUPLTYPE\s+(\S+)", head)
    kind = kinds[0] if kinds else b""
    channels = said.get(b"DEPTH", 1)
    space = "" if channels in _CHANNELS.get(kind, ()) else f"{channels} channels"
    if space and kind:
        space += f" of {kind[:40].decode('latin-1')}"
    return NetpbmHead(
        said[b"WIDTH"], said[b"HEIGHT"], channels, said[b"MAXVAL"], end.end(), False, False, space
    )


def _size(head: NetpbmHead, data: bytes) -> int:
    """Bytes of the pixels."""
    if data[1:2] == b"4":
        return -(-head.width // 8) * head.height
    return head.width * head.height * head.channels * (1 if head.most < 256 else 2)


def read_netpbm(data: bytes, head: NetpbmHead) -> NDArray[Any] | None:
    """The numbers of the file, HxW or HxWxC, of 8 or 16 bits; None where it is cut off or wrong.

    Those of a PBM are 1 where it is white. Grey with transparency has four channels.
    """
    height, width, channels = head.height, head.width, head.channels
    dtype = np.dtype(np.uint8 if head.most < 256 else np.uint16)
    count = height * width * channels
    if head.plain:
        rest = re.sub(rb"#[^\n]*", b"", data[head.start - 1 :])
        words = re.findall(rb"[01]", rest) if data[1:2] == b"1" else rest.split()
        try:
            wide: NDArray[Any] = np.array(words[:count], dtype="S").astype(np.int64)
        except ValueError:
            return None
    else:
        size = _size(head, data)
        raw = data[head.start : head.start + size]
        if len(raw) < size:
            return None
        if data[1:2] == b"4":
            rows = np.frombuffer(raw, np.uint8).reshape(height, -1)
            wide = np.unpackbits(rows, axis=1)[:, :width].ravel()
        else:
            wide = np.frombuffer(raw, dtype.newbyteorder(">"))
    if len(wide) < count or wide.min() < 0 or wide.max() > head.most:
        return None
    levels = wide.astype(dtype)
    if data[1:2] in b"14":
        levels = 1 - levels
    if channels == 1:
        return levels.reshape(height, width)
    picture = levels.reshape(height, width, channels)
    return picture[..., [0, 0, 0, 1]] if channels == 2 else picture
