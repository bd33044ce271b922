"""Steps on vectors of encoders: the encoder is there, is this policy's, and can do what it must."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.catalogue.external import ENCODERS, external_names
from syncaug.catalogue.transforms import transform
from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.reach.mixing import words_of
from syncaug.compiler.walk import located_steps
from syncaug.plan.encoding import encoding_steps, is_file
from syncaug.plan.plan import Plan, Step, Stream
from syncaug.policy.space_file import VECTORS, SpaceFileError, read_head
from syncaug.policy.suggest import suggest
from syncaug.values.value import Constant

__all__ = ["require_encoders", "spoken_of"]

_CODED = ("decode", "nearest")
_NEEDED = {"decode": "a way back to it (decode)", "nearest": "a bank of samples (bank)"}


@dataclass(frozen=True, slots=True)
class Able:
    """What an encoder can do, as far as loading knows it; `head` is that of its file, or None."""

    name: str
    given: Any
    head: Mapping[str, Any] | None

    def knows(self, stream: Stream) -> bool:
        """Whether it can encode a stream."""
        if not self.name:
            return stream.modality == "embedding"
        if self.head is not None:
            return stream.name in self.head["streams"]
        taken = getattr(self.given, "streams", None)
        return taken is None or stream.name in taken or stream.modality in taken

    def decodes(self, stream: Stream) -> bool:
        """Whether it knows the way back to a stream."""
        if not self.name:
            return stream.modality == "embedding"
        if self.head is not None:
            return bool(self.head["streams"].get(stream.name, {}).get("features") == VECTORS)
        return self.given is None or callable(getattr(self.given, "decode", None))

    def has_bank(self) -> bool:
        """Whether it knows vectors of samples."""
        if not self.name:
            return False
        if self.head is not None:
            return bool(self.head["bank"])
        return self.given is None or bool(getattr(self.given, "bank", None) is not None)


def require_encoders(plan: Plan, encoders: Collection[str], complaints: Complaints) -> None:
    """Complain of encoders that are not there, are another policy's, or cannot do what is asked."""
    made = {s.name: s for s in plan.streams if s.options.get("encodes")}
    if not made and not any(encoding_steps(plan)):
        return
    reached: set[str] = set()
    makers: dict[str, Able] = {}
    for step, path, _ in located_steps(plan):
        if not step.transform or not transform(step.transform).encodes:
            continue
        able = _able(step, (*path, "with", "encoder"), plan, encoders, complaints)
        if able is not None:
            _require_able(step, path, able, plan, complaints)
            _require_one_space(step, path, able, made, makers, complaints)
        reached |= set(step.streams)
    for name in made.keys() - reached:
        complaints.add(
            "SA320",
            ("sample", name, "encodes"),
            f"no step has an encoder that makes {name!r}",
            expected="a step uses: latent_mix, latent_interpolate, latent_noise or feature_mix, "
            "with: {encoder: NAME}",
        )


def _require_one_space(
    step: Step,
    path: Path,
    able: Able,
    made: Collection[str],
    makers: dict[str, Able],
    complaints: Complaints,
) -> None:
    """Complain of a vector that encoders of two spaces make, and of a pin that holds no file."""
    for name, _ in _words(step):
        first = makers.setdefault(name, able) if name in made else able
        if first.name != able.name:
            complaints.add(
                "SA320",
                (*path, "with", "encoder"),
                f"the vector {name!r} is that of encoder {os.path.basename(first.name)!r} in "
                f"another step, and of {os.path.basename(able.name)!r} here, which is another "
                "space",
                expected=f"one encoder in all steps that make {name!r}, {name}: keep under with:, "
                "or an embedding for each encoder",
            )
    if able.head is None and step.parameters.get("fingerprint") is not None:
        complaints.add(
            "SA320",
            (*path, "with", "fingerprint"),
            "a fingerprint pins a file, and this step names "
            + ("none: its encoder is given" if able.name else "no encoder"),
            expected="encoder: FILE.npz, which syncaug fit-latent wrote, or no fingerprint",
        )


