"""Use the lane of this folder in a policy, after `pip install ./examples/own_lane`."""

from __future__ import annotations

import numpy as np

from syncaug import load_policy
from syncaug.testing import check_lane

POLICY = """
syncaug: 1
sample:
  image: image
  mask: {modality: mask, lane: gather}
  same: mask
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: cut, uses: crop, with: {area: [0.3, 0.8]}}
"""


def main() -> None:
    mask = np.zeros((48, 64), np.uint8)
    mask[10:30, 20:50] = 3
    sample = {"image": np.zeros((48, 64, 3), np.uint8), "mask": mask, "same": mask}
    out = load_policy(POLICY, seed=7)(sample, key=1)
    print(f"both lanes give the same mask: {np.array_equal(out['mask'], out['same'])}")
    check_lane(
        "gather",
        stream="mask",
        streams={"mask": "mask"},
        sample={"mask": mask},
        steps=[
            {"uses": "flip", "p": 0.5},
            {"uses": "translate", "with": {"x": 0.25, "y": 0.125}},
            {"uses": "crop", "with": {"area": [0.3, 0.8]}},
        ],
    )
    print("the contract of lanes holds")


if __name__ == "__main__":
    main()
