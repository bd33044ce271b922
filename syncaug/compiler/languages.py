"""Texts whose language has no lexicon, and steps that need their words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from syncaug.catalogue import operation
from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.values import Scope
from syncaug.compiler.rules.lacking import lack_of_words, language_of
from syncaug.compiler.walk import located_steps
from syncaug.plan.plan import Plan, Step, Stream
from syncaug.values.interval import Interval, UnboundedError
from syncaug.values.value import Constant

__all__ = ["require_languages"]

_STRAIGHT = 20.0
"""Degrees up to which left is still left, as texts have it without an option of their own."""


def require_languages(plan: Plan, complaints: Complaints) -> None:
    """Complain of broken lexicons, and where a step needs words that no lexicon has."""
    spoken = {
        stream.name: stream
        for stream in plan.streams
        if stream.spec.writes and (language_of(stream) != "en" or stream.options.get("lexicon"))
    }
    if not spoken:
        return
    for stream in spoken.values():
        _require_whole(stream, complaints)
    if complaints.failed:
        return
    for step, path, scope in located_steps(plan):
        _require_words(step, path, scope, spoken, complaints)
        foreign = {name for name, stream in spoken.items() if language_of(stream) != "en"}
        _require_english(step, path, foreign, plan, complaints)


def _require_words(
    step: Step, path: Path, scope: Scope, spoken: Mapping[str, Stream], complaints: Complaints
) -> None:
    """Complain where a step needs words that the lexicon of a text's language has not."""
    for name, kind in _needed(step, scope):
        lack = lack_of_words(spoken[name], kind) if name in spoken else ""
        if lack:
            complaints.add(
                "SA316",
                (*path, "uses") if step.transform else path,
                f"step {step.name!r} needs the words for {kind} of {name!r}, and of its "
                f"language {language_of(spoken[name])!r} too little is known: {lack}",
                expected="language: en, de, es, fr or zh, or lexicon: with words of its own",
                hint="name a lexicon, let the text describe nothing (describes: nothing), or "
                "take the step out",
            )


def _require_english(
    step: Step, path: Path, foreign: Collection[str], plan: Plan, complaints: Complaints
) -> None:
    """Complain where a step does to texts of other languages what is known of English alone."""
    for call in step.calls:
        if call.operation and call.stream in foreign and _is_english(call.operation):
            complaints.add(
                "SA318",
                (*path, "apply", call.stream),
                f"{call.operation} knows English words alone, and {call.stream!r} is in "
                f"the language {language_of(plan.stream(call.stream))!r}",
                hint="take the operation out, or declare language: en if it is English",
            )
    for name in _rebuilt(step, plan):
        if name in foreign:
            complaints.add(
                "SA317",
                (*path, "with", "caption"),
                f"{name!r} is in the language {language_of(plan.stream(name))!r}, and only English "
                "captions can be rebuilt",
                expected="caption: keep",
                hint="add the check mentions_visible, so that on_fail draws again where "
                "something that is spoken of has gone",
            )


def _require_whole(stream: Stream, complaints: Complaints) -> None:
    """Complain of own words that cannot be compiled."""
    from syncaug.words.lexicon import LexiconError, lexicon_for  # else not loaded

    own = stream.options.get("lexicon")
    if not own:
        return
    lexicon = lexicon_for(language_of(stream), own)
    try:
        lexicon.directions, lexicon.colours, lexicon.writing  # noqa: B018
    except (LexiconError, AttributeError, KeyError, TypeError, ValueError) as error:
        said = str(error) if isinstance(error, LexiconError) else f"not well formed: {error!r}"
        complaints.add(
            "SA315",
            ("sample", stream.name, "lexicon"),
            said,
            expected="sections as in syncaug/words/lexicons",
            hint="mend the lexicon: see docs/words.md",
        )


def _needed(step: Step, scope: Scope) -> Iterator[tuple[str, str]]:
    """The texts whose words a step may have to change, and the kind of those words."""
    for name, kinds in step.streams.items():
        if "plane" in kinds and _turns(step, scope):
            yield name, "directions"
        if "tone" in kinds and _recolours(step.parameters):
            yield name, "colours"
    sided = {c.stream for c in step.calls if c.operation and _takes_sides(c.operation)}
    for call in step.calls:
        if call.operation == "syncaug.RecolourWords":
            yield call.stream, "colours"
        elif call.operation == "syncaug.MirrorWords" or call.leader in sided:
            yield call.stream, "directions"


def _turns(step: Step, scope: Scope) -> bool:
    """Whether left may not be left after a step: a mirror, or a turn of more than a little."""
    if step.transform == "flip":
        return True
    angle = (
        step.parameters.get("degrees") if step.transform in ("rotate", "camera_rotate") else None
    )
    if angle is None:
        return step.transform == "camera_rotate"
    try:
        angles = angle.interval(scope)
    except UnboundedError:
        return True
    ends = (angles.low, angles.high) if isinstance(angles, Interval) else angles
    return any(abs(end) > _STRAIGHT for end in ends)


def _takes_sides(name: str) -> bool:
    spec = operation(name)
    return spec.may_change("sides") or spec.may_change("mirror")


def _is_english(name: str) -> bool:
    return "wordnet" in operation(name).parameters


def _recolours(parameters: Mapping[str, Any]) -> bool:
    still = {"hue": 0.0, "saturation": 0.0}
    return any(
        not (isinstance(value, Constant) and float(value.value) == still[name])
        for name, value in parameters.items()
        if name in still
    )


def _rebuilt(step: Step, plan: Plan) -> Iterator[str]:
    """The texts that a step rebuilds."""
    if dict(step.parameters).get("caption") == Constant("rebuild"):
        for stream in plan.streams:
            if stream.modality == "phrases" and stream.name in step.streams:
                yield str(stream.options.get("text", ""))
