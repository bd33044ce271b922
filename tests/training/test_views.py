"""Views: draws of their own, replayed and told apart; layouts that know what belongs together."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from syncaug import Record, RecordError, SampleError, SyncaugError, load_policy
from syncaug.randomness import Source
from syncaug.training.layout import layout_of

POLICY = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
draw: {level: {uniform: [0.2, 0.8]}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: tone, uses: light, with: {value: {from: level, scale: 0.3}}}
  - {name: shade, uses: light, with: {value: [-0.3, 0.0]}}
"""


def sample() -> dict[str, Any]:
    photo = np.random.default_rng(1).integers(0, 256, (8, 12, 3), dtype=np.uint8)
    return {"image": photo, "caption": "a cat on the left"}


def test_views_are_synchronized_and_like_nothing_else() -> None:
    policy = load_policy(POLICY)
    for key in range(12):
        views = policy.views(sample(), key=key, epoch=2, n=3)
        others = [policy(sample(), key=key, epoch=epoch) for epoch in range(4)]
        images = {out["image"].tobytes() for out in [*views, *others]}
        assert len(images) == 7
        for number, view in enumerate(views, 1):
            draw = policy.draw(key=key, epoch=2, view=number)
            mirrored = draw.steps[0].applied
            assert view["caption"] == f"a cat on the {'right' if mirrored else 'left'}"
    levels = [policy.draw(key=1, view=view).variables["level"] for view in range(200)]
    assert len(set(levels)) == 200
    assert 0.45 < np.mean(levels) < 0.55


def test_views_stay_the_same_for_any_number_of_them_and_for_batches_of_epochs() -> None:
    policy = load_policy(POLICY)
    two = policy.views(sample(), key="a", epoch=1, n=2)
    four = policy.at(1).views(sample(), key="a", n=4)
    for ours, theirs in zip(two, four[:2], strict=True):
        assert np.array_equal(ours["image"], theirs["image"])


def test_the_addresses_of_calls_are_as_they_were() -> None:
    assert Source(1, "k", 2, 3).digest(b"x") == Source(1, "k", 2, 3, 0).digest(b"x")
    known = Source(0, 3, 0).digest(b"s.draw.alpha").hex()[:16]
    import hashlib

    told = b"syncaug/1\x000\x000\x000\x00i\x003\x00s.draw.alpha"
    assert known == hashlib.blake2b(told, digest_size=32).hexdigest()[:16]
    places = {
        Source(0, key, 0, 0, view).digest(b"") for key in (1, "1", "1\0") for view in range(30)
    }
    assert len(places) == 90


def test_a_view_is_replayed_from_its_record_and_from_no_other() -> None:
    policy = load_policy(POLICY)
    out, record = policy.apply(sample(), key="a", epoch=1, view=2)
    assert record.draw.view == 2
    again = policy.replay(sample(), record.to_json())
    assert np.array_equal(out["image"], again["image"])
    assert "view" not in policy.apply(sample(), key="a")[1].as_json()["draw"]
    told = json.loads(record.to_json())
    told["draw"]["view"] = 1
    with pytest.raises(RecordError, match="as the policy draws it"):
        policy.replay(sample(), told)
    told["draw"]["view"] = -1
    with pytest.raises(RecordError, match="which of several views"):
        Record.from_json(told)


def test_a_text_of_several_is_chosen_for_each_view() -> None:
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, caption: {modality: text, describes: image, "
        "choose: one}}, steps: [{name: mirror, uses: flip, p: 0}]}"
    )
    several = {**sample(), "caption": [f"caption {n}" for n in range(9)]}
    chosen = {view["caption"] for view in policy.views(several, key=1, n=12)}
    assert len(chosen) > 3


def test_what_is_refused() -> None:
    policy = load_policy(POLICY)
    with pytest.raises(SampleError, match="'n': expected how many views there are"):
        policy.views(sample(), key=1, n=0)
    with pytest.raises(SampleError, match="'view': expected an integer from 0 on"):
        policy.draw(key=1, view=-1)


def related(layout: Any) -> tuple[np.ndarray, np.ndarray]:
    groups, exclude = np.array(layout.groups), np.array(layout.exclude)
    count = len(groups)
    positive = (groups[:, None] == groups) | np.eye(count, dtype=bool)
    if layout.exclude is None:
        return positive, np.zeros_like(positive)
    return positive, (exclude[:, None] == exclude).any(axis=2) & ~positive


def test_layouts_know_positives_negatives_and_what_is_neither() -> None:
    keys = ["a", "a", "b", "b", "c", 3, "3"]
    words = ["left", "right", "up", "up", "up", "x", "y"]
    positive, neither = related(layout_of(keys))
    assert not (positive & ~np.eye(7, dtype=bool)).any()
    assert sorted(zip(*np.nonzero(np.triu(neither)), strict=True)) == [(0, 1), (2, 3)]
    positive, neither = related(layout_of(keys, words))
    assert sorted(zip(*np.nonzero(np.triu(positive, 1)), strict=True)) == [(2, 3)]
    assert sorted(zip(*np.nonzero(np.triu(neither)), strict=True)) == [(0, 1), (2, 4), (3, 4)]
    positive, neither = related(layout_of(keys, across="positive"))
    assert sorted(zip(*np.nonzero(np.triu(positive, 1)), strict=True)) == [(0, 1), (2, 3)]
    assert not neither.any()
    positive, neither = related(layout_of(keys, across="negative"))
    assert not neither.any()
    with pytest.raises(ValueError, match="across: expected"):
        layout_of(keys, across="both")
    with pytest.raises(ValueError, match="captions: expected 7"):
        layout_of(keys, words[:3])


def test_layouts_are_the_same_on_every_rank() -> None:
    whole = layout_of(["a", "b", "c"], ["x", "y", "x"])
    part = layout_of(["c"], ["x"])
    assert part.groups[0] == whole.groups[2]
    assert part.exclude[0] == whole.exclude[2]


def test_keys_of_other_libraries_are_the_same_keys() -> None:
    import torch

    plain = layout_of([3, 3, 4], across="positive")
    for keys in (np.array([3, 3, 4]), torch.tensor([3, 3, 4]), [3, np.int64(3), 4]):
        assert layout_of(keys, across="positive") == plain
    words = layout_of(["a", "b"], ["x", "x"])
    assert layout_of(np.array(["a", "b"]), np.array(["x", "x"])) == words


def test_rows_without_a_caption_have_nothing_in_common() -> None:
    found = layout_of(["a", "b", "c"], [None, None, "a cat"])
    assert found.exclude is not None
    assert len({row[1] for row in found.exclude}) == 3
    assert len(set(found.groups)) == 3


@pytest.mark.parametrize(
    ("keys", "captions", "told"),
    [
        ("ab", None, "keys: expected a list"),
        (["a", "b"], "xy", "captions: expected a list"),
        (["a", "b"], [["x"], ["x"]], "captions: expected texts or None; got list in row 0"),
        ([1.5, 2.5], None, "keys.0."),
        ([None, None], None, "keys.0."),
    ],
)
def test_what_are_no_keys_and_no_captions_is_refused(keys: Any, captions: Any, told: str) -> None:
    with pytest.raises(SyncaugError if told == "keys.0." else ValueError, match=told):
        layout_of(keys, captions)
