"""Writes what runs have found into docs/ablation.md, with plots; no number is copied by hand.

    python -m examples.ablation.page out/ablation/ablation.json out/efficiency/efficiency.json

keeps what the page needs in `results.json` and writes the page anew from it; without arguments it
only writes the page anew. Text between `<!-- begin NAME -->` and `<!-- end -->` is replaced.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from examples.ablation.plots import plots
from examples.ablation.results import kept
from examples.ablation.tables import efficiency, ran, table
from examples.ablation.wording import differences, sentence

__all__ = ["RESULTS", "blocks", "filled", "main"]

HERE = Path(__file__).resolve().parent
DOCS, RESULTS = HERE.parents[1] / "docs", HERE / "results.json"
PAGE = DOCS / "ablation.md"
_NOT_RUN = "Not run yet.\n"
_BEGIN, _END = "<!-- begin {} -->\n", "<!-- end -->"


def blocks(found: Mapping[str, Any]) -> dict[str, str]:
    """The generated parts of the page by name."""
    return {
        "run": ran(found),
        "table": table(found),
        "sentence": sentence(found),
        "differences": differences(found),
        "efficiency": efficiency(found["efficiency"]) if "efficiency" in found else _NOT_RUN,
    }


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with its generated parts replaced."""
    for name, text in parts.items():
        begin = re.escape(_BEGIN.format(name))
        page, count = re.subn(
            f"({begin}).*?({_END})", lambda m, text=text: m[1] + text + m[2], page, flags=re.DOTALL
        )
        if count != 1:
            raise SystemExit(f"{PAGE.name}: expected one part {name!r}; got {count}")
    return page


def main(arguments: list[str]) -> None:
    if arguments:
        ablation, *rest = (json.loads(Path(path).read_text("utf-8")) for path in arguments)
        before = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        found = kept(ablation, rest[0] if rest else None)
        if not rest and "efficiency" in before:
            found["efficiency"] = before["efficiency"]
        text = json.dumps(found, indent=1) + "\n"
        RESULTS.write_text(text, encoding="utf-8", newline="\n")
    found = json.loads(RESULTS.read_text("utf-8"))
    page = filled(PAGE.read_text("utf-8"), blocks(found))
    PAGE.write_text(page, encoding="utf-8", newline="\n")
    for name, data in plots(found).items():
        (DOCS / name).write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
