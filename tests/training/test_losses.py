"""The losses: against numpy's float64, gradcheck, half precision, two libraries of the field."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from syncaug.training import losses
from syncaug.training.losses import blocks
from tests.training import references


class Case:
    """A random batch: features, weights, groups and what is alike, with their masks."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.n, self.d = int(rng.integers(2, 24)), int(rng.integers(1, 20))
        shape = (self.n, self.d)
        scale = 10.0 ** rng.integers(-2, 3)
        self.a, self.b = (rng.normal(0.3, scale, shape) for _ in range(2))
        self.weights = rng.random(self.n) * (rng.random(self.n) > 0.3) + 0.01
        self.groups = rng.integers(0, self.n, self.n)
        self.alike = rng.integers(0, max(self.n // 2, 2), (self.n, 2))
        self.positive = (self.groups[:, None] == self.groups) | np.eye(self.n, dtype=bool)
        self.left_out = (self.alike[:, None] == self.alike).any(axis=2) & ~self.positive

    def tensors(self, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
        return torch.tensor(self.a, dtype=dtype), torch.tensor(self.b, dtype=dtype)


def close(found: Tensor, expected: float, rel: float = 1e-9) -> None:
    assert found.ndim == 0
    assert float(found) == pytest.approx(expected, rel=rel, abs=rel)


@pytest.mark.parametrize("small_blocks", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_contrastive_losses_are_those_of_the_reference(
    seed: int, small_blocks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if small_blocks:
        monkeypatch.setattr(blocks, "_ELEMENTS", 40)
    case = Case(seed)
    a, b = case.tensors()
    none = np.zeros_like(case.positive)
    ones, eye = np.ones(case.n), np.eye(case.n, dtype=bool)
    how: dict[str, Any] = {"groups": case.groups, "exclude": torch.tensor(case.alike)}
    masks = {"groups": torch.tensor(case.positive), "exclude": torch.tensor(case.left_out)}
    close(
        losses.info_nce(a, b),
        references.info_nce(
            case.a, case.b, temperature=0.07, positive=eye, left_out=none, weights=ones
        ),
    )
    for hardness in (0.0, 0.7):
        expected = references.info_nce(
            case.a,
            case.b,
            temperature=0.3,
            positive=case.positive,
            left_out=case.left_out,
            weights=case.weights,
            hardness=hardness,
        )
        for relations in (how, masks):
            settings = {"temperature": 0.3, "hardness": hardness, "weights": case.weights}
            close(losses.info_nce(a, b, **settings, **relations), expected)
    expected = references.siglip(
        case.a,
        case.b,
        temperature=0.2,
        bias=-2.0,
        positive=case.positive,
        left_out=case.left_out,
        weights=case.weights,
    )
    for relations in (how, masks):
        found = losses.siglip(a, b, temperature=0.2, bias=-2.0, weights=case.weights, **relations)
        close(found, expected)


@pytest.mark.parametrize("small_blocks", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_the_other_losses_are_those_of_the_reference(
    seed: int, small_blocks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if small_blocks:
        monkeypatch.setattr(blocks, "_ELEMENTS", 40)
    case = Case(seed)
    (a, b), w = case.tensors(), case.weights
    close(losses.cosine(a, b, weights=w), references.cosine(case.a, case.b, weights=w))
    for alpha in (1.0, 2.0, 3.0):
        close(
            losses.alignment_uniformity(a, b, alpha=alpha, t=1.5, weights=w),
            references.alignment_uniformity(case.a, case.b, alpha=alpha, t=1.5, weights=w),
            rel=1e-7,
        )
    close(losses.vicreg(a, b, weights=w), references.vicreg(case.a, case.b, weights=w))
    close(
        losses.cycle_consistency(a, b, weights=w),
        references.neighbours(case.a, case.b, temperature=0.1, weights=w),
        rel=1e-7,
    )
    there, back = np.random.default_rng(seed).normal(size=(2, case.d, case.d))
    close(
        losses.cycle_consistency(
            a,
            b,
            to_b=lambda x: x @ torch.tensor(there),
            to_a=lambda x: x @ torch.tensor(back),
            weights=w,
        ),
        references.decoded(case.a, case.b, lambda x: x @ there, lambda x: x @ back, w),
    )


LOSSES: dict[str, Callable[..., Tensor]] = {
    "info_nce": losses.info_nce,
    "several positives": lambda a, b: losses.info_nce(
        a, b, groups=[0, 1, 0, 2, 1], temperature=0.5
    ),
    "hard negatives": lambda a, b: losses.info_nce(a, b, hardness=0.5, temperature=0.5),
    "none but positives": lambda a, b: losses.info_nce(a, b, hardness=0.5, groups=[1] * 5),
    "left out": lambda a, b: losses.info_nce(a, b, exclude=[0, 0, 1, 2, 3]),
    "siglip": losses.siglip,
    "cosine": losses.cosine,
    "cycle_consistency": losses.cycle_consistency,
    "alignment_uniformity": losses.alignment_uniformity,
    "vicreg": losses.vicreg,
}


@pytest.mark.parametrize("small_blocks", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_gradients_are_those_of_differences(
    name: str, small_blocks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if small_blocks:
        monkeypatch.setattr(blocks, "_ELEMENTS", 10)
    generator = torch.Generator().manual_seed(3)
    a, b = (torch.randn(5, 4, generator=generator, dtype=torch.float64) for _ in range(2))
    inputs = a.requires_grad_(), b.requires_grad_()
    assert torch.autograd.gradcheck(LOSSES[name], inputs)


def test_temperatures_and_biases_get_their_gradients() -> None:
    generator = torch.Generator().manual_seed(3)
    a, b = (torch.randn(5, 4, generator=generator, dtype=torch.float64) for _ in range(2))
    t = torch.tensor(0.4, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(-1.0, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda t: losses.info_nce(a, b, temperature=t), (t,))
    assert torch.autograd.gradcheck(
        lambda t, x: losses.siglip(a, b, temperature=t, bias=x), (t, bias)
    )
    assert torch.autograd.gradcheck(lambda t: losses.cycle_consistency(a, b, temperature=t), (t,))


@pytest.mark.parametrize("name", LOSSES)
def test_modules_give_what_functions_give_and_zero_weights_leave_pairs_out(name: str) -> None:
    case = Case(2)
    a, b = case.tensors(torch.float32)
    modules = {
        "info_nce": losses.InfoNCE(),
        "siglip": losses.SigLIP(),
        "cosine": losses.Cosine(),
        "cycle_consistency": losses.CycleConsistency(),
        "alignment_uniformity": losses.AlignmentUniformity(),
        "vicreg": losses.VICReg(),
    }
    if name in modules:
        function = LOSSES[name]
        assert float(modules[name](a, b)) == pytest.approx(float(function(a, b)), rel=1e-6)
        weighted = modules[name](a, b, weights=case.weights)
        doubled = function(a, b, weights=2 * torch.tensor(case.weights))
        assert float(weighted) == pytest.approx(float(doubled), rel=1e-5)


def test_pairs_that_count_nothing_have_no_part_in_losses_of_pairs() -> None:
    case = Case(5)
    a, b = case.tensors()
    share = torch.ones(case.n, dtype=torch.float64)
    share[0] = 0.0
    for loss in (losses.cosine, losses.alignment_uniformity, losses.vicreg):
        alone = loss(a[1:], b[1:])
        assert float(loss(a, b, weights=share)) == pytest.approx(float(alone), rel=1e-9)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_learned_temperature_comes_back_from_its_bound(dtype: torch.dtype) -> None:
    loss = losses.InfoNCE(0.01, learnable=True).to(dtype)
    (parameter,) = loss.parameters()
    with torch.no_grad():
        parameter += 0.5  # one step of an optimizer too far
        assert loss.temperature().item() == pytest.approx(0.01, rel=0.02)
    a, b = (torch.randn(16, 8, generator=torch.Generator().manual_seed(n)) for n in (0, 1))
    loss(a, b).backward()
    assert parameter.grad > 0  # pairs at random want a higher one
    torch.optim.SGD(loss.parameters(), lr=0.005).step()
    assert loss.temperature().item() > 0.011


def test_a_learnable_temperature_below_its_bound_is_refused() -> None:
    losses.InfoNCE(0.005)
    for module in (losses.InfoNCE, losses.SigLIP):
        with pytest.raises(ValueError, match="expected a number from 0.01 on"):
            module(0.005, learnable=True)


def test_a_learnable_temperature_is_learned_and_kept_above_a_hundredth() -> None:
    loss = losses.InfoNCE(0.07, learnable=True)
    a, b = Case(1).tensors(torch.float32)
    loss(a, b).backward()
    (parameter,) = loss.parameters()
    assert parameter.grad is not None
    assert loss.temperature().item() == pytest.approx(0.07)
    with torch.no_grad():
        parameter.fill_(100.0)
    assert loss.temperature().item() == pytest.approx(0.01)
    assert list(losses.InfoNCE().parameters()) == []
    assert {name for name, _ in losses.SigLIP(learnable=True).named_parameters()} == {
        "bias", "temperature.log_scale",
    }  # fmt: skip


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("name", LOSSES)
def test_half_precision_loses_no_more_than_its_input(name: str, dtype: torch.dtype) -> None:
    """The features are rounded, and nothing after them, under autocast too."""
    generator = torch.Generator().manual_seed(1)
    wide = [torch.randn(5, 32, generator=generator) * 30 for _ in range(2)]
    halves = [each.to(dtype).requires_grad_() for each in wide]
    exact = [each.detach().double().requires_grad_() for each in halves]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = LOSSES[name](*halves)
    expected = LOSSES[name](*exact)
    assert found.dtype == torch.float32
    assert found.item() == pytest.approx(expected.item(), rel=3e-6, abs=1e-6)
    found.backward()
    expected.backward()
    for ours, theirs in zip(halves, exact, strict=True):
        assert ours.grad is not None
        assert theirs.grad is not None
        assert ours.grad.dtype == dtype
        scale = float(theirs.grad.abs().max())
        assert float((ours.grad.double() - theirs.grad).abs().max()) <= 0.01 * scale


def test_small_temperatures_and_equal_features_stay_finite() -> None:
    same = torch.ones(6, 3, dtype=torch.float16, requires_grad=True)
    nothing = torch.zeros(6, 3, requires_grad=True)
    for features in (same, nothing):
        for name, loss in LOSSES.items():
            if name in ("several positives", "none but positives", "left out"):
                continue
            out = loss(features, features)
            assert torch.isfinite(out), name
            (gradient,) = torch.autograd.grad(out, features)
            assert torch.isfinite(gradient).all(), name
    assert torch.isfinite(losses.info_nce(same, same, temperature=1e-3))


def test_clip_as_open_clip_puts_it() -> None:
    """scale * image @ text.T against arange, the mean of both cross entropies."""
    a, b = Case(7).tensors(torch.float32)
    a, b = a.requires_grad_(), b.requires_grad_()
    image, text = (torch.nn.functional.normalize(each, dim=-1) for each in (a, b))
    logits = image @ text.T / 0.07
    labels = torch.arange(len(a))
    entropy = torch.nn.functional.cross_entropy
    theirs = (entropy(logits, labels) + entropy(logits.T, labels)) / 2
    expected = torch.autograd.grad(theirs, (a, b))
    ours = losses.info_nce(a, b)
    assert ours.item() == pytest.approx(theirs.item(), rel=1e-5)
    for found, wanted in zip(torch.autograd.grad(ours, (a, b)), expected, strict=True):
        assert torch.allclose(found, wanted, rtol=1e-3, atol=1e-6)


def test_siglip_as_open_clip_puts_it() -> None:
    a, b = Case(8).tensors(torch.float32)
    image, text = (torch.nn.functional.normalize(each, dim=-1) for each in (a, b))
    logits = 10.0 * image @ text.T - 10.0
    labels = 2 * torch.eye(len(a)) - 1
    theirs = -torch.nn.functional.logsigmoid(labels * logits).sum() / len(a)
    assert float(losses.siglip(a, b)) == pytest.approx(float(theirs), rel=1e-5)


def test_metric_learning_gives_the_same() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pytorch_metric_learning.losses import NTXentLoss, SupConLoss, VICRegLoss
    case = Case(9)
    a, b = case.tensors(torch.float32)
    own = torch.arange(case.n)
    halves = [NTXentLoss(temperature=0.07)(x, own, ref_emb=y, ref_labels=own.clone())
              for x, y in ((a, b), (b, a))]  # fmt: skip
    assert float(losses.info_nce(a, b)) == pytest.approx(float(sum(halves)) / 2, rel=1e-5)
    groups = torch.tensor(case.groups)
    halves = [SupConLoss(temperature=0.1)(x, groups, ref_emb=y, ref_labels=groups.clone())
              for x, y in ((a, b), (b, a))]  # fmt: skip
    found = losses.info_nce(a, b, temperature=0.1, groups=case.groups)
    assert float(found) == pytest.approx(float(sum(halves)) / 2, rel=1e-5)
    theirs = VICRegLoss(variance_mu=25.0)(a, ref_emb=b)
    assert float(losses.vicreg(a, b)) == pytest.approx(float(theirs), rel=1e-3)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "NaN": (
        lambda: losses.info_nce(torch.tensor([[1.0], [float("nan")]]), torch.ones(2, 1)),
        "a: expected finite features; row 1 holds NaN or infinity",
    ),
    "infinity": (
        lambda: losses.vicreg(torch.ones(2, 1), torch.tensor([[float("inf")], [1.0]])),
        "b: expected finite features; row 0 holds NaN",
    ),
    "a batch of one": (
        lambda: losses.siglip(torch.ones(1, 3), torch.ones(1, 3)),
        "expected two pairs or more; got a batch of one",
    ),
    "other shapes": (
        lambda: losses.cosine(torch.ones(4, 3), torch.ones(4, 2)),
        r"two tensors of one shape, row i of both of pair i; got \(4, 3\) and \(4, 2\)",
    ),
    "one dimension": (
        lambda: losses.info_nce(torch.ones(4), torch.ones(4)),
        "a: expected an N x D",
    ),
    "numpy": (lambda: losses.info_nce(np.ones((4, 2)), torch.ones(4, 2)), "got ndarray"),
    "whole numbers": (
        lambda: losses.info_nce(torch.ones(4, 2, dtype=torch.int64), torch.ones(4, 2)),
        "a: expected features of floating point",
    ),
    "weights": (
        lambda: losses.cosine(torch.ones(4, 2), torch.ones(4, 2), weights=[1.0, 2.0]),
        "weights: expected 4 numbers",
    ),
    "weights below 0": (
        lambda: losses.cosine(torch.ones(2, 2), torch.ones(2, 2), weights=[1.0, -2.0]),
        "weights: expected finite numbers from 0 on",
    ),
    "no weights": (
        lambda: losses.cosine(torch.ones(2, 2), torch.ones(2, 2), weights=[0.0, 0.0]),
        "the batch counts nothing",
    ),
    "one weight": (
        lambda: losses.vicreg(torch.ones(2, 2), torch.ones(2, 2), weights=[1.0, 0.0]),
        "expected two above 0",
    ),
    "temperature": (
        lambda: losses.info_nce(torch.ones(2, 2), torch.ones(2, 2), temperature=0),
        "temperature: expected one finite number above 0",
    ),
    "groups": (
        lambda: losses.info_nce(torch.ones(2, 2), torch.ones(2, 2), groups=[1, 2, 3]),
        "groups: expected 2 whole numbers",
    ),
    "a mask": (
        lambda: losses.info_nce(
            torch.ones(2, 2), torch.ones(2, 2), exclude=torch.ones(3, 2, dtype=torch.bool)
        ),
        "exclude: expected an N x N mask of 2 pairs",
    ),
    "fractions": (
        lambda: losses.siglip(torch.ones(2, 2), torch.ones(2, 2), groups=[0.5, 1.0]),
        "groups: expected whole numbers or a mask",
    ),
    "weights that are words": (
        lambda: losses.cosine(torch.ones(2, 2), torch.ones(2, 2), weights=["1", "2"]),
        "weights: expected 2 numbers, one for each pair; got list",
    ),
    "weights without a sum": (
        lambda: losses.cosine(torch.ones(2, 2), torch.ones(2, 2), weights=[1e38, 1e38]),
        r"weights: expected numbers that can be summed in torch.float32; got 1e\+38",
    ),
    "a temperature of words": (
        lambda: losses.siglip(torch.ones(2, 2), torch.ones(2, 2), temperature="0.1"),
        "temperature: expected one finite number above 0; got str '0.1'",
    ),
    "a temperature without an inverse": (
        lambda: losses.info_nce(torch.ones(2, 2), torch.ones(2, 2), temperature=1e-40),
        "temperature: expected one finite number above 0; got 1e-40",
    ),
    "a bias of words": (
        lambda: losses.SigLIP(bias="a"),
        "bias: expected a finite number; got 'a'",
    ),
    "captions as groups": (
        lambda: losses.info_nce(torch.ones(2, 2), torch.ones(2, 2), groups=["a cat", "a dog"]),
        "groups: expected whole numbers of 64 bits.*layout_of makes numbers",
    ),
    "a mask of whole numbers": (
        lambda: losses.siglip(torch.ones(3, 2), torch.ones(3, 2), exclude=torch.eye(3).long()),
        r"exclude: expected a mask of torch.bool.*Use .bool\(\)",
    ),
    "a sparse tensor": (
        lambda: losses.cosine(torch.eye(3).to_sparse(), torch.eye(3)),
        "a: expected a dense tensor of features; got torch.sparse_coo",
    ),
    "a tensor without values": (
        lambda: losses.vicreg(torch.ones(3, 2, device="meta"), torch.ones(3, 2, device="meta")),
        r"a: expected a dense tensor of features; got one without values \(meta\)",
    ),
    "squares without end": (
        lambda: losses.vicreg(torch.eye(3) * 1e30, torch.eye(3)),
        "a and b: expected features whose squares are finite in torch.float32; got 1e.30",
    ),
    "settings of modules": (
        lambda: losses.VICReg(variance=-1.0),
        "variance: expected a finite number from 0 on; got -1.0",
    ),
    "a module's hardness": (
        lambda: losses.InfoNCE(hardness=math.nan),
        "hardness: expected a finite number from 0 on; got nan",
    ),
    "a decoder's NaN": (
        lambda: losses.cycle_consistency(
            torch.ones(2, 2), torch.ones(2, 2), to_b=lambda x: x * math.nan, to_a=torch.neg
        ),
        "to_b: expected finite features of floating point; got NaN or infinity",
    ),
    "no decoder": (
        lambda: losses.CycleConsistency(3, 4),
        "to_b: expected a module or a function; got int",
    ),
    "hardness": (
        lambda: losses.info_nce(torch.ones(2, 2), torch.ones(2, 2), hardness=-1),
        "hardness: expected a finite number from 0 on",
    ),
    "one decoder": (
        lambda: losses.cycle_consistency(torch.ones(2, 2), torch.ones(2, 2), to_b=torch.neg),
        "expected both decoders, or none",
    ),
    "a decoder's shape": (
        lambda: losses.cycle_consistency(
            torch.ones(2, 2), torch.ones(2, 2), to_b=torch.sum, to_a=torch.neg
        ),
        r"to_b: expected features of shape \(2, 2\); got \(\)",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_no_loss_can_be_worked_out_of_is_one_clear_error(name: str) -> None:
    call, told = BAD[name]
    with pytest.raises(ValueError, match=told):
        call()


@pytest.mark.parametrize("scale", [1e-37, 1e-30, 1e30])
def test_features_of_any_size_point_where_they_point(scale: float) -> None:
    generator = torch.Generator().manual_seed(6)
    a, b = (torch.randn(6, 4, generator=generator) for _ in range(2))
    for loss in (
        losses.info_nce,
        losses.siglip,
        losses.cosine,
        losses.cycle_consistency,
        losses.alignment_uniformity,
    ):
        assert torch.allclose(loss(scale * a, scale * b), loss(a, b), rtol=1e-5)
        own = (scale * a).requires_grad_()
        plain = a.clone().requires_grad_()
        loss(own, b).backward()
        loss(plain, b).backward()
        assert torch.allclose(own.grad * scale, plain.grad, rtol=1e-3, atol=1e-5), loss


def test_weights_count_by_their_ratios_alone() -> None:
    generator = torch.Generator().manual_seed(6)
    a, b = (torch.randn(6, 4, generator=generator) for _ in range(2))
    shares = torch.tensor([1.0, 2.0, 0.0, 1.0, 3.0, 0.5])
    for loss in (*(getattr(losses, name) for name in losses.__all__ if name.islower()),):
        for scale in (1e-30, 1e15):
            weighed = loss(a, b, weights=scale * shares)
            assert torch.allclose(weighed, loss(a, b, weights=shares), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("loss", [losses.alignment_uniformity, losses.vicreg])
def test_one_weight_far_above_the_others(loss: Callable[..., Tensor]) -> None:
    small = 1e-8 if loss is losses.alignment_uniformity else 1e-4
    generator = torch.Generator().manual_seed(6)
    a, b = (torch.randn(6, 4, generator=generator) for _ in range(2))
    weights = [1.0, *(small * share for share in (1.0, 2.0, 1.0, 3.0, 1.0))]
    found, exact = loss(a, b, weights=weights), loss(a.double(), b.double(), weights=weights)
    assert torch.allclose(found.double(), exact, rtol=1e-2)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_decoders_get_features_in_their_own_precision(dtype: torch.dtype) -> None:
    a, b = torch.ones(3, 4, dtype=dtype), torch.eye(4, dtype=dtype)[:3]
    for own in (dtype, torch.float32):
        decoders = nn.Linear(4, 4, dtype=own), nn.Linear(4, 4, dtype=own)
        loss = losses.cycle_consistency(a, b, to_b=decoders[0], to_a=decoders[1])
        loss.backward()
        assert all(torch.isfinite(each.weight.grad).all() for each in decoders)
