"""What a call costs on a tiny sample of four streams, beside the same work by hand.

The work by hand is one warp, one table, one product, one swap of channels and one edit of the
caption, called directly with parameters that were worked out before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from benchmarks.points import about_z
from benchmarks.report import Report, Run
from benchmarks.timing import one_thread, race
from syncaug import load_policy

POLICY: dict[str, Any] = {
    "syncaug": 1,
    "name": "tiny",
    "sample": {
        "image": "image",
        "speech": {"modality": "audio", "sample_rate": 16000},
        "caption": {"modality": "text", "describes": "image"},
        "points": "points",
    },
    "steps": [
        {"name": "mirror", "uses": "flip", "with": {"axis": "horizontal", "world": "keep"}},
        {"name": "tilt", "uses": "rotate", "with": {"degrees": [6, 12]}},
        {"name": "lamp", "uses": "light", "with": {"value": [-0.3, 0.3]}},
        {"name": "turn", "uses": "world_rotate", "with": {"axis": "z", "degrees": [-30, 30]}},
    ],
}
SIZE = 16
KEY = "tiny"


def sample() -> dict[str, Any]:
    """Picture of 16x16, a tenth of a second of stereo, a caption and ten points."""
    generator = np.random.default_rng(0)
    return {
        "image": generator.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8),
        "speech": generator.normal(0.0, 0.1, (2, 1600)).astype(np.float32),
        "caption": "A dog sits to the left of a tree.",
        "points": generator.normal(0.0, 1.0, (10, 3)).astype(np.float32),
    }


def by_hand(tiny: dict[str, Any], draw: Any) -> Callable[[], dict[str, Any]]:
    """The bare work, with all that the draw decides worked out before."""
    from syncaug.backends import opencv
    from syncaug.maps.tone import Light, light_table
    from syncaug.words import Symmetry, apply_edits, direction_edits

    tilt, lamp, turn = (step.parameters["*"] for step in draw.steps[1:])
    angle, middle = np.radians(tilt["degrees"]), (SIZE - 1) / 2
    cosine, sine = np.cos(angle), np.sin(angle)
    rotate = np.array(
        [
            [cosine, sine, middle - cosine * middle - sine * middle],
            [-sine, cosine, middle + sine * middle - cosine * middle],
            [0.0, 0.0, 1.0],
        ]
    )
    mirror = np.array([[-1.0, 0.0, SIZE - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    warp = (rotate @ mirror)[:2]
    table = light_table(
        (Light(value=lamp["value"], contrast=lamp["contrast"], gamma=lamp["gamma"]),)
    )
    product = about_z(turn["degrees"]).astype(np.float32).T
    mirrored = Symmetry(True, 0)
    swap = [1, 0]

    def bare() -> dict[str, Any]:
        image = cv2.warpAffine(tiny["image"], warp, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
        text = tiny["caption"]
        return {
            "image": opencv.lookup(image, table),
            "speech": tiny["speech"][swap],
            "caption": apply_edits(text, direction_edits(text, mirrored)),
            "points": tiny["points"] @ product,
        }

    return bare


def measure(run: Run) -> Report:
    """Equal results first, then calls with and without a record beside the bare work."""
    report = Report("Four tiny streams (picture 16x16, 0.1 s of stereo, caption, 10 points)")
    policy = load_policy(POLICY, seed=1)
    tiny = sample()
    bare = by_hand(tiny, policy.draw(key=KEY))
    ours, theirs = policy(tiny, key=KEY), bare()
    report.check(np.array_equal(ours["image"], theirs["image"]), "pictures: equal bits")
    report.check(np.array_equal(ours["speech"], theirs["speech"]), "sounds: equal bits")
    report.check(ours["caption"] == theirs["caption"], f"captions: equal, {ours['caption']!r}")
    report.check(np.allclose(ours["points"], theirs["points"], atol=1e-6), "points: within 1e-6")
    with one_thread():
        result = race(
            "one sample, drawing included",
            {
                "the work by hand": bare,
                "syncaug": lambda: policy(tiny, key=KEY),
                "syncaug, with a record": lambda: policy.apply(tiny, key=KEY),
                "the draw alone": lambda: policy.draw(key=KEY),
            },
            seconds=2 * run.seconds,
        )
    report.races.append(result)
    report.ratio("tiny: times the work", result, "syncaug", "the work by hand", 3.0, at_least=False)
    report.ratio("tiny: with a record", result, "syncaug, with a record", "the work by hand")
    return report
