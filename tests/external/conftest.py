"""Packages that tests install: metadata and one module, in a folder of the path."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from syncaug.catalogue import external, reader
from syncaug.catalogue.checks import check_spec
from syncaug.catalogue.modalities.brought import external_spec
from syncaug.catalogue.transforms import transform

Install = Callable[..., None]

CACHED = (
    external._points,
    external.external_object,
    reader._entries,
    reader._operation,
    transform,
    check_spec,
    external_spec,
)
"""What remembers for the whole process what packages bring."""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a module of some code as a package that brings it in a group; gone after the test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    modules: list[str] = []

    def installed(group: str, module: str, code: str, name: str = "", package: str = "") -> None:
        package = package or f"syncaug-{module}"
        about = tmp_path / f"{package.replace('-', '_')}-1.0.dist-info"
        about.mkdir()
        modules.append(module)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[{group}]\n{name or module} = {module}\n")
        (tmp_path / f"{module}.py").write_text(dedent(code))
        external._points.cache_clear()

    yield installed
    for module in modules:
        sys.modules.pop(module, None)
    for known in CACHED:
        known.cache_clear()
