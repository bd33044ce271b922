"""The samples of a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncaug.errors import ManifestError

if TYPE_CHECKING:
    from syncaug.io.manifest import Entry

__all__ = ["ManifestSource"]


@dataclass(frozen=True, slots=True)
class ManifestSource:
    """The lines of a manifest in JSON Lines."""

    place: Path

    def items(self) -> Iterator[Entry | ManifestError]:
        """Each line as an entry, or what is wrong with it. Raises ManifestError."""
        from syncaug.io.manifest import scan_manifest

        return scan_manifest(self.place)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def description(self) -> Mapping[str, Any]:
        """Its name and a digest of what it says. Raises ManifestError."""
        from syncaug.io.problem import FileProblem, read_bytes

        try:
            content = read_bytes(self.place, "a manifest")
        except FileProblem as problem:
            raise ManifestError(str(problem)) from None
        return {
            "manifest": self.place.name,
            "content of the manifest": blake2b(content, digest_size=16).hexdigest(),
        }
