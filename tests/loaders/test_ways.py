"""The table of loaders in the documentation: each row is tried here, with the real package."""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from syncaug import load_policy
from tests.loaders.rows import BAD, COUNT, row
from tests.loaders.ways import EPOCHS, POLICY, SPEECH, WAYS, Way, cluster, samples_of

PAGE = Path(__file__).parents[2] / "docs" / "loaders.md"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """What these packages advise is no concern here."""
    logger = logging.getLogger("lightning.pytorch")
    level = logger.level
    logger.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logger.setLevel(level)


@pytest.fixture(scope="module")
def _ray() -> Iterator[None]:
    """One start of Ray for all that needs it."""
    with cluster():
        yield


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    """Each row of the table."""
    found: Way = request.param
    if found.package == "ray":
        request.getfixturevalue("_ray")
    return found


def direct(way: Way, epoch: int) -> dict[str, bytes]:
    """What calls of the policy give for the same keys."""
    policy = load_policy(SPEECH if way.speech else POLICY)
    made = {}
    for index in range(COUNT):
        own = row(index, bad=False)
        key = own.pop("id")
        if way.speech:
            own = {"audio": {"array": samples_of(index), "sampling_rate": 8000}, "words": []}
        out = policy(own, key=key, epoch=epoch)
        made[key] = (out["audio"]["array"] if way.speech else out["image"]).tobytes()
    return made


def line_of(way: Way) -> str:
    """The row of the page, of what is measured and of what this module holds."""
    lines = sum(line.endswith("# +") for line in inspect.getsource(way.go).splitlines())
    package = (
        "threads of Python" if way.name == "threads" else f"{way.package} {version(way.package)}"
    )
    bad = "; ".join(filter(None, ["its error names it", way.drops]))
    return f"| {way.name} | {package} | {lines} | yes | yes | {bad} |"


def test_a_loader_gives_the_bytes_of_direct_calls(way: Way, tmp_path: Path) -> None:
    found = list(way.go(tmp_path, False, None))
    wanted = [direct(way, epoch) for epoch in EPOCHS]
    assert all(first != second for first, second in zip(*(w.values() for w in wanted), strict=True))
    assert found == wanted
    assert len(found[0]) == COUNT
    assert line_of(way) in PAGE.read_text(encoding="utf-8").splitlines(), line_of(way)


def test_a_bad_sample_is_named_or_left_out(way: Way, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=f"sample 'photo/{BAD}'"):
        list(way.go(tmp_path, True, None))
    if way.drops:
        found = list(way.go(tmp_path, True, _leave_out))
        for epoch in EPOCHS:
            wanted = direct(way, epoch)
            del wanted[f"photo/{BAD}"]
            assert found[epoch] == wanted


def _leave_out(error: Exception) -> bool:
    return True
