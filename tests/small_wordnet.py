"""A small WordNet database, written in the format of the real one (wndb(5WN), lexnames(5WN)).

write(folder)       data.*, index.*, *.exc, lexnames, cntlist.rev and index.sense into a folder
folder()            one folder for this process, which goes with it
"""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

SOURCE = Path(__file__).with_suffix(".yaml")
FILES = {"noun": ("n", 6, 1), "verb": ("v", 35, 2), "adj": ("a", 0, 3), "adv": ("r", 2, 4)}
"""File -> part of speech, number of the lexicographer's file, number in sense keys."""
LEXNAMES = (
    *("adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal", "noun.artifact"),
    *("noun.attribute", "noun.body", "noun.cognition", "noun.communication", "noun.event"),
    *("noun.feeling", "noun.food", "noun.group", "noun.location", "noun.motive", "noun.object"),
    *("noun.person", "noun.phenomenon", "noun.plant", "noun.possession", "noun.process"),
    *("noun.quantity", "noun.relation", "noun.shape", "noun.state", "noun.substance"),
    *("noun.time", "verb.body", "verb.change", "verb.cognition", "verb.communication"),
    *("verb.competition", "verb.consumption", "verb.contact", "verb.creation", "verb.emotion"),
    *("verb.motion", "verb.perception", "verb.possession", "verb.social", "verb.stative"),
    *("verb.weather", "adj.ppl"),
)
LICENSE = "  1 A small database for tests, in the format of WordNet 3.0 Copyright.  \n"


@cache
def folder() -> str:
    """A folder with the database, for as long as this process lives."""
    place = TemporaryDirectory()
    atexit.register(place.cleanup)
    write(Path(place.name))
    return place.name


def write(folder: Path) -> None:
    """Write the whole database of `small_wordnet.yaml`."""
    source = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    senses: list[tuple[str, int, int]] = []
    for name in FILES:
        data, index, keys = _part(name, source[name], source["opposite"].get(name, ()))
        (folder / f"data.{name}").write_bytes(data.encode())
        (folder / f"index.{name}").write_bytes(index.encode())
        senses += keys
        forms = source["exceptions"].get(name, {})
        lines = "".join(f"{form} {base}\n" for form, base in sorted(forms.items()))
        (folder / f"{name}.exc").write_bytes(lines.encode())
    senses.sort()
    counts = "".join(f"{key} 1 {count}\n" for key, _, count in senses if count)
    # NLTK's search never finds the first line, which in the real file is this one.
    (folder / "cntlist.rev").write_bytes(("'hood%1:15:00:: 1 1\n" + counts).encode())
    places = "".join(f"{key} {offset:08d} 1 {count}\n" for key, offset, count in senses)
    (folder / "index.sense").write_bytes(places.encode())
    numbers = {"noun": 1, "verb": 2, "adj": 3, "adv": 4}
    lexnames = "".join(
        f"{number:02d}\t{name}\t{numbers[name.partition('.')[0]]}\n"
        for number, name in enumerate(LEXNAMES)
    )
    (folder / "lexnames").write_bytes(lexnames.encode())


def _frames(words: dict[int, str]) -> str:
    """The frames of a verb's words, in hexadecimal: with and without an object, if not told."""
    told = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))["frames"]
    rows = [(n, at + 1) for at, word in words.items() for n in told.get(word, (2, 8))]
    return f" {len(rows):02d}" + "".join(f" + {number:02d} {at:02x}" for number, at in rows)


def _part(name: str, synsets: Any, opposite: Any) -> tuple[str, str, list[tuple[str, int, int]]]:
    """The contents of data.NAME and index.NAME, and each sense's key, offset and count."""
    letter, lexicon, number = FILES[name]
    lex_ids: dict[str, int] = {}
    rows: list[list[tuple[str, int, int]]] = []  # word, lex_id, count
    for synset in synsets:
        row = []
        for word, count in synset.items():
            lex_ids[word] = lex_ids.get(word, -1) + 1
            row.append((word, lex_ids[word], count))
        rows.append(row)
    places = {
        word: (at, i)
        for at, row in reversed([*enumerate(rows)])
        for i, (word, *_) in enumerate(row)
    }
    links: dict[int, list[tuple[int, int, int]]] = {}
    for one, other in opposite:
        for here, there in ((one, other), (other, one)):
            at, word = places[here]
            links.setdefault(at, []).append((word, *places[there]))
    offsets = [0] * len(rows)
    for _ in range(2):  # offsets have eight digits, so that the second time they are true
        lines, here = [], len(LICENSE)
        for at, row in enumerate(rows):
            offsets[at] = here
            words = " ".join(f"{word} {lex_id:x}" for word, lex_id, _ in row)
            pointers = "".join(
                f" ! {offsets[there]:08d} {letter} {word + 1:02x}{target + 1:02x}"
                for word, there, target in links.get(at, ())
            )
            count = len(links.get(at, ()))
            frames = _frames(dict(enumerate(word for word, *_ in row))) if letter == "v" else ""
            lines.append(
                f"{here:08d} {lexicon:02d} {letter} {len(row):02x} {words} "
                f"{count:03d}{pointers}{frames} | what {row[0][0]} means  \n"
            )
            here += len(lines[-1])
    index: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        for word, *_ in row:
            index.setdefault(word.lower(), []).append(offsets[at])
    index_lines = [
        f"{word} {letter} {len(found)} 0 {len(found)} 1 "
        + " ".join(f"{offset:08d}" for offset in found)
        + "  \n"
        for word, found in sorted(index.items())
    ]
    keys = [
        (f"{word.lower()}%{number}:{lexicon:02d}:{lex_id:02d}::", offsets[at], count)
        for at, row in enumerate(rows)
        for word, lex_id, count in row
    ]
    return LICENSE + "".join(lines), LICENSE + "".join(index_lines), keys
