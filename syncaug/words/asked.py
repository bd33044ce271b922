"""Which question a string of JSON answers: the one beside it, or that of its whole text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from syncaug.words.json_texts import Key, string_at

__all__ = ["questions_of_values"]

_QUESTIONS = frozenset({"question", "query", "prompt", "q", "instruction"})
_ANSWERS = frozenset({"answer", "response", "reply", "a", "output", "prediction"})
_JUDGING = frozenset(
    {"verdict", "judgement", "judgment", "correctness", "is_correct", "evaluation"}
)
"""Keys whose value tells whether something is true: "right" is no side there."""
_IS_TRUE = "Is that right?"


def questions_of_values(text: str, keys: Sequence[Key], question: str = "") -> Callable[[int], str]:
    """What tells the question that the value whose first character is at a place answers.

    A text that answers a `question` answers it with each of its values; {"question": ...,
    "answer": ...} has its own.

    >>> from syncaug.words.json_texts import keys_of
    >>> text = '{"q": "Which side?", "a": "left"}'
    >>> questions_of_values(text, keys_of(text))(text.index("left"))
    'Which side?'
    """
    asked: dict[int, str] = {}
    told: dict[int, str] = {}
    for key in keys:
        name, value = text[key.start : key.end].lower(), string_at(text, key.value)
        if name in _QUESTIONS and value:
            asked[key.object] = value
    for key in keys:
        name = text[key.start : key.end].lower()
        if name in _JUDGING:
            told[key.value + 1] = _IS_TRUE
        elif name in _QUESTIONS:
            told[key.value + 1] = ""
        elif name in _ANSWERS and key.object in asked:
            told[key.value + 1] = asked[key.object]
    return lambda at: told.get(at, question)
