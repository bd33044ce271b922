"""Use the transform of this folder in a policy, after `pip install ./examples/own_transform`."""

from __future__ import annotations

import numpy as np

from syncaug import load_policy
from syncaug.draw import SHARED
from syncaug.testing import check_transform

POLICY = """
syncaug: 1
sample: {image: image, dots: keypoints}
steps:
  - {name: hand, uses: shake, with: {strength: [0.05, 0.2]}}
"""


def main() -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    image[20:40, 20:40] = 255
    sample = {"image": image, "dots": np.array([[20.0, 20.0]])}
    policy = load_policy(POLICY, seed=7)
    strength = policy.draw(key=1).steps[0].parameters[SHARED]["strength"]
    moved = policy(sample, key=1)["dots"][0, 0] - 20.0
    print(f"drawn {64 * strength:.3f} pixels, measured {moved:.3f}")
    check_transform(
        "shake",
        streams={"image": "image", "dots": "keypoints"},
        sample=sample,
        parameters={"strength": [0.0, 0.2], "direction": [0, 360]},
    )
    print("the contract of transforms holds")


if __name__ == "__main__":
    main()
