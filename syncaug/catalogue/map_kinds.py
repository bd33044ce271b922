"""The kinds of map: on which kind of space each acts, and which act on streams by name."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ANYWHERE", "ON_STREAMS", "SPACES", "SPACE_OF"]

SPACES = ("plane", "clock", "world")
"""The kinds of space."""

SPACE_OF: Mapping[str, str] = {
    "plane": "plane",
    "field": "plane",
    "lens": "plane",
    "occlude": "plane",
    "phase": "plane",
    "words": "plane",
    "tone": "plane",
    "time": "clock",
    "pitch": "clock",
    "blank": "clock",
    "world": "world",
    "frustum": "world",
}
"""The kind of space that each kind of map acts on; noise, drops and mixes act on streams."""

ON_STREAMS = frozenset({"noise", "drop", "mix"})
"""Kinds of map that a transform sends to one stream by its name."""

ANYWHERE = frozenset({"tone", "pitch"})
"""Kinds of map that also reach streams outside of any space, where a step names none."""