def _able(
    step: Step, path: Path, plan: Plan, encoders: Collection[str], complaints: Complaints
) -> Able | None:
    """What the encoder of a step can do; None after complaining that there is none."""
    value = step.parameters.get("encoder")
    if value is None:
        return Able("", None, None)
    if not isinstance(value, Constant):
        complaints.add(
            "SA320", path, "an encoder is the same for every sample", expected="one name or file"
        )
        return None
    name = str(value.value)
    if name in encoders:
        return Able(name, encoders[name] if isinstance(encoders, Mapping) else None, None)
    if not is_file(name):
        brought = sorted({*encoders, *external_names(ENCODERS)})
        if name in brought:
            return Able(name, None, None)
        complaints.add(
            "SA311",
            path,
            f"unknown encoder {name!r}",
            expected="a file (.npz) that syncaug fit-latent wrote, one that a package brings by "
            f"entry point {ENCODERS}, or load_policy(..., encoders={{{name!r}: encoder}})",
            hint=suggest(name, brought) if brought else "",
        )
        return None
    try:
        head = read_head(name)
    except SpaceFileError as error:
        complaints.add(
            "SA320",
            path,
            f"the space {os.path.basename(name)!r} cannot be read: {error}",
            expected=f"a file that this writes: {_fitting(name, plan, complaints.document())}",
        )
        return None
    wrong = _other(step, head, plan)
    if wrong:
        complaints.add(
            "SA320",
            path,
            f"the space {os.path.basename(name)!r} is not this policy's: {wrong}",
            expected="a space that was fitted under this policy on these features",
            hint=f"fit it again: {_fitting(name, plan, complaints.document(), head)}",
        )
        return None
    return Able(name, None, head)


def _fitting(name: str, plan: Plan, policy: str, head: Mapping[str, Any] | None = None) -> str:
    """The command that writes a space for a policy, fitted on what its head says it was before."""
    declared = {stream.name for stream in plan.streams}
    before = {} if head is None else head["streams"]
    streams = {stream: told["features"] for stream, told in before.items() if stream in declared}
    manifest = "MANIFEST"
    if head is not None and head["bank"]:
        manifest = os.path.normpath(os.path.join(os.path.dirname(name), head["bank"]["manifest"]))
    there = os.path.isfile(policy)
    folder = os.path.dirname(policy) if there else ""
    words = ["syncaug", "fit-latent", policy if there else "POLICY"]
    words += ["--manifest", _from(folder, manifest), "--out", _from(folder, name)]
    words += ["--streams", ",".join(streams) if len(streams) > 1 else "A,B"]
    for stream, features in streams.items():
        words += ["--encoder", f"{stream}={features}"] if ":" in features else []
    return shlex.join(words)


def _from(folder: str, path: str) -> str:
    """A whole path that lies in a folder, by the folder's name as it was given."""
    whole = os.path.join(os.path.abspath(folder), "")
    return os.path.join(folder, path[len(whole) :]) if path.startswith(whole) else path


def _other(step: Step, head: Mapping[str, Any], plan: Plan) -> str:
    """What tells a space from one of this policy; empty where nothing does."""
    pinned = step.parameters.get("fingerprint")
    if isinstance(pinned, Constant) and pinned.value != head["fingerprint"]:
        return (
            f"its fingerprint is {head['fingerprint']}, and the step names {pinned.value}; it was "
            "fitted on other features, or under another policy"
        )
    told = head["policy"]
    if told is None:
        return ""
    if told["name"] != plan.name:
        return f"it was fitted under the policy {told['name']!r}, and this is {plan.name!r}"
    for name, said in spoken_of(plan, head["streams"]).items():
        if told["streams"].get(name, said) != said:
            return f"it was fitted on another stream {name!r}: {_differing(told, said, name)}"
    return ""


