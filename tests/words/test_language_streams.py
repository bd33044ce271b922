"""Texts in a declared language through whole policies: steps, phrases, noise, checks, records."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from syncaug import AlignmentError, PolicyError, RecordError, SampleWarning, load_policy
from syncaug.words import DEFAULT, Edit, colour_words, direction_words, sparing
from syncaug.words.lexicon import LANGUAGES, lexicon_for
from syncaug.words.mentions import mentions
from syncaug.words.translated import names_without_words
from tests.words.cases import cases

PICTURE = np.full((40, 60, 3), (200, 40, 30), np.uint8)
LEFT = {
    "en": ("A red dog sits on the left.", "A green dog sits on the right."),
    "de": ("Ein roter Hund sitzt links.", "Ein grüner Hund sitzt rechts."),
    "fr": ("Une robe rouge est à gauche.", "Une robe verte est à droite."),
    "es": ("Una camisa roja está a la izquierda.", "Una camisa verde está a la derecha."),
    "zh": ("左边有一只红色的狗。", "右边有一只绿色的狗。"),
}
STEPS = "steps:\n  - {name: a, uses: flip}\n  - {name: b, uses: colour, with: {hue: 120}}\n"
NAMES = names_without_words({"says": {}}, DEFAULT._section("colours"))
ITALIAN = """
inflection:
  slots: [ms, fs]
  patterns: {full: {stems: ross giall, endings: [o, a]}}
  kinds: {fs: -a, ms: -o}
  rules: [[fs, "@fs _"], [ms, "@ms _"]]
colours:
  means: {rosso: red, giallo: yellow, verde: green, blu: blue}
  says: {red: rosso, yellow: giallo, green: verde, blue: blu, OTHERS}
directions:
  groups: {side: {words: {left: [sinistra], right: [destra]}, rules: [[word, "_"]]}}
