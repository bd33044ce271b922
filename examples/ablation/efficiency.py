"""Data efficiency: variants of few scenes against as many fresh scenes.

    python -m examples.ablation.efficiency --out out/efficiency --seeds 5 --jobs 2

trains on 1, 4, 16 and 64 variants of few scenes, and on the same number of scenes of their own, in
the same number of steps. It goes on where it stopped, and writes `efficiency.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from torch.utils.data import Dataset

from examples.ablation.arguments import whole
from examples.ablation.scenes import Scenes
from examples.ablation.train import Settings, measured, train
from syncaug import load_policy
from syncaug.ablate.statistics import paired
from syncaug.loaders.torch import AugmentedDataset
from syncaug.stress.breaking import band

__all__ = ["VARIANTS", "WAYS", "Variants", "main", "one", "summary"]

POLICY = Path(__file__).resolve().parent / "policy.yaml"
VARIANTS = (1, 4, 16, 64)
WAYS = ("variants", "fresh")
FEW = 64
"""Scenes of which variants are made."""


class Variants(Dataset[Any]):
    """So many variants of each scene of `scenes`: variant v is what the policy gives in epoch v."""

    def __init__(self, scenes: Any, count: int, seed: int) -> None:
        policy = load_policy(POLICY, seed=seed)
        self._data, self._count = AugmentedDataset(scenes, policy, key="key"), count

    def __len__(self) -> int:
        return len(self._data) * self._count

    def __getitem__(self, index: int) -> Any:
        variant, scene = divmod(index, len(self._data))
        return self._data[variant, scene]


def one(way: str, variants: int, seed: int, few: int, settings: Settings) -> dict[str, Any]:
    """One run: how it was made, what it measured, and how long it took."""
    torch.set_num_threads(1)
    begun = time.perf_counter()
    data: Any = Scenes("train", seed, few if way == "variants" else few * variants)
    if way == "variants":
        data = Variants(data, variants, seed)
    metrics = measured(train(data, settings, seed), settings, seed)
    seconds = round(time.perf_counter() - begun, 1)
    return {"way": way, "variants": variants, "seed": seed, "metrics": metrics, "seconds": seconds}


def summary(runs: list[dict[str, Any]], few: int) -> dict[str, Any]:
    """Means with 95 % bootstrap intervals, and variants less fresh scenes under the same seed."""
    values: dict[tuple[str, str, int], dict[int, float]] = {}
    for run in runs:
        for name, value in run["metrics"].items():
            place = (name, run["way"], run["variants"])
            values.setdefault(place, {})[run["seed"]] = value
    means = [
        {
            "metric": name,
            "way": way,
            "variants": count,
            **band([found[seed] for seed in sorted(found)], seed=0).as_json(),
        }
        for (name, way, count), found in values.items()
    ]
    differences = []
    for (name, way, count), ours in values.items():
        theirs = values.get((name, "fresh", count), {})
        seeds = sorted(set(ours) & set(theirs))
        if way == "variants" and seeds:
            told = paired(seeds, [ours[s] for s in seeds], [theirs[s] for s in seeds])
            differences.append({"metric": name, "variants": count, **told.as_json()})
    return {"few": few, "means": means, "differences": differences, "runs": runs}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("out/efficiency"), help="a folder")
    parser.add_argument("--seeds", type=whole(1), default=5)
    parser.add_argument("--jobs", type=whole(1), default=2, help="runs side by side")
    parser.add_argument("--few", type=whole(1), default=FEW, help="scenes that get variants")
    parser.add_argument("--steps", type=whole(1), default=Settings().steps)
    parser.add_argument("--test", type=whole(16), default=Settings().test, help="scenes to test on")
    asked = parser.parse_args(arguments)
    settings = replace(Settings(), steps=asked.steps, test=asked.test)
    asked.out.mkdir(parents=True, exist_ok=True)
    log = asked.out / f"runs-{asked.few}-{asked.steps}-{asked.test}.jsonl"
    runs = [json.loads(line) for line in _lines(log)]
    done = {(run["way"], run["variants"], run["seed"]) for run in runs}
    wanted = [(way, n, seed) for seed in range(asked.seeds) for n in VARIANTS for way in WAYS]
    with (
        ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool,
        log.open("a", encoding="utf-8", newline="\n") as file,
    ):
        waiting = [
            pool.submit(one, *which, asked.few, settings) for which in wanted if which not in done
        ]
        for future in as_completed(waiting):
            runs.append(future.result())
            print(json.dumps(runs[-1]), file=file, flush=True)
            print(f"{len(runs)} of {len(wanted)} runs", flush=True)
    text = json.dumps(summary(runs, asked.few), indent=1) + "\n"
    (asked.out / "efficiency.json").write_text(text, encoding="utf-8", newline="\n")


def _lines(log: Path) -> list[str]:
    """Whole lines: one that a kill has cut off is made again."""
    if not log.exists():
        return []
    text = log.read_text(encoding="utf-8")
    kept = text[: text.rfind("\n") + 1]
    if kept != text:
        log.write_text(kept, encoding="utf-8", newline="\n")
    return kept.splitlines()


if __name__ == "__main__":
    main()
