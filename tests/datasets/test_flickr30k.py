"""Flickr30k Entities: sentences, phrases and boxes in its three kinds of files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from syncaug import ManifestError, load_policy
from syncaug.datasets import flickr30k
from tests.samples import DATA, pets

SENTENCES = (
    "[/EN#1/animals An orange cat] sleeps to the right of [/EN#2/animals a grey cat] .",
    "[/EN#3/animals Two cats] lie on [/EN#4/other a blanket] in [/EN#0/scene the house] .",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One photo of the pets with two sentences."""
    boxes = [[int(n) for n in box] for box in pets()["cats.jpg"]["boxes"]]
    for name in ("Sentences", "Annotations", "flickr30k-images"):
        (tmp_path / "in" / name).mkdir(parents=True)
    shutil.copy(DATA / "pets" / "cats.jpg", tmp_path / "in" / "flickr30k-images" / "36979.jpg")
    (tmp_path / "in" / "Sentences" / "36979.txt").write_text("\n".join(SENTENCES) + "\n")

    def thing(names: list[str], box: list[int] | None) -> str:
        inner = "".join(f"<name>{name}</name>" for name in names)
        if box is None:
            return f"<object>{inner}<scene>1</scene><nobndbox>1</nobndbox></object>"
        keys = ("xmin", "ymin", "xmax", "ymax")
        corners = [box[0] + 1, box[1] + 1, box[2], box[3]]
        frame = "".join(f"<{k}>{n}</{k}>" for k, n in zip(keys, corners, strict=True))
        return f"<object>{inner}<bndbox>{frame}</bndbox></object>"

    objects = [thing(["1", "3"], boxes[0]), thing(["2", "3"], boxes[1]), thing(["0"], None)]
    (tmp_path / "in" / "Annotations" / "36979.xml").write_text(
        f"<annotation><filename>36979.jpg</filename>{''.join(objects)}</annotation>"
    )
    return tmp_path / "in"


def test_each_sentence_is_a_sample(root: Path) -> None:
    samples = flickr30k.samples(root)
    assert samples.keys == ("36979#0", "36979#1")
    first, second = samples
    assert first["caption"] == "An orange cat sleeps to the right of a grey cat ."
    assert first["phrases"] == ["An orange cat", "a grey cat"]
    assert first["boxes"].tolist() == [
        list(map(int, box)) for box in pets()["cats.jpg"]["boxes"][:2]
    ]
    assert second["phrases"] == ["Two cats", "Two cats"]
    assert second["kinds"] == [["animals"], ["animals"]]
    assert second["entities"] == [3, 3]


def test_sentences_and_boxes_come_back(root: Path, tmp_path: Path) -> None:
    flickr30k.write(flickr30k.samples(root), tmp_path / "out")
    for number, sentence in enumerate(SENTENCES):
        path = tmp_path / "out" / "Sentences" / f"36979_{number}.txt"
        assert path.read_text() == f"{sentence}\n"
    again = flickr30k.samples(tmp_path / "out", "train")
    for first, second in zip(flickr30k.samples(root), again, strict=True):
        assert first["boxes"].tolist() == second["boxes"].tolist()
        for name in ("caption", "phrases", "entities", "kinds"):
            assert first[name] == second[name]


def test_a_mirror_reaches_words_and_boxes(root: Path, tmp_path: Path) -> None:
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": flickr30k.STREAMS,
            "untouched": ["source"],
            "steps": [{"name": "mirror", "uses": "flip"}],
        }
    )
    sample = flickr30k.samples(root)[0]
    width = sample["image"].shape[1]
    flickr30k.write([policy(sample, key=0)], tmp_path / "out")
    result = flickr30k.samples(tmp_path / "out")[0]
    assert (tmp_path / "out" / "Sentences" / "36979_0.txt").read_text() == (
        "[/EN#1/animals An orange cat] sleeps to the left of [/EN#2/animals a grey cat] .\n"
    )
    mirrored = width - sample["boxes"][:, [2, 0]]
    assert result["boxes"][:, [0, 2]].tolist() == mirrored.tolist()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<annotation><object>", "it is damaged"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><annotation/>", "one that declares entities"),
        (
            "<annotation><object><name>1</name><bndbox><xmin>a</xmin></bndbox></object></annotation>",
            "it is damaged",
        ),
    ],
)
def test_bad_boxes_are_one_error(root: Path, text: str, told: str) -> None:
    (root / "Annotations" / "36979.xml").write_text(text)
    with pytest.raises(ManifestError, match=told):
        flickr30k.samples(root)[0]


def test_what_is_missing_is_told(root: Path, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="got no sentences"):
        flickr30k.samples(tmp_path)
    (root / "flickr30k-images" / "36979.jpg").unlink()
    with pytest.raises(ManifestError, match=r"expected image 36979\.jpg"):
        flickr30k.samples(root)[0]


def test_phrases_are_marked_at_words(root: Path, tmp_path: Path) -> None:
    """ "a cat" stands in "a catalogue", too, and "An" in "Another"."""
    line = (
        "Another print of a catalogue shows [/EN#1/animals a cat] , [/EN#2/other An ( odd ) hat] ."
    )
    (root / "Sentences" / "36979.txt").write_text(line + "\n")
    flickr30k.write(flickr30k.samples(root), tmp_path / "out")
    assert (tmp_path / "out" / "Sentences" / "36979_0.txt").read_text() == line + "\n"


def test_of_the_same_words_twice_each_is_marked_in_its_place(root: Path, tmp_path: Path) -> None:
    """The first cat is cut away: its words stay plain, and the second's are marked."""
    line = "[/EN#1/animals a cat] lies beside [/EN#2/animals a cat] ."
    (root / "Sentences" / "36979.txt").write_text(line + "\n")
    sample = flickr30k.samples(root)[0]
    for gone, told in (
        (1, "a cat lies beside [/EN#2/animals a cat] ."),
        (2, "[/EN#1/animals a cat] lies beside a cat ."),
    ):
        kept = [row for row, entity in enumerate(sample["entities"]) if entity != gone]
        result = {**sample, "boxes": sample["boxes"][kept]}
        result |= {n: [sample[n][row] for row in kept] for n in ("phrases", "entities", "kinds")}
        flickr30k.write([result], tmp_path / f"out{gone}")
        path = tmp_path / f"out{gone}" / "Sentences" / "36979_0.txt"
        assert path.read_text() == told + "\n"
    flickr30k.write([sample], tmp_path / "out")
    assert (tmp_path / "out" / "Sentences" / "36979_0.txt").read_text() == line + "\n"


@pytest.mark.parametrize("name", ["../../victim", "/tmp/victim", "a/b", "..", "a\\b"])
def test_a_list_names_images_and_no_folders(root: Path, name: str) -> None:
    (root / "train.txt").write_text(f"36979\n{name}\n")
    with pytest.raises(ManifestError, match="name of a file, without folders; got"):
        flickr30k.samples(root, "train")


def test_a_name_that_no_folder_can_have_is_refused() -> None:
    with pytest.raises(ManifestError, match="there is no such folder"):
        flickr30k.samples("x" * 5000)
