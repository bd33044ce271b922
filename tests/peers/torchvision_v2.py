"""torchvision: tv_tensors through a policy, before v2's own transforms, in workers that stay."""

from __future__ import annotations

import torch
from common import COUNT, POLICY, direct, require, sample

from syncaug import load_policy
from syncaug.loaders.torch import AugmentedDataset

if not torch.version.cuda:  # the wheel's compiled operators are CUDA's; transforms need none
    for operator in ("nms", "qnms"):
        torch.library.define(f"torchvision::{operator}", "(Tensor a, Tensor b, float c) -> Tensor")

from torch.utils.data import DataLoader, Dataset
from torchvision import tv_tensors
from torchvision.transforms import v2


class Photos(Dataset):
    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, index: int) -> dict:
        row = sample(index)
        image = tv_tensors.Image(torch.from_numpy(row["image"]).permute(2, 0, 1))
        return {"id": f"photo{index}", "image": image, "caption": row["caption"]}


def main() -> None:
    data = AugmentedDataset(Photos(), POLICY, key="id")
    loader = DataLoader(data, 8, collate_fn=data.collate, num_workers=2, persistent_workers=True)
    for epoch in (0, 1):
        data.set_epoch(epoch)
        found = {}
        for batch in loader:
            for place, key in enumerate(batch["id"]):
                pixels = batch["image"][place].permute(1, 2, 0)
                found[key] = (pixels.numpy().tobytes(), batch["caption"][place])
        require(found == direct(epoch), f"epoch {epoch} is that of direct calls")

    policy = load_policy(
        "{syncaug: 1, sample: {image: image, mask: mask, boxes: {modality: boxes, labels: who}}, "
        "steps: [{name: mirror, uses: flip}]}"
    )
    row = {
        "image": tv_tensors.Image(torch.arange(3 * 4 * 6, dtype=torch.uint8).reshape(3, 4, 6)),
        "mask": tv_tensors.Mask(torch.arange(24, dtype=torch.uint8).reshape(4, 6)),
        "boxes": tv_tensors.BoundingBoxes(
            torch.tensor([[0.0, 1.0, 2.0, 3.0]]), format="XYXY", canvas_size=(4, 6)
        ),
        "who": torch.tensor([7]),
    }
    ours = policy(row, key=1)
    flip = v2.RandomHorizontalFlip(p=1.0)
    theirs = flip({name: row[name] for name in ("image", "mask", "boxes")})
    for name, value in theirs.items():
        require(type(ours[name]) is type(value), f"{name} comes back as a tv_tensor")
        require(torch.equal(ours[name], value), f"{name} is mirrored as v2 mirrors it")
    after = v2.Compose([v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5] * 3, [0.5] * 3)])
    require(after(ours)["image"].dtype == torch.float32, "v2's transforms take the result")


if __name__ == "__main__":
    main()
