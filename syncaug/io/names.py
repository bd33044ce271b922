"""Sample keys as names of folders: readable, safe on every file system, never the same for two."""

from __future__ import annotations

import re
from hashlib import blake2b

__all__ = ["folder_name"]

_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,63}")
_UNSAFE = re.compile(r"[^A-Za-z0-9_]+")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
"""Names that Windows keeps for devices."""


def folder_name(key: str | int) -> str:
    """A folder's name for a sample key; different keys get different names.

    Whole numbers from 0 and short lower-case words stay as they are. Any other key keeps its
    letters and digits, followed by "-" and 16 hexadecimal digits of its hash; plain names hold no
    "-", so the two never meet, also where a file system ignores case. At most 64 characters.
    """
    if isinstance(key, int) and 0 <= key < 10**18:
        return str(key)
    text = str(key)
    if isinstance(key, str) and _PLAIN.fullmatch(text) and text not in _DEVICES:
        return text
    kind = "i" if isinstance(key, int) else "s"
    digest = blake2b(f"{kind}:{text}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    readable = _UNSAFE.sub("_", text).strip("_")[:47] or "key"
    return f"{readable}-{digest}"
