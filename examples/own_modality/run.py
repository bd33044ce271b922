"""Use the modality of this folder in a policy, after `pip install ./examples/own_modality`."""

from __future__ import annotations

import numpy as np

from syncaug import load_policy
from syncaug.testing import check_modality

POLICY = """
syncaug: 1
sample:
  speech: {modality: audio, sample_rate: 8000}
  heart: pulse
steps:
  - {name: tempo, uses: speed, with: {factor: [0.5, 2.0], preserve_pitch: false}}
"""


def main() -> None:
    speech = np.zeros(16000, np.float32)
    speech[8000] = 1.0
    sample = {"speech": speech, "heart": [0.5, 1.0, 1.5]}
    out = load_policy(POLICY, seed=7)(sample, key=1)
    click = int(np.argmax(out["speech"])) / 8000
    print(f"the click is at {click:.2f} s, the second beat at {out['heart'][1]:.2f} s")
    check_modality(
        "pulse",
        stream="heart",
        streams={"speech": {"modality": "audio", "sample_rate": 8000}, "heart": "pulse"},
        sample=sample,
    )
    print("the contract of modalities holds")


if __name__ == "__main__":
    main()
