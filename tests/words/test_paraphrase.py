"""Which words of a text are said otherwise, and by which."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from syncaug.backends import prepare
from syncaug.backends.wordnet import wordnet
from syncaug.randomness import Source
from syncaug.words.paraphrase import antonyms, choices, synonyms
from syncaug.words.speech import sure_words
from syncaug.words.word_forms import inflected
from tests.small_wordnet import folder

ROWS = yaml.safe_load(Path(__file__).with_name("paraphrase.yaml").read_text(encoding="utf-8"))
ALL = {"aug_p": 1.0, "aug_max": 100}


def said(name: str, text: str, **others: Any) -> str:
    operation = prepare(f"nlpaug.{name}", "text", {"wordnet": folder(), **ALL, **others}, {})
    return str(operation.run(text, {}, Source(1, "k", 0).entropy("s/t")).data)


@pytest.mark.parametrize(("text", "wanted"), ROWS["synonyms"])
def test_synonyms(text: str, wanted: str) -> None:
    assert said("SynonymAug", text) == (text if wanted == "same" else wanted)


@pytest.mark.parametrize(("text", "wanted"), ROWS["antonyms"])
def test_antonyms(text: str, wanted: str) -> None:
    assert said("AntonymAug", text) == (text if wanted == "same" else wanted)


def test_spans_that_are_kept_stay() -> None:
    text = "A large dog lies on a rug near a sofa."
    known = wordnet(folder())
    words = [choice.word for choice in choices(text, known, synonyms, [(22, 25)])]
    assert [text[word.start : word.end] for word in words] == ["large", "sofa"]
    assert not choices("A rug. The rug is red.", known, synonyms, [(2, 5), (11, 14)])
    assert not choices("A rug lies on the rug.", known, synonyms, [(2, 5)])
    assert list(antonyms("man", "n", known)) == []


def test_stopwords_stay_in_all_of_their_places() -> None:
    text = "A car stops. Two cars wait near a sofa."
    assert said("SynonymAug", text, stopwords=["car"]) == text.replace("sofa", "couch")
    assert said("SynonymAug", text, stopwords_regex="sofa") == (
        "An automobile stops. Two automobiles wait near a sofa."
    )


def test_parts_of_speech_come_from_the_words_around() -> None:
    text = "A man sits on a bench, and two women ride."
    words = sure_words(text, wordnet(folder()))
    found = [(text[word.start : word.end], word.tag, word.base) for word in words]
    assert found == [("man", "NN", "man"), ("sits", "VBZ", "sit"), ("bench", "NN", "bench"),
                     ("women", "NNS", "woman")]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "tag", "form"),
    [
        ("child", "NNS", "children"),
        ("wolf", "NNS", "wolves"),
        ("car", "NNS", "cars"),
        ("bench", "NNS", "benches"),
        ("baby", "NNS", "babies"),
        ("glasses", "NNS", ""),
        ("hot_dog", "NNS", "hot_dogs"),
        ("sit", "VBG", "sitting"),
        ("ride", "VBG", "riding"),
        ("chase", "VBZ", "chases"),
        ("sit_down", "VBZ", ""),
        ("large", "JJ", "large"),
    ],
)
def test_forms(base: str, tag: str, form: str) -> None:
    assert inflected(base, tag, wordnet(folder())) == form
