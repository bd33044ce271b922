"""The shipped schema is that of the language and the catalogue as they are.

After a change of either, `python tests/policy/test_schema_file.py` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from syncaug import catalogue
from syncaug.catalogue.checks import checks
from syncaug.catalogue.reader import LIBRARIES
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.loading import check_policy
from syncaug.policy.schema import dump, policy_schema
from syncaug.policy.source import read

ROOT = Path(__file__).parents[2]
FILE = ROOT / "schemas" / "policy.schema.json"
POLICIES = sorted((ROOT / "policies").rglob("*.yaml"))


def current() -> dict[str, Any]:
    operations = {
        name: catalogue.operation(name)
        for name in catalogue.names()
        if name.partition(".")[0] in LIBRARIES
    }
    return policy_schema(
        {name: transform(name) for name in transform_names()}, operations, checks()
    )


def test_the_shipped_schema_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == dump(current()), (
        "run python tests/policy/test_schema_file.py"
    )


def test_the_shipped_schema_is_draft_7() -> None:
    jsonschema.Draft7Validator.check_schema(json.loads(FILE.read_text(encoding="utf-8")))


def test_the_schema_has_a_name() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8"))["$id"] == "urn:syncaug:policy:1"


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_an_example_compiles_and_validates(path: Path) -> None:
    plan, _, _ = check_policy(path, extras="warning")
    assert plan is not None
    validator = jsonschema.Draft7Validator(current())
    errors = [jsonschema.exceptions.best_match([e]) for e in validator.iter_errors(read(path).data)]
    assert not errors, "\n".join(f"{list(e.absolute_path)}: {e.message}" for e in errors)


if __name__ == "__main__":
    FILE.write_text(dump(current()), encoding="utf-8")
