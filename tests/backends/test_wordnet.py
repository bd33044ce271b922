"""WordNet on the user's disk: found, named, broken or missing; never downloaded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nltk
import nltk.data
import nltk.downloader
import pytest
from click.testing import CliRunner
from nltk.corpus.reader.wordnet import WordNetCorpusReader

from syncaug import PolicyError, SampleError, load_policy
from syncaug.backends import wordnet as backend
from syncaug.backends.wordnet import WordNet
from syncaug.cli import cli
from syncaug.plan import wordnet as places
from syncaug.plan.wordnet import WordNetFiles, WordNetMissing, find_wordnet
from tests.small_wordnet import folder, write

SAMPLE = {"caption": "A large dog lies on a rug."}
POLICY = "syncaug: 1\nsample: {caption: text}\nsteps: [{name: s, apply: {caption: CALL}}]\n"


@pytest.fixture(autouse=True)
def _no_download(monkeypatch: pytest.MonkeyPatch) -> None:
    def download(*given: Any, **named: Any) -> None:
        pytest.fail("something was downloaded")

    monkeypatch.setattr(nltk, "download", download)
    monkeypatch.setattr(nltk.downloader, "download", download)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder, the only one in which NLTK looks for its data."""
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    monkeypatch.delenv("NLTK_DATA", raising=False)
    backend.wordnet.cache_clear()
    return tmp_path


def call(op: str = "SynonymAug", **given: Any) -> str:
    return POLICY.replace("CALL", json.dumps({"op": f"nlpaug.{op}", "aug_p": 1.0, **given}))


def corpus(parent: Path) -> Path:
    place = parent / "corpora" / "wordnet"
    place.mkdir(parents=True)
    write(place)
    return place


def test_it_is_what_nltk_itself_reads(nowhere: Path) -> None:
    place = corpus(nowhere)
    theirs = WordNetCorpusReader(str(place), omw_reader=object())
    ours = WordNet(WordNetFiles(str(place)))
    for part, wordnet_part in (("n", "n"), ("v", "v"), ("a", "a"), ("r", "r")):
        for word in theirs.all_lemma_names(pos=wordnet_part):
            synsets = theirs.synsets(word, pos=wordnet_part)
            senses = ours.senses(word, part)  # type: ignore[arg-type]
            assert [s.offset() for s in synsets] == [sense.number for sense in senses]
            assert [s.lemma_names() for s in synsets] == [list(sense.words) for sense in senses]
            for synset, sense in zip(synsets, senses, strict=True):
                for lemma in synset.lemmas():
                    assert sense.words[lemma.name()] == lemma.count()
                    others = [other.name() for other in lemma.antonyms()]
                    assert list(sense.antonyms[lemma.name()]) == others


@pytest.mark.parametrize("inner", ["", "wordnet", "corpora/wordnet", "dict"])
def test_a_named_folder(nowhere: Path, inner: str) -> None:
    (nowhere / "mine" / inner).mkdir(parents=True)
    write(nowhere / "mine" / inner)
    out = load_policy(call(wordnet=str(nowhere / "mine")))(SAMPLE, key=1)
    assert out == {"caption": "A big dog lies on a carpet."}


def test_where_nltk_looks(nowhere: Path) -> None:
    corpus(nowhere)
    assert load_policy(call())(SAMPLE, key=1) == {"caption": "A big dog lies on a carpet."}


def test_a_zip_as_the_downloader_leaves_it(nowhere: Path) -> None:
    place = corpus(nowhere)
    with zipfile.ZipFile(nowhere / "corpora" / "wordnet.zip", "w") as archive:
        for file in sorted(place.iterdir()):
            archive.write(file, f"wordnet/{file.name}")
    shutil.rmtree(place)
    assert load_policy(call())(SAMPLE, key=1) == {"caption": "A big dog lies on a carpet."}


def test_what_debian_leaves_out_is_not_needed(nowhere: Path) -> None:
    place = corpus(nowhere)
    (place / "lexnames").unlink()
    assert load_policy(call())(SAMPLE, key=1) == {"caption": "A big dog lies on a carpet."}


