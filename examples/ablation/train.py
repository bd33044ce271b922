"""Trains the small two-tower model under one policy and one seed, and measures it.

    python -m examples.ablation.train --policy POLICY --seed 0 --out out/one

writes `metrics.json`, a flat object of numbers, as `syncaug ablate` expects it. What is not given
is read from SYNCAUG_POLICY, SYNCAUG_SEED and SYNCAUG_OUT.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")

import torch
from torch.nn.functional import cross_entropy, normalize
from torch.utils.data import DataLoader, Dataset

from examples.ablation.arguments import positive, whole
from examples.ablation.measures import of_recordings, of_scenes
from examples.ablation.scenes import ANSWERS, QUESTIONS, Scenes
from examples.ablation.towers import Towers, beep_track, plain, tokens_of
from syncaug import load_policy
from syncaug.errors import SyncaugError
from syncaug.loaders.torch import AugmentedDataset, collate
from syncaug.training.losses import info_nce

__all__ = ["Settings", "measured", "run", "train"]

_PAIRS = [
    (question, f"{question} {answer}")
    for asks, questions in QUESTIONS.items()
    for question in questions
    for answer in ANSWERS[asks]
]
_ANSWERED = {plain(text): number for number, (_, text) in enumerate(_PAIRS)}
"""Every question with every answer to it, and its number."""
_QUESTION = [list(dict(_PAIRS)).index(question) for question, _ in _PAIRS]
"""Which question each of them is."""


_LEAST = {"batch": 2, "test": 16}
"""Fewer cannot be told from each other, or do not show every answer."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What all arms have in common."""

    scenes: int = 128
    """Scenes to train on."""
    steps: int = 300
    batch: int = 32
    rate: float = 4e-3
    test: int = 256
    """Scenes to be measured on, and as many to fit probes on."""
    split: str = "test"
    """Scenes of which settings were chosen are `dev`, and never `test`."""


def batches(data: Dataset[Any], settings: Settings, seed: int) -> Iterator[dict[str, Any]]:
    """As many batches as there are steps, in an order that depends on the seed alone."""
    if len(data) < settings.batch:
        raise ValueError(f"scenes: expected at least a batch of {settings.batch}; got {len(data)}")
    order = torch.Generator().manual_seed(seed)
    loader = DataLoader(
        data, settings.batch, shuffle=True, drop_last=True, collate_fn=collate, generator=order
    )
    done, epoch = 0, 0
    while True:
        if isinstance(data, AugmentedDataset):
            data.set_epoch(epoch)
        for batch in loader:
            if done == settings.steps:
                return
            yield batch
            done += 1
        epoch += 1


def train(data: Dataset[Any], settings: Settings, seed: int) -> Towers:
    """The model after all steps."""
    torch.manual_seed(seed)
    model = Towers()
    optimizer = torch.optim.AdamW(model.parameters(), settings.rate, weight_decay=1e-2)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, settings.steps)
    for batch in batches(data, settings, seed):
        loss = _loss(model, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        rates.step()
    return model.eval()


def _loss(model: Towers, batch: dict[str, Any]) -> torch.Tensor:
    films, moments = model.see(batch["film"])
    heard, cued = model.hear(batch["sound"]), model.cue(beep_track(batch["beeps"]))
    captions, answered = zip(*batch["words"], strict=True)
    return (
        _told(films, model, captions)
        + _answered(films, model, answered)
        + info_nce(moments, heard, temperature=0.1)
        + info_nce(cued, heard, temperature=0.1)
    )


def _told(films: torch.Tensor, model: Towers, texts: Sequence[str]) -> torch.Tensor:
    """Films against texts; two that have the same text are no negatives of each other."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    same = [numbers[text] for text in texts]
    return info_nce(films, model.read(tokens_of(texts)), temperature=0.1, exclude=same)


def _answered(films: torch.Tensor, model: Towers, answered: Sequence[str]) -> torch.Tensor:
    """Cross entropy of the answer among all answers to its question."""
    told = normalize(model.read(tokens_of(list(_ANSWERED))), dim=1)
    scores = normalize(films, dim=1) @ told.T / 0.1
    right = torch.tensor([_ANSWERED[plain(text)] for text in answered])
    question = torch.tensor(_QUESTION)
    scores = scores.masked_fill(question != question[right][:, None], -torch.inf)
    return cross_entropy(scores, right)


def measured(model: Towers, settings: Settings, seed: int) -> dict[str, float]:
    """What the model knows of scenes of the split that settings name."""
    test, probe = (Scenes(settings.split + part, seed, settings.test) for part in ("", " probe"))
    return of_scenes(model, test, probe)


def run(policy: str | Path, seed: int, settings: Settings) -> dict[str, float]:
    """Train and measure: the same scenes, batches, steps and first weights under every policy."""
    torch.set_num_threads(1)
    scenes: Any = Scenes("train", seed, settings.scenes)
    data = AugmentedDataset(scenes, load_policy(policy, seed=seed), key="key")
    model = train(data, settings, seed)
    found = measured(model, settings, seed)
    return found if settings.split == "dev" else {**found, **of_recordings(model)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given = os.environ.get
    parser.add_argument("--policy", default=given("SYNCAUG_POLICY"), help="the policy of the arm")
    parser.add_argument("--seed", type=whole(0), default=given("SYNCAUG_SEED"))
    parser.add_argument("--out", type=Path, default=given("SYNCAUG_OUT"), help="a folder")
    for name, value in asdict(Settings()).items():
        among = ("dev", "test") if name == "split" else None
        kind = {str: str, float: positive, int: whole(_LEAST.get(name, 1))}[type(value)]
        parser.add_argument(f"--{name}", type=kind, default=value, choices=among)
    asked = vars(parser.parse_args())
    policy, seed, out = (asked.pop(name) for name in ("policy", "seed", "out"))
    for name, value in (("policy", policy), ("seed", seed), ("out", out)):
        if value is None:
            parser.error(f"--{name} is missing, and SYNCAUG_{name.upper()} is not set")
    begun, folder = time.perf_counter(), Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = run(policy, int(seed), Settings(**asked))
    except (SyncaugError, ValueError, OSError) as error:
        raise SystemExit(f"{error}") from error
    text = json.dumps(found, indent=1) + "\n"
    (folder / "metrics.json").write_text(text, encoding="utf-8", newline="\n")
    print(
        f"{time.perf_counter() - begun:.0f} s",
        json.dumps({k: round(v, 3) for k, v in found.items()}),
    )


if __name__ == "__main__":
    main()
