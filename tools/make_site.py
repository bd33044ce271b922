"""The site of the documentation: `make site` writes build/site, which needs no network.

MkDocs Material builds it from README, CHANGELOG and docs/. Links between them become links of the
site; links to files that are no pages, such as tests, become the names of these files. A link that
leads nowhere is an error.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.package_metadata import FENCE, LINK

ROOT = Path(__file__).resolve().parent.parent
_TOP = {"README.md": "index.md", "CHANGELOG.md": "CHANGELOG.md"}


def gather(pages: Path) -> None:
    """Write all pages and pictures below `pages`, with links that hold there."""
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(ROOT / "docs", pages)
    for name, page in _TOP.items():
        shutil.copy(ROOT / name, pages / page)
    places = {ROOT / name: page for name, page in _TOP.items()}
    for path in (ROOT / "docs").rglob("*"):
        if path.is_file():
            places[path] = path.relative_to(ROOT / "docs").as_posix()
    for source, page in places.items():
        if source.suffix == ".md":
            target = pages / page
            target.write_text(_mended(source, page, places), encoding="utf-8")


def _mended(source: Path, page: str, places: Mapping[Path, str]) -> str:
    text = source.read_text(encoding="utf-8")
    parts = FENCE.split(text)
    # Code stands between fences: of the parts, which alternate with the fences, every other one.
    for index in range(0, len(parts), 4):
        parts[index] = LINK.sub(lambda match: _link(match, source, page, places), parts[index])
    return "".join(parts)


def _link(match: re.Match[str], source: Path, page: str, places: Mapping[Path, str]) -> str:
    mark, words, address = match.groups()
    path, hash_, anchor = address.partition("#")
    if not path or re.match(r"[a-z]+:", path):
        return match[0]
    meant = (source.parent / path).resolve()
    if not meant.exists():
        raise SystemExit(f"{source.relative_to(ROOT)}: {address} leads nowhere")
    target = places.get(meant) or places.get(meant / "README.md")
    if target is None:
        return (
            words
            if mark
            else f"{words} (`{meant.relative_to(ROOT).as_posix()}`)"
            if words.strip("`") != meant.name
            else words
        )
    depth = page.count("/")
    return f"{mark}[{words}]({'../' * depth}{target}{hash_}{anchor})"


def settings(pages: Path, site: Path) -> dict[str, Any]:
    """The settings of mkdocs.yml with the pages of each transform and modality."""
    data: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    data |= {"docs_dir": str(pages), "site_dir": str(site)}
    for section in data["nav"]:
        ((name, inner),) = section.items()
        if inner in ("TRANSFORMS", "MODALITIES"):
            folder = name.lower()
            names = sorted(path.name for path in (ROOT / "docs" / folder).glob("*.md"))
            names.remove("README.md")
            section[name] = [
                {"All": f"{folder}/README.md"},
                *({page.removesuffix(".md"): f"{folder}/{page}"} for page in names),
            ]
    return data


def build(pages: Path, site: Path) -> None:
    """Build the site. Raises an error of MkDocs where a page or a link is missing."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    gather(pages)
    config_file = pages.parent / "mkdocs.yml"
    config_file.write_text(yaml.safe_dump(settings(pages, site), sort_keys=False))
    build_site(load_config(str(config_file), strict=True))


def main() -> None:
    """Build the site in build/."""
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    build(folder / "site-pages", folder / "site")
    print(f"site: {(folder / 'site' / 'index.html').as_uri()}")


if __name__ == "__main__":
    sys.exit(main())
