"""The squares with a partner: mixing two renderings gives the rendering of the two scenes mixed."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from syncaug import load_policy
from tests.scene.cells import MIXED
from tests.scene.latent_ways import WAYS, follows_its_way
from tests.scene.mixing import Exposure, exposure, inside_solid, mixed, shown_boxes, ties
from tests.scene.mixing_outlines import same_outlines, stitched_outlines
from tests.scene.render import declared, render, stream_names
from tests.scene.render_frames import renumbered
from tests.scene.scene import Scene
from tests.scene.scenes import draws, scenes
from tests.scene.square import streams_of
from tests.scene.stitching import stitched_differs


@lru_cache(maxsize=64)
def _mixed(scene: Scene, other: Scene, transform: str, parameters: str) -> tuple[Any, Any, Any]:
    """Both samples, and what the library makes of them."""
    policy = load_policy(
        f"syncaug: 1\nsample:\n{declared(scene)}"
        f"steps: [{{name: step, uses: {transform}, with: {parameters}}}]\n"
    )
    own, partner = render(scene), renumbered(render(other))
    return own, partner, policy(own, key="scene", partner=partner)


@pytest.mark.parametrize("cell", MIXED, ids=lambda cell: "-".join(cell))
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@seed(9)
@given(data=st.data())
def test_mixed(cell: tuple[str, str], data: st.DataObject) -> None:
    transform, modality = cell
    scene, other = data.draw(scenes(), "scene"), data.draw(scenes(), "partner")
    parameters = data.draw(draws(transform, scene), "parameters")
    own, partner, got = _mixed(scene, other, transform, json.dumps(parameters))
    if transform == "insert":
        _inserted(modality, own, partner, got)
        return
    if transform == "stitch":
        _stitched(modality, own, partner, got, parameters, scene)
        return
    if modality == "embedding" and transform in WAYS:
        vectors = [np.asarray(each["embedding"], dtype=np.float64) for each in (own, partner, got)]
        follows_its_way(transform, parameters, *vectors)
        return
    lengths = scene.duration, other.duration
    given = {**parameters, "width": own["embedding"].shape[1]}
    how = exposure(transform, given, scene.eyes[0].first_size, lengths)
    kinds = {name: kind for name, (kind, _) in stream_names(scene).items()}
    for name in streams_of(scene, modality):
        kind = kinds.get(name, "")
        if "_film_" in name:
            continue  # frame by frame: tests/modalities/test_frames.py
        if modality == "boxes":
            _boxes(name, own, partner, got, how)
        elif modality in ("polygons", "instances", "oriented_boxes"):
            same_outlines(name, own, partner, got, how, scene.eyes[0].first_size)
        elif modality == "phrases":
            _phrases(own, partner, got, how)
        elif modality == "text":
            _text(transform, own, partner, got, how)
        elif modality == "timed_text":
            _spoken(own[name], partner[name], got[name], how, words=kind == "words")
        else:
            wanted = mixed(transform, kind, own[name], partner[name], how)
            bound = 1.0 if kind in ("image", "video") else 1e-6
            assert np.shape(got[name]) == np.shape(wanted), name
            error = np.asarray(got[name], dtype=np.float64) - np.asarray(wanted, dtype=np.float64)
            assert np.array_equal(np.isnan(got[name]), np.isnan(wanted)), name
            if kind == "audio" and how.span:
                error[..., ties(how.span, error.shape[-1])] = 0.0
            assert np.nanmax(np.abs(error)) <= bound, name


def _stitched(
    modality: str, own: Any, partner: Any, got: Any, parameters: Any, scene: Scene
) -> None:
    """Every stream is that of two pictures beside each other."""
    kinds = {name: kind for name, (kind, _) in stream_names(scene).items()}
    for name in streams_of(scene, modality):
        kind = kinds.get(name, "classes")
        if "_film_" in name:
            continue  # frame by frame: tests/modalities/test_frames.py
        if modality == "timed_text":
            half = Exposure(0.5, None, None)
            _spoken(own[name], partner[name], got[name], half, words=kind == "words")
        elif modality in ("polygons", "instances", "oriented_boxes"):
            stitched_outlines(name, own, partner, got, parameters, scene.eyes[0].first_size)
        else:
            wrong = stitched_differs(name, kind, own, partner, got, parameters, scene)
            assert not wrong, f"{name}: {wrong}"


def _boxes(name: str, own: Any, partner: Any, got: Any, how: Exposure) -> None:
    mine, theirs = shown_boxes(own["front_boxes"], partner["front_boxes"], how)
    if name == "front_classes":
        names = [own[name][index] for index, _ in mine]
        assert got[name] == names + [partner[name][index] for index, _ in theirs]
        return
    wanted = [box for _, box in mine] + [box for _, box in theirs]
    assert len(got[name]) == len(wanted)
    if wanted:
        assert np.abs(np.array(got[name]) - np.array(wanted)).max() <= 1e-6


def _phrases(own: Any, partner: Any, got: Any, how: Exposure) -> None:
    mine, theirs = shown_boxes(own["front_boxes"], partner["front_boxes"], how)
    wanted = [own["front_phrases"][index] for index, _ in mine]
    wanted += [partner["front_phrases"][index] for index, _ in theirs]
    found = got["front_phrases"]
    assert [phrase.lower() for phrase in found] == wanted
    assert all(phrase in got["front_text"] for phrase in found)


def _text(transform: str, own: Any, partner: Any, got: Any, how: Exposure) -> None:
    """What both show is said, and what is hidden is not."""
    text = got["front_text"]
    if transform in ("mix", *WAYS):  # in which phrases stand
        later = f" {partner['front_text']}" if how.weight >= 0.25 else ""
        assert text == own["front_text"] + later
        return
    mine, theirs = shown_boxes(own["front_boxes"], partner["front_boxes"], how)
    if len(mine) == len(own["front_boxes"]) and len(theirs) == len(partner["front_boxes"]):
        assert text == f"{own['front_text']} {partner['front_text']}"
    said = [own["front_phrases"][index] for index, _ in mine]
    said += [partner["front_phrases"][index] for index, _ in theirs]
    for phrase in (*own["front_phrases"], *partner["front_phrases"]):
        assert text.lower().count(phrase) == said.count(phrase), phrase


def _words(cues: Any, words: bool) -> list[tuple[float, str]]:
    """Each word with the moment at which it is spoken, at the pace of its cue's letters."""
    out = []
    for cue in cues:
        pace, begin = (cue["end"] - cue["start"]) / len(cue["text"]), 0
        for word in cue["text"].split():
            out.append((cue["start"] + (begin + len(word) / 2) * pace, word))
            begin += len(word) + 1
    return out


