"""A declared stream: its modality, its options and the spaces in which it lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.catalogue.modalities import ModalitySpec, modality_spec
from syncaug.forks import cached_property

__all__ = ["Stream"]

_BESIDE = ("times", "paraphrases")
"""The options that name a key of the sample which belongs to the stream: of phrases, of a text."""


@dataclass(frozen=True)
class Stream:
    """One declared entry of a sample, with the spaces in which it lives (kind -> name)."""

    name: str
    modality: str
    spaces: Mapping[str, str]
    options: Mapping[str, Any]
    optional: bool = False

    @cached_property
    def spec(self) -> ModalitySpec:
        """The description of its modality."""
        return modality_spec(self.modality)

    @cached_property
    def label_keys(self) -> tuple[str, ...]:
        """The sample's keys that run beside the stream, one entry for each of its rows."""
        named = self.options.get("labels") or ()
        return (named,) if isinstance(named, str) else tuple(named)

    @cached_property
    def parallel_keys(self) -> tuple[str, ...]:
        """All keys of the sample that belong to the stream: its labels, and what else it names."""
        named = [self.options[option] for option in _BESIDE if self.options.get(option)]
        return (*self.label_keys, *named) if named else self.label_keys

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "modality": self.modality,
            "spaces": dict(self.spaces),
            "options": dict(self.options),
            "optional": self.optional,
        }
