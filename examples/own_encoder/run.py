"""Use the encoder of this folder in a check, after `pip install ./examples/own_encoder`."""

from __future__ import annotations

import numpy as np

from syncaug import load_policy

POLICY = """
syncaug: 1
sample:
  image: image
  caption: {modality: text, describes: image}
steps:
  - {name: repaint, uses: colour, with: {hue: [-15, 15]}}
  - {name: fade, uses: colour, with: {saturation: [-1, 0]}}
checks:
  - similarity: {encoder: palette, max_drop: 0.15}
on_fail: {shrink: 0.5, retry: 6, then: keep_original}
"""


def main() -> None:
    image = np.zeros((32, 32, 3), np.uint8)
    image[...] = 200, 20, 20
    policy = load_policy(POLICY, seed=7)
    for key in range(4):
        _, record = policy.apply({"image": image, "caption": "a red wall"}, key=key)
        last = record.attempts[-1]
        drop = last.measures["similarity"]
        print(
            f"{key}: {record.outcome} at strength {last.strength:g}, similarity fell by {drop:.3f}"
        )


if __name__ == "__main__":
    main()
