"""What a YAML parser's complaint means to the person who wrote the policy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.policy.document import Mark

__all__ = ["explain"]

_HINTS: Mapping[str, str] = {
    "mapping values are not allowed": "quote a text that holds ': ', or mend the indentation",
    "did not find expected ',' or '}'": "close the { of line {line}, or add a comma",
    "did not find expected ',' or ']'": "close the [ of line {line}, or add a comma",
    "did not find expected key": "mend the indentation; the mapping begins on line {line}",
    "did not find expected '-' indicator": "mend the indentation; the list begins on line {line}",
    "could not find expected ':'": "add ': ' after the key that begins on line {line}",
    "found unexpected end of stream": "close the quote of line {line}",
    "found unknown escape character": "in single quotes a backslash is a plain character",
    "tab character": "indent with spaces",
    "found undefined tag handle": "a policy is plain data: remove the tag",
    "found incompatible YAML document": "remove the %YAML line: policies are YAML 1.2",
    "expected ',' or '}'": "close the { of line {line}, or add a comma",
    "expected ',' or ']'": "close the [ of line {line}, or add a comma",
    "did not find expected <document start>": "let all keys of the policy begin in one column",
    "did not find expected alphabetic": "put it in quotes",
    "did not find expected whitespace": "put it in quotes",
    "did not find expected node content": "an entry is missing: take the comma out, or quote it",
    "expected <block end>": "mend the indentation; the block begins on line {line}",
}
"""Part of the parser's words -> what to do. `{line}` is where the unfinished part begins."""

_RESERVED = "@`%"
_LOOK_ALIKES = re.compile("[\u00a0\u2002-\u200a\u202f\u3000\uff1a]")
"""Blanks and a colon that YAML takes for letters."""
_GLUED = re.compile(r"\s*(?:- +)?(\w+):([^\s:/]\S*)\s*$")
"""A line whose colon has no blank behind it: `- name:a`."""


def explain(error: Any, lines: tuple[str, ...]) -> tuple[Mark, str, str]:
    """Where a YAML error is, what is wrong, and what to do."""
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    if context is not None and (mark is None or mark.line >= len(lines) or "quoted" in str(error)):
        mark = context
    if mark is None:
        return Mark(0, 0), f"not YAML: {problem}", ""
    line = lines[mark.line] if mark.line < len(lines) else ""
    character = line[mark.column : mark.column + 1]
    if "cannot start any token" in problem and character == "\t":
        return Mark(mark.line, mark.column), "a tab cannot indent", "indent with spaces"
    if "cannot start any token" in problem and character in _RESERVED:
        what = f"a value cannot begin with {character!r}"
        return Mark(mark.line, mark.column), f"not YAML: {what}", "put it in quotes"
    hint = next((text for words, text in _HINTS.items() if words in problem), "")
    hint = _look_alike(lines, mark.line) or hint
    if "mapping values are not allowed" in problem:
        hint = _glued(lines[: mark.line]) or hint
    begins = (context or mark).line + 1
    return Mark(mark.line, mark.column), f"not YAML: {problem}", hint.replace("{line}", str(begins))


def _look_alike(lines: Sequence[str], last: int) -> str:
    """A hint for a character there, or on the line before, that only looks like one of YAML."""
    for number in range(max(1, last), min(last + 1, len(lines)) + 1):
        found = _LOOK_ALIKES.search(lines[number - 1].partition("#")[0])
        if found:
            what = "colon" if found[0] == "\uff1a" else "blank"
            return f"line {number} holds U+{ord(found[0]):04X}: write a plain {what}"
    return ""


def _glued(lines: Sequence[str]) -> str:
    """A hint for the last of some lines, where its colon has no blank behind it."""
    found = _GLUED.match(lines[-1]) if lines else None
    return f"write {found[1]}: {found[2]}, with a blank after the colon" if found else ""
