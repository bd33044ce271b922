"""Reading a policy imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

POLICY = Path(__file__).parents[2] / "policies" / "pets.yaml"
UNWANTED = {"numpy", "jsonschema", "click", "rich", "typer", "omegaconf", "cv2", "torch"}


def test_reading_and_parsing_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from syncaug.policy.model import parse\n"
        "from syncaug.policy.source import read\n"
        f"policy, problems = parse(read({str(POLICY)!r}))\n"
        "assert policy and not problems\n"
        f"heavy = {UNWANTED!r} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
