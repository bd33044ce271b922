"""Every policy in `bad/` gives exactly the text beside it.

After a change of the texts, `python tests/policy/test_bad.py` writes them anew; read the diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from syncaug.errors import PolicyError, Problem
from syncaug.policy.model import parse
from syncaug.policy.source import read

FOLDER = Path(__file__).parent / "bad"
POLICIES = sorted(FOLDER.glob("*.yaml"))


def problems_of(path: Path) -> list[Problem]:
    try:
        policy, problems = parse(read(path, name=path.name))
    except PolicyError as error:
        return list(error.problems)
    assert (policy is None) == bool(problems)
    return problems


def text_of(path: Path) -> str:
    return "".join(f"{problem}\n" for problem in problems_of(path))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_bad_policy_gives_its_text(path: Path) -> None:
    expected = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert expected
    assert text_of(path) == expected


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_the_same_mistakes_are_found_in_data(path: Path) -> None:
    try:
        document = read(path)
    except PolicyError:
        return
    in_text = sorted((p.code, p.hint) for p in problems_of(path) if p.code != "SA207")
    _, problems = parse(read(document.data))
    assert sorted((p.code, p.hint) for p in problems if p.code != "SA207") == in_text
    assert all(str(p).startswith("<policy>") and p.position.line == 0 for p in problems)


if __name__ == "__main__":
    for bad in POLICIES:
        bad.with_suffix(".txt").write_text(text_of(bad), encoding="utf-8")
