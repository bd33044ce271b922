"""JSON inside of a text: the strings that it holds as values, and the objects of its lists.

Models answer with JSON among words, or with what Python prints, whose strings stand between
apostrophes. What the strings say follows as any other text does, each by itself, and an object of a
list can go without the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from syncaug.words.key_names import key_names

__all__ = [
    "Item",
    "Key",
    "items_of",
    "keys_of",
    "quoted_values",
    "string_at",
    "structure",
    "without_items",
]

_DECODER = json.JSONDecoder()
_STRING = re.compile(r"""\"((?:[^"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'""")
_KEY = re.compile(r"\s*:\s*")
_OPENING = re.compile(
    r"""[\[{]\s*[\[{("']|^\((?=\s*["'][^"'\n]*["']\s*,[^()\n]*\),?[^\S\n]*$)""", re.MULTILINE
)
"""Where JSON or a list may begin; also a tuple that is all of a line."""
_PRINTED = re.compile(r"""\s+|[,:\d.+-]|True|False|None|true|false|null|(?<=\d)e""")
"""What stands between the strings and the brackets of what Python prints."""
_ATTRIBUTE = re.compile(r"""(?<=[\w-])\s?=\s?(?:"([^"\n<>]*)"|'([^'\n<>]*)')""")
_SAID = re.compile(
    r"""(?:^|[,;{])\s{0,8}(?:-\s)?(?P<key>[a-z_]+):[^\S\n]{0,8}(?P<mark>["'])(?P<value>[^"'\n]{1,80})(?P=mark)"""
    r"(?=[^\S\n]*(?:[,;}\n]|$))",
    re.MULTILINE,
)
"""A string behind a key without marks: `pos: "right"`."""
_NAME = r"(?:[A-Za-z]+(?:_[A-Za-z0-9]+)+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)+)"
_MOVES = (
    "turn|move|go|rotate|step|strafe|look|pan|tilt|steer|drive|walk|swipe|scroll|drag|push|pull"
    "|face|slide|spin|roll|bank"
)
_RELATION = "(?:is_|to_the_|on_the_)*(?:left|right)(?:_side)?_of"
_HUMP = re.compile("[a-z][A-Z]")
_LINE = re.compile(
    r"(?m)^[^\S\n]*(?:[-*]\s)?(?:"
    rf"(?:[\w ]{{1,40}}:[^\S\n]*)?(?P<alone>{_NAME})[.,;]?[^\S\n]*$"
    rf"|(?P<key>[a-z]+(?:_[a-z0-9]+)+)(?=:[^\S\n]*[A-Za-z\"'])"
    rf"|(?:\w+\.){{0,3}}(?P<call>(?:(?:{_MOVES})(?:_[a-z0-9]+)+|{_RELATION}))"
    r"(?=\([^\n]*\);?[^\S\n]*$))"
)
"""A name of a program that is all of a line, all behind its colon ("Action: turn_left"), before one
("left_arm: raised"), or what a line calls ("robot.turn_left(90)")."""
_BLANK = re.compile(r"\s*")
_DEEPEST = 8
"""How many brackets may stand in each other in what Python has printed."""


class Key(NamedTuple):
    """A key `text[start:end]` of JSON, its value's first character, and its object's place."""

    start: int
    end: int
    value: int
    object: int


class Item(NamedTuple):
    """An object of a list, `text[start:end]`, of the list `text[first:last]`."""

    start: int
    end: int
    first: int
    last: int


def quoted_values(text: str) -> list[tuple[int, int]]:
    """Where the strings stand that JSON, tags and calls in a text have as values, in order.

    >>> text = '{"label": "the left dog"}'
    >>> [text[start:end] for start, end in quoted_values(text)]
    ['the left dog']
    """
    named = "_" in text or _HUMP.search(text) is not None
    if not named and '"' not in text and "=" not in text and "'" not in text:
        return []
    found: list[tuple[int, int]] = []
    for start, end in _documents(text):
        for match in _STRING.finditer(text, start, end):
            if not _KEY.match(text, match.end()):
                found.append((match.start() + 1, match.end() - 1))
    for match in _ATTRIBUTE.finditer(text):
        span = match.span(1) if match.group(1) is not None else match.span(2)
        if not any(span[0] < last and first < span[1] for first, last in found):
            found.append(span)
    if ":" in text:
        for match in _SAID.finditer(text):
            span = match.span("value")
            if match["key"] in key_names().placing and not any(
                span[0] < last and first < span[1] for first, last in found
            ):
                found.append(span)
    taken = tuple(found)
    for match in _LINE.finditer(text) if named else ():
        span = match.span(match.lastgroup or 0)
        if not any(span[0] < last and first < span[1] for first, last in taken):
            found.append(span)
    return sorted(found)


