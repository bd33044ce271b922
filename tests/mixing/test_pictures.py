"""Windows and blends, measured on what came out: pixels, boxes, points, words and weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, SampleError, load_policy
from tests.samples import equal, pets

CATS, DOG = pets()["cats.jpg"], pets()["dog_and_cat.jpg"]
GROUNDED = """
  image: image
  boxes: {modality: boxes, labels: classes}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  caption: {modality: text, describes: image}
untouched: [id]
"""


def policy(sample: str, step: str, rest: str = "") -> Any:
    return load_policy(
        f"syncaug: 1\nsample:{sample}\nsteps:\n  - {{name: pair, {step}}}\n{rest}", seed=11
    )


def window(record: Any, stream: str = "image") -> tuple[slice, slice]:
    left, top, right, bottom = record.notes[stream]["mixed"][0]["window"]
    return slice(top, bottom), slice(left, right)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_window_shows_the_partners_pixels_exactly(dtype: Any) -> None:
    cut = policy(" {image: image}", "uses: cutmix")
    scale = 255 if dtype == np.float32 else 1
    own, other = ((s["image"] / scale).astype(dtype) for s in (CATS, DOG))
    for epoch in range(8):
        out, record = cut.apply({"image": own}, key="a", epoch=epoch, partner={"image": other})
        rows, columns = window(record)
        wanted = own.copy()
        wanted[rows, columns] = other[rows, columns]
        assert equal(out["image"], wanted)
        share = (rows.stop - rows.start) * (columns.stop - columns.start) / (750 * 751)
        assert record.notes["image"]["mixed"][0]["share"] == pytest.approx(share, abs=1e-12)


def test_a_partner_of_another_size_is_brought_to_this_ones_with_all_its_streams() -> None:
    small = policy(" {image: image}", "uses: resize, with: {height: 300, width: 200}")
    shrunk = small({"image": DOG["image"]}, key=0)["image"]
    scale = np.array([200 / 750, 300 / 751] * 2)
    partner = {**DOG, "image": shrunk, "boxes": (np.array(DOG["boxes"]) * scale).tolist()}
    whole = policy(GROUNDED, "uses: cutmix, with: {share: 1.0, x: 0.5, y: 0.5}")
    out = whole(CATS, key="a", partner=partner)
    grown = policy(" {image: image}", "uses: resize, with: {height: 751, width: 750}")
    assert equal(out["image"], grown({"image": shrunk}, key=0)["image"])
    assert np.allclose(out["boxes"], DOG["boxes"], atol=1e-6)
    assert out["classes"] == DOG["classes"]
    assert out["caption"] == DOG["caption"]
    assert out["phrases"] == DOG["phrases"]


@pytest.mark.parametrize("uses", ["mixup", "cutmix"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.8, 1.0])
def test_phrases_that_stay_with_their_boxes_keep_their_words(uses: str, share: float) -> None:
    """Whatever the share: what is said of a box is never the partner's caption."""
    kept = policy(GROUNDED, f"uses: {uses}, with: {{share: {share}, boxes: keep}}")
    out = kept(CATS, key="a", partner=DOG)
    assert out["phrases"] == CATS["phrases"]
    assert out["caption"].startswith(CATS["caption"].removesuffix("."))
    if uses == "mixup":
        assert (len(out["caption"]) > len(CATS["caption"])) == (share > 0.25)


def test_label_weights_are_what_is_really_visible() -> None:
    sample = " {image: image, label: {modality: label, classes: 4}}"
    cut = policy(sample, "uses: cutmix")
    for epoch in range(30):
        black = {"image": np.zeros((90, 120), np.uint8), "label": 1}
        white = {"image": np.full((90, 120), 255, np.uint8), "label": 3}
        out = cut(black, key="a", epoch=epoch, partner=white)
        seen = float((out["image"] == 255).mean())
        assert out["label"].dtype == np.float32
        assert out["label"].sum() == pytest.approx(1.0, abs=1e-6)
        assert np.allclose(out["label"], [0, 1 - seen, 0, seen], atol=1e-6)


