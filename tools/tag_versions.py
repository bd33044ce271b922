"""Tag each version of the changelog at the commit in which the package became it: `make tags`.

    python -m tools.tag_versions            make the tags that are missing
    python -m tools.tag_versions --list     say what they are, and make none

A version's commit is the first in which `syncaug/version.py` holds its number and CHANGELOG.md has
its heading. Tags are annotated and named v0.1.0, with the
version's part of the changelog as their text; none is ever moved.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+[^\]]*)\].*\n((?:(?!## ).*\n?)*)", re.MULTILINE)
_VERSION = re.compile(r'^__version__ = "([^"]+)"', re.MULTILINE)


class UntaggableError(Exception):
    """A version of the changelog has no commit of its own, or a tag elsewhere."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version, what the changelog says of it, and the commit that released it."""

    version: str
    text: str
    commit: str

    @property
    def tag(self) -> str:
        """The name of its tag."""
        return f"v{self.version}"


def releases(root: Path) -> list[Release]:
    """The versions of the changelog, the oldest first, each with its commit.

    Raises UntaggableError where the history has no commit of one.
    """
    found = []
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    for version, text in reversed(_HEADING.findall(changelog)):
        found.append(Release(version, text.strip(), _commit_of(root, version)))
    return found


def tag(root: Path, release: Release) -> bool:
    """Make the tag of a release; whether it was missing.

    Raises UntaggableError where a tag of its name is at another commit.
    """
    there = _git(root, "rev-parse", "--verify", "--quiet", f"{release.tag}^{{commit}}", fails=True)
    if there:
        if there != release.commit:
            raise UntaggableError(
                f"{release.tag}: expected at {release.commit[:10]}, in which syncaug became "
                f"{release.version}; it is at {there[:10]}. Remove it if that is wrong: "
                f"git tag -d {release.tag}"
            )
        return False
    message = f"syncaug {release.version}\n\n{release.text}\n"
    _git(
        root, "tag", "--annotate", "--cleanup=verbatim", "-m", message, release.tag, release.commit
    )
    return True


def _commit_of(root: Path, version: str) -> str:
    """The first commit that has both the number and the heading of a version."""
    heading = f"^## \\[{re.escape(version)}\\]"
    both = ["CHANGELOG.md", "syncaug/version.py"]
    history = _git(root, "log", "--reverse", "--format=%H", "--", *both).split()
    for commit in history:
        number = _VERSION.search(_at(root, commit, "syncaug/version.py"))
        if number and number[1] == version:
            if re.search(heading, _at(root, commit, "CHANGELOG.md"), re.MULTILINE):
                return commit
    raise UntaggableError(
        f"{version}: expected a commit in which syncaug/version.py says it and CHANGELOG.md has "
        "its heading; got none. Set both in one commit, or fetch the whole history: "
        "git fetch --unshallow"
    )


def _at(root: Path, commit: str, path: str) -> str:
    """A file as it was; empty where it was not."""
    return _git(root, "show", f"{commit}:{path}", fails=True)


def _git(root: Path, *arguments: str, fails: bool = False) -> str:
    """What git prints; empty where it `fails` and may. Raises CalledProcessError."""
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=not fails)
    return "" if done.returncode else done.stdout.strip()


def main() -> None:
    """Make or list the tags."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--list", action="store_true", help="make none")
    only_list = parser.parse_args().list
    try:
        for release in releases(ROOT):
            made = not only_list and tag(ROOT, release)
            print(f"{release.tag} {release.commit[:10]}{' made' if made else ''}")
    except UntaggableError as error:
        sys.exit(str(error))
    if not only_list:
        print("publish them: git push --tags")


if __name__ == "__main__":
    main()
