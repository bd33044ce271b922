"""`load_policy` on policies of 20 and 200 steps: text to plan, beside reading YAML alone."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

import yaml

from benchmarks.report import Goal, Report, Run
from benchmarks.timing import race
from syncaug import PolicyWarning, load_policy

POLICY = Path(__file__).parent / "twenty_steps.yaml"
_NUMBERS = count()


def twenty() -> str:
    """The policy under a name that it never had before, so that nothing is kept."""
    text = POLICY.read_text(encoding="utf-8")
    return text.replace("name: twenty-steps", f"name: twenty-steps-{next(_NUMBERS)}", 1)


def many(steps: int) -> str:
    """A policy of so many simple steps on a picture and a caption, under a new name."""
    lines = ["syncaug: 1", f"name: many-{next(_NUMBERS)}"]
    lines += ["sample: {image: image, caption: {modality: text, describes: image}}", "steps:"]
    uses = (
        "flip, p: 0.5",
        "rotate, with: {degrees: [-5, 5]}",
        "light, with: {value: [-0.1, 0.1]}",
        "colour, with: {hue: [-10, 10]}",
    )
    lines += [f"  - {{name: s{n}, uses: {uses[n % len(uses)]}}}" for n in range(steps)]
    return "\n".join(lines) + "\n"


def load_twenty() -> object:
    """One load of twenty steps."""
    return load_policy(twenty())


def load_many(steps: int) -> object:
    """One load of many steps."""
    return load_policy(many(steps))


def measure(run: Run) -> Report:
    """Loading again and again in one process, each time under another name."""
    report = Report("load_policy of 20 and 200 steps")
    warnings.simplefilter("ignore", PolicyWarning)
    begin = perf_counter()
    policy = load_policy(twenty())
    first = 1e3 * (perf_counter() - begin)
    report.check(len(policy.plan.steps) == 20, "20 steps, which compile without a problem")
    report.check(load_policy(twenty()).plan.steps == policy.plan.steps, "another name, same steps")
    contestants: dict[str, Callable[[], object]] = {
        "yaml.CSafeLoader alone, 20 steps": lambda: yaml.load(twenty(), yaml.CSafeLoader),
        "load: 20 steps": load_twenty,
        "load: 200 simple steps": partial(load_many, 200),
    }
    result = race("one load", contestants, seconds=run.seconds)
    report.races.append(result)
    report.notes.append(f"the first load of the process: {first:.1f} ms")
    for name, aim in (("load: 20 steps", 30.0), ("load: 200 simple steps", None)):
        report.goals.append(Goal(f"{name}, CPU", 1e3 * result.cpu(name), "ms", aim, False))
    return report
