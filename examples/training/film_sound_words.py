"""Film, sound and subtitles: excerpts of one time for all three; towers that may lack a sense.

    python examples/training/film_sound_words.py --out run [--epochs 20 --resume]

One draw cuts the same seconds out of all three; where it drops a sense, the model has a token.
"""

from __future__ import annotations

import argparse
import os
import re
import zlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, RandomSampler

from syncaug import load_policy
from syncaug.io import load_sample, read_manifest
from syncaug.loaders.torch import AugmentedDataset
from syncaug.schedules import linear
from syncaug.training import losses
from syncaug.training.dropout import ModalityDropout, dropped_of
from syncaug.training.layout import layout_of
from syncaug.training.weights import weights_of

FILMS = Path(__file__).parents[1] / "data" / "talking_video.jsonl"
WORDS, WIDTH, EVERY, SENSES = 2048, 32, 5, ("video", "speech")
POLICY = """
syncaug: 1
sample:
  video: {modality: video, clock: film}
  speech: {modality: audio, clock: film}
  subtitles: {modality: timed_text, clock: film}
steps:
  - {name: tempo, uses: speed, with: {factor: [0.9, 1.1]}, p: 0.5}
  - {name: excerpt, uses: trim, with: {duration: 2.0}}
  - {name: window, uses: crop, with: {area: [0.8, 1.0], resize: [36, 64]}}
  - {name: room, uses: noise, with: {severity: 0.3, video: gaussian, speech: pink}, p: 0.5}
  - {name: lost, uses: drop_modality, p: {from: progress}, with: {streams: [video, speech]}}
checks: [same_duration: {tolerance: 0.04}, cues_in_range: {}]
on_fail: {retry: 3, then: error}
"""


class Towers(nn.Module):
    """Tokens of film and sound, with placeholders, to one vector; words to another."""

    def __init__(self) -> None:
        super().__init__()
        convs = nn.Conv2d(3, 16, 5, 4, 2), nn.ReLU(), nn.Conv2d(16, 16, 5, 4, 2), nn.ReLU()
        self.film = nn.Sequential(*convs, nn.Flatten(), nn.Linear(16 * 3 * 4, WIDTH))
        self.sound = nn.Sequential(nn.LayerNorm(65), nn.Linear(65, WIDTH))
        self.words = nn.EmbeddingBag(WORDS, WIDTH)
        self.dropout = ModalityDropout({"video": WIDTH, "speech": WIDTH})
        self.both = nn.Sequential(nn.Linear(2 * WIDTH, 64), nn.ReLU(), nn.Linear(64, WIDTH))

    def forward(self, batch: dict[str, Any], dropped: dict[str, Tensor]) -> tuple[Tensor, ...]:
        frames = torch.stack([clip[:50:EVERY] for clip in batch["video"]["frames"]])
        seen = self.film(frames.flatten(0, 1).permute(0, 3, 1, 2) / 127.5 - 1.0)
        wave = torch.stack([sound[..., :31000].mean(dim=0) for sound in batch["speech"]["array"]])
        spectra = torch.stft(wave, 640, window=torch.hann_window(640), return_complex=True)
        bands = spectra.abs()[:, :65].add(1e-3).log().transpose(1, 2)
        tokens = {"video": seen.unflatten(0, frames.shape[:2]), "speech": self.sound(bands)}
        tokens, there = self.dropout(tokens, dropped)
        film, sound = (tokens[name].mean(dim=1) for name in SENSES)
        said = [[zlib.crc32(w.encode()) % WORDS for w in words_of(c)] for c in batch["subtitles"]]
        words = torch.cat([self.words(torch.tensor([row])) for row in said])
        present = there["video"].all(dim=1) & there["speech"].all(dim=1)
        return self.both(torch.cat([film, sound], dim=1)), words, film, sound, present


def words_of(cues: list[dict[str, Any]]) -> list[str]:
    """The words of all cues, in small letters."""
    return re.findall(r"\w+", " ".join(cue["text"] for cue in cues).lower()) or [""]


def read(name: str, copies: int) -> list[dict[str, Any]]:
    """The bundled film, repeated; each copy has a key of its own, and so other seconds."""
    streams = {stream.name: stream for stream in load_policy(POLICY).plan.streams}
    films = [dict(load_sample(entry, streams)) for entry in read_manifest(FILMS)]
    return [{**film, "id": f"{name}/{n}"} for n, film in enumerate(films * copies)]


def loss_of(model: Towers, batch: dict[str, Any]) -> Tensor:
    """The words of each excerpt by InfoNCE, and film against sound where both are there."""
    both, words, film, sound, present = model(batch, dropped_of(batch["record"], SENSES))
    layout = layout_of(batch["id"], [" ".join(words_of(cues)) for cues in batch["subtitles"]])
    weights = torch.tensor(weights_of(batch["record"]))
    loss = losses.info_nce(both, words, exclude=layout.exclude, weights=weights)
    if present.any():
        loss = loss + 0.3 * losses.siglip(film, sound, weights=weights * present)
    return loss


def main(arguments: list[str] | None = None) -> list[float]:
    """Train, and return the clean loss after each epoch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("epochs", 10), ("copies", 32), ("workers", 0), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--out", type=Path, default=Path("run"))
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args(arguments)
    for name, least in (("epochs", 1), ("copies", 2), ("workers", 0), ("seed", 0)):
        if not least <= (came := getattr(given, name)) < 2**63:
            parser.error(f"--{name}: expected a whole number from {least} on; got {came}")
    torch.manual_seed(given.seed)
    policy = load_policy(POLICY, seed=given.seed)
    harder = policy.with_progress(linear(0.0, 0.5, epochs=10))
    data = AugmentedDataset(read("film", given.copies), harder, key="id", records="record")
    order = RandomSampler(data, generator=torch.Generator())
    how = {"collate_fn": data.collate, "num_workers": given.workers, "drop_last": True}
    loader = DataLoader(data, min(8, len(data)), sampler=order, **how)
    clean = AugmentedDataset(read("clean", 16), policy, key="id", records="record")
    model = Towers()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
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
            loss = loss_of(model, batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            loss = loss_of(model, data.collate([clean[n] for n in range(len(clean))]))
        found.append(float(loss))
        print(f"epoch {epoch}: progress {harder.progress.at(epoch):.2f}, clean loss {loss:.3f}")
        torch.save({"found": found, **{n: part.state_dict() for n, part in parts.items()}}, fresh)
        os.replace(fresh, last)  # whole, or not at all
    return found


if __name__ == "__main__":
    main()