def test_label_weights_by_boxes_are_the_boxes_pixels_that_are_seen() -> None:
    sample = " {image: image, mask: mask, boxes: boxes, label: {modality: label, classes: 2}}"
    cut = policy(sample, "uses: cutmix, with: {label: boxes, least_visible: 0.0}")
    differ = 0
    for epoch in range(20):
        samples = []
        for number, box in ((1, [10, 20, 70, 60]), (2, [40, 5, 110, 80])):
            mask = np.zeros((90, 120), np.int32)
            mask[box[1] : box[3], box[0] : box[2]] = number
            picture = np.full((90, 120, 3), number, np.uint8)
            samples.append({"image": picture, "mask": mask, "boxes": [box], "label": number - 1})
        out, record = cut.apply(samples[0], key="a", epoch=epoch, partner=samples[1])
        seen = [int((out["mask"] == number).sum()) for number in (1, 2)]
        if sum(seen):
            assert np.allclose(out["label"], np.array(seen) / sum(seen), atol=1e-6)
            differ += abs(seen[1] / sum(seen) - record.notes["image"]["mixed"][0]["share"]) > 0.05
    assert differ > 5


def test_boxes_and_phrases_are_those_that_are_seen() -> None:
    cut = policy(GROUNDED, "uses: cutmix, with: {least_visible: 0.3}")
    texts = set()
    for epoch in range(25):
        out, record = cut.apply(CATS, key="a", epoch=epoch, partner=DOG)
        rows, columns = window(record)
        shown = np.zeros((751, 750), bool)  # where the partner shows
        shown[rows, columns] = True
        wanted: list[tuple[str, Any]] = []
        for sample, visible in ((CATS, ~shown), (DOG, shown)):
            for box, name, phrase in zip(
                sample["boxes"], sample["classes"], sample["phrases"], strict=True
            ):
                left, top, right, bottom = box
                part = visible[top:bottom, left:right]
                if part.mean() >= 0.3:
                    across, down = np.flatnonzero(part.any(0)), np.flatnonzero(part.any(1))
                    tight = [left + across[0], top + down[0], left + across[-1] + 1]
                    wanted.append((name, [*tight, top + down[-1] + 1]))
                    assert phrase is None or phrase.lower() in out["caption"].lower()
        assert out["classes"] == [name for name, _ in wanted]
        assert np.allclose(out["boxes"], [box for _, box in wanted], atol=1.0)
        assert len(out["phrases"]) == len(wanted)
        for phrase in out["phrases"]:
            assert phrase is None or phrase in out["caption"]
        texts.add(out["caption"])
        assert equal(cut.replay(CATS, record.to_json(), partner=DOG), out)
    assert len(texts) > 4


def test_a_caption_says_what_is_seen_of_both() -> None:
    cut = policy(GROUNDED, "uses: cutmix, with: {share: 0.1, x: 0.835, y: 0.273}")
    # The window (508..745, 86..324) is where a cat walks in the one and a part of one in the other.
    out = cut(CATS, key="a", partner=DOG)
    assert out["caption"] == (
        "an orange cat lies on the left, under a grey cat on the right; "
        "an orange cat walks away on the right."
    )
    assert out["phrases"] == ["an orange cat", "a grey cat", "an orange cat"]
    other = cut(DOG, key="a", partner=CATS)
    assert other["caption"] == "A black dog wearing blue headphones lies on the left."
    assert other["phrases"] == ["A black dog", "blue headphones", None]
    assert other["classes"] == ["dog", "headphones", "rug"]
    bands = policy(GROUNDED, "uses: cutmix, with: {share: 0.25, x: 0.82, y: 0.2}")
    assert bands(CATS, key="a", partner=DOG)["caption"] == (
        "an orange cat lies on the left, under a grey cat on the right; "
        "blue headphones and an orange cat."
    )


