"""Every sentence of the data files comes out as its row says."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import pytest

from tests.samples import ROOT
from tests.words.cases import Case, cases
from tests.words.outcomes import came, verdict
from tools.make_words import Report, markdown, report

SECTIONS = [
    pytest.param(list(members), id=f"{file}: {category}, {change}")
    for (file, category, change), members in groupby(
        sorted(cases(), key=lambda case: (case.file, case.category, case.change)),
        key=lambda case: (case.file, case.category, case.change),
    )
]


@pytest.mark.parametrize("section", SECTIONS)
def test_sentences_come_out_as_their_rows_say(section: list[Case]) -> None:
    wrong = []
    for case in section:
        text, now = came(case), case.text if case.now == "same" else case.now
        if text != now:
            wrong.append(
                f"{case.text!r} {case.degrees or ''}{case.gone or ''}: {text!r} != {now!r}"
            )
    assert not wrong, "\n".join(wrong)


def test_a_known_shortfall_is_one() -> None:
    for case in cases():
        if case.now not in case.right:
            assert verdict(case, case.now) != "right", f"{case.text}: take its `now` away"


def test_no_sentence_stands_there_twice() -> None:
    told = Counter(
        (case.language, case.text, case.change, case.degrees, case.phrases, case.gone, options)
        for case in cases()
        for options in [tuple(case.options.items())]
    )
    assert [case for case, count in told.items() if count > 1] == []


@pytest.fixture(scope="module")
def found() -> Report:
    """What becomes of all sentences."""
    return report()


def test_the_report_says_what_comes_now(found: Report) -> None:
    """`make docs` writes it anew."""
    page = (ROOT / "docs" / "words_report.md").read_text(encoding="utf-8")
    assert page == markdown(found)
    assert not found.untrue


def test_hardly_a_sentence_is_refused_at_round_angles(found: Report) -> None:
    for degrees, (refused, of) in found.refused_sentences.items():
        assert refused <= 0.05 * of, degrees


def test_half_of_many_sentences_are_traps() -> None:
    texts = {(case.language, case.text): False for case in cases()}
    for case in cases():
        texts[case.language, case.text] |= case.trap
    assert len(texts) >= 1500
    assert sum(texts.values()) >= 0.5 * len(texts)