def _differing(told: Mapping[str, Any], said: Mapping[str, Any], name: str) -> str:
    before = told["streams"][name]
    keys = [key for key in {**before, **said} if before.get(key) != said.get(key)]
    return ", ".join(f"{key} was {before.get(key)!r}, and is {said.get(key)!r}" for key in keys)


def spoken_of(plan: Plan, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """What a policy says of some of its streams, by which a space is known as its own."""
    return {
        stream.name: {"modality": stream.modality, **_plain(stream.options)}
        for stream in plan.streams
        if stream.name in names
    }


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as a file of JSON holds them."""
    import json

    out: dict[str, Any] = json.loads(json.dumps(dict(options), default=str))
    return out


def _require_able(step: Step, path: Path, able: Able, plan: Plan, complaints: Complaints) -> None:
    """Complain of streams that the encoder cannot encode, decode or find a neighbour of."""
    coded = 0
    for name, word in _words(step):
        stream = plan.stream(name)
        source = stream.options.get("encodes")
        wrong = ""
        if source:
            if not able.knows(plan.stream(source)):
                wrong = f"cannot encode {source!r}"
            coded += not wrong
            if word == "nearest":
                wrong = "makes vectors of it, which are no sample's"
        elif word == "decode":
            if not able.knows(stream):
                wrong = "cannot encode it"
            elif not able.decodes(stream):
                wrong = "has no decoder for it"
            coded += not wrong
        elif word == "nearest":
            if not able.has_bank():
                wrong = "has no bank of samples"
            coded += able.knows(stream) and not wrong
        if wrong:
            _complain((step, path), stream, word, wrong, able, complaints)
    _require_companions(step, path, plan, complaints)
    if not coded and not complaints.failed:
        complaints.add(
            "SA320",
            (*path, "uses"),
            f"{step.transform} encodes no stream",
            expected="an embedding stream, or encoder: NAME and a stream that it knows",
        )


def _require_companions(step: Step, path: Path, plan: Plan, complaints: Complaints) -> None:
    """Complain of a stream that nothing is said of beside one that becomes another sample's."""
    spec = transform(step.transform)
    if not spec.alone:
        return  # a step that mixes asks for a word of every stream
    words = {n for n, _ in _words(step) if plan.stream(n).modality != "embedding"}
    becoming = {place for name in words for place in plan.stream(name).places}
    for stream in plan.streams:
        said = words_of(spec, stream)
        silent = stream.name not in words and stream.name not in step.parameters
        if words and silent and "nearest" in said and becoming & set(stream.places):
            complaints.add(
                "SA502",
                (*path, "uses"),
                f"other streams of its space become new ones, and {stream.modality} stream "
                f"{stream.name!r} would stay behind",
                expected=f"{stream.name}: {' or '.join(said)} under with:",
            )


def _words(step: Step) -> Iterator[tuple[str, str]]:
    """The word of each stream that the step reaches and that goes through the space."""
    for name in step.streams:
        value = step.parameters.get(name)
        if isinstance(value, Constant) and value.value in _CODED:
            yield name, str(value.value)


def _complain(
    located: tuple[Step, Path],
    stream: Stream,
    word: str,
    wrong: str,
    able: Able,
    complaints: Complaints,
) -> None:
    (step, path), name = located, stream.name
    said = words_of(transform(step.transform), stream)
    others = [o for o in said if o != word and (o != "nearest" or able.has_bank())]
    encoder = f"encoder {os.path.basename(able.name)!r}" if able.name else "a step without encoder:"
    complaints.add(
        "SA502",
        (*path, "uses"),
        f"{encoder} {wrong}, and {stream.modality} stream {name!r} would stay behind",
        expected=f"{name}: {' or '.join(others)} under with:, or an encoder with {_NEEDED[word]}",
    )