def test_where_the_partner_shows_nothing_that_is_named_only_the_own_caption_stays() -> None:
    cut = policy(GROUNDED, "uses: cutmix, with: {share: 0.04, x: 0.95, y: 0.95}")
    out = cut(CATS, key="a", partner=DOG)
    assert out["caption"] == CATS["caption"]
    everything = policy(GROUNDED, "uses: cutmix, with: {share: 0.9, x: 0.5, y: 0.5}")
    assert everything(CATS, key="a", partner=DOG)["caption"] == DOG["caption"]


def test_phrases_follow_what_comes_later() -> None:
    text = (
        f"syncaug: 1\nsample:{GROUNDED}\nsteps:\n"
        "  - {name: pair, uses: cutmix, with: {share: 0.25, x: 0.82, y: 0.2}}\n"
        "  - {name: mirror, uses: flip}\n"
        "  - {name: zoom, uses: crop, with: {area: 0.6, x: 0.0, y: 0.0, caption: rebuild}}\n"
    )
    out = load_policy(text)(CATS, key="a", partner=DOG)
    assert len(out["phrases"]) == len(out["boxes"]) == len(out["classes"])
    for phrase in out["phrases"]:
        assert phrase is None or phrase in out["caption"]
    assert "on the left" in out["caption"]  # where the walking cat is now


CAPTIONED = " {image: image, caption: {modality: text, describes: image}}"


def captions(step: str, share: float, own: str, partner: str, rest: str = "") -> str:
    pair = [
        {"image": np.zeros((20, 20, 3), np.uint8), "caption": caption} for caption in (own, partner)
    ]
    text = f"uses: {step}, with: {{share: {share}{rest}}}"
    return str(policy(CAPTIONED, text)(pair[0], key=0, partner=pair[1])["caption"])


@pytest.mark.parametrize(
    ("step", "share", "own", "partner", "wanted"),
    [
        ("mixup", 0.1, "A dog runs.", "A cat sits.", "A dog runs."),
        ("mixup", 0.9, "A dog runs.", "A cat sits.", "A cat sits."),
        ("mixup", 0.5, "A dog runs.", "A cat sits.", "A dog runs; a cat sits."),
        ("mixup", 0.5, "a dog runs", "Two cats sit!", "a dog runs; two cats sit!"),
        ("mixup", 0.5, "A dog!", "The cat sits.", "A dog! The cat sits."),
        ("mixup", 0.5, "A dog runs.", "Paris at night.", "A dog runs; Paris at night."),
        ("mixup", 0.5, "IN EIGHTEEN", "THE YARD", "IN EIGHTEEN; THE YARD"),
        ("mixup", 0.5, "A dog runs. It barks", "a cat.", "A dog runs. It barks. A cat."),
        ("mixup", 0.5, "A dog.", "On the left a cat.", "A dog; on the left a cat."),
        ("cutmix", 1.0, "A dog runs.", "A cat sits.", "A cat sits."),
    ],
)
def test_captions_without_phrases_join_by_share(
    step: str, share: float, own: str, partner: str, wanted: str
) -> None:
    rest = ", x: 0.5, y: 0.5" if step == "cutmix" else ""
    assert captions(step, share, own, partner, rest) == wanted


DIRECTED = "A dog wearing a hat lies on the left; a cat walks away. A lamp stands above the dog."


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("strip", "A bed; a dog wearing a hat lies; a cat walks away."),
        ("keep", f"A bed. {DIRECTED}"),
    ],
)
def test_a_window_does_not_tell_where_things_of_the_partner_are(rule: str, wanted: str) -> None:
    rest = f", x: 0.5, y: 0.5, directions: {rule}"
    assert captions("cutmix", 0.5, "A bed.", DIRECTED, rest) == wanted


