"""Whatever comes in, only PolicyError comes out."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syncaug.errors import PolicyError
from syncaug.policy.draws import DISTRIBUTIONS
from syncaug.policy.model import Policy, parse
from syncaug.policy.source import read
from syncaug.policy.steps import STEPS
from syncaug.policy.streams import STREAMS

KEYS = sorted(
    {
        *Policy.keys(),
        *(key for model in STEPS.values() for key in model.keys()),  # noqa: SIM118
        *(key for model in STREAMS.values() for key in model.keys()),  # noqa: SIM118
        *DISTRIBUTIONS,
        *("from", "expr", "scale", "curve", "op", "var", "is", "in", "present", "count", "jitter"),
    }
)
WORDS = st.sampled_from([*KEYS, *STREAMS, "follow", "strict", "on", "flip", "a.b"])
SCALARS = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)
)
KEY = st.one_of(
    WORDS, WORDS, WORDS, st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=3)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEY, inner, max_size=5)),
    max_leaves=25,
)
POLICIES = st.fixed_dictionaries(
    {"syncaug": st.just(1)},
    optional={key: VALUES for key in Policy.keys() if key != "syncaug"},  # noqa: SIM118
)
YAMLISH = st.text(
    st.sampled_from(list("ab:-?,[]{}#&*!|>'\"%@` \n\t0x.~<=\\é\ufeff\0")), max_size=60
)


def outcome(source: Any) -> None:
    try:
        document = read(source)
    except PolicyError as refused:
        problems = list(refused.problems)
        document = None
    if document is not None:
        policy, problems = parse(document)
        assert (policy is None) == bool(problems)
    else:
        assert problems
    assert all(str(problem) for problem in problems)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes(content: bytes) -> None:
    outcome(content)


@settings(max_examples=500, deadline=None)
@given(YAMLISH)
@example("!\n:")
def test_random_marks_of_yaml(text: str) -> None:
    outcome(text.encode())
    outcome(text + "\n")


@settings(max_examples=400, deadline=None)
@given(POLICIES)
def test_random_policies_as_data(data: Any) -> None:
    outcome(data)


@settings(max_examples=300, deadline=None)
@given(POLICIES)
def test_random_policies_as_text(data: Any) -> None:
    outcome(yaml.safe_dump(data, allow_unicode=True).encode())
