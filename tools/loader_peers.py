"""`make test-peers`: loaders that do not stand beside our tests' packages, in venvs of their own.

Each peer is installed below build/loader_peers with the torch of constraints.txt, its script of
tests/peers is run in there, and the venv is removed again. The table of docs/loaders/peers.md is
written from what came out. `--keep` keeps the venvs, `--only NAME` tries one.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "loader_peers"
PAGE = ROOT / "docs" / "loaders" / "peers.md"
START, END = "<!-- tried -->", "<!-- /tried -->"
HEAD = "| peer | installed | beside | its script | note |\n|---|---|---|---|---|"
TORCH = next(
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line.startswith("torch==")
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A package, the script that tries it, what it is installed beside, and what to know of it."""

    name: str
    package: str
    script: str
    beside: tuple[str, ...]
    note: str


_OPERATORS = (
    "the wheel's compiled operators need CUDA's torch; beside the CPU's, the script declares two "
    "of them, which no transform calls"
)
PEERS = (
    Peer("torchvision", "torchvision", "torchvision_v2.py", (TORCH,), _OPERATORS),
    Peer(
        "MosaicML streaming", "mosaicml-streaming", "mosaicml_streaming.py", (TORCH,),
        "it imports torchvision: as above. It wants an older numpy",
    ),
    Peer(
        "NVIDIA DALI", "nvidia-dali-cuda130", "dali.py", (),
        "without torch; its CPU operators, on a machine without a GPU",
    ),
    Peer("Megatron-Energon", "megatron-energon", "energon.py", (TORCH,), ""),
)  # fmt: skip


def main() -> int:
    """Try the peers; 1 where one does not install or its script fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[peer.package for peer in PEERS])
    parser.add_argument("--keep", action="store_true", help="keep the venvs")
    asked = parser.parse_args()
    chosen = [peer for peer in PEERS if asked.only in (None, peer.package)]
    rows = {}
    for peer in chosen:
        print(f"{peer.name} ...", flush=True)
        rows[peer.name] = tried(peer, keep=asked.keep)
        print(rows[peer.name], flush=True)
    write(rows)
    return int(any("| passes |" not in row for row in rows.values()))


def tried(peer: Peer, *, keep: bool) -> str:
    """The row of a peer."""
    folder = BUILD / peer.package
    python = folder / "bin" / "python"
    wanted = (*peer.beside, peer.package, "opencv-python-headless", "--editable", str(ROOT))
    pip = (str(python), "-m", "pip", "--quiet", "--no-input", "install", *wanted)
    try:
        for command in ((sys.executable, "-m", "venv", str(folder)), pip):
            reason = failure(command)
            if reason:
                return f"| {peer.name} | no | {beside(peer)} | not run | {reason} |"
        found = version_of(python, peer.package)
        reason = failure((str(python), str(ROOT / "tests" / "peers" / peer.script)))
        outcome = "passes" if not reason else "fails"
        return f"| {peer.name} | {found} | {beside(peer)} | {outcome} | {reason or peer.note} |"
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def beside(peer: Peer) -> str:
    """What a peer is installed beside, in words."""
    return ", ".join(part.replace("==", " ") for part in peer.beside) or "no torch"


def failure(command: tuple[str, ...]) -> str:
    """Why a command failed, in a line; nothing where it did not."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    except subprocess.TimeoutExpired:
        return "it took more than 20 minutes"
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("ERROR")] or lines or ["no message"]
    return told[-1].replace("|", "/")[:200]


def version_of(python: Path, package: str) -> str:
    """The version of a package in an environment."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def write(rows: dict[str, str]) -> None:
    """Put rows into the page's table, in the order of the peers; others stay as they are."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(START)
    table, after = rest.split(END)
    known = {line.split(" | ")[0][2:]: line for line in re.findall(r"^\| .*\|$", table, re.M)}
    lines = [{**known, **rows}[peer.name] for peer in PEERS if peer.name in {**known, **rows}]
    PAGE.write_text("\n".join([before + START, HEAD, *lines, END + after]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
