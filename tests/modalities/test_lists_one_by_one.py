"""Random policies on lists of texts: each text comes out as it does by itself."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, SampleError, load_policy

POLICIES = 120
PICTURE = np.zeros((48, 64, 3), np.uint8)
PICTURE[:, :32], PICTURE[:, 32:] = (200, 40, 30), (30, 60, 200)
BOXES = [[2.0, 4.0, 20.0, 44.0], [26.0, 10.0, 60.0, 46.0], [40.0, 2.0, 50.0, 9.0]]
CAPTIONS: list[tuple[str, list[str | None]]] = [
    ("A man in a red jacket stands to the left of a brown horse.",
     ["A man in a red jacket", "a brown horse", None]),
    ("A person next to a horse in a field.", ["A person", "a horse", None]),
    ("On the right, a brown horse looks at the camera", [None, "a brown horse", None]),
    ("", [None, None, None]),
    ("a horse and a man", ["a man", "a horse", None]),
    ("The man holds up a green kite above the horse", ["The man", "the horse", "a green kite"]),
    ("A kite, a horse, and a man with a blue hat.", ["a man", "a horse", "A kite"]),
    ("There are no people in the picture.", [None, None, None]),
    ("Stop at the red light and turn left.", [None, None, None]),
    ("A navy coat hangs on the upper right of a wall", [None, None, None]),
    ("A kite is flown by a man in the top left corner; below it waits a horse.",
     ["a man", "a horse", "A kite"]),
    ("  ", [None, None, None]),
    ("The horse's tail is black. The man smiles.", ["The man", "The horse", None]),
    ("Ein Pferd steht links neben dem Mann und der Drachen ist rot.", [None, None, None]),
    ("Two men's shadows fall on the white horse 10:30", [None, "the white horse", None]),
    ("a man at [10, 20, 30, 40]", ["a man", None, None]),
]  # fmt: skip
NOISY = ("noise", "KeyboardAug", "RandomWordAug", "OcrAug", "ReservedAug")


def some_step(rng: random.Random, number: int) -> str:
    """A step of a policy, with values that a caption may refuse."""
    degrees = rng.choice([90, 180, 270, 45, 10, -15])
    what = rng.choice([
        f"uses: flip, with: {{axis: {rng.choice(['horizontal', 'vertical', 'both'])}}}",
        f"uses: rotate, with: {{degrees: {degrees}}}",
        f"uses: colour, with: {{hue: {rng.choice([30, 60, 120, 180, 240, 300])}}}",
        f"uses: colour, with: {{saturation: {rng.choice([-1, -0.5, 0.3])}}}",
        f"uses: light, with: {{value: {rng.choice([-0.3, 0.3])}}}",
        f"uses: noise, with: {{severity: {rng.choice([0.2, 0.6, 1.0])}}}",
        f"uses: crop, with: {{area: {rng.choice([0.15, 0.4, 0.8])}, x: {rng.random():.2f}, "
        f"y: {rng.random():.2f}, caption: {rng.choice(['rebuild', 'keep'])}}}",
        f"uses: occlude, with: {{area: 0.25, x: {rng.random():.2f}, y: {rng.random():.2f}, "
        "caption: rebuild}",
        "uses: drop_modality, with: {streams: [caption]}, p: 0.3",
        f"uses: translate, with: {{x: {rng.choice([0.1, -0.3])}}}",
        "apply: {caption: {op: nlpaug.KeyboardAug, aug_word_p: 0.4}}",
        "apply: {caption: {op: nlpaug.OcrAug, aug_word_p: 0.4}}",
        "apply: {caption: {op: nlpaug.RandomWordAug, action: swap}}",
        "apply: {caption: {op: nlpaug.ReservedAug, reserved_tokens: [[man, guy], [horse, pony]]}}",
    ])  # fmt: skip
    chance = "" if "p: 0.3" in what else rng.choice(["", "", ", p: 0.6"])
    return f"  - {{name: s{number}, {what}{chance}}}\n"


def some_policy(rng: random.Random) -> tuple[Any, bool]:
    """A policy, and whether it draws inside of each text."""
    options = rng.choice(["", ", typos: all", ", traffic_lights: keep", ", coordinates: keep"])
    steps = "".join(some_step(rng, number) for number in range(rng.randint(1, 5)))
    text = (
        "syncaug: 1\nsample:\n  image: image\n  boxes: boxes\n"
        f"  caption: {{modality: text, describes: image{options}}}\n"
        "  phrases: {modality: phrases, boxes: boxes, text: caption}\n"
        f"fuse: {rng.choice(['on', 'off'])}\nsteps:\n{steps}on_fail: {{then: drop}}\n"
    )
    return load_policy(text, seed=rng.randrange(1000)), any(name in steps for name in NOISY)


def came(policy: Any, caption: Any, phrases: Any) -> tuple[Any, Any] | None:
    """Caption and phrases of the result; None where no draw is good for them."""
    sample = {"image": PICTURE, "boxes": BOXES, "caption": caption, "phrases": phrases}
    try:
        out = policy(sample, key="k")
    except SampleError as error:
        assert error.stream == "caption"  # noqa: PT017 (one of several outcomes)
        return None
    return None if out is DROPPED else (out["caption"], out["phrases"])


@pytest.mark.filterwarnings("ignore::syncaug.PolicyWarning", "ignore::syncaug.SampleWarning")
@pytest.mark.parametrize("part", range(4))
def test_each_text_comes_out_as_by_itself(part: int) -> None:
    whole = 0
    for number in range(part, POLICIES, 4):
        rng = random.Random(number)
        policy, noisy = some_policy(rng)
        told = rng.sample(CAPTIONS, rng.randint(1, 5))
        captions, phrases = map(list, zip(*told, strict=True))
        alone = []
        for place, (caption, said) in enumerate(told):
            if noisy and place:  # what it draws depends on its place, and on no other text
                others = [""] * place, [[None] * 3] * place
                one = came(policy, [*others[0], caption], [*others[1], said])
                alone.append(one and (one[0][place], one[1][place]))
            else:
                alone.append(came(policy, caption, said))
        result = came(policy, captions, phrases)
        if None in alone:
            assert result is None, (number, captions)
        else:
            assert result is not None, (number, captions)
            assert list(zip(*result, strict=True)) == alone, (number, captions)
            whole += 1
    assert whole >= 10
