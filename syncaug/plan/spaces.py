"""Who lives where, as tables: the spaces of each modality and what carries it.

All of it comes from the descriptions in `catalogue/modalities`.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncaug.catalogue.map_kinds import SPACE_OF
from syncaug.catalogue.modalities import MODALITIES

__all__ = [
    "CARRIED_BY",
    "CHEAP",
    "LIVES_IN",
    "MEDIA",
    "PICTURES",
    "REASONS",
    "SPACE_OF",
]

LIVES_IN: Mapping[str, tuple[str, ...]] = {name: spec.spaces for name, spec in MODALITIES.items()}
"""The kinds of space that streams of each modality live in."""

CARRIED_BY: Mapping[str, frozenset[str]] = {
    name: frozenset(spec.carries) for name, spec in MODALITIES.items()
}
"""The kinds of map that carry each modality; by all others it is unaffected."""

REASONS: Mapping[tuple[str, str], str] = {
    (name, kind): reason
    for name, spec in MODALITIES.items()
    for kind, reason in spec.unaffected.items()
}
"""Why a modality is unaffected by a kind of map."""

MEDIA = frozenset(name for name, spec in MODALITIES.items() if spec.media)
"""Modalities that are sampled in time: the longest gives the length of its clock."""

PICTURES = frozenset(name for name, spec in MODALITIES.items() if spec.picture)
"""Modalities that give the size of their plane."""

CHEAP = frozenset(name for name, spec in MODALITIES.items() if spec.cheap)
"""Modalities of a few numbers or words: carrying them costs next to nothing beside the others."""
