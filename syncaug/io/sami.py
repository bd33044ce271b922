"""Subtitles of Microsoft's format SAMI, a kind of HTML.

Text and times are read; looks are not, but for italics, bold and underline.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from syncaug.io.cues import Cue, cue
from syncaug.io.foreign import LASTS
from syncaug.io.problem import FileProblem

__all__ = ["read"]


class _Sami(HTMLParser):
    """Collects (milliseconds, language, markup) of each paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, str, list[str]]] = []
        self.ends: dict[int, float] = {}  # milliseconds of a start -> seconds of its end, if said
        self._start: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "sync":
            self._start = int((said.get("start") or "").lower().removesuffix("ms"))
            if said.get("end"):
                self.ends[self._start] = int(str(said["end"]).lower().removesuffix("ms")) / 1000
            self.rows.append((self._start, "", []))
        elif tag == "p" and self._start is not None:
            self.rows.append((self._start, str(said.get("class") or ""), []))
        elif tag == "br" and self.rows:
            self.rows[-1][2].append("\n")
        elif tag in ("i", "b", "u") and self.rows:
            self.rows[-1][2].append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("i", "b", "u") and self.rows:
            self.rows[-1][2].append(f"</{tag}>")
        elif tag in ("body", "sami"):
            self._start = None

    def handle_data(self, data: str) -> None:
        if self.rows and self._start is not None:
            self.rows[-1][2].append(re.sub(r"\s+", " ", data))


def read(path: Path, text: str) -> list[Cue]:
    """Microsoft's: a paragraph lasts to the next one of its class. Raises FileProblem.

    Of several languages (classes) only one may hold text.
    """
    expected = "subtitles in SAMI, <SYNC Start=ms><P Class=...>"
    parser = _Sami()
    try:
        parser.feed(text)
        parser.close()
    except ValueError:
        raise FileProblem(expected, f"{path}, where a SYNC has no Start in milliseconds") from None
    if "<sami" not in text[:2000].lower() or not parser.rows:
        raise FileProblem(expected, f"{path}, which holds none")
    rows = [
        (start / 1000, kind, "\n".join(line.strip() for line in "".join(parts).split("\n")).strip())
        for start, kind, parts in parser.rows
    ]
    kinds = sorted({kind for _, kind, shown in rows if shown and kind})
    if len(kinds) > 1:
        raise FileProblem(
            "subtitles in one language",
            f"{path}, with {', '.join(kinds)}",
            "Keep the paragraphs of one class.",
        )
    # A SYNC that has paragraphs says with them what is shown from then on.
    spoken = [row for place, row in enumerate(rows)
              if row[2] or place + 1 == len(rows) or rows[place + 1][0] != row[0]]  # fmt: skip
    found: list[Cue] = []
    for place, (start, _, shown) in enumerate(spoken):
        if shown and shown != "\u00a0":
            later = [row[0] for row in spoken[place + 1 :] if row[0] > start]
            end = later[0] if later else start + LASTS
            said = parser.ends.get(round(start * 1000))
            end = end if said is None else min(said, end) if later else said
            found.append(cue(start, end, shown, "srt"))
    return found
