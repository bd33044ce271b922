"""Runs of `apply` that are killed at a moment: a driver, started by `test_resume`.

    python -m tests.cli.killed FOLDER MOMENTS [OPTION ...]

A moment is one change of the output folder, counted in the process that is then killed; a write is
torn in its middle. For each moment the folder is filled by a killed run and finished by --resume.
Prints JSON: the digest of the clean tree, and of each resumed one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import cv2

from syncaug.cli import cli

_CHANGES = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate")


def tree_digest(folder: Path) -> str:
    """One digest of the names and bytes of everything in a folder."""
    state = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else b"folder"
        state.update(f"{path.relative_to(folder)}:{len(content)}:".encode() + content)
    return state.hexdigest()


def in_child(work: Callable[[], Any]) -> int:
    """Do something in a fork of this process; its exit code, or minus the signal that ended it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 70
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        code = work() or 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        os._exit(code)


def apply(*arguments: object) -> int:
    """A run of the command in this process."""
    code = cli.main(["apply", *map(str, arguments)], standalone_mode=False)
    return code if isinstance(code, int) else 0


def killed_at(moment: int, out: Path, *arguments: object) -> int:
    """A run that is killed at its change number `moment` of the folder; how many came, if fewer."""
    count = 0

    def step() -> bool:
        nonlocal count
        count += 1
        return count == moment

    def hook(event: str, values: tuple[Any, ...]) -> None:
        written = event == "open" and isinstance(values[2], int) and values[2] & os.O_CREAT
        if (event in _CHANGES or written) and str(out) in str(values[0]) and step():
            os.kill(os.getpid(), signal.SIGKILL)

    write = os.write

    def torn(file: int, data: Any) -> int:
        if step():
            write(file, bytes(data)[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return write(file, data)

    sys.addaudithook(hook)
    os.write = torn
    code = apply(*arguments)
    Path(f"{out}.count").write_text(str(count))
    return code


def main(folder: Path, moments: int, options: list[str]) -> None:
    common = [folder / "p.yaml", "--manifest", folder / "m.jsonl", "--variants", 2]
    common += ["--on-error", "skip", *options]
    cv2.setNumThreads(1)  # threads do not survive a fork
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        apply(*common, "--out", folder / "first")  # what is imported on use is imported once
    clean = folder / "clean"
    code = in_child(lambda: killed_at(-1, clean, *common, "--out", clean))
    total = int(Path(f"{clean}.count").read_text())
    results = []
    for number in range(moments):
        moment = 1 + round(number * (total - 1) / (moments - 1))
        out = folder / f"out{number}"
        killed = in_child(lambda: killed_at(moment, out, *common, "--out", out))  # noqa: B023
        left = sorted(path.name for path in out.iterdir()) if out.exists() else []
        resumed = in_child(lambda: apply(*common, "--out", out, "--resume"))  # noqa: B023
        results.append(
            {"moment": moment, "killed": killed, "left": left, "resumed": resumed,
             "digest": tree_digest(out)}
        )  # fmt: skip
    print(json.dumps({"code": code, "digest": tree_digest(clean), "total": total, "runs": results}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
