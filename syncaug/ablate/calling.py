"""`python -m syncaug.ablate.calling MODULE:FUNCTION POLICY SEED OUT`: a function as one run.

The function gets the loaded policy, the seed and the folder, and returns its metrics.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from syncaug.ablate.trainers import METRICS, RunFailed, checked
from syncaug.io.atomic import write_bytes
from syncaug.loading import load_policy

__all__ = ["main"]

_NOT_FOUND = 127


def main(function: str, policy: str, seed: str, out: str) -> None:
    """Call the function and write what it returns. Raises what it raises; SystemExit, with 127
    where there is no such function.
    """
    module, name = function.split(":")
    sys.path.insert(0, os.getcwd())
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        _refuse(f"--call {function}: expected a module and a function of it; {error}")
    if not callable(found):
        _refuse(f"--call {function}: expected a function; got {type(found).__name__}")
    given = found(load_policy(policy), int(seed), Path(out))
    try:
        metrics = checked(given, f"what {function} returned")
    except RunFailed as error:
        raise SystemExit(str(error)) from error
    write_bytes(Path(out) / METRICS, json.dumps(metrics).encode())


def _refuse(text: str) -> NoReturn:
    """End as a shell does that finds no such command."""
    sys.stderr.write(f"{text}\n")
    raise SystemExit(_NOT_FOUND)


if __name__ == "__main__":
    main(*sys.argv[1:])
