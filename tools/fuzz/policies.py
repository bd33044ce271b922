"""Policies that were changed in one to three places: each loads and draws, or is a PolicyError.

What loads is drawn for three keys at several epochs, severities and progresses: every drawn number
is finite and within its parameter's bounds as the plan states them.
"""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from syncaug import Augmenter, PolicyError, PolicyWarning, SampleError, load_policy
from syncaug.compiler.parameters.variables import RESERVED
from syncaug.draw import StepDraw
from syncaug.plan.plan import Plan, Step
from syncaug.values.interval import Interval, Support
from syncaug.values.value import Value
from tools.fuzz.changes import change_text
from tools.fuzz.outcomes import Tally, tried

__all__ = ["outcome", "policy_of", "run"]

ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 2.0
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 0.5, 1.5, -0.0, 90, 1e308, -1e308, 5e-324, 1e-300, 2**63),
    *(math.nan, math.inf, -math.inf, 10**18, 10**30, [], {}, [[]], [0], [0, 1], [1, 0], [5, 6, 7]),
    *("", "k", "image", "*", "draw", "a@b", "a.b", "a/b", "é", "\ud800", "\0", "😀", "x" * 5000),
    *("strict", "independent", "follow", "keep", "neutral", "flip", "rotate", "severity", "epoch"),
    *({"from": "severity"}, {"from": "epoch", "scale": 1e308}, {"from": "v"}, {"expr": "1/0"}),
    *({"expr": "epoch * 1e308", "clip": [0, 1]}, {"expr": "pi"}, {"expr": "1 + 1"}, {"expr": "("}),
    *({"uniform": [0, 1]}, {"uniform": [1, 0]}, {"choice": []}, {"choice": [1, "a", True]}),
    *({"normal": {"mean": 0, "std": 1e-300, "low": 5, "high": 6}}, {"integers": [0, 2**62]}),
    *({"choice": {"values": [1, 2], "weights": [1e308, 1e308]}}, {"bernoulli": {"expr": "1/2"}}),
    *({"log_uniform": [1e-308, 1e308]}, {"beta": {"a": 1e-3, "b": 1e6}}, {"constant": 3}),
    *(
        {"modality": "image"},
        {"modality": "points", "columns": ["x"]},
        {"op": "albumentations.Blur"},
    ),
    *({"name": "q", "uses": "flip"}, {"one_of": []}, {"jitter": {"image.degrees": 5}}),
)


