"""Image and caption: two small towers, trained from scratch by InfoNCE on pairs that stay true.

    python examples/training/image_caption.py --out run [--epochs 20 --resume]

A mirror trades left and right in the caption, a turn of hues its colour words; a pair that a check
has passed barely counts less. The severity rises while the photos are found no better than before.
"""

from __future__ import annotations

import argparse
import os
import re
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, RandomSampler

from syncaug import load_policy
from syncaug.datasets import coco
from syncaug.loaders.torch import AugmentedDataset
from syncaug.schedules import ByScore
from syncaug.training import losses
from syncaug.training.layout import layout_of
from syncaug.training.weights import weights_of

PHOTOS = Path(__file__).parents[1] / "data" / "pets"
WORDS, WIDTH, SIDE = 4096, 32, 48
POLICY = f"""
syncaug: 1
sample:
  image: image
  caption: {{modality: text, describes: image, choose: one}}
draw: {{turn: {{choice: [-120, -60, 0, 60, 120]}}}}
steps:
  - {{name: mirror, uses: flip, p: 0.5}}
  - {{name: window, uses: crop, with: {{area: [0.7, 1.0], resize: [{SIDE}, {SIDE}]}}}}
  - {{name: paint, uses: colour, with: {{hue: {{from: turn}}}}, p: {{from: severity}}}}
  - {{name: grain, uses: noise, with: {{severity: {{from: severity}}, image: gaussian}}}}
checks: [{{visible_share: {{min_content: 0.8}}}}, {{colour_words: {{tolerance: 30}}}}]
on_fail: {{retry: 3, then: neutral}}
"""


class Towers(nn.Module):
    """A picture and a caption, each to one vector."""

    def __init__(self) -> None:
        super().__init__()
        sizes = [3, 16, 32, 64]
        convs = [nn.Conv2d(a, b, 3, 2, 1) for a, b in pairwise(sizes)]
        layers = [layer for conv in convs for layer in (conv, nn.ReLU())]
        self.image = nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(WIDTH))
        self.caption = nn.EmbeddingBag(WORDS, WIDTH)
        self.image(torch.zeros(1, 3, SIDE, SIDE))  # the lazy layer learns its size

    def forward(self, images: Tensor, captions: Sequence[str]) -> tuple[Tensor, Tensor]:
        seen = self.image(images.permute(0, 3, 1, 2) / 127.5 - 1.0)
        return seen, torch.cat([self.caption(torch.tensor([tokens(one)])) for one in captions])


def tokens(caption: str) -> list[int]:
    """Numbers of the words, and of each word with the next, so that sides go with their nouns."""
    words = re.findall(r"\w+", caption.lower())
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    return [zlib.crc32(text.encode()) % WORDS for text in (*words, *pairs)]


def read(copies: int) -> list[dict[str, Any]]:
    """The bundled photos with five captions each, repeated; each copy has a key of its own."""
    photos = [
        {"image": np.asarray(one["image"]), "caption": one["captions"], "id": f"pets/{number}"}
        for number, one in enumerate(coco.samples(PHOTOS))
    ]
    return [{**one, "id": f"{one['id']}/{n}"} for n, one in enumerate(photos * copies)]


def compared(model: nn.ModuleDict, batch: dict[str, Any]) -> tuple[Tensor, float]:
    """InfoNCE without false negatives, weighted by the records, and the share found again."""
    photos = [key.rpartition("/")[0] for key in batch["id"]]  # copies are of one photo
    seen, said = model["towers"](batch["image"], batch["caption"])
    layout, weights = layout_of(photos, batch["caption"]), weights_of(batch["record"])
    alike = {"groups": layout.groups, "exclude": layout.exclude}  # of which none is a negative
    loss: Tensor = model["loss"](seen, said, **alike, weights=weights)
    nearest = (nn.functional.normalize(seen) @ said.T).argmax(dim=0).tolist()
    right = [photos[n] == photo for n, photo in zip(nearest, photos, strict=True)]
    return loss, sum(right) / len(right)


def main(arguments: Sequence[str] | None = None) -> list[float]:
    """Train, and return the clean loss after each epoch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("epochs", 10), ("copies", 16), ("workers", 0), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--out", type=Path, default=Path("run"))
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args(arguments)
    for name, least in (("epochs", 1), ("copies", 1), ("workers", 0), ("seed", 0)):
        if not least <= (came := getattr(given, name)) < 2**63:
            parser.error(f"--{name}: expected a whole number from {least} on; got {came}")
    torch.manual_seed(given.seed)
    level = ByScore(0.1, 0.9, step=0.2)
    policy = load_policy(POLICY, seed=given.seed).with_severity(level)
    data = AugmentedDataset(read(given.copies), policy, key="id", records="record")
    order = RandomSampler(data, generator=torch.Generator())
    how = {"collate_fn": data.collate, "num_workers": given.workers, "drop_last": True}
    loader = DataLoader(data, min(8, len(data)), sampler=order, **how)
    clean = AugmentedDataset(read(8), policy.with_severity(0.0), key="id", records="record")
    model = nn.ModuleDict({"towers": Towers(), "loss": losses.InfoNCE(0.1, learnable=True)})
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    parts: dict[str, Any] = {"model": model, "optimizer": optimizer, "data": data}
    found, last, fresh = [], given.out / "last.pt", given.out / "last.part"
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        if given.resume:
            state = torch.load(last, weights_only=True)
            for name, part in parts.items():
                part.load_state_dict(state[name])
            found = state["found"]
    except Exception as error:  # torch raises what archives and pickle do
        parser.error(f"--out {given.out}: expected a folder, with last.pt to --resume; {error}")
    for epoch in range(len(found), given.epochs):
        data.set_epoch(epoch)
        order.generator.manual_seed(given.seed + 1000 * epoch)  # an order without a state to keep
        for batch in loader:
            loss = compared(model, batch)[0]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            loss, share = compared(model, data.collate([clean[n] for n in range(len(clean))]))
        found.append(float(loss))
        print(f"epoch {epoch}: severity {level.at(epoch):.1f}, loss {loss:.3f}, found {share:.0%}")
        level.told(epoch, share)
        torch.save({"found": found, **{n: part.state_dict() for n, part in parts.items()}}, fresh)
        os.replace(fresh, last)  # whole, or not at all
    return found


if __name__ == "__main__":
    main()
