"""The located complaint about a policy, and messages that an eye can follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Position", "Problem", "shortened"]


def shortened(text: str) -> str:
    """A message in which a path, a key or a word of hundreds of characters lacks its middle.

    >>> from syncaug.problem import shortened
    >>> len(shortened("no file " + 5000 * "x"))
    231
    """
    return _LONG.sub(r"\1...\2", text)


_LONG = re.compile(r"(?<!\S)(\S{120})\S{40,}(\S{100})(?!\S)")
"""What has no blank in it and is longer than an eye can follow."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where in a policy: the document's name, line and column (both from 1), and the marked length.

    Line 0 means that there is no line to point at, as in a policy that was never text.
    """

    document: str = "<policy>"
    line: int = 1
    column: int = 1
    length: int = 1

    def __str__(self) -> str:
        if self.line == 0:
            return self.document
        return f"{self.document}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One located complaint: a code of `problems.yaml`, what was wrong and expected, what to do.

    `excerpt` is the policy's own line, so that a report can underline the place without the file.

    >>> from syncaug import PolicyError, load_policy
    >>> try:
    ...     load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: a, uses: HFlip}]}")
    ... except PolicyError as error:
    ...     (problem,) = error.problems
    >>> problem.code, problem.position.line, problem.severity
    ('SA302', 1, 'error')
    """

    code: str
    message: str
    position: Position
    expected: str = ""
    hint: str = ""
    excerpt: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        lines = [f"{self.position}: {self.code} {self.message}"]
        if self.expected:
            lines[0] += f"; expected {self.expected}"
        if self.excerpt:
            text, start = _window(self.excerpt.rstrip(), self.position.column - 1)
            marks = "^" * max(1, min(self.position.length, len(text) - start))
            hint = f" {self.hint}" if self.hint else ""
            lines += [f"    {text}", "    " + " " * start + marks + hint]
        elif self.hint:
            lines.append(f"    {self.hint}")
        return shortened("\n".join(lines))

    def as_json(self) -> dict[str, Any]:
        """The problem as plain data, for `--format json`.

        >>> from syncaug import PolicyError, load_policy
        >>> try:
        ...     load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: a, uses: flop}]}")
        ... except PolicyError as error:
        ...     told = error.problems[0].as_json()
        >>> told["code"], told["line"], told["column"]
        ('SA302', 1, 62)
        """
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "expected": self.expected,
            "hint": self.hint,
            "document": self.position.document,
            "line": self.position.line,
            "column": self.position.column,
            "length": self.position.length,
        }


_WIDTH = 96


def _window(text: str, start: int) -> tuple[str, int]:
    """The part of a line to show around `start` (from 0), and where `start` is in it.

    The indentation goes, a tab becomes one blank, and a long line is cut on both sides.
    """
    start = min(start, len(text))
    indent = min(len(text) - len(text.lstrip()), start)
    text, start = text[indent:].replace("\t", " "), start - indent
    if len(text) <= _WIDTH:
        return text, start
    first = max(0, start - _WIDTH // 2)
    cut = text[first : first + _WIDTH]
    before = "... " if first else ""
    after = " ..." if first + _WIDTH < len(text) else ""
    return f"{before}{cut}{after}", start - first + len(before)
