"""Operations that change what a text says, on a text that describes what is seen."""

from __future__ import annotations

from syncaug.catalogue import operation
from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.plan import Plan, Step, Stream

__all__ = ["warn_of_untrue"]


def warn_of_untrue(plan: Plan, step: Step, path: Path, complaints: Complaints) -> None:
    """Warn of each text of a step that would say something else than its picture shows."""
    for call in step.calls:
        if not call.operation or not operation(call.operation).may_change("meaning"):
            continue
        stream = plan.stream(call.stream)
        if _describes(stream):
            complaints.add(
                "SA611",
                (*path, "apply", stream.name),
                f"{call.operation} makes {stream.name!r} untrue of the picture that it describes",
                hint=f"declare describes: nothing of {stream.name!r} if it describes none, or take "
                "nlpaug.SynonymAug",
                key=True,
                severity="warning",
            )


def _describes(stream: Stream) -> bool:
    """Whether a text says what is seen; cues are what is spoken unless they say that they do."""
    if stream.modality == "timed_text":
        return bool(stream.options.get("describes")) and "plane" in stream.spaces
    return "plane" in stream.spaces
