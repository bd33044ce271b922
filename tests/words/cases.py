"""The sentences of tests/words/*.yaml as cases: a text, one change, and what is right after it.

A data file is a list of rows, each in one of these forms:

    {text: ..., CHANGE: RIGHT, ...}         CHANGE is mirror, flip (top to bottom), half (a turn of
                                            180 degrees) or quarter (counterclockwise)
    {text: ..., recolour: {DEGREES: RIGHT}} what is right after every hue has turned
    {text: ..., phrases: [...], without: {"A + B": RIGHT}}     what is right when the boxes of the
                                            phrases A and B are gone
    [text, RIGHT]                           the same as recolour: {120: RIGHT}
    [text, phrases, gone, RIGHT]            the same as without: {gone: RIGHT}

RIGHT is a text, `same`, or `refused`; several right answers are divided by " | ", the first is the
one that is said. A row may also have

    compass, traffic_lights                 options of the text stream, for this row
    now: {CHANGE: ...}                      what comes instead of what is right, as long as it does:
                                            a known shortfall (`now: {"-120": refused}` for a hue)
    one_way: true                           a mirror twice does not give the text back

A row without a text is the head of a section and holds for all rows below it, up to the head that
gives a key anew: `category:` (what the sentences are about), `language:` (a code such as de;
without it the name of a file `de.yaml` or `de_colours.yaml` tells it, else it is en) and options
of the stream. `trap: true` holds up to the next head: the sentences look like something that they
are not, so that to exchange or to take out words alone would be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from syncaug.words import Symmetry

__all__ = ["CHANGES", "SYMMETRIES", "Case", "cases", "frequencies", "rows"]

FOLDER = Path(__file__).parent
SYMMETRIES = {
    "mirror": Symmetry(True, 0),
    "flip": Symmetry(True, 2),
    "half": Symmetry(False, 2),
    "quarter": Symmetry(False, 1),
}
CHANGES = (*SYMMETRIES, "hue", "rebuild")
NO_SENTENCES = ("colour_frequencies", "paraphrase")
OPTIONS = ("compass", "traffic_lights")
LANGUAGES = ("en", "de", "fr", "es", "zh")
_HEAD = {"category", "trap", "language", *OPTIONS}
_ROW = {*SYMMETRIES, "text", "recolour", "phrases", "without", "now", "one_way", *OPTIONS}


@dataclass(frozen=True, slots=True)
class Case:
    """A text that one change meets: `right` are the right answers, `now` is what comes.

    `change` is one of CHANGES; `degrees` are those of a hue, `gone` the phrases that a rebuilt
    caption has lost. `trap` is true where the text looks like something that it is not, or must
    stay in all of its row, or be refused.
    """

    file: str
    category: str
    language: str
    text: str
    change: str
    right: tuple[str, ...]
    now: str
    trap: bool
    degrees: float = 0.0
    phrases: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


@cache
def rows(name: str) -> list[dict[str, Any]]:
    """The rows of `tests/words/NAME.yaml`, each a mapping with what the heads above it say."""
    found: list[dict[str, Any]] = []
    head: dict[str, Any] = {"category": "", "language": _language_of(name)}
    for row in _read(name):
        full = _full(row)
        known = _ROW if "text" in full else _HEAD
        assert known.issuperset(full), f"{name}.yaml: {row}: expected keys of {sorted(known)}"
        if "text" in full:
            assert head["category"], f"{name}.yaml: {row}: no head above it gives a category"
            found.append(head | full)
        else:
            head = head | {"trap": False} | full
    return found


@cache
def cases() -> tuple[Case, ...]:
    """All cases of all data files, in order."""
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return tuple(
        case
        for name in names
        if name not in NO_SENTENCES
        for row in rows(name)
        for case in _cases_of(name, row)
    )


def frequencies() -> dict[str, int]:
    """How often words and phrases for hues stand in captions."""
    found: dict[str, int] = _read("colour_frequencies")["frequencies"]
    return found


def _read(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)


def _language_of(name: str) -> str:
    stem = re.split(r"[_-]", name)[0]
    return stem if stem in LANGUAGES else "en"


def _full(row: Any) -> dict[str, Any]:
    if isinstance(row, dict):
        return row
    if len(row) == 2:
        return {"text": row[0], "recolour": {120: row[1]}}
    text, phrases, gone, right = row
    return {"text": text, "phrases": phrases, "without": {" + ".join(gone): right}}


def _cases_of(name: str, row: dict[str, Any]) -> Iterator[Case]:
    wanted: list[tuple[str, str, dict[str, Any], Any]] = []  # change, its key in `now`, more, right
    for change in SYMMETRIES:
        if change in row:
            wanted.append((change, change, {}, row[change]))
    for degrees, right in row.get("recolour", {}).items():
        wanted.append(("hue", str(degrees), {"degrees": float(degrees)}, right))
    for gone, right in row.get("without", {}).items():
        more = {"phrases": tuple(row["phrases"]), "gone": tuple(gone.split(" + "))}
        wanted.append(("rebuild", gone, more, right))
    now = {str(key): came for key, came in row.get("now", {}).items()}
    assert now.keys() <= {key for _, key, _, _ in wanted}, f"{name}.yaml: {row['text']}: now: {now}"
    still = all(right in ("same", "refused") for _, _, _, right in wanted)
    for change, key, more, right in wanted:
        answers = tuple(right.split(" | "))
        yield Case(
            name,
            row["category"],
            row["language"],
            row["text"],
            change,
            answers,
            now.get(key, answers[0]),
            row.get("trap", False) or still,
            options={option: row[option] for option in OPTIONS if option in row},
            **more,
        )
