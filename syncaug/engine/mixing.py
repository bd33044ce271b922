"""Mixing: a partner's state is brought to the size of a sample's, and carriers mix one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syncaug.engine.groups import add_missing, counts_of
from syncaug.engine.state import State
from syncaug.engine.view import StepView
from syncaug.errors import RefusalError
from syncaug.maps.mix import Halves, Mix, Window
from syncaug.maps.plane import PlaneMap, Size
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.language.joining import join_phrases
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.transforms.resize import resizing

__all__ = ["mix_in"]

_ORDER = {
    modality: place
    for place, modality in enumerate(
        (
            *("image", "mask", "depth", "heatmap", "flow", "normals", "disparity", "video"),
            *("points", "boxes", "keypoints", "polygons", "instances", "oriented_boxes", "boxes3d"),
            *("phrases", "text", "timed_text", "messages"),
            *("audio", "imu", "embedding", "tabular", "label"),
        )
    )
}
"""What mixes first: pictures and geometry, then words that speak of them, then labels."""
_LAST = len(_ORDER)


def mix_in(state: State, partner: State, mixes: Mapping[str, Mix], view: StepView) -> None:
    """Let streams of a sample take in what `mixes` says from the same streams of a partner.

    `view` is what the step sees of the sample. Everything that waits is carried out first. Raises
    RefusalError where the two do not fit.
    """
    state.settle()
    _halve(state, partner, mixes, view)
    _fit(state, partner, mixes, view)
    partner.settle()
    carriers = state.carriers
    before = [counts_of(group, carriers) for group in state.lanes.groups]
    fused: set[str] = set()
    traded = state.traded if state.lanes.pairs else {}
    for name in sorted(mixes, key=lambda name: _ORDER.get(carriers[name].stream.modality, _LAST)):
        if name in fused or isinstance(carriers[name], PhrasesCarrier):
            continue  # phrases go where their boxes and their text go
        if traded.get(name) == name or (name in traded and not carriers[name].stream.spec.picture):
            raise RefusalError(
                name, "its pair has traded places already; mirror it after what mixes"
            )
        other = partner.carriers.get(traded.get(name, name))
        if other is None:
            raise RefusalError(name, "the partner has no such stream")
        mix = mixes[name]
        if mix.word == "boxes":
            mix = replace(mix, weight=_shown(state, mix))
        if _has_kept_phrases(state, name, mixes):
            mix = replace(mix, least=min(mix.least, 1.0 - mix.weight))  # its own words stay
        carriers[name].mix(mix, other)
        if isinstance(carriers[name], BoxesCarrier):
            fused |= _speak(state, partner, name, mixes)
    for group, counts in zip(state.lanes.groups, before, strict=True):
        add_missing(group, counts, carriers, partner.carriers)
    for name in mixes:
        if carriers[name].stream.ids:
            _suspect_ids(carriers[name], state.sample, partner.sample)


def _speak(state: State, partner: State, boxes: str, mixes: Mapping[str, Mix]) -> set[str]:
    """Let phrases follow their boxes; the texts that have been fused by what is seen."""
    fused: set[str] = set()
    for name, phrases in state.carriers.items():
        if not isinstance(phrases, PhrasesCarrier) or phrases.boxes is not state.carriers[boxes]:
            continue
        text = phrases.text.stream.name if phrases.text is not None else ""
        other = partner.carriers.get(name)
        theirs = other if isinstance(other, PhrasesCarrier) else None
        mix = mixes.get(text) if text not in fused else None
        if join_phrases(phrases, theirs, mix):
            fused.add(text)
    return fused


def _has_kept_phrases(state: State, name: str, mixes: Mapping[str, Mix]) -> bool:
    """Whether phrases stand in a text whose boxes do not mix: they are what is said of these."""
    return any(
        isinstance(phrases, PhrasesCarrier)
        and phrases.text is state.carriers[name]
        and (phrases.boxes is None or phrases.boxes.stream.name not in mixes)
        for phrases in state.carriers.values()
    )


def _fit(state: State, partner: State, mixes: Mapping[str, Mix], view: StepView) -> None:
    """Bring every plane that mixes to its size in the sample, with all of the partner's streams."""
    done: set[str] = set()
    sizes = {name: state.carriers[name].picture_size() for name in mixes}
    # Texts come last: only where they draw for themselves does no picture tell their size.
    for name in sorted(mixes, key=lambda name: sizes[name] is None):
        mix, stream = mixes[name], state.carriers[name].stream
        plane, size = stream.spaces.get("plane", ""), sizes[name]
        if size is None and stream.spec.writes and plane in state.totals:
            size = view.size(plane)
        if plane in done or size is None:
            continue
        done.add(plane)
        came = view.partner_size(plane)
        if plane not in partner.totals or came == size:
            continue
        if mix.fit == "refuse":
            raise RefusalError(
                name,
                f"the partner's picture has {came[0]}x{came[1]} pixels, this one "
                f"{size[0]}x{size[1]}",
            )
        partner.send("plane", plane, resizing(came, size), _on(partner, plane, view))


