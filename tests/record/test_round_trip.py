"""Whatever a policy draws and notes: the record is written, read, and gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from syncaug import load_policy
from syncaug.catalogue.transforms import transform_names
from syncaug.record import Record
from syncaug.record.held import held, plan_of
from syncaug.record.reading import schema
from tests.samples import ROOT, equal, everything
from tests.test_contract import PARTNER, policy_of

VALIDATOR = jsonschema.Draft7Validator(schema())
POLICIES = sorted((ROOT / "policies").glob("*.yaml"))


@pytest.mark.parametrize("sync", ["", "independent"])
@pytest.mark.parametrize("name", transform_names())
def test_every_transform_on_every_modality(name: str, sync: str) -> None:
    policy: Any = policy_of(name)
    one = policy.with_sync(sync) if sync else policy
    for epoch in range(2):
        out, record = one.apply(
            everything(), key="a\u2028b", epoch=epoch, partner=PARTNER, partner_key=7
        )
        text = record.to_json()
        VALIDATOR.validate(json.loads(text))
        assert Record.from_json(text).to_json() == text
        assert equal(policy.replay(everything(), text, partner=PARTNER), out)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_shipped_policy_is_the_same_out_of_its_record(path: Path) -> None:
    """Drawn without a sample: what is asked is whether policy and draw survive JSON."""
    policy = load_policy(path)
    for key in range(12):
        draw = policy.draw(key=key, epoch=key % 3)
        record = Record(
            policy.policy, policy.plan.fingerprint, draw, "accepted", (), {}, {}, digest="0" * 32
        )
        told = record.as_json()
        told["attempts"] = [{"attempt": 0, "measures": {}, "failed": []}]
        told["checks"] = {key: dict(check.options) for key, check in policy.plan.keyed_checks()}
        again = Record.from_json(told)
        assert plan_of(again) == policy.plan
        assert held(again, policy.plan).as_json() == json.loads(json.dumps(draw.as_json()))
