"""Which question a string of JSON answers: the one beside it, or that of its whole text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from syncaug.words.json_texts import Key, string_at
from syncaug.words.key_names import key_names

__all__ = ["questions_of_values"]


def questions_of_values(text: str, keys: Sequence[Key], question: str = "") -> Callable[[int], str]:
    """What tells the question that the value whose first character is at a place answers.

    A text that answers a `question` answers it with each of its values; {"question": ...,
    "answer": ...} has its own.

    >>> from syncaug.words.json_texts import keys_of
    >>> text = '{"q": "Which side?", "a": "left"}'
    >>> questions_of_values(text, keys_of(text))(text.index("left"))
    'Which side?'
    """
    if not keys:
        return lambda at: question
    known = key_names()
    asked: dict[int, str] = {}
    told: dict[int, str] = {}
    for key in keys:
        name, value = text[key.start : key.end].lower(), string_at(text, key.value)
        if name in known.questions and value:
            asked[key.object] = value
    for key in keys:
        name = text[key.start : key.end].lower()
        if name in known.judging:
            told[key.value + 1] = known.is_true
        elif name in known.questions:
            told[key.value + 1] = ""
        elif name in known.answers and key.object in asked:
            told[key.value + 1] = asked[key.object]
    return lambda at: told.get(at, question)
