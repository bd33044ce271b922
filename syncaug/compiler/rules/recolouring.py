"""Operations that may change colours, and the texts beside them that name colours.

The catalogue says which operations those are, under which values they leave colours alone, and
which parameter turns the hue by how much. A text follows by an operation of its own in the same
step: by the same turn where both sides state their degrees, else by the same variable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from syncaug import catalogue
from syncaug.catalogue import LIBRARIES, OperationSpec
from syncaug.compiler.declared import Declared
from syncaug.compiler.parameters.possible import always_fits
from syncaug.compiler.reach.applied import Applied
from syncaug.compiler.rules.retelling import RETELLING
from syncaug.plan.plan import Call, Stream
from syncaug.values.interval import Interval, Support, UnboundedError
from syncaug.values.value import Drawn

__all__ = ["require_recoloured"]

_CLOSE = 5.0
"""Degrees by which a turn of words may differ from that of the picture."""
_MOST_TRIALS = 256


def require_recoloured(applied: Applied, declared: Declared) -> None:
    """Complain about texts whose colour words a step may leave behind."""
    scope = applied.scope
    for call in applied.calls:
        spec = catalogue.operation(call.operation)
        stream = declared.streams[call.stream]
        if stream.modality not in ("image", "video") or not _changes(spec, call, scope):
            continue
        for text in _describing(stream, declared):
            if text.name in applied.keeping:
                continue
            own = [other for other in applied.calls if other.stream == text.name]
            why = _unfollowed(call, spec, own, scope)
            if why:
                declared.complaints.add(
                    "SA502",
                    (*applied.path, call.stream),
                    f"{call.operation} may change colours, and {why.format(name=text.name)}",
                    expected=f"{text.name}: keep, or an operation on it that follows"
                    if text.modality == "text"
                    else f"{text.name}: keep",
                    hint=_hint(spec, text, own),
                    key=True,
                )


def _describing(picture: Stream, declared: Declared) -> list[Stream]:
    """The streams of words that describe a picture.

    Cues are what is spoken unless they say that they describe; phrases go with their text.
    """
    plane = picture.spaces.get("plane", "")
    return [
        stream
        for stream in declared.index.living(
            "plane", plane, "text", "timed_text", "phrases", "messages"
        )
        if stream.modality in ("text", "messages")
        or (stream.modality == "timed_text" and stream.options.get("describes"))
        or (stream.modality == "phrases" and not stream.options.get("text"))
    ]


def _changes(spec: OperationSpec, call: Call, scope: Mapping[str, Support]) -> bool:
    return spec.may_change("colours") and not any(
        always_fits(spec, call.parameters, row, scope) for row in spec.colours_stay
    )


def _hint(spec: OperationSpec, text: Stream, own: Sequence[Call]) -> str:
    """What to do: let the words stay, let them follow, or say that they speak of something else."""
    name = text.name
    stay = f"write {name}: keep to let its words stay"
    if own:
        stay = (
            f"to let its words stay, move the operations on {name!r} to a step of their own and "
            f"write {name}: keep"
        )
    follow = "use the transform 'colour', which words follow"
    if spec.turns_hue and text.modality == "text":
        follow = f"link syncaug.RecolourWords on {name!r} to the same variable, or {follow}"
    about = (
        "" if text.options.get("describes") else "; describes: nothing ends its tie to a picture"
    )
    return f"{stay}; or {follow}{about if text.modality == 'text' else ''}"


def _unfollowed(
    call: Call, spec: OperationSpec, own: Sequence[Call], scope: Mapping[str, Support]
) -> str:
    """What is wrong with the operations on a text as followers of a picture's; empty if nothing."""
    stays = "{name!r} would stay behind"
    followers = [
        (other, catalogue.operation(other.operation))
        for other in own
        if catalogue.operation(other.operation).may_change("colours")
    ]
    for other, words in followers:
        if other.operation == RETELLING:
            return ""  # somebody has written how it looks afterwards
        if not (spec.turns_hue and words.turns_hue):
            if _shared(call, other) or (not call.parameters and words.library not in LIBRARIES):
                return ""
            stays = f"{other.operation} on {{name!r}} follows none of its variables"
            continue
        rest = [
            {key: schema for key, schema in row.items() if key not in spec.turns_hue}
            for row in spec.colours_stay
        ]
        if rest and not any(always_fits(spec, call.parameters, row, scope) for row in rest):
            stays = f"{other.operation} on {{name!r}} follows the hue alone"
            continue
        apart = _apart(call, spec, other, words, scope)
        if not apart:
            return ""
        stays = f"{other.operation} on {{name!r}} {apart}"
    return stays


def _shared(one: Call, other: Call) -> bool:
    return bool(_variables(one) & _variables(other))


def _variables(call: Call) -> frozenset[str]:
    return frozenset[str]().union(*(value.variables for value in call.parameters.values()))


def _apart(
    call: Call,
    spec: OperationSpec,
    other: Call,
    words: OperationSpec,
    scope: Mapping[str, Support],
) -> str:
    """How the turn of the words can differ from that of the picture; empty where it does not."""
    ((key, unit),) = spec.turns_hue.items()
    ((word_key, word_unit),) = words.turns_hue.items()
    hue, turn = call.parameters.get(key), other.parameters.get(word_key)
    if hue is None or turn is None:
        return "follows none of its variables"
    if isinstance(hue, Drawn) or isinstance(turn, Drawn):
        return "follows none of its variables"  # each is drawn for itself
    for point in _trials(sorted({*hue.variables, *turn.variables}), scope):
        try:
            pixels, said = hue.evaluate(point), turn.evaluate(point)
            difference = (pixels * unit - said * word_unit + 180.0) % 360.0 - 180.0
        except (TypeError, UnboundedError, KeyError, ArithmeticError):
            continue
        if abs(difference) > _CLOSE:
            return f"turns by {said * word_unit:g} degrees where hues turn by {pixels * unit:g}"
    return ""


def _trials(names: Sequence[str], scope: Mapping[str, Support]) -> list[dict[str, Any]]:
    """Some values of each variable: the whole of a small set, else its ends and some between."""
    choices: list[Sequence[Any]] = []
    for name in names:
        support = scope.get(name)
        if isinstance(support, tuple):
            choices.append(support)
        elif isinstance(support, Interval) and support.is_finite:
            steps = (0.0, 0.3, 0.5, 0.8, 1.0)
            choices.append([support.low + step * (support.high - support.low) for step in steps])
        else:
            choices.append((0.0, 1.0))
    trials: list[dict[str, Any]] = []
    for values in product(*choices):
        trials.append(dict(zip(names, values, strict=True)))
        if len(trials) >= _MOST_TRIALS:
            break
    return trials
