"""The contracts of operations, transforms, checks and lanes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.augmenter import Augmenter
from syncaug.catalogue import LIBRARIES
from syncaug.catalogue.checks import check_spec, checks
from syncaug.catalogue.external import CHECKS, TRANSFORMS, external_object
from syncaug.catalogue.transforms import TransformSpec, transform, transform_names
from syncaug.checks import Measure, Outcome
from syncaug.engine.program import Program
from syncaug.engine.state import State
from syncaug.engine.view import Reach, StepView
from syncaug.errors import AlignmentError, RefusalError, SampleError
from syncaug.suspicions import Suspicions
from syncaug.testing.comparing import bytes_of
from syncaug.testing.laws import (
    KEYS,
    carried,
    loaded,
    policy_of,
    require,
    require_laws,
    require_near,
)
from syncaug.transforms.brought import fault_of

__all__ = ["check_check", "check_lane", "check_operation", "check_transform"]

Streams = Mapping[str, Any]
Steps = Sequence[Mapping[str, Any]]


def check_operation(
    name: str,
    *,
    on: str,
    streams: Streams,
    sample: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    follow: Sequence[str] = (),
) -> None:
    """Hold an operation `library.Name` to its contract, on the stream `on` of a sample.

    `streams` are those of the sample as a policy declares them, `parameters` the operation's own
    (ranges and distributions too), and `follow` the streams that follow it. Raises AssertionError.
    """
    library = name.partition(".")[0]
    require(library not in LIBRARIES, name, f"{library!r} is a library of ours; take another name")
    calls = {on: {"op": name, **(parameters or {})}, **dict.fromkeys(follow, "follow")}
    require_laws(policy_of(streams, [{"apply": calls}]), sample, name)


def check_transform(
    name: str,
    *,
    streams: Streams,
    sample: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    tolerance: float = 1e-6,
    partner: Mapping[str, Any] | None = None,
) -> None:
    """Hold a transform to its contract, on a sample of some streams.

    `parameters` are what a step gives it under `with:` (ranges too). Where some have a `neutral:`
    value, these alone must change no number by more than `tolerance`. A transform that mixes
    takes from `partner`, another sample. Raises AssertionError.
    """
    require(name not in transform_names(), name, "is a transform of ours; take another name")
    given = dict(parameters or {})
    policy = policy_of(streams, [{"uses": name, "with": given}])
    augmenter, spec = loaded(policy, name), transform(name)
    for key in KEYS if partner is None else ():
        _require_maps(spec, augmenter, sample, key)
    require_laws(policy, sample, name, partner)
    neutral = {
        key: parameter.neutral
        for key, parameter in spec.parameters.items()
        if parameter.neutral is not None and (key in given or key not in spec.one_of)
    }
    if neutral:
        still = {k: v for k, v in given.items() if k not in neutral} | neutral
        out = carried(
            loaded(policy_of(streams, [{"uses": name, "with": still}]), name),
            sample,
            0,
            name,
            partner,
        )
        message = f"the values that SPEC calls neutral, {neutral}, change something"
        require_near(dict(sample), out, tolerance, name, message)


def _require_maps(
    spec: TransformSpec, augmenter: Augmenter, sample: Mapping[str, Any], key: int
) -> None:
    """The maps of one draw are values of the kinds that SPEC names, and fit what is there."""
    program, draw = Program(augmenter.plan), augmenter.draw(key=key)
    step = augmenter.plan.steps[0]
    try:
        state = State(program.lanes, program.schedule_for(draw), sample, draw.source())
    except SampleError as error:
        raise AssertionError(f"{spec.name}: the sample is not as declared: {error}") from error
    view = StepView(state, Reach.of(augmenter.plan, step.name, tuple(step.streams)))
    parameters = next(iter(draw.steps[0].parameters.values()), {})
    before, name = dict(parameters), spec.name
    try:
        made: Sequence[Any] = external_object(TRANSFORMS, name).maps(parameters, view)
    except RefusalError:
        return
    require(parameters == before, name, "maps() changed the parameters that it was given")
    targets = augmenter.plan.targets(step)
    for located in made:
        fault = fault_of(spec, located, view)
        require(not fault, name, fault)
        kind, space, _ = located
        require(
            (kind, space) in targets,
            name,
            f"a {kind} map was sent to {space!r}; ask the view for planes, clocks or worlds",
        )


def check_check(
    name: str,
    *,
    streams: Streams,
    sample: Mapping[str, Any],
    options: Mapping[str, Any] | None = None,
    steps: Steps = (),
    spoils: Steps = (),
) -> None:
    """Hold a check to its contract: it passes after `steps`, and fails after `spoils`.

    Without `steps` the sample stays as it is, which a check must pass. Raises AssertionError.
    """
    require(name not in checks(), name, "is a check of ours; take another name")
    listed = [{name: dict(options or {})}]
    policy = policy_of(streams, steps, checks=listed)
    _require_measure(name, loaded(policy, name), sample)
    require_laws(policy, sample, name)
    if spoils:
        spoiled = loaded(policy_of(streams, spoils, checks=listed), name)
        for key in KEYS:
            try:
                spoiled(sample, key=key)
            except AlignmentError:
                continue
            raise AssertionError(f"{name}: it passes what `spoils` does to the sample, key {key}")


def _require_measure(name: str, augmenter: Augmenter, sample: Mapping[str, Any]) -> None:
    """What is measured is a Measure, the same each time, of what SPEC says that it reads."""
    draw, plan = augmenter.draw(key=KEYS[0]), augmenter.plan
    state = Program(plan).run(sample, draw, Suspicions())
    after = state.finish()
    measure, options = external_object(CHECKS, name).measure, plan.checks[0].options
    before = bytes_of(after)
    first = measure(options, Outcome(sample, after, state))
    require(
        isinstance(first, Measure), name, f"measure() returned {first!r:.80}; expected a Measure"
    )
    require(bytes_of(after) == before, name, "measure() wrote to the outcome; copy what you change")
    reads = check_spec(name).reads
    read = {s.name for s in plan.streams if s.modality in reads}
    fewer = {key: value for key, value in after.items() if key in read}
    try:
        second = measure(options, Outcome(sample, fewer, state))
    except KeyError as error:
        raise AssertionError(
            f"{name}: it reads {error} of outcome.after; add the modality to SPEC's reads"
        ) from error
    same = first == second or (first.value != first.value and second.value != second.value)
    require(same, name, f"measured twice it says {first} and {second}; keep no state between calls")


def check_lane(
    name: str,
    *,
    stream: str,
    streams: Streams,
    sample: Mapping[str, Any],
    steps: Steps,
    tolerance: float = 0.0,
) -> None:
    """Hold a lane to its contract: the stream `stream` comes out as by the library's own lane.

    `steps` are those of a policy; numbers may differ by `tolerance`. Raises AssertionError.
    """
    declared = streams[stream]
    options = {"modality": declared} if isinstance(declared, str) else dict(declared)
    asked = {**streams, stream: {**options, "lane": name}}
    theirs = require_laws(policy_of(asked, steps), sample, name)
    ours = loaded(policy_of(streams, steps), name)
    for key in KEYS:
        one, other = (carried(each, sample, key, name) for each in (ours, theirs))
        if isinstance(one, dict) or isinstance(other, dict):
            require_near(one, other, tolerance, name, f"key {key} differs from the library's own")
