"""Policies as tests: `pytest --syncaug policies/` checks every policy in a folder.

    pytest --syncaug                 policies beside the tests too
    pytest --syncaug-strict          and their warnings fail

A lock beside a policy (`syncaug lock`) is a test of its own.

Without these options nothing is collected and nothing is imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["LockItem", "PolicyFile", "PolicyItem"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--syncaug` and `--syncaug-strict`."""
    group = parser.getgroup("syncaug", "policies of syncaug")
    group.addoption("--syncaug", action="store_true", help="Check policies as tests.")
    group.addoption(
        "--syncaug-strict", action="store_true", help="Check policies; warnings fail too."
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A YAML file is a policy if it says `syncaug:` at the start of a line, or is named itself."""
    config = parent.config
    if not (config.getoption("syncaug") or config.getoption("syncaug_strict")):
        return None
    if file_path.suffix not in (".yaml", ".yml"):
        return None
    from syncaug.cli.findings.policies import is_policy

    if not (parent.session.isinitpath(file_path) or is_policy(str(file_path))):
        return None
    return PolicyFile.from_parent(parent, path=file_path)


class PolicyFile(pytest.File):
    """One policy."""

    def collect(self) -> Iterator[pytest.Item]:
        yield PolicyItem.from_parent(self, name="policy")
        if Path(f"{self.path}.lock").is_file():
            yield LockItem.from_parent(self, name="lock")


class PolicyItem(pytest.Item):
    """The check of one policy; its problems are what failed."""

    def runtest(self) -> None:
        from syncaug.errors import PolicyError, PolicyWarning
        from syncaug.loading import check_policy

        plan, problems, _ = check_policy(str(self.path), extras="warning")
        strict = self.config.getoption("syncaug_strict")
        failing = [p for p in problems if strict or p.severity == "error"]
        if plan is None or failing:
            raise PolicyError(failing)
        for problem in problems:
            self.warn(PolicyWarning(problem))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        from syncaug.errors import PolicyError

        if isinstance(excinfo.value, PolicyError):
            return "\n".join(str(problem) for problem in excinfo.value.problems)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, 0, f"policy {self.path.name}"


class LockItem(pytest.Item):
    """The check of the lock beside a policy (`syncaug lock`); what differs is what failed."""

    def runtest(self) -> None:
        from syncaug.cli.lock import checked, told
        from syncaug.errors import SyncaugError

        policy, lock = str(self.path), Path(f"{self.path}.lock")
        try:
            result = checked(policy, lock)
        except SyncaugError as error:  # what it says is all that helps: no lines of ours
            pytest.fail(str(error), pytrace=False)
        if not result["same"]:
            pytest.fail("\n".join(told(policy, lock, result)), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, 0, f"lock of {self.path.name}"
