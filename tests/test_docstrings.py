"""Every public name has a docstring with an example, and the examples run as they stand."""

from __future__ import annotations

import doctest
import warnings

import pytest

from tools.docs.api import Entry, entries

CHECKED = doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_the_example_of_every_public_name_runs(entry: Entry) -> None:
    parsed = doctest.DocTestParser().get_doctest(entry.doc, {}, entry.name, None, None)
    assert parsed.examples, f"{entry.name} has no example"
    said: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = doctest.DocTestRunner(optionflags=CHECKED).run(parsed, out=said.append)
    assert not result.failed, "".join(said)
