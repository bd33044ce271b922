"""Findings as text, JSON, GitHub annotations, SARIF and JUnit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from syncaug.cli.findings.policies import Checked
from syncaug.problem import Problem
from syncaug.version import __version__

__all__ = ["FORMS"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(checked: Sequence[Checked]) -> str:
    """One entry for each policy, with its problems."""
    found = [
        {
            "policy": one.name,
            "valid": one.valid,
            "fingerprint": one.fingerprint,
            "problems": [problem.as_json() for problem in one.problems],
        }
        for one in checked
    ]
    return json.dumps(found, indent=2)


def as_github(checked: Sequence[Checked]) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request.

    See https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """
    return "\n".join(_annotation(one.name, problem) for one in checked for problem in one.problems)


def _annotation(name: str, problem: Problem) -> str:
    place = problem.position
    fields = {"file": _relative(name), "title": f"syncaug {problem.code}"}
    if place.line:
        fields |= {"line": str(place.line), "col": str(place.column)}
        fields["endColumn"] = str(place.column + place.length)
    told = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in fields.items())
    return f"::{problem.severity} {told}::{_escaped(_sentence(problem))}"


def _escaped(text: str, more: str = "") -> str:
    for letter in "%\r\n" + more:
        text = text.replace(letter, f"%{ord(letter):02X}")
    return text


def as_sarif(checked: Sequence[Checked]) -> str:
    """SARIF 2.1.0, for code scanning.

    See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
    """
    from syncaug.policy.codes import codes

    used = sorted({problem.code for one in checked for problem in one.problems})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": codes()[code].title},
            "help": {"text": codes()[code].advice},
        }
        for code in used
    ]
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": used.index(problem.code),
            "level": problem.severity,
            "message": {"text": _sentence(problem)},
            "locations": [_location(one.name, problem)],
        }
        for one in checked
        for problem in one.problems
    ]
    driver = {"name": "syncaug", "semanticVersion": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _location(name: str, problem: Problem) -> dict[str, Any]:
    from urllib.parse import quote

    place = problem.position
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(_relative(name))}}
    if place.line:
        physical["region"] = {
            "startLine": place.line,
            "startColumn": place.column,
            "endColumn": place.column + place.length,
        }
    return {"physicalLocation": physical}


def as_junit(checked: Sequence[Checked]) -> str:
    """JUnit's XML, one test case for each policy; warnings stand in its output."""
    from xml.sax.saxutils import escape, quoteattr

    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>"]
    failed = sum(1 for one in checked if _errors(one))
    counts = f'tests="{len(checked)}" failures="{failed}" errors="0"'
    lines.append(f'  <testsuite name="syncaug validate" {counts}>')
    for one in checked:
        lines.append(f'    <testcase classname="syncaug" name={quoteattr(_clean(one.name))}>')
        errors = _errors(one)
        if errors:
            title = f"{len(errors)} problem{'s' if len(errors) > 1 else ''}"
            text = escape(_clean("\n".join(map(str, errors))))
            lines.append(f"      <failure message={quoteattr(title)}>{text}</failure>")
        warnings = [problem for problem in one.problems if problem.severity == "warning"]
        if warnings:
            text = escape(_clean("\n".join(map(str, warnings))))
            lines.append(f"      <system-out>{text}</system-out>")
        lines.append("    </testcase>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"])


def _errors(one: Checked) -> list[Problem]:
    return [problem for problem in one.problems if problem.severity == "error"]


def _clean(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return "".join(
        c if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in text
    )


def _sentence(problem: Problem) -> str:
    parts = [problem.message]
    if problem.expected:
        parts[0] += f"; expected {problem.expected}"
    return "\n".join([*parts, problem.hint] if problem.hint else parts)


def _relative(name: str) -> str:
    """The path from the folder in which the command runs, if it lies there, with slashes."""
    path = Path(name)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):
        return path.as_posix()


FORMS: Mapping[str, Callable[[Sequence[Checked]], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
}
"""Name of a format -> all findings in it; text is printed policy by policy."""
