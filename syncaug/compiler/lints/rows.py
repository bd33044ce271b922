"""Rows that probably belong together, and steps that part what belongs together."""

from __future__ import annotations

from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.plan import Plan, Step, Stream

__all__ = ["warn_of_parted", "warn_of_unlinked"]


def warn_of_unlinked(plan: Plan, complaints: Complaints) -> None:
    """Warn of streams of one plane whose rows have identities, and that no group ties together.

    Of one modality there may be several for different things: cars and signs.
    """
    first: dict[str, Stream] = {}
    for stream in plan.streams:
        plane = stream.spaces.get("plane", "")
        if not (stream.ids and plane) or "rows" in stream.options:
            continue
        other = first.setdefault(plane, stream)
        if other.modality == stream.modality:
            continue
        complaints.add(
            "SA620",
            ("sample", stream.name, "ids"),
            f"rows of {stream.name!r} have identities, as those of {other.name!r} have, and each "
            "stream drops rows by its own rules",
            hint="write rows: NAME at both if row n of each is the same thing, else rows: none",
            severity="warning",
        )


def warn_of_parted(plan: Plan, step: Step, path: Path, complaints: Complaints) -> None:
    """Warn of a step in which streams of one group do not share what happens to them."""
    groups: dict[str, list[Stream]] = {}
    for stream in plan.streams:
        if stream.rows:
            groups.setdefault(stream.rows, []).append(stream)
    for name, members in groups.items():
        reached = [stream.name for stream in members if stream.name in step.streams]
        leader = next((stream.name for stream in members if stream.leads), "")
        if step.partner and reached and leader and "mix" not in step.streams.get(leader, ()):
            complaints.add(
                "SA621",
                (*path, "uses"),
                f"{step.transform} brings rows of a partner to {reached[0]!r}, and {leader!r}, "
                f"which leads the rows {name!r}, takes none: they all go",
                hint=f"let {leader!r} mix too, or write lead: true at {reached[0]!r}",
                severity="warning",
            )
        elif step.sync.mode == "independent" and len(reached) > 1:
            complaints.add(
                "SA621",
                (*path, "sync"),
                f"each stream of the rows {name!r} is moved by a draw of its own",
                hint=f"leave out sync:, or remove rows: {name}",
                severity="warning",
            )
