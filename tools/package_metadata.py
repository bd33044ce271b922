"""What a built package says of its home: addresses, and a README that reads elsewhere.

The build calls `CustomMetadataHook`. The package's address is what SYNCAUG_REPOSITORY names, or the
remote `origin` of this repository. Links and pictures of the README, which lead to files
beside it, become addresses of these files under the version's tag, as PyPI needs them. Without any
address no link is made up: files are named, and pictures are left out.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hatchling.metadata.plugin.interface import MetadataHookInterface

__all__ = ["FENCE", "LINK", "REPOSITORY", "CustomMetadataHook", "readme", "repository", "urls"]

REPOSITORY = "SYNCAUG_REPOSITORY"
"""The environment variable that names the address of the repository, such as that of a web page."""

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]+)(?:\s+\"[^\"]*\")?\)")
"""A link or a picture in Markdown: its mark, its words and its address."""
FENCE = re.compile(r"^(```|~~~)", re.MULTILINE)
_PICTURE = re.compile(r"^!\[[^\]]*\]\((?![a-z]+:)[^()]*\)\n+", re.MULTILINE)
_HOST_AND_PATH = re.compile(r"(?:ssh://)?[\w.-]+@(?P<host>[\w.-]+)(?::\d+/|[:/])(?P<path>[^:]+)")
"""git@host:team/name.git, as ssh takes it."""


class CustomMetadataHook(MetadataHookInterface):
    """Fills in `urls` and `readme`, unless an sdist says them already."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the fields to `metadata`, whose version is known."""
        root = Path(self.root)
        address, tag = repository(root), f"v{metadata['version']}"
        metadata.setdefault("urls", urls(address, tag))
        text = (root / "README.md").read_text(encoding="utf-8")
        content = {"content-type": "text/markdown", "text": readme(text, address, tag)}
        metadata.setdefault("readme", content)


def repository(root: Path) -> str:
    """The address of the repository's page, without names and passwords; empty where none is known.

    Raises ValueError where SYNCAUG_REPOSITORY names none.
    """
    named = os.environ.get(REPOSITORY, "").strip()
    found = _page(named or _origin(root))
    if named and not found:
        raise ValueError(f"{REPOSITORY}: expected https://HOST/OWNER/NAME; got {named!r}")
    return found


def urls(address: str, tag: str) -> dict[str, str]:
    """What package indexes link to, by its usual label; nothing without an address."""
    if not address:
        return {}
    return {
        "Homepage": address,
        "Documentation": f"{address}/tree/{tag}/docs",
        "Source": f"{address}/tree/{tag}",
        "Changelog": f"{address}/blob/{tag}/CHANGELOG.md",
        "Issues": f"{address}/issues",
    }


def readme(text: str, address: str, tag: str) -> str:
    """The README with whole addresses; code stays as it is."""
    if not address:
        text = _PICTURE.sub("", text)
    parts = FENCE.split(text)
    # Code stands between fences: of the parts, which alternate with the fences, every other one.
    for index in range(0, len(parts), 4):
        parts[index] = LINK.sub(lambda match: _whole(match, address, tag), parts[index])
    return "".join(parts)


def _whole(match: re.Match[str], address: str, tag: str) -> str:
    mark, words, target = match.groups()
    if re.match(r"[a-z]+:", target):
        return match[0]
    target = f"README.md{target}" if target.startswith("#") else target
    if address:
        return f"{mark}[{words}]({address}/{'raw' if mark else 'blob'}/{tag}/{target})"
    path = target.partition("#")[0]
    return words if path in words or path == "README.md" else f"{words} (`{path}`)"


def _page(remote: str) -> str:
    """The web page of a git remote; empty where it has none, such as a folder."""
    ssh = _HOST_AND_PATH.fullmatch(remote)
    if ssh and "://" not in remote.removeprefix("ssh://"):
        host, path = ssh["host"], ssh["path"]
    else:
        parts = urlsplit(remote)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        host, path = parts.hostname + (f":{parts.port}" if parts.port else ""), parts.path
    path = path.strip("/").removesuffix(".git")
    return f"https://{host}/{path}" if path else ""


def _origin(root: Path) -> str:
    """The remote `origin` of the repository at `root`, not of one that `root` lies in."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != root.resolve():
        return ""
    return _git(root, "remote", "get-url", "origin")


def _git(root: Path, *arguments: str) -> str:
    try:
        command = ["git", "-C", str(root), *arguments]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    except OSError:  # there is no git
        return ""
    return "" if done.returncode else done.stdout.strip()
