"""Lhotse's cuts as samples, and results as cuts in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import soundfile
from lhotse import MonoCut, MultiCut, Recording, SupervisionSegment
from lhotse.array import TemporalArray
from lhotse.features import Features
from lhotse.supervision import AlignmentItem
from lhotse.utils import fastcopy

from syncaug.augmenter import Augmenter
from syncaug.errors import SampleError
from syncaug.plan.changes import may_change

__all__ = ["Streams", "cut_of", "sample_of", "view_of"]

_UNSPOKEN = "- -"
"""The text of a supervision without one: two words, so that a cut keeps it by its duration."""
_SOURCE, _ALIGNED = "supervision", "alignment "


@dataclass(frozen=True, slots=True)
class Streams:
    """What a policy calls the parts of a cut; `texts` is empty where it declares no timed text."""

    audio: str
    texts: str
    customs: frozenset[str]
    moves_time: bool

    @staticmethod
    def of(policy: Augmenter, audio: str, supervisions: str) -> Streams:
        """Raises SampleError where a policy has no audio, or several kinds and no name chooses."""
        sound = _named(policy, "audio", audio, "audio=")
        if not sound:
            raise SampleError(
                "audio",
                expected="a policy with a stream of audio, which every cut has",
                came=", ".join(f"{s.name}: {s.modality}" for s in policy.plan.streams),
                hint="Declare it: sample: {audio: audio, words: timed_text}.",
            )
        texts = _named(policy, "timed_text", supervisions, "supervisions=")
        others = frozenset(
            {s.name for s in policy.plan.streams} - {sound, texts} | set(policy.plan.untouched)
        )
        moves = any(may_change(step, "time", "length") for step in policy.plan.walk())
        return Streams(sound, texts, others, moves)


def _named(policy: Augmenter, modality: str, asked: str, option: str) -> str:
    """The policy's only stream of a modality, or the one asked for; empty where it has none."""
    found = [stream.name for stream in policy.plan.streams if stream.modality == modality]
    if asked in found or (len(found) < 2 and not asked):
        return asked or "".join(found)
    raise SampleError(
        asked or modality,
        expected=f"{option} to name one of the policy's streams of {modality}: "
        f"{', '.join(found) or 'it has none'}",
        came=repr(asked),
    )


def sample_of(cut: Any, streams: Streams, key: str | int) -> dict[str, Any]:
    """What a policy sees of a cut. Raises SampleError for what would not follow the sound."""
    if not cut.has_recording and type(cut).__name__ != "PaddingCut":
        raise SampleError(
            streams.audio,
            key=key,
            expected="a cut with a recording",
            came="features alone" if cut.has_features else "a cut without one",
            hint="Features are computed behind the augmentation: OnTheFlyFeatures.",
        )
    if cut.has_video:
        raise SampleError(
            streams.audio,
            key=key,
            expected="a cut of sound",
            came="one with video, which Lhotse reads with a part of torchaudio that is no more",
            hint="Use `syncaug apply` on the films; docs/loaders/lhotse.md says why.",
        )
    if streams.moves_time:
        _require_followers(cut, streams, key)
    sample: dict[str, Any] = {
        streams.audio: {"array": cut.load_audio(), "sampling_rate": cut.sampling_rate}
    }
    if streams.texts:
        sample[streams.texts] = [_cue(n, one) for n, one in enumerate(cut.supervisions)]
    custom = _custom(cut)
    for name in sorted(streams.customs & custom.keys()):
        sample[name] = custom[name]
    return sample


def _require_followers(cut: Any, streams: Streams, key: str | int) -> None:
    """Raises SampleError for parts of a cut that a step in time would leave behind."""
    behind = [
        name
        for name, value in _custom(cut).items()
        if isinstance(value, Recording | Features | TemporalArray)
    ]
    if cut.supervisions and not streams.texts:
        behind.append("supervisions")
    if behind:
        raise SampleError(
            behind[-1],
            key=key,
            expected="a cut of which all that lies in time follows the policy's steps in time",
            came=f"{', '.join(behind)} beside the sound",
            hint="For supervisions declare a stream of timed_text; drop others from the cut "
            "before (cut.drop_supervisions(), cut.drop_features()).",
        )


