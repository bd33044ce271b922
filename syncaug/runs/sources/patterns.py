"""A folder of files by patterns: `images/{key}.jpg`, `captions/{key}.txt`, `{key}/{stream}.png`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.manifest import Entry
from syncaug.io.packed import Folder
from syncaug.io.problem import TEXT_BYTES, read_bytes
from syncaug.missing import where_to_look
from syncaug.runs.sources.contents import content_of
from syncaug.runs.sources.declared import Declared
from syncaug.runs.sources.given import Given

__all__ = ["Files"]

_HOLDER = re.compile(r"\{(\w+)\}|\*")
_STREAM = "stream"


@dataclass(slots=True)
class Files:
    """The samples of a folder whose files are named by patterns, in the order of their keys.

    A placeholder stands for any part of a name, the same in all patterns: `{key}` for the sample's
    key, `{stream}` for the name of the stream, and any other for what `--key-from` puts into the
    key. `*` stands for what tells nothing. Names that begin with a dot match none.
    """

    given: Given
    declared: Declared
    notes: list[str] = field(default_factory=list)

    @property
    def place(self) -> Path:
        """The folder."""
        return self.given.path

    def items(self) -> Iterator[Entry | ManifestError]:
        """Each sample as an entry, or what is wrong with it. Raises ManifestError."""
        root = Path(os.path.abspath(self.given.path))
        if not os.path.isdir(root):
            raise ManifestError(
                f"{self.place}: expected a folder of files; there is none. {where_to_look(root)}"
            )
        patterns = [_Pattern.of(text, self._key, self.declared) for text in self.given.patterns]
        found: dict[str, dict[str, list[str]]] = {}
        unknown: set[str] = set()
        for path, (pattern, words) in self._matches(root, patterns).items():
            name = pattern.stream or words[_STREAM]
            if name not in self.declared.names:
                unknown.add(name)
                continue
            key = _filled(self._key, words)
            found.setdefault(key, {}).setdefault(name, []).append(path)
        if unknown:
            self.notes = [
                f"{self.place}: files that no entry of the policy takes are not in the results: "
                + ", ".join(sorted(unknown))
            ]
        there = {name for streams in found.values() for name in streams}
        hint = "Name its files: --pattern '{name}=PATTERN'"
        self.declared.require(there, str(self.place), ", ".join(sorted(there)) or "none", hint)
        how = self.given.as_json()
        for number, key in enumerate(sorted(found), start=1):
            yield self._entry(root, number, key, found[key], how)

    def _matches(
        self, root: Path, patterns: list[_Pattern]
    ) -> dict[str, tuple[_Pattern, dict[str, str]]]:
        """Each file with the pattern that says most of its name, and what its placeholders are.

        Raises ManifestError where a pattern matches nothing.
        """
        best: dict[str, tuple[_Pattern, dict[str, str]]] = {}
        for pattern in patterns:
            matched = False
            for path, words in pattern.files(root):
                matched = True
                if path not in best or pattern.said > best[path][0].said:
                    best[path] = pattern, words
            if not matched:
                raise ManifestError(
                    f"{self.place}: expected files as the pattern {pattern.text!r} names them; "
                    "got none. Paths in it start from the folder."
                )
        return best

    def description(self) -> Mapping[str, Any]:
        """The folder's name and the patterns; which samples there are is told by each."""
        return {"folder": self.place.name, "read": self.given.as_json()}

    @property
    def _key(self) -> str:
        return self.given.key or "{key}"

    def _entry(
        self,
        root: Path,
        number: int,
        key: str,
        streams: Mapping[str, list[str]],
        how: Mapping[str, Any],
    ) -> Entry | ManifestError:
        place = f"{self.place}: sample {key!r}"
        for name, paths in streams.items():
            if len(paths) > 1:
                return ManifestError(
                    f"{place}: expected one file for {name!r}; got {paths[0]} and {paths[1]}"
                )
        for name in self.declared.streams:
            if name not in streams and name not in self.declared.optional:
                there = ", ".join(sorted(path for paths in streams.values() for path in paths))
                return ManifestError(
                    f"{place}: expected a file for the stream {name!r}; got only {there}. Declare "
                    "it optional: true if samples may lack it."
                )
        values = {
            name: {"path": f"{root.name}/{streams[name][0]}"}
            for name in self.declared.order
            if name in streams
        }
        inline = frozenset(
            name
            for name in values
            if not self.declared.modality(name)
            or (self.declared.modality(name) == "label" and not streams[name][0].endswith(".json"))
        )
        return Entry(root, number, key, values, packed=FilesOf(root.parent, inline, how))


