"""A text stream that is a list: each text is carried as it would be alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from torch.utils.data import default_collate

from syncaug import SampleError, load_policy
from tests.checks.planting import measured

PICTURE = np.full((60, 80, 3), (200, 40, 30), np.uint8)
CAPTIONS = [
    "A man in a red jacket stands to the left of a brown horse.",
    "A person standing next to a horse in a field.",
    "On the right, a brown horse is looking at the camera",
    "",
    "a horse and a man",
]
PHRASES = [
    ["A man in a red jacket", "a brown horse"],
    ["A person", "a horse"],
    [None, "a brown horse"],
    [None, None],
    ["a man", "a horse"],
]
SAMPLE: dict[str, Any] = {
    "image": PICTURE,
    "boxes": [[2.0, 5.0, 30.0, 55.0], [40.0, 10.0, 78.0, 58.0]],
    "classes": ["man", "horse"],
    "caption": CAPTIONS,
    "phrases": PHRASES,
}
WORDS: dict[str, Any] = {"image": PICTURE, "caption": CAPTIONS}


def plain(steps: str, rest: str = "", options: str = "") -> Any:
    """A policy of a picture and a caption."""
    return load_policy(
        "syncaug: 1\nsample:\n  image: image\n"
        f"  caption: {{modality: text, describes: image{options}}}\nsteps: [{steps}]\n{rest}",
        seed=5,
    )


def grounded(steps: str, rest: str = "", options: str = "") -> Any:
    """A policy of a picture, boxes, a caption and its phrases."""
    return load_policy(
        "syncaug: 1\nsample:\n  image: image\n  boxes: {modality: boxes, labels: classes}\n"
        f"  caption: {{modality: text, describes: image{options}}}\n"
        f"  phrases: {{modality: phrases, boxes: boxes, text: caption{options}}}\n"
        f"steps: [{steps}]\n{rest}",
        seed=5,
    )


FLIP = "{name: mirror, uses: flip}"
HUE = "{name: hue, uses: colour, with: {hue: 120}}"
NOISE = "{name: noise, uses: noise, with: {severity: 1.0}}"
KEYS = "{name: keys, apply: {caption: {op: nlpaug.KeyboardAug, aug_word_p: 0.5}}}"
RESERVED = (
    "{name: others, apply: {caption: {op: nlpaug.ReservedAug, "
    "reserved_tokens: [[horse, pony, mare], [man, person]]}}}"
)


def test_each_text_is_carried_and_the_order_stays() -> None:
    out = plain(f"{FLIP}, {HUE}")(WORDS, key=1)["caption"]
    assert out == [
        "A man in a green jacket stands to the right of a dark green horse.",
        "A person standing next to a horse in a field.",
        "On the left, a dark green horse is looking at the camera",
        "",
        "a horse and a man",
    ]


@pytest.mark.parametrize("form", [list, tuple, np.array, lambda texts: np.array(texts, object)])
def test_the_form_stays(form: Any) -> None:
    came = form(CAPTIONS)
    out = plain(FLIP)({**WORDS, "caption": came}, key=1)["caption"]
    assert type(out) is type(came)
    assert list(out) == plain(FLIP)(WORDS, key=1)["caption"]
    if isinstance(came, np.ndarray):
        assert out.dtype.kind == came.dtype.kind
    assert list(came) == CAPTIONS, "what came in is never written to"


def test_an_array_gets_room_for_longer_words() -> None:
    came = np.array(["a red car", "a left"])
    out = plain(HUE)({"image": PICTURE, "caption": came}, key=1)["caption"]
    assert out.tolist() == ["a green car", "a left"]


@pytest.mark.parametrize("empty", [[], (), np.array([])])
def test_a_list_of_none_passes(empty: Any) -> None:
    out = plain(f"{FLIP}, {HUE}, {NOISE}, {KEYS}")({**WORDS, "caption": empty}, key=1)["caption"]
    assert type(out) is type(empty)
    assert len(out) == 0


@pytest.mark.parametrize("text", ["", "  ", "\n"])
@pytest.mark.parametrize("step", [FLIP, HUE, NOISE, KEYS, RESERVED])
def test_an_empty_text_passes(step: str, text: str) -> None:
    for key in range(5):
        assert plain(step)({**WORDS, "caption": text}, key=key)["caption"] == text
        assert plain(step)({**WORDS, "caption": [text, "a"]}, key=key)["caption"][0] == text


def test_an_empty_text_passes_where_captions_are_rebuilt() -> None:
    crop = "{name: cut, uses: crop, with: {area: 0.2, x: 0, y: 0, caption: rebuild}}"
    sample = {**SAMPLE, "caption": "", "phrases": [None, None]}
    out = grounded(crop)(sample, key=1)
    assert (out["caption"], out["phrases"]) == ("", [None])


def test_an_optional_text_may_be_missing_or_none() -> None:
    policy = grounded(f"{FLIP}, {HUE}, {NOISE}", options=", optional: true")
    missing = {name: SAMPLE[name] for name in ("image", "boxes", "classes")}
    assert set(policy(missing, key=1)) == set(missing)
    out = policy({**missing, "caption": None, "phrases": None}, key=1)
    assert (out["caption"], out["phrases"]) == (None, None)
    assert out["boxes"] == policy(missing, key=1)["boxes"]
    told = load_policy(
        "syncaug: 1\nsample: {image: image, caption: {modality: text, optional: true}}\n"
        "steps: [{name: dim, uses: light, with: {value: -0.5}, when: {present: caption}}]\n"
    )
    assert told({"image": PICTURE, "caption": None}, key=1)["image"].max() == 200
    assert told({"image": PICTURE, "caption": ""}, key=1)["image"].max() == 100


@pytest.mark.parametrize("step", [NOISE, KEYS])
def test_noise_of_a_text_is_its_own_and_others_do_not_change_it(step: str) -> None:
    text = "The quick brown fox jumps over the lazy dog near the river bank"
    policy = plain(step, options=", typos: all")

    def typed(*texts: str) -> list[str]:
        return list(policy({**WORDS, "caption": list(texts)}, key=1)["caption"])

    alone = policy({**WORDS, "caption": text}, key=1)["caption"]
    three = typed(text, text, text)
    assert three[0] == alone, "the first text draws what a text alone draws"
    assert len(set(three)) == 3, "each has errors of its own"
    assert typed(text, text) == three[:2], "one more text changes no other"
    assert typed("", "", text)[2] == three[2], "nor does what the others say"


BAD: dict[str, tuple[Any, str]] = {
    "a number": (["a", 3], "text 1: int 3"),
    "none": (["a", None], "text 1: None"),
    "a list": ([["a"], "b"], "text 0: a list of 1"),
    "bytes": (["a", b"b"], "text 1: bytes b'b'"),
    "numbers in an array": (np.array([1, 2]), "text 0: int 1"),
    "an array of arrays": (np.array([["a", "b"]]), "an array of <U1 with shape (1, 2)"),
    "an array without axes": (np.array("a"), "an array of <U1 with shape ()"),
    "a set": ({"a"}, "set {'a'}"),
    "a mapping": ({"en": "a"}, "a mapping with 'en'"),
}


@pytest.mark.parametrize("options", ["", ", choose: one", ", optional: true"])
@pytest.mark.parametrize("case", BAD)
def test_one_clear_error(case: str, options: str) -> None:
    value, came = BAD[case]
    with pytest.raises(SampleError) as caught:
        plain(FLIP, options=options)({**WORDS, "caption": value}, key="a")
    error = caught.value
    assert (error.stream, error.key, error.came) == ("caption", "a", came)
    assert error.expected.startswith("a string, or a list of strings")


@pytest.mark.parametrize("value", [None, float("nan"), np.float64("nan")])
def test_what_is_missing_tells_of_optional_streams(value: Any) -> None:
    with pytest.raises(SampleError, match="Declare optional: true if the stream may be missing"):
        plain(FLIP)({**WORDS, "caption": value}, key="a")
    with pytest.raises(SampleError, match="'phrases': .* got None. Declare optional"):
        grounded(FLIP)({**SAMPLE, "phrases": None}, key="a")


def test_phrases_of_a_list_are_a_list_for_each_text() -> None:
    out = grounded(f"{FLIP}, {HUE}")(SAMPLE, key=1)
    assert out["phrases"] == [
        ["A man in a green jacket", "a dark green horse"],
        ["A person", "a horse"],
        [None, "a dark green horse"],
        [None, None],
        ["a man", "a horse"],
    ]
    tuples = {**SAMPLE, "phrases": tuple(map(tuple, PHRASES))}
    assert grounded(f"{FLIP}, {HUE}")(tuples, key=1)["phrases"] == tuple(map(tuple, out["phrases"]))
    nothing = {**SAMPLE, "caption": [], "phrases": []}
    assert grounded(FLIP)(nothing, key=1)["phrases"] == []


CROP = "{name: cut, uses: crop, with: {area: 0.2, x: 0, y: 0.2, caption: rebuild}}"


def test_each_text_is_rebuilt_by_what_is_left() -> None:
    told = {"caption": [CAPTIONS[n] for n in (0, 1, 3, 4)]}
    sample = {**SAMPLE, **told, "phrases": [PHRASES[n] for n in (0, 1, 3, 4)]}
    policy = grounded(CROP)
    out, record = policy.apply(sample, key=1)
    assert out["classes"] == ["man"]
    assert out["caption"] == [
        "A man in a red jacket stands.",
        "A person standing in a field.",
        "",
        "a man",
    ]
    assert out["phrases"] == [["A man in a red jacket"], ["A person"], [None], ["a man"]]
    assert policy.replay(sample, record)["caption"] == out["caption"]


def test_one_text_of_which_nothing_is_left_refuses_the_draw() -> None:
    _, record = grounded(CROP, "on_fail: {then: drop}").apply(SAMPLE, key=1)
    (failed,) = record.attempts[0].failed
    assert failed == "refused: stream 'caption': text 2: nothing that the text speaks of is left"


BAD_PHRASES: dict[str, tuple[Any, str, str]] = {
    "one list": (PHRASES[0], "a list of 5 lists", "one list of 2"),
    "a list too few": (PHRASES[:4], "a list of 5 lists", "4 lists"),
    "none for a text": ([*PHRASES[:4], None], "a list of 5 lists", "list 4: None"),
    "uneven lists": ([*PHRASES[:4], ["a man"]], "of one length", "list 0 of 2 and list 4 of 1"),
    "a list too many": ([], "a list of 5 lists", "0 lists"),
}


@pytest.mark.parametrize("options", ["", ", choose: one"])
@pytest.mark.parametrize("case", BAD_PHRASES)
def test_phrases_that_do_not_fit_their_texts(case: str, options: str) -> None:
    value, expected, came = BAD_PHRASES[case]
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  boxes: {modality: boxes, labels: classes}\n"
        f"  caption: {{modality: text, describes: image{options}}}\n"
        "  phrases: {modality: phrases, boxes: boxes, text: caption}\n"
        "steps: [{name: f, uses: flip}]\n"
    )
    with pytest.raises(SampleError) as caught:
        policy({**SAMPLE, "phrases": value}, key=1)
    assert caught.value.stream == "phrases"
    assert expected in caught.value.expected
    assert caught.value.came == came


def test_lists_of_phrases_beside_one_text() -> None:
    with pytest.raises(SampleError, match="one list of strings or null.*got 5 lists"):
        grounded(FLIP)({**SAMPLE, "caption": CAPTIONS[0]}, key=1)
    wrong = [*PHRASES[:2], [None, "a cow"], *PHRASES[3:]]
    with pytest.raises(SampleError, match="occur in 'caption'; got 'a cow' in list 2"):
        grounded(FLIP)({**SAMPLE, "phrases": wrong}, key=1)
    with pytest.raises(SampleError, match="2 phrases, one for each box; got 3 in list 0"):
        grounded(FLIP)({**SAMPLE, "phrases": [[None] * 3] * 5}, key=1)


def test_a_batch_is_what_its_samples_are_one_by_one() -> None:
    policy = grounded(f"{FLIP}, {HUE}, {NOISE}")
    samples = [
        SAMPLE,
        {**SAMPLE, "caption": tuple(CAPTIONS)},
        {**SAMPLE, "caption": CAPTIONS[0], "phrases": PHRASES[0]},
    ]
    batch = policy.batch(samples, keys=[1, 2, 3])
    single = [policy(sample, key=key) for key, sample in enumerate(samples, start=1)]
    assert [out["caption"] for out in batch] == [out["caption"] for out in single]
    assert [type(out["caption"]) for out in batch] == [list, tuple, str]


def test_torch_collates_lists_and_chosen_texts() -> None:
    samples = [WORDS, {**WORDS, "caption": tuple(reversed(CAPTIONS))}]
    lists = [plain(FLIP)(sample, key=key)["caption"] for key, sample in enumerate(samples)]
    assert default_collate(lists) == list(zip(*lists, strict=True))
    one = plain(FLIP, options=", choose: one")
    chosen = [one(sample, key=key)["caption"] for key, sample in enumerate(samples)]
    assert default_collate(chosen) == chosen
    columns = {**WORDS, "caption": tuple(CAPTIONS[:3])}  # one of what it makes of lists
    assert plain(FLIP)(columns, key=1)["caption"] == tuple(plain(FLIP)(WORDS, key=1)["caption"][:3])


def test_a_mirror_of_a_foreign_text_warns_and_leaves_it() -> None:
    foreign = "Der Hund liegt links neben dem Stuhl und die Katze ist rechts."
    with pytest.warns(UserWarning, match="Der Hund"):
        out = plain(FLIP)({**WORDS, "caption": ["a dog on the left", foreign]}, key=1)["caption"]
    assert out == ["a dog on the right", foreign]


def test_texts_of_a_grey_picture_keep_their_colours() -> None:
    grey = {"image": np.full((60, 80, 3), 90, np.uint8), "caption": ["a red car", "a blue car"]}
    assert plain(HUE)(grey, key=1)["caption"] == grey["caption"]


def test_coordinates_in_one_of_several_texts_are_refused() -> None:
    with pytest.raises(SampleError, match="a text without coordinates"):
        plain(FLIP)({**WORDS, "caption": ["a dog", "a dog at [10, 20, 30, 40]"]}, key=1)


def test_one_text_that_cannot_follow_refuses_the_draw() -> None:
    turn = "{name: turn, uses: rotate, with: {degrees: 45}}"
    policy = plain(turn, "on_fail: {then: drop}\n")
    out, record = policy.apply({**WORDS, "caption": CAPTIONS[1:]}, key=1)
    assert not out
    (failed,) = record.attempts[0].failed
    assert failed.startswith("refused: stream 'caption': text 1: turned by 45 degrees")
    assert policy({**WORDS, "caption": [CAPTIONS[1], CAPTIONS[4]]}, key=1)["caption"]


# Checks measure each text


def test_the_sides_of_each_text_are_measured() -> None:
    policy = (
        "syncaug: 1\nsample:\n  image: image\n  boxes: {modality: boxes, labels: classes}\n"
        "  caption: {modality: text, describes: image}\n"
        "  phrases: {modality: phrases, boxes: boxes, text: caption}\n"
        "steps: [{name: a, uses: flip}]\nchecks: [direction_words]\n"
    )
    sample = {
        **SAMPLE,
        "caption": ["A man is on the left side.", "a man", "A horse is on the right side."],
        "phrases": [["A man", None], ["a man", None], [None, "A horse"]],
    }
    whole = measured(policy, sample)
    assert whole.parts == {"caption/0": 1.0, "caption/2": 1.0}
    one_left = [*whole_texts(policy, sample)[:2], sample["caption"][2]]
    wrong = measured(policy, sample, lambda out: {"caption": one_left})
    assert wrong.parts == {"caption/0": 1.0, "caption/2": 0.0}
    assert not wrong.passed


def whole_texts(policy: str, sample: dict[str, Any]) -> list[str]:
    return list(load_policy(policy)(sample, key=0)["caption"])


def test_a_mention_in_any_text_counts() -> None:
    crop = (
        "syncaug: 1\nsample:\n  image: image\n  boxes: {modality: boxes, labels: classes}\n"
        "  caption: {modality: text, describes: image}\n"
        "steps: [{name: a, uses: crop, with: {area: 0.2, x: 0, y: 0}}]\n"
        "checks: [{mentions_visible: {min_area: 0.5}}]\n"
    )
    sample = {name: SAMPLE[name] for name in ("image", "boxes", "classes")}
    assert not measured(crop, {**sample, "caption": ["a man", "a horse"]}).passed
    assert measured(crop, {**sample, "caption": ["nobody", "a house"]}).passed


def test_an_encoder_is_asked_about_each_text() -> None:
    asked: list[str] = []

    def encoder(modality: str, value: Any) -> Any:
        if modality == "text":
            asked.append(value)
            return np.array([1.0, 0.0]) if value.startswith("a") else np.array([0.0, 1.0])
        return np.array([1.0, 1.0])

    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  caption: {modality: text, describes: image}\n"
        "steps: [{name: a, uses: flip}]\nchecks: [{similarity: {encoder: mine}}]\n",
        encoders={"mine": encoder},
    )
    sample = {"image": PICTURE, "caption": ["a left", "", "The left"]}
    _, record = policy.apply(sample, key=1)
    assert asked == ["a left", "a right", "The left", "The right"]
    assert [name for name in record.attempts[-1].parts["similarity"] if "before" in name] == [
        "image/caption/0/before",
        "image/caption/2/before",
    ]


def test_colours_of_each_text_are_compared_with_the_picture() -> None:
    policy = (
        "syncaug: 1\nsample:\n  image: image\n  caption: {modality: text, describes: image}\n"
        "steps: [{name: a, uses: colour, with: {hue: 120}}]\nchecks: [colour_words]\n"
    )
    sample = {"image": PICTURE, "caption": ["a red wall", "a wall", "the wall is red"]}
    measure = measured(policy, sample)
    assert measure.passed
    assert measure.parts["measured"] == 2.0