def test_directions_may_refuse_the_draw() -> None:
    with pytest.raises(AlignmentError, match="a window shows a part of what 'A dog wearing"):
        captions("cutmix", 0.5, "A bed.", DIRECTED, ", x: 0.5, y: 0.5, directions: refuse")
    only = "A dog on the left of a cat."
    assert captions("cutmix", 0.5, "A bed.", only, ", x: 0.5, y: 0.5") == "A bed."


def test_masks_depth_and_keypoints_follow_the_window() -> None:
    sample = (
        "\n  image: image\n  mask: mask\n  depth: depth\n"
        "  body: {modality: keypoints, names: [left_eye, right_eye]}\n"
        "  people: {modality: keypoints, names: [left_eye, right_eye]}\n"
        "  spots: {modality: keypoints, labels: spot_names}\n"
    )
    cut = policy(sample, "uses: cutmix, with: {share: 0.25, x: 0.25, y: 0.5}")

    def build(number: int) -> dict[str, Any]:
        left, right = [5.0, 16.0, 2.0], [35.0, 16.0, 2.0]
        return {
            "image": np.full((32, 40, 3), number, np.uint8),
            "mask": np.full((32, 40), number, np.uint8),
            "depth": np.full((32, 40), number, np.float32),
            "body": np.array([left, right]),
            "people": np.array([[left, right], [right, right]]),
            "spots": [left[:2], right[:2]],
            "spot_names": [f"{number} in", f"{number} out"],
        }

    out, record = cut.apply(build(1), key=0, partner=build(2))
    rows, columns = window(record)
    assert (rows, columns) == (slice(8, 24), slice(0, 20))
    wanted = np.ones((32, 40), np.uint8)
    wanted[rows, columns] = 2
    assert equal(out["mask"], wanted)
    assert equal(out["depth"], wanted.astype(np.float32))
    assert out["body"][:, 2].tolist() == [0.0, 2.0]
    # Own bodies keep their rows, without what is covered; the partner's second body is not seen.
    assert out["people"].shape == (3, 2, 3)
    assert out["people"][..., 2].tolist() == [[0.0, 2.0], [2.0, 2.0], [2.0, 0.0]]
    assert out["spots"] == [[35.0, 16.0], [5.0, 16.0]]
    assert out["spot_names"] == ["1 out", "2 in"]


def test_a_blend_is_the_weighted_mean() -> None:
    sample = (
        "\n  image: image\n  mask: mask\n  boxes: {modality: boxes, labels: classes}\n"
        "  label: {modality: label, classes: [cat, dog]}\n  score: label\n  latent: embedding\n"
        "  table: {modality: tabular, columns: [age, weight]}\n"
    )
    for share in (0.0, 0.2, 0.6, 1.0):
        blend = policy(sample, f"uses: mixup, with: {{share: {share}}}")
        pair = [
            {
                "image": picture["image"],
                "mask": np.full((751, 750), number),
                "boxes": picture["boxes"],
                "classes": picture["classes"],
                "label": label,
                "score": float(number),
                "latent": np.full(5, number, np.float32),
                "table": {"age": 10 * number, "weight": None if number else 3.0, "name": "x"},
            }
            for number, (picture, label) in enumerate(((CATS, "cat"), (DOG, "dog")))
        ]
        out = blend(pair[0], key=0, partner=pair[1])
        exact = pair[0]["image"] * (1 - share) + pair[1]["image"] * share
        assert np.abs(out["image"] - exact).max() <= 0.5 + 1e-4
        assert np.all(out["mask"] == (1 if share > 0.5 else 0))
        assert np.allclose(out["label"], [1 - share, share])
        assert out["score"] == pytest.approx(share)
        assert type(out["score"]) is float
        assert np.allclose(out["latent"], share)
        assert out["table"] == {"age": pytest.approx(10 * share), "weight": None, "name": "x"}
        own = CATS["classes"] if 1 - share >= 0.25 else []
        other = DOG["classes"] if share >= 0.25 else []
        assert out["classes"] == [*own, *other]


