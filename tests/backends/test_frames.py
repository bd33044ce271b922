"""Every operation on pictures carries videos too: drawn once, alike in any thread and process."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from syncaug.backends import prepare
from syncaug.catalogue import operation
from syncaug.clips import frames as walking
from syncaug.clips.clip import ArrayClip, regular_times
from syncaug.clips.frame_steps import Applied
from syncaug.clips.frames import changed
from tests.backends import material as given

pytestmark = pytest.mark.filterwarnings("ignore")  # the libraries' own

FRAMES = np.stack([np.roll(given.picture("uint8x3"), 3 * shift, axis=1) for shift in range(4)])
NAMES = [
    name
    for name in given.usable("albumentations")
    if "video" in operation(name).takes and "uint8x3" in operation(name).accepts
]


def test_all_of_them_are_tried() -> None:
    assert len(NAMES) > 90


@pytest.mark.parametrize("name", NAMES)
def test_frames_are_the_same_in_threads_and_after_pickling(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    constants = given.EXAMPLES.get(name, {})
    film: Any = prepare(name, "video", constants, {})
    still: Any = prepare(name, "image", constants, {})
    function, moved, _ = film.on_frames(FRAMES[0], {}, given.entropy())
    assert (moved is None) == (operation(name).moves == "nothing")
    first = function(FRAMES[0])
    assert np.array_equal(first, still.run(FRAMES[0], {}, given.entropy()).data)
    source = ArrayClip(FRAMES.copy(), regular_times(len(FRAMES), 25.0), 0.16)
    clip = changed(source, (Applied(function),), first.shape)
    monkeypatch.setattr(walking, "_WORTH_A_THREAD", 0)
    monkeypatch.setattr(walking, "_allowed", lambda: 2)
    both = clip.read(range(len(FRAMES)))
    monkeypatch.setattr(walking, "_allowed", lambda: 1)
    assert np.array_equal(clip.read(range(len(FRAMES))), both)
    assert np.array_equal(pickle.loads(pickle.dumps(clip)).read([2, 1]), both[[2, 1]])
    assert np.array_equal(source.frames, FRAMES)
