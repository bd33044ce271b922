"""What the engine itself costs on a tiny sample of four streams, beyond the work by hand.

The work by hand is one warp, one table, one product, one swap of channels and one edit of the
caption, called directly with parameters that were worked out before.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from timing import Goal, Report, main, race

from syncaug import load_policy
from syncaug.backends import opencv
from syncaug.maps.tone import Light, light_table
from syncaug.maps.world import axis_rotation
from syncaug.words import Symmetry, apply_edits, direction_edits

POLICY: dict[str, Any] = {
    "syncaug": 1,
    "name": "overhead",
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


def sample() -> dict[str, Any]:
    """Four small streams."""
    generator = np.random.default_rng(0)
    return {
        "image": generator.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8),
        "speech": generator.normal(0.0, 0.1, (2, 1600)).astype(np.float32),
        "caption": "A dog sits to the left of a tree.",
        "points": generator.normal(0.0, 1.0, (10, 3)).astype(np.float32),
    }


def measure(rounds: int) -> Report:
    """Engine against bare work, and where the difference goes."""
    report = Report(
        "Engine overhead per sample of four streams (image 16x16x3, 0.1 s, caption, 10 points)"
    )
    policy = load_policy(POLICY, seed=1)
    tiny = sample()
    draw = policy.draw(key="tiny")
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
    product = axis_rotation("z", turn["degrees"]).astype(np.float32).T
    mirrored = Symmetry(True, 0)
    swap = [1, 0]

    def words() -> str:
        return apply_edits(tiny["caption"], direction_edits(tiny["caption"], mirrored))

    def streams() -> tuple[Any, Any, Any]:
        image = cv2.warpAffine(tiny["image"], warp, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
        return opencv.lookup(image, table), tiny["speech"][swap], tiny["points"] @ product

    def bare() -> dict[str, Any]:
        image, speech, points = streams()
        return {"image": image, "speech": speech, "caption": words(), "points": points}

    def engine() -> Any:
        return policy(tiny, key="tiny")

    ours, by_hand = engine(), bare()
    report.check(np.array_equal(ours["image"], by_hand["image"]), "pictures are equal to the bit")
    report.check(np.array_equal(ours["speech"], by_hand["speech"]), "sounds are equal to the bit")
    report.check(ours["caption"] == by_hand["caption"], f"captions are equal: {ours['caption']!r}")
    report.check(np.allclose(ours["points"], by_hand["points"], atol=1e-6), "points agree to 1e-6")

    result = race(
        "one sample",
        {
            "bare work": bare,
            "engine": engine,
            "of it, the draw": lambda: policy.draw(key="tiny"),
            "of the bare work, finding and editing words": words,
        },
        rounds=rounds,
    )
    report.races.append(result)
    report.goals.append(
        Goal("engine overhead", result.excess("engine", "bare work"), 20.0, "microseconds", False)
    )
    return report


if __name__ == "__main__":
    main(measure, rounds=100)
