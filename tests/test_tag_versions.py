"""Versions are tagged where the package became them, once, and never elsewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from syncaug.version import __version__
from tools.tag_versions import Release, UntaggableError, releases, tag

ROOT = Path(__file__).resolve().parent.parent


class Repository:
    """A repository of two files, whose commits are numbered."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "syncaug").mkdir()
        self.git("init", "-q")
        for name in ("user.name", "user.email"):
            self.git("config", name, "nobody@git.example")
        self.git("config", "tag.gpgSign", "false")
        self.git("config", "commit.gpgSign", "false")

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, version: str, *headings: str) -> str:
        """A commit with that version, and a changelog with these headings, the newest first."""
        parts = [f"## [{each}]\n\n- What {each} brings.\n" for each in headings]
        (self.path / "CHANGELOG.md").write_text("\n".join(["# Changelog\n", *parts]), "utf-8")
        text = f'"""The version."""\n\n__version__ = "{version}"\n'
        (self.path / "syncaug" / "version.py").write_text(text, "utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Another")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_each_version_is_tagged_where_it_was_released(repository: Repository) -> None:
    repository.commit("0.1.0", "Unreleased")
    first = repository.commit("0.1.0", "Unreleased", "0.1.0")
    repository.commit("0.1.0", "Unreleased", "0.1.0")
    repository.commit("0.2.0", "Unreleased", "0.1.0")
    second = repository.commit("0.2.0", "Unreleased", "0.2.0", "0.1.0")
    repository.commit("0.2.0", "Unreleased", "0.2.0", "0.1.0")
    found = releases(repository.path)
    assert [(each.tag, each.commit) for each in found] == [("v0.1.0", first), ("v0.2.0", second)]
    assert [tag(repository.path, each) for each in found] == [True, True]
    assert repository.git("rev-parse", "v0.2.0^{commit}") == second
    assert repository.git("cat-file", "-t", "v0.1.0") == "tag"
    assert repository.git("tag", "-l", "--format=%(contents)", "v0.1.0") == (
        "syncaug 0.1.0\n\n- What 0.1.0 brings."
    )
    assert [tag(repository.path, each) for each in found] == [False, False]


def test_a_tag_is_never_moved(repository: Repository) -> None:
    first = repository.commit("0.1.0", "0.1.0")
    other = repository.commit("0.1.0", "Unreleased", "0.1.0")
    repository.git("tag", "v0.1.0", other)
    with pytest.raises(UntaggableError, match=rf"v0.1.0: expected at {first[:10]}, .*{other[:10]}"):
        tag(repository.path, releases(repository.path)[0])
    assert repository.git("rev-parse", "v0.1.0") == other


def test_a_version_without_a_commit_is_told(repository: Repository) -> None:
    repository.commit("0.1.0", "0.3.0", "0.1.0")
    with pytest.raises(UntaggableError, match=r"0\.3\.0: expected a commit in which .*got none"):
        releases(repository.path)


def test_this_version_is_the_newest_of_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(\d[^\]]*)\]", text, re.MULTILINE)[0] == __version__
    assert Release("1.2.3", "", "").tag == "v1.2.3"
