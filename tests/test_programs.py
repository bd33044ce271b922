"""Tests that need a program of the system are skipped without it, and fail without it under CI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.programs import CI, REMEDIES, lacking, program

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH without any program."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in REMEDIES:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv(CI, raising=False)
    return tmp_path


@pytest.mark.parametrize("name", REMEDIES)
@pytest.mark.parametrize("ask", [program, lambda name: lacking(name, "it does not load")])
def test_without_a_program_a_word_is_said(
    name: str, ask: Callable[[str], object], nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(pytest.skip.Exception, match=rf"needs {name}: .*install .*") as skipped:
        ask(name)
    assert skipped.value.allow_module_level
    monkeypatch.setenv(CI, "1")
    with pytest.raises(pytest.fail.Exception, match=rf"needs {name}: .*install .*"):
        ask(name)


def test_another_program_can_be_named(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = nowhere / "mine"
    mine.write_text("#!/bin/sh\n", encoding="utf-8")
    mine.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert program("chromium") == str(mine)
    monkeypatch.setenv("CHROMIUM", str(nowhere / "gone"))
    with pytest.raises(pytest.skip.Exception, match=r"none at .*gone"):
        program("chromium")


def test_other_names_are_looked_for(nowhere: Path) -> None:
    chrome = nowhere / "google-chrome"
    chrome.write_text("#!/bin/sh\n", encoding="utf-8")
    chrome.chmod(0o755)
    assert program("chromium") == str(chrome)


def test_ci_installs_every_program_and_lets_none_be_skipped() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"export {CI}=1" in script
    installed = script.partition("apt-get install")[2]
    for name in REMEDIES:
        assert name in installed.split("\n\n")[0].split(), name
