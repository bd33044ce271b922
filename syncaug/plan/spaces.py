"""Who lives where, as tables: the spaces of each modality, and why maps do nothing to it.

All of it comes from the descriptions in `catalogue/modalities`, of the library's own only; a
stream knows the description of its modality (`Stream.spec`), also where a package brings it.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncaug.catalogue.map_kinds import SPACE_OF
from syncaug.catalogue.modalities import MODALITIES

__all__ = [
    "CHEAP",
    "LIVES_IN",
    "REASONS",
    "SPACE_OF",
]

LIVES_IN: Mapping[str, tuple[str, ...]] = {name: spec.spaces for name, spec in MODALITIES.items()}
"""The kinds of space that streams of each modality live in."""

REASONS: Mapping[tuple[str, str], str] = {
    (name, kind): reason
    for name, spec in MODALITIES.items()
    for kind, reason in spec.reasons.items()
}
"""Why a modality is unaffected by a kind of map."""

CHEAP = frozenset(name for name, spec in MODALITIES.items() if spec.cheap)
"""Modalities of a few numbers or words: carrying them costs next to nothing beside the others."""
