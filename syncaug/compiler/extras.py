"""What a plan needs and this environment lacks: the install line for each missing library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, Literal, cast

from syncaug.catalogue import operation
from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.extras import MODULES, installed
from syncaug.plan.plan import Plan, Step
from syncaug.plan.versions import SUPPORTED, unsupported
from syncaug.plan.wordnet import REMEDY, WordNetMissing, find_wordnet
from syncaug.values.value import Constant

__all__ = ["missing_extras"]


def missing_extras(
    plan: Plan, data: Mapping[str, Any], complaints: Complaints, severity: str
) -> None:
    """Complain once for each library that the plan needs and this environment lacks."""
    missing: dict[str, Path] = {}
    pictures = [stream.name for stream in plan.streams if stream.spec.opencv]
    if pictures and plan.steps and not installed("opencv"):
        missing["opencv"] = ("sample", pictures[0])
    needed: dict[str, Path] = {}
    named = list(_named(data.get("steps", ()), ("steps",)))
    paraphrases = [each for each in named if "wordnet" in operation(each[0]["op"]).parameters]
    if paraphrases and not installed("nltk"):
        missing["nltk"] = paraphrases[0][1]
    else:
        _require_wordnet(paraphrases, complaints, severity)
    for item, path in named:
        library = item["op"].partition(".")[0]
        if library in MODULES and not installed(library):
            missing.setdefault(library, path)
        elif library in MODULES:
            needed.setdefault(library, path)
    sounds = {stream.name for stream in plan.streams if stream.modality == "audio"}
    texts = {stream.name for stream in plan.streams if stream.spec.writes}
    for step in plan.walk():
        if _types(step, texts) and not installed("nlpaug"):
            missing.setdefault("nlpaug", ("steps",))
        for library in _resounds(step, sounds):
            needed.setdefault(library, ("steps",))
            if not installed(library):
                missing.setdefault(library, ("steps",))
    for library, path in needed.items():
        came = "" if library in missing else unsupported(library)
        if came:
            complaints.add(
                "SA702",
                path,
                f"{came} is installed, for which syncaug is not written",
                expected=str(SUPPORTED[library]),
                hint=f"pip uninstall {came.split()[0]}; pip install '{SUPPORTED[library]}'",
                severity=cast(Literal["error", "warning"], severity),
            )
    for library, path in missing.items():
        module, extra = MODULES[library]
        complaints.add(
            "SA701",
            path,
            f"{module} is needed and not installed",
            hint=f"pip install 'syncaug[{extra}]'",
            severity=cast(Literal["error", "warning"], severity),
        )


def _require_wordnet(
    paraphrases: Iterable[tuple[Mapping[str, Any], Path]], complaints: Complaints, severity: str
) -> None:
    """Complain once for each folder that is named, or the usual ones, without WordNet's files."""
    seen: set[str] = set()
    for item, path in paraphrases:
        folder = item.get("wordnet") or ""
        if folder in seen:
            continue
        seen.add(folder)
        try:
            find_wordnet(folder)
        except WordNetMissing as error:
            complaints.add(
                "SA703",
                (*path, "wordnet" if folder else "op"),
                f"{item['op']} needs WordNet; got {error.came}",
                expected=error.expected,
                hint=REMEDY,
                severity=cast(Literal["error", "warning"], severity),
            )


def _named(steps: Any, path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """The calls of operations as they are written, and where."""
    for index, step in enumerate(steps):
        here = (*path, index)
        for stream, given in step.get("apply", {}).items():
            several = isinstance(given, list)
            for number, item in enumerate(given if several else [given]):
                if isinstance(item, Mapping):
                    yield item, (*here, "apply", stream, *((number,) if several else ()))
        for kind in ("one_of", "some_of"):
            inner = step.get(kind)
            if isinstance(inner, Mapping):
                yield from _named(inner["steps"], (*here, kind, "steps"))
            elif inner:
                yield from _named(inner, (*here, kind))


def _resounds(step: Step, sounds: Set[str]) -> tuple[str, ...]:
    """What a step needs that changes how long or how high sound is: resampler and stretcher."""
    kinds = {kind for name in sounds for kind in step.streams.get(name, ())}
    if not kinds & {"time", "pitch"} or step.transform in ("trim", "time_shift", "reverse", "loop"):
        return ()
    keeps = step.parameters.get("preserve_pitch") != Constant(False)
    stretches = "pitch" in kinds or ("preserve_pitch" in step.parameters and keeps)
    return ("soxr", "audiomentations") if stretches else ("soxr",)


def _types(step: Step, texts: Set[str]) -> bool:
    """Whether a step makes typing errors."""
    return any("noise" in step.streams.get(name, ()) for name in texts)
