"""`syncaug replay`: what a record may read and write, and what is said of one that is wrong."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from syncaug.cli import cli
from syncaug.errors import RecordError, SyncaugError
from syncaug.io.pictures import write_image
from syncaug.record.seal import seal_of
from tests.samples import ROOT

POLICY = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-20, 20]}}
"""
MIXING = """
syncaug: 1
sample: {image: image, label: {modality: label, classes: 3}}
steps:
  - {name: blend, uses: mixup, with: {share: [0.2, 0.5]}, partner: uniform}
"""
SECRET = "correct horse battery staple"


def run(*arguments: object, code: int = 0) -> Result:
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    if code == 0:
        assert done.exit_code == 0, (done.output, done.exception)
    return done


def refused(*arguments: object) -> str:
    """The message of a RecordError; nothing of the secret file is in it."""
    done = run(*arguments, code=1)
    assert isinstance(done.exception, RecordError), (done.output, done.exception)
    said = done.output + str(done.exception)
    assert SECRET not in said
    return str(done.exception)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a policy, data of two samples, what `apply` made of them, and other files."""
    return made(tmp_path, POLICY)


def made(folder: Path, policy: str, captions: tuple[str, str] = ("a dog", "a cat")) -> Path:
    (folder / "data").mkdir()
    (folder / "policy.yaml").write_text(policy)
    generator = np.random.default_rng(1)
    lines = []
    for number, caption in enumerate(captions):
        picture = generator.integers(0, 256, (24, 32, 3), dtype=np.uint8)
        name = write_image(folder / "data", f"p{number}", picture, {})
        line: dict[str, Any] = {"key": f"k{number}", "image": name}
        line |= {"label": number} if "label" in policy else {"caption": caption}
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    (folder / "data" / "m.jsonl").write_text("".join(lines), encoding="utf-8", newline="")
    (folder / "victim").mkdir()
    (folder / "victim" / "precious.txt").write_text(SECRET)
    run(
        *("apply", folder / "policy.yaml", "--manifest", folder / "data" / "m.jsonl"),
        *("--out", folder / "out"),
    )
    return folder


def spoilt(folder: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    """A file beside the records whose first record is changed, sealed as a forger would."""
    first = (folder / "out" / "records.jsonl").read_text(encoding="utf-8").split("\n")[0]
    data = json.loads(first)
    change(data)
    if isinstance(data.get("source"), dict):
        data["seal"] = seal_of(data)
    path = folder / "out" / "changed.jsonl"
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")
    return path


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder, with their content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


PATHS: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("variant up", lambda r: r["source"].update(variant="../../victim")),
    ("variant deep", lambda r: r["source"].update(variant="../../../../../../tmp/x")),
    ("variant list", lambda r: r["source"].update(variant=["..", "victim"])),
    ("variant real", lambda r: r["source"].update(variant=0.5)),
    ("variant below 0", lambda r: r["source"].update(variant=-1)),
    ("key", lambda r: r["draw"].update(key="../../victim")),
    ("key list", lambda r: r["draw"].update(key=["..", "victim"])),
    ("epoch", lambda r: r["draw"].update(epoch="../../victim")),
    ("format", lambda r: r["source"]["formats"].update(image="../../victim/x.png")),
    ("preset", lambda r: r["source"]["formats"]["coding"].update(preset="/victim")),
    ("threads", lambda r: r["source"]["formats"]["coding"].update(threads=0)),
    ("folder up", lambda r: r["source"].update(folder="../../..")),
    ("folder absolute", lambda r: r["source"].update(folder="/etc", manifest="passwd")),
    ("folder list", lambda r: r["source"].update(folder=["data"])),
    ("folder NUL", lambda r: r["source"].update(folder="da\0ta")),
    ("folder none", lambda r: r["source"].pop("folder")),
    ("manifest up", lambda r: r["source"].update(manifest="../victim/precious.txt")),
    ("manifest other", lambda r: r["source"].update(folder="../victim", manifest="precious.txt")),
    ("manifest none", lambda r: r["source"].update(manifest="none.jsonl")),
    ("values", lambda r: r["source"]["values"].update(caption={"path": "../victim/precious.txt"})),
    ("values text", lambda r: r["source"]["values"].update(caption="a hog")),
    ("values more", lambda r: r["source"]["values"].update(extra={"path": "/etc/passwd"})),
    ("values fewer", lambda r: r["source"]["values"].pop("image")),
    ("values of another", lambda r: r["source"]["values"].update(image="p1.png")),
    ("digest empty", lambda r: r.update(digest="")),
    ("digest missing", lambda r: r.pop("digest")),
    ("digest other", lambda r: r.update(digest="0" * 32)),
    ("source missing", lambda r: r.pop("source")),
    ("source a text", lambda r: r.update(source="data")),
]


@pytest.mark.parametrize("change", [c for _, c in PATHS], ids=[name for name, _ in PATHS])
@pytest.mark.parametrize("overwrite", [False, True], ids=["", "overwrite"])
def test_a_record_reaches_nothing_outside(
    folder: Path, change: Callable[[dict[str, Any]], Any], overwrite: bool
) -> None:
    record = spoilt(folder, change)
    before = everything(folder)
    more = ["--overwrite"] if overwrite else []
    message = refused("replay", record, "--out", folder / "again", *more)
    assert "changed.jsonl:1: " in message
    refused("replay", record, "--verify")
    after = everything(folder)
    assert {name: data for name, data in after.items() if not name.startswith("again/")} == before
    assert not [name for name in after if name.startswith("again/k")]


def test_a_manifest_that_names_a_foreign_file_gives_nothing_of_it_away(folder: Path) -> None:
    value = {"path": "../victim/precious.txt"}
    manifest = folder / "data" / "m.jsonl"
    lines = [json.loads(line) for line in manifest.read_text().split("\n") if line]
    lines[0]["caption"] = value
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    record = spoilt(folder, lambda r: r["source"]["values"].update(caption=value))
    assert "another sample" in refused("replay", record, "--out", folder / "again")
    assert not list((folder / "again").rglob("*.*"))
    assert not any(SECRET.encode() in data for data in everything(folder / "again").values())


def test_a_partner_is_the_line_of_its_key(tmp_path: Path) -> None:
    folder = made(tmp_path, MIXING)
    assert "differing: []" in run("replay", folder / "out" / "records.jsonl", "--verify").output
    foreign = {"path": "../victim/precious.txt"}
    for change, expected in (
        (lambda r: r["source"]["partner"].update(label=foreign), "source.partner"),
        (lambda r: r["source"]["partner"].update(image="p0.png"), "source.partner"),
        (lambda r: r["source"].pop("partner"), "source.partner"),
        (lambda r: r["source"].update(partner=["p1.png"]), "source.partner"),
        (lambda r: r["partner"].update(key="k9"), "no line of key"),
        (lambda r: r["partner"].update(key=None), "source.partner"),
        (lambda r: r["partner"].update(digest="f" * 32), "another|mixes with"),
        (lambda r: r["partner"].pop("digest"), "partner.digest"),
        (lambda r: r.pop("partner"), "mix|partner"),
    ):
        done = run("replay", spoilt(folder, change), "--out", folder / "again", code=1)
        assert done.exit_code
        assert isinstance(done.exception, SyncaugError)
        assert any(word in str(done.exception) for word in expected.split("|"))
        assert not list((folder / "again").rglob("*.png")) if (folder / "again").exists() else True


def test_results_that_are_there_stay(folder: Path) -> None:
    again = folder / "again"
    (again / "k0" / "0").mkdir(parents=True)
    (again / "k0" / "0" / "mine.txt").write_text("mine")
    done = run("replay", folder / "out" / "records.jsonl", "--out", again, code=1)
    assert "not empty" in str(done.exception)
    (again / "records.jsonl").write_bytes((folder / "out" / "records.jsonl").read_bytes())
    done = run("replay", folder / "out" / "records.jsonl", "--out", again, code=1)
    assert "--resume" not in str(done.exception)  # it is no option of replay
    assert (again / "k0" / "0" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["out", "data", "out/../data/."])
def test_records_and_their_samples_are_never_overwritten(folder: Path, name: str) -> None:
    before = everything(folder)
    records = folder / "out" / "records.jsonl"
    done = run("replay", records, "--key", "k0", "--out", folder / name, "--overwrite", code=2)
    assert done.exit_code == 2
    assert "give another folder" in done.output
    assert everything(folder) == before


def test_verify_writes_nothing(folder: Path) -> None:
    before = everything(folder)
    run("replay", folder / "out" / "records.jsonl", "--verify")
    assert everything(folder) == before


LINES = "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e"


@pytest.mark.parametrize("break_", LINES, ids=[f"{ord(c):04x}" for c in LINES])
def test_a_caption_may_hold_any_line_separator(tmp_path: Path, break_: str) -> None:
    folder = made(tmp_path, POLICY, (f"left{break_}right", f"{break_}a cat{break_}"))
    records = folder / "out" / "records.jsonl"
    assert "replayed: 2, differing: []" in run("replay", records, "--verify").output
    run("replay", records, "--out", folder / "again")
    for name in ("records.jsonl", "manifest.jsonl"):
        assert (folder / "again" / name).read_bytes() == (folder / "out" / name).read_bytes()
    run("apply", folder / "policy.yaml", "--manifest", folder / "out" / "manifest.jsonl",
        "--out", folder / "twice")  # fmt: skip


LAYOUTS = [
    ("proj", "proj/data", "proj/out"),
    ("proj", "proj/data", "proj/runs/one/deep"),
    ("proj", "proj/deep/er", "proj/out"),
    ("proj", "data", "proj/out"),
    ("proj", "data", "proj/runs/one/deep"),
    ("proj", "proj/data", "disk/tmp/out"),
    ("proj", "data", "disk/tmp/out"),
    ("proj", "disk/a b/'ä", "proj/out"),
    ("disk", "proj/data", "proj/out"),
    ("disk/far/away", "proj/data", "proj/out"),
    ("disk/far/away", "proj/data", "proj/data/out"),
]


@pytest.mark.parametrize(("here", "data", "out"), LAYOUTS)
def test_data_near_need_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, data: str, out: str
) -> None:
    folder = made(tmp_path, POLICY)
    for name in (here, out, data):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    for path in (folder / "data").iterdir():
        path.rename(tmp_path / data / path.name)
    monkeypatch.chdir(tmp_path / here)
    paths = {name: os.path.relpath(tmp_path / name) for name in (data, out)}
    manifest, records = Path(paths[data]) / "m.jsonl", Path(paths[out]) / "records.jsonl"
    run("apply", folder / "policy.yaml", "--manifest", manifest, "--out", paths[out])
    assert run("replay", records, "--verify").output == "replayed: 2, differing: []\n"
    run("replay", records, "--out", "again")
    assert run("replay", records.resolve(), "--verify").output == "replayed: 2, differing: []\n"


def test_data_elsewhere_are_named_as_the_message_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path, POLICY)
    (tmp_path / "runs" / "one" / "proj").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "runs" / "one" / "proj")
    (tmp_path / "data").rename(tmp_path / "my data")
    manifest = tmp_path / "my data" / "m.jsonl"
    run("apply", folder / "policy.yaml", "--manifest", manifest, "--out", "out")
    said = refused("replay", "out/records.jsonl", "--verify")
    assert said.endswith(f"--manifest '{manifest}'")
    run("replay", "out/records.jsonl", "--verify", *shlex.split(said)[-2:])
    moved = tmp_path / "elsewhere"
    (tmp_path / "my data").rename(moved)
    assert "--manifest PATH" in refused("replay", folder / "out" / "records.jsonl", "--verify")
    run("replay", "out/records.jsonl", "--verify", "--manifest", moved / "m.jsonl")


def test_a_folder_in_a_record_is_no_message_to_a_terminal(folder: Path) -> None:
    record = spoilt(folder, lambda r: r["source"].update(folder="/\x1b[31m", manifest="\x07"))
    assert refused("replay", record, "--verify").isprintable()


def test_a_pipe_beside_the_records_is_not_read(folder: Path) -> None:
    (folder / "out" / "manifest.jsonl").unlink()
    os.mkfifo(folder / "out" / "manifest.jsonl")
    assert "a pipe" in refused("replay", folder / "out" / "records.jsonl", "--verify")


def test_a_data_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "work").mkdir()
    made(tmp_path / "disk", POLICY)
    (tmp_path / "work" / "data").symlink_to(tmp_path / "disk" / "data")
    out = tmp_path / "work" / "out"
    run(
        *("apply", tmp_path / "disk" / "policy.yaml", "--out", out),
        *("--manifest", tmp_path / "work" / "data" / "m.jsonl"),
    )
    run("replay", out / "records.jsonl", "--verify")


def test_a_record_of_another_engine_says_so(folder: Path) -> None:
    record = spoilt(folder, lambda r: r.update(engine=1))
    done = run("replay", record, "--verify")
    assert "made by engine 1" in done.output
    assert "differing: []" in done.output
    picture = next((folder / "out" / "k0").rglob("*.png"))
    write_image(picture.parent, picture.stem, np.zeros((24, 32, 3), dtype=np.uint8), {})
    done = run("replay", record, "--verify", code=1)
    assert done.exit_code == 1
    assert "differing" not in done.output
    assert f"another engine's, as was to be expected: ['k0/0/{picture.name}']" in done.output


def test_what_differs_is_told_with_other_libraries_and_instruction_sets(folder: Path) -> None:
    def elsewhere(record: dict[str, Any]) -> None:
        record["versions"]["numpy"] = "1.26.4"
        record["machine"]["opencv"] = "SSE SSE2"

    record = spoilt(folder, elsewhere)
    assert run("replay", record, "--verify").output == "replayed: 1, differing: []\n"
    picture = next((folder / "out" / "k0").rglob("*.png"))
    write_image(picture.parent, picture.stem, np.zeros((24, 32, 3), dtype=np.uint8), {})
    done = run("replay", record, "--verify", code=1)
    assert done.exit_code == 1
    assert "numpy: made with 1.26.4; here " in done.output
    assert "instruction sets of OpenCV: made with SSE SSE2; here " in done.output
    said = json.loads(run("replay", record, "--verify", "--format", "json", code=1).stdout)
    assert len(said["notes"]) == 2
    assert said["differing"] == [f"k0/0/{picture.name}"]


def test_a_file_of_records_is_a_regular_file(folder: Path) -> None:
    pipe = folder / "out" / "pipe.jsonl"
    os.mkfifo(pipe)
    for path in (pipe, folder, Path("/dev/zero"), folder / "none.jsonl"):
        refused("replay", path, "--verify")
    assert "replayed: 2, differing: []" in run("replay", folder / "out", "--verify").output
    (folder / "out" / "binary.jsonl").write_bytes(bytes(range(256)) * 4)
    assert "binary.jsonl:1: " in refused("replay", folder / "out" / "binary.jsonl", "--verify")


def test_results_without_a_manifest_cannot_be_verified(folder: Path) -> None:
    (folder / "out" / "manifest.jsonl").unlink()
    assert "manifest" in refused("replay", folder / "out" / "records.jsonl", "--verify")
    run("replay", folder / "out" / "records.jsonl", "--out", folder / "again")


def test_a_record_names_the_instruction_sets_that_were_used(folder: Path) -> None:
    code = (
        "from syncaug.cli import main; import sys; sys.argv = ['syncaug', 'apply', 'policy.yaml', "
        "'--manifest', 'data/m.jsonl', '--out', 'plain']; main()"
    )
    less = {"OPENCV_CPU_DISABLE": "AVX2,FMA3,AVX512-SKX"}
    environment = {**os.environ, **less, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)
    here, there = (
        json.loads((folder / name / "records.jsonl").read_text().split("\n")[0])["machine"]
        for name in ("out", "plain")
    )
    assert here["numpy"] == there["numpy"]
    used = set(here["opencv"].split()) - set(there["opencv"].split())
    assert used <= {"AVX2", "FMA3", "AVX512-SKX"}
    assert used or "AVX2" not in here["opencv"]
