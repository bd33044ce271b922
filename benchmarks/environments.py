"""What the benchmarks install for themselves, below build/: no dependency of syncaug.

AlbumentationsX has albumentations' import name and another licence, so it lives in an environment
of its own and takes its turns in a process of its own; PyTorch, which it needs, is that of the
environment that measures. The other peers (extra `bench`) are put into a folder at the end of the
path, without what they would bring along: torch and numpy stay those that are there.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import distributions, version
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.report import ROOT, Report, Run
from benchmarks.worker import Worker

__all__ = ["albumentationsx", "peers", "stand_in_for_torchaudio"]

BUILD = ROOT / "build"
_PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install")
_PINNED = ("--constraint", str(ROOT / "constraints.txt"))


def albumentationsx(
    run: Run, report: Report, what: str, *arguments: Any
) -> AbstractContextManager[Worker | None]:
    """A worker with contestants of `albumentationsx_side`; its environment is made at first.

    None, with a note in the report, where it cannot be installed or may not.
    """
    folder = BUILD / "albumentationsx-venv"
    python = folder / "bin" / "python"
    # Its albucore is not the one that albumentations needs: only what both call is the same.
    shared = (f"{name}=={version(name)}" for name in ("opencv-python-headless", "numpy"))
    venv = (sys.executable, "-m", "venv", str(folder))
    reason = _made(folder, run, venv, (str(python), *_PIP, "albumentationsx==2.5.*", *shared))
    if reason:
        report.notes.append(f"AlbumentationsX is not measured: {reason}")
        return nullcontext()
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "zz_torch.pth").write_text(_site_packages() + "\n", encoding="utf-8")
    worker = Worker(f"benchmarks.albumentationsx_side:{what}", *arguments, python=python)
    report.versions.update(worker.about)
    return worker


def peers(run: Run, report: Report) -> None:
    """Put the peers at the end of the path, installed at first, and their versions on the report.

    A note in the report where they cannot be installed or may not.
    """
    folder = BUILD / "peers"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = settings["project"]["optional-dependencies"]["bench"]
    pip = (sys.executable, *_PIP, "--no-deps", "--target", str(folder), *_PINNED, *wanted)
    reason = _made(folder, run, pip)
    if reason:
        report.notes.append(f"kornia, MONAI and torch-audiomentations are not measured: {reason}")
        return
    sys.path.append(str(folder))
    installed = distributions(path=[str(folder)])
    report.versions.update({each.name: each.version for each in installed})


def _made(folder: Path, run: Run, *commands: tuple[str, ...]) -> str:
    """Make a folder once, by commands; why it cannot be made, or nothing."""
    ready = folder / "ready"
    if ready.exists():
        return ""
    if not run.install:
        return "it is not installed, and --no-install says to leave it so"
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            return (errors or done.stderr.splitlines() or [f"exit status {done.returncode}"])[-1]
    ready.touch()
    return ""


def stand_in_for_torchaudio() -> None:
    """Let torch-audiomentations be imported where the registry's torchaudio cannot be loaded.

    It reads files and shifts pitches with it, but adds noise without; the wheel of the registry
    needs the libraries of a GPU. Empty modules stand in.
    """
    if importlib.util.find_spec("torchaudio") is None:
        whole, part = ModuleType("torchaudio"), ModuleType("torchaudio.transforms")
        whole.transforms = part  # type: ignore[attr-defined]
        sys.modules.update({"torchaudio": whole, "torchaudio.transforms": part})


def _site_packages() -> str:
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        raise RuntimeError("AlbumentationsX needs PyTorch: install the extra `torch`")
    return str(Path(spec.origin).parent.parent)
