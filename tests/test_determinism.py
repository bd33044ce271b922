"""The same sample, key, epoch and seed: the same bytes, wherever and whenever."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from tests.samples import EVERYTHING, ROOT, everything, frames, pets

MIXED = f"""
syncaug: 1
name: mixed
sample:{EVERYTHING}
draw: {{level: {{uniform: [0.2, 0.8]}}}}
steps:
  - {{name: mirror, uses: flip, p: 0.5}}
  - {{name: window, uses: crop, with: {{area: [0.6, 1.0], points: visible}}}}
  - {{name: grain, uses: noise, with: {{snr_db: [15, 30]}}}}
  - name: libraries
    apply:
      image:
        - {{op: albumentations.GaussNoise, std_range: {{from: level, scale: 0.1}}}}
        - {{op: albumentations.CoarseDropout}}
      speech: {{op: audiomentations.AddColorNoise, min_snr_db: 10, max_snr_db: 20}}
      caption: {{op: nlpaug.KeyboardAug, aug_word_p: {{from: level}}}}
      points: {{op: open3d.random_down_sample, sampling_ratio: {{from: level}}}}
on_fail: {{retry: 3, then: error}}
"""


def digest(sample: Any) -> str:
    """One hash over every byte of a sample, with types and shapes."""
    state = hashlib.sha256()

    def feed(value: Any) -> None:
        if isinstance(value, np.ndarray):
            state.update(f"{value.dtype}{value.shape}".encode())
            state.update(np.ascontiguousarray(value).tobytes())
        elif isinstance(value, dict):
            for key in value:
                state.update(str(key).encode())
                feed(value[key])
        elif isinstance(value, list | tuple):
            state.update(f"{type(value).__name__}{len(value)}".encode())
            for item in value:
                feed(item)
        else:
            state.update(repr(value).encode())

    feed(sample)
    return state.hexdigest()


def digests() -> dict[str, str]:
    """Hashes of results of shipped policies on real samples and of every library on a small one."""
    found: dict[str, str] = {}
    for name, samples in {"pets": list(pets().values()), "living_room": frames()[:2]}.items():
        policy = load_policy(ROOT / "policies" / f"{name}.yaml", seed=11)
        for index, sample in enumerate(samples):
            found[f"{name}/{index}"] = digest(policy(sample, key=index, epoch=4))
    mixed = load_policy(MIXED, seed=11)
    for epoch in range(3):
        found[f"mixed/{epoch}"] = digest(mixed(everything(), key="m", epoch=epoch))
    return found


def test_another_process_gives_the_same_bytes() -> None:
    code = "import json; from tests.test_determinism import digests; print(json.dumps(digests()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == digests()


def test_four_threads_and_a_thousand_other_samples_do_not_matter() -> None:
    policy = load_policy(MIXED, seed=11)
    sample = everything()
    wanted = [digest(policy(sample, key=key)) for key in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: policy(everything(key), key=f"other/{key}"), range(1000)))
        found = list(pool.map(lambda key: digest(policy(sample, key=key)), range(8)))
    assert found == wanted
    assert len(set(wanted)) == 8


@pytest.mark.parametrize("epoch", range(3))
def test_a_replay_through_every_library_gives_the_same_bytes(epoch: int) -> None:
    policy = load_policy(MIXED, seed=11)
    sample = everything()
    out, record = policy.apply(sample, key="m", epoch=epoch)
    other_seed = load_policy(record.as_json()["policy"], seed=99)
    assert digest(other_seed.replay(sample, record.to_json())) == digest(out)
