"""Conditions on content: what `when:` asks of a stream as the sample brings it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from syncaug.compiler.complaints import Path
from syncaug.compiler.declared import Declared
from syncaug.compiler.rules.lacking import lack_of_words
from syncaug.plan.contents import holds_classes
from syncaug.plan.step import CONTENT, Condition
from syncaug.plan.stream import Stream
from syncaug.policy.suggest import suggest

__all__ = ["compile_contents"]

_CLASSES = ("is", "not", "in")
_BOUNDS = ("above", "below")
_ROWS = ("has", "lacks")
_TESTS = (*_CLASSES, *_BOUNDS, *_ROWS, "mentions")
_WORDED = ("text", "timed_text", "phrases")
_KINDS = {"colour": "colours", "direction": "directions"}


def compile_contents(
    item: Mapping[str, Any], path: Path, declared: Declared
) -> tuple[Condition, ...]:
    """The tests on the content of one stream; complains about what the stream cannot hold."""
    name = item["stream"]
    if not declared.known(name, (*path, "stream")):
        return ()
    stream = declared.streams[name]
    out: list[Condition] = []
    for test in _TESTS:
        if test not in item:
            continue
        asked = item[test]
        operand = tuple(asked) if isinstance(asked, list) else (asked,)
        if _fits(stream, test, (*path, test), declared):
            _require_known(stream, test, operand, (*path, test), declared)
            out.append(Condition(name, CONTENT + test, operand))
    return tuple(out)


def _fits(stream: Stream, test: str, path: Path, declared: Declared) -> bool:
    """Whether such a test can be made of such a stream."""
    expected = ""
    if test in (*_CLASSES, *_BOUNDS):
        if stream.modality != "label":
            expected = "a label; " + _instead(stream)
    elif test in _ROWS:
        if not holds_classes(stream):
            expected = "a label, a mask, a cloud with a column of classes, or rows with labels: KEY"
            if stream.modality in _WORDED:
                expected += "; " + _instead(stream)
    elif stream.modality not in _WORDED:
        expected = "a text, timed text or phrases; " + _instead(stream)
    if expected:
        declared.complaints.add(
            "SA331",
            path,
            f"{stream.modality} stream {stream.name!r} cannot be asked {test!r}",
            expected=expected.removesuffix("; "),
            key=True,
        )
    return not expected


def _instead(stream: Stream) -> str:
    """What can be asked of a stream of that modality."""
    if stream.modality in _WORDED:
        return f"of {stream.name!r} ask mentions:"
    if stream.modality == "label":
        return f"of {stream.name!r} ask is:, not: or in:"
    return f"of {stream.name!r} ask has: or lacks:" if holds_classes(stream) else ""


def _require_known(
    stream: Stream, test: str, operand: Iterable[Any], path: Path, declared: Declared
) -> None:
    """Complain about a class that the declaration has not, and about words of no lexicon."""
    if test == "mentions":
        _require_words(stream, operand, path, declared)
    elif stream.modality == "label":
        classes = stream.options.get("classes") or 0
        if test in _BOUNDS:
            if isinstance(classes, list):
                declared.complaints.add(
                    "SA331",
                    path,
                    f"label {stream.name!r} has names, and no name is {test} a number",
                    expected="is, not or in",
                    key=True,
                )
            return
        for entry in operand:
            _require_class(stream, entry, classes, path, declared)


def _require_class(
    stream: Stream, entry: Any, classes: int | list[Any], path: Path, declared: Declared
) -> None:
    names = classes if isinstance(classes, list) else []
    count = len(names) if names else int(classes) if isinstance(classes, int) else 0
    number = isinstance(entry, int | float) and not isinstance(entry, bool)
    if not count or entry in names or (number and 0 <= entry < count and float(entry).is_integer()):
        return
    expected = f"one of {', '.join(map(str, names))}" if names else f"a class from 0 to {count - 1}"
    declared.complaints.add(
        "SA330",
        path,
        f"label {stream.name!r} has no class {entry!r}",
        expected=expected,
        hint=suggest(str(entry), [str(name) for name in names]),
    )


def _require_words(stream: Stream, operand: Iterable[Any], path: Path, declared: Declared) -> None:
    spoken = stream
    if stream.modality == "phrases":
        spoken = declared.streams.get(stream.options.get("text", ""), stream)
    for entry in operand:
        kind = _KINDS.get(entry, "") if isinstance(entry, str) else ""
        if not kind or spoken.options.get("language", "en") == "en":
            continue
        lack = lack_of_words(spoken, kind)
        if lack:
            declared.complaints.add(
                "SA316",
                path,
                f"a condition needs the words for {kind} of {spoken.name!r}, and of its language "
                f"{spoken.options['language']!r} too little is known: {lack}",
                expected="language: en, de, es, fr or zh, or lexicon: with words of its own",
                hint="ask for words: mentions: [WORD, WORD]",
            )
