"""Streams of language: captions, cues, and phrases grounded to boxes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.sides import Sides
from syncaug.policy.stream_values import Language, Name, Names, OwnLexicon, Share, Tilted
from syncaug.policy.streams.base import SIDES, InContainer, OnClock, OnPlane, Rowed, Stream

__all__ = ["MessagesStream", "PhrasesStream", "TextStream", "TimedTextStream"]


class PhrasesStream(OnPlane, OnClock, Rowed):
    """Pieces of a text that speak of boxes, and the times at which they are spoken."""

    what: ClassVar[str] = "a phrases stream"
    modality: Literal["phrases"] = Field(
        description="Pieces of a text, one for each box; a list of such lists for a list of texts."
    )
    boxes: Name = Field("", description="The boxes stream that the phrases speak of.")
    text: Name = Field("", description="The text stream that the phrases occur in.")
    times: Name = Field(
        "",
        description="The sample's key that holds [start, end] in seconds or null for each phrase.",
    )
    sides: Sides = SIDES


class _Spoken(Stream):
    language: Language = Field(
        "en",
        description="The language of the text, by its code. Directions and colours follow in en, "
        "de, es, fr and zh; for another language a lexicon is needed where a step needs words.",
    )
    lexicon: OwnLexicon = Field(
        "",
        description="A YAML file of own words and rules, relative to the policy file (else to the "
        "working folder), or its content. A plan and a record hold the content.",
    )
    leave_below: float = Field(
        20.0, ge=0, le=45, description="Degrees of tilt up to which direction words stay true."
    )
    words: Tilted = Field(
        {"leave_below": 20.0},
        description="What a turn that is no quarter turn does to direction words: refuse (an "
        "error), redraw, or leave_below.",
    )
    compass: Literal["refuse", "moves", "keep"] = Field(
        "refuse",
        description="What points of the compass that are places in the picture (in the east, "
        "north of the road) do: moves (as on a map), keep, or refuse where they may move.",
    )
    coordinates: Literal["refuse", "keep", "pixels", "per_mille", "percent", "fraction"] = Field(
        "refuse",
        description="What becomes of a text that writes places of its picture, such as "
        "[60, 30, 90, 50] or <loc0123>, where the picture moves: refuse (an error), keep them, or "
        "let them follow as numbers of pixels, of a grid of 1000, of a hundred, or fractions. "
        "Forms that say themselves what they count, such as <loc0123>, follow as they say.",
    )
    order: Literal["xyxy", "yxyx", "xywh"] = Field(
        "xyxy",
        description="How boxes are written in a text where their form does not say it: by two "
        "corners, by corners with y first (points too), or by a corner and a size.",
    )
    gone: Literal["refuse", "drop"] = Field(
        "refuse",
        description="What becomes of a place that a text writes and the picture does not show any "
        "more: the draw is refused, or the object of a JSON list that holds it is left out.",
    )
    typos: Literal["others", "all"] = Field(
        "others",
        description="Which words noise may misspell where the text describes a picture: others "
        "than those for colours and directions, which steps and checks read, or all.",
    )
    traffic_lights: Literal["pixels", "keep", "refuse"] = Field(
        "pixels",
        description="What becomes of the lamps of traffic lights (stop at the red light) when hues "
        "turn: their words follow the pixels, keep what they say, or refuse the draw, as texts "
        "that are commands to a driver need it.",
    )


class _Worded(_Spoken, OnPlane):
    describes: Name = Field("", description="The stream or plane that the text describes.")


class MessagesStream(_Spoken):
    """A conversation about pictures: turns with a role and a content."""

    what: ClassVar[str] = "a messages stream"
    modality: Literal["messages"] = Field(
        description="Turns of a conversation, as Hugging Face, LLaVA, Qwen-VL or ms-swift have "
        "them."
    )
    pictures: Names = Field(
        (),
        description="The streams of the pictures and films that the conversation speaks of, in the "
        "order of their placeholders; the sample's only one without it.",
    )
    embedded: bool = Field(
        False,
        description="Whether the pictures stand inside of the messages: they are taken from there "
        "for their streams, and put back.",
    )


class TextStream(_Worded):
    """A caption or another text."""

    what: ClassVar[str] = "a text stream"
    modality: Literal["text"] = Field(description="A text, or a list of texts.")
    choose: Literal["all", "one"] = Field(
        "all",
        description="What becomes of a list of texts: all come out, as a list, or one, which is "
        "drawn for each key and epoch, as a string.",
    )
    paraphrases: Name = Field(
        "",
        description="The sample's key that holds other texts for this one, in a list or by name "
        "({sunset: [...], night: ...}): syncaug.Paraphrase puts one of them in its place. The "
        "entry itself comes out as it came.",
    )
    answers: Name = Field(
        "",
        description="The text stream with the question that this text answers. Both are read "
        "together: right is no side after 'Is that correct?'.",
    )


class TimedTextStream(InContainer, _Worded):
    """Subtitles or a transcript: cues with start, end and text."""

    what: ClassVar[str] = "a timed_text stream"
    modality: Literal["timed_text"] = Field(description="Text in time: subtitles, transcripts.")
    min_visible: Share = Field(
        0.1, description="The share of a cue's duration below which a cut drops the cue."
    )
    format: Literal["srt", "vtt", "ass"] = Field("srt", description="The format of subtitle files.")
