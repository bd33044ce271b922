"""Choices: of which text of a list a sample speaks, where a stream declares `choose: one`.

The choice is made before anything is carried: from then on the stream is a string, and the phrases
that belong to it are those of that string.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.draw import Draw
from syncaug.errors import SampleError
from syncaug.modalities.language.phrase_rules import require_lists
from syncaug.modalities.language.text_forms import is_several, texts_of
from syncaug.plan.addresses import chosen_at
from syncaug.plan.plan import Plan
from syncaug.plan.stream import Stream
from syncaug.randomness import Source, unit_interval

__all__ = ["Choices"]


class Choices:
    """The texts of a plan of which one is drawn, each with the phrases that belong to it.

    All attempts of a draw have one choice: a text whose words refuse many draws is chosen as often
    as any other. It is drawn at (seed, key, epoch) and the stream's name.
    """

    __slots__ = ("_streams",)

    def __init__(self, plan: Plan) -> None:
        self._streams: Mapping[str, tuple[Stream, ...]] = {
            stream.name: tuple(
                phrases
                for phrases in plan.streams
                if phrases.modality == "phrases" and phrases.options.get("text") == stream.name
            )
            for stream in plan.streams
            if stream.options.get("choose") == "one"
        }

    def __bool__(self) -> bool:
        return bool(self._streams)

    def places(
        self, sample: Mapping[str, Any], draw: Draw, *, partner: bool = False
    ) -> dict[str, int]:
        """For each list of texts in a sample the index of the one that is chosen.

        A `partner` has choices of its own in the draw of the sample that it is mixed with. Raises
        SampleError where there is none to choose, or something else than a string.
        """
        source = Source(draw.seed, draw.key, draw.epoch)
        places: dict[str, int] = {}
        for name in self._streams:
            value = sample.get(name)
            if is_several(value):
                count = len(texts_of(name, value))
                if not count:
                    raise SampleError(
                        name,
                        expected="a string, or a list of strings of which to choose one",
                        came="an empty list",
                        hint="Give an empty string, or declare optional: true and leave it out.",
                    )
                digest = source.digest(chosen_at(name, partner=partner).encode())
                places[name] = int(unit_interval(digest) * count)
        return places

    def made(
        self, sample: Mapping[str, Any], draw: Draw, *, partner: bool = False
    ) -> Mapping[str, Any]:
        """The sample with the chosen texts and their phrases alone. Raises SampleError."""
        chosen = dict(sample)
        for name, place in self.places(sample, draw, partner=partner).items():
            texts = texts_of(name, sample[name])
            chosen[name] = str(texts[place])
            for phrases in self._streams[name]:
                for key in (phrases.name, phrases.options.get("times", "")):
                    if chosen.get(key) is not None:
                        require_lists(key, name, chosen[key], len(texts))
                        chosen[key] = chosen[key][place]
        return chosen
