"""The seal of a record: a hash of all that its result depends on.

It shows damage and changes by mistake, in what no policy can tell from another draw: a constant
policy draws the same for every key, but its noise is another one. It is no signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from syncaug.record.plain import canonical

__all__ = ["seal_of"]

_SEALED = ("fingerprint", "sync", "digest", "partner", "draw", "outcome")
_SEALED_SOURCE = ("variant", "formats", "lazy_above")


def seal_of(told: Mapping[str, Any]) -> str:
    """32 hexadecimal digits of a record as plain data.

    Where the source lies and what was measured, noted or installed is not sealed: records may move
    with their data, and are read by other versions.
    """
    source = told.get("source", {})
    maps = {"maps": told["maps"]} if "maps" in told else {}  # earlier versions kept none
    sealed = [
        {**{name: told.get(name) for name in _SEALED}, **maps},
        {name: source.get(name) for name in _SEALED_SOURCE},
    ]
    return blake2b(canonical(sealed).encode(), digest_size=16).hexdigest()
