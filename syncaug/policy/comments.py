"""Comments by which a policy accepts a warning: `# syncaug: ignore[SA602, SA612]`.

One at the end of a line holds for what is told of that line, one on a line of its own for the next
line that is none. Only warnings can be accepted: a policy with an error cannot be loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from syncaug.problem import Position, Problem

__all__ = ["without_accepted"]

_COMMENT = re.compile(r"#\s*syncaug:\s*ignore\s*(?:\[(?P<codes>[^\]]*)\])?")


def without_accepted(
    problems: Iterable[Problem], lines: Sequence[str], document: str
) -> list[Problem]:
    """The problems that no comment accepts, and a warning of each comment that accepts nothing.

    `lines` are those of the policy, whose name is `document`.
    """
    problems = list(problems)
    comments = _comments(lines)
    if not comments:
        return problems
    used: set[tuple[int, str]] = set()
    kept: list[Problem] = []
    for problem in problems:
        line = problem.position.line
        if problem.severity == "warning" and problem.code in comments.get(line, {}):
            used.add((line, problem.code))
        else:
            kept.append(problem)
    errors = {(p.position.line, p.code) for p in kept if p.severity == "error"}
    for line, codes in comments.items():
        for code, position in codes.items():
            of_error = (line, code) in errors
            # Where there are errors, warnings were not looked for.
            if (line, code) not in used and (of_error or not errors or not code):
                kept.append(_idle(code, position, lines, document, of_error))
    return sorted(kept, key=lambda problem: problem.position)


def _comments(lines: Sequence[str]) -> dict[int, dict[str, tuple[int, int, int]]]:
    """Line -> code -> line, column and length of the comment's word for it, all from 1."""
    found: dict[int, dict[str, tuple[int, int, int]]] = {}
    waiting: dict[str, tuple[int, int, int]] = {}
    for number, text in enumerate(lines, 1):
        match = _COMMENT.search(text) if "syncaug:" in text and "#" in text else None
        words: dict[str, tuple[int, int, int]] = {}
        if match:
            start = match.start("codes")
            for word in re.finditer(r"[^\s,]+", match["codes"] or ""):
                words[word.group()] = (number, start + word.start() + 1, len(word.group()))
            if not words:
                words[""] = (number, match.start() + 1, len(match.group()))
        alone = not (text[: match.start()] if match else text.partition("#")[0]).strip()
        if match and alone:
            waiting |= words
        elif not alone:
            here = waiting | words
            if here:
                found[number] = here
            waiting = {}
    if waiting:
        found[len(lines) + 1] = waiting
    return found


def _idle(
    code: str, place: tuple[int, int, int], lines: Sequence[str], document: str, of_error: bool
) -> Problem:
    if not code:
        message, hint = "the comment names no code", "write # syncaug: ignore[SA602]"
    elif of_error:
        message = f"{code} is an error here: no comment can accept it"
        hint = "mend what it tells of, and remove the comment"
    else:
        message, hint = f"nothing here warns of {code}", "remove the comment"
    line, column, length = place
    where, excerpt = Position(document, line, column, length), lines[line - 1]
    return Problem("SA613", message, where, "", hint, excerpt, "warning")
