"""The table of checks: each has its code, and its options are JSON Schema and known words."""

from __future__ import annotations

from importlib import import_module

import pytest
from jsonschema import Draft202012Validator

from syncaug.catalogue.checks import ANNOTATIONS, checks
from syncaug.checks import CHECKS
from syncaug.plan.spaces import LIVES_IN

_WORDS = {"type", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "items"}


def test_every_check_has_its_code() -> None:
    assert set(checks()) == set(CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_options_are_what_they_seem(name: str) -> None:
    spec = checks()[name]
    assert spec.summary.endswith("is the measure.")
    assert all(modality in LIVES_IN for need in spec.needs for modality in need)
    assert import_module(CHECKS[name]).measure.__doc__
    for schema in spec.options.values():
        assert set(schema) <= _WORDS | ANNOTATIONS
        assert schema["description"].endswith((".", "them."))
        plain = {word: value for word, value in schema.items() if word not in ANNOTATIONS}
        Draft202012Validator.check_schema(plain)
        if "default" in schema:
            assert Draft202012Validator(plain).is_valid(schema["default"])
