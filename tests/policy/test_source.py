"""Reading policies from everything that can hold one, and refusing what cannot be one."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from syncaug.errors import PolicyError
from syncaug.policy import parser
from syncaug.policy.source import MAX_BYTES, Document, read
from syncaug.problem import Problem

TEXT = "syncaug: 1\nname: pets\n"


def problem_of(source: Any) -> Problem:
    with pytest.raises(PolicyError) as caught:
        read(source)
    (problem,) = caught.value.problems
    return problem


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pets.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_policy_comes_in_many_forms(file: Path) -> None:
    with file.open("rb") as binary, file.open(encoding="utf-8") as text:
        sources = [str(file), file, TEXT, TEXT.encode(), io.StringIO(TEXT), binary, text]
        documents = [read(source) for source in sources]
    assert all(document.data == {"syncaug": 1, "name": "pets"} for document in documents)
    names = [document.name for document in documents]
    assert names == [*[str(file)] * 2, *["<policy>"] * 3, *[str(file)] * 2]


def test_one_line_of_yaml_is_text() -> None:
    assert read("syncaug: 1").data == {"syncaug": 1}
    assert read("{syncaug: 1, name: a.yaml}").data == {"syncaug": 1, "name": "a.yaml"}


def test_a_file_may_bear_any_name(tmp_path: Path) -> None:
    path = tmp_path / "odd: name"
    path.write_text(TEXT, encoding="utf-8")
    assert read(str(path)).data["name"] == "pets"


def test_a_name_can_be_given(file: Path) -> None:
    assert read(file, name="-").name == "-"
    assert str(read("a: 1", name="stdin").position(("a",))) == "stdin:1:4"


def test_data_is_copied_and_its_positions_are_paths() -> None:
    data = {"steps": ({"uses": "flip"},)}
    document = read(data)
    assert document.data == {"steps": [{"uses": "flip"}]}
    assert document.data["steps"] is not data["steps"]
    assert str(document.position(("steps", 0, "uses"))) == "<policy>:steps[0].uses"
    assert str(document.position(())) == "<policy>"
    assert document.excerpt(document.position(("steps",))) == ""


def test_numbers_of_numpy_become_plain() -> None:
    numpy = pytest.importorskip("numpy")
    data = {
        "a": numpy.float32(0.5),
        "b": numpy.int64(3),
        "c": numpy.bool_(True),
        "d": numpy.str_("x"),
    }
    plain = read(data).data
    assert plain == {"a": 0.5, "b": 3, "c": True, "d": "x"}
    assert [type(value) for value in plain.values()] == [float, int, bool, str]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", '\n{"key": "a", "image": "a.png"}\n{"key": "b", "image": "b.png"}\n'),
        ("a.txt", '{"key": "a", "image": "a.png"}\n'),
        ("a.jsonl", "{damaged\n"),
        ("a.parquet", "PAR1"),
        ("a.tar", ""),
    ],
)
def test_a_manifest_in_the_place_of_a_policy_is_told(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="\n")
    problem = problem_of(path)
    assert (problem.code, problem.message) == ("SA101", "this looks like a manifest")
    assert "syncaug apply POLICY --manifest MANIFEST" in problem.hint


def test_a_policy_on_one_line_is_no_manifest(tmp_path: Path) -> None:
    path = tmp_path / "policy.jsonl"
    path.write_text('{"sample": {"image": "image"}}\n', encoding="utf-8", newline="\n")
    assert read(path).data == {"sample": {"image": "image"}}


def test_what_cannot_be_read_is_named(tmp_path: Path, file: Path) -> None:
    missing = problem_of(str(tmp_path / "pet.yaml"))
    assert str(missing).endswith(
        "pet.yaml: SA101 there is no such file\n    did you mean 'pets.yaml'?"
    )
    assert problem_of(tmp_path / "no" / "such.yaml").code == "SA101"
    assert problem_of(tmp_path).message == "this is a folder"
    assert problem_of("a\0b.yaml").code == "SA101"
    assert problem_of("nothing-of-the-kind").code == "SA101"
    assert problem_of(5).code == "SA101"
    assert problem_of(None).code == "SA101"
    closed = file.open(encoding="utf-8")
    closed.close()
    assert problem_of(closed).code == "SA101"


@pytest.mark.parametrize("kind", ["path", "bytes", "text", "open file"])
def test_ten_megabytes_are_refused_at_once(kind: str, tmp_path: Path) -> None:
    content = b"a: 1\n" * 2_000_000
    path = tmp_path / "large.yaml"
    path.write_bytes(content)
    source: Any = {
        "path": path,
        "bytes": content,
        "text": content.decode(),
        "open file": io.BytesIO(content),
    }[kind]
    start = time.thread_time()
    assert problem_of(source).code == "SA103"
    assert time.thread_time() - start < 0.5


def test_the_largest_policy_is_read() -> None:
    text = "a: 1\n#"
    assert read(text + "x" * (MAX_BYTES - len(text))).data == {"a": 1}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"])
def test_other_encodings_are_refused(encoding: str) -> None:
    problem = problem_of("name: café\n".encode(encoding))
    assert problem.code == "SA102"
    assert problem.hint == "save the policy as UTF-8"


def test_a_byte_order_mark_moves_no_column() -> None:
    assert str(read("\ufeffsyncaug: 1".encode()).position(("syncaug",))) == "<policy>:1:10"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"a": {1, 2}}, "SA117"),
        ({"a": b"x"}, "SA117"),
        ({"a": 10**30}, "SA113"),
        ({(1, 2): "a"}, "SA114"),
        ({"a": [0] * 20_001}, "SA108"),
    ],
)
def test_data_that_is_no_policy_is_refused(data: Mapping[Any, Any], code: str) -> None:
    assert problem_of(data).code == code


def test_data_that_holds_itself_is_refused() -> None:
    data: dict[str, Any] = {}
    data["again"] = data
    assert problem_of(data).code == "SA107"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: &a [*a]",
        "a: &a {b: *a}",
        "a: &b [x]\nb: &c [*b]\nc: " + "[" * 62 + "*c" + "]" * 62,
        "a: " + "9" * 100_000,
        "a: -" + "9" * 100_000,
        "a: 0x" + "f" * 100_000,
        "? {a: 1}\n: 2",
        "a: \ud800",
        "\t",
    ],
)
def test_hostile_texts_are_refused_quickly(text: str) -> None:
    start = time.thread_time()
    with pytest.raises(PolicyError):
        read(text + "\n")
    assert time.thread_time() - start < 0.5


def test_depth_and_aliases_have_room_for_real_policies() -> None:
    assert read("a: " + "[" * 62 + "]" * 62).data["a"]
    assert len(read("a: &a [1, 2]\nb: [" + ", ".join(["*a"] * 5000) + "]").data["b"]) == 5000


def test_the_pure_python_parser_reads_the_same(
    monkeypatch: pytest.MonkeyPatch, pytestconfig: Any
) -> None:
    import yaml

    folder = Path(__file__).parent
    fast = {path: outcome(path) for path in sorted(folder.glob("*/*.yaml"))}
    monkeypatch.setattr(parser, "_Loader", yaml.SafeLoader)
    for path, expected in fast.items():
        slow = outcome(path)
        if isinstance(expected, Document):
            assert isinstance(slow, Document), path.name
            assert slow.data == expected.data
            assert slow.root == expected.root, path.name
        else:
            assert slow == expected, path.name


def outcome(path: Path) -> Any:
    try:
        return read(path)
    except PolicyError as error:
        return [problem.code for problem in error.problems]
