"""How many frames of a clip are read at a time.

A few frames stay in the processor's cache from one step to the next, and their memory is taken
again for the next few. But a film that runs backwards is decoded from a key up to its last frame,
for each read anew: few frames at a time would decode it many times over.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from syncaug.clips.chosen_clip import Chosen
from syncaug.clips.clip import Clip, DerivedClip, Indices, chunks

__all__ = ["parts", "runs_forward"]

_FEW = 8 << 20
"""Bytes of frames that are read at a time of a clip that runs forward."""
_LEAST = 4
"""Frames that are read at a time, though they be large: steps are carried out in two threads."""
_MANY = 32 << 20
"""Bytes of frames that are read at a time of any clip, unless one frame is larger."""


def parts(clip: Clip, order: Indices) -> Iterator[range]:
    """The places in `order` of the frames that are read together, a few at a time."""
    size = int(np.prod(clip.shape[1:])) * clip.dtype.itemsize
    budget = _MANY
    if _grows(order) and runs_forward(clip):
        budget = min(_MANY, max(_FEW, _LEAST * size))
    return chunks(len(order), size, budget)


def runs_forward(clip: Clip) -> bool:
    """Whether frames one after the other are such of the file, too."""
    from syncaug.clips.mixed_clip import MixedClip  # late: it loads OpenCV

    match clip:
        case Chosen():
            return _grows(clip.choice.frames) and runs_forward(clip.source)
        case MixedClip():
            both = runs_forward(clip.source) and runs_forward(clip.partner)
            return both and _grows(clip.rows)
        case DerivedClip():
            return runs_forward(clip.source)
    return True


def _grows(rows: Indices) -> bool:
    """Whether numbers never become smaller; those below 0 stand for no frame."""
    there = np.asarray(rows)
    return bool((np.diff(there[there >= 0]) >= 0).all())
