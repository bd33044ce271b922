"""Two samples side by side: sizes, captions in five languages, places, phrases and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, load_policy
from syncaug.words import Symmetry, apply_edits, direction_edits
from syncaug.words.halves import _openings, beside
from syncaug.words.lexicon import lexicon_for
from tests.samples import pets

WIDE = np.full((40, 60, 3), 10, np.uint8)
TALL = np.full((90, 30, 3), 200, np.uint8)


def stitched(own: Any, partner: Any, given: str = "first: own", streams: str = "") -> Any:
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image{streams}}}\n"
        f"steps: [{{name: s, uses: stitch, with: {{{given}}}}}]\n"
    )
    return policy.apply(own, key="k", partner=partner, partner_key="p")


@pytest.mark.parametrize(
    ("given", "size", "own"),
    [
        ("first: own", (73, 40), (slice(0, 40), slice(0, 60))),
        ("first: partner", (73, 40), (slice(0, 40), slice(13, 73))),
        ("first: own, direction: vertical", (60, 220), (slice(0, 40), slice(0, 60))),
        ("first: partner, direction: vertical", (60, 220), (slice(180, 220), slice(0, 60))),
        ("first: own, resize: [20, 146]", (146, 20), (slice(0, 20), slice(0, 120))),
    ],
)
def test_sizes(given: str, size: tuple[int, int], own: Any) -> None:
    """The partner gets the own height, or width, and keeps its shape."""
    out, _ = stitched({"image": WIDE}, {"image": TALL}, given)
    assert out["image"].shape == (size[1], size[0], 3)
    assert (out["image"][own] == 10).all()
    rest = np.ones(out["image"].shape[:2], dtype=bool)
    rest[own] = False
    assert (out["image"][rest] == 200).all()


def test_which_one_is_first_is_drawn_and_recorded() -> None:
    policy = load_policy("syncaug: 1\nsample: {image: image}\nsteps: [{name: s, uses: stitch}]\n")
    sides = set()
    for key in range(20):
        out, record = policy.apply(
            {"image": WIDE}, key=key, partner={"image": TALL}, partner_key="p"
        )
        side = record.notes["image"]["mixed"][0]["side"]
        assert (out["image"][0, 0] == 10).all() == (side == "left")
        again = policy.replay({"image": WIDE}, record.to_json(), partner={"image": TALL})
        assert np.array_equal(again["image"], out["image"])
        sides.add(side)
    assert sides == {"left", "right"}


def test_labels_are_weighted_by_the_shares_of_the_picture() -> None:
    label = ", label: {modality: label, classes: 2}"
    own, partner = {"image": WIDE, "label": 0}, {"image": TALL, "label": 1}
    out, _ = stitched(own, partner, streams=label)
    assert out["label"] == pytest.approx([60 / 73, 13 / 73])


PLAIN = {
    "en": ("a cat", "a dog", "On the left: a cat. On the right: a dog"),
    "de": ("eine Katze", "ein Hund", "Links: eine Katze. Rechts: ein Hund"),
    "es": ("un gato", "un perro", "A la izquierda: un gato. A la derecha: un perro"),
    "fr": ("un chat", "un chien", "À gauche : un chat. À droite : un chien"),
    "zh": ("一只猫", "一只狗", "左边：一只猫。右边：一只狗"),
}


@pytest.mark.parametrize("language", PLAIN)
def test_captions_say_which_lies_where(language: str) -> None:
    own, partner, wanted = PLAIN[language]
    text = f", it: {{modality: text, describes: image, language: {language}}}"
    out, _ = stitched({"image": WIDE, "it": own}, {"image": TALL, "it": partner}, streams=text)
    assert out["it"] == wanted


@pytest.mark.parametrize("language", PLAIN)
@pytest.mark.parametrize("sides", [("left", "right"), ("top", "bottom")])
@pytest.mark.parametrize("kind", ["side", "half"])
def test_what_is_said_follows_a_later_mirror(language: str, sides: Any, kind: str) -> None:
    """The openings are words that the lexicon knows: a mirror of the whole trades them."""
    lexicon = lexicon_for(language, None)
    own, partner, _ = PLAIN[language]
    directed = {"en": " on the left", "de": " links", "es": " a la izquierda", "fr": " à gauche"}
    more = {**directed, "zh": "在左边"}[language] if kind == "half" else ""
    said = apply_edits(own + more, beside(own + more, partner, sides, lexicon).edits)
    symmetry = Symmetry(mirrored=True, quarters=0 if sides[0] == "left" else 2)
    turned = apply_edits(own + more, direction_edits(own + more, symmetry, lexicon))
    wanted = apply_edits(turned, beside(turned, partner, sides, lexicon).edits)
    heads = _openings()[language][kind]
    one, other = heads[sides[0]], heads[sides[1]]
    wanted = wanted.replace(one, "#").replace(other, one).replace("#", other)
    assert said.startswith(one)
    assert apply_edits(said, direction_edits(said, symmetry, lexicon)) == wanted


def test_directions_are_told_per_half() -> None:
    text = ", it: {modality: text, describes: image}"
    own, partner = {"image": WIDE, "it": "A dog on the left."}, {"image": TALL, "it": "A cat."}
    out, _ = stitched(own, partner, "first: partner", streams=text)
    assert out["it"] == "In the left half: A cat. In the right half: A dog on the left."


def test_places_in_captions_move_with_their_halves() -> None:
    text = ", it: {modality: text, describes: image, coordinates: pixels}"
    own = {"image": WIDE, "it": "a cat at [10, 20, 30, 40]"}
    partner = {"image": WIDE, "it": "a dog at [10, 20, 30, 40]"}
    out, _ = stitched(own, partner, streams=text)
    assert (
        out["it"]
        == "On the left: a cat at [10, 20, 30, 40]. On the right: a dog at [70, 20, 90, 40]"
    )


def test_an_empty_caption_is_not_told_of() -> None:
    text = ", it: {modality: text, describes: image}"
    for own, partner, wanted in [
        ("", "a dog", "On the right: a dog"),
        ("a cat", "", "On the left: a cat"),
        ("", "", ""),
    ]:
        out, _ = stitched({"image": WIDE, "it": own}, {"image": TALL, "it": partner}, streams=text)
        assert out["it"] == wanted


def test_phrases_of_both_photos_stand_in_the_caption() -> None:
    first, second = pets().values()
    streams = (
        ", boxes: {modality: boxes, labels: classes}, caption: {modality: text, describes: image}, "
        "phrases: {modality: phrases, boxes: boxes, text: caption}"
    )
    for photo in (first, second):
        photo.pop("id")
    out, _ = stitched(first, second, "first: partner", streams=streams)
    width = second["image"].shape[1]
    assert out["classes"] == first["classes"] + second["classes"]
    shifted = np.array(first["boxes"]) + np.array([width, 0, width, 0])
    assert np.allclose(out["boxes"][: len(shifted)], shifted)
    assert out["caption"].startswith("In the left half: ")
    assert all(phrase in out["caption"] for phrase in out["phrases"] if phrase)
    later = load_policy(
        f"syncaug: 1\nsample: {{image: image{streams}}}\nsteps: [{{name: s, uses: flip}}]\n"
    )(out, key="k")
    assert later["caption"].startswith("In the right half: ")


def test_an_unknown_language_is_refused() -> None:
    text = ", it: {modality: text, describes: image, language: pt}"
    with pytest.raises((PolicyError, AlignmentError), match="pt"):
        stitched({"image": WIDE, "it": "um gato"}, {"image": TALL, "it": "um cão"}, streams=text)


def test_what_cannot_be_stitched_must_keep() -> None:
    points = ", cloud: {modality: points, columns: [x, y, z]}"
    with pytest.raises(PolicyError, match="SA502 stitch cannot mix points.*cloud: keep"):
        load_policy(
            f"syncaug: 1\nsample: {{image: image{points}}}\nsteps: [{{name: s, uses: stitch}}]\n"
        )


def test_streams_that_draw_for_themselves_are_each_stitched_once() -> None:
    """The picture and its mask are halved by their own draws, and neither by the other's."""
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, mask: mask, depth: depth}\n"
        "steps: [{name: s, uses: stitch, with: {direction: horizontal}}]\n"
    ).with_sync("independent")
    own, other = sides(30, 1), sides(50, 2)
    orders = set()
    for epoch in range(12):
        result, _ = policy.apply(own, key="a", epoch=epoch, partner=other, partner_key="b")
        for name, value in result.items():
            assert value.shape[:2] == (20, 80), name
            width = 30 if value[0, 0].item() == 1 else 50
            for half in (value[:, :width], value[:, width:]):
                assert len(np.unique(half)) == 1, name
        orders.add(tuple(result[name][0, 0].item() for name in ("image", "mask", "depth")))
    assert len(orders) > 2


def sides(width: int, level: int) -> dict[str, Any]:
    """Three rasters of one level and one size."""
    return {
        "image": np.full((20, width), level, np.uint8),
        "mask": np.full((20, width), level, np.uint8),
        "depth": np.full((20, width), level, np.float32),
    }
