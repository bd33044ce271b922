"""The mission in the README: the rows of docs/mission.md, with links that work from there."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["ROWS", "mission_in"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mission.md"
ROWS = re.compile(r"^\| (\d+) \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
"""Number, what, page and test of a row."""
_BEGIN = "<!-- from docs/mission.md, by python -m tools.make_docs -->"
_END = "<!-- end of the mission -->"


def mission_in(readme: str) -> str:
    """The README with its table written anew. Raises ValueError where it has no frame for it."""
    before, begin, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"expected {_BEGIN!r} and {_END!r} where the mission belongs")
    return f"{before}{_BEGIN}\n\n{_table()}\n\n{_END}{after}"


def _table() -> str:
    lines = ["| | what | page | test |", "|---|---|---|---|"]
    for number, what, page, test in ROWS.findall(PAGE.read_text(encoding="utf-8")):
        path = test.strip("`").partition("::")[0]
        page = re.sub(r"\]\((?!https?:)", "](docs/", page)
        lines.append(f"| {number} | {what} | {page} | [{Path(path).stem}]({path}) |")
    return "\n".join(lines)
