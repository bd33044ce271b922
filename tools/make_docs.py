"""Write the documentation that is generated: a page for each transform and for each modality, and
the README's table of the mission.

    python -m tools.make_docs           # the pages
    python -m tools.make_docs pictures  # and their pictures, which takes a minute

The pictures are made by the library from a rendered scene of `tests/scene`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.docs.mission import mission_in
from tools.docs.pages import pages

__all__ = ["DOCS"]

DOCS = Path(__file__).resolve().parent.parent / "docs"
README = DOCS.parent / "README.md"


def main(arguments: list[str]) -> None:
    """Write the pages, and the pictures where they are asked for."""
    written = pages()
    for folder in ("transforms", "modalities"):
        (DOCS / folder / "img").mkdir(parents=True, exist_ok=True)
        for old in (DOCS / folder).glob("*.md"):
            if old.relative_to(DOCS) not in written:
                old.unlink()
    for path, text in written.items():
        (DOCS / path).write_text(text, encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    README.write_text(mission_in(text), encoding="utf-8", newline="\n")
    print(f"{len(written)} pages")
    if "pictures" in arguments:
        from tools.docs.pictures import write_pictures

        print(f"{write_pictures(DOCS)} pictures")


if __name__ == "__main__":
    main(sys.argv[1:])
