"""The generated documentation: what the pages say is what the library says now."""

from __future__ import annotations

import gc
import re
import warnings
from pathlib import Path

import pytest

from syncaug import PolicyError
from syncaug.catalogue.map_kinds import ON_STREAMS, SPACE_OF, SPACES
from syncaug.catalogue.modalities import MODALITIES
from syncaug.catalogue.transforms import transform_names
from syncaug.loading import check_policy
from syncaug.plan.spaces import LIVES_IN
from tests.handlers import sigterm_as_before
from tools.docs.examples import EXAMPLES, FORMS
from tools.docs.keys import Section
from tools.docs.language import all_sections
from tools.docs.pages import pages
from tools.make_docs import DOCS

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?(?: \"[^\"]*\")?\)")


def test_every_modality_lives_in_known_spaces_and_meets_known_maps() -> None:
    for spec in MODALITIES.values():
        assert set(spec.spaces) <= set(SPACES)
        for kind, words in {**spec.carries, **spec.unaffected}.items():
            assert kind in {*SPACE_OF, *ON_STREAMS}, (spec.name, kind)
            assert words
            assert not words.endswith("."), words


def test_every_transform_and_modality_is_shown() -> None:
    assert set(EXAMPLES) == set(transform_names())
    assert set(FORMS) == set(LIVES_IN)


PAGES = pages()


@pytest.mark.parametrize("path", sorted(PAGES), ids=str)
def test_pages_are_as_the_catalogue_has_them(path: Path) -> None:
    """`make docs` writes them anew."""
    text = (DOCS / path).read_text(encoding="utf-8")
    assert text == PAGES[path]
    for target in LINK.findall(text):
        assert ((DOCS / path).parent / target).exists(), f"{path} names {target}"


@pytest.mark.parametrize("section", list(all_sections()), ids=lambda section: section.title)
def test_the_example_of_every_key_compiles(section: Section) -> None:
    for key in section.keys:
        assert key.name in key.example
        try:
            _, problems, _ = check_policy(key.policy, encoders=["clip"])
        except PolicyError as error:
            problems = list(error.problems)
        told = [problem.code for problem in problems]
        assert told == ([key.code] if key.code else []), (key.example, list(map(str, problems)))


WRITTEN = sorted(
    path.relative_to(DOCS)
    for folder in ("", "recipes/", "loaders/")
    for path in DOCS.glob(f"{folder}*.md")
)


@pytest.mark.parametrize("path", WRITTEN, ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall((DOCS / path).read_text(encoding="utf-8")):
        if not target.startswith("https:"):
            assert ((DOCS / path).parent / target).exists(), f"{path} names {target}"


RUN = [path for path in WRITTEN if "```python" in (DOCS / path).read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", RUN, ids=str)
def test_the_python_of_the_page_runs(page: Path) -> None:
    """All blocks in one namespace, with the page's own filters, which must not outlive it.

    Nor must what it has started: workers of loaders end here, and not during another test.
    """
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    with warnings.catch_warnings(), sigterm_as_before():
        for number, block in enumerate(blocks):
            exec(compile(block, f"{page}, block {number}", "exec"), names)
        warnings.simplefilter("ignore", ResourceWarning)  # of shards that libraries leave open
        names.clear()
        gc.collect()
