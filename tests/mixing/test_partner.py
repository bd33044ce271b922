"""Who is mixed with whom: drawn from an address, evenly, recorded, and asked for again."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, RecordError, SampleError, load_policy
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.plan.spaces import LIVES_IN
from tests.samples import ROOT, equal, pets

POLICY = """
syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, labels: classes}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  caption: {modality: text, describes: image}
untouched: [id]
steps:
  - {name: patch, uses: cutmix, with: {share: [0.2, 0.6]}, p: %s, partner: uniform}
"""
ALWAYS = load_policy(POLICY % "1.0", seed=3)
SOMETIMES = load_policy(POLICY % "0.5", seed=3)
CATS, DOG = pets()["cats.jpg"], pets()["dog_and_cat.jpg"]


def places(epoch: int) -> list[int | None]:
    """The partners of 200 samples; a worker runs this, so it lives at the top of the module."""
    policy = load_policy(POLICY % "1.0", seed=3)
    return [policy.partner(key=key, epoch=epoch, n=50, index=key % 50) for key in range(200)]


def test_partners_are_uniform_and_never_the_sample_itself() -> None:
    n, draws = 10, 12000
    found = [ALWAYS.partner(key=key, n=n, index=key % n) for key in range(draws)]
    assert all(place != key % n for key, place in enumerate(found))
    steps = Counter((place - key) % n for key, place in enumerate(found) if place is not None)
    expected = draws / (n - 1)
    chi_square = sum((steps[step] - expected) ** 2 / expected for step in range(1, n))
    assert chi_square < 26.1  # 8 degrees of freedom, p = 0.001
    with_itself = Counter(ALWAYS.partner(key=key, n=n) for key in range(4000))
    assert set(with_itself) == set(range(n))


def test_partners_do_not_repeat_themselves_across_workers_and_epochs() -> None:
    with ProcessPoolExecutor(2) as pool:
        first, again, other = pool.map(places, [0, 0, 1])
    assert first == again == places(0)
    same = sum(one == two for one, two in zip(first, other, strict=True))
    assert same < 15  # 200 / 49 would be by chance
    seeds = [ALWAYS.with_seed(9).partner(key=k, n=50, index=k % 50) for k in range(200)]
    assert sum(one == two for one, two in zip(first, seeds, strict=True)) < 15


def test_a_partner_does_not_depend_on_steps_and_attempts() -> None:
    longer = POLICY.replace("steps:\n", "steps:\n  - {name: mirror, uses: flip}\n")
    policy = load_policy(longer % "1.0" + "on_fail: {retry: 5}\n", seed=3)
    wanted = [ALWAYS.partner(key=key, n=9) for key in range(50)]
    assert [policy.partner(key=key, n=9) for key in range(50)] == wanted
    assert [pickle.loads(pickle.dumps(policy)).partner(key=k, n=9) for k in range(50)] == wanted


def test_there_is_a_partner_exactly_where_a_step_mixes() -> None:
    for key in range(60):
        mixes = SOMETIMES.draw(key=key).steps[0].applied
        assert (SOMETIMES.partner(key=key, n=9) is not None) == mixes
    retrying = load_policy(POLICY % "0.5" + "on_fail: {retry: 3}\n", seed=3)
    for key in range(60):
        tried = any(retrying.draw(key=key, attempt=a).steps[0].applied for a in range(4))
        assert (retrying.partner(key=key, n=9) is not None) == tried
    chosen = load_policy(
        "syncaug: 1\nsample: {image: image}\nsteps:\n"
        "  - name: one\n    one_of: [{name: a, uses: flip}, {name: b, uses: mixup}]\n"
    )
    for key in range(40):
        taken = chosen.draw(key=key).steps[0].steps[0].name
        assert (chosen.partner(key=key, n=9) is not None) == (taken == "b")
    assert (
        load_policy("syncaug: 1\nsample: {image: image}\nsteps: []\n").partner(key=0, n=1) is None
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "'n': expected how many samples there are"),
        ({"n": 1, "index": 0}, "expected at least 2 samples, of which to mix 2; got 1"),
        ({"n": 5, "index": 5}, "'index': expected a place from 0 to 4; got 5"),
        ({"n": 5, "index": -1}, "'index': expected a place from 0 to 4; got -1"),
        ({"n": 2.0}, "'n'"),
    ],
)
def test_what_cannot_be_chosen_is_said(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SampleError, match=message):
        ALWAYS.partner(key=0, **arguments)


def test_a_step_that_mixes_says_how_to_get_a_partner() -> None:
    with pytest.raises(SampleError) as caught:
        ALWAYS(CATS, key="pets/1")
    assert str(caught.value) == (
        "sample 'pets/1', argument 'partner': expected a partner, with which step 'patch' mixes; "
        "got none. Pass partner=SAMPLE, the one of those N that policy.partner(key=..., "
        "epoch=..., n=N) chooses; it chooses None where no step mixes."
    )


def test_a_partner_may_be_fetched_only_where_it_is_needed() -> None:
    fetched: list[str] = []

    def fetch() -> dict[str, Any]:
        fetched.append("once")
        return DOG

    for key in range(12):
        SOMETIMES(CATS, key=key, partner=fetch)
    assert len(fetched) == sum(SOMETIMES.partner(key=key, n=2) is not None for key in range(12))
    assert 0 < len(fetched) < 12
    given = ALWAYS(CATS, key="a", partner=DOG)
    assert equal(given, ALWAYS(CATS, key="a", partner=fetch))


def test_a_partner_is_admitted_by_the_same_rules() -> None:
    for broken, message in (
        (
            {**DOG, "extra": 1},
            "'extra': expected only streams that the policy declares; got an un",
        ),
        ({k: v for k, v in DOG.items() if k != "image"}, "'image': expected a stream of modality"),
        ({**DOG, "boxes": [[0, 0, 900, 10]] * 4}, "boxes inside the picture of 750x751"),
        (3, "expected a mapping of streams"),
    ):
        with pytest.raises(SampleError, match=message) as caught:
            ALWAYS(CATS, key="a", partner=broken, partner_key="pets/dog")
        assert "in the partner 'pets/dog'" in str(caught.value)


def test_a_record_names_the_partner_and_replay_needs_it() -> None:
    out, record = ALWAYS.apply(CATS, key="a", partner=DOG, partner_key="pets/dog")
    told = json.loads(record.to_json())
    assert told["partner"]["key"] == "pets/dog"
    assert len(told["partner"]["digest"]) == len(told["digest"]) == 32
    assert equal(ALWAYS.replay(CATS, record.to_json(), partner=DOG), out)
    assert equal(ALWAYS.replay(CATS, record, partner=lambda: DOG), out)
    with pytest.raises(
        RecordError, match="mixes with the partner 'pets/dog': expected partner=SAM"
    ):
        ALWAYS.replay(CATS, record)
    with pytest.raises(
        RecordError, match="mixes with the partner 'pets/dog': expected one of dige"
    ):
        ALWAYS.replay(CATS, record, partner=CATS)
    with pytest.raises(RecordError, match="the record of key 'a' tells of another sample"):
        ALWAYS.replay(DOG, record, partner=DOG)


def test_a_record_without_mixing_has_a_digest_and_no_partner() -> None:
    key = next(key for key in range(20) if SOMETIMES.partner(key=key, n=2) is None)
    out, record = SOMETIMES.apply(CATS, key=key, partner=DOG, partner_key="pets/dog")
    assert record.partner is None
    assert "partner" not in record.as_json()
    assert equal(SOMETIMES.replay(CATS, record), out)
    changed = {**CATS, "image": CATS["image"].copy()}
    changed["image"][0, 0, 0] ^= 1
    with pytest.raises(RecordError, match="another sample"):
        SOMETIMES.replay(changed, record)
    with pytest.raises(RecordError, match="digest: expected 32 hexadecimal digits"):
        SOMETIMES.replay(changed, record.as_json() | {"digest": ""})


def test_digests_tell_values_apart_and_not_their_memory() -> None:
    from syncaug.digest import digest_of

    array = np.arange(24.0).reshape(2, 3, 4)
    same = [array, np.asfortranarray(array), array[::-1][::-1], np.ascontiguousarray(array)]
    assert len({digest_of({"a": value}, ["a"]) for value in same}) == 1
    assert digest_of({"a": [1, (2, 3)]}, ["a"]) == digest_of({"a": (1, [2, 3])}, ["a"])
    others: list[Any] = [
        *(array.astype(np.float32), array.reshape(3, 2, 4), array.tolist(), array + 1e-12),
        *(
            None,
            1,
            1.0,
            True,
            "1",
            b"1",
            [],
            [[]],
            {},
            {"a": 1},
            {"a": [1]},
            "",
            ["ab"],
            ["a", "b"],
        ),
        *(np.array(["a", "b"]), np.zeros((0, 4)), np.zeros((4, 0)), np.array([1, "a"], object)),
    ]
    digests = [digest_of({"a": value}, ["a"]) for value in [array, *others]]
    assert len(set(digests)) == len(digests)
    large = np.random.default_rng(0).integers(0, 256, 100_003, dtype=np.uint8)
    seen = {digest_of({"a": large}, ["a"])}
    for place in (0, 7, 8191, 8192, 50_000, 98_304, 100_002):
        changed = large.copy()
        changed[place] ^= 1
        seen.add(digest_of({"a": changed}, ["a"]))
    swapped = np.concatenate([large[8192:16384], large[:8192], large[16384:]])
    seen.add(digest_of({"a": swapped}, ["a"]))
    seen.add(digest_of({"a": np.roll(large, 8)}, ["a"]))
    assert len(seen) == 10
    assert digest_of({"a": large[::-1][::-1]}, ["a"]) in seen
    assert digest_of({"a": 1, "b": 2}, ["a"]) == digest_of({"a": 1}, ["a", "b"])
    assert digest_of({"a": np.int64(3)}, ["a"]) == digest_of({"a": 3}, ["a"])


def test_partners_that_do_not_fit_refuse_the_draw() -> None:
    small = {**DOG, "image": DOG["image"][:700], "boxes": [[0, 0, 9, 9]] * 4}
    text = POLICY.replace("[0.2, 0.6]", "[0.2, 0.6], fit: refuse") % "1.0"
    with pytest.raises(AlignmentError, match="has 750x700 pixels, this one 750x751"):
        load_policy(text)(CATS, key=1, partner=small)
    kept = load_policy(text + "on_fail: {then: keep_original}\n")
    out, record = kept.apply(CATS, key=1, partner=small)
    assert record.outcome == "kept_original"
    assert record.partner is None
    assert equal(out, CATS)
    grey = {**DOG, "image": DOG["image"][..., 0]}
    with pytest.raises(AlignmentError, match=r"uint8 \(751, 750\), this one uint8 \(751, 750, 3\)"):
        ALWAYS(CATS, key=1, partner=grey)


def test_streams_that_cannot_mix_must_be_told_to_stay() -> None:
    sample = "{image: image, camera: camera, points: points}"
    for uses, complaint in (
        ("cutmix", "cutmix cannot mix points streams, and 'points' would stay behind"),
        ("flip, partner: uniform", "SA312 flip mixes with no partner; expected one of cutmix"),
        ("cutmix, with: {image: keep}", "SA401 'keep' does not fit; expected one of region"),
        ("mix", "SA504 mix reaches no stream of this sample"),
    ):
        with pytest.raises(PolicyError, match=complaint):
            load_policy(f"syncaug: 1\nsample: {sample}\nsteps: [{{name: a, uses: {uses}}}]\n")
    load_policy(
        f"syncaug: 1\nsample: {sample}\nsteps: [{{name: a, uses: cutmix, with: {{points: keep}}}}]"
    )


def test_every_transform_that_mixes_knows_every_modality() -> None:
    mixing = [name for name in transform_names() if "mix" in transform(name).makes]
    with_a_partner = ["cutmix", "insert", "mix", "mixup", "stitch"]
    of_vectors = ["feature_mix", "latent_interpolate", "latent_mix", "latent_noise"]
    assert mixing == sorted(with_a_partner + of_vectors)
    for name in mixing:
        spec = transform(name)
        known = set(spec.stream_parameters) | set(spec.unaffected)
        known |= {"camera"} if "plane" in spec.makes else set()  # it takes its picture's map
        assert known == set(LIVES_IN), (name, known ^ set(LIVES_IN))
        for modality in spec.beside:
            assert spec.stream_parameters[modality]["enum"] == ["keep"]
            assert spec.unaffected[modality]


def test_the_shipped_policy_mixes_a_manifest_and_replays(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from syncaug.cli import cli

    data = ROOT / "examples" / "data"
    lines = [
        {
            "key": name,
            "image": str(data / "pets" / picture),
            "caption": caption,
            "boxes": [[0, 0, 750, 751]],
            "classes": ["pet"],
            "phrases": [phrase],
            "speech": str(data / "ljspeech" / f"{sound}.wav"),
            "label": label,
        }
        for name, picture, caption, phrase, sound, label in (
            ("cats", "cats.jpg", "two cats are lying together.", "two cats", "LJ002-0020", 3),
            ("dog", "dog_and_cat.jpg", "A black dog looks up.", "A black dog", "LJ002-0035", 7),
            ("again", "dog_and_cat.jpg", "A dog.", "A dog", "LJ002-0020", 7),
        )
    ]
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    arguments = ["apply", str(ROOT / "policies" / "mixing.yaml"), "--manifest", str(manifest)]
    out = tmp_path / "out"
    done = CliRunner().invoke(cli, [*arguments, "--out", str(out), "--variants", "3"])
    assert done.exit_code == 0, done.output
    records = [json.loads(line) for line in (out / "records.jsonl").read_text().splitlines()]
    results = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert len(records) == len(results) == 9
    policy = load_policy(ROOT / "policies" / "mixing.yaml")
    keys = ["cats", "dog", "again"]
    mixed = 0
    for record, result in zip(records, results, strict=True):
        key, epoch = record["draw"]["key"], record["draw"]["epoch"]
        place = policy.partner(key=key, epoch=epoch, n=3, index=keys.index(key))
        if place is None:
            assert "partner" not in record
            assert isinstance(result["label"], int)
            continue
        mixed += 1
        assert record["partner"]["key"] == keys[place] != key
        own, other = lines[keys.index(key)]["label"], lines[place]["label"]
        share = record["notes"]["image"]["mixed"][0]["share"]
        weights = np.zeros(10)
        weights[own] += 1 - share
        weights[other] += share
        assert np.allclose(result["label"], weights, atol=1e-6)
    assert 0 < mixed < 9
    again = CliRunner().invoke(cli, ["replay", str(out / "records.jsonl"), "--verify"])
    assert again.exit_code == 0, again.output
    assert "replayed: 9, differing: []" in again.output
    alone = tmp_path / "alone.jsonl"
    alone.write_text(json.dumps(lines[0]) + "\n")
    arguments[3] = str(alone)
    lonely = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path / "no"), "--epoch", "1"])
    if policy.partner(key="cats", epoch=1, n=9) is not None:
        assert lonely.exit_code == 1