@dataclass(frozen=True, slots=True)
class FilesOf:
    """The files of one sample; those of entries that are no files are read."""

    base: Path
    inline: frozenset[str]
    read: Mapping[str, Any]

    def peek(self, name: str, values: Mapping[str, Any]) -> Any:
        """The value of an entry that is no file; None for all others. Raises FileProblem."""
        if name not in self.inline or name not in values:
            return None
        path = self.base / values[name]["path"]
        return content_of(str(path), read_bytes(path, "a file", limit=TEXT_BYTES))

    def unpack(self, folder: Folder, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values to load: the files stay where they are. Raises FileProblem."""
        return {
            name: self.peek(name, values)
            if name in self.inline
            else {"path": str(self.base / value["path"])}
            for name, value in values.items()
        }


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern of paths below the folder, part by part; `stream` is empty where it tells it."""

    text: str
    stream: str
    parts: tuple[re.Pattern[str], ...]

    @property
    def said(self) -> int:
        """How many letters of a path it tells by itself."""
        return len(_HOLDER.sub("", self.text))

    @staticmethod
    def of(said: str, key: str, declared: Declared) -> _Pattern:
        """What `--pattern` says. Raises ManifestError."""
        name, sign, text = said.partition("=")
        if not sign or not name.isidentifier():
            name, text = "", said
        holders = {match[1] for match in _HOLDER.finditer(text) if match[1]}
        wanted = {match[1] for match in _HOLDER.finditer(key)}
        wrong = f"--pattern {said!r}: expected "
        if text.startswith("/") or ".." in text.split("/") or "\\" in text or not text:
            raise ManifestError(wrong + "a path below the folder, divided by '/'")
        if name:
            declared.check_mapped([name], "--pattern")
        elif _STREAM not in holders:
            streams = ", ".join(declared.streams)
            guess = _of_suffix(text, declared)
            if not guess:
                raise ManifestError(
                    f"{wrong}which stream its files are: {{stream}} in it, or STREAM={text} with "
                    f"one of {streams}"
                )
            name = guess
        if None in wanted or not wanted:
            raise ManifestError(
                f"--key-from {key!r}: expected placeholders, such as {{scene}}/{{frame}}"
            )
        missing = sorted(wanted - holders)
        if missing:
            raise ManifestError(
                f"{wrong}a place for {{{missing[0]}}}, of which the key is made"
                + (
                    ""
                    if key != "{key}"
                    else "; or say how it is made: --key-from '{scene}/{frame}'"
                )
            )
        return _Pattern(text, name, tuple(map(_expression, text.split("/"))))

    def files(self, root: Path) -> Iterator[tuple[str, dict[str, str]]]:
        """The paths that match, from the folder on, each with what its placeholders stand for."""
        yield from self._below(root, "", self.parts, {})

    def _below(
        self, folder: Path, base: str, parts: tuple[re.Pattern[str], ...], words: dict[str, str]
    ) -> Iterator[tuple[str, dict[str, str]]]:
        first, *rest = parts
        try:
            names = sorted(os.listdir(folder))
        except OSError as error:
            raise ManifestError(f"{folder}: it cannot be listed: {error}") from error
        for name in names:
            match = first.fullmatch(name)
            if match is None or name.startswith("."):
                continue
            told = match.groupdict()
            if any(words.get(holder, word) != word for holder, word in told.items()):
                continue
            path = folder / name
            if rest and path.is_dir():
                yield from self._below(path, f"{base}{name}/", tuple(rest), {**words, **told})
            elif not rest and not path.is_dir():
                yield base + name, {**words, **told}


def _expression(part: str) -> re.Pattern[str]:
    """One part of a pattern as a regular expression; a placeholder again is the same text again."""
    out, at, seen = "", 0, set()
    for match in _HOLDER.finditer(part):
        out += re.escape(part[at : match.start()])
        if match[1] is None:
            out += ".*"
        elif match[1] in seen:
            out += f"(?P={match[1]})"
        else:
            out += f"(?P<{match[1]}>.+)"
            seen.add(match[1])
        at = match.end()
    return re.compile(out + re.escape(part[at:]), re.DOTALL)


def _filled(template: str, words: Mapping[str, str]) -> str:
    """A template with its placeholders filled in."""
    return _HOLDER.sub(lambda holder: words[holder[1]], template)


def _of_suffix(text: str, declared: Declared) -> str:
    """The only stream that files of the pattern's first folder or suffix can be."""
    from syncaug.io.kinds import modalities_of

    folders = [part for part in text.split("/")[:-1] if part in declared.names]
    if len(folders) == 1:
        return folders[0]
    suffix = Path(text).suffix.lower()
    return declared.only({"text"} if suffix == ".txt" else modalities_of(suffix))
