"""Where WordNet is: in a folder that a policy names, or where NLTK looks for its data.

Nothing is imported and nothing downloaded: a policy can be checked without NLTK.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from syncaug.regular import open_regular

__all__ = ["REMEDY", "WordNetFiles", "WordNetMissing", "find_wordnet"]

_NEEDED = (
    *(f"{kind}.{part}" for kind in ("data", "index") for part in ("noun", "verb", "adj", "adv")),
    *(f"{part}.exc" for part in ("noun", "verb", "adj", "adv")),
)
_HELPFUL = ("lexnames", "cntlist.rev")
_WITHIN = ("", "wordnet", "corpora/wordnet", "dict")
"""Where in a folder that is named or searched the files may lie."""
_ZIPS = ("corpora/wordnet.zip", "wordnet.zip")
REMEDY = (
    "syncaug downloads nothing: run python -m nltk.downloader wordnet once, or install your "
    "system's package (Debian: wordnet-base, then wordnet: /usr/share/wordnet), and name the "
    "folder with wordnet: or NLTK_DATA."
)
"""How a user comes by WordNet."""


class WordNetMissing(Exception):
    """There is no WordNet where it was looked for."""

    def __init__(self, came: str, expected: str = "WordNet's files") -> None:
        self.came, self.expected, self.remedy = came, expected, REMEDY
        super().__init__(f"{came}; expected {expected}")


@dataclass(frozen=True, slots=True)
class WordNetFiles:
    """The files of a WordNet: in the folder `place`, or under `within` in the zip file `place`."""

    place: str
    within: str = ""

    def read(self) -> dict[str, bytes]:
        """Name -> content. Raises OSError, or ValueError for a damaged zip file."""
        if not self.place.endswith(".zip"):
            return {name: _content(Path(self.place, name)) for name in self._present()}
        from zipfile import BadZipFile, ZipFile

        with open_regular(self.place) as file:
            try:
                with ZipFile(file) as archive:
                    held = set(archive.namelist())
                    names = [n for n in (*_NEEDED, *_HELPFUL) if self.within + n in held]
                    return {name: archive.read(self.within + name) for name in names}
            except BadZipFile as error:
                raise ValueError(f"{error}") from None

    def _present(self) -> list[str]:
        helpful = [name for name in _HELPFUL if Path(self.place, name).is_file()]
        return [*_NEEDED, *helpful]


def _content(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read()


def find_wordnet(named: str = "") -> WordNetFiles:
    """The files in a folder that is `named`, or the first that NLTK would find.

    The folder may be one of NLTK's data or the corpus itself. Raises WordNetMissing.
    """
    searched = [Path(named)] if named else list(_searched())
    lacking = ""
    for folder in searched:
        for inner in _WITHIN if named else ("corpora/wordnet",):
            place = folder / inner
            if (place / "data.noun").is_file():
                missing = [name for name in _NEEDED if not (place / name).is_file()]
                if not missing:
                    return WordNetFiles(str(place))
                lacking = lacking or f"{place}, which lacks {', '.join(missing)}"
        for inner in _ZIPS if named else _ZIPS[:1]:
            if (folder / inner).is_file():
                return WordNetFiles(str(folder / inner), "wordnet/")
    if lacking:
        raise WordNetMissing(lacking)
    if named:
        kind = "a folder without them" if Path(named).is_dir() else "no folder"
        raise WordNetMissing(
            f"{named}, {kind}", "the folder of WordNet's files, or one of NLTK's data with them"
        )
    raise WordNetMissing(f"none in {', '.join(map(str, searched))}")


def _searched() -> Iterator[Path]:
    """NLTK's search path: that of the library where it is imported, else by its rules."""
    seen: set[str] = set()
    data = sys.modules.get("nltk.data")
    named = os.environ.get("NLTK_DATA", "").split(os.pathsep)
    given = [os.path.expanduser(folder) for folder in named]
    usual = list(data.path) if data is not None else list(_usual())
    for folder in (*usual, *given) if data is not None else (*given, *usual):
        if folder and str(folder) not in seen:
            seen.add(str(folder))
            yield Path(folder)


def _usual() -> Iterator[str]:
    """Where NLTK looks beside `NLTK_DATA` (nltk/data.py)."""
    home = os.path.expanduser("~/nltk_data")
    if not home.startswith("~"):
        yield home
    for root in ("nltk_data", "share/nltk_data", "lib/nltk_data"):
        yield os.path.join(sys.prefix, root)
    if sys.platform.startswith("win"):
        if appdata := os.environ.get("APPDATA"):
            yield os.path.join(appdata, "nltk_data")
        yield from (rf"{drive}:\nltk_data" for drive in "CDE")
    else:
        for root in ("/usr/share", "/usr/local/share", "/usr/lib", "/usr/local/lib"):
            yield f"{root}/nltk_data"
