"""Camera and lidar: boxes in the world from a cloud painted by its picture, both moved as one.

    python examples/training/camera_lidar.py --out run [--epochs 40 --resume]

Each point takes the colour of the pixel that it projects to, which every draw leaves the right one.
A small head tells from above where boxes are, as CenterPoint does: heat, and the box at its centre.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy
from torch.nn.functional import grid_sample, l1_loss
from torch.utils.data import DataLoader, RandomSampler

from syncaug import load_policy
from syncaug.io import load_sample, read_manifest
from syncaug.loaders.torch import AugmentedDataset
from syncaug.training.weights import weights_of

FRAMES = Path(__file__).parents[1] / "data" / "driving.jsonl"
CLASSES = ["chair", "curtain"]
CELL, CELLS = 0.3, 32  # metres of a cell of the map from above, and cells on each side
POLICY = """
syncaug: 1
sample:
  front: {modality: image, plane: front}
  calib: {modality: camera, plane: front, world: ego}
  lidar: {modality: points, world: ego, columns: [x, y, z, intensity]}
  boxes: {modality: boxes, plane: front, labels: classes}
  boxes3d: {modality: boxes3d, world: ego, labels: classes3d}
steps:
  - {name: mirror, uses: flip, with: {axis: horizontal, world: mirror}, p: 0.5}
  - {name: turn, uses: world_rotate, with: {axis: z, degrees: [-20, 20]}}
  - {name: grow, uses: world_scale, with: {factor: [0.95, 1.05]}}
  - {name: window, uses: crop, with: {area: [0.8, 1.0], resize: [120, 160], points: visible}}
  - {name: lamp, uses: light, with: {value: [-0.3, 0.2]}, p: 0.5}
checks: [{reprojection: {max_pixels: 0.5}}]
on_fail: {retry: 4, then: neutral}
"""


def painted(batch: dict[str, Any], n: int) -> Tensor:
    """Points with the colour of their pixel: rows of x, y, z, intensity, red, green, blue."""
    front, lidar, calib = batch["front"][n].permute(2, 0, 1), batch["lidar"][n], batch["calib"]
    pose, inner = (torch.as_tensor(calib[k][n]).float() for k in ("world_to_camera", "K"))
    seen = (lidar[:, :3] @ pose[:3, :3].T + pose[:3, 3]) @ inner.T
    places = seen[:, :2] / seen[:, 2:].clamp(min=1e-3)
    grid = (2 * places + 1) / torch.tensor(front.shape[:0:-1]) - 1  # centres are whole numbers
    colours = grid_sample(front[None] / 255.0, grid[None, None], align_corners=False)[0, :, 0].T
    return torch.cat([lidar, colours], dim=1)


def pillars(points: Tensor) -> Tensor:
    """The map from above: the mean of z, intensity and colours in each cell, and how full it is."""
    cells = (points[:, :2] / CELL + CELLS / 2).floor().long()
    inside = ((cells >= 0) & (cells < CELLS)).all(dim=1)
    index = cells[inside, 1] * CELLS + cells[inside, 0]
    values = torch.cat([points[inside, 2:], torch.ones(len(index), 1)], dim=1)
    sums = torch.zeros(CELLS * CELLS, values.shape[1]).index_add_(0, index, values)
    means = torch.cat([sums[:, :-1] / sums[:, -1:].clamp(min=1), sums[:, -1:].log1p()], dim=1)
    return means.T.reshape(-1, CELLS, CELLS)


def read(copies: int) -> list[dict[str, Any]]:
    """The bundled frames, repeated; each copy has a key of its own."""
    streams = {stream.name: stream for stream in load_policy(POLICY).plan.streams}
    frames = [dict(load_sample(entry, streams)) for entry in read_manifest(FRAMES)]
    return [{**frame, "id": n} for n, frame in enumerate(frames * copies)]


def compared(net: nn.Module, batch: dict[str, Any]) -> tuple[Tensor, float]:
    """The loss of heat and boxes, weighted by the records, and how far off boxes are in metres."""
    out = net(torch.stack([pillars(painted(batch, n)) for n in range(len(batch["id"]))]))
    weights, total, far = weights_of(batch["record"]), torch.zeros(()), []
    for n, (boxes, classes) in enumerate(zip(batch["boxes3d"], batch["classes3d"], strict=True)):
        heat, loss = torch.zeros(len(CLASSES), CELLS, CELLS), torch.zeros(())
        for box, name in zip(torch.tensor(boxes), classes, strict=True):
            kind, at = CLASSES.index(name), box[:2] / CELL + CELLS / 2
            x, y = at.long().clamp(0, CELLS - 1).tolist()
            near = (torch.arange(CELLS) - x) ** 2 + (torch.arange(CELLS)[:, None] - y) ** 2
            heat[kind] = heat[kind].maximum(torch.exp(-near / 2))
            shape = box[2:3], box[3:6].log(), box[6:].sin(), box[6:].cos()
            wanted = torch.cat([at - torch.tensor([x, y]), *shape])
            loss = loss + 0.3 * l1_loss(out[n, len(CLASSES) :, y, x], wanted)
            y, x = divmod(int(out[n, kind].argmax()), CELLS)
            found = out[n, len(CLASSES) :, y, x][:2].detach() + torch.tensor([x, y])
            far.append((found - at).norm() * CELL)
        loss = loss + cross_entropy(out[n, : len(CLASSES)], heat, weight=1 + 30 * heat)
        total = total + weights[n] * loss
    return total / sum(weights), float(torch.stack(far).mean())


def main(arguments: list[str] | None = None) -> list[float]:
    """Train, and return the loss on draws never trained on, after each epoch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("epochs", 12), ("copies", 8), ("workers", 0), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--out", type=Path, default=Path("run"))
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args(arguments)
    for name, least in (("epochs", 1), ("copies", 1), ("workers", 0), ("seed", 0)):
        if not least <= (came := getattr(given, name)) < 2**63:
            parser.error(f"--{name}: expected a whole number from {least} on; got {came}")
    torch.manual_seed(given.seed)
    policy = load_policy(POLICY, seed=given.seed)
    data = AugmentedDataset(read(given.copies), policy, key="id", records="record")
    order = RandomSampler(data, generator=torch.Generator())
    loader = DataLoader(data, 8, sampler=order, collate_fn=data.collate, num_workers=given.workers)
    fixed = AugmentedDataset(read(2), policy.with_seed(given.seed + 1), key="id", records="record")
    layers = [one for n in (6, 32, 32) for one in (nn.Conv2d(n, 32, 3, padding=1), nn.ReLU())]
    model = nn.Sequential(*layers, nn.Conv2d(32, len(CLASSES) + 8, 1))
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
            loss = compared(model, batch)[0]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            loss, far = compared(model, data.collate([fixed[n] for n in range(len(fixed))]))
        found.append(float(loss))
        print(f"epoch {epoch}: loss {loss:.3f}, boxes {far:.2f} m off")
        torch.save({"found": found, **{n: part.state_dict() for n, part in parts.items()}}, fresh)
        os.replace(fresh, last)  # whole, or not at all
    return found


if __name__ == "__main__":
    main()
