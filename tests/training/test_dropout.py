"""One draw decides what the data lose and what the model is told is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from syncaug import load_policy
from syncaug.errors import SampleError
from syncaug.training.dropout import ModalityDropout, dropped_of

POLICY = """
syncaug: 1
sample:
  film: {modality: video, clock: t, fps: 10}
  voice: {modality: audio, clock: t, sample_rate: 100}
steps:
  - name: gone
    uses: drop_modality
    with: {streams: [film, voice], count: 1}
    p: {from: progress}
"""
WIDTHS = {"film": 12, "voice": 20}


def batch(progress: float, count: int = 32) -> tuple[list[Any], list[Any]]:
    policy = load_policy(POLICY, seed=2).with_progress(progress)
    film = np.full((5, 2, 2, 3), 9, np.uint8)
    sample = {"film": film, "voice": np.full(50, 0.5, np.float32)}
    done = [policy.apply(sample, key=key) for key in range(count)]
    return [out for out, _ in done], [record for _, record in done]


def tokens_of(samples: list[Any]) -> dict[str, torch.Tensor]:
    films = torch.tensor(np.stack([one["film"] for one in samples]), dtype=torch.float32)
    voices = torch.tensor(np.stack([one["voice"] for one in samples]))
    return {"film": films.reshape(len(samples), 5, 12), "voice": voices.reshape(len(samples), -1, 1)
            .repeat(1, 1, 20)}  # fmt: skip


def test_the_model_is_told_of_what_the_data_lost() -> None:
    samples, records = batch(0.6)
    dropped = dropped_of([r.to_json() for r in records], list(WIDTHS))
    for name in WIDTHS:
        silent = [not np.asarray(one[name]).any() for one in samples]
        assert dropped[name].tolist() == silent
        assert 0 < sum(silent) < len(samples)
    model = ModalityDropout(WIDTHS)
    out, there = model(tokens_of(samples), dropped)
    for name, gone in dropped.items():
        assert torch.equal(there[name].all(dim=1), ~gone)
        assert torch.equal(there[name].any(dim=1), ~gone)
        assert (out[name][gone] == model.placeholders[name]).all()
        assert torch.equal(out[name][~gone], tokens_of(samples)[name][~gone])


def test_placeholders_learn_from_dropped_samples_alone() -> None:
    model = ModalityDropout({"film": 3, "voice": 2})
    tokens = {"film": torch.ones(4, 3, requires_grad=True), "voice": torch.ones(4, 6, 2)}
    gone = {"film": torch.tensor([True, False, False, True])}
    out, there = model(tokens, gone)
    assert there["film"].tolist() == [False, True, True, False]
    (out["film"].sum() + out["voice"].sum()).backward()
    assert model.placeholders["film"].grad.tolist() == [2.0, 2.0, 2.0]
    assert tokens["film"].grad[:, 0].tolist() == [0.0, 1.0, 1.0, 0.0]
    assert not model.placeholders["voice"].grad.any()


def test_a_schedule_drops_more_and_more_and_never_all() -> None:
    shares = []
    for progress in (0.0, 0.5, 1.0):
        _, records = batch(progress)
        dropped = dropped_of(records, list(WIDTHS))
        assert not (dropped["film"] & dropped["voice"]).any()
        shares.append(float((dropped["film"] | dropped["voice"]).float().mean()))
    assert shares[0] == 0.0 < shares[1] < shares[2] == 1.0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_tokens_keep_their_type(dtype: torch.dtype) -> None:
    model = ModalityDropout({"film": 3})
    out, _ = model({"film": torch.ones(2, 3, dtype=dtype)}, {})
    assert out["film"].dtype == dtype


@pytest.mark.parametrize(
    ("tokens", "dropped", "told"),
    [
        ({"film": (2, 4)}, {}, r"shape \(N, T, 3\) or \(N, 3\); got \(2, 4\)"),
        ({"radar": (2, 3)}, {}, "expected streams of"),
        ({"film": (2, 3)}, {"voice": [True, True]}, "expected streams of"),
        ({"film": (2, 3)}, {"film": [True]}, "expected 2 booleans"),
        ({"film": (2, 3), "voice": (3, 2)}, {}, "as many samples"),
        (
            {"film": (2, 3), "voice": (2, 2)},
            {"film": [False, True], "voice": [False, True]},
            "all streams of sample 1",
        ),
    ],
)
def test_what_does_not_fit_is_told(tokens: Any, dropped: Any, told: str) -> None:
    model = ModalityDropout({"film": 3, "voice": 2})
    given = {name: torch.zeros(shape) for name, shape in tokens.items()}
    gone = {name: torch.tensor(values) for name, values in dropped.items()}
    with pytest.raises(ValueError, match=told):
        model(given, gone)


def test_dropped_streams_may_be_lists_and_arrays() -> None:
    model = ModalityDropout({"film": 3, "voice": 2})
    tokens = {"film": torch.ones(2, 3), "voice": torch.ones(2, 2)}
    for given in ([True, False], np.array([True, False])):
        _, there = model(tokens, {"film": given})
        assert there["film"].tolist() == [False, True]
    with pytest.raises(ValueError, match=r"dropped, 'film': expected booleans \(N,\); got str"):
        model(tokens, {"film": "yes"})


@pytest.mark.parametrize("name", ["cam.front", "values", "keys", "training", "type"])
def test_streams_may_have_any_name(name: str) -> None:
    model, again = ModalityDropout({name: 3}), ModalityDropout({name: 3})
    again.load_state_dict(model.state_dict())
    out, _ = again({name: torch.zeros(2, 3)}, {})
    assert out[name].shape == (2, 3)
    with pytest.raises(ValueError, match=f"expected streams of .*{name}"):
        model({"radar": torch.zeros(2, 3)}, {})


@pytest.mark.parametrize("widths", [{}, ["film"], {"film": 0}, {"film": 3.0}])
def test_wrong_widths_are_told(widths: Any) -> None:
    with pytest.raises((ValueError, SampleError), match="widths"):
        ModalityDropout(widths)


def test_streams_that_no_record_knows_are_told() -> None:
    _, records = batch(1.0, count=2)
    with pytest.raises(ValueError, match=r"\['film', 'voice'\]; got 'voise'"):
        dropped_of(records, ["film", "voise"])
    with pytest.raises(ValueError, match="expected a list of names"):
        dropped_of(records, "film")
    with pytest.raises(ValueError, match="expected a list of records"):
        dropped_of(records[0], ["film"])
    assert dropped_of([], ["film"])["film"].tolist() == []


def test_what_says_no_drop_and_no_tokens_is_refused() -> None:
    model = ModalityDropout({"film": 4, "voice": 2})
    tokens: dict[str, Any] = {"film": torch.ones(2, 3, 4), "voice": torch.ones(2, 5, 2)}
    _, there = model(tokens, {"film": [1, 0]})
    assert there["film"].all(dim=1).tolist() == [False, True]
    for gone in ([0.3, 0.0], [2, 0], [float("nan"), 0.0]):
        with pytest.raises(ValueError, match="'film': expected booleans.*Chances are no draws"):
            model(tokens, {"film": gone})
    with pytest.raises(ValueError, match="dropped: expected tensors by the name of a stream"):
        model(tokens, [True, False])
    with pytest.raises(ValueError, match="tokens: expected tensors by the name of a stream"):
        model(list(tokens.values()), {})
    for wrong in (torch.ones(2, 4, dtype=torch.int64), np.ones((2, 4), np.float32)):
        with pytest.raises(ValueError, match="tokens of 'film': expected a tensor of floats"):
            model(tokens | {"film": wrong}, {})
