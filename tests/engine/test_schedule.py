"""Which map reaches which lane is known before the first sample, and is worked out once."""

from __future__ import annotations

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.engine.program import Program
from syncaug.engine.schedule import Schedule
from syncaug.engine.tracks import Event, Tracks
from syncaug.maps.plane import PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import Light, ToneMap

POLICY = """
syncaug: 1
sample:
  image: image
  mask: mask
  depth: depth
  boxes: {modality: boxes, labels: classes}
  corners: keypoints
  caption: {modality: text, describes: image}
  calib: camera
  speech: {modality: audio, sample_rate: 16000}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-10, 10]}}
  - {name: zoom, uses: scale, with: {factor: [0.9, 1.1]}}
  - {name: lamp, uses: light, with: {value: [-0.2, 0.2]}}
  - {name: quick, uses: speed, with: {factor: [0.9, 1.1]}}
"""


def schedule_of(policy: str, *, alone: bool = False) -> Schedule:
    plan = load_policy(policy).plan
    return Schedule(plan, alone=alone)


def test_lanes_that_meet_the_same_maps_share_a_track() -> None:
    track = schedule_of(POLICY).track_of
    assert track["mask"] == track["boxes"] == track["corners"]
    # Light reaches the picture between its plane maps; a camera meets maps when they are sent.
    assert len({track[name] for name in ("image", "mask", "caption", "calib", "speech")}) == 5


def test_every_map_that_a_step_may_send_has_its_target_before_the_first_sample() -> None:
    policy = load_policy(POLICY)
    schedule = Schedule(policy.plan)
    known = {
        (step.name, kind)
        for step in policy.plan.walk()
        for kind, _ in schedule.reached(step, tuple(step.streams))
    }
    assert {("turn", "plane"), ("zoom", "plane"), ("lamp", "tone"), ("quick", "time")} <= known
    turn = next(step for step in policy.plan.walk() if step.name == "turn")
    (target,) = (
        target
        for (kind, _), target in schedule.reached(turn, tuple(turn.streams)).items()
        if kind == "plane"
    )
    assert set(target.at_once) == {"calib"}
    assert {"image", "mask", "depth", "boxes", "corners", "caption", "calib"} <= set(target.names)


@pytest.mark.parametrize(
    "step",
    [
        "{name: apart, uses: noise, with: {snr_db: 20}}",
        "{name: apart, uses: rotate, with: {degrees: [-5, 5]}, sync: {jitter: {mask.degrees: 2}}}",
        "{name: apart, apply: {image: {op: albumentations.HorizontalFlip}, mask: follow,"
        " other: follow, again: follow}}",
    ],
)
def test_what_may_meet_a_map_alone_has_a_track_of_its_own(step: str) -> None:
    streams = "sample: {image: image, mask: mask, other: mask, again: mask}"
    policy = f"syncaug: 1\n{streams}\nsteps: [{{name: turn, uses: rotate}}, {step}]\n"
    policy = policy.replace("uses: rotate}", "uses: rotate, with: {degrees: 9}}")
    schedule = schedule_of(policy)
    alone = schedule.track_of["image" if "noise" in step else "mask"]
    assert list(schedule.track_of.values()).count(alone) == 1


def test_streams_that_draw_for_themselves_have_tracks_of_their_own() -> None:
    schedule = schedule_of(POLICY, alone=True)
    assert len(set(schedule.track_of.values())) == len(schedule.track_of)


def test_copies_share_one_program() -> None:
    policy = load_policy(POLICY)
    program = policy._compiled.engine().program
    assert isinstance(program, Program)
    copies = [policy.with_seed(5), policy.with_severity(0.9), policy.with_progress(1.0)]
    copies += [policy.with_sync("independent"), copies[0].with_severity(0.1)]
    assert all(copy._compiled.engine().program is program for copy in copies)


_ONE = ((0, True),)
"""The only track, which lets the map compose."""
_BOTH = ((0, True), (1, True))


def read(tracks: Tracks, index: int) -> list[Event]:
    """All maps of a track, as a lane reads them: what comes composes among itself."""
    tracks.tails[index] = ""
    return list(tracks.events[index] or ())


"""The only track."""


def shifted(x: float, size: tuple[int, int] = (8, 6)) -> PlaneMap:
    return PlaneMap.of(np.array([[1.0, 0, x], [0, 1, 0], [0, 0, 1]]), size, size)


def test_neighbouring_maps_compose_once_for_a_track() -> None:
    tracks = Tracks(1)
    total = PlaneMap.identity((8, 6))
    for step, x in (("one", 1.0), ("two", 2.0), ("three", 4.0)):
        map_ = shifted(x)
        before, total = total, total.then(map_)
        tracks.add_plane(_ONE, map_, step, before, total)
    assert [(kind, step) for kind, _, step in read(tracks, 0)] == [("plane", "three")]
    assert read(tracks, 0)[0][1] is total  # composed by the plane, not once more


def test_tracks_that_have_met_the_same_share_what_is_composed() -> None:
    tracks = Tracks(2)
    total = PlaneMap.identity((8, 6))
    for x in (1.0, 2.0):
        map_ = shifted(x)
        before, total = total, total.then(map_)
        tracks.add_plane(_BOTH, map_, "step", before, total)
    first, second = tracks.events
    assert first is not None
    assert second is not None
    assert first[-1][1] is second[-1][1] is total
    tracks.add(_ONE, "tone", ToneMap((Light(0.5),)), "light")
    before, total = total, total.then(shifted(4.0))
    tracks.add_plane(_BOTH, shifted(4.0), "step", before, total)
    assert [kind for kind, *_ in read(tracks, 0)] == ["plane", "tone", "plane"]
    assert read(tracks, 1)[0][1] is total


def test_maps_that_may_not_compose_wait_one_by_one() -> None:
    tracks = Tracks(1)
    for step in ("one", "two"):
        tracks.add(((0, False),), "time", TimeMap.identity(2.0), step)
    assert [step for *_, step in read(tracks, 0)] == ["one", "two"]


def test_what_a_lane_has_read_stays_as_it_is() -> None:
    tracks = Tracks(1)
    tracks.add(_ONE, "time", TimeMap.identity(2.0), "one")
    before = read(tracks, 0)
    tracks.add(_ONE, "time", TimeMap.identity(2.0), "two")
    assert read(tracks, 0)[: len(before)] == before
    assert len(read(tracks, 0)) == 2


def test_a_cut_belongs_to_the_map_that_waits() -> None:
    tracks = Tracks(1)
    tracks.cut((0,), "nothing waits")
    assert not read(tracks, 0)
    tracks.add_plane(_ONE, shifted(3.0), "one", None, shifted(3.0))
    tracks.cut((0,), "two")
    tracks.cut((0,), "three")
    ((kind, map_, step),) = read(tracks, 0)
    assert (kind, step) == ("plane", "one")
    assert len(map_.windows) == 1


def test_maps_that_are_not_affine_wait_one_by_one() -> None:
    tracks = Tracks(1)
    bent = PlaneMap.of(np.array([[1.0, 0, 0], [0, 1, 0], [1e-3, 0, 1]]), (8, 6), (8, 6))
    for map_ in (shifted(1.0), bent, shifted(2.0), shifted(3.0)):
        tracks.add_plane(_ONE, map_, "step", None, map_)
    assert len(read(tracks, 0)) == 3
