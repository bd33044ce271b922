"""`load_policy` on a policy of twenty steps: text to plan, and what reading YAML alone costs."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from time import perf_counter

import yaml
from timing import Goal, Report, main, race

from syncaug import load_policy

POLICY = Path(__file__).parent / "twenty_steps.yaml"


def measure(rounds: int) -> Report:
    """Loading again and again in one process, each time under another name, so nothing is kept."""
    text = POLICY.read_text(encoding="utf-8")
    numbers = count()

    def fresh() -> str:
        return text.replace("name: twenty-steps", f"name: twenty-steps-{next(numbers)}", 1)

    begin = perf_counter()
    policy = load_policy(text)
    first = 1e3 * (perf_counter() - begin)
    report = Report("load_policy of twenty steps")
    report.check(len(policy.plan.steps) == 20, "20 steps, which compile without a problem")
    report.check(
        load_policy(fresh()).plan.steps == policy.plan.steps, "another name, the same steps"
    )
    result = race(
        "one load",
        {
            "yaml.CSafeLoader alone": lambda: yaml.load(fresh(), yaml.CSafeLoader),
            "yaml.SafeLoader alone": lambda: yaml.load(fresh(), yaml.SafeLoader),
            "load_policy": lambda: load_policy(fresh()),
        },
        rounds=rounds,
        turn=0.03,
    )
    report.races.append(result)
    report.notes.append(
        f"the first load in this process, catalogues read on the way: {first:.1f} ms"
    )
    report.goals.append(
        Goal("load_policy", result.time("load_policy").over(1e3), 30.0, "ms", False)
    )
    return report


if __name__ == "__main__":
    main(measure, rounds=40)
