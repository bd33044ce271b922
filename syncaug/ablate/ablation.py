"""The ablation: every arm under every seed, what was measured, and what it comes to."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from syncaug.ablate.arms import AblationError, Arm, arms_of, write_policy
from syncaug.ablate.marginals import DRAWS, marginals, require_drawn
from syncaug.ablate.report import AblationReport, summarized
from syncaug.ablate.trainers import LOG, POLICY, CannotStart, RunFailed, checked
from syncaug.errors import SyncaugError
from syncaug.loading import load_policy

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = ["RUNS", "Training", "ablate"]

RUNS = "runs"
"""The folder of the runs, beside the report."""
_MARGINALS = "marginals"

Train = Callable[[Any, int, Path], Mapping[str, float]]


class Training(Protocol):
    """What trains a model in one run."""

    def run(self, arm: str, seed: int, out: Path) -> dict[str, float]:
        """Train under the policy in the folder `out`; the metrics. Raises RunFailed, CannotStart
        where no other run could begin either.
        """
        ...

    def stop(self) -> None:
        """End what runs."""
        ...


@dataclass(frozen=True, slots=True)
class _Function:
    """A function that trains in this process, in threads where several runs go side by side."""

    train: Train
    encoders: Mapping[str, Any]

    def run(self, arm: str, seed: int, out: Path) -> dict[str, float]:
        try:
            policy = load_policy(out / POLICY, encoders=self.encoders)
            return checked(self.train(policy, seed, out), "what it returned")
        except RunFailed:
            raise
        except ImportError as error:
            raise CannotStart(f"the function raised {type(error).__name__}: {error}") from error
        except (Exception, SystemExit) as error:
            raise RunFailed(f"the function raised {type(error).__name__}: {error}") from error

    def stop(self) -> None:
        """Nothing ends a function but its own end."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """What is told of a run, and whether it began at all."""

    told: dict[str, Any]
    began: bool


def ablate(
    policy: Augmenter,
    train: Training | Train,
    out: Path | str,
    *,
    samples: Sequence[Mapping[str, Any]],
    keys: Sequence[str | int] | None = None,
    seeds: int = 5,
    arms: Sequence[Arm] | None = None,
    lower: Sequence[str] = (),
    jobs: int = 1,
    draws: int = DRAWS,
    found: MutableMapping[str, Any] | None = None,
    drawn: Callable[[int, int], None] | None = None,
    ran: Callable[[Mapping[str, Any], int, int], None] | None = None,
) -> AblationReport:
    """Run a training in every arm under seeds from 0 on, and compare strict synchrony with each.

    `train` gets the loaded policy of an arm, a seed and a folder, and returns numbers by name, of
    which higher ones are better but for those that `lower` names. The same seed gives all arms the
    same draws to begin with. `samples` are those on which `draws` accepted draws of each arm are
    compared as soon as a run has given metrics; 0 leaves that out. `found` holds what earlier runs
    have given, and takes what these give; runs that failed are made again. A run that fails is
    marked, and the others go on, unless it is one that could not start and none has ended well:
    then no other could. `drawn` and `ran` are told how far it is. Raises AblationError for arms
    that do not fit and for trainings that cannot start, what a call of the policy raises for
    samples, and MissingExtraError without scipy.
    """
    training: Any = train if hasattr(train, "run") else _Function(train, policy.encoders)
    arms = arms_of(policy) if arms is None else arms
    known: MutableMapping[str, Any] = {} if found is None else found
    places = list(range(len(samples))) if keys is None else list(keys)
    stopping = threading.Event()

    def counted(done: int, total: int) -> None:
        if stopping.is_set():
            raise RunFailed("stopped")
        if drawn is not None:
            drawn(done, total)

    wanted = [(arm, seed) for seed in range(seeds) for arm in arms]
    waiting = deque(one for one in wanted if "metrics" not in known.get(_name(*one), {}))
    done = len(wanted) - len(waiting)
    comparing = bool(draws) and _MARGINALS not in known
    if comparing:
        require_drawn(policy, samples, places, draws=draws)
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        began: dict[Future[Any], str] = {}
        try:
            while waiting or began or (comparing and _any_good(known)):
                if comparing and _any_good(known):  # of no use where nothing is measured
                    comparing = False
                    compare = partial(marginals, policy, arms, samples, places)
                    began[pool.submit(compare, draws=draws, progress=counted)] = _MARGINALS
                while waiting and len(began) < max(1, jobs):
                    arm, seed = waiting.popleft()
                    run = pool.submit(_run, training, policy, arm, seed, Path(out))
                    began[run] = _name(arm, seed)
                for future in wait(began, return_when=FIRST_COMPLETED).done:
                    ended, name = future.result(), began.pop(future)
                    if name == _MARGINALS:
                        known[_MARGINALS] = ended
                        continue
                    if not ended.began and not _any_good(known):
                        raise _stuck(ended.told, Path(out), again="--resume" if known else "")
                    known[name] = ended.told
                    done += 1
                    if ran is not None:
                        ran(ended.told, done, len(wanted))
        except BaseException:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            training.stop()
            raise
    runs = [known[_name(*one)] for one in wanted]
    return summarized(policy, [arm.name for arm in arms], runs, known.get(_MARGINALS), lower)


def _any_good(known: Mapping[str, Any]) -> bool:
    """Whether a run has given metrics."""
    return any("metrics" in told for told in known.values())


def _name(arm: Arm, seed: int) -> str:
    return f"{arm.name}/{seed}"


def _stuck(told: Mapping[str, Any], out: Path, *, again: str) -> AblationError:
    """The error of a training that cannot start, from what its first run came to.

    `again` is the option with which the ablation goes on, where it has found something already.
    """
    log = out / told["out"] / LOG
    where = f" Its log: {log}." if log.is_file() else ""
    return AblationError(
        f"the training cannot start: {told['error'].rstrip('.')}. All other runs would end alike, "
        f"and none is made.{where} Mend the training, and ablate again"
        + (f" with {again}." if again else ".")
    )


def _run(training: Training, policy: Augmenter, arm: Arm, seed: int, out: Path) -> _Ended:
    """One run, in a folder that no earlier one had: its metrics, or why there are none."""
    folder = _fresh(out / RUNS / _folder(arm.name), seed)
    told: dict[str, Any] = {"arm": arm.name, "seed": seed, "out": str(folder.relative_to(out))}
    begun, began = time.monotonic(), True
    try:
        write_policy(arm, policy, policy.seed + seed, folder / POLICY)
        told["metrics"] = training.run(arm.name, seed, folder.absolute())
    except (RunFailed, SyncaugError, OSError) as error:
        told["error"], began = str(error), not isinstance(error, CannotStart)
    return _Ended({**told, "seconds": round(time.monotonic() - begun, 3)}, began)


def _fresh(parent: Path, seed: int) -> Path:
    """A new folder for a run; one that failed or was killed keeps its own."""
    number = 1
    while True:
        folder = parent / (f"seed-{seed}" if number == 1 else f"seed-{seed}-again-{number - 1}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return folder


def _folder(name: str) -> str:
    """The name of an arm as a folder that every system takes."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)
    return kept if kept == name else f"{kept}-{sum(name.encode()) % 9973}"
