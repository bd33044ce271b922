"""The page on problems of policies, written from their table."""

from __future__ import annotations

from collections.abc import Iterator

from syncaug.policy.code_examples import code_examples
from syncaug.policy.codes import codes

__all__ = ["problems_page"]

_BEFORE = """\
# Problems of policies

Written by `tools/make_docs.py` from `syncaug/policy/problems.yaml`; do not edit.

`load_policy` and `syncaug validate` name each problem by its code. Those of SA6xx are
[warnings](warnings.md), all others are errors; `syncaug validate`, which needs no library, only
warns of SA7xx.

`syncaug explain CODE` says the same of one code. The examples are tested: the wrong one has exactly
this problem, the right one has not.
"""

_GROUPS = {
    "SA1": "The source",
    "SA2": "The form",
    "SA3": "Names",
    "SA4": "Values and links",
    "SA5": "Spaces and streams",
    "SA6": "Warnings: what is probably not meant",
    "SA7": "Libraries",
}


def problems_page() -> str:
    """Every code with its title and what to do, in groups."""
    lines = [_BEFORE]
    for group, title in _GROUPS.items():
        members = [code for code in codes() if code.startswith(group)]
        lines += [f"## {title}", "", "| code | problem |", "|---|---|"]
        lines += [f"| [{code}](#{code.lower()}) | {codes()[code].title} |" for code in members]
        lines.append("")
        for code in members:
            lines += _told(code)
    return "\n".join(lines).rstrip() + "\n"


def _told(code: str) -> Iterator[str]:
    """One code with its two policies."""
    entry, example = codes()[code], code_examples()[code]
    yield from (f"### {code}", "", f"{entry.title}. {entry.advice.strip()}", "")
    note = f", {example.note}" if example.note else ""
    language = {"python": "python", "path": "text"}.get(example.given, "yaml")
    yield from (f"Wrong{note}:", "", f"```{language}", example.shown.rstrip(), "```", "")
    yield from ("Right:", "", "```yaml", example.right.rstrip(), "```", "")
