"""Views of samples in batches: rows with their keys, laid out for the losses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from syncaug import DROPPED, SampleError, load_policy
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable
from syncaug.training import losses
from syncaug.training.layout import layout_of
from syncaug.training.weights import weights_of

POLICY = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: away, uses: translate, with: {x: [-0.5, 0.5]}}
checks: [{visible_share: {min_content: 0.6}}]
on_fail: {then: THEN}
"""


def rows(count: int = 8) -> list[dict[str, Any]]:
    images = np.random.default_rng(0).integers(0, 255, (count, 8, 12, 3), dtype=np.uint8)
    sides = ["left", "right"] * count
    return [
        {"image": image, "caption": f"a cat on the {sides[n // 2]}", "id": f"r{n}"}
        for n, image in enumerate(images)
    ]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_batch_holds_the_views_of_its_samples(workers: int) -> None:
    policy = load_policy(POLICY.replace("THEN", "neutral"), seed=5)
    data = AugmentedDataset(rows(), policy, key="id", records="record", views=2)
    data.set_epoch(3)
    loader = DataLoader(data, 4, collate_fn=data.collate, num_workers=workers)
    seen = 0
    for batch in loader:
        assert batch["id"] == [key for n in range(seen, seen + 4) for key in [f"r{n}"] * 2]
        assert batch["image"].shape == (8, 8, 12, 3)
        for place, record in enumerate(batch["record"]):
            row = {name: rows()[seen + place // 2][name] for name in ("image", "caption")}
            wanted = policy.views(row, key=batch["id"][place], epoch=3, n=2)[place % 2]
            assert record.draw.view == 1 + place % 2
            assert np.array_equal(batch["image"][place], wanted["image"])
            assert batch["caption"][place] == wanted["caption"]
        layout = layout_of(batch["id"], batch["caption"])
        features = torch.randn(8, 4)
        loss = losses.info_nce(
            *(features, features.roll(1, 1)),
            groups=layout.groups,
            exclude=layout.exclude,
            weights=weights_of(batch["record"]),
        )
        assert torch.isfinite(loss)
        seen += 4
    assert seen == 8


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("then", ["neutral", "drop"])
def test_a_stream_of_samples_has_the_views_of_a_data_set(workers: int, then: str) -> None:
    """Samples all of whose views are dropped are left out; of others, the views that are."""
    policy = load_policy(POLICY.replace("THEN", then), seed=5)
    stream = AugmentedIterable(rows(24), policy, key="id", shares=False, records="r", views=2)
    stream.set_epoch(3)
    found: list[Any] = []
    for batch in DataLoader(stream, 4, collate_fn=stream.collate, num_workers=workers):
        assert batch["image"].shape[0] == len(batch["id"])
        found += zip(batch["id"], batch["r"], batch["image"], strict=True)
    data = AugmentedDataset(rows(24), policy, key="id", records="r", views=2)
    data.set_epoch(3)
    wanted = data.collate([data[n] for n in range(24)])
    assert len(found) == len(wanted["id"])
    assert (len(found) == 48) == (then == "neutral")
    images = {(key, r.draw.view): image for key, r, image in found}
    for key, record, image in zip(wanted["id"], wanted["r"], wanted["image"], strict=True):
        assert torch.equal(images[key, record.draw.view], image)
    if then == "drop" and not workers:
        whole = [data[n] for n in range(24)]
        some = [views for views in whole if any(view is not DROPPED for view in views)]
        assert len(some) < 24
        assert len(list(stream)) == len(some)
    with pytest.raises(SampleError, match="'views': expected how many views there are"):
        AugmentedIterable(rows(), policy, key="id", views=-1)


def test_a_dropped_view_is_left_out_of_its_batch_alone() -> None:
    policy = load_policy(POLICY.replace("THEN", "drop"), seed=5)
    data = AugmentedDataset(rows(), policy, key="id", records="record", views=3)
    (batch,) = DataLoader(data, 8, collate_fn=data.collate)
    assert 8 < len(batch["id"]) < 24
    assert len(batch["image"]) == len(batch["record"]) == len(batch["id"])
    assert {record.outcome for record in batch["record"]} == {"accepted"}


def test_one_view_is_a_list_and_none_are_no_views() -> None:
    policy = load_policy(POLICY.replace("THEN", "neutral"))
    assert len(AugmentedDataset(rows(), policy, key="id", views=1)[0]) == 1
    assert isinstance(AugmentedDataset(rows(), policy, key="id")[0], dict)
    with pytest.raises(SampleError, match="'views': expected how many views there are"):
        AugmentedDataset(rows(), policy, key="id", views=-1)
    with pytest.raises(SampleError, match="'views'"):
        AugmentedDataset(rows(), policy, key="id", views=True)


@pytest.mark.parametrize("workers", [0, 2])
def test_views_are_mixed_with_the_partner_of_the_sample(workers: int) -> None:
    policy = load_policy("""
syncaug: 1
sample: {image: image}
steps: [{name: blend, uses: mixup, p: 0.5}]
""")
    given = [{"image": row["image"], "id": row["id"]} for row in rows()]
    data = AugmentedDataset(given, policy, key="id", views=2, records="record")
    loader = DataLoader(data, 4, collate_fn=data.collate, num_workers=workers)
    batches = list(loader)
    mixed = [step.applied for b in batches for r in b["record"] for step in r.draw.steps]
    assert 0 < sum(mixed) < len(mixed) == 16
    images = [image for b in batches for image in b["image"]]
    alone = 0
    for place, sample in enumerate(given):
        how = {"key": sample["id"], "epoch": 0, "n": len(given), "index": place}
        other = policy.partner(**how, views=2)
        alone += other is not None and policy.partner(**how) is None
        partner = None if other is None else {"image": given[other]["image"]}
        views = policy.views(
            {"image": sample["image"]}, key=sample["id"], epoch=0, n=2, partner=partner
        )
        for view, image in zip(views, images[2 * place : 2 * place + 2], strict=True):
            assert np.array_equal(view["image"], image)
    assert alone  # a call does not mix, and a view does