def _halve(state: State, partner: State, mixes: Mapping[str, Mix], view: StepView) -> None:
    """Bring both pictures of each plane to their halves of one, with all that lies in them."""
    halved: dict[str, Halves] = {}
    for name, mix in mixes.items():
        if mix.halves is not None:
            halved[state.lanes.space(name, "plane")] = mix.halves
    for plane, halves in halved.items():
        if plane not in partner.totals:
            raise RefusalError(state.references[plane], "the partner has no picture on its plane")
        _place(state, plane, halves.own, halves.size, view)
        _place(partner, plane, halves.partner, halves.size, view.of(partner))
    if halved:
        state.settle()


def _place(state: State, plane: str, window: Window, size: Size, view: StepView) -> None:
    """Show the whole picture of a plane in a window of a larger one, with all that lies in it.

    A new size is carried out by itself, so that nothing of what surrounds the window gets in.
    """
    left, top, right, bottom = window
    own, streams = (right - left, bottom - top), _on(state, plane, view)
    came = view.size(plane)
    if came != own:
        state.send("plane", plane, resizing(came, own), streams)
        state.settle()
    move = (1.0, 0.0, float(left), 0.0, 1.0, float(top), 0.0, 0.0, 1.0)
    state.send("plane", plane, PlaneMap.plain(move, own, size), streams)


def _on(state: State, plane: str, view: StepView) -> tuple[str, ...]:
    """The streams of a sample that live on a plane, are carried by its maps, and move now.

    All of the plane move together, but for those that draw for themselves.
    """
    return tuple(
        name
        for name in state.carriers
        if ("plane", plane) in state.lanes.by_name[name].stream.places
        and "plane" in state.lanes.by_name[name].stream.spec.carries
        and (name in view.reach.streams or not view.reach.apart)
    )


def _shown(state: State, mix: Mix) -> float:
    """The partner's share of the area of all boxes that are still seen; the mix's without any."""
    own = joined = 0.0
    for carrier in state.carriers.values():
        if isinstance(carrier, BoxesCarrier):
            if carrier.joined is not None:
                count = len(carrier.joined.own)
                own += float(carrier.joined.areas[:count].sum())
                joined += float(carrier.joined.areas[count:].sum())
    return joined / (own + joined) if own + joined > 0.0 else mix.weight


def _suspect_ids(carrier: Carrier, own: Mapping[str, Any], partner: Mapping[str, Any]) -> None:
    """Let a stream say where a row of each sample has the same identity."""
    key = carrier.stream.ids
    both = _identities(carrier, own[key]) & _identities(carrier, partner[key])
    if both:
        carrier.suspect(
            "ids",
            f"the identity {min(both)} under {key!r} stands for a row of each sample of a mix. "
            "Give identities that are those of one thing in the whole data set",
        )


def _identities(carrier: Carrier, entries: Any) -> set[str]:
    """All identities of a list, or of the lists of a film's frames."""
    if carrier.stream.framed:
        entries = [entry for frame in entries for entry in frame]
    return {str(entry) for entry in entries}
