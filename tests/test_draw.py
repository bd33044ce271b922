"""Draws: addressed, independent of each other, the same everywhere; golden so that they stay so."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from syncaug import load_policy
from syncaug.draw import Draw
from syncaug.randomness import Source, unit_interval

POLICY = """
syncaug: 1
name: golden
sample: {image: image, caption: {modality: text, describes: image}}
draw:
  tilt: {normal: {mean: 0, std: 3, low: -8, high: 8}}
  mood: {choice: {values: [calm, wild], weights: [1, 3]}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: {from: tilt}}}
  - name: zoom
    uses: crop
    with: {area: [0.5, 1.0], ratio: {log_uniform: [0.8, 1.25]}}
  - name: weather
    one_of:
      - {name: dusk, weight: 2, uses: light, with: {value: [-0.4, -0.1]}}
      - {name: dawn, uses: light, with: {value: {from: mood, table: {calm: 0.1, wild: 0.3}}}}
"""


def test_the_golden_draw_has_not_changed() -> None:
    draw = load_policy(POLICY, seed=7).draw(key="pets/1", epoch=3)
    golden = json.loads(GOLDEN)
    assert json.loads(json.dumps(draw.as_json())) == golden


def test_another_process_draws_the_same() -> None:
    code = (
        "import json, sys; from syncaug import load_policy\n"
        "policy = load_policy(sys.stdin.read(), seed=7)\n"
        "print(json.dumps(policy.draw(key='pets/1', epoch=3).as_json()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=POLICY, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == json.loads(GOLDEN)


def test_threads_and_other_samples_do_not_matter() -> None:
    policy = load_policy(POLICY, seed=7)
    wanted = [policy.draw(key=key).as_json() for key in range(200)]
    for key in range(1000):
        policy.draw(key=f"other/{key}")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda key: policy.draw(key=key).as_json(), range(200)))
    assert found == wanted


def test_adding_removing_or_reordering_steps_leaves_other_draws_alone() -> None:
    whole = {step.name: step for step in load_policy(POLICY, seed=7).draw(key="k").steps}
    lines = POLICY.splitlines()
    mirror = next(line for line in lines if "name: mirror" in line)
    without = [line for line in lines if line != mirror]
    moved = [*without, mirror]
    for text in ("\n".join(without), "\n".join(moved)):
        for step in load_policy(text, seed=7).draw(key="k").steps:
            assert step == whole[step.name]


@pytest.mark.parametrize("change", [{"key": "b"}, {"epoch": 1}, {"attempt": 1}, {"key": 1}])
def test_each_part_of_the_address_matters(change: dict[str, object]) -> None:
    policy = load_policy(POLICY, seed=7)
    base = policy.draw(key="1", epoch=0)
    other = policy.draw(**{"key": "1", "epoch": 0, **change})
    assert base.variables != other.variables
    assert policy.with_seed(8).draw(key="1").variables != base.variables


def test_a_draw_survives_json_and_pickle() -> None:
    policy = load_policy(POLICY, seed=7)
    draw = policy.draw(key="x")
    assert Draw.from_json(json.loads(json.dumps(draw.as_json()))).as_json() == draw.as_json()
    assert pickle.loads(pickle.dumps(policy)).draw(key="x").as_json() == draw.as_json()


def test_independent_streams_draw_for_themselves_with_the_same_marginals() -> None:
    policy = load_policy(POLICY, seed=7)
    apart = policy.with_sync("independent")
    shared = [policy.draw(key=k).steps[0].applied for k in range(2000)]
    assert 0.46 < sum(shared) / 2000 < 0.54
    both = [
        [step.applied for step in apart.draw(key=k).steps if step.name == "mirror"]
        for k in range(2000)
    ]
    assert all(len(pair) == 2 for pair in both)
    agree = sum(first == second for first, second in both) / 2000
    assert 0.46 < agree < 0.54, "independent gates must agree half of the time only"
    assert all(0.46 < sum(pair[i] for pair in both) / 2000 < 0.54 for i in (0, 1))


def test_gates_and_choices_have_their_chances() -> None:
    policy = load_policy(POLICY, seed=3)
    draws = [policy.draw(key=k) for k in range(3000)]
    dusk = sum(draw.steps[3].steps[0].name == "dusk" for draw in draws) / 3000
    wild = sum(draw.variables["mood"] == "wild" for draw in draws) / 3000
    assert abs(dusk - 2 / 3) < 0.03
    assert abs(wild - 3 / 4) < 0.03


def test_unit_interval_is_open_and_fine() -> None:
    assert unit_interval(b"\0" * 8) > 0.0
    assert unit_interval(b"\xff" * 8) < 1.0
    numbers = {unit_interval(Source(0, k, 0).digest(b"x")) for k in range(1000)}
    assert len(numbers) == 1000


GOLDEN = """
{
 "seed": 7,
 "key": "pets/1",
 "epoch": 3,
 "attempt": 0,
 "severity": 0.5,
 "progress": 0.0,
 "variables": {
  "tilt": -0.6470941294000983,
  "mood": "calm"
 },
 "steps": [
  {
   "name": "mirror",
   "applied": true,
   "parameters": {
    "*": {
     "axis": "horizontal",
     "world": "mirror"
    }
   }
  },
  {
   "name": "turn",
   "applied": true,
   "parameters": {
    "*": {
     "expand": false,
     "world": "keep",
     "audio": "keep",
     "degrees": -0.6470941294000983
    }
   }
  },
  {
   "name": "zoom",
   "applied": true,
   "parameters": {
    "*": {
     "points": "keep",
     "caption": "keep",
     "speech": "keep",
     "area": 0.8188729932084484,
     "ratio": 0.8045626310397709,
     "x": 0.9060700343910478,
     "y": 0.1873528299118582
    }
   }
  },
  {
   "name": "weather",
   "applied": true,
   "steps": [
    {
     "name": "dusk",
     "applied": true,
     "parameters": {
      "*": {
       "contrast": 0.0,
       "gamma": 1.0,
       "reflectivity": "keep",
       "value": -0.2529612350357119
      }
     }
    }
   ]
  }
 ]
}
"""


def test_a_changed_copy_of_a_draw_has_the_source_of_its_own_address() -> None:
    policy = load_policy("syncaug: 1\nsample: {image: image}\nsteps: [{name: a, uses: flip}]\n")
    drawn = policy.draw(key=3)
    other = replace(drawn, attempt=2)
    fresh = policy.draw(key=3, attempt=2)
    assert other.source().digest(b"a") == fresh.source().digest(b"a")
    assert drawn.source().digest(b"a") != fresh.source().digest(b"a")
    drawn.seed = 99
    assert drawn.source().digest(b"a") == policy.with_seed(99).draw(key=3).source().digest(b"a")
