"""The losses once more in numpy's float64, sum by sum as their papers write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def unit(x: Array) -> Array:
    return np.stack([row / np.linalg.norm(row) for row in x])


def info_nce(
    a: Array,
    b: Array,
    *,
    temperature: float,
    positive: Array,
    left_out: Array,
    weights: Array,
    hardness: float = 0.0,
) -> float:
    s = unit(a) @ unit(b).T / temperature

    def side(s: Array, positive: Array, left_out: Array) -> list[float]:
        found = []
        for i in range(len(s)):
            pos = [j for j in range(len(s)) if positive[i, j]]
            neg = [j for j in range(len(s)) if not positive[i, j] and not left_out[i, j]]
            factors = {j: np.exp(hardness * s[i, j]) for j in neg}
            mean = sum(factors.values()) / len(neg) if neg else 1.0
            whole = sum(np.exp(s[i, j]) for j in pos)
            whole += sum(factors[j] / mean * np.exp(s[i, j]) for j in neg)
            found.append(np.log(whole) - sum(s[i, j] for j in pos) / len(pos))
        return found

    rows, columns = side(s, positive, left_out), side(s.T, positive.T, left_out.T)
    return float(np.average(0.5 * (np.array(rows) + np.array(columns)), weights=weights))


def siglip(
    a: Array,
    b: Array,
    *,
    temperature: float,
    bias: float,
    positive: Array,
    left_out: Array,
    weights: Array,
) -> float:
    s = unit(a) @ unit(b).T / temperature + bias
    total = 0.0
    for i in range(len(s)):
        for j in range(len(s)):
            if left_out[i, j] and not positive[i, j]:
                continue
            z = 1.0 if positive[i, j] else -1.0
            total += (weights[i] + weights[j]) / 2 * -np.log(1.0 / (1.0 + np.exp(-z * s[i, j])))
    return float(total / weights.sum())


def cosine(a: Array, b: Array, *, weights: Array) -> float:
    return float(
        np.average([1 - x @ y for x, y in zip(unit(a), unit(b), strict=True)], weights=weights)
    )


def alignment_uniformity(a: Array, b: Array, *, alpha: float, t: float, weights: Array) -> float:
    a, b = unit(a), unit(b)
    near = np.average(
        [np.linalg.norm(x - y) ** alpha for x, y in zip(a, b, strict=True)], weights=weights
    )

    def spread(x: Array) -> float:
        total = mass = 0.0
        for i in range(len(x)):
            for j in range(i):
                w = weights[i] * weights[j]
                total += w * np.exp(-t * ((x[i] - x[j]) ** 2).sum())
                mass += w
        return float(np.log(total / mass))

    return float(near + (spread(a) + spread(b)) / 2)


def vicreg(a: Array, b: Array, *, weights: Array) -> float:
    total = 25.0 * np.average(((a - b) ** 2).mean(axis=1), weights=weights)
    for x in (a, b):
        covariance = np.atleast_2d(np.cov(x.T, aweights=weights))
        total += 25.0 * np.maximum(0, 1 - np.sqrt(np.diag(covariance) + 1e-4)).mean() / 2
        off = covariance - np.diag(np.diag(covariance))
        total += (off**2).sum() / x.shape[1]
    return float(total)


def neighbours(a: Array, b: Array, *, temperature: float, weights: Array) -> float:
    def way(x: Array, y: Array) -> list[float]:
        found = []
        for i in range(len(x)):
            near = np.exp(y @ x[i] / temperature)
            there = (near[:, None] * y).sum(axis=0) / near.sum()
            back = np.exp(x @ (there / np.linalg.norm(there)) / temperature)
            found.append(-np.log(back[i] / back.sum()))
        return found

    a, b = unit(a), unit(b)
    both = np.array(way(a, b)) + np.array(way(b, a))
    return float(np.average(both / 2, weights=weights))


def decoded(
    a: Array,
    b: Array,
    to_b: Callable[[Array], Array],
    to_a: Callable[[Array], Array],
    weights: Array,
) -> float:
    there = ((to_a(to_b(a)) - a) ** 2).mean(axis=1) + ((to_b(to_a(b)) - b) ** 2).mean(axis=1)
    return float(np.average(there, weights=weights))
