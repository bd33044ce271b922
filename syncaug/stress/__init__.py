"""Stress tests: how far streams may part before a model notices, and which relation breaks first.

    from syncaug.stress import stress

    report = stress(policy, samples, score)

`score` takes a list of samples and returns a number for each, the higher the better.
"""

from syncaug.stress.knobs import KNOBS, Knob
from syncaug.stress.report import StressReport
from syncaug.stress.sweep import stress

__all__ = ["KNOBS", "Knob", "StressReport", "stress"]
