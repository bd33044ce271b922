"""Whatever is wrong with a record's text or fields is one RecordError that names the field."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from syncaug import RecordError, SampleError, load_policy
from syncaug.io.container_forms import SOUNDS, Coding
from syncaug.io.saving import Formats
from syncaug.limits import LARGEST, TRIES
from syncaug.record import Record
from syncaug.record.reading import schema
from tests.record.written import SHRINKING, Change, changed, put, take, written
from tests.samples import ROOT

NAN = float("nan")
WRONG: list[tuple[Change, str]] = [
    *((take(name), f"{name}: expected this field") for name in schema()["required"]),
    (take("seal"), "seal: expected this field"),
    (take("machine"), "machine: expected this field"),
    *((take(f"draw.{name}"), f"draw.{name}: ") for name in ("seed", "key", "steps", "variables")),
    (put("record", 2), "record: expected 1"),
    (put("fingerprint", ["a"]), "fingerprint: expected 16 hexadecimal digits"),
    (put("digest", ""), "digest: expected 32 hexadecimal digits"),
    (put("source", None), "source: expected a mapping"),
    (put("source", []), "source: expected a mapping"),
    (put("source", "here"), "source: expected a mapping"),
    (put("versions", ["numpy"]), "versions: expected a mapping"),
    (put("checks", "none"), "checks: expected a mapping"),
    (put("machine", {"cpu": 3}), "machine.cpu: expected a text"),
    (put("engine", "2"), "engine: expected a whole number"),
    (put("draw.key", ["k"]), "draw.key: expected a text"),
    (put("draw.key", True), "draw.key: expected a text"),
    (put("draw.key", ""), "draw.key: expected a text that is not empty"),
    (put("draw.epoch", -1), "draw.epoch: expected a whole number"),
    (put("draw.epoch", 2.0), "draw.epoch: expected a whole number"),
    (put("draw.seed", "11"), "draw.seed: expected a whole number"),
    (put("draw.severity", 1.5), "draw.severity: expected a number from 0 to 1"),
    (put("draw.strength", 0), "draw.strength: expected a number above 0"),
    (put("draw.steps", {}), "draw.steps: expected a list"),
    (put("draw.steps.0.applied", 1), r"draw.steps\[0\].applied: expected true or false"),
    (put("draw.steps.0.only", "image"), r"draw.steps\[0\].only: expected a list"),
    (put("draw.steps.1.steps.0", None), r"draw.steps\[1\].steps\[0\]: expected a mapping"),
    (put("draw.extra", 1), "draw.extra: expected no such field"),
    (put("extra", 1), "extra: expected no such field"),
    (put("outcome", "hacked"), "outcome: expected one of 'accepted'"),
    (put("sync", "loose"), "sync: expected one of"),
    (put("attempts", []), "attempts: expected a list of the draws that were tried; not empty"),
    (put("attempts.0.attempt", 1), r"attempts\[0\].attempt: expected 0"),
    (put("attempts.0.failed", ["why"]), r"attempts\[0\].failed: expected no reason"),
    (put("attempts.0.measures", {"a": "much"}), r"attempts\[0\].measures.a: expected a number"),
    (put("outcome", "dropped"), r"attempts\[0\].failed: expected why it failed"),
    (put("attempts.0.strength", 0.5), "draw.strength: expected 0.5"),
    (put("source.variant", ["0"]), "source.variant: expected a whole number"),
    (put("source.variant", "../../victim"), "source.variant: expected a whole number"),
    (put("source.variant", True), "source.variant: expected a whole number"),
    (put("source.folder", 3), "source.folder: expected a text"),
    (put("source.folder", "a\0b"), "source.folder: expected a text"),
    (put("source.manifest", "../m.jsonl"), "source.manifest: expected a text"),
    (put("source.values", "caption"), "source.values: expected a mapping"),
    (put("source.formats", {"image": "exe"}), "source.formats.image: expected one of"),
    (put("source.formats", {"suffix": "/"}), "source.formats.suffix: expected no such field"),
    (put("notes", {"image": 3}), "notes.image: expected a mapping"),
    (put("notes", {"image": {"said": "\ud800"}}), "notes.image.said: expected whole characters"),
    (put("attempts.0.measures", {"a": 10**400}), r"attempts\[0\].measures.a: expected a number"),
    (put("draw.epoch", 10**400), "draw.epoch: expected a whole number"),
]


@pytest.mark.parametrize(
    ("change", "expected"), WRONG, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_a_field_that_is_wrong_is_named(change: Change, expected: str) -> None:
    with pytest.raises(RecordError, match=expected):
        Record.from_json(changed(change))


DEGREES = '"degrees": '


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "no JSON"),
        ("[]", "record: expected a mapping"),
        ("3", "record: expected a mapping"),
        ("null", "record: expected a mapping"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 300 + "]" * 300, "nested too deeply"),
        ('{"a":' * 900 + "1" + "}" * 900, "nested too deeply"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
        (b"\0" * 40, "no JSON"),
        (b'{"record": 1\0}', "no JSON"),
        (written().replace(DEGREES, DEGREES + "1" * 10_000), "too many digits"),
        (written().replace(DEGREES, DEGREES + "NaN, " + DEGREES), "NaN is not JSON"),
        (written().replace(DEGREES, DEGREES + "-Infinity, " + DEGREES), "not JSON"),
        (written().replace(DEGREES, '"x": 1e999, ' + DEGREES), "expected a finite number"),
        (written().replace(DEGREES, '"degrees": 1, ' + DEGREES), "'degrees' stands there twice"),
        (written()[:-20], "no JSON"),
        (written() + written(), "no JSON"),
    ],
    ids=range(17),
)
def test_a_text_that_is_no_record_is_refused(text: str | bytes, expected: str) -> None:
    with pytest.raises(RecordError, match=expected):
        Record.from_json(text)


def test_what_is_neither_text_nor_a_mapping_is_refused() -> None:
    for data in (3, None, ["a"], object()):
        with pytest.raises(RecordError, match="expected a record"):
            Record.from_json(data)  # type: ignore[arg-type]
    with pytest.raises(RecordError, match="cannot be written"):
        Record.from_json({**json.loads(written()), "notes": {"image": {"level": NAN}}})


@pytest.mark.parametrize("text", [written(), written(SHRINKING), written(sync="independent")])
def test_what_was_written_is_read_and_written_the_same(text: str) -> None:
    assert Record.from_json(text).to_json() == text
    assert Record.from_json(text.encode()).to_json() == text
    assert Record.from_json(json.loads(text)).to_json() == text
    assert Record.from_json("\n " + json.dumps(json.loads(text), indent=2)).to_json() == text


def test_the_schema_is_draft_7() -> None:
    jsonschema.Draft7Validator.check_schema(schema())


def test_the_schema_knows_every_way_in_which_apply_writes() -> None:
    from syncaug.cli.apply import command

    formats = schema()["properties"]["source"]["properties"]["formats"]["properties"]
    coding = formats["coding"]["properties"]
    assert set(formats) == {field.name for field in fields(Formats)}
    assert set(coding) == {field.name for field in fields(Coding)}
    choices = {option.name: getattr(option.type, "choices", ()) for option in command.params}
    assert set(choices["image_format"]) <= set(formats["image"]["enum"])
    assert set(choices["audio_format"]) <= set(formats["audio"]["enum"])
    assert set(choices["preset"]) <= set(coding["preset"]["enum"])
    assert set(choices["sound"]) - {"auto"} <= set(coding["sound"]["enum"])
    assert set(SOUNDS) <= set(coding["sound"]["enum"])


def test_the_schema_alone_knows_what_is_written_and_what_is_wrong() -> None:
    validator = jsonschema.Draft7Validator(schema())
    for text in (written(), written(SHRINKING), written(sync="independent")):
        validator.validate(json.loads(text))
    agreement = ("attempts[0]", "draw.strength: expected 0.5", "whole characters")
    for change, expected in WRONG:
        data = json.loads(changed(change))
        if "2.0" not in str(data["draw"].get("epoch") if "draw" in data else ""):
            if not any(word in expected.replace("\\", "") for word in agreement):
                assert not validator.is_valid(data), expected


def test_reading_a_record_does_not_import_a_library_of_media() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from syncaug.record import Record\n"
        "assert 'jsonschema' not in sys.modules\n"
        f"Record.from_json({written()!r})\n"
        "assert not {'cv2', 'albumentations', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(ROOT))


def told(record: Record) -> dict[str, Any]:
    return json.loads(record.to_json())  # type: ignore[no-any-return]


def test_a_record_tells_engine_machine_and_libraries() -> None:
    data = told(Record.from_json(written()))
    assert data["engine"] >= 2
    assert set(data["machine"]) == {
        "system", "architecture", "libc", "python", "numpy", "opencv",
    }  # fmt: skip
    assert data["machine"]["opencv"]
    assert data["versions"]["numpy"]


def test_the_page_on_records_names_every_field() -> None:
    page = (ROOT / "docs" / "records.md").read_text(encoding="utf-8")
    assert [name for name in schema()["properties"] if f"`{name}`" not in page] == []


def test_untouched_entries_of_any_kind_of_json_are_written_and_read() -> None:
    source = {"values": {"id": 10**400, "deep": json.loads("[" * 90 + "]" * 90), "\u2028": None}}
    record = Record.from_json({**json.loads(written()), "source": source})
    assert Record.from_json(record.to_json()).source == source


@pytest.mark.parametrize("address", [{"epoch": LARGEST}, {"view": TRIES}])
def test_no_draw_has_an_address_that_no_record_holds(address: dict[str, int]) -> None:
    policy = load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: m, uses: flip}]}")
    image = np.zeros((2, 3, 3), np.uint8)
    ((name, last),) = address.items()
    for beyond in (last + 1, 10**30):
        with pytest.raises(SampleError, match=f"{name!r}: expected an integer from 0 to {last}"):
            policy.apply({"image": image}, key=1, **{name: beyond})  # type: ignore[arg-type]
    _, record = policy.apply({"image": image}, key=1, **address)  # type: ignore[arg-type]
    assert Record.from_json(record.to_json()).draw.epoch == record.draw.epoch