@cache
def _bases() -> list[tuple[str, dict[str, Any], str]]:
    """Every shipped policy: its name, its data and its text."""
    folders = (ROOT / "policies", ROOT / "tests" / "policies" / "valid" / "forms")
    found = []
    for path in sorted(p for folder in folders for p in folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        data = yaml.safe_load(text)
        if isinstance(data, dict):
            found.append((path.stem, data, text))
    return found


def run(seed: int, count: int, processes: int) -> Tally:
    """The tally of `count` changed policies."""
    tally = Tally()
    chunks = [range(start, min(start + 500, count)) for start in range(0, count, 500)]
    with ProcessPoolExecutor(processes) as pool:
        for part in pool.map(partial(_tally, seed), chunks):
            tally += part
    return tally


def _tally(seed: int, numbers: range) -> Tally:
    return tried(_cases(seed, numbers), outcome, seconds=_SECONDS * 5)


def _cases(seed: int, numbers: range) -> Iterator[tuple[str, Any]]:
    for number in numbers:
        name, source = policy_of(seed, number)
        yield name, source


def policy_of(seed: int, number: int) -> tuple[str, Any]:
    """The changed policy of a number, and words for what was changed."""
    draw = random.Random(f"{seed}/{number}")
    name, data, text = draw.choice(_bases())
    if draw.random() < 0.15:
        changed, words = change_text(text, draw)
        return f"{seed}/{number} {name}: {words}", f"{changed}\n# end\n"
    copy = _copied(data)
    words = []
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        words.append(_change(copy, draw))
    return f"{seed}/{number} {name}: {'; '.join(words)}", copy


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _change(data: dict[str, Any], draw: random.Random) -> str:
    """Change the data in one place; words for it."""
    holders = list(_holders(data))
    holder = draw.choice(holders)
    if not holder:
        odd = _copied(draw.choice(_ODD))
        holder.update({_odd_key(draw): odd}) if isinstance(holder, dict) else holder.append(odd)
        return f"{ascii(odd)[:70]} where nothing was"
    key = draw.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    value = holder[key]
    kind = draw.choice(("odd", "odd", "bend", "key", "remove", "copy", "swap", "wrap"))
    if kind == "bend" and isinstance(value, int | float) and not isinstance(value, bool):
        holder[key] = draw.choice((value * 1000, -value, value + 1, value * 1e300, value / 3, 0))
    elif kind == "key" and isinstance(holder, dict):
        name = str(key)
        at = draw.randrange(len(name) + 1)
        other = draw.choice((name[:at] + draw.choice("aZ_. é") + name[at + 1 :], _odd_key(draw)))
        holder[other] = holder.pop(key)
    elif kind == "remove":
        del holder[key]
    elif kind == "copy" and isinstance(holder, list):
        holder.insert(draw.randrange(len(holder) + 1), _copied(value))
    elif kind == "swap":
        other_holder = draw.choice([h for h in holders if h])
        places = list(other_holder) if isinstance(other_holder, dict) else range(len(other_holder))
        holder[key] = _copied(other_holder[draw.choice(list(places))])
    elif kind == "wrap":
        holder[key] = draw.choice(([value], {"a": value}, str(value), [value, value]))
    else:
        kind = "odd"
        holder[key] = _copied(draw.choice(_ODD))
    there = key in holder if isinstance(holder, dict) else key < len(holder)
    return f"{key} {kind} {ascii(holder[key])[:70]}" if there else f"{key!a} {kind}"


def _odd_key(draw: random.Random) -> Any:
    return draw.choice(("", "k", "name", "p", "with", 1, None, True, 0.5, math.nan, "\ud800", "*"))


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _holders(item)


def outcome(source: Any) -> str:
    """What comes of one policy, in a few words. Raises where anything else comes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", PolicyWarning)
        try:
            policy = load_policy(source)
        except PolicyError as error:
            str(error)
            return "PolicyError"
        assert len(policy.plan.fingerprint) == 16
        return _drawn(policy)


def _drawn(policy: Augmenter) -> str:
    came = "loads and draws"
    for key, (severity, progress, epoch) in enumerate(
        ((0.0, 1.0, 0), (0.5, 0.0, 1), (1.0, 0.3, 7))
    ):
        set_ = policy.with_severity(severity).with_progress(progress)
        try:
            draw = set_.draw(key=key, epoch=epoch)
        except SampleError as error:
            if error.stream != "epoch":
                raise
            came = "loads, SampleError at a late epoch"
            continue
        _finite(draw.as_json())
        _inside(policy.plan, draw.variables, draw.steps)
    return came


def _finite(value: Any) -> None:
    """Raise AssertionError where a number of a draw is none."""
    if isinstance(value, Mapping):
        for item in value.values():
            _finite(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _finite(item)
    elif isinstance(value, float):
        assert math.isfinite(value), "a drawn number is not finite"


def _inside(plan: Plan, variables: Mapping[str, Any], steps: tuple[StepDraw, ...]) -> None:
    """Raise AssertionError where a drawn value is none that the plan says it can be."""
    scope: dict[str, Support] = dict(RESERVED)
    for variable in plan.variables:
        scope[variable.name] = variable.value.interval(scope)
        _require(variables[variable.name], scope[variable.name], variable.name)
    known = {step.name: step for step in plan.walk()}
    for drawn in steps:
        _step_inside(drawn, known, scope)


def _step_inside(drawn: StepDraw, known: Mapping[str, Step], scope: Mapping[str, Support]) -> None:
    step = known[drawn.name]
    inner = dict(scope)
    for variable in step.variables:
        inner[variable.name] = variable.value.interval(inner)
    if drawn.applied and step.transform and not step.sync.jitter:
        for name, value in drawn.parameters.get("*", {}).items():
            _within(value, dict(step.parameters)[name], inner, f"{name} of {step.name}")
    for child in drawn.steps:
        _step_inside(child, known, inner)


def _within(value: Any, of: Value, scope: Mapping[str, Support], name: str) -> None:
    _require(value, of.interval(scope), name)


def _require(value: Any, support: Support, name: str) -> None:
    if isinstance(support, Interval):
        assert support.low <= value <= support.high, f"{name} = {value!r} outside {support}"
    else:
        assert any(value == item for item in support), f"{name} = {value!r} is none of its values"
