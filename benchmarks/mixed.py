"""A mixed sample: four libraries by hand, the same calls delegated to them, and our own maps.

Picture 256x256x3, one second of sound, a caption and 10,000 points. By hand, each library's objects
are built once with the numbers that the policy draws, and use the global generators as they do.
"""

from __future__ import annotations

from typing import Any

import albumentations as A
import audiomentations
import nlpaug.augmenter.word as naw
import numpy as np

from benchmarks.points import about_z
from benchmarks.report import Report, Run
from benchmarks.timing import one_thread, race
from syncaug import load_policy
from syncaug.backends import open3d as points_backend
from syncaug.backends.isolation import addressed_globals

SIDE, RATE, COUNT = 256, 16000, 10_000
SIDES = [["left", "right"]]
TURN = about_z(20.0)
MATRIX = np.eye(4)
MATRIX[:3, :3] = TURN
SAMPLE: dict[str, Any] = {
    "image": "image",
    "speech": {"modality": "audio", "sample_rate": RATE},
    "caption": {"modality": "text", "describes": "image"},
    "points": "points",
}
DRAW: dict[str, Any] = {
    "angle": {"uniform": [5, 15]},
    "size": {"uniform": [1.0, 1.1]},
    "hue": {"uniform": [-15, 15]},
    "light": {"uniform": [-0.2, 0.2]},
    "hiss": {"log_uniform": [0.005, 0.05]},
}
DELEGATED: dict[str, Any] = {
    "syncaug": 1,
    "name": "delegated",
    # The caption's words are nlpaug's business here, so no plane carries them.
    "sample": {**SAMPLE, "caption": {"modality": "text", "describes": "nothing"}},
    "draw": DRAW,
    "steps": [
        {
            "name": "mirror",
            "apply": {
                "image": {"op": "albumentations.HorizontalFlip"},
                "caption": {"op": "nlpaug.ReservedAug", "reserved_tokens": SIDES, "aug_p": 1.0},
            },
        },
        {
            "name": "turn",
            "apply": {
                "image": {
                    "op": "albumentations.Affine",
                    "rotate": {"from": "angle"},
                    "scale": {"from": "size"},
                },
            },
        },
        {
            "name": "colour",
            "apply": {
                "image": [
                    {
                        "op": "albumentations.HueSaturationValue",
                        "hue_shift_limit": {"from": "hue"},
                        "sat_shift_limit": 0,
                        "val_shift_limit": 0,
                    },
                    {
                        "op": "albumentations.RandomBrightnessContrast",
                        "brightness_limit": {"from": "light"},
                        "contrast_limit": {"from": "light"},
                    },
                ],
            },
        },
        {
            "name": "hiss",
            "apply": {
                "speech": {
                    "op": "audiomentations.AddGaussianNoise",
                    "min_amplitude": {"from": "hiss"},
                    "max_amplitude": {"from": "hiss"},
                },
            },
        },
        {
            "name": "yaw",
            "apply": {"points": {"op": "open3d.transform", "transformation": MATRIX.tolist()}},
        },
    ],
}
FUSED: dict[str, Any] = {
    "syncaug": 1,
    "name": "fused",
    "sample": SAMPLE,
    "draw": DRAW,
    "steps": [
        {"name": "mirror", "uses": "flip", "with": {"axis": "horizontal", "world": "keep"}},
        {"name": "turn", "uses": "rotate", "with": {"degrees": {"from": "angle"}}},
        {"name": "grow", "uses": "scale", "with": {"factor": {"from": "size"}}},
        {"name": "colour", "uses": "colour", "with": {"hue": {"from": "hue", "scale": 2}}},
        {
            "name": "light",  # the very line that RandomBrightnessContrast draws: (1 + l) x + l
            "uses": "light",
            "with": {
                "value": {"expr": "(1 + light) / (1 - 2 * light) - 1"},
                "contrast": {"expr": "-2 * light"},
            },
        },
        {
            "name": "hiss",
            "uses": "noise",
            "draw": {"snr": {"uniform": [8, 28]}},
            "with": {"snr_db": {"from": "snr"}, "speech": "white"},
        },
        {"name": "yaw", "uses": "world_rotate", "with": {"axis": "z", "degrees": 20.0}},
    ],
}


def sample() -> dict[str, Any]:
    """Smooth picture, noisy tone, caption with two directions, points of a room."""
    generator = np.random.default_rng(0)
    y, x = np.mgrid[:SIDE, :SIDE]
    waves = [127 + 60 * np.sin(x / (9 + c)) + 60 * np.cos(y / (13 - c)) for c in range(3)]
    time = np.arange(RATE) / RATE
    return {
        "image": np.stack(waves, axis=-1).astype(np.uint8),
        "speech": (0.2 * np.sin(2 * np.pi * 220 * time)).astype(np.float32),
        "caption": "A dog sits to the left of a tree and a cat sleeps on the right side.",
        "points": generator.normal(0.0, 3.0, (COUNT, 3)).astype(np.float32),
    }


