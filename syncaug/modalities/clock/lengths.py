"""Keys of a mapping of sound or of frames that repeat how long it is: they follow, as in cues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.kernels.cue_keys import LENGTHS
from syncaug.kernels.inner_forms import is_number, like
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.clock.lasting import Lasting
from syncaug.modalities.clock.times_beside import times_after

__all__ = ["lengths_after"]

_COUNTS = frozenset(
    (
        *("num_frames", "n_frames", "nframes", "frame_count", "frames_count", "total_frames"),
        *("num_samples", "n_samples", "nsamples", "sample_count", "length", "len"),
    )
)
"""Keys that repeat how many frames or samples there are."""
_OF_ANYTHING = frozenset({"length", "len"})
"""Names that may be the length of something else, in any unit."""
_NEAR = 0.01
"""By what share a length may differ from what it repeats."""


def lengths_after(
    came: Mapping[str, Any], before: Lasting, after: Lasting, carrier: Carrier
) -> dict[str, Any]:
    """The entries of a mapping that repeat how long it was, or its times, as they are now.

    A number of seconds under a name of lengths that never was its own stays, with a warning: it is
    probably that of the recording from which an excerpt came.
    """
    told: dict[str, Any] = {}
    if before == after:
        return told
    for key in (LENGTHS.keys() | _COUNTS) & came.keys():
        value = came[key]
        if not is_number(value):
            continue
        if key in _COUNTS and value == before.count:
            told[key] = like(value, after.count)
        elif key in LENGTHS:
            unit = LENGTHS[key]
            if abs(value / unit - before.seconds) <= 1e-3 + _NEAR * before.seconds:
                told[key] = like(value, after.seconds * unit)
            elif key not in _OF_ANYTHING:
                carrier.suspect(
                    "length",
                    f"its {key!r} is {value:g}, and it lasts {before.seconds:g} s; the number "
                    "stays as it came. Leave it out, or name what it is the length of",
                )
    return told | times_after(came, before, after, carrier)
