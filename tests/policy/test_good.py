"""Every policy in `good/`, and every shared example, is read and parsed without a problem."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from syncaug.policy.model import parse
from syncaug.policy.source import read

ROOT = Path(__file__).parents[2]
POLICIES = [
    *sorted((Path(__file__).parent / "good").iterdir()),
    *sorted((ROOT / "policies").glob("*.yaml")),
]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_good_policy_has_no_problems(path: Path) -> None:
    policy, problems = parse(read(path))
    assert not problems, "\n".join(map(str, problems))
    assert policy is not None
    assert policy.syncaug == 1


def test_a_document_survives_pickling() -> None:
    document = read(POLICIES[0])
    assert pickle.loads(pickle.dumps(document)).data == document.data


def test_the_model_holds_what_was_written() -> None:
    policy, _ = parse(read(Path(__file__).parent / "good" / "every_form.yaml"))
    assert policy is not None
    assert policy.sample["caption"].describes == "image"  # type: ignore[attr-defined]
    assert policy.steps[0].name == "transform"
    assert policy.on_fail.then == "drop"
    assert policy.fuse == "off"
    with pytest.raises(ValueError, match="frozen"):
        policy.name = "other"  # type: ignore[misc]
