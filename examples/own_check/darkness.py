"""A check of one's own: `darkness` refuses pictures that a draw has made too dark.

The entry point `darkness = "darkness"` in the group `syncaug.checks` names this module. `SPEC` is
an entry as in `catalogue/checks.yaml`, and `measure` looks at what came out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.checks import Measure, Outcome
from syncaug.modalities.plane.image import ImageCarrier

SPEC: Mapping[str, Any] = {
    "summary": "Pictures keep at least this share of their mean level; the least is the measure.",
    "needs": ["image"],
    "reads": ["image"],
    "options": {
        "keep": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.5,
            "description": "The least share of its mean level that a picture keeps.",
        },
        "stream": {
            "type": "string",
            "description": "The picture to measure; all pictures without it.",
            "modality": "image",
        },
    },
}


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The least share of its mean level that a picture keeps."""
    shares: dict[str, float] = {}
    for carrier in outcome.carriers(ImageCarrier, options.get("stream", "")):
        name = carrier.stream.name
        before, after = (float(np.mean(s[name])) for s in (outcome.before, outcome.after))
        if before > 0.0:
            shares[name] = after / before
    if not shares:
        return Measure.nothing("no picture that is not black")
    least = min(shares, key=lambda name: shares[name])
    passed = shares[least] >= options["keep"]
    text = "" if passed else f"{least!r} keeps {shares[least]:.0%} of its level"
    return Measure(shares[least], passed, text, shares)
