"""What holds of every policy: same address, same bytes; inputs and global generators are left."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.augmenter import Augmenter
from syncaug.determinism.generators import global_generators
from syncaug.errors import ExternalError, PolicyError, SyncaugError
from syncaug.loading import load_policy
from syncaug.testing.comparing import bytes_of, distance, form_of

__all__ = ["KEYS", "carried", "loaded", "policy_of", "require", "require_laws", "require_near"]

KEYS = tuple(range(6))
"""The keys under which a sample is carried."""


def require(holds: bool, what: str, message: str) -> None:
    """Raise the AssertionError of a contract: of what, which rule is broken, what to mend."""
    if not holds:
        raise AssertionError(f"{what}: {message}")


def policy_of(
    streams: Mapping[str, Any], steps: Sequence[Mapping[str, Any]], **more: Any
) -> dict[str, Any]:
    """A policy as data; steps get names by their place."""
    named = [{"name": f"step_{place}", **step} for place, step in enumerate(steps)]
    return {"syncaug": 1, "sample": dict(streams), "steps": named, **more}


def loaded(policy: Mapping[str, Any], what: str) -> Augmenter:
    """The policy, compiled; all of its problems as an AssertionError."""
    try:
        return load_policy(policy, seed=7)
    except PolicyError as error:
        raise AssertionError(f"{what}: {error}") from error


def carried(
    augmenter: Augmenter,
    sample: Mapping[str, Any],
    key: int,
    what: str,
    partner: Mapping[str, Any] | None = None,
) -> Any:
    """What became of a sample: a dict, or the text of the error by which it was refused."""
    try:
        return augmenter(sample, key=key, partner=partner)
    except ExternalError as error:
        if error.__cause__ is None:
            raise AssertionError(f"{what}: {error.what}") from error
        raise AssertionError(_left(what, error.__cause__)) from error
    except SyncaugError as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        raise AssertionError(_left(what, error)) from error


def _left(what: str, error: BaseException) -> str:
    return (
        f"{what}: {type(error).__name__} left a call ({error}); raise RefusalError where a draw "
        "cannot be carried out, and self.fail(...) where a sample is not what was declared"
    )


def require_laws(
    policy: Mapping[str, Any],
    sample: Mapping[str, Any],
    what: str,
    partner: Mapping[str, Any] | None = None,
) -> Augmenter:
    """Hold a policy against all that is true of every policy; the augmenter, for more."""
    augmenter = loaded(policy, what)
    before, generators = bytes_of(sample), global_generators()
    outs = {key: carried(augmenter, sample, key, what, partner) for key in KEYS}
    changed = [name for name, digest in bytes_of(sample).items() if digest != before[name]]
    require(not changed, what, f"the input {changed} was written to; copy what you change")
    require(
        generators == global_generators(),
        what,
        "a global generator was used; draw from the entropy that you are given",
    )
    results = {key: out for key, out in outs.items() if isinstance(out, dict)}
    require(bool(results), what, f"all draws were refused: {outs[KEYS[0]]}")
    _require_same(policy, (sample, partner), outs, augmenter, what)
    for out in results.values():
        for name, value in sample.items():
            came, went = form_of(value), form_of(out[name])
            require(
                came == went,
                what,
                f"{name!r} came as {came} and went out as {went}; hand back the form that came",
            )
    draws = {json.dumps(augmenter.draw(key=key).as_json()["steps"]) for key in results}
    unlike = {tuple(bytes_of(out).values()) for out in results.values()}
    require(
        len(draws) == 1 or len(unlike) > 1,
        what,
        "other keys drew other parameters and gave the same bytes; use what is drawn",
    )
    return augmenter


def _require_same(
    policy: Mapping[str, Any],
    pair: tuple[Mapping[str, Any], Mapping[str, Any] | None],
    outs: Mapping[int, Any],
    augmenter: Augmenter,
    what: str,
) -> None:
    """The same address gives the same bytes: again, elsewhere, from a record, in any order."""
    sample, partner = pair
    try:
        copied = pickle.loads(pickle.dumps(augmenter))
    except Exception as error:
        raise AssertionError(
            f"{what}: the policy cannot be pickled ({error}); keep functions and open files out of "
            "what is built for a plan"
        ) from error
    others = {
        "called again": augmenter,
        "in another order": loaded(policy, what),
        "pickled": copied,
    }
    for how, other in others.items():
        for key in reversed(KEYS):
            _require_equal(outs[key], carried(other, sample, key, what, partner), how, what)
    key = next(key for key, out in outs.items() if isinstance(out, dict))
    _, record = augmenter.apply(sample, key=key, partner=partner)
    again = augmenter.replay(sample, record.to_json(), partner=partner)
    _require_equal(outs[key], again, "replayed from its record", what)


def _require_equal(one: Any, other: Any, how: str, what: str) -> None:
    if isinstance(one, dict) and isinstance(other, dict):
        first, second = bytes_of(one), bytes_of(other)
        unlike = [name for name in first if first[name] != second.get(name)]
        require(
            not unlike,
            what,
            f"{how}, the same address gave other bytes in {unlike}; keep no state between calls, "
            "and draw only from the entropy that you are given",
        )
    else:
        require(
            one == other, what, f"{how}, the same address gave {other!r:.200}; was {one!r:.200}"
        )


def require_near(one: Any, other: Any, bound: float, what: str, message: str) -> None:
    """Hold two results against each other, stream by stream, within a bound."""
    for out in (one, other):
        require(isinstance(out, dict), what, f"{message}; it was refused: {out}")
    for name, value in one.items():
        apart = distance(value, other[name])
        require(apart <= bound, what, f"{message}; {name!r} is {apart:g} apart, at most {bound:g}")