def _spoken(own: Any, partner: Any, got: Any, how: Exposure, *, words: bool) -> None:
    mine, theirs = _words(own, words), _words(partner, words)
    if how.span is None:
        mine = mine if 1.0 - how.weight >= 0.25 else []
        theirs = theirs if how.weight >= 0.25 else []
    else:
        start, stop, begin = how.span
        mine = [(at, word) for at, word in mine if not start <= at < stop]
        theirs = [
            (at + start - begin, word) for at, word in theirs if begin <= at < begin + stop - start
        ]
    found = _words(got, words)
    assert sorted(word for _, word in found) == sorted(word for _, word in [*mine, *theirs])
    if words:  # words are never cut, so that their moments tell as well
        moments = sorted(at for at, _ in found)
        wanted = sorted(at for at, _ in [*mine, *theirs])
        assert np.allclose(moments, wanted, atol=0.046)


def _inserted(modality: str, own: Any, partner: Any, got: Any) -> None:
    """The partner's solids stand where they stood, touch nothing, and bring their points."""
    count = len(own["boxes3d"])
    assert np.array_equal(got["boxes3d"][:count], own["boxes3d"])
    assert got["things"][:count] == own["things"]
    came = got["boxes3d"][count:]
    places = [int(np.argmin(np.abs(partner["boxes3d"] - solid).sum(axis=1))) for solid in came]
    assert len(set(places)) == len(places)
    for solid, place in zip(came, places, strict=True):
        assert np.abs(solid - partner["boxes3d"][place]).max() <= 1e-9
    assert got["things"][count:] == [partner["things"][place] for place in places]
    if modality == "boxes3d":
        return
    points, others = own["points"], partner["points"]
    free = np.ones(len(points), dtype=bool)
    clouds = []
    for solid in came:
        free &= ~inside_solid(points.astype(np.float64), solid)
        clouds.append(others[inside_solid(others.astype(np.float64), solid)])
    wanted = np.concatenate([points[free], *clouds])
    assert got["points"].shape == wanted.shape
    assert np.abs(got["points"] - wanted).max() <= 1e-4
