"""What becomes of each modality under each transform: carried, unaffected or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncaug.catalogue.modalities import modality_spec
from syncaug.catalogue.transforms import KEEP, TransformSpec

__all__ = ["Effect", "effect_on"]


_CODED = frozenset({"decode", "nearest", KEEP})


@dataclass(frozen=True, slots=True)
class Effect:
    """The kinds of map that carry the modality; else why none does, or the code of the refusal.

    `options` says for a kind which option of the step alone makes such maps. `coded` are the words
    by which the modality goes through the space of an encoder, where they are all that it has.
    """

    kinds: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    refused: str = ""
    coded: str = ""

    def in_words(self, modality: str) -> str:
        """The effect of `modality` in words."""
        if self.coded:
            return f"what its new vector becomes ({self.coded})"
        if self.kinds:
            return "; ".join(self._words_of(kind, modality) for kind in self.kinds)
        if self.refused:
            return f"refused ({self.refused}) unless the step says `{KEEP}`"
        return f"unaffected: {self.reason}"

    def _words_of(self, kind: str, modality: str) -> str:
        option = self.options.get(kind, "")
        words = modality_spec(modality).carries[kind]
        return f"with {option}: {words}" if option else words


def effect_on(spec: TransformSpec, modality: str) -> Effect:
    """What the transform does to streams of a modality that share its spaces."""
    known = modality_spec(modality)
    words = spec.stream_parameters.get(modality, {}).get("enum", ()) if "mix" in spec.makes else ()
    if modality in spec.unaffected and (not words or tuple(words) == (KEEP,)):
        return Effect(reason=spec.unaffected[modality])
    if tuple(words) == (KEEP,):
        return Effect(refused="SA502")
    kinds = tuple(
        kind
        for kind in spec.makes
        if kind in known.carries
        and modality in spec.reaches.get(kind, (modality,))
        and (kind != "mix" or words)
    )
    if kinds and spec.encodes and set(words) <= _CODED:
        asked = " or ".join(f"`{word}`" for word in words if word != KEEP)
        return Effect(kinds, coded=asked)
    if kinds:
        return Effect(kinds, {kind: _option(spec, kind) for kind in kinds if kind in spec.only})
    reasons = (known.reasons.get(kind, "") for kind in spec.makes)
    return Effect(reason=next(filter(None, reasons), ""))


def _option(spec: TransformSpec, kind: str) -> str:
    """The option that alone makes maps of a kind, as one writes it."""
    parameter, values = spec.only[kind]
    return f"`{parameter}: {' | '.join(values)}`" if values else f"`{parameter}:`"
