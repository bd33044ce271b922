"""Stereo pairs: the planes that `swap:` names, by their own names or by streams on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.compiler.complaints import Complaints

__all__ = ["name_pairs"]


def name_pairs(
    declared: Mapping[str, tuple[str, dict[str, Any]]],
    spaces: Mapping[str, Mapping[str, str]],
    complaints: Complaints,
) -> None:
    """Let every declaration name two planes, and each disparity know the pair of its plane."""
    planes = [plane for living in spaces.values() if (plane := living.get("plane", ""))]
    taken: dict[str, tuple[str, str]] = {}
    for name, (_, options) in declared.items():
        if "swap" not in options:
            continue
        path = ("sample", name, "swap")
        named = options.pop("swap")
        found = [_plane(each, planes, spaces) for each in named]
        if "" in found:
            index = found.index("")
            complaints.unknown(
                *("SA306", (*path, index), "plane", named[index], sorted(set(planes))),
                otherwise="the planes of the left and the right picture",
            )
            continue
        left, right = found
        wrong = ""
        if left == right:
            wrong = f"both are plane {left!r}"
        elif spaces[name].get("plane") not in found:
            wrong = f"{name!r} is on neither of them, but on {spaces[name].get('plane', 'none')!r}"
        elif (
            "right" in left.lower()
            and "left" in right.lower()
            and _compared(declared, spaces, found)
        ):
            wrong = f"the left one comes first, and {left!r} names the right one"
        elif any(taken.get(plane, (left, right)) != (left, right) for plane in found):
            wrong = "another stream names another pair"
        if wrong:
            expected = "the planes of the left and the right picture, this stream's own among them"
            complaints.add("SA203", path, f"{found} is no pair: {wrong}", expected=expected)
            continue
        taken[left] = taken[right] = (left, right)
        options["swap"] = [left, right]
    for name, (modality, options) in declared.items():
        plane = spaces[name].get("plane", "")
        if modality == "disparity" and plane in taken:
            options["swap"] = list(taken[plane])


def _compared(
    declared: Mapping[str, tuple[str, dict[str, Any]]],
    spaces: Mapping[str, Mapping[str, str]],
    planes: list[str],
) -> bool:
    """Whether a disparity of these planes counts from the left one to the right one."""
    return any(
        modality == "disparity" and spaces[name].get("plane") in planes
        for name, (modality, _) in declared.items()
    )


def _plane(named: str, planes: list[str], spaces: Mapping[str, Mapping[str, str]]) -> str:
    """The plane of that name, or the one on which a stream of that name lives; empty for none."""
    return named if named in planes else spaces.get(named, {}).get("plane", "")
