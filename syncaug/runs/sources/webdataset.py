"""WebDataset shards: each sample's members as its streams, found by their place in the shard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from syncaug.errors import ManifestError
from syncaug.io.kinds import modalities_of
from syncaug.io.manifest import Entry
from syncaug.io.packed import Folder
from syncaug.io.problem import FileProblem
from syncaug.runs.sources.contents import content_of
from syncaug.runs.sources.declared import Declared
from syncaug.runs.sources.given import Given
from syncaug.runs.sources.parts import each_once, parts_of
from syncaug.runs.sources.tar_index import Member, TarSample, index_tar

__all__ = ["Shards"]

_HINT = "Name its extension: --map {name}=EXTENSION, or {name}=json:FIELD for a field of JSON."


@dataclass(slots=True)
class Shards:
    """The samples of WebDataset shards.

    A member goes to the stream that `--map STREAM=EXTENSION` names, else to the one that its
    extension begins with (`0001.image.png`), else to the only stream of its kind. What goes to
    none is left out, and told in `notes`.
    """

    given: Given
    declared: Declared
    notes: list[str] = field(default_factory=list)

    @property
    def place(self) -> Path:
        """The shards as they were named."""
        return self.given.path

    def items(self) -> Iterator[Entry | ManifestError]:
        """Each sample as an entry, or what is wrong with it. Raises ManifestError."""
        self.declared.check_mapped(self.given.streams, "--map")
        shards = parts_of(self.given.path, ".tar", "WebDataset shards")
        choice = _Choice(self.given.streams, self.declared)
        entries = list(each_once(item for shard in shards for item in self._of(shard, choice)))
        if any(isinstance(entry, Entry) for entry in entries):
            had = f"members with the extensions {', '.join(sorted(choice.seen)) or 'none'}"
            self.declared.require(choice.taken, str(self.place), had, _HINT)
        left = sorted(choice.seen - choice.used)
        self.notes = [f"{self.place}: {_LEFT.format(', '.join(left))}"] if left else []
        yield from entries

    def description(self) -> Mapping[str, Any]:
        """The shards, their sizes, and how they are read."""
        shards = parts_of(self.given.path, ".tar", "WebDataset shards")
        sizes = {shard.name: shard.stat().st_size for shard in shards}
        return {"shards": sizes, "read": self.given.as_json()}

    def _of(self, shard: Path, choice: _Choice) -> Iterator[Entry | ManifestError]:
        how = self.given.as_json()
        try:
            for number, found in enumerate(index_tar(shard), start=1):
                if isinstance(found, FileProblem):
                    yield ManifestError(str(found))
                    continue
                try:
                    targets = choice.of(found)
                except FileProblem as problem:
                    yield ManifestError(f"{shard}:{number}: sample {found.key!r}: {problem}")
                    continue
                values = {
                    name: {"path": f"{shard.name}/{found.members[extension].name}"}
                    | ({"field": inner} if inner else {})
                    for name, (extension, inner) in targets.items()
                }
                members = {name: found.members[one] for name, (one, _) in targets.items()}
                as_files = frozenset(
                    name for name, member in members.items() if self._as_file(name, member.name)
                )
                packed = TarMembers(shard, members, as_files, how)
                yield Entry(shard, number, found.key, values, packed=packed)
        except FileProblem as problem:
            yield ManifestError(str(problem))

    def _as_file(self, name: str, member: str) -> bool:
        """Whether a reader of files takes the member; else its content is the value."""
        if member.lower().endswith(".json"):
            return self.declared.in_files(name)
        return self.declared.modality(name) not in ("", "label")


_LEFT = "members that no entry of the policy takes are not in the results: {}"


@dataclass(frozen=True, slots=True)
class TarMembers:
    """The members of one sample: where the bytes of each entry lie in the shard."""

    shard: Path
    members: Mapping[str, Member]
    as_files: frozenset[str]
    read: Mapping[str, Any]

    def unpack(self, folder: Folder, values: Mapping[str, Any]) -> dict[str, Any]:
        """Write what readers of files take, and read the rest. Raises FileProblem."""
        try:
            with self.shard.open("rb") as file:
                return {
                    name: self._inline(file, name, value)
                    if self._is_inline(name, value)
                    else {"path": folder.write(value["path"], self._bytes(file, name, value))}
                    for name, value in values.items()
                }
        except OSError as error:
            raise FileProblem("the shard of the sample", f"{self.shard}: {error}") from error

    def peek(self, name: str, values: Mapping[str, Any]) -> Any:
        """The value of an entry that is no file; None for all others. Raises FileProblem."""
        if name not in values or not self._is_inline(name, values[name]):
            return None
        try:
            with self.shard.open("rb") as file:
                return self._inline(file, name, values[name])
        except OSError as error:
            raise FileProblem("the shard of the sample", f"{self.shard}: {error}") from error

    def _is_inline(self, name: str, value: Mapping[str, Any]) -> bool:
        return "field" in value or name not in self.as_files

    def _inline(self, file: BinaryIO, name: str, value: Mapping[str, Any]) -> Any:
        data = self._bytes(file, name, value)
        if "field" in value:
            return _field(value["path"], data, value["field"])
        return content_of(value["path"], data)

    def _bytes(self, file: BinaryIO, name: str, value: Mapping[str, Any]) -> bytes:
        member = self.members[name]
        file.seek(member.offset)
        data = file.read(member.size)
        if len(data) < member.size:
            raise FileProblem("a whole shard", f"{value['path']}, of which bytes are missing")
        return data


def _field(place: str, data: bytes, name: str) -> Any:
    content = content_of(f"{place}.json", data)
    for part in name.split("."):
        if not isinstance(content, dict) or part not in content:
            there = ", ".join(content)[:80] if isinstance(content, dict) else "no object"
            raise FileProblem(f"a field {name!r} in its JSON", f"{place} with {there}")
        content = content[part]
    return content


class _Choice:
    """Which member of a sample is which entry, decided once for each extension."""

    def __init__(self, mapped: Mapping[str, str], declared: Declared) -> None:
        self._declared = declared
        self._mapped: dict[str, list[tuple[str, str]]] = {}
        for name, said in mapped.items():
            for one in said.split(";"):
                extension, _, inner = one.strip().lstrip(".").partition(":")
                self._mapped.setdefault(extension.lower(), []).append((name, inner))
        self._named = frozenset(mapped)
        self._known: dict[str, list[tuple[str, str]]] = {}
        self.seen: set[str] = set()
        self.used: set[str] = set()
        self.taken: set[str] = set()

    def of(self, sample: TarSample) -> dict[str, tuple[str, str]]:
        """The entries of a sample, each with its extension and the field of its JSON.

        Raises FileProblem where two members go to one entry.
        """
        if sample.problem:
            raise FileProblem("each member of a sample once, as it is", sample.problem)
        found: dict[str, tuple[str, str]] = {}
        for extension in sample.members:
            if extension not in self._known:
                self._known[extension] = self._targets(extension)
                self.seen.add(extension)
                if self._known[extension]:
                    self.used.add(extension)
            for name, inner in self._known[extension]:
                if name in found:
                    raise FileProblem(
                        f"one member for {name!r}",
                        f"{found[name][0]!r} and {extension!r}",
                        f"Say which one: --map {name}=EXTENSION",
                    )
                found[name] = extension, inner
        self.taken |= set(found)
        return {name: found[name] for name in self._declared.order if name in found}

    def _targets(self, extension: str) -> list[tuple[str, str]]:
        if extension in self._mapped:
            return self._mapped[extension]
        free = self._declared.names - self._named
        first = extension.partition(".")[0]
        for name in (extension, first):
            matching = [one for one in free if one.lower() == name]
            if matching:
                return [(matching[0], "")]
        if "." in extension:
            return []
        name = self._declared.only(_modalities(extension))
        return [(name, "")] if name in free else []


def _modalities(extension: str) -> frozenset[str]:
    """The modalities that files of an extension usually are of."""
    return _BESIDE.get(extension, frozenset()) | modalities_of(f".{extension}")


_BESIDE = {"txt": frozenset({"text"}), "text": frozenset({"text"}), "cls": frozenset({"label"})}
"""Extensions of WebDataset's own that no other files go by."""