def test_the_environment_names_the_data_and_hashing_changes_nothing(nowhere: Path) -> None:
    corpus(nowhere)
    code = (
        "import nltk, nltk.downloader, sys\n"
        "def download(*given): sys.exit('something was downloaded')\n"
        "nltk.download = nltk.downloader.download = download\n"
        "from syncaug import load_policy\n"
        f"policy = load_policy({call(aug_p=0.2)!r})\n"
        "texts = ['A large car stops near a small child and a sofa.', 'A kid has a photo.']\n"
        "print([policy({'caption': text}, key=key) for text in texts for key in range(8)])\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "NLTK_DATA": str(nowhere)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert len(set(eval_rows := told.pop().split("}, {"))) > 4, eval_rows


@pytest.mark.parametrize("op", ["KeyboardAug", "SynonymAug"])
def test_a_first_call_draws_nothing_from_the_global_generators(op: str) -> None:
    given = {"op": f"nlpaug.{op}", **({"wordnet": folder()} if op == "SynonymAug" else {})}
    policy = POLICY.replace("CALL", json.dumps(given))
    code = (
        "import random, numpy\n"
        "from syncaug import load_policy\n"
        f"policy = load_policy({policy!r})\n"
        "random.seed(5)\n"
        "before = random.getstate(), numpy.random.get_state()[1].tolist()\n"
        "policy({'caption': 'A large car stops near a sofa.'}, key=1)\n"
        "assert (random.getstate(), numpy.random.get_state()[1].tolist()) == before\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


def test_a_path_is_read_from_beside_the_policy(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "policies").mkdir()
    (nowhere / "words").mkdir()
    write(nowhere / "words")
    path = nowhere / "policies" / "own.yaml"
    path.write_text(call(wordnet="../words"))
    monkeypatch.chdir(nowhere / "words")
    policy = load_policy(path)
    out, record = policy.apply(SAMPLE, key=1)
    assert out == {"caption": "A big dog lies on a carpet."}
    monkeypatch.chdir("/")
    assert policy.replay(SAMPLE, record) == out
    monkeypatch.chdir(nowhere)
    assert load_policy(call(wordnet="words"))(SAMPLE, key=1) == out


def test_without_it_a_policy_says_what_to_do(nowhere: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(call())
    (problem,) = caught.value.problems
    assert problem.code == "SA703"
    assert problem.message == f"nlpaug.SynonymAug needs WordNet; got none in {nowhere}"
    assert "python -m nltk.downloader wordnet" in problem.hint
    assert "wordnet-base" in problem.hint


@pytest.mark.parametrize(
    ("make", "came"),
    [
        (lambda place: None, "no folder"),
        (lambda place: place.mkdir(), "a folder without them"),
        (lambda place: place.write_text("x"), "no folder"),
        (
            lambda place: (place.mkdir(), write(place), (place / "verb.exc").unlink()),
            "which lacks verb.exc",
        ),
    ],
)
def test_a_named_folder_without_it(nowhere: Path, make: Any, came: str) -> None:
    corpus(nowhere)  # is not taken instead
    make(nowhere / "mine")
    with pytest.raises(PolicyError, match=came) as caught:
        load_policy(call("AntonymAug", wordnet=str(nowhere / "mine")))
    assert [problem.code for problem in caught.value.problems] == ["SA703"]


def test_validate_warns_and_doctor_tells(nowhere: Path) -> None:
    path = nowhere / "own.yaml"
    path.write_text(call())
    checked = CliRunner().invoke(cli, ["validate", str(path)])
    assert checked.exit_code == 0
    assert "SA703 nlpaug.SynonymAug needs WordNet" in checked.output
    told = CliRunner().invoke(cli, ["doctor", "--quick"])
    assert f"WordNet: missing, none in {nowhere}" in told.output
    corpus(nowhere)
    told = CliRunner().invoke(cli, ["doctor", "--quick", "--format", "json"])
    report = json.loads(told.output)
    assert report["wordnet"] == {
        "state": "ready",
        "place": str(nowhere / "corpora/wordnet"),
        "mend": "",
    }
    assert report["extras"]["wordnet"]["state"] == "ready"


def test_without_nltk_the_install_line(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from syncaug.compiler import extras

    monkeypatch.setattr(extras, "installed", lambda library: library != "nltk")
    with pytest.raises(PolicyError, match=r"SA701 nltk is needed.*") as caught:
        load_policy(call())
    assert caught.value.problems[0].hint == "pip install 'syncaug[wordnet]'"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("index.noun", b"car n 1 0 2 1 00000074\n"),
        ("index.noun", b"\xff\xfe"),
        ("data.adj", b""),
        ("cntlist.rev", b"car\n"),
    ],
)
def test_a_damaged_one_is_refused_at_once(nowhere: Path, file: str, content: bytes) -> None:
    place = corpus(nowhere)
    (place / file).write_bytes(content)
    policy = load_policy(call())
    with pytest.raises(SampleError, match="expected the files of a WordNet database"):
        policy(SAMPLE, key=1)


def test_it_may_go_between_loading_and_the_first_sample(nowhere: Path) -> None:
    place = corpus(nowhere)
    policy = load_policy(call())
    shutil.rmtree(place)
    with pytest.raises(SampleError, match="none in .*syncaug downloads nothing"):
        policy(SAMPLE, key=1)


def test_the_usual_places_without_nltk_are_those_of_nltk(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import nltk.data, json; print(json.dumps(nltk.data.path))"
    given = {**os.environ, "NLTK_DATA": f"/somewhere{os.pathsep}~/else"}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=given
    )
    monkeypatch.setenv("NLTK_DATA", given["NLTK_DATA"])
    monkeypatch.delitem(sys.modules, "nltk.data")
    assert [str(place) for place in places._searched()] == json.loads(done.stdout)
    with pytest.raises(WordNetMissing):
        find_wordnet("/somewhere")


def test_named_ones_do_not_mix(nowhere: Path) -> None:
    """Two calls of one policy, each with the folder that it names."""
    other = nowhere / "other"
    other.mkdir()
    write(other)
    data = (other / "data.noun").read_bytes().replace(b" carpet ", b" mat_it ")
    (other / "data.noun").write_bytes(data)
    first = load_policy(call(wordnet=folder()))
    second = load_policy(call(wordnet=str(other)))
    assert first(SAMPLE, key=1)["caption"] == "A big dog lies on a carpet."
    assert second(SAMPLE, key=1)["caption"] == "A big dog lies on a rug."
    assert first(SAMPLE, key=1)["caption"] == "A big dog lies on a carpet."