def structure(text: str) -> list[tuple[int, int]]:
    """Where the JSON of a text has what is none of its values: brackets, keys and numbers."""
    out: list[tuple[int, int]] = []
    for start, end in _documents(text):
        at = start
        for first, last in quoted_values(text):
            if start <= first and last <= end:
                out.append((at, first))
                at = last
        out.append((at, end))
    return out


def _documents(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that are JSON with a key or a string in it."""
    at = 0
    while True:
        match = _OPENING.search(text, at)
        if match is None:
            return
        start = match.start()
        try:
            printed = match[0][-1] in "'("
            _, end = (0, start) if printed else _DECODER.raw_decode(text, start)
        except RecursionError:
            return  # nobody writes lists as deep as that, and each of them would be tried again
        except ValueError:
            end = start
        if end == start:
            end = _printed_end(text, start)
        if end > start:
            yield start, end
        at = max(end, start + 1)


def _printed_end(text: str, start: int) -> int:
    """Where a list or mapping ends that Python has printed; `start` where it is none."""
    open_ones: list[str] = []
    at, strings = start, 0
    while at < len(text):
        letter = text[at]
        if letter in "[{(":
            open_ones.append({"[": "]", "{": "}", "(": ")"}[letter])
            if len(open_ones) > _DEEPEST:
                return start
        elif letter in "]})":
            if open_ones.pop() != letter:
                return start
            if not open_ones:
                return at + 1 if strings else start
        else:
            string = _STRING.match(text, at)
            match = string or _PRINTED.match(text, at)
            if match is None:
                return start
            strings += string is not None
            at = match.end()
            continue
        at += 1
    return start


def keys_of(text: str) -> list[Key]:
    """The keys of the objects that a text holds as JSON, in order.

    >>> text = '{"row": 2}'
    >>> [text[key.start : key.end] for key in keys_of(text)]
    ['row']
    """
    found: list[Key] = []
    if "{" not in text:
        return found
    for start, end in _documents(text):
        within: list[int] = []
        at = start
        while at < end:
            if string := _STRING.match(text, at):
                if told := _KEY.match(text, string.end()):
                    first, last = string.start() + 1, string.end() - 1
                    found.append(Key(first, last, told.end(), within[-1]))
                at = string.end()
                continue
            if text[at] in "[{(":
                within.append(at)
            elif text[at] in "]})":
                within.pop()
            at += 1
    return found


def string_at(text: str, at: int) -> str:
    """The string that begins at a place of a text, without its marks; empty where none does.

    >>> string_at('{"row": "last"}', 8)
    'last'
    """
    match = _STRING.match(text, at)
    return match[0][1:-1] if match is not None else ""


def items_of(text: str) -> list[Item]:
    """The objects of all lists of objects that a text holds as JSON."""
    found: list[Item] = []
    for start, end in _documents(text):
        for match in re.compile(r"\[\s*\{").finditer(text, start, end):
            found += _items(text, match.start())
    return found


def _items(text: str, first: int) -> list[Item]:
    """The objects of the list that begins at `first`; none where it holds something else."""
    spans: list[tuple[int, int]] = []
    at = first + 1
    while True:
        at = _past_blanks(text, at)
        if at >= len(text) or text[at] != "{":
            return []
        try:
            _, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return []
        spans.append((at, end))
        at = _past_blanks(text, end)
        if at < len(text) and text[at] == "]":
            return [Item(*span, first, at + 1) for span in spans]
        if at >= len(text) or text[at] != ",":
            return []
        at += 1


def _past_blanks(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def without_items(text: str, gone: list[Item]) -> list[tuple[int, int]]:
    """The stretches to leave out so that objects go from their lists, each with one comma."""
    out: list[tuple[int, int]] = []
    for first, last in dict.fromkeys((item.first, item.last) for item in gone):
        items = _items(text, first)
        left = [item for item in items if item not in gone]
        if not left:
            out.append((first + 1, last - 1))
            continue
        for index, item in enumerate(items):
            if item in left:
                continue
            before = [other for other in items[:index] if other in left]
            if before:  # with the comma and the blanks before it
                out.append((items[index - 1].end, item.end))
            else:  # with those after it
                out.append((item.start, items[index + 1].start))
    return out
