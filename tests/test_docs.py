"""The generated documentation: what the pages say is what the library says now."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from syncaug.catalogue.effects import effects
from syncaug.catalogue.transforms import transform_names
from syncaug.plan.spaces import CARRIED_BY, LIVES_IN
from tools.docs_examples import EXAMPLES, FORMS
from tools.make_docs import DOCS, pages

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?(?: \"[^\"]*\")?\)")


def test_every_carried_modality_has_its_words() -> None:
    told = {(kind, modality) for kind, by in effects().items() for modality in by}
    carried = {(kind, modality) for modality, kinds in CARRIED_BY.items() for kind in kinds}
    assert carried - told == set()
    assert {(kind, m) for kind, m in told - carried if kind != "field"} == set()


def test_every_transform_and_modality_is_shown() -> None:
    assert set(EXAMPLES) == set(transform_names())
    assert set(FORMS) == set(LIVES_IN)


@pytest.mark.parametrize("path", sorted(pages()), ids=str)
def test_pages_are_as_the_catalogue_has_them(path: Path) -> None:
    """`make docs` writes them anew."""
    text = (DOCS / path).read_text(encoding="utf-8")
    assert text == pages()[path]
    for target in LINK.findall(text):
        assert ((DOCS / path).parent / target).exists(), f"{path} names {target}"


WRITTEN = sorted(path.relative_to(DOCS) for path in DOCS.glob("*.md"))


@pytest.mark.parametrize("path", WRITTEN, ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall((DOCS / path).read_text(encoding="utf-8")):
        if not target.startswith("https:"):
            assert (DOCS / target).exists(), f"{path} names {target}"


@pytest.mark.parametrize("page", ["warnings.md", "loaders.md"])
def test_the_python_of_the_page_runs(page: str) -> None:
    """With its own filters of warnings, which must not outlive it."""
    (block,) = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    with warnings.catch_warnings():
        exec(block, {})
