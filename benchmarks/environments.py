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
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.report import ROOT, Run
from benchmarks.worker import Worker

__all__ = ["albumentationsx", "peers", "stand_in_for_torchaudio"]

BUILD = ROOT / "build"
_PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install")


def albumentationsx(run: Run, what: str, *arguments: Any) -> AbstractContextManager[Worker | None]:
    """A worker with contestants of `albumentationsx_side`, or None where it may not be installed.

    Its environment is made at first.
    """
    python = _albumentationsx_python(run.install)
    if python is None:
        return nullcontext()
    return Worker(f"benchmarks.albumentationsx_side:{what}", *arguments, python=python)


def _albumentationsx_python(install: bool) -> Path | None:
    folder = BUILD / "albumentationsx-venv"
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.exists():
        if not install:
            return None
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pinned = ("--constraint", str(ROOT / "constraints.txt"))
        wanted = ("albumentationsx==2.5.*", "opencv-python-headless", "numpy")
        subprocess.run([str(python), *_PIP, *pinned, *wanted], check=True)
        site = next(folder.glob("lib/python*/site-packages"))
        (site / "zz_torch.pth").write_text(_site_packages() + "\n", encoding="utf-8")
        ready.touch()
    return python


def peers(run: Run) -> dict[str, str]:
    """Put the peers at the end of the path, installed at first; their versions."""
    folder = BUILD / "peers"
    if not folder.exists():
        if not run.install:
            return {}
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        wanted = settings["project"]["optional-dependencies"]["bench"]
        pinned = ("--constraint", str(ROOT / "constraints.txt"))
        command = [sys.executable, *_PIP, "--no-deps", "--target", str(folder), *pinned, *wanted]
        subprocess.run(command, check=True)
    sys.path.append(str(folder))
    return {each.name: each.version for each in distributions(path=[str(folder)])}


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
