"""The page on problems of policies, written from their table."""

from __future__ import annotations

from syncaug.policy.codes import codes

__all__ = ["problems_page"]

_BEFORE = """\
# Problems of policies

Written by `tools/make_docs.py` from `syncaug/policy/problems.yaml`; do not edit.

`load_policy` and `syncaug validate` name each problem by its code. Those of SA6xx are
[warnings](warnings.md), all others are errors; `syncaug validate`, which needs no library, only
warns of SA7xx.
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
        lines += [f"## {title}", "", "| code | problem | what to do |", "|---|---|---|"]
        lines += [
            f"| {code} | {entry.title} | {entry.advice.strip().replace('|', '&#124;')} |"
            for code, entry in codes().items()
            if code.startswith(group)
        ]
        lines.append("")
    return "\n".join(lines)
