"""The whole ablation by one command: python -m examples.ablation --out out/ablation --jobs 2.

Writes a few scenes to files, which `syncaug ablate` draws on to compare what the arms accept, and
runs it with `examples.ablation.train`. It goes on where an earlier run of it stopped. Options that
are not known here go to `syncaug ablate`; those behind -- go to the training.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from examples.ablation.arguments import whole
from examples.ablation.scenes import Scenes
from syncaug import load_policy
from syncaug.ablate.files import FOUND
from syncaug.cli import main as syncaug
from syncaug.io.writer import ResultWriter

__all__ = ["main", "write_scenes"]

HERE = Path(__file__).resolve().parent
POLICY = HERE / "policy.yaml"


def write_scenes(folder: Path, count: int) -> Path:
    """Training scenes as they are, in files; the path of their manifest."""
    plain = load_policy(POLICY.read_text(encoding="utf-8").partition("steps:")[0] + "steps: []\n")
    streams = {stream.name: stream for stream in plain.plan.streams}
    scenes = Scenes("train", 0, count)
    with ResultWriter(folder, streams, overwrite=True) as writer:
        for sample in scenes:
            key = sample["key"]
            given = {name: sample[name] for name in streams}
            after, record = plain.apply(given, key=key)
            writer.write(key, after, record)
    return folder / "manifest.jsonl"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0], allow_abbrev=False
    )
    parser.add_argument("--out", type=Path, default=Path("out/ablation"), help="a folder")
    parser.add_argument("--scenes", type=whole(1), default=16, help="scenes in files (16)")
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    asked, others = parser.parse_known_args(arguments[:cut])
    manifest = write_scenes(asked.out / "scenes", asked.scenes)
    again = ["--resume"] if (asked.out / FOUND).exists() else []
    training = [sys.executable, "-m", "examples.ablation.train", *arguments[cut + 1 :]]
    options = ["--manifest", str(manifest), "--out", str(asked.out), *again, *others]
    sys.argv = ["syncaug", "ablate", str(POLICY), *options, "--", *training]
    syncaug()


if __name__ == "__main__":
    main(sys.argv[1:])
