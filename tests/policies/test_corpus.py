"""Of each policy of the corpus is told what stands beside it, and every code stands there."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from pathlib import Path

import pytest

from syncaug.errors import PolicyError
from syncaug.policy.codes import codes
from syncaug.policy.model import parse
from syncaug.policy.slips import for_data
from syncaug.policy.source import read
from tests.policies.corpus import FOLDER, INVALID, VALID, problems_of, text_of

SHIPPED = sorted((FOLDER.parents[1] / "policies").rglob("*.yaml"))
ELSEWHERE = {
    "SA101": "a file that cannot be read: test_source",
    "SA103": "more than a megabyte: test_large",
    "SA117": "values of Python: test_source",
    "SA313": "an installed package: tests/external",
    "SA701": "a library that is not installed: tests/cli",
    "SA702": "a library of another version: test_versions",
    "SA703": "WordNet: tests/backends",
}
"""Codes that need more than a file, and where they are tried."""
WITHOUT_A_WORD = {"empty", "utf16", "latin1", "top_scalar", "control_character"}
"""Files to which a comment would do what they are there to try."""


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def beside(path: Path) -> str:
    text = path.with_suffix(".txt")
    return text.read_text(encoding="utf-8") if text.exists() else ""


def mentioned(paths: list[Path]) -> Counter[str]:
    """How many files' texts hold each code."""
    found: Counter[str] = Counter()
    for path in paths:
        found.update(set(re.findall(r"^\S+: (SA\d{3}) ", beside(path), re.MULTILINE)))
    return found


@pytest.mark.parametrize("path", [*VALID, *SHIPPED], ids=name_of)
def test_a_valid_policy_loads(path: Path) -> None:
    plan, problems = problems_of(path)
    assert plan is not None, "\n".join(map(str, problems))
    assert all(problem.severity == "warning" for problem in problems)
    assert not problems or path.parent.name == "warned"
    assert text_of(path) == beside(path), "run python -m tests.policies.corpus and read the diff"


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_an_invalid_policy_is_told_its_mistakes(path: Path) -> None:
    plan, problems = problems_of(path)
    assert plan is None
    assert any(problem.severity == "error" for problem in problems)
    assert text_of(path) == beside(path), "run python -m tests.policies.corpus and read the diff"


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_the_same_mistakes_of_form_are_found_in_data(path: Path) -> None:
    try:
        document = read(path)
    except PolicyError:
        return
    _, of_text = parse(document)
    _, problems = parse(read(document.data))
    assert sorted((p.code, p.hint) for p in problems if p.code != "SA207") == sorted(
        (p.code, for_data(p.hint)) for p in of_text if p.code != "SA207"
    )
    assert all(str(p).startswith("<policy>") and p.position.line == 0 for p in problems)


def test_the_corpus_is_large() -> None:
    assert len(VALID) + len(INVALID) >= 400
    assert len(INVALID) >= 250


def test_every_code_stands_twice() -> None:
    found = mentioned([*VALID, *INVALID])
    assert set(ELSEWHERE) <= set(codes())
    assert {code for code in codes() if found[code] < 2} == set(ELSEWHERE)


def test_every_text_belongs_to_a_policy() -> None:
    texts = {path.with_suffix("") for path in FOLDER.rglob("*.txt")}
    assert texts <= {path.with_suffix("") for path in (*VALID, *INVALID)}


def test_a_first_line_says_what_is_wrong() -> None:
    for path in INVALID:
        assert path.read_bytes().startswith(b"# ") or path.stem in WITHOUT_A_WORD, path


def test_a_document_survives_pickling() -> None:
    document = read(SHIPPED[0])
    assert pickle.loads(pickle.dumps(document)).data == document.data


def test_the_model_holds_what_was_written() -> None:
    policy, _ = parse(read(FOLDER / "valid" / "forms" / "every_form.yaml"))
    assert policy is not None
    assert policy.sample["caption"].describes == "image"  # type: ignore[attr-defined]
    assert policy.steps[0].name == "transform"
    assert policy.on_fail.then == "drop"
    assert policy.fuse == "off"
    with pytest.raises(ValueError, match="frozen"):
        policy.name = "other"  # type: ignore[misc]


SEVERAL_LEFT = {"mmdet3d_habits", "mixup_of_clouds"}
"""Policies in which one step would leave several streams behind: one problem for each of them."""


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_a_mistake_is_told_once_and_with_its_remedy(path: Path) -> None:
    _, problems = problems_of(path)
    for problem in problems:
        assert problem.expected or problem.hint, problem
    if path.stem not in SEVERAL_LEFT:
        places = Counter(problem.position for problem in problems)
        assert max(places.values()) == 1, places
