"""The table is complete: every transform on every modality is held by exactly one kind of test."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from syncaug.catalogue.transforms import transform_names
from syncaug.plan.spaces import LIVES_IN
from tests.scene import cells
from tests.scene.compare import COMPARE
from tests.scene.render import MODALITY_OF
from tests.scene.tolerances import TOLERANCES

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("make_table", ROOT / "tools" / "make_table.py")
    assert spec is not None
    assert spec.loader is not None
    import sys

    module = importlib.util.module_from_spec(spec)
    sys.modules["make_table"] = module
    spec.loader.exec_module(module)
    return module


def _groups() -> list[tuple[tuple[str, str], ...]]:
    refused = tuple(cells.REFUSED)
    return [cells.SQUARES, cells.NOISY, cells.MIXED, cells.UNAFFECTED, refused]


def test_no_cell_is_empty_and_none_is_held_twice() -> None:
    held = [cell for group in _groups() for cell in group]
    wanted = {(name, modality) for name in transform_names() for modality in LIVES_IN}
    assert wanted - set(held) == set(), "cells that nothing holds"
    assert len(held) == len(set(held)) == len(wanted)


def test_every_modality_is_rendered_and_compared() -> None:
    assert set(MODALITY_OF.values()) == set(LIVES_IN)
    assert set(COMPARE) == set(MODALITY_OF)


def test_every_tolerance_has_a_reason() -> None:
    assert all(bound.reason and bound.unit for bound in TOLERANCES.values())


def _report(path: Path, tool: Any, *, leave_out: str = "", failing: str = "") -> Path:
    names = [cell.test for cell in tool.table({}).values() if cell.test != leave_out]
    cases = "".join(
        f"<testcase name={quoteattr(name)}>{'<failure/>' if name == failing else ''}</testcase>"
        for name in names
    )
    path.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>", encoding="utf-8")
    return path


def test_the_tool_tells_of_tests_that_fail_or_are_missing(
    tool: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "squares.xml"
    assert tool.main(["--results", str(_report(report, tool))]) == 0
    assert "flip-image" in capsys.readouterr().out
    name = "test_square[flip-image]"
    for change in ({"leave_out": name}, {"failing": name}):
        assert tool.main(["--results", str(_report(report, tool, **change))]) == 1
        assert f"flip on image: {name} did not pass" in capsys.readouterr().err
    assert tool.main(["--markdown", "--results", str(_report(report, tool))]) == 0
    assert '[square](../tests/scene/test_square.py "test_square[flip-image]")' in (
        capsys.readouterr().out
    )


def test_an_empty_cell_is_an_error(tool: Any) -> None:
    found = tool.table({cell.test: True for cell in tool.table({}).values()})
    assert tool.missing(found) == []
    del found["flip", "image"]
    assert tool.missing(found) == ["flip on image: no test holds this cell"]