def _cue(number: int, one: SupervisionSegment) -> dict[str, Any]:
    """A supervision as timed text, with its alignments as lists of times inside."""
    cue: dict[str, Any] = {
        "start": one.start,
        "end": one.end,
        "text": _UNSPOKEN if one.text is None else one.text,
        _SOURCE: str(number),
    }
    for kind, items in (one.alignment or {}).items():
        cue[_ALIGNED + kind] = [
            {"start": item.start, "end": item.end, "symbol": item.symbol, "score": item.score}
            for item in items
        ]
    return cue


def cut_of(cut: Any, streams: Streams, out: Mapping[str, Any]) -> Any:
    """A result as a cut in memory, under the id of the cut that it was made of."""
    sound = out[streams.audio]
    array = np.atleast_2d(np.asarray(sound["array"], np.float32))
    recording = _recording(cut, array, sound["sampling_rate"])
    cues = out.get(streams.texts) if streams.texts else None
    segments = cut.supervisions if cues is None else list(_supervisions(cut, cues, recording.id))
    custom = _custom(cut)
    custom |= {name: out[name] for name in streams.customs & custom.keys() & out.keys()}
    kind = MonoCut if len(array) == 1 else MultiCut
    channels: Any = 0 if len(array) == 1 else list(range(len(array)))
    return kind(
        id=cut.id,
        start=0.0,
        duration=recording.duration,
        channel=channels,
        supervisions=[_on_channels(one, channels) for one in segments],
        recording=recording,
        custom=custom or None,
    )


def view_of(cut: Any, number: int) -> Any:
    """A result as one of several of its cut: under ids that no other view has."""
    ending = f"_view{number}"
    segments = [fastcopy(one, id=one.id + ending) for one in cut.supervisions]
    return fastcopy(cut, id=cut.id + ending, supervisions=segments)


def _recording(cut: Any, array: Any, rate: int) -> Recording:
    """Samples in memory, without loss."""
    file = BytesIO()
    soundfile.write(file, array.T, int(rate), format="WAV", subtype="FLOAT")
    name = getattr(getattr(cut, "recording", None), "id", cut.id)
    return Recording.from_bytes(file.getvalue(), recording_id=name)


def _supervisions(cut: Any, cues: Any, recording_id: str) -> Iterator[SupervisionSegment]:
    """Cues as supervisions: those of the cut at their new times, a repeated one under a new id."""
    given: dict[str, int] = {}
    for cue in cues:
        source = cut.supervisions[int(cue[_SOURCE])]
        rounds = given[source.id] = given.get(source.id, 0) + 1
        yield fastcopy(
            source,
            id=source.id if rounds == 1 else f"{source.id}-{rounds}",
            recording_id=recording_id,
            start=round(float(cue["start"]), 8),
            duration=round(float(cue["end"]) - float(cue["start"]), 8),
            text=None if source.text is None else cue["text"],
            alignment=_alignment(cue) if source.alignment else source.alignment,
        )


def _alignment(cue: Mapping[str, Any]) -> dict[str, list[AlignmentItem]]:
    return {
        name.removeprefix(_ALIGNED): [
            AlignmentItem(
                item["symbol"],
                round(float(item["start"]), 8),
                round(float(item["end"]) - float(item["start"]), 8),
                item["score"],
            )
            for item in items
        ]
        for name, items in cue.items()
        if name.startswith(_ALIGNED)
    }


def _on_channels(one: SupervisionSegment, channels: Any) -> SupervisionSegment:
    """A supervision on channels of the new recording: a mix to mono has one alone."""
    return one if isinstance(channels, list) else fastcopy(one, channel=channels)


def _custom(cut: Any) -> dict[str, Any]:
    """The custom fields of a cut; those of a mix are of its first track."""
    if hasattr(cut, "tracks"):
        first = cut._first_non_padding_cut
        return dict(first.custom or {})
    return dict(getattr(cut, "custom", None) or {})
