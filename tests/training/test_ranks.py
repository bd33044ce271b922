"""Two processes with gloo: the gradients of one with the whole batch, and errors on both."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.multiprocessing as processes
from torch import Tensor, nn

from syncaug.training import losses

SIZE, OWN, WIDTH = 2, 6, 5
GROUPS = [0, 1, 2, 0, 3, 4, 4, 5, 6, 1, 7, 8]
ALIKE = [0, 0, 1, 2, 3, 4, 5, 1, 6, 7, 8, 2]
WEIGHTS = [1.0, 0.5, 0.0, 2.0, 1.0, 0.3, 1.0, 0.7, 1.0, 0.2, 1.0, 3.0]

Loss = Callable[[Tensor, Tensor, slice, bool], Tensor]
LOSSES: dict[str, Loss] = {
    "info_nce": lambda a, b, own, gather: losses.info_nce(a, b, gather=gather),
    "all of info_nce": lambda a, b, own, gather: losses.info_nce(
        a,
        b,
        gather=gather,
        weights=WEIGHTS[own],
        groups=GROUPS[own],
        exclude=ALIKE[own],
        hardness=0.5,
        temperature=0.3,
    ),
    "nothing on one rank": lambda a, b, own, gather: losses.info_nce(
        a, b, gather=gather, weights=([0.0] * OWN + WEIGHTS[OWN:])[own]
    ),
    "siglip": lambda a, b, own, gather: losses.siglip(a, b, gather=gather),
    "all of siglip": lambda a, b, own, gather: losses.siglip(
        a, b, gather=gather, weights=WEIGHTS[own], groups=GROUPS[own], exclude=ALIKE[own], bias=-1.0
    ),
}


class Towers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(5)
        self.a, self.b = (nn.Linear(WIDTH, 4, dtype=torch.float64) for _ in range(2))

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return self.a(x), self.b(y)


def batch() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(4)
    shape = SIZE * OWN, WIDTH
    x, y = (torch.randn(shape, generator=generator, dtype=torch.float64) for _ in range(2))
    return x, y


def gradients(model: nn.Module, loss: Loss, own: slice, gather: bool) -> dict[str, Any]:
    x, y = batch()
    model.zero_grad()
    out = loss(*model(x[own], y[own]), own, gather)
    out.backward()
    found = {
        name.removeprefix("module."): parameter.grad.clone()
        for name, parameter in model.named_parameters()
    }
    return {"loss": out.detach(), **found}


def refused(rank: int) -> list[str]:
    """What each rank is told where one of them has a bad batch."""
    told = []
    good = torch.ones(4, 3)
    for bad in (torch.ones(3, 3), torch.full((4, 3), float("nan")), torch.ones(4, 2).double()):
        features = bad if rank else good
        try:
            losses.info_nce(features, features, gather=True)
            told.append("nothing")
        except ValueError as error:
            told.append(str(error))
    for other in (
        {"groups": torch.eye(4, dtype=torch.bool)},
        {"weights": [1.0, 1.0, 1.0, -1.0] if rank else None},
        {"groups": [1, 2, 3] if rank else [1, 2, 3, 4]},
        {"exclude": None if rank else [1, 2, 3, 4]},
        {"weights": [0.0] * 4},
    ):
        try:
            losses.siglip(good, good, gather=True, **other)
            told.append("nothing")
        except ValueError as error:
            told.append(str(error))
    for call in (
        lambda: losses.info_nce(good, good, gather=True, hardness=-1.0 if rank else 0.0),
        lambda: losses.siglip(good, good, gather=True, bias=float("nan") if rank else -10.0),
    ):
        try:
            call()
            told.append("nothing")
        except ValueError as error:
            told.append(str(error))
    return told


def work(rank: int, folder: str) -> None:
    torch.set_num_threads(1)
    store = dist.FileStore(f"{folder}/store", SIZE)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=SIZE)
    try:
        own = slice(rank * OWN, (rank + 1) * OWN)
        model = nn.parallel.DistributedDataParallel(Towers())
        found = {name: gradients(model, loss, own, True) for name, loss in LOSSES.items()}
        alone = losses.info_nce(*(each[own][:1] for each in batch()), gather=True)
        result = {"found": found, "refused": refused(rank), "alone": alone}
        torch.save(result, f"{folder}/{rank}.pt")
    finally:
        dist.destroy_process_group()


def test_two_processes_give_the_gradients_of_one() -> None:
    with tempfile.TemporaryDirectory() as folder:
        processes.spawn(work, (folder,), nprocs=SIZE)
        ranks = [torch.load(Path(folder, f"{rank}.pt")) for rank in range(SIZE)]
    whole = Towers()
    for name, loss in LOSSES.items():
        expected = gradients(whole, loss, slice(None), False)
        for rank in ranks:
            assert rank["found"][name].keys() == expected.keys()
            for parameter, gradient in rank["found"][name].items():
                assert torch.allclose(gradient, expected[parameter], rtol=1e-9, atol=1e-12), name
    first = (
        torch.stack([batch()[0][0], batch()[0][OWN]]),
        torch.stack([batch()[1][0], batch()[1][OWN]]),
    )
    assert torch.allclose(ranks[0]["alone"], losses.info_nce(*first))  # one pair on each rank
    for rank, told in enumerate(each["refused"] for each in ranks):
        assert "one shape and precision on all ranks; got 4 x 3, 3 x 3" in told[0]
        assert "drop_last=True" in told[0]
        assert ("row 0 holds NaN" if rank else "those of rank 1 are bad") in told[1]
        assert "one shape and precision on all ranks" in told[2]
        assert "says nothing of the pairs of other ranks" in told[3]
        said = "expected finite numbers from 0 on" if rank else "the arguments of rank 1 are bad"
        assert said in told[4]
        assert ("expected 4 whole numbers" if rank else "of rank 1 are bad") in told[5]
        assert "as many numbers for each pair on all ranks; got 0 and 1, 0 and 0" in told[6]
        assert "got zeros alone on all" in told[7]
        assert ("hardness: expected" if rank else "the arguments of rank 1 are bad") in told[8]
        assert ("bias: expected" if rank else "the arguments of rank 1 are bad") in told[9]


def test_without_a_process_group_gathering_is_the_same() -> None:
    x, y = batch()
    assert torch.equal(losses.info_nce(x, y, gather=True), losses.info_nce(x, y))