def test_labels_come_in_many_forms() -> None:
    def mixed(declared: str, own: Any, partner: Any, word: str = "weighted") -> Any:
        text = f"uses: mixup, with: {{share: 0.25, label: {word}}}"
        sample = f" {{label: {{modality: label{declared}}}}}"
        return policy(sample, text)({"label": own}, key=0, partner={"label": partner})["label"]

    assert mixed(", classes: 3", 0, 2).tolist() == [0.75, 0.0, 0.25]
    assert mixed(", classes: 3", np.int64(0), 2, "larger") == 0
    assert mixed("", [1.0, 0.0], [0.0, 1.0]) == [0.75, 0.25]
    assert mixed("", np.array([0, 1]), np.array([1, 0])).tolist() == [0.25, 0.75]
    assert mixed("", np.array([4.0]), np.array([8.0])).dtype == np.float64
    assert mixed("", 4.0, 8.0) == 5.0
    for declared, own, message in (
        ("", 3, "a label of known classes; got int 3. Declare classes: N"),
        (", classes: 3", "cat", "one of the 3 classes; got the text 'cat'"),
        (", classes: [dog]", "cat", "one of the 1 classes: dog; got the text 'cat'"),
    ):
        with pytest.raises(SampleError, match=message):
            mixed(declared, own, own)
    with pytest.raises(AlignmentError, match=r"the partner's label has shape \(3,\), this one \(2"):
        mixed("", [0.0, 1.0], [0.0, 0.0, 1.0])


def test_soft_labels_are_vectors_whether_mixed_or_not() -> None:
    sample = " {image: image, label: {modality: label, classes: 3, soft: true}}"
    cut = policy(sample, "uses: cutmix, p: 0.5")
    picture = np.zeros((8, 8, 3), np.uint8)
    out = [
        cut({"image": picture, "label": 1}, key=k, partner={"image": picture, "label": 2})["label"]
        for k in range(20)
    ]
    assert np.stack(out).shape == (20, 3)
    assert any(label.tolist() == [0, 1, 0] for label in out)
    assert any(0 < label[2] < 1 for label in out)


def test_shrinking_weakens_a_mix() -> None:
    cut = policy(
        " {image: image, boxes: boxes}",
        "uses: cutmix, with: {share: 0.8, x: 0.5, y: 0.5, least_visible: 0}",
        "checks: [{boxes_visible: {min_area: 0.9}}]\non_fail: {shrink: 0.5, retry: 6}\n",
    )
    own = {"image": np.zeros((60, 60), np.uint8), "boxes": [[0, 0, 60, 60]]}
    other = {"image": np.full((60, 60), 255, np.uint8), "boxes": []}
    out, record = cut.apply(own, key=0, partner=other)
    assert (out["image"] == 255).mean() <= 0.1
    assert record.draw.strength < 0.2


def test_checks_judge_each_box_among_those_that_it_came_with() -> None:
    checked = load_policy(
        f"syncaug: 1\nsample:{GROUNDED}\nsteps:\n  - {{name: pair, uses: cutmix}}\n"
        "  - {name: mirror, uses: flip, p: 0.5}\n"
        "checks: [mentions_visible: {min_area: 0.2}, direction_words: {min_share: 0}]\n",
        seed=1,
    )
    judged = 0
    for epoch in range(16):
        out, record = checked.apply(CATS, key="k", epoch=epoch, partner=DOG)
        mixed = record.notes["boxes"]["mixed"][0]
        widths = [box[2] - box[0] for box in out["boxes"][:2]]
        if mixed["joined"] and not mixed["gone"] and widths == [750, 498]:
            judged += 1
            assert record.attempts[0].measures["direction_words"] == 1.0
    assert judged > 3
