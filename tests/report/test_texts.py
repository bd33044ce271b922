"""Rows of texts: one for each text of a list, and the one of which the sample spoke."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.report.html import render_report
from syncaug.report.result import Result
from syncaug.report.rows import rows_of

SAMPLE: dict[str, Any] = {
    "image": np.full((40, 60, 3), (200, 40, 30), np.uint8),
    "boxes": [[1.0, 1.0, 20.0, 30.0], [30.0, 5.0, 59.0, 38.0]],
    "caption": ["A dog left of a cat.", "", "a <b>cat</b> on the right"],
    "phrases": [["A dog", "a cat"], [None, None], [None, "cat"]],
}


def result(options: str = "", partner: Any = None, **changes: Any) -> Result:
    step = "{name: mix, uses: mixup, with: {share: 0.4}}" if partner else "{name: a, uses: flip}"
    policy = load_policy(
        "syncaug: 1\nname: told\nsample:\n  image: image\n  boxes: boxes\n"
        f"  caption: {{modality: text, describes: image, optional: true{options}}}\n"
        "  phrases: {modality: phrases, boxes: boxes, text: caption, optional: true}\n"
        f"steps: [{step}]\n"
    )
    sample = {**SAMPLE, **changes}
    out, record = policy.apply(sample, key="a", partner=partner, partner_key="b")
    return Result("told", sample, out, record, policy.plan, partner=partner)


def said(figure: Any) -> str:
    return "".join(piece.text for piece in figure.pieces)


def test_each_text_has_a_row_with_its_phrases() -> None:
    rows = [row for row in rows_of(result()) if row.title.startswith("caption")]
    assert [row.title for row in rows] == ["caption/0", "caption/1", "caption/2"]
    assert [said(row.before) for row in rows] == SAMPLE["caption"]
    assert said(rows[0].after) == "A dog right of a cat."
    assert [piece.text for piece in rows[0].after.pieces if piece.changed] == ["right"]
    chips = [[(chip.text, chip.colour) for chip in row.after.chips] for row in rows]
    assert chips == [[("A dog", 0), ("a cat", 1)], [], [("cat", 1)]]
    page = render_report([result()])
    assert "&lt;b&gt;cat&lt;/b&gt;" in page


def test_the_chosen_text_alone_is_shown() -> None:
    told = result(", choose: one")
    (row,) = [row for row in rows_of(told) if row.title == "caption"]
    chosen = told.record.notes["caption"]["chosen"]
    assert said(row.before) == SAMPLE["caption"][chosen]
    assert said(row.after) == told.after["caption"]


def test_the_chosen_text_of_a_partner_is_shown() -> None:
    told = result(", choose: one", {**SAMPLE, "caption": ["one bird", "a bird", "birds"],
                                    "phrases": [["one bird", None], ["a bird", None],
                                                ["birds", None]]})  # fmt: skip
    (row,) = [row for row in rows_of(told) if row.title == "caption"]
    (joined,) = told.record.notes["caption"]["joined"]
    assert said(row.partner) == joined


@pytest.mark.parametrize("value", [None, []])
def test_what_is_missing_has_no_row(value: Any) -> None:
    rows = rows_of(result(caption=value, phrases=value))
    assert not [row for row in rows if row.title.startswith("caption")]
