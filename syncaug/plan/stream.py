"""A declared stream: its modality, its options and the spaces in which it lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.catalogue.modalities import ModalitySpec, modality_spec
from syncaug.forks import cached_property

__all__ = ["UNROWED", "Stream"]

UNROWED = "none"
"""The value of `rows:` that says of a stream that it belongs to no group."""
_BESIDE = ("times", "paraphrases", "ego_pose")
"""The options that name a key of the sample which belongs to the stream: of phrases, of a text, of
what lives in the world of a vehicle."""


@dataclass(frozen=True)
class Stream:
    """One declared entry of a sample, with the spaces in which it lives (kind -> name)."""

    name: str
    modality: str
    spaces: Mapping[str, str]
    options: Mapping[str, Any]
    optional: bool = False
    shows: tuple[tuple[str, str], ...] = ()
    """Of a stream that speaks of several pictures: their streams in order, each with its plane."""

    @cached_property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Every space in which it lives, (kind, name), each once: all planes that it speaks of."""
        further = (("plane", plane) for _, plane in self.shows)
        return tuple(dict.fromkeys((*self.spaces.items(), *further)))

    @cached_property
    def spec(self) -> ModalitySpec:
        """The description of its modality."""
        return modality_spec(self.modality)

    @cached_property
    def framed(self) -> bool:
        """Whether it holds an entry for each frame of a film."""
        return self.spec.framed and "clock" in self.spaces

    @cached_property
    def label_keys(self) -> tuple[str, ...]:
        """The sample's keys that run beside the stream, one entry for each of its rows."""
        named = self.options.get("labels") or ()
        keys = (named,) if isinstance(named, str) else tuple(named)
        ids = self.ids
        return (*keys, ids) if ids and ids not in keys else keys

    @cached_property
    def ids(self) -> str:
        """The sample's key of the list with the identity of each row; empty where none is named."""
        named: str = self.options.get("ids", "")
        return named

    @cached_property
    def rows(self) -> str:
        """The group of streams whose row n is the same thing; empty where it is in none."""
        named: str = self.options.get("rows", "")
        return "" if named == UNROWED else named

    @cached_property
    def leads(self) -> bool:
        """Whether the rows of its group live and die with it."""
        return bool(self.options.get("lead", False))

    @cached_property
    def follows(self) -> bool:
        """Whether another stream of its group leads, so that it may hold nothing in some rows."""
        return bool(self.rows) and not self.leads

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
            **({"shows": [list(pair) for pair in self.shows]} if self.shows else {}),
        }
