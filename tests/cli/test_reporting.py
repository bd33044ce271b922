"""What a long run tells a log, sample by sample and within a sample of many results."""

from __future__ import annotations

import pytest

from syncaug.cli import reporting
from syncaug.cli.reporting import Progress
from syncaug.runs.tally import Tally


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(reporting, "monotonic", lambda: now[0])
    return now


def test_a_log_hears_of_each_half_minute(
    seconds: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(4, Tally(skip=False), quiet=False) as progress:
        for second in (10.0, 40.0, 50.0):
            seconds[0] = second
            progress.result()
            progress.advance()
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "2 of 4 samples; 20.0 s a sample; 0:00:40 left"


def test_a_sample_of_many_results_is_not_silent(
    seconds: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(2, Tally(skip=False), each=100, quiet=False) as progress:
        for number in range(1, 101):
            seconds[0] = float(number)
            progress.result()
        progress.advance()
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "0 of 2 samples; 30 results, 100.0 s a sample; 0:02:50 left",
        "0 of 2 samples; 60 results, 100.0 s a sample; 0:02:20 left",
        "0 of 2 samples; 90 results, 100.0 s a sample; 0:01:50 left",
    ]
    with Progress(2, Tally(skip=False), each=100, quiet=True) as progress:
        seconds[0] += 100.0
        progress.result()
    assert capsys.readouterr().err == ""
