"""What measures are called, and what their intervals allow to be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["SAYS", "SCENES", "differences", "percent", "sentence"]

SAYS = {
    "retrieval_captions": "scene by full caption and back, among 256, first hit",
    "retrieval_sounds": "scene by sound and back, among 256, first hit",
    "question_colour": "which colour is the shape on the left?",
    "question_side": "on which side is the red shape?",
    "probe_colour": "linear probe: the colour on the left",
    "probe_side": "linear probe: the side of a kind of shape",
    "offset_film": "film and sound: which of five offsets",
    "offset_cues": "cues and sound: which of five offsets",
    "photos_colour": "real photos: true or wrong colours",
    "photos_side": "real photos: true or wrong sides",
    "webb_offset": "real film (narration): which of five offsets",
    "bunny_offset": "real film (animation): which of five offsets",
    "speech_offset": "real speech and its words: which of five offsets",
}
_SHORT = {
    "retrieval_captions": "retrieval by captions",
    "retrieval_sounds": "retrieval by sounds",
    "question_colour": "questions for colours",
    "question_side": "questions for sides",
    "probe_colour": "the probe of colours",
    "probe_side": "the probe of sides",
    "offset_film": "offsets of film and sound",
    "offset_cues": "offsets of cues and sound",
    "photos_colour": "colours of photos",
    "photos_side": "sides in photos",
    "webb_offset": "offsets of the narrated film",
    "bunny_offset": "offsets of the animated film",
    "speech_offset": "offsets of speech and words",
}
SCENES = tuple(name for name in SAYS if not name.startswith(("photos", "webb", "bunny", "speech")))
"""The measures on generated scenes."""


def sentence(found: Mapping[str, Any]) -> str:
    """What a sceptic would accept: no more than the intervals allow."""
    ahead: dict[str, dict[str, int]] = {}
    for one in found["comparisons"]:
        ahead.setdefault(one["metric"], {})[one["arm"]] = one["ahead"]
    scenes = [name for name in SCENES if name in ahead]
    real = [name for name in SAYS if name in ahead and name not in scenes]
    apart = [arm for arm in found["arms"] if arm not in ("strict", "jittered")]
    best = [name for name in scenes if all(ahead[name][arm] == 1 for arm in apart)]
    some = [name for name in scenes if name not in best and ahead[name].get("none") == 1]
    gaps = {one["metric"]: one for one in found["comparisons"] if one["arm"] == "none"}
    lines = [
        f"**Under {found['seeds']} seeds, on generated scenes that no model had seen, augmenting "
        "all streams by one draw is ahead of no augmentation, of augmenting any one stream alone "
        f"and of draws for each stream by itself in {len(best)} of {len(scenes)} measures"
        f"{_listed(best, found, gaps)}.**"
    ]
    if some:
        lines.append(
            "It is ahead of no augmentation, but not of every other arm, in "
            f"{len(some)}{_listed(some, found, gaps)}."
        )
    rest = [name for name in scenes if name not in best and name not in some]
    if rest:
        lines.append(f"It cannot be told to be ahead of no augmentation in {_names(rest)}.")
    if "jittered" in found["arms"]:
        worse, better, same = (
            [name for name in scenes if ahead[name]["jittered"] == sign] for sign in (1, -1, 0)
        )
        told = [
            f"{what} {_names(names)}"
            for what, names in (
                ("is behind strict in", worse),
                ("is ahead of it in", better),
                ("cannot be told from it in", same),
            )
            if names
        ]
        lines.append("Synchrony relaxed by a tenth (`jittered`) " + ", and ".join(told) + ".")
    if real:
        known = [name for name in real if found["metrics"][name]["strict"]["above"]]
        gain, loss, level = (
            [name for name in real if ahead[name].get("none") == sign] for sign in (1, -1, 0)
        )
        told = [
            f"{what} {_names(names)}"
            for what, names in (
                ("ahead of no augmentation in", gain),
                ("behind no augmentation in", loss),
                (
                    "not told apart from it in" if gain or loss else "not told apart from none in",
                    level,
                ),
            )
            if names
        ]
        lines.append(
            f"On real photos, films and speech it is {', and '.join(told)}; "
            + (f"above chance it is in {_names(known)}" if known else "none of it is above chance")
            + "."
        )
    return "\n".join(lines) + "\n"


def _listed(names: list[str], found: Mapping[str, Any], gaps: Mapping[str, Any]) -> str:
    """Measures with what strict and none have in percent, and the difference with its interval."""
    told = []
    for name in names:
        strict, none = (found["metrics"][name][arm]["mean"] for arm in ("strict", "none"))
        gap = (f"{100 * gaps[name][end]:+.1f}" for end in ("mean", "low", "high"))
        told.append(
            f"{_SHORT[name]} {percent(strict)} against {percent(none)} % without ("
            + "{}, 95 %: {} to {} points)".format(*gap)
        )
    return (": " if told else "") + "; ".join(told)


def _names(names: list[str]) -> str:
    told = [_SHORT[name] for name in names]
    return told[0] if len(told) == 1 else ", ".join(told[:-1]) + " and " + told[-1]


def differences(found: Mapping[str, Any]) -> str:
    """What the intervals allow to be said, measure by measure, of strict against each other arm."""
    lines = []
    for name, says in SAYS.items():
        told = {one["arm"]: one for one in found["comparisons"] if one["metric"] == name}
        if not told:
            continue
        strict = found["metrics"][name]["strict"]
        known = "" if strict["above"] else ", which cannot be told from chance"
        ahead, level, behind = (
            [_against(one) for one in told.values() if one["ahead"] == sign] for sign in (1, 0, -1)
        )
        parts = [f"strict gives {percent(strict['mean'])}{known}"]
        if ahead:
            parts.append("ahead of " + ", ".join(ahead))
        if behind:
            parts.append("behind " + ", ".join(behind))
        if level:
            parts.append("not told apart from " + ", ".join(level))
        lines.append(f"* **{says}**: {'; '.join(parts)}.")
    return "\n".join(lines) + "\n"


def _against(one: Mapping[str, Any]) -> str:
    return (
        f"`{one['arm']}` ({100 * one['mean']:+.1f}, {100 * one['low']:+.1f} to "
        f"{100 * one['high']:+.1f})"
    )


def percent(share: float) -> str:
    """A share in percent."""
    return f"{100 * share:.1f}"
