"""Robot: which way is up, from camera, depth and inertial data of which some may be missing.

    python examples/training/robot_imu.py --out run [--epochs 30 --resume]

One roll of the head turns the picture, the depth, the camera's pose and the axes of the IMU. What
the draw leaves out of the data is a learned placeholder in the model, more often as it goes on.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
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
from syncaug.training.weights import weights_of

MOMENTS = Path(__file__).parents[1] / "data" / "robot.jsonl"
WIDTH, STREAMS = 32, ("rgb", "depth", "imu")
POLICY = """
syncaug: 1
sample:
  rgb: {modality: image, plane: head}
  depth: {modality: depth, plane: head, world: room}
  camera: {modality: camera, plane: head, world: room}
  imu: {modality: imu, rate: 100, columns: [gx, gy, gz, ax, ay, az], body: head}
draw: {roll: {uniform: [-25, 25]}}
steps:
  - {name: roll, uses: camera_rotate, with: {axis: optical, degrees: {from: roll}}}
  - {name: window, uses: crop, with: {area: [0.8, 1.0], resize: [60, 80]}}
  - {name: lamp, uses: light, with: {value: [-0.3, 0.3]}, p: 0.5}
  - {name: sensors, uses: noise, with: {severity: {from: progress, scale: 0.5}, rgb: gaussian,
      depth: gaussian, imu: bias}}
  - {name: blind, uses: drop_modality, with: {streams: [rgb, depth, imu], at_most: 2},
      p: {from: progress}}
checks: [visible_share: {min_content: 0.5}]
on_fail: {retry: 3, then: neutral}
"""


class Attitude(nn.Module):
    """A token of each sense, or its placeholder, to the direction of up in the camera's axes."""

    def __init__(self) -> None:
        super().__init__()
        self.rgb, self.depth = _pictures(3), _pictures(1)
        self.imu = nn.Sequential(nn.Linear(12, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH))
        self.dropout = ModalityDropout(dict.fromkeys(STREAMS, WIDTH))
        self.up = nn.Sequential(nn.ReLU(), nn.Linear(3 * WIDTH, 64), nn.ReLU(), nn.Linear(64, 3))

    def forward(self, batch: dict[str, Any], dropped: dict[str, Tensor]) -> Tensor:
        depth = batch["depth"][:, None].float() / 5.0
        moved = batch["imu"].float() / torch.tensor([1.0, 1, 1, 9.8, 9.8, 9.8])
        tokens = {
            "rgb": self.rgb(batch["rgb"].permute(0, 3, 1, 2) / 127.5 - 1.0),
            "depth": self.depth(torch.nan_to_num(depth)),
            "imu": self.imu(torch.cat([moved.mean(dim=1), moved.std(dim=1)], dim=1)),
        }
        tokens, _ = self.dropout(tokens, dropped)
        up: Tensor = self.up(torch.cat([tokens[name] for name in STREAMS], dim=1))
        return up


def _pictures(channels: int) -> nn.Sequential:
    """A small tower for pictures of 60 x 80."""
    convs = nn.Conv2d(channels, 16, 5, 4, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 4, 2), nn.ReLU()
    return nn.Sequential(*convs, nn.Flatten(), nn.Linear(32 * 4 * 5, WIDTH))


def read(copies: int) -> list[dict[str, Any]]:
    """The bundled moments, repeated; each copy has a key of its own."""
    streams = {stream.name: stream for stream in load_policy(POLICY).plan.streams}
    moments = [dict(load_sample(entry, streams)) for entry in read_manifest(MOMENTS)]
    return [{**moment, "id": n} for n, moment in enumerate(moments * copies)]


def compared(model: Attitude, batch: dict[str, Any]) -> tuple[Tensor, float]:
    """The loss against the true direction, weighted by the records, and the angle in degrees."""
    poses = torch.stack([torch.as_tensor(p).float() for p in batch["camera"]["world_to_camera"]])
    true = poses[:, :3, 2]  # the world's z axis, as the camera sees it
    said = model(batch, dropped_of(batch["record"], STREAMS))
    loss = losses.cosine(said, true, weights=weights_of(batch["record"]))
    cosines = nn.functional.cosine_similarity(said.detach(), true).clamp(-1.0, 1.0)
    return loss, float(cosines.acos().rad2deg().mean())


def main(arguments: Sequence[str] | None = None) -> list[float]:
    """Train, and return the loss on draws never trained on, after each epoch."""
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
    policy = load_policy(POLICY, seed=given.seed)
    harder = policy.with_progress(linear(0.0, 0.5, epochs=10))
    data = AugmentedDataset(read(given.copies), harder, key="id", records="record")
    order = RandomSampler(data, generator=torch.Generator())
    loader = DataLoader(data, 8, sampler=order, collate_fn=data.collate, num_workers=given.workers)
    fixed = AugmentedDataset(read(4), policy.with_seed(given.seed + 1), key="id", records="record")
    model = Attitude()
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
            loss, angle = compared(model, data.collate([fixed[n] for n in range(len(fixed))]))
        found.append(float(loss))
        print(f"epoch {epoch}: progress {harder.progress.at(epoch):.2f}, {angle:.1f} degrees off")
        torch.save({"found": found, **{n: part.state_dict() for n, part in parts.items()}}, fresh)
        os.replace(fresh, last)  # whole, or not at all
    return found


if __name__ == "__main__":
    main()
