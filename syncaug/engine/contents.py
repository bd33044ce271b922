"""Conditions on content: whether what a sample brings meets what steps ask of its streams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from syncaug.draw import MET, OPEN, UNMET, StepDraw
from syncaug.engine.state import State
from syncaug.modalities.carrier import Carrier
from syncaug.plan.contents import class_columns
from syncaug.plan.plan import Condition, Plan, Stream
from syncaug.plan.step import CONTENT

__all__ = ["Contents"]

_Test = Callable[[Stream, Any, State], bool]


class Contents:
    """The conditions on content of a plan's steps, which a sample decides before the first step.

    A sample that lacks a stream meets no condition on it.
    """

    __slots__ = ("_asked",)

    def __init__(self, plan: Plan) -> None:
        self._asked: Mapping[str, tuple[tuple[Condition, Stream], ...]] = {
            step.name: asked
            for step in plan.walk()
            if (
                asked := tuple(
                    (each, plan.stream(each.subject)) for each in step.conditions if each.on_content
                )
            )
        }

    def __bool__(self) -> bool:
        return bool(self._asked)

    def decide(self, steps: Iterable[StepDraw], state: State) -> None:
        """Say of each step that is open, those inside a choice too, whether the sample meets it.

        What a record has told stays. The state has met no map yet.
        """
        for drawn in steps:
            if drawn.when == OPEN:
                met = all(_holds(*asked, state) for asked in self._asked[drawn.name])
                drawn.when = MET if met else UNMET
            self.decide(drawn.steps, state)


def _holds(condition: Condition, stream: Stream, state: State) -> bool:
    if stream.name not in state.carriers:
        return False
    test = _TESTS[condition.test.removeprefix(CONTENT)]
    return test(stream, condition.operand, state)


# Labels -------------------------------------------------------------------------------------------


def _is(stream: Stream, asked: tuple[Any, ...], state: State) -> bool:
    """Whether a label is one of the classes, all of it where it is a list of classes."""
    entries = _entries_of_label(stream, state.sample[stream.name], largest=True)
    wanted = [_named(entry, stream) for entry in asked]
    return bool(entries) and all(_any_equal(entry, wanted) for entry in entries)


def _is_not(stream: Stream, asked: tuple[Any, ...], state: State) -> bool:
    return not _is(stream, asked, state)


def _above(stream: Stream, asked: tuple[Any, ...], state: State) -> bool:
    return all(float(n) > asked[0] for n in _numbers(stream, state))


def _below(stream: Stream, asked: tuple[Any, ...], state: State) -> bool:
    return all(float(n) < asked[0] for n in _numbers(stream, state))


def _numbers(stream: Stream, state: State) -> list[float]:
    """The numbers of a label; NaN, which is neither above nor below, where it has none."""
    entries = _entries_of_label(stream, state.sample[stream.name], largest=True)
    numbers = [entry for entry in entries if isinstance(entry, int | float)]
    return numbers if numbers and len(numbers) == len(entries) else [float("nan")]


def _entries_of_label(stream: Stream, value: Any, *, largest: bool) -> list[Any]:
    """The classes of a label: its own, those of a list, or those that a vector gives weight.

    Of a vector of weights only the `largest`, where that is asked for.
    """
    array = np.asarray(value)
    if array.ndim == 0:
        return [_named(array.item(), stream)]
    classes = stream.options.get("classes") or 0
    count = len(classes) if isinstance(classes, list) else classes
    flat = array.ravel().tolist()
    weighted = array.dtype.kind in "fb" or (len(flat) == count and set(flat) <= {0, 1})
    if array.dtype.kind in "USO" or not weighted:
        return [_named(entry, stream) for entry in flat]
    most = max(flat, default=0)
    places = [n for n, weight in enumerate(flat) if weight and (weight == most or not largest)]
    return [_named(place, stream) for place in places]


def _named(entry: Any, stream: Stream) -> Any:
    """A class by its name where the declaration has names, so that 1 and cat are one."""
    classes = stream.options.get("classes")
    number = isinstance(entry, int | float) and not isinstance(entry, bool)
    if isinstance(classes, list | tuple) and number and float(entry).is_integer():
        return classes[int(entry)] if 0 <= entry < len(classes) else entry
    return entry


# Rows, pixels and points --------------------------------------------------------------------------


def _has(stream: Stream, asked: tuple[Any, ...], state: State) -> bool:
    """Whether one of the classes stands in a label, beside rows, among pixels or points."""
    if stream.modality == "label":
        entries = _entries_of_label(stream, state.sample[stream.name], largest=False)
        wanted = [_named(entry, stream) for entry in asked]
        return any(_any_equal(entry, wanted) for entry in entries)
    if stream.modality == "mask":
        return _among(np.asarray(state.sample[stream.name]), asked)
    if columns := class_columns(stream):
        points = np.asarray(state.sample[stream.name], dtype=np.float64)
        return _among(points[:, list(columns)], asked)
    lists = (state.sample[key] for key in stream.label_keys if key != stream.ids)
    return any(_any_equal(entry, asked) for values in lists for entry in _flat(values))


def _lacks(stream: Stream, asked: tuple[Any, ...], state: State) -> bool:
    return not _has(stream, asked, state)


def _among(numbers: np.ndarray, asked: Iterable[Any]) -> bool:
    return any(bool((numbers == number).any()) for number in asked if not isinstance(number, str))


def _flat(values: Any) -> Iterator[Any]:
    """The entries of a list, and those of lists in it: a thing may be of several classes."""
    for entry in values.tolist() if isinstance(values, np.ndarray) else values:
        if isinstance(entry, list | tuple | np.ndarray):
            yield from _flat(entry)
        else:
            yield entry


def _any_equal(entry: Any, asked: Iterable[Any]) -> bool:
    if isinstance(entry, bytes):
        entry = entry.decode("utf-8", "replace")
    return any(bool(entry == each) for each in asked)


# Words --------------------------------------------------------------------------------------------


def _mentions(stream: Stream, asked: tuple[Any, ...], state: State) -> bool:
    """Whether a text speaks of one of the words, or has a word of one of the kinds."""
    from syncaug.words import colour_words, direction_words
    from syncaug.words.mentions import mentions

    texts, lexicon = _texts(state.carriers[stream.name])
    for text in texts:
        for entry in asked:
            if entry == "colour":
                found = bool(colour_words(text, lexicon))
            elif entry == "direction":
                found = bool(direction_words(text, lexicon))
            else:
                word = entry["word"] if isinstance(entry, Mapping) else entry
                found = mentions(text, word, lexicon)
            if found:
                return True
    return False


def _texts(carrier: Carrier) -> tuple[list[str], Any]:
    """The texts of a stream of words that has met no map, and the lexicon of their language."""
    from syncaug.modalities.language.phrases import PhrasesCarrier
    from syncaug.modalities.language.text import TextCarrier
    from syncaug.modalities.language.timed_text import TimedTextCarrier
    from syncaug.words import DEFAULT

    if isinstance(carrier, TextCarrier):
        return [caption.text for caption in carrier.captions], carrier.rules.lexicon
    if isinstance(carrier, TimedTextCarrier):
        return [cue.wording.text for cue in carrier.cues], carrier.rules.words.lexicon
    assert isinstance(carrier, PhrasesCarrier)
    lexicon = DEFAULT if carrier.text is None else carrier.text.rules.lexicon
    said = (phrase for grounding in carrier.groundings for phrase in grounding.phrases)
    return [phrase for phrase in said if phrase is not None], lexicon


_TESTS: Mapping[str, _Test] = {
    "is": _is,
    "in": _is,
    "not": _is_not,
    "above": _above,
    "below": _below,
    "has": _has,
    "lacks": _lacks,
    "mentions": _mentions,
}
