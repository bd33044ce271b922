"""What becomes of the sentences of tests/words: right, refused, unchanged and wrong, by category.

    python -m tools.make_words             print the tables
    python -m tools.make_words --markdown  the same as the page docs/words_report.md

`refused` and `unchanged` count only where a changed text (or the same) was expected: a refusal that
is expected is right. The exit code is 1 where a sentence comes out otherwise than its row says.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from syncaug.words import DEFAULT, AmbiguousColour, colour_words, recolour_edits
from tests.words.cases import Case, cases, frequencies
from tests.words.outcomes import came, verdict

__all__ = ["Report", "main", "markdown", "report"]

STEPS = tuple(range(30, 360, 30))
VERDICTS = ("right", "refused", "unchanged", "wrong")
CHANGES = {
    "mirror": "mirror",
    "flip": "vertical flip",
    "half": "half turn",
    "quarter": "quarter turn",
    "hue": "hue",
    "rebuild": "rebuilt caption",
}


@dataclass(frozen=True)
class Report:
    """The counts of all cases, and those that come out otherwise than their rows say."""

    sentences: int
    traps: int
    by_category: dict[tuple[str, str], Counter[str]]
    """(category, language) -> verdicts, and the number of `sentences` and `traps`"""
    by_change: dict[tuple[str, str], Counter[str]]
    """(change, language) -> verdicts"""
    short: tuple[tuple[Case, str], ...]
    """What is not right, and what comes of it."""
    untrue: tuple[Case, ...]
    refused_sentences: dict[int, tuple[int, int]]
    """degrees -> refused sentences, and sentences with a word for a hue"""
    refused_uses: dict[int, float]
    """degrees -> the share of refused uses, weighted by how often words stand in captions"""
    always_refused: tuple[str, ...]
    """Words for colours that no step of 30 degrees can say."""


def report() -> Report:
    """Every case, as the library carries it now."""
    by_category: dict[tuple[str, str], Counter[str]] = {}
    by_change: dict[tuple[str, str], Counter[str]] = {}
    traps: dict[tuple[str, str], bool] = {}
    seen: set[tuple[str, str, str]] = set()
    short, untrue = [], []
    for case in cases():
        text = came(case)
        said = verdict(case, text)
        rows = by_category.setdefault((case.category, case.language), Counter())
        rows[said] += 1
        by_change.setdefault((case.change, case.language), Counter())[said] += 1
        if (case.category, case.language, case.text) not in seen:
            seen.add((case.category, case.language, case.text))
            rows["sentences"] += 1
            rows["traps"] += case.trap
        sentence = (case.language, case.text)
        traps[sentence] = traps.get(sentence, False) or case.trap
        if said != "right":
            short.append((case, text))
        if text != (case.text if case.now == "same" else case.now):
            untrue.append(case)
    texts = list(dict.fromkeys(case.text for case in cases() if case.language == "en"))
    return Report(
        len(traps),
        sum(traps.values()),
        by_category,
        by_change,
        tuple(short),
        tuple(untrue),
        _refused_sentences(texts),
        _refused_uses(),
        _always_refused(),
    )


def _refuses(text: str, degrees: float) -> bool:
    try:
        recolour_edits(text, degrees)
    except AmbiguousColour:
        return True
    return False


def _refused_sentences(texts: Iterable[str]) -> dict[int, tuple[int, int]]:
    coloured = [text for text in texts if any(not word.achromatic for word in colour_words(text))]
    return {
        degrees: (sum(_refuses(text, degrees) for text in coloured), len(coloured))
        for degrees in STEPS
    }


def _refused_uses() -> dict[int, float]:
    often = frequencies()
    return {
        degrees: sum(
            count
            for word, count in often.items()
            if _refuses(f"There is the {word} thing.", degrees)
        )
        / sum(often.values())
        for degrees in STEPS
    }


def _always_refused() -> tuple[str, ...]:
    words = [*DEFAULT.colours.words, *map(" ".join, DEFAULT.colours.compounds)]
    return tuple(
        word for word in words if all(_refuses(f"the {word} hair", degrees) for degrees in STEPS)
    )


Rows = list[list[str]]


def _counts(groups: dict[tuple[str, str], Counter[str]], *extra: str) -> Rows:
    keys = sorted(groups, key=lambda key: (key[1] != "en", key[1], key[0]))
    columns = (*extra, *VERDICTS)
    rows = [
        [CHANGES.get(name, name), language, *(str(groups[name, language][c]) for c in columns)]
        for name, language in keys
    ]
    whole: Counter[str] = sum(groups.values(), Counter())
    return [*rows, ["all", "", *(str(whole[column]) for column in columns)]]


def _tables(found: Report) -> list[tuple[str, list[str], Rows]]:
    steps = [str(degrees) for degrees in STEPS]
    return [
        (
            "Categories",
            ["category", "language", "sentences", "traps", *VERDICTS],
            _counts(found.by_category, "sentences", "traps"),
        ),
        ("Changes", ["change", "language", *VERDICTS], _counts(found.by_change)),
        (
            "Refused at a hue of so many degrees",
            ["of", *steps],
            [
                [
                    f"{found.refused_sentences[30][1]} sentences",
                    *(f"{refused / of:.1%}" for refused, of in found.refused_sentences.values()),
                ],
                ["uses, by frequency", *(f"{share:.1%}" for share in found.refused_uses.values())],
            ],
        ),
    ]


def _short(found: Report) -> list[str]:
    return [
        f"{CHANGES[case.change]}"
        f"{f' of {case.degrees:g}' if case.change == 'hue' else ''}"
        f"{' without ' + ', '.join(case.gone) if case.gone else ''}: "
        f"{case.text!r} should be {' or '.join(map(repr, case.right))}, and is {text!r}"
        for case, text in found.short
    ]


def _lead(found: Report) -> str:
    return (
        f"{found.sentences} sentences, {found.traps} of them traps: they look like something that "
        "they are not, must stay as they are, or must be refused."
    )


def _always(found: Report) -> str:
    words = ", ".join(found.always_refused) or "no word"
    return f"Refused at all of these steps: {words}. People who are named so keep no such name."


def markdown(found: Report) -> str:
    """The page."""
    lines = [
        "# What becomes of the sentences of the tests",
        "",
        "Written by `make docs`; `make words` prints the same. The sentences are those of "
        "[tests/words](../tests/words), made up for these tests; [words.md](words.md) says what "
        "the words do.",
        "",
        _lead(found),
        "",
        "`right` is what the row of the sentence says, which may be a refusal; `refused` could "
        "have been said; `unchanged` should have changed.",
    ]
    for title, head, rows in _tables(found):
        lines += ["", f"## {title}", "", "| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
    lines += ["", _always(found), ""]
    if found.short:
        lines += ["## What falls short", "", *(f"* {line}" for line in _short(found)), ""]
    return "\n".join(lines)


def print_terminal(found: Report) -> None:
    """The same tables on a terminal."""
    console = Console(width=max(110, Console().width))
    console.print(_lead(found))
    for title, head, rows in _tables(found):
        shown = Table(*head, title=title, title_justify="left", box=None, header_style="bold")
        for row in rows:
            shown.add_row(*row)
        console.print()
        console.print(shown)
    console.print()
    console.print(_always(found))
    for line in _short(found):
        console.print(line, style="yellow", markup=False, highlight=False)


def main(arguments: list[str] | None = None) -> int:
    """Print the report; 1 where a sentence comes out otherwise than its row says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--markdown", action="store_true", help="print the page")
    given = parser.parse_args(arguments)
    found = report()
    if given.markdown:
        sys.stdout.write(markdown(found))
    else:
        print_terminal(found)
    for case in found.untrue:
        sys.stderr.write(f"{case.file}.yaml: {case.text!r} does not come out as its row says\n")
    return 1 if found.untrue else 0


if __name__ == "__main__":
    sys.exit(main())
