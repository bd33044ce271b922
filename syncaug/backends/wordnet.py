"""WordNet, read by NLTK's own reader from files that the user has. Nothing is ever downloaded."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, Any

from syncaug.backends.isolation import undrawn
from syncaug.errors import SampleError
from syncaug.plan.wordnet import WordNetFiles, WordNetMissing, find_wordnet
from syncaug.words.thesaurus import Part, Sense

with undrawn():
    from nltk.corpus.reader.wordnet import WordNetCorpusReader, WordNetError
    from nltk.data import PathPointer

__all__ = ["WordNet", "wordnet"]

_LEXNAMES = "".join(f"{number:02d}\tfile{number:02d}\t0\n" for number in range(45)).encode()
"""What stands in for `lexnames`, which Debian's wordnet-base lacks; nobody asks for the names."""
_OF_FILES = (OSError, LookupError, ValueError, AssertionError, StopIteration, RuntimeError)
"""What NLTK's reader raises where a file is damaged or a line too short."""
_OPTIONAL = {"lexnames": _LEXNAMES, "cntlist.rev": b"", "index.sense": b""}


@lru_cache(maxsize=2)
def wordnet(named: str) -> WordNet:
    """The WordNet in a folder that a policy names, or the one that NLTK would find.

    Raises SampleError where there is none, or its files cannot be read.
    """
    try:
        files = find_wordnet(named)
    except WordNetMissing as error:
        raise SampleError(
            "wordnet", expected=error.expected, came=error.came, hint=error.remedy
        ) from None
    return WordNet(files)


class WordNet:
    """A thesaurus over a WordNet database. What it answers depends on the files alone.

    Raises SampleError where these are no such files, at once or when a word is first asked for.
    """

    def __init__(self, files: WordNetFiles) -> None:
        self._place = files.place
        self._senses: dict[tuple[str, str], tuple[Sense, ...]] = {}
        with self._reading():
            contents = {**_OPTIONAL, **files.read()}
            self._reader = _Reader(contents)
            self._counts = _counts(contents["cntlist.rev"])
            self._irregular = {part: _irregular(contents[f"{name}.exc"]) for part, name in _NAMES}

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say which database cannot be read."""
        try:
            yield
        except (WordNetError, *_OF_FILES) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> SampleError:
        return SampleError(
            "wordnet",
            expected="the files of a WordNet database",
            came=f"{self._place}, which cannot be read: {str(error) or type(error).__name__}",
            hint="Install it again.",
        )

    def bases(self, form: str, part: Part) -> tuple[str, ...]:
        return tuple(self._reader._morphy(form, part))

    def irregular(self, base: str, part: Part) -> tuple[str, ...]:
        return self._irregular[part].get(base, ())

    def senses(self, base: str, part: Part) -> tuple[Sense, ...]:
        key = (base, part)
        found = self._senses.get(key)
        if found is None:
            offsets = self._reader._lemma_pos_offset_map.get(base, {}).get(part, ())
            with self._reading():
                synsets = [self._reader.synset_from_pos_and_offset(part, at) for at in offsets]
                found = tuple(map(self._sense, synsets))
            self._senses[key] = found
        return found

    def _sense(self, synset: Any) -> Sense:
        lemmas = synset.lemmas()
        return Sense(
            synset.offset(),
            {lemma.name(): self._counts.get(lemma.key(), 0) for lemma in lemmas},
            {lemma.name(): tuple(other.name() for other in lemma.antonyms()) for lemma in lemmas},
            frozenset(lemma.name() for lemma in lemmas if _ALONE.intersection(lemma.frame_ids())),
            frozenset(lemma.name() for lemma in lemmas if _ACTING.intersection(lemma.frame_ids())),
        )


_ALONE = frozenset({1, 2, 3, 4, 12, 13, 22, 23})
"""The frames of verbs without an object (wninput(5WN)): "something ----s", "somebody ----s PP"."""
_ACTING = frozenset({8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21, 24, 25, 30, 31})
"""Those with an object: "somebody ----s something"."""
_NAMES: tuple[tuple[Part, str], ...] = (("n", "noun"), ("v", "verb"), ("a", "adj"), ("r", "adv"))


class _Nowhere(PathPointer):  # type: ignore[misc]
    """The root of files that are in memory."""

    def open(self, encoding: str | None = None) -> Any:
        raise OSError("these files are in memory")

    def file_size(self) -> int:
        return 0

    def join(self, fileid: str) -> PathPointer:
        return self


class _Reader(WordNetCorpusReader):  # type: ignore[misc]
    """NLTK's reader over files in memory, which threads and forked children can share.

    NLTK keeps data files open and seeks in them: two that ask at once would read each other's
    lines.
    """

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        super().__init__(_Nowhere(), omw_reader=())

    def open(self, file: str) -> IO[str]:
        return io.TextIOWrapper(io.BytesIO(self._contents[file]), encoding="utf-8")

    def map_wn(self, version: str = "wordnet") -> None:
        """Nothing: the mapping between versions serves other languages, and needs a second one."""

    def synset_from_pos_and_offset(self, pos: str, offset: int) -> Any:
        known = self._synset_offset_cache[pos]
        synset = known.get(offset)
        if synset is None:
            data = self._contents[f"data.{self._FILEMAP['a' if pos == 's' else pos]}"]
            line = data[offset : data.index(b"\n", offset)].decode("utf-8")
            if not line.startswith(f"{offset:08d} "):
                raise WordNetError(f"no synset at {offset} of the data for {pos!r}")
            synset = known[offset] = self._synset_from_pos_and_line(pos, line)
        return synset


def _counts(content: bytes) -> dict[str, int]:
    """Key of a sense -> how often it was counted in tagged texts."""
    counts: dict[str, int] = {}
    for line in content.decode("utf-8").splitlines():
        key, _, count = line.split()
        counts[key] = int(count)
    return counts


def _irregular(content: bytes) -> dict[str, tuple[str, ...]]:
    """Base form -> its forms in a file of exceptions, in the file's order."""
    forms: dict[str, list[str]] = {}
    for line in content.decode("utf-8").splitlines():
        form, *bases = line.split()
        for base in bases:
            forms.setdefault(base, []).append(form)
    return {base: tuple(known) for base, known in forms.items()}
