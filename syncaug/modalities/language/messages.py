"""Messages: conversations about pictures, of which each text follows the pictures it speaks of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from syncaug.errors import RefusalError, SampleError
from syncaug.maps.mask import Drop
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Rebuild, Tilt
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.language.chat_objects import boxes_of, moved_boxes
from syncaug.modalities.language.chat_text import ChatText, Shared
from syncaug.modalities.language.said_times import suspect_order, suspect_times
from syncaug.modalities.language.text import own_entropy
from syncaug.modalities.language.text_places import Move
from syncaug.modalities.language.turns import (
    Path,
    Saying,
    Turns,
    found_at,
    picture_paths,
    put_back,
    read_turns,
)
from syncaug.modalities.language.word_rules import WordRules
from syncaug.plan.stream import Stream

__all__ = ["MessagesCarrier"]


class MessagesCarrier(Carrier):
    """Turns of a conversation. How one text follows its pictures is `ChatText`'s matter.

    `data` stays as it came; the present texts are those of `texts`, by their paths in it. A turn
    speaks of the pictures that have been placed before its end, and an answer is read with its
    question. `pictures` are the carriers of what is placed, `planes` their planes in order. `boxes`
    are those beside the turns, for which `moves` holds the maps of each plane. `sizes` are those
    that its maps have given to the pictures of planes, which are its own where it draws for itself.
    """

    __slots__ = ("boxes", "moves", "pictures", "planes", "sizes", "texts", "turns")
    rules: WordRules
    turns: Turns

    @classmethod
    def rules_of(cls, stream: Stream) -> WordRules:
        """What the stream lets its words do."""
        return WordRules.of(stream)

    def read(self, value: Any) -> Any:
        self.turns = read_turns(self.stream.name, value)
        present = [(name, plane) for name, plane in self.stream.shows if self._has(name)]
        self._require_streams(value)
        self._require_all_placed([name for name, _ in present])
        self.planes = planes = [plane for _, plane in present]
        self.boxes = boxes_of(self.stream.name, value)
        self.moves: dict[str, tuple[Move, ...]] = {}
        self.sizes: dict[str, Size] = {}
        self.texts: dict[Path, ChatText] = {
            said.path: self._text(said, planes) for said in self.turns.sayings if not said.fixed
        }
        self.pictures: Mapping[str, Carrier] = {}
        return value

    def _has(self, name: str) -> bool:
        return self.sample.get(name) is not None

    def _require_streams(self, value: Any) -> None:
        """Refuse pictures inside of the messages, which would stay as they are."""
        for path, picture in picture_paths(value):
            if not isinstance(picture, str | Mapping):
                raise self.fail(
                    "pictures as streams of their own",
                    f"{describe(picture)} at {'/'.join(map(str, path))}",
                    f"Declare embedded: true of {self.stream.name!r}: then its pictures are taken "
                    "from it for the streams of pictures:, and put back.",
                )

    def _require_all_placed(self, present: Sequence[str]) -> None:
        """Refuse more or fewer placeholders than there are pictures."""
        count = len(self.turns.placed)
        if count in (0, len(present)):
            return
        known = ", ".join(repr(name) for name in present) or "none"
        raise self.fail(
            f"one placeholder for each of its pictures ({known})",
            f"{count}",
            f"Declare pictures: of {self.stream.name!r} in the order of the placeholders, and "
            "optional: true for streams that a sample may lack.",
        )

    def _text(self, said: Saying, planes: Sequence[str]) -> ChatText:
        """One text on its way, with the planes of the pictures that it speaks of."""
        seen = planes if said.seen < 0 else planes[: said.seen]
        kind = Shared if len(set(seen)) > 1 else ChatText
        text = kind(said.text, seen, self.rules, self.notes)
        text.question = said.question
        return text

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        """Know the pictures: what is grey all over has no colours that could change."""
        self.pictures = {name: carriers[name] for name, _ in self.stream.shows if name in carriers}

    def _are_grey(self, plane: str) -> bool:
        """Whether all pictures of a plane are grey, and none is a film."""
        seen = [self.pictures.get(name) for name, own in self.stream.shows if own == plane]
        return bool(seen) and all(
            picture is not None and picture.stream.modality == "image" and picture.is_grey()  # type: ignore[attr-defined]
            for picture in seen
        )

    # Maps: `space` names the plane of one

    def plane(self, plane: PlaneMap) -> None:
        self._remember(plane)
        for text in self.texts.values():
            for part in text.on(self.space):
                part.plane(plane)

    def size_on(self, plane: str) -> Size | None:
        """How large the pictures of a plane are for the texts; None where no map has met them."""
        return self.sizes.get(plane) or self.sizes.get("")

    def _remember(self, move: PlaneMap | FieldMap) -> None:
        self.sizes[self.space] = move.size
        if self.boxes:
            self.moves[self.space] = (*self.moves.get(self.space, ()), move)

    def field(self, field: FieldMap) -> None:
        self._remember(field)
        for text in self.texts.values():
            for part in text.on(self.space):
                part.bend(field)

    def doubt_times(self, time: TimeMap) -> None:
        suspect_times(self, (said.text for said in self.turns.sayings if not said.fixed), time)
        suspect_order(self, (said.text for said in self.turns.sayings if not said.fixed), time)

    def cut(self) -> None:
        *before, last = self.moves.get(self.space, (None,))
        if isinstance(last, PlaneMap):
            self.moves[self.space] = (*before, last.cut)
        for text in self.texts.values():
            for part in text.on(self.space):
                part.cut()

    def tone(self, tone: ToneMap) -> None:
        planes = dict.fromkeys(plane for _, plane in self.stream.shows)
        for plane in planes:
            if self.space in ("", plane) and not (tone.hue and self._are_grey(plane)):
                for text in self.texts.values():
                    for part in text.on(plane):
                        part.tone(tone)

    def words(self, rule: Rebuild | Tilt) -> None:
        """Tilts have a rule from now on."""
        if isinstance(rule, Tilt):
            for text in self.texts.values():
                text.rules = text.rules.tilted(rule)
                for part in text.on(""):
                    part.rules = part.rules.tilted(rule)

    def noise(self, noise: Noise) -> None:
        """Typing errors, of their own in each text."""
        for index, text in enumerate(self.texts.values()):
            text.noise(replace(noise, entropy=own_entropy(noise.entropy, index)))

    def drop(self, drop: Drop) -> None:
        """No word is left; placeholders stay where they are."""
        self.settle()
        for text in self.texts.values():
            text.empty()

    def settle(self) -> None:
        path: Path = ()
        self.moves = {plane: (*moves, None) for plane, moves in self.moves.items()}
        try:
            for path, text in self.texts.items():  # noqa: B007 (told below)
                text.settle()
                for part in text.on(""):
                    part.carried_out()
        except RefusalError as error:
            where = "/".join(map(str, path))
            raise RefusalError(error.stream, f"{where}: {error.reason}") from error
        except SampleError as error:
            came = f"{error.came}, in {'/'.join(map(str, path))}"
            raise SampleError(
                error.stream, expected=error.expected, came=came, hint=error.hint
            ) from error

    def _in_form(self, path: Path) -> Any:
        """A text as it came: arguments of a tool that were data are data again."""
        text = self.texts[path].text
        if isinstance(found_at(self.data, path), str):
            return text
        try:
            return json.loads(text)
        except ValueError as error:
            raise RefusalError(
                self.stream.name, f"arguments of a tool are no JSON now: {error}"
            ) from error

    def finish(self) -> dict[str, Any]:
        self.settle()
        for text in self.texts.values():
            text.place()
        changed: dict[Path, Any] = {
            said.path: self._in_form(said.path)
            for said in self.turns.sayings
            if said.path in self.texts and self.texts[said.path].text != said.text
        }
        if self.moves:
            moved = moved_boxes(self.stream.name, self.data, self.planes, self.moves)
            if moved != list(self.boxes):
                changed["objects", "bbox"] = moved if isinstance(self.boxes, list) else tuple(moved)
        return {self.stream.name: put_back(self.data, changed)}
