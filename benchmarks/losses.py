"""InfoNCE forward and backward: against the plain form, and against the form of open_clip.

The plain form makes the matrix of all similarities once and takes its cross entropy by rows and by
columns; open_clip's ClipLoss makes it twice, once for each direction. Both keep what they made for
the backward pass; ours makes it again, block by block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.report import Report, Run
from benchmarks.timing import race

COUNT, WIDTH = 4096, 512
QUICK_COUNT, QUICK_WIDTH = 512, 64
TEMPERATURE = 0.07
PLAIN, OPEN_CLIP, OURS = "full logits, cross_entropy", "open_clip's ClipLoss", "syncaug"


def measure(run: Run) -> Report:
    """Equal losses and gradients first."""
    import torch
    from torch.nn import functional

    from syncaug.training.losses import info_nce

    count, width = (QUICK_COUNT, QUICK_WIDTH) if run.quick else (COUNT, WIDTH)
    report = Report(f"InfoNCE of {count} x {width}, float32, forward and backward")
    generator = torch.Generator().manual_seed(0)
    a, b = (torch.randn(count, width, generator=generator).requires_grad_() for _ in range(2))
    own = torch.arange(count)

    def unit() -> tuple[Any, Any]:
        return functional.normalize(a, dim=1), functional.normalize(b, dim=1)

    def plain() -> Any:
        x, y = unit()
        logits = x @ y.T / TEMPERATURE
        entropy = functional.cross_entropy
        return (entropy(logits, own) + entropy(logits.T, own)) / 2

    def open_clip() -> Any:
        x, y = unit()
        scale = 1.0 / TEMPERATURE
        entropy = functional.cross_entropy
        return (entropy(scale * x @ y.T, own) + entropy(scale * y @ x.T, own)) / 2

    def ours() -> Any:
        return info_nce(a, b, temperature=TEMPERATURE)

    def trained(loss: Callable[[], Any]) -> Callable[[], tuple[Any, Any, Any]]:
        def step() -> tuple[Any, Any, Any]:
            a.grad = b.grad = None
            value = loss()
            value.backward()
            return value.detach(), a.grad, b.grad

        return step

    contestants = {PLAIN: trained(plain), OPEN_CLIP: trained(open_clip), OURS: trained(ours)}
    found = {name: step() for name, step in contestants.items()}
    for name in (PLAIN, OPEN_CLIP):
        pairs = list(zip(found[name], found[OURS], strict=True))
        gap = max(float((one - other).abs().max() / one.abs().max()) for one, other in pairs)
        report.check(gap < 1e-4, f"loss and gradients are those of {name} within {gap:.1e}")
    result = race("one step", contestants, seconds=3 * run.seconds, threads=True)
    report.races.append(result)
    for name in (PLAIN, OPEN_CLIP):
        report.ratio(f"losses: times {name}", result, OURS, name, at_least=False)
    return report
