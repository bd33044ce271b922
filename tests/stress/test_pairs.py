"""What parts each pair of modalities of one sample, tried on scenes that hold all of them.

Every pair is parted by a knob of its own space, or by words, and by the stream of another sample.
`NONE` says why a knob of a shared space does nothing.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from syncaug import load_policy
from syncaug.catalogue.modalities import MODALITIES
from syncaug.digest import digest_of
from syncaug.stress.knobs import moved_of
from syncaug.stress.sweep import _Sweep
from tests.scene.render import MODALITY_OF, declared, render
from tests.scene.scenes import partner_scene, small_scene

PICTURES = {"image", "video", "mask", "depth", "heatmap", "flow", "normals", "disparity"}
MARKS = {"boxes", "keypoints", "polygons", "instances", "oriented_boxes"}
WORDS = {"text", "timed_text", "messages", "phrases"}
PLANAR = PICTURES | MARKS | {"camera"}
CLOCKED = {"video", "audio", "imu", "embedding", "timed_text", "points", "state", "action"}
WORLDLY = {"points", "boxes3d", "camera", "joints", "bev", "state", "action", "depth"}

NONE = {
    ("angle", "depth"): "distances are those from its camera, which the world takes along",
    ("angle", "imu"): "it measures in its own axes",
    ("sides", "phrases"): "those of the scenes name things, and no sides",
    ("exchange", "phrases"): "boxes and their phrases are one, row by row",
}
"""Knob and moved modality -> why it parts nothing in a space that both streams share."""


def wanted(stays: str, moves: str) -> set[str]:
    """What parts two modalities of the scenes, as a reader would say it."""
    out = {"exchange"}
    if moves in WORDS:
        out |= {"sides", "colours"} if stays in PLANAR else set()
        if moves == "messages" and stays in PLANAR | {"text", "timed_text", "imu", "audio"}:
            out |= {"place"}
    elif moves == "audio":
        out |= {"channels"} if stays in PLANAR else set()
    elif moves == "imu":
        out |= {"roll"} if stays in PLANAR | {"audio"} else set()
    elif {stays, moves} <= PLANAR | {"joints", "audio"} and moves != "joints":
        out |= {"place"}
    if {stays, moves} <= CLOCKED:
        out |= {"time"}
    if {stays, moves} <= WORLDLY:
        out |= {"angle"}
    return out


@cache
def swept() -> Any:
    """The scenes as samples of every modality, and all that parts them."""
    kinds: dict[str, str] = {}
    for kind, modality in sorted(MODALITY_OF.items()):
        if modality not in kinds or kind == modality:
            kinds[modality] = kind
    assert set(kinds) == set(MODALITIES)
    scenes = [
        dataclasses.replace(one, eyes=one.eyes[:1]) for one in (small_scene(), partner_scene())
    ]
    head = "syncaug: 1\nsample:\n" + declared(scenes[0], set(kinds.values()))
    policy = load_policy(head + "steps: []\n")
    samples = [render(scene, set(kinds.values())) for scene in scenes]
    for number, sample in enumerate(samples):  # so that no two are alike
        latent = sample["embedding"] + number
        sample |= {"label": number, "tabular": [number, 0.5], "embedding": latent}
    return policy, samples, _Sweep(policy, samples, ["a", "b"], [0.0, 1.0])


def pairs() -> Iterator[tuple[str, str, set[str], dict[str, str]]]:
    """Stays, moves, the knobs that part them, and why others do not."""
    policy, _, sweep = swept()
    for one, other in itertools.combinations(policy.plan.streams, 2):
        stays, moves = moved_of(one, other)
        names = stays.name, moves.name
        found = {parting.knob.name for pair, parting in sweep._partings if pair == names}
        left = {
            told["knob"]: told["reason"]
            for told in sweep._left_out
            if tuple(told["streams"]) == names
        }
        yield stays.modality, moves.modality, found, left


def test_every_pair_of_modalities_is_parted_as_the_table_says() -> None:
    wrong = []
    for stays, moves, found, left in pairs():
        expected = {knob for knob in wanted(stays, moves) if (knob, moves) not in NONE}
        if (stays, moves) != ("boxes", "phrases"):
            expected |= {"exchange"}
        if found != expected or not found:
            wrong.append((stays, moves, sorted(found), sorted(expected)))
        for knob, reason in left.items():
            assert (knob, moves) in NONE or reason.startswith("it changes no"), (stays, moves, knob)
    assert not wrong


def test_only_what_goes_together_moves() -> None:
    """At level 1 the moved entries change, and all others are the same to the last byte."""
    _, samples, sweep = swept()
    done = set()
    for (stays, moves), parting in sweep._partings:
        if (parting.knob.name, moves) in done:  # moved alike, whatever stays
            continue
        done.add((parting.knob.name, moves))
        out = parting.apply(samples, ["a", "b"], 1.0)
        changed = False
        for before, after in zip(samples, out, strict=True):
            assert before.keys() == after.keys()
            for name in before:
                same = digest_of(before, [name]) == digest_of(after, [name])
                assert same or name in parting.names, (stays, moves, parting.knob.name, name)
                changed |= not same
        assert changed, (stays, moves, parting.knob.name)
    assert len(done) > 60


@pytest.mark.parametrize("knob", ["channels", "roll"])
def test_sounds_and_sensors_lie_beside_a_plane(knob: str) -> None:
    _, samples, sweep = swept()
    parting = next(one for _, one in sweep._partings if one.knob.name == knob)
    out = parting.apply(samples, ["a", "b"], 1.0)[0]
    if knob == "channels":
        assert (out["audio"] == samples[0]["audio"][::-1]).all()
    else:
        name = parting.moves.name
        assert out[name].shape == samples[0][name].shape
        assert abs(out[name][:, 2] - samples[0][name][:, 2]).max() < 1e-9  # about that axis
