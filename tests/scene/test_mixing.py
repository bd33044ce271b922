"""The squares of two scenes, and what mixing leaves alone or refuses to leave behind."""

from __future__ import annotations

import json

import pytest

from syncaug import PolicyError, load_policy
from syncaug.catalogue.transforms import transform as described
from tests.samples import equal
from tests.scene.mixed_scenes import COUNT, MIXED, mixed, name_of, pairs, parameters, stays, wrong
from tests.scene.render import MODALITY_OF, declared, stream_names

MODALITIES = sorted({MODALITY_OF[kind] for kind, _ in stream_names(pairs()[0][0]).values()})
REFUSED = [
    (name, modality)
    for name in MIXED
    for modality in MODALITIES
    if described(name).stream_parameters.get(modality, {}).get("enum") == ["keep"]
    if described(name).beside.get(modality) != "clock"  # points without times
]
UNAFFECTED = [
    (name, modality)
    for name in MIXED
    for modality in MODALITIES
    if modality in described(name).unaffected and (name, modality) not in REFUSED
]


@pytest.mark.parametrize(
    ("transform", "modality"), [(name, modality) for name in MIXED for modality in MIXED[name]]
)
def test_square(transform: str, modality: str) -> None:
    for number in range(COUNT):
        assert wrong(transform, modality, number) == [], number


@pytest.mark.parametrize(("transform", "modality"), UNAFFECTED)
def test_unaffected(transform: str, modality: str) -> None:
    assert described(transform).unaffected[modality]
    for number in range(COUNT):
        first, _, out, _ = mixed(transform, number)
        assert equal(first[name_of(modality)], out[name_of(modality)])


@pytest.mark.parametrize(("transform", "modality"), REFUSED)
def test_refused(transform: str, modality: str) -> None:
    kept = {name: word for name, word in stays(transform).items() if name != name_of(modality)}
    given = json.dumps({**parameters(transform, 0), **kept})
    with pytest.raises(PolicyError, match=f"SA502 {transform} cannot mix {modality} streams"):
        load_policy(
            f"syncaug: 1\nsample:\n{declared(pairs()[0][0])}"
            f"steps: [{{name: a, uses: {transform}, with: {given}}}]\n"
        )
