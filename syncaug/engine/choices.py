"""Choices: of which text of a list a sample speaks, where a stream declares `choose: one`.

The choice is made before anything is carried: from then on the stream is a string, and the phrases
that belong to it are those of that string.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.draw import Draw
from syncaug.errors import SampleError
from syncaug.modalities.carrier import describe
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
    as any other. It is drawn at (seed, key, epoch) and the stream's name. Texts that answer a list
    of questions go with the question that is chosen.
    """

    __slots__ = ("_chosen", "_questions", "_streams")

    def __init__(self, plan: Plan) -> None:
        texts = [stream for stream in plan.streams if stream.modality == "text"]
        chosen = {stream.name for stream in texts if stream.options.get("choose") == "one"}
        asked = {stream.name: stream.options.get("answers", "") for stream in texts}
        self._questions = {name: other for name, other in asked.items() if other in chosen}
        # Questions first: those that answer them ask where they have been chosen.
        names = [name for name in asked if name in chosen and name not in self._questions]
        names += self._questions
        self._streams: Mapping[str, tuple[Stream, ...]] = {
            name: tuple(
                phrases
                for phrases in plan.streams
                if phrases.modality == "phrases" and phrases.options.get("text") == name
            )
            for name in names
        }
        self._chosen = frozenset(chosen)

    def __bool__(self) -> bool:
        return bool(self._streams)

    def places(
        self, sample: Mapping[str, Any], draw: Draw, *, partner: bool = False
    ) -> dict[str, int]:
        """For each list of texts in a sample the index of the one that is chosen.

        A `partner` has choices of its own in the draw of the sample that it is mixed with. Raises
        SampleError where there is none to choose, or something else than a string.
        """
        source = Source(draw.seed, draw.key, draw.epoch, view=draw.view)
        places: dict[str, int] = {}
        for name in self._streams:
            value, question = sample.get(name), self._questions.get(name, "")
            if question in places and value is not None:
                _require_answers(name, value, question, len(sample[question]))
                places[name] = places[question]
            elif name in self._chosen and is_several(value):
                count = _count(name, value)
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


def _count(name: str, value: Any) -> int:
    """How many texts there are to choose from. Raises SampleError where there is none."""
    count = len(texts_of(name, value))
    if not count:
        raise SampleError(
            name,
            expected="a string, or a list of strings of which to choose one",
            came="an empty list",
            hint="Give an empty string, or declare optional: true and leave it out.",
        )
    return count


def _require_answers(name: str, value: Any, question: str, count: int) -> None:
    """Raise SampleError unless there is an answer to each of a list of questions."""
    if not is_several(value) or len(texts_of(name, value)) != count:
        raise SampleError(
            name,
            expected=f"a list of {count} texts, one for each question in {question!r}, of which "
            "one is chosen",
            came=f"a list of {len(value)}" if is_several(value) else describe(value),
        )
