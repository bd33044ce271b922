"""A policy as a model: what it may say, and every problem where it says something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, get_args

from pydantic import Field
from pydantic_core import PydanticCustomError

from syncaug.catalogue.checks import checks
from syncaug.policy.base import AsTuple, Checked, Model, Path, fit, model_of, ref, shown, wrong
from syncaug.policy.document import Document
from syncaug.policy.draws import choose_distribution, is_distribution
from syncaug.policy.links import choose_link, is_link
from syncaug.policy.located import Broken, Located, Source
from syncaug.policy.numbers import require_finite
from syncaug.policy.step_slips import shown_step
from syncaug.policy.step_values import Draw, StreamName
from syncaug.policy.steps import Steps
from syncaug.policy.streams import Stream, read_stream
from syncaug.policy.suggest import guess
from syncaug.problem import Problem

__all__ = ["LANGUAGE", "Ablation", "Found", "OnFail", "Policy", "find", "parse", "parse_value"]

LANGUAGE = 1
"""The version of the policy language that this library speaks."""


class OnFail(Model):
    """What follows a failed check or a refused draw."""

    what: ClassVar[str] = "on_fail"
    example: ClassVar[str] = "on_fail: {retry: 5, then: neutral}"
    others: ClassVar[str] = "keys/on_fail"
    retry: int = Field(0, ge=0, le=1000, description="How many further draws to try.")
    shrink: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Try the first draw again, its strength lower by this factor each time.",
    )
    then: Literal["neutral", "keep_original", "drop", "error"] = Field(
        "error",
        description=(
            "What to do when no draw was good: hand out the original in the size and length of all "
            "other results, keep it as it is, drop it, or raise."
        ),
    )


class Ablation(Model):
    """Which arm of an ablation a policy is."""

    what: ClassVar[str] = "ablation"
    example: ClassVar[str] = "ablation: {arm: independent}"
    arm: Literal["none", "alone", "independent", "jittered", "strict"] = Field(
        description=(
            "How the streams share the draw whose acceptance decides: none is augmented, some are "
            "alone, each has a draw of its own, each strays a little, or all follow it (strict)."
        ),
    )
    streams: Annotated[tuple[StreamName, ...], AsTuple] = Field(
        (), description="The streams that are augmented where the arm is `alone`."
    )
    amount: float = Field(
        0.1,
        ge=0,
        le=1,
        description=(
            "How far streams stray where the arm is `jittered`: 0 is strict, 1 is independent."
        ),
    )
    together: Annotated[tuple[Annotated[tuple[StreamName, ...], AsTuple], ...], AsTuple] = Field(
        (), description="Lists of streams that go together in every arm."
    )


def _on_fail(raw: Any) -> type[OnFail]:
    if isinstance(raw, str):
        words = get_args(OnFail.model_fields["then"].annotation)
        word = raw if raw in words else guess(raw, words, "words/then").name
        if word:
            meant = {"retry": 5, "then": word}
            raise wrong(
                "SA203",
                f"{shown(raw)} does not fit",
                expected="a mapping (on_fail)",
                hint=f"write on_fail: {{retry: 5, then: {word}}}",
                meant=meant,
            )
    return OnFail


def _switch(raw: Any) -> Any:
    if isinstance(raw, bool) or raw in ("on", "off"):
        return raw
    hint = {"no": "write off", "false": "write off", "0": "write off", "none": "write off"}
    hint |= {"yes": "write on", "true": "write on", "1": "write on"}
    hint |= {"off": "write off", "on": "write on"}
    raise wrong(
        "SA205",
        f"{shown(raw)} does not fit 'fuse'",
        expected="on or off",
        hint=hint.get(str(raw).lower(), ""),
    )


def _check(raw: Any) -> Any:
    if isinstance(raw, str) and raw:
        return raw
    if not isinstance(raw, Mapping) or len(raw) != 1:
        expected = "a check's name with its options, such as boxes_visible: {min_area: 0.3}"
        hint = _as_check(raw) if isinstance(raw, Mapping) else ""
        raise wrong("SA203", f"{shown(raw)} is no check", expected=expected, hint=hint)
    ((name, options),) = raw.items()
    if not isinstance(name, str):
        raise wrong(
            "SA203", f"{shown(name)} is no check", expected="a name", path=(name,), key=True
        )
    if options is not None and not isinstance(options, Mapping):
        message = f"{shown(options)} does not fit {name!r}"
        bound = checks()[name].bound if name in checks() else None
        number = isinstance(options, int | float) and not isinstance(options, bool)
        hint = f"write {name}: {{{bound.option}: {options}}}" if bound and number else ""
        expected = "a mapping of options"
        raise wrong("SA203", message, expected=expected, path=(name,), hint=hint, meant={})
    return raw


def _as_check(raw: Mapping[Any, Any]) -> str:
    """What was meant by a mapping of several keys in the place of a check."""
    known = [key for key in raw if key in checks()]
    rest = {key: value for key, value in raw.items() if key not in known}
    if len(known) > 1:
        return f"make an entry of each: {', '.join(known)}"
    if len(known) == 1 and raw[known[0]] is None:
        return f"indent the options below it: write {known[0]}: {shown_step(rest)}"
    if len(known) == 1:
        return f"write {known[0]}: {{...}} with all its options inside"
    named = {k: v for k, v in raw.items() if isinstance(v, str) and v in checks()}
    if len(named) == 1:
        ((key, name),) = named.items()
        rest.pop(key)
        return f"write {name}: {shown_step(rest)}"
    return ""


AnyStream = Annotated[Stream, Checked(read_stream, ref("stream"))]
Check = Annotated[Any, Checked(_check, ref("check"))]


class Policy(Model):
    """A policy: which streams a sample has, and how they are augmented together."""

    others: ClassVar[str] = "keys/the policy"
    syncaug: Literal[1] = Field(description="The version of the policy language: 1.")
    name: str = Field("", description="The policy's name, for records and reports.")
    description: str = Field("", description="What the policy is for, for people.")
    seed: int = Field(0, ge=0, description="The seed of all draws; load_policy can replace it.")
    sample: dict[StreamName, AnyStream] = Field(
        min_length=1, description="The streams of a sample: name -> modality, or a mapping."
    )
    untouched: Annotated[tuple[StreamName, ...], AsTuple] = Field(
        (), description="Other keys of a sample, which pass as they are."
    )
    draw: Draw = Field(default_factory=dict, description="Variables that any step may follow.")
    steps: Steps = Field(description="What is done to a sample, in this order.")
    checks: Annotated[tuple[Check, ...], AsTuple] = Field(
        (), description="Measures of alignment that a result must pass."
    )
    on_fail: Annotated[OnFail, model_of(lambda raw: _on_fail(raw), "on_fail")] = Field(
        OnFail.model_construct(retry=0, shrink=None, then="error"),
        description="What follows a failed check or a refused draw.",
    )
    ablation: Annotated[Ablation | None, model_of(lambda _: Ablation, "ablation")] = Field(
        None, description="Which arm of an ablation the policy is; without it, it is none."
    )
    fuse: Annotated[str | bool, Checked(_switch, {"enum": ["on", "off", True, False]})] = Field(
        "on",
        description="Whether neighbouring maps are carried out as one; off is the literal order.",
    )


def parse(document: Document) -> tuple[Policy | None, list[Problem]]:
    """The policy of a document, or None; and all problems, in the order of the text."""
    found = find(document)
    return found.policy, found.problems


class Found(NamedTuple):
    """The policy of a document, or None; all problems in the order of the text; what is broken."""

    policy: Policy | None
    problems: list[Problem]
    broken: list[Broken]


def find(document: Source) -> Found:
    """What the model says of a document."""
    located = Located(document)
    data = document.data
    version = data.get("syncaug", LANGUAGE)
    if version is not None and (isinstance(version, bool) or version != LANGUAGE):
        hint = "a newer syncaug may read it" if isinstance(version, int) else "write syncaug: 1"
        located.add(
            "SA212",
            ("syncaug",),
            f"{shown(version)} is no version of the language that this syncaug speaks",
            expected="1",
            hint=hint,
        )
        return Found(None, located.problems, [])
    policy: Policy | None = None
    require_finite(data, located)
    try:
        policy = fit(Policy, data)
    except PydanticCustomError as error:
        located.raised(error, ())
    _untouched(data, located)
    _steps(data, located)
    problems = located.problems
    return Found(None if problems else policy, problems, located.broken)


def parse_value(raw: Any) -> Any:
    """A value as a distribution or link model where it has such a form, else as it is.

    Raises PydanticCustomError, for `Located`, where the form is there and its content is wrong.
    """
    if is_link(raw):
        return fit(choose_link(raw), raw)
    if is_distribution(raw):
        return fit(choose_distribution(raw), raw)
    return raw


def _untouched(data: Mapping[str, Any], located: Located) -> None:
    streams, names = data.get("sample"), data.get("untouched")
    if isinstance(streams, Mapping) and isinstance(names, list):
        for index, name in enumerate(names):
            if isinstance(name, str) and name in streams:
                located.add(
                    "SA213",
                    ("untouched", index),
                    f"{name!r} is also declared as a stream",
                    hint="remove it here, or from sample:",
                )


def _steps(data: Mapping[str, Any], located: Located) -> None:
    """What no model sees: names used twice, weights outside a choice, links in parameters."""
    first: dict[str, Path] = {}
    for step, path, chosen in _walk(data.get("steps"), ("steps",), chosen=False):
        name = step.get("name")
        if isinstance(name, str):
            if name in first:
                located.twice(name, (*path, "name"), (*first[name], "name"))
            first.setdefault(name, path)
        if "weight" in step and not chosen:
            located.add(
                "SA214",
                (*path, "weight"),
                "a weight counts only inside one_of or some_of",
                hint="remove it, or use p: for a probability",
                key=True,
            )
        if isinstance(step.get("some_of"), Mapping) and "count" in step["some_of"]:
            if "count" in step:
                located.add(
                    "SA201",
                    (*path, "count"),
                    "count stands inside some_of too",
                    hint="write it in one place",
                    key=True,
                )
        for value, where in _values(step, path):
            try:
                parse_value(value)
            except PydanticCustomError as error:
                located.raised(error, where)


def _walk(raw: Any, path: Path, *, chosen: bool) -> Iterator[tuple[Mapping[str, Any], Path, bool]]:
    """Every mapping where a step is expected, with its path and whether a choice holds it."""
    for index, step in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(step, Mapping):
            here = (*path, index)
            yield step, here, chosen
            for kind in ("one_of", "some_of"):
                inner = step.get(kind)
                if isinstance(inner, Mapping):
                    yield from _walk(inner.get("steps"), (*here, kind, "steps"), chosen=True)
                else:
                    yield from _walk(inner, (*here, kind), chosen=True)


def _values(step: Mapping[str, Any], path: Path) -> Iterator[tuple[Any, Path]]:
    """Every parameter of a step's transform or operations."""
    parameters, applied = step.get("with"), step.get("apply")
    if isinstance(parameters, Mapping):
        yield from ((value, (*path, "with", name)) for name, value in parameters.items())
    if isinstance(applied, Mapping):
        for stream, given in applied.items():
            here = (*path, "apply", stream)
            calls = enumerate(given) if isinstance(given, list) else [("", given)]
            for index, call in calls:
                if isinstance(call, Mapping):
                    where = here if index == "" else (*here, index)
                    yield from ((value, (*where, name)) for name, value in call.items())
