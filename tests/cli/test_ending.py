"""Commands that a signal ends: no temporary file stays, one line, and the code of the signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from syncaug.cli.ending import unwind_on_signals
from syncaug.runs.stopping import Stopped, Stopping

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

COMMAND = """
import os, signal, sys, tempfile, time
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # as without nohup
from syncaug.cli import cli, main

@cli.command("diff")
def wait():
    with tempfile.TemporaryDirectory() as folder:
        if os.fork() == 0:
            os.close(1)
            os.close(2)
            time.sleep(60)
            os._exit(0)
        print(folder, flush=True)
        time.sleep(60)

cli.get_command = lambda context, name: wait
sys.argv = ["syncaug", "diff"]
main()
"""


def begun(command: str = COMMAND) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", command],
        text=True,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    ("number", "all_of_it"),
    [
        (signal.SIGINT, False),
        *((number, of_all) for number in (signal.SIGTERM, signal.SIGHUP) for of_all in (0, 1)),
    ],
)
def test_a_command_tidies_up_when_a_signal_ends_it(number: int, all_of_it: int) -> None:
    process = begun()
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert folder.is_dir()
    if all_of_it:  # its child as well, which has the handler too
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert process.returncode == 128 + number
    assert not folder.exists()
    if not all_of_it:
        os.killpg(process.pid, signal.SIGKILL)
    assert process.communicate()[1].strip() == "stopped"


def test_further_signals_do_not_disturb_the_end() -> None:
    """Those that come when all is said, while the interpreter ends."""
    command = COMMAND.replace("main()", "import atexit; atexit.register(again); main()").replace(
        "import os, signal, sys",
        "import os, signal, sys\n"
        "def again():\n"
        "    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):\n"
        "        os.kill(os.getpid(), number)\n"
        "import os, signal, sys",
    )
    process = begun(command)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    assert process.returncode == 128 + signal.SIGINT
    assert said.strip() == "stopped"


def test_what_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as under nohup
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        unwind_on_signals()
        with Stopping():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        with pytest.raises(Stopped) as stopped:
            os.kill(os.getpid(), signal.SIGTERM)
        assert stopped.value.number == signal.SIGTERM
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
