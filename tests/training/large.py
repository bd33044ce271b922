"""One loss of a large batch, forward and backward: prints the loss and the greatest resident MiB.

Third comes what of the latter there was before the batch: the libraries.

python tests/training/large.py info_nce 32768 512
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import torch

from syncaug.training import losses


def peak() -> int:
    """The greatest resident MiB of this program; getrusage also counts who started it, on Linux."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) // 1024
    unit = 1 << (20 if sys.platform == "darwin" else 10)  # bytes there, KiB elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


if __name__ == "__main__":
    name, count, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    generator = torch.Generator().manual_seed(0)
    before = peak()
    a, b = (torch.randn(count, width, generator=generator) for _ in range(2))
    loss = getattr(losses, name)(a.requires_grad_(), b.requires_grad_())
    loss.backward()
    assert a.grad is not None
    assert bool(torch.isfinite(a.grad).all())
    print(loss.item(), peak(), before)
