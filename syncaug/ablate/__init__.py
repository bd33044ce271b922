"""Ablations: whether synchrony helps a training, by runs that differ in nothing else.

    from syncaug.ablate import ablate

    report = ablate(policy, train, "out", samples=samples, seeds=8)

`train` gets a policy, a seed and a folder, and returns the numbers that it measured.
"""

from syncaug.ablate.ablation import ablate
from syncaug.ablate.arms import Arm, arms_of
from syncaug.ablate.report import AblationReport

__all__ = ["AblationReport", "Arm", "ablate", "arms_of"]
