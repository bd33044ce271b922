"""Every row of the mission has a page that is there and a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.docs.mission import ROWS as ROW
from tools.docs.mission import mission_in

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "mission.md"
ROWS = ROW.findall(PAGE.read_text("utf-8"))


def test_all_rows_are_there() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 34))


@pytest.mark.parametrize(("number", "page", "test"), [(n, p, t) for n, _, p, t in ROWS])
def test_a_row_leads_to_its_page_and_its_test(number: str, page: str, test: str) -> None:
    links = re.findall(r"\]\(([^)#]+)", page)
    assert links or "not there yet" in page
    for link in links:
        assert (PAGE.parent / link).is_file(), link
    named = re.fullmatch(r"`([\w/]+\.py)(?:::(\w+))?`", test)
    assert named is not None
    source = (ROOT / named[1]).read_text(encoding="utf-8")
    assert f"def {named[2] or 'test'}" in source


def test_the_readme_shows_all_rows_with_links_that_lead_somewhere() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert mission_in(readme) == readme
    found = ROW.findall(readme)
    assert [number for number, *_ in found] == [number for number, *_ in ROWS]
    for _, _, page, test in found:
        for link in re.findall(r"\]\(([^)#]+)", page + test):
            assert (ROOT / link).is_file(), link
