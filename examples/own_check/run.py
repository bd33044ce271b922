"""Use the check of this folder in a policy, after `pip install ./examples/own_check`."""

from __future__ import annotations

import numpy as np

from syncaug import load_policy
from syncaug.testing import check_check

POLICY = """
syncaug: 1
sample: {image: image}
steps:
  - {name: dim, uses: light, with: {value: [-0.9, 0]}}
checks:
  - darkness: {keep: 0.4}
on_fail: {retry: 20}
"""


def main() -> None:
    sample = {"image": np.full((32, 32, 3), 200, np.uint8)}
    policy = load_policy(POLICY, seed=7)
    for key in range(4):
        _, record = policy.apply(sample, key=key)
        kept = record.attempts[-1].measures["darkness"]
        print(f"{key}: {record.outcome} after {len(record.attempts)} draws, keeps {kept:.2f}")
    check_check(
        "darkness",
        streams={"image": "image"},
        sample=sample,
        options={"keep": 0.4},
        spoils=[{"uses": "light", "with": {"value": -0.9}}],
    )
    print("the contract of checks holds")


if __name__ == "__main__":
    main()
