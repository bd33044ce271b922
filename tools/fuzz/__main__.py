"""Fuzz one kind of input, or all of them.

    python -m tools.fuzz policies --seed 1 --count 100000

Each kind is a module of this folder with `run(seed, count, processes) -> Tally`. The inputs are the
same for the same seed, however many processes share them.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

from tools.fuzz.outcomes import tell

COUNTS = {"policies": 100_000, "records": 20_000, "manifests": 2_000, "media": 500}
"""How many inputs of each kind are tried where nothing else is said."""


def main() -> int:
    """Run the kinds that are named; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).parent
    known = [kind for kind in COUNTS if (here / f"{kind}.py").exists()]
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(known)}; or all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=None)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    given = parser.parse_args()
    unknown = [kind for kind in given.kinds if kind not in known]
    if unknown:
        parser.error(f"expected one of {', '.join(known)}; got {unknown[0]}")
    code = 0
    for kind in given.kinds or known:
        module = importlib.import_module(f"tools.fuzz.{kind}")
        count = COUNTS[kind] if given.count is None else given.count
        code |= tell(kind, module.run(given.seed, count, given.processes))
    return code


if __name__ == "__main__":
    sys.exit(main())
