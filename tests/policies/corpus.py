"""The corpus: policies as people write them, valid and not, and what is told of each.

`valid/` holds policies that load, `valid/warned` those that load with a warning; `invalid/` those
that do not, by what is wrong: the text, the form, names, values, streams, several things at once.
A first line says what a policy is for, or what is wrong with it. Beside each policy of which
anything is told stands a `.txt` with all that is told, with codes and places.

After a change of the messages, `python -m tests.policies.corpus` writes these texts anew; read the
diff.
"""

from __future__ import annotations

import os
from pathlib import Path

from syncaug.errors import PolicyError
from syncaug.loading import check_policy
from syncaug.plan.plan import Plan
from syncaug.problem import Problem

__all__ = ["INVALID", "VALID", "problems_of", "text_of"]

FOLDER = Path(__file__).parent
VALID = sorted(p for p in (FOLDER / "valid").rglob("*") if p.suffix in (".yaml", ".json"))
INVALID = sorted((FOLDER / "invalid").rglob("*.yaml"))
OF_THIS_MACHINE = "SA7"
"""Codes of libraries that may be installed or not: their messages differ between machines."""


def problems_of(path: Path) -> tuple[Plan | None, list[Problem]]:
    """The plan, if there is one, and what is told of a policy wherever it is read."""
    before = Path.cwd()
    os.chdir(path.parent)  # so that messages name files as they stand in the policy
    try:
        plan, problems, _ = check_policy(Path(path.name), extras="warning")
    except PolicyError as error:
        plan, problems = None, list(error.problems)
    finally:
        os.chdir(before)
    return plan, [p for p in problems if not p.code.startswith(OF_THIS_MACHINE)]


def text_of(path: Path) -> str:
    """What stands beside a policy: its problems as `syncaug validate` writes them."""
    _, problems = problems_of(path)
    return "".join(f"{p}\n" for p in problems)


if __name__ == "__main__":
    for policy in (*VALID, *INVALID):
        text, beside = text_of(policy), policy.with_suffix(".txt")
        if text:
            beside.write_text(text, encoding="utf-8")
        else:
            beside.unlink(missing_ok=True)
