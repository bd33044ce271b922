"""NVIDIA DALI: an external source in worker processes, which is told its index and its epoch."""

from __future__ import annotations

from typing import Any

import numpy as np
from common import COUNT, POLICY, direct, require, sample
from nvidia.dali import fn, pipeline_def, types

BATCH = 8


class Augmented:
    """What `fn.external_source` calls in its workers: a picture, its caption and its key."""

    def __call__(self, about: types.SampleInfo) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if about.idx_in_epoch >= COUNT:
            raise StopIteration
        key = f"photo{about.idx_in_epoch}"
        out = POLICY(sample(about.idx_in_epoch), key=key, epoch=about.epoch_idx)
        return out["image"], as_bytes(out["caption"]), as_bytes(key)


def as_bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def text_of(array: Any) -> str:
    return bytes(array).decode()


@pipeline_def(
    batch_size=BATCH, num_threads=1, device_id=None, py_num_workers=2, py_start_method="spawn"
)
def pictures() -> Any:
    image, caption, key = fn.external_source(
        Augmented(), num_outputs=3, batch=False, parallel=True,
        dtype=[types.UINT8] * 3,
    )  # fmt: skip
    return image, caption, key


def main() -> None:
    pipe = pictures()
    pipe.build()
    for epoch in (0, 1):
        found = {}
        while True:
            try:
                image, caption, key = pipe.run()
            except StopIteration:
                pipe.reset()
                break
            for place in range(BATCH):
                name = text_of(key.at(place))
                found[name] = (np.asarray(image.at(place)).tobytes(), text_of(caption.at(place)))
        require(found == direct(epoch), f"epoch {epoch} is that of direct calls")


if __name__ == "__main__":
    main()
