"""What a policy knows of a sample's entries, by which a source chooses what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from syncaug.errors import ManifestError
from syncaug.io.streams import in_files
from syncaug.plan.plan import Plan

__all__ = ["Declared"]


@dataclass(frozen=True, slots=True)
class Declared:
    """The streams of a policy, and the other entries that it takes: beside them, or untouched.

    `streams` holds the modality of each; `optional` are those that a sample may lack.
    """

    streams: Mapping[str, str]
    others: frozenset[str] = frozenset()
    optional: frozenset[str] = field(default=frozenset())

    @staticmethod
    def of(plan: Plan) -> Declared:
        """What a plan declares."""
        streams = {stream.name: stream.modality for stream in plan.streams}
        beside = {key for stream in plan.streams for key in stream.parallel_keys}
        others = frozenset({*beside, *plan.untouched} - set(streams))
        optional = frozenset(stream.name for stream in plan.streams if stream.optional)
        return Declared(streams, others, optional)

    @property
    def names(self) -> frozenset[str]:
        """All entries that a sample may have."""
        return self.others | set(self.streams)

    @property
    def order(self) -> tuple[str, ...]:
        """All entries: streams as they are declared, then the others by name."""
        return (*self.streams, *sorted(self.others))

    def modality(self, name: str) -> str:
        """The modality of a stream; empty for another entry."""
        return self.streams.get(name, "")

    def in_files(self, name: str) -> bool:
        """Whether the values of an entry are files: pictures, sounds, clouds ..."""
        return in_files(self.modality(name))

    def only(self, kinds: Iterable[str]) -> str:
        """The one stream of these modalities; empty where there is none, or several."""
        wanted = set(kinds)
        found = [name for name, modality in self.streams.items() if modality in wanted]
        return found[0] if len(found) == 1 else ""

    def check_mapped(self, mapped: Iterable[str], option: str) -> None:
        """Raise ManifestError where an option names an entry that the policy does not know."""
        for name in mapped:
            if name not in self.names:
                raise ManifestError(
                    f"{option} {name}=...: expected a stream or another entry of the policy: "
                    f"{', '.join(sorted(self.names))}; got {name!r}"
                )

    def require(self, found: Iterable[str], place: str, had: str, hint: str) -> None:
        """Raise ManifestError where a source has nothing at all for a stream that must be there."""
        there = set(found)
        for name, modality in self.streams.items():
            if name not in there and name not in self.optional:
                raise ManifestError(
                    f"{place}: expected something for the stream {name!r} ({modality}); "
                    f"got only {had}. {hint.format(name=name)}"
                )
