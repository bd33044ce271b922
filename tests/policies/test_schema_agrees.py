"""The JSON Schema and the compiler say the same of the corpus, as far as a schema can."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from syncaug.errors import PolicyError
from syncaug.policy.source import read
from tests.policies.corpus import INVALID, VALID, problems_of
from tests.policies.test_corpus import name_of
from tests.policy.test_schema_file import current

VALIDATOR = jsonschema.Draft7Validator(current())
BEYOND_A_SCHEMA = {
    "SA207": "that no other step bears a name depends on all others",
    "SA213": "that a name stands in one of two lists",
    "SA214": "a step is the same inside a choice and outside",
    "SA215": "JSON has no numbers that are not finite",
    "SA216": "which keys go with which arm would take a form for each arm",
}
"""Codes of form of which a schema can say nothing, and why."""
OPEN = {
    "lexicon_not_well_formed": "a lexicon is a file of its own, with its own reader",
    "pair_of_one_plane": "that a name is a stream of another plane depends on all streams",
}
"""Policies of which a schema can say nothing, and why."""


@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_what_is_valid_fits_the_schema(path: Path) -> None:
    errors = VALIDATOR.iter_errors(read(path).data)
    told = [jsonschema.exceptions.best_match([error]) for error in errors]
    assert not told, "\n".join(f"{list(e.absolute_path)}: {e.message}" for e in told)


def of_form() -> list[Path]:
    """Policies that can be read, and whose form is wrong."""
    found = []
    for path in INVALID:
        told = {problem.code for problem in problems_of(path)[1]}
        if any(code.startswith("SA2") for code in told - set(BEYOND_A_SCHEMA)):
            found.append(path)
    return [path for path in found if path.stem not in OPEN]


@pytest.mark.parametrize("path", of_form(), ids=name_of)
def test_what_has_no_form_does_not_fit(path: Path) -> None:
    try:
        data = read(path).data
    except PolicyError:
        pytest.fail("a text that cannot be read has no problems of form")
    assert not VALIDATOR.is_valid(json.loads(json.dumps(data)))


def test_what_differs_is_what_a_schema_cannot_say() -> None:
    alone = {code: [] for code in BEYOND_A_SCHEMA}
    for path in INVALID:
        told = {problem.code for problem in problems_of(path)[1]}
        if len(told) == 1 and told <= set(BEYOND_A_SCHEMA):
            alone[told.pop()].append(VALIDATOR.is_valid(read(path).data))
    assert all(fits and all(fits) for fits in alone.values()), alone
