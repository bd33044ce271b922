"""The JSON that the package reads is what the YAML beside it says.

After a change of the YAML, `python -m tools.make_tables` writes it anew.
"""

from __future__ import annotations

import json

import pytest
import yaml

from syncaug.catalogue.tables import table
from syncaug.catalogue.transforms import transform_names
from tools.make_tables import FOLDER, tables


@pytest.mark.parametrize("name", sorted(tables()))
def test_a_table_is_current(name: str) -> None:
    stored = (FOLDER / name).read_text(encoding="utf-8")
    assert stored == tables()[name], f"{name} is stale: python -m tools.make_tables"


def test_json_keeps_what_yaml_says() -> None:
    for name in ("checks", "open3d", "syncaug"):
        said = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
        assert json.dumps(table(name)) == json.dumps(said)
        assert table(name) == said  # no key was a number, which JSON would make a text
    files = sorted((FOLDER / "transforms").glob("*.yaml"))
    assert transform_names() == tuple(file.stem for file in files)
    for file in files:
        assert table("transforms")[file.stem] == yaml.safe_load(file.read_text(encoding="utf-8"))