""".replace(
    "OTHERS",
    ", ".join(f"{n}: {n}" for n in NAMES if n not in ("red", "yellow", "green", "blue")),
)


def policy(options: str, steps: str = STEPS, more: str = "") -> str:
    return (
        "syncaug: 1\nsample:\n  image: image\n"
        f"  caption: {{modality: text, describes: image, {options}}}\n{more}{steps}"
    )


def carried(options: str, caption: Any, steps: str = STEPS) -> Any:
    return load_policy(policy(options, steps))({"image": PICTURE, "caption": caption}, key=1)[
        "caption"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_directions_and_colours_follow(language: str) -> None:
    before, after = LEFT[language]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert carried(f"language: {language}", before) == after
        assert carried(f"language: {language}", [before, before]) == [after, after]


@pytest.mark.parametrize("language", LANGUAGES)
def test_cues_follow(language: str) -> None:
    before, after = LEFT[language]
    augmenter = load_policy(
        "syncaug: 1\nsample:\n  image: image\n"
        f"  cues: {{modality: timed_text, describes: image, language: {language}}}\n{STEPS}"
    )
    cues = [{"start": 0.0, "end": 1.0, "text": before}]
    assert augmenter({"image": PICTURE, "cues": cues}, key=1)["cues"][0]["text"] == after


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_a_moved_colour_has_a_word(language: str) -> None:
    lexicon = lexicon_for(language)
    assert lexicon.lacks("colours") == lexicon.lacks("directions") == ""
    for word in lexicon.colours.words:
        assert word == word.lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_another_language_stays_with_one_warning(language: str) -> None:
    other = "de" if language != "de" else "fr"
    texts = {
        "de": "Ein Mann in orange Jacke und mit Hut lacht links auf der Bank.",
        "fr": "Une dame en beige est dans le parc à gauche avec un chien.",
    }
    caption = texts[other]
    with pytest.warns(SampleWarning, match="is not ") as caught:
        assert carried(f"language: {language}", caption) == caption
    assert {str(each.message).count("language:") for each in caught} == {1}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_sentences_are_in_their_language(language: str) -> None:
    from syncaug.words.languages import is_foreign

    lexicon = lexicon_for(language)
    for case in cases():
        words = lexicon.writing.cut(case.text)
        if case.language == language:
            assert not is_foreign(words, language), case.text
        elif case.language == "en" and len(words) > 8:
            assert not colour_words(case.text, lexicon) or not is_foreign(words, language)


def test_phrases_follow_their_text() -> None:
    more = "  boxes: boxes\n  phrases: {modality: phrases, boxes: boxes, text: caption}\n"
    augmenter = load_policy(policy("language: de", more=more))
    sample = {
        "image": PICTURE,
        "caption": "Links sitzt ein roter Hund, rechts eine blaue Katze.",
        "boxes": np.array([[0.0, 0.0, 10.0, 10.0], [40.0, 0.0, 50.0, 10.0]]),
        "phrases": ["ein roter Hund", "eine blaue Katze"],
    }
    out = augmenter(sample, key=1)
    assert out["caption"] == "Rechts sitzt ein grüner Hund, links eine rote Katze."
    assert out["phrases"] == ["ein grüner Hund", "eine rote Katze"]


def test_a_form_that_nothing_tells_draws_again() -> None:
    caption = "Des trucs orange traînent."
    with pytest.raises(AlignmentError, match="has no form of its word here"):
        carried("language: fr", caption)
    options = 'language: fr, lexicon: {inflection: {kinds: {mp: "trucs"}}}'
    assert carried(options, caption) == "Des trucs verts traînent."


@pytest.mark.parametrize("language", LANGUAGES)
def test_noise_spares_the_words_of_the_language(language: str) -> None:
    text = LEFT[language][0]
    lexicon = lexicon_for(language)
    read = [*colour_words(text, lexicon), *direction_words(text, lexicon)]
    assert len(read) == 2
    edits = [Edit(word.start, word.end, "xxxx") for word in read]
    assert sparing(text, edits, lexicon) == ()
    steps = "steps:\n  - {name: n, apply: {caption: {op: nlpaug.KeyboardAug, aug_word_p: 1.0}}}\n"
    out = carried(f"language: {language}", text, steps)
    for word in read:
        assert word.word in out.lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_operations_speak_the_language(language: str) -> None:
    before, after = LEFT[language]
    steps = (
        "steps:\n  - {name: m, apply: {caption: [{op: syncaug.MirrorWords}, "
        "{op: syncaug.RecolourWords, degrees: 120}]}}\n"
    )
    assert carried(f"language: {language}", before, steps) == after


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("honest", [True, False])
def test_checks_read_the_language(language: str, honest: bool) -> None:
    left, colours = {
        "en": ("a red box on the left", "red"),
        "de": ("links eine rote Kiste", "rote"),
        "fr": ("à gauche une boîte rouge", "rouge"),
        "es": ("a la izquierda una caja roja", "roja"),
        "zh": ("左边的红色箱子", "红色"),
    }[language]
    step = (
        "{name: a, uses: flip}"
        if honest
        else "{name: a, apply: {image: "
        "{op: albumentations.HorizontalFlip}, boxes: follow, caption: keep}}"
    )
    more = "  boxes: boxes\n  phrases: {modality: phrases, boxes: boxes, text: caption}\n"
    text = policy(
        f"language: {language}",
        f"steps:\n  - {step}\nchecks:\n  - direction_words: {{}}\n  - colour_words: {{}}\n",
        more,
    )
    sample = {
        "image": PICTURE,
        "caption": left,
        "boxes": np.array([[0.0, 5.0, 10.0, 15.0]]),
        "phrases": [colours],
    }
    augmenter = load_policy(text)
    if honest:
        _, record = augmenter.apply(sample, key=1)
        measures = record.attempts[-1].measures
        assert measures["direction_words"] == 1.0
        assert measures["colour_words"] < 5.0
    else:
        with pytest.raises(AlignmentError, match="direction_words"):
            augmenter(sample, key=1)


# Languages without a lexicon, and lexicons of one's own


@pytest.mark.parametrize(
    "step",
    [
        "uses: flip",
        "uses: colour, with: {hue: 20}",
        "uses: rotate, with: {degrees: {uniform: [-90, 90]}}",
        "apply: {caption: {op: syncaug.MirrorWords}}",
        "apply: {image: {op: albumentations.HorizontalFlip}, caption: follow}",
    ],
)
def test_a_step_that_needs_unknown_words_is_a_problem(step: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(policy("language: it", f"steps:\n  - {{name: a, {step}}}\n"))
    (problem,) = (each for each in caught.value.problems if each.severity == "error")
    assert problem.code == "SA316"
    assert "'caption'" in problem.message
    assert "'it'" in problem.message
    assert problem.expected
    assert problem.hint


@pytest.mark.parametrize(
    "step",
    [
        "uses: crop, with: {area: 0.5}",
        "uses: light, with: {value: 0.2}",
        "uses: colour, with: {value: 0.2}",
        "uses: rotate, with: {degrees: {uniform: [-15, 15]}}",
        "uses: noise, with: {severity: 0.4}",
        "apply: {image: {op: albumentations.GaussianBlur}}",
    ],
)
def test_a_step_that_needs_no_words_takes_any_language(step: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        carried("language: it", "Un cane rosso a sinistra.", f"steps:\n  - {{name: a, {step}}}\n")


def test_a_rebuilt_caption_must_be_english() -> None:
    more = "  boxes: boxes\n  phrases: {modality: phrases, boxes: boxes, text: caption}\n"
    steps = "steps:\n  - {name: a, uses: crop, with: {area: 0.5, caption: rebuild}}\n"
    load_policy(policy("language: en", steps, more))
    with pytest.raises(PolicyError, match="SA317 'caption' is in the language 'de'"):
        load_policy(policy("language: de", steps, more))


def test_a_lexicon_file_lies_beside_the_policy(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "it.yaml").write_text(ITALIAN, encoding="utf-8")
    path = folder / "policy.yaml"
    path.write_text(policy("language: it, lexicon: it.yaml"), encoding="utf-8")
    augmenter = load_policy(path)
    sample = {"image": PICTURE, "caption": "Una macchina rossa a sinistra."}
    out, record = augmenter.apply(sample, key=1)
    assert out["caption"] == "Una macchina verde a destra."
    again = pickle.loads(pickle.dumps(augmenter))
    assert again(sample, key=1)["caption"] == out["caption"]
    # a record holds the words: it is replayed without the file, and by no other lexicon
    (folder / "it.yaml").write_text(ITALIAN.replace("verde", "verdino"), encoding="utf-8")
    changed = load_policy(path)
    assert changed.plan.fingerprint != augmenter.plan.fingerprint
    with pytest.raises(RecordError, match="expected a record of"):
        changed.replay(sample, record)
    (folder / "it.yaml").unlink()
    assert augmenter.replay(sample, record.to_json())["caption"] == out["caption"]
    assert load_policy(record.policy).plan.fingerprint == augmenter.plan.fingerprint


def test_a_lexicon_of_a_policy_without_a_file_lies_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "it.yaml").write_text(ITALIAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    options = "language: it, lexicon: it.yaml"
    assert carried(options, "Una macchina rossa a sinistra.") == "Una macchina verde a destra."
    inline = load_policy(
        {
            "syncaug": 1,
            "sample": {
                "image": "image",
                "caption": {
                    "modality": "text",
                    "describes": "image",
                    "language": "it",
                    "lexicon": yaml.safe_load(ITALIAN),
                },
            },
            "steps": yaml.safe_load(STEPS)["steps"],
        }
    )
    assert inline.plan.fingerprint == load_policy(policy(options)).plan.fingerprint


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: there is no such file"),
        ("colours: [1\n", "cannot be read, line 1: not YAML"),
        ("farben: {}\n", "unknown key 'farben'; expected one of directions, colours"),
        ("colours: {means: {rosso: redd}}\n", "expected an English colour word, found 'redd'"),
        ("directions: {groups: {a: [1]}}\n", "groups: a: expected a mapping with words:"),
        (
            "directions: {groups: {a: {words: {left: [x]}, rules: [[word, 'x y']]}}}\n",
            "has no slot",
        ),
        ("inflection: {slots: [a, b], forms: {x: [x]}}\n", "expected 2 forms"),
        ("colours: {means: 3}\n", "colours: means: expected a mapping; found 3"),
        ("colours: {means: {rosso: [1]}}\n", "means: rosso: expected a text; found [1]"),
        ("colours: {rules: [[person, _]]}\n", "unknown outcome 'person'; expected one of colour"),
        ("directions: {groups: {a: {words: {}, rules: [[x, _]]}}}\n", "unknown outcome 'x'"),
        ("inflection: {kinds: [a]}\n", "inflection: kinds: expected a mapping"),
        ("writing: {pattern: '('}\n", "is no regular expression"),
        ("writing: {pattern: '(a)'}\n", "has groups"),
        ("writing: {pattern: 'a', conjunctions: {y: e}}\n", "expected WORD: [OTHER, EXPRESSION]"),
        ("writing: {pattern: 'a', conjunctions: {y: [e, '(']}}\n", "is no regular expression"),
        (
            "directions: {groups: {a: {words: {left: [x]}, rules: [[word, "
            "_ a? b? c? d? e? f? g? h? i? j? k? l? m?]]}}}\n",
            "more than 12 words that may be absent",
        ),
        ("inflection: {slots: [a], rules: [[z, _]]}\n", "is none of the slots a"),
    ],
)
def test_a_broken_lexicon_is_a_problem(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "own.yaml").write_text(content, encoding="utf-8")
    path = tmp_path / "policy.yaml"
    path.write_text(policy("language: it, lexicon: own.yaml"), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    (problem,) = caught.value.problems
    assert problem.code == "SA315"
    assert said in problem.message
    assert problem.position.line == 4
    assert problem.hint


def test_an_own_lexicon_adds_words_of_english() -> None:
    options = "lexicon: {colours: {shaded: {skyish: [200, plain]}}}"
    assert carried(options, "A skyish car.") != "A skyish car."
    assert carried("", "A skyish car.") == "A skyish car."


@pytest.mark.parametrize("code", ["German", "d", "DE", "de_AT", ""])
def test_a_language_is_a_code(code: str) -> None:
    with pytest.raises(PolicyError, match="language"):
        load_policy(policy(f"language: '{code}'"))


def test_a_variety_is_read_as_its_language() -> None:
    before, after = LEFT["de"]
    assert carried("language: de-AT", before) == after


# Mixes and classes


@pytest.mark.parametrize(
    ("language", "own", "partner", "both"),
    [
        ("de", "Ein Hund sitzt.", "Eine Katze läuft.", "Ein Hund sitzt; eine Katze läuft."),
        ("de", "Ein Hund sitzt.", "Otto läuft.", "Ein Hund sitzt; Otto läuft."),
        ("fr", "Un chien dort.", "Une vache broute.", "Un chien dort; une vache broute."),
        ("es", "Un perro duerme.", "Una vaca pasta.", "Un perro duerme; una vaca pasta."),
        ("zh", "一只狗在睡觉。", "一头牛在吃草。", "一只狗在睡觉。一头牛在吃草。"),
    ],
)
def test_mixed_texts_join(language: str, own: str, partner: str, both: str) -> None:
    steps = "steps:\n  - {name: m, uses: mixup, with: {share: 0.5}}\n"
    augmenter = load_policy(policy(f"language: {language}", steps))
    sample, other = ({"image": PICTURE, "caption": text} for text in (own, partner))
    assert augmenter(sample, key=1, partner=other)["caption"] == both


@pytest.mark.parametrize(
    ("language", "label", "text", "named"),
    [
        ("en", "dog", "Two dogs sit.", True),
        ("en", "dog", "A doge palace.", False),
        ("de", "Hund", "Zwei Hunde sitzen.", True),
        ("de", "Katze", "Katzen schlafen.", True),
        ("de", "Rad", "Ein Radio spielt.", False),
        ("fr", "oiseau", "Des oiseaux volent.", True),
        ("fr", "chien", "L'ami des chiens.", True),
        ("fr", "ours", "Un oursin.", False),
        ("es", "flor", "Unas flores rojas.", True),
        ("es", "sol", "Un soldado.", False),
        ("zh", "狗", "一只狗坐着。", True),
        ("zh", "猫", "一只狗坐着。", False),
    ],
)
def test_classes_are_named_in_the_language(
    language: str, label: str, text: str, named: bool
) -> None:
    assert mentions(text, label, lexicon_for(language)) is named
