"""Checks: measures of alignment on the data that came out, each against its threshold.

`CHECKS` names the module of each; its `measure(options, outcome)` is imported when a plan first
needs it. The options, and what each check reads, are described in `catalogue/checks.yaml`. All
other names are those of installed packages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from syncaug.catalogue.external import CHECKS as GROUP
from syncaug.catalogue.external import external_part
from syncaug.checks.measure import Measure, Outcome

__all__ = ["CHECKS", "Measure", "Outcome", "measure_of"]

CHECKS = {
    "cue_overlap": "syncaug.checks.cue_overlap",
    "av_offset": "syncaug.checks.av_offset",
    "boxes_visible": "syncaug.checks.boxes_visible",
    "mentions_visible": "syncaug.checks.mentions_visible",
    "colour_words": "syncaug.checks.colour_words",
    "cues_in_range": "syncaug.checks.cues_in_range",
    "depth_consistency": "syncaug.checks.depth_consistency",
    "direction_words": "syncaug.checks.direction_words",
    "mutual_information": "syncaug.checks.mutual_information",
    "reprojection": "syncaug.checks.reprojection",
    "same_duration": "syncaug.checks.same_duration",
    "similarity": "syncaug.checks.similarity",
    "visible_share": "syncaug.checks.visible_share",
}


def measure_of(check: str) -> Callable[[Mapping[str, Any], Outcome], Measure]:
    """The function that measures an outcome."""
    if check not in CHECKS:
        from syncaug.checks.brought import brought

        return brought(check, external_part(GROUP, check, "measure", callable, "a function"))
    return import_module(CHECKS[check]).measure  # type: ignore[no-any-return]
