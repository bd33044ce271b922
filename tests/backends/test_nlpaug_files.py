"""Files that a policy names for nlpaug: regular ones, or one error of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from syncaug import SampleError, load_policy

OPERATIONS = {"KeyboardAug": "model_path", "OcrAug": "dict_of_path", "SpellingAug": "dict_path"}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "missing"])
def test_only_regular_files_are_opened(tmp_path: Path, operation: str, kind: str) -> None:
    path = tmp_path / "words"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    call = {"op": f"nlpaug.{operation}", OPERATIONS[operation]: str(path)}
    steps = [{"name": "t", "apply": {"caption": call}}]
    policy = load_policy({"syncaug": 1, "sample": {"caption": "text"}, "steps": steps})
    what = {"missing": "no file that can be read"}.get(kind, f"a {kind}")
    with pytest.raises(SampleError, match=f"the path of a file for nlpaug.{operation}.*{what}"):
        policy({"caption": "a cat sits there"}, key=1)


def test_a_dictionary_of_ones_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("cat kat\n")
    call = {"op": "nlpaug.SpellingAug", "dict_path": str(tmp_path / "words.txt"), "aug_p": 1.0}
    steps = [{"name": "t", "apply": {"caption": call}}]
    policy = load_policy({"syncaug": 1, "sample": {"caption": "text"}, "steps": steps})
    assert policy({"caption": "a cat"}, key=1)["caption"] == "a kat"
    assert json.dumps(policy.policy)


def test_a_dictionary_of_ones_own_is_no_others(tmp_path: Path) -> None:
    """In a process of its own: the library keeps the first dictionary that it has read."""
    (tmp_path / "words.txt").write_text("zebra zebbra\n")
    code = (
        "from syncaug.backends import prepare\n"
        "from syncaug.randomness import Source\n"
        f"words = {str(tmp_path / 'words.txt')!r}\n"
        "given = {'dict_path': words, 'aug_p': 1.0}\n"
        "own = prepare('nlpaug.SpellingAug', 'text', given, {})\n"
        "usual = prepare('nlpaug.SpellingAug', 'text', {'aug_p': 1.0}, {})\n"
        "entropy = Source(1, 'k', 0).entropy('s/t')\n"
        "assert own.run('a zebra', {}, entropy)[0] == 'a zebbra'\n"
        "assert usual.run('they believe and accommodate', {}, entropy).edits\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


def test_spelling_errors_do_not_depend_on_how_a_process_hashes_texts() -> None:
    code = (
        "from syncaug import load_policy\n"
        "step = {'name': 's', 'apply': {'t': {'op': 'nlpaug.SpellingAug', 'aug_p': 1.0}}}\n"
        "policy = load_policy({'syncaug': 1, 'sample': {'t': 'text'}, 'steps': [step]})\n"
        "print(policy({'t': 'they believe that their friends accommodate the dog'}, key=1)['t'])\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
