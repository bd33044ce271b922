"""Use the operation of this folder in a policy, after `pip install ./examples/own_operation`."""

from __future__ import annotations

import numpy as np

from syncaug import load_policy

POLICY = """
syncaug: 1
sample:
  speech: {modality: audio, sample_rate: 16000}
draw: {loudness: {uniform: [1.5, 3.0]}}
steps:
  - name: shout
    apply:
      speech: {op: shout.Louder, factor: {from: loudness}}
"""


def main() -> None:
    quiet = {"speech": np.full(16000, 0.1, np.float32)}
    policy = load_policy(POLICY, seed=7)
    loudness = policy.draw(key=1).variables["loudness"]
    loud = policy(quiet, key=1)
    print(f"drawn {loudness:.3f}, measured {loud['speech'].mean() / quiet['speech'].mean():.3f}")


if __name__ == "__main__":
    main()
