"""Everything that syncaug raises.

SyncaugError
    PolicyError       a policy cannot be loaded; holds every Problem
    SampleError       a sample does not fit the policy: key, stream, expected, came
    RefusalError      a draw cannot be carried out faithfully on this sample
    AlignmentError    the checks failed and the policy says `error`
    RecordError       a record cannot be replayed
    ManifestError     a manifest, or a file that it names, cannot be read or written
    MissingExtraError an optional library is needed and not installed
    ArgumentError     what a call is given is of a kind that it cannot work with
    ExternalError     what an installed package brings by entry point cannot be used

UserWarning
    PolicyWarning     a policy loads, and is probably not what was meant; holds one Problem
    SampleWarning     data that are accepted, and probably not what was meant
    RecordWarning     a record whose replay may give other results
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from syncaug.problem import Position, Problem, shortened

__all__ = [
    "AlignmentError",
    "ArgumentError",
    "ExternalError",
    "ManifestError",
    "MissingExtraError",
    "PolicyError",
    "PolicyWarning",
    "Position",
    "Problem",
    "RecordError",
    "RecordWarning",
    "RefusalError",
    "SampleError",
    "SampleWarning",
    "SyncaugError",
    "shortened",
]


class SyncaugError(Exception):
    """The root of all errors that syncaug raises on purpose.

    >>> from syncaug import SyncaugError, load_policy
    >>> try:
    ...     load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: a, uses: flop}]}")
    ... except SyncaugError as error:
    ...     type(error).__name__
    'PolicyError'

    A path, a key or a word of hundreds of characters is shown without its middle; `args` has all.
    """

    def __str__(self) -> str:
        return shortened(super().__str__())


class PolicyError(SyncaugError):
    """A policy cannot be loaded. `problems` holds all complaints, sorted by position.

    >>> from syncaug import PolicyError, load_policy
    >>> text = "{syncaug: 1, sample: {image: picture}, steps: [{name: a, uses: flop}]}"
    >>> try:
    ...     load_policy(text)
    ... except PolicyError as error:
    ...     [problem.code for problem in error.problems]
    ['SA209', 'SA302']
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.position))
        count = len(self.problems)
        title = "1 problem" if count == 1 else f"{count} problems"
        super().__init__(f"{title} in the policy\n" + "\n".join(str(p) for p in self.problems))

    def _repr_html_(self) -> str:
        """The problems as a table, for notebooks."""
        from html import escape

        cells = ((str(p.position), p.code, p.message, p.expected, p.hint) for p in self.problems)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in cells
        )
        heads = "".join(
            f"<th>{word}</th>" for word in ("where", "code", "what", "expected", "hint")
        )
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"

    def __reduce__(self) -> tuple[type[PolicyError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class PolicyWarning(UserWarning):
    """A policy loads, and is probably not what was meant. `problem` holds code, place and hint.

    >>> import warnings
    >>> from syncaug import load_policy
    >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
    >>> text = text.replace("STEP", "{name: tint, uses: colour, with: {hue: 0.1}}")
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     policy = load_policy(text)
    >>> told[0].message.problem.code
    'SA612'
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))

    def __reduce__(self) -> tuple[type[PolicyWarning], tuple[Problem]]:
        return type(self), (self.problem,)


class SampleError(SyncaugError):
    """A stream of a sample is not what the policy declares.

    `stream` is the stream's name, `expected` and `came` are short texts, `key` the sample's key.
    `what` is "argument" where not a stream, but what came beside the sample is meant: its key, its
    epoch or its partner.

    >>> from syncaug import SampleError, load_policy
    >>> policy = load_policy("{syncaug: 1, sample: {caption: text}, steps: []}")
    >>> try:
    ...     policy({"caption": 3}, key=1)
    ... except SampleError as error:
    ...     error.key, error.stream, error.came
    (1, 'caption', 'int 3')
    """

    def __init__(
        self,
        stream: str,
        *,
        expected: str,
        came: str,
        key: str | int = "",
        hint: str = "",
        what: str = "stream",
    ) -> None:
        self.stream, self.expected, self.came = stream, expected, came
        self.key, self.hint, self.what = key, hint, what
        where = f"sample {key!r}, {what} {stream!r}" if key != "" else f"{what} {stream!r}"
        super().__init__(
            f"{where}: expected {expected}; got {came}" + (f". {hint}" if hint else "")
        )

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        told = (self.stream, self.expected, self.came, self.key, self.hint, self.what)
        return _sample_error, told

    def at(self, key: str | int) -> SampleError:
        """The same error, naming the sample.

        >>> from syncaug import SampleError
        >>> str(SampleError("caption", expected="a text", came="int 3").at("photo/1"))
        "sample 'photo/1', stream 'caption': expected a text; got int 3"
        """
        return _sample_error(self.stream, self.expected, self.came, key, self.hint, self.what)


def _sample_error(
    stream: str, expected: str, came: str, key: str | int, hint: str, what: str
) -> SampleError:
    """What unpickling calls: workers hand their errors to the main process."""
    return SampleError(stream, expected=expected, came=came, key=key, hint=hint, what=what)


class SampleWarning(UserWarning):
    """What a sample's data make likely wrong: a unit or a convention other than its stream's.

    Raised through `warnings`, once for each policy object, stream and kind. The message names what
    was seen, what is likely meant, and what to declare or to do.

    >>> import warnings
    >>> import numpy as np
    >>> from syncaug import SampleWarning, load_policy
    >>> policy = load_policy("{syncaug: 1, sample: {depth: depth}, steps: [{name: a, uses: flip}]}")
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     out = policy({"depth": np.full((4, 4), 2500, np.float32)}, key=1)  # millimetres
    >>> issubclass(told[0].category, SampleWarning)
    True
    """


class RefusalError(SyncaugError):
    """A draw cannot be carried out faithfully on this sample, so the policy's `on_fail` decides.

    Raised where guessing would corrupt a stream: a colour word that lands between two colours,
    a crop that leaves nothing.

    >>> from syncaug import AlignmentError, RefusalError
    >>> str(RefusalError("caption", "'teal' lies between two colours"))
    "stream 'caption': 'teal' lies between two colours"
    """

    def __init__(self, stream: str, reason: str) -> None:
        self.stream, self.reason = stream, reason
        super().__init__(f"stream {stream!r}: {reason}")

    def __reduce__(self) -> tuple[type[RefusalError], tuple[str, str]]:
        return type(self), (self.stream, self.reason)


class AlignmentError(SyncaugError):
    """The checks of a policy failed on every attempt, and its `on_fail` ends in `error`.

    >>> import numpy as np
    >>> from syncaug import AlignmentError, load_policy
    >>> policy = load_policy('''
    ... syncaug: 1
    ... sample: {image: image, boxes: boxes}
    ... steps: [{name: zoom, uses: crop, with: {area: 0.25, x: 0, y: 0}}]
    ... checks: [boxes_visible: {min_area: 0.5}]
    ... ''')
    >>> photo = np.zeros((40, 40, 3), np.uint8)
    >>> try:
    ...     policy({"image": photo, "boxes": [[30, 30, 40, 40]]}, key=1)
    ... except AlignmentError:
    ...     print("the box has gone")
    the box has gone
    """


class RecordError(SyncaugError):
    """A record is damaged, or belongs to another policy or sample.

    >>> from syncaug import Record, RecordError
    >>> try:
    ...     Record.from_json('{"record": 1}')
    ... except RecordError:
    ...     print("damaged")
    damaged
    """


class RecordWarning(UserWarning):
    """A record was made by another version of syncaug; its replay may give other results.

    >>> import warnings
    >>> from syncaug import RecordWarning
    >>> warnings.filterwarnings("error", category=RecordWarning)  # results must be the very same
    """


class ManifestError(SyncaugError):
    """A manifest line, or a file that it names, cannot be read or written.

    >>> from pathlib import Path
    >>> from syncaug import ManifestError
    >>> from syncaug.io.manifest import read_manifest
    >>> try:
    ...     list(read_manifest(Path("no_such_manifest.jsonl")))
    ... except ManifestError:
    ...     print("cannot be read")
    cannot be read
    """


class MissingExtraError(SyncaugError):
    """An optional library is needed and not installed; the message holds the install line.

    >>> from syncaug import MissingExtraError
    >>> str(MissingExtraError("PyAV", "video"))
    "PyAV is not installed: pip install 'syncaug[video]'"
    """

    def __init__(self, library: str, extra: str) -> None:
        self.library, self.extra = library, extra
        super().__init__(f"{library} is not installed: pip install 'syncaug[{extra}]'")

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str]]:
        return type(self), (self.library, self.extra)


class ArgumentError(SyncaugError, TypeError, ValueError):
    """What a call is given is of a kind that it cannot work with, such as a path for samples.

    `name` says what it is given as, `expected` and `came` are short texts, `hint` what to do. It is
    one of Python's own TypeErrors and ValueErrors, too.

    >>> from syncaug import ArgumentError
    >>> str(ArgumentError("samples", expected="what can be iterated", came="int 5"))
    'samples: expected what can be iterated; got int 5'
    """

    def __init__(self, name: str, expected: str, came: str, hint: str = "") -> None:
        self.name, self.expected, self.came, self.hint = name, expected, came, hint
        super().__init__(f"{name}: expected {expected}; got {came}" + (f". {hint}" if hint else ""))

    def __reduce__(self) -> tuple[type[ArgumentError], tuple[str, str, str, str]]:
        return type(self), (self.name, self.expected, self.came, self.hint)


class ExternalError(SyncaugError):
    """What an installed package brings by entry point cannot be used.

    `package` names it with its version, `kind` and `name` what it brings, `what` is wrong with it.

    >>> from syncaug import ExternalError
    >>> str(ExternalError("mine 1.0", "transform", "shake", "lacks SPEC"))
    "transform 'shake' of mine 1.0: lacks SPEC"
    """

    def __init__(self, package: str, kind: str, name: str, what: str) -> None:
        self.package, self.kind, self.name, self.what = package, kind, name, what
        super().__init__(f"{kind} {name!r} of {package or 'an unknown package'}: {what}")

    def __reduce__(self) -> tuple[type[ExternalError], tuple[str, str, str, str]]:
        return type(self), (self.package, self.kind, self.name, self.what)
