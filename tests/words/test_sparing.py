"""Noise spares the words that pictures and checks read, and no others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy
from syncaug.words import Edit, apply_edits, colour_words, direction_words, sparing

CAPTION = (
    "A purple umbrella stands on the left of an orange cat, above the grey rug; a clockwise arrow "
    "points to the top right corner."
)
PICTURE = np.full((40, 60, 3), (150, 40, 190), np.uint8)
NOISES = [
    *("nlpaug.KeyboardAug", "nlpaug.OcrAug", "nlpaug.SpellingAug", "nlpaug.SplitAug"),
    "nlpaug.RandomCharAug, action: substitute", "nlpaug.RandomCharAug, action: swap",
    "nlpaug.RandomCharAug, action: delete", "nlpaug.RandomCharAug, action: insert",
    "nlpaug.RandomWordAug, action: swap", "nlpaug.RandomWordAug, action: delete",
]  # fmt: skip
LEVEL = {
    "KeyboardAug": "aug_word_p: 1.0, min_char: 1", "OcrAug": "aug_word_p: 1.0, min_char: 1",
    "RandomCharAug": "aug_word_p: 1.0, min_char: 2",
}  # fmt: skip


def readings(text: str) -> list[str]:
    words = [*colour_words(text), *direction_words(text)]
    return [word.word for word in sorted(words, key=lambda word: word.start)]


def noise(operation: str) -> str:
    name = operation.partition(",")[0].partition(".")[2]
    level = LEVEL.get(name, "aug_p: 0.9")
    return f"apply: {{caption: {{op: {operation}, {level}}}}}"


def policy(*steps: str, describes: str = "image", more: str = "") -> Any:
    listed = "".join(f"  - {{name: s{n}, {step}}}\n" for n, step in enumerate(steps))
    return load_policy(
        f"syncaug: 1\nsample: {{image: image, caption: {{modality: text, describes: {describes}"
        f"{more}}}}}\nsteps:\n{listed}checks: [colour_words]\n"
    )


@pytest.mark.parametrize("operation", NOISES)
def test_words_that_pictures_read_are_never_misspelt(operation: str) -> None:
    made = policy(noise(operation))
    changed = 0
    for key in range(30):
        caption = made({"image": PICTURE, "caption": CAPTION}, key=key)["caption"]
        assert readings(caption) == readings(CAPTION)
        changed += caption != CAPTION
    assert changed > 20


@pytest.mark.parametrize("kind", ["typos", "swaps", "ocr"])
def test_nor_by_the_transform_noise(kind: str) -> None:
    made = policy(f"uses: noise, with: {{severity: 1.0, caption: {kind}}}")
    results = [made({"image": PICTURE, "caption": CAPTION}, key=k)["caption"] for k in range(40)]
    assert all(readings(caption) == readings(CAPTION) for caption in results)
    assert len(set(results)) > 20


@pytest.mark.parametrize("operation", NOISES)
@pytest.mark.parametrize("first", [True, False])
def test_directions_and_colours_follow_before_and_after_noise(operation: str, first: bool) -> None:
    rest = ("uses: flip", "uses: colour, with: {hue: 120}")
    steps = (noise(operation), *rest) if first else (*rest, noise(operation))
    clean = policy(*rest)
    made = policy(*steps)
    picture = np.full((40, 60, 3), (200, 40, 30), np.uint8)
    caption = CAPTION.replace("purple", "red").replace("an orange", "a blue")
    sample = {"image": picture, "caption": caption}
    wanted = readings(clean(sample, key=0)["caption"])
    for key in range(10):
        assert readings(made(sample, key=key)["caption"]) == wanted


def test_other_words_are_misspelt_as_they_would_be_anyhow() -> None:
    step = "uses: noise, with: {severity: 1.0, caption: typos}"
    spared, anywhere = policy(step), policy(step, describes="nothing")
    plain = CAPTION.split()
    differing = set()
    for key in range(30):
        sample = {"image": PICTURE, "caption": CAPTION}
        one, other = (made(sample, key=key)["caption"].split() for made in (spared, anywhere))
        for word, a, b in zip(plain, one, other, strict=True):
            if a != b:
                assert a == word
                differing.add(word)
    assert differing <= {"purple", "left", "orange", "above", "grey", "clockwise", "top", "right"}
    assert differing


def test_all_words_may_be_misspelt_where_the_policy_says_so() -> None:
    made = policy(noise("nlpaug.KeyboardAug"), more=", typos: all")
    failed = 0
    for key in range(20):
        try:
            made({"image": PICTURE, "caption": "a purple cat"}, key=key)
        except AlignmentError as error:
            failed += "no colour" in str(error)
    assert failed > 5, "what can be read no more fails the check"


def test_words_that_the_policy_chooses_are_no_noise() -> None:
    made = policy("apply: {caption: {op: nlpaug.ReservedAug, reserved_tokens: [[left, port]], "
                  "aug_p: 1.0}}")  # fmt: skip
    assert (
        "port" in made({"image": PICTURE, "caption": "a purple cat on the left"}, key=0)["caption"]
    )


def test_cues_that_describe_are_spared_too() -> None:
    made = load_policy(
        "syncaug: 1\nsample: {film: {modality: video, fps: 5}, cues: {modality: timed_text, "
        "describes: film}}\nsteps: [{name: a, uses: noise, with: {severity: 1.0, cues: typos}}]\n"
    )
    cues = [{"start": 0.0, "end": 0.5, "text": CAPTION}]
    for key in range(10):
        out = made({"film": np.stack([PICTURE] * 4), "cues": cues}, key=key)["cues"]
        assert readings(out[0]["text"]) == readings(CAPTION)
        assert out[0]["text"] != CAPTION


@pytest.mark.parametrize(
    ("text", "edits", "left"),
    [
        ("a cat on the lift", [(2, 5, "czt"), (13, 17, "left")], "a czt on the lift"),
        ("the bed is big", [(4, 7, "red"), (11, 14, "b1g")], "the bed is b1g"),
        ("a red cat", [(2, 5, "cat"), (6, 9, "red")], "a red cat"),
        ("she left the room", [(4, 8, "lfet"), (13, 17, "rxom")], "she lfet the rxom"),
        ("a big dog", [(2, 5, "bgi"), (6, 9, "dgo")], "a bgi dgo"),
        ("", [], ""),
    ],
)
def test_no_word_is_made_or_lost(text: str, edits: list[Any], left: str) -> None:
    assert apply_edits(text, sparing(text, [Edit(*edit) for edit in edits])) == left


@pytest.mark.parametrize("mode", ["adjacent", "middle", "random"])
def test_words_of_one_letter_are_not_swapped(mode: str) -> None:
    made = policy(
        "apply: {caption: {op: nlpaug.RandomCharAug, action: swap, min_char: 1, aug_word_p: 1.0, "
        f"swap_mode: {mode}}}}}"
    )
    for key in range(20):
        caption = made({"image": PICTURE, "caption": "I see a cat, a dog"}, key=key)["caption"]
        assert caption.split()[0] == "I"
