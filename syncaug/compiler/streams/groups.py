"""Groups of rows: streams that `rows:` says to hold the same things, and which of them leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.catalogue.modalities import modality_spec
from syncaug.compiler.complaints import Complaints
from syncaug.plan.stream import UNROWED
from syncaug.policy.suggest import suggest

__all__ = ["name_groups"]

_Declared = Mapping[str, tuple[str, dict[str, Any]]]


def name_groups(declared: _Declared, complaints: Complaints) -> None:
    """Let phrases join the group of their boxes, and each group have one leader, `lead: true`.

    Complains about groups of one stream, of two leaders, and about what cannot be in a group.
    """
    _follow_boxes(declared, complaints)
    _require_fits(declared, complaints)
    groups: dict[str, list[str]] = {}
    for name, (modality, options) in declared.items():
        group, leads = options.get("rows", ""), bool(options.pop("lead", False))
        if group in ("", UNROWED):
            if leads:
                complaints.add(
                    "SA530",
                    ("sample", name, "lead"),
                    f"{name!r} leads no rows",
                    expected="rows: NAME beside it, as the streams have that it leads",
                    key=True,
                )
            continue
        if not modality_spec(modality).rows:
            complaints.add(
                "SA530",
                ("sample", name, "rows"),
                f"{modality} streams cannot be in a group of rows",
                expected="a stream of rows, such as boxes or keypoints",
            )
            continue
        if leads:
            options["lead"] = True
        groups.setdefault(group, []).append(name)
    for group, members in groups.items():
        _lead(group, members, declared, complaints)
        if len(members) == 1:
            complaints.add(
                "SA530",
                ("sample", members[0], "rows"),
                f"no other stream has the rows {group!r}",
                expected="" if len(groups) > 1 else f"rows: {group} on another stream too",
                hint=suggest(group, [other for other in groups if other != group]),
            )


def _require_fits(declared: _Declared, complaints: Complaints) -> None:
    """Complain about boxes that are fitted to rows of other things, or to those of two streams."""
    fitted: dict[str, str] = {}
    for name, (_, options) in declared.items():
        boxes = options.get("fit", "")
        if boxes not in declared or declared[boxes][0] != "boxes":
            continue
        group, theirs = (declared[n][1].get("rows", "") for n in (name, boxes))
        path = ("sample", name, "fit")
        if group in ("", UNROWED) or group != theirs:
            complaints.add(
                "SA533",
                path,
                f"row n of {boxes!r} and of {name!r} need not be the same thing",
                expected=f"rows: {theirs or group or 'thing'} on both",
            )
        elif boxes in fitted:
            message = f"{boxes!r} is fitted to {fitted[boxes]!r} already"
            complaints.add("SA533", path, message, expected="one stream with that fit:")
        fitted.setdefault(boxes, name)


def _follow_boxes(declared: _Declared, complaints: Complaints) -> None:
    """Put phrases, of which there is one for each box, into the group of their boxes."""
    for name, (modality, options) in declared.items():
        boxes = options.get("boxes", "")
        if modality != "phrases" or boxes not in declared:
            continue
        group = declared[boxes][1].get("rows", "")
        own = options.get("rows", group)
        if {group, own} <= {"", UNROWED}:
            continue
        if own == group:
            options["rows"] = group
        else:
            complaints.add(
                "SA532",
                ("sample", name, "rows"),
                f"{name!r} has an entry for each row of {boxes!r}, which is of "
                + (f"the group {group!r}" if group not in ("", UNROWED) else "no group"),
                expected=f"rows: {group}" if group else f"rows: {own} on {boxes!r} too",
            )


def _lead(group: str, members: list[str], declared: _Declared, complaints: Complaints) -> None:
    """Let the first stream of a group lead it where none says that it does."""
    leaders = [name for name in members if declared[name][1].get("lead")]
    for name in leaders[1:]:
        complaints.add(
            "SA531",
            ("sample", name, "lead"),
            f"the rows {group!r} are led by {leaders[0]!r}",
            expected=f"one leader: remove lead: true from {name!r} or from {leaders[0]!r}",
        )
    if not leaders:
        declared[members[0]][1]["lead"] = True
