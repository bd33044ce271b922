"""Scalars are those of YAML 1.2's core schema, as editors read them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from syncaug.policy.source import read

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
SCALARS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "NULL": None,
    "nULL": "nULL",
    "true": True,
    "False": False,
    "tRUE": "tRUE",
    "on": "on",
    "off": "off",
    "yes": "yes",
    "No": "No",
    "y": "y",
    "12": 12,
    "-3": -3,
    "+4": 4,
    "012": 12,
    "0o14": 12,
    "0x1F": 31,
    "0b11": "0b11",
    "-0x1F": "-0x1F",
    "1_000": "1_000",
    "1:30": "1:30",
    "18446744073709551615": 2**64 - 1,
    "1.5": 1.5,
    ".5": 0.5,
    "5.": 5.0,
    "1e-3": 0.001,
    "1E3": 1000.0,
    "-1.5e+2": -150.0,
    "1e": "1e",
    ".": ".",
    "+": "+",
    ".inf": math.inf,
    "-.INF": -math.inf,
    "inf": "inf",
    "nan": "nan",
    "2001-01-01": "2001-01-01",
    "'12'": "12",
    '"true"': "true",
    "!!str 12": "12",
    "!!int '12'": 12,
    "!!float 1": 1.0,
    "!!bool 'true'": True,
    "!!null ''": None,
    "! 12": "12",
    "=": "=",
}


@pytest.mark.parametrize("text", SCALARS)
def test_a_scalar_means_what_the_core_schema_says(text: str) -> None:
    value = read(f"value: {text}\n").data["value"]
    assert (type(value), value) == (type(SCALARS[text]), SCALARS[text])


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_read(text: str) -> None:
    assert math.isnan(read(f"value: {text}\n").data["value"])


@pytest.mark.parametrize("key", ["on", "no", "y", "1:30"])
def test_keys_are_words_too(key: str) -> None:
    assert list(read(f"{key}: 1\n").data) == [key]