class ByHand:
    """What a user writes without us: four objects built once, called one after the other."""

    def __init__(self, drawn: dict[str, float]) -> None:
        angle, size, hue, light, hiss = (
            (drawn[name], drawn[name]) for name in ("angle", "size", "hue", "light", "hiss")
        )
        self.image = A.Compose(
            [
                A.HorizontalFlip(p=1.0),
                A.Affine(rotate=angle, scale=size, p=1.0),
                A.HueSaturationValue(hue, (0, 0), (0, 0), p=1.0),
                A.RandomBrightnessContrast(light, light, p=1.0),
            ]
        )
        self.speech = audiomentations.AddGaussianNoise(*hiss, p=1.0)
        self.caption = naw.ReservedAug(reserved_tokens=SIDES, aug_p=1.0)
        self.open3d = points_backend.load()
        self.matrix = self.open3d.core.Tensor(MATRIX.astype(np.float32))

    def points(self, points: Any) -> Any:
        """The copy is needed: the tensor shares its memory with the array and is moved in place."""
        tensor = self.open3d.core.Tensor.from_numpy(points.copy())
        cloud = self.open3d.t.geometry.PointCloud(tensor)
        return cloud.transform(self.matrix).point.positions.numpy()

    def __call__(self, streams: dict[str, Any]) -> dict[str, Any]:
        return {
            "image": self.image(image=streams["image"])["image"],
            "speech": self.speech(streams["speech"], sample_rate=RATE),
            "caption": self.caption.augment(streams["caption"])[0],
            "points": self.points(streams["points"]),
        }


def measure(run: Run) -> Report:
    """Equal results first, then one race."""
    report = Report(f"Mixed sample: {SIDE}x{SIDE} picture, 1 s of sound, caption, {COUNT} points")
    streams = sample()
    delegated, fused = load_policy(DELEGATED, seed=4), load_policy(FUSED, seed=4)
    draw = delegated.draw(key="mixed")
    by_hand = ByHand(draw.variables)
    ours, own = delegated(streams, key="mixed"), fused(streams, key="mixed")
    with addressed_globals(draw.source().entropy("hiss/speech")):
        theirs = by_hand(streams)
    report.check(np.array_equal(ours["image"], theirs["image"]), "delegated picture: equal bits")
    report.check(
        np.array_equal(ours["speech"], theirs["speech"]), "delegated sound: equal bits, same noise"
    )
    report.check(
        ours["caption"] == own["caption"] == theirs["caption"].rstrip(),
        f"captions: equal texts, {ours['caption']!r}",
    )
    gap = max(float(np.abs(out["points"] - theirs["points"]).max()) for out in (ours, own))
    report.check(gap < 1e-5, f"points: within {gap:.1e} m")
    middle = slice(40, -40)
    tones = np.abs(own["image"].astype(float) - theirs["image"])[middle, middle].mean()
    report.check(tones < 6.0, f"fused picture: {tones:.1f} grey levels from theirs in the mean")
    noise = np.std(own["speech"] - streams["speech"])
    snr = fused.draw(key="mixed").steps[-2].variables["snr"]
    wanted = np.sqrt(np.mean(streams["speech"] ** 2)) * 10 ** (-snr / 20)
    report.check(
        abs(noise / wanted - 1) < 0.05,
        "fused sound: white noise of the drawn level, a field of its own",
    )
    contestants = {
        "four libraries by hand": lambda: by_hand(streams),
        "syncaug, delegated": lambda: delegated(streams, key="mixed"),
        "syncaug, fused": lambda: fused(streams, key="mixed"),
    }
    with one_thread():
        result = race("one sample, one thread", contestants, seconds=3 * run.seconds)
    both = race("as installed", contestants, seconds=run.seconds, threads=True)
    parts = race(
        "of the work by hand",
        {
            "albumentations": lambda: by_hand.image(image=streams["image"]),
            "audiomentations": lambda: by_hand.speech(streams["speech"], sample_rate=RATE),
            "nlpaug": lambda: by_hand.caption.augment(streams["caption"]),
            "open3d tensor": lambda: by_hand.points(streams["points"]),
        },
        seconds=run.seconds / 2,
    )
    report.races += [result, both, parts]
    for name, aim in (("delegated", 1.05), ("fused", 1.4)):
        ours_name = f"syncaug, {name}"
        report.ratio(f"mixed: {name}", result, "four libraries by hand", ours_name, aim)
        title = f"mixed: {name}, threads as installed"
        report.ratio(title, both, "four libraries by hand", ours_name)
    return report
