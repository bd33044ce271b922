"""What `load_policy` returns: a compiled policy that can be called on samples."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from syncaug.arguments import column_of, key_of, place_of, results_of, rows_of, workers_of
from syncaug.drawing import Drawing
from syncaug.dropped import DROPPED, Dropped
from syncaug.errors import RecordWarning, SampleError
from syncaug.partner import NOBODY, Partner, PartnerSample
from syncaug.record import ACCEPTED, Record
from syncaug.record.engines import told_engine
from syncaug.threads import in_order
from syncaug.version import ENGINE_VERSION

if TYPE_CHECKING:
    from syncaug.attempts import Engine, Result
    from syncaug.draw import Draw
    from syncaug.draw.nearby import Nearby
    from syncaug.forms import Taken
    from syncaug.report.preview import Preview

__all__ = ["DROPPED", "Augmenter", "Dropped"]


class Augmenter(Drawing):
    """A policy ready to augment samples: immutable, picklable, safe in threads and workers.

    Calling it never writes to the sample and never touches the global random state of `random`,
    `numpy` or `torch`. Streams that no step reaches are handed on as they are, not copied.
    `warnings` holds what the compiler warned of when the policy was loaded, sorted by position.

    >>> from syncaug import load_policy
    >>> policy = load_policy('''
    ... syncaug: 1
    ... sample: {image: image, caption: {modality: text, describes: image}}
    ... steps: [{name: mirror, uses: flip}]
    ... ''')
    >>> import numpy as np
    >>> photo = np.zeros((4, 6, 3), np.uint8)
    >>> sample = {"image": photo, "caption": "a cat on the left"}
    >>> policy(sample, key="photo/1", epoch=3)["caption"]
    'a cat on the right'
    >>> sample["caption"]
    'a cat on the left'
    """

    __slots__ = ()

    def __call__(
        self,
        sample: Mapping[str, Any],
        *,
        key: str | int,
        epoch: int | None = None,
        partner: PartnerSample = None,
        partner_key: str | int | None = None,
        view: int = 0,
    ) -> Any:
        """The augmented sample: a dict of the same entries in the same forms, or `DROPPED`.

        Without `epoch` it is that of `policy.at(epoch)`, or 0: training code names it.
        Steps that mix take from `partner`: another sample, or a function without arguments that
        fetches one and is called only where it is needed; `partner_key` is its key. `view` is the
        number of one of `views`, from 1 on. Raises
        SampleError where a sample does not fit the policy or a partner is missing, and
        AlignmentError where the policy's checks fail on every attempt and its `on_fail` ends in
        `error`.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, caption: {modality: text, describes: image}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> sample = {"image": photo, "caption": "a cat on the left"}
        >>> out = policy(sample, key="photo/1")
        >>> list(out), out["image"].shape, out["caption"]
        (['image', 'caption'], (4, 6, 3), 'a cat on the right')
        """
        engine = self._compiled.engine()
        other = NOBODY
        if partner is not None or partner_key is not None:
            other = Partner(partner, partner_key, engine.border.take)
        elif engine.flat is not None and not self.sync:
            sizes = engine.flat.admitted(sample)
            if sizes is not None:
                drawn = self._first_steps(view, key, epoch)
                out = engine.flat.carried(sample, sizes, drawn, self._suspicions)
                if out is not None:
                    return out
        taken = engine.border.take(sample, key)
        if taken is not None:
            return taken.handed_back(self._apply(taken, key, epoch, other, view).out)
        if self.plan.ablation is not None:
            return self._tried(sample, key, epoch, other, view, engine).out
        draw_at = partial(self._draw, None, view)
        return engine.attempt(sample, key, epoch, draw_at, other, self._suspicions).out

    def views(
        self,
        sample: Mapping[str, Any],
        *,
        key: str | int,
        epoch: int | None = None,
        n: int = 2,
        partner: PartnerSample = None,
        partner_key: str | int | None = None,
    ) -> list[Any]:
        """`n` views of a sample, in each of which all streams are augmented by one shared draw.

        Their draws have addresses of their own: no view is what a call, another view or another
        epoch gives. View 1 and 2 stay the same for any `n`; `apply(..., view=1)` gives one of them
        with its record. `partner` serves all views; `partner(..., views=n)` chooses it. Raises what
        a call raises.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn)
        >>> import numpy as np
        >>> photo = np.arange(300, dtype=np.uint8).reshape(10, 10, 3)
        >>> one, other = policy.views({"image": photo}, key="photo/1", epoch=3, n=2)
        >>> bool((one["image"] == other["image"]).all())
        False
        """
        count = results_of("n", n, "how many views there are")
        how: dict[str, Any] = {
            "key": key,
            "epoch": epoch,
            "partner": partner,
            "partner_key": partner_key,
        }
        return [self(sample, view=number, **how) for number in range(1, count + 1)]

    def batch(
        self,
        samples: Iterable[Mapping[str, Any]],
        keys: Iterable[str | int],
        *,
        epoch: int | None = None,
        partners: Iterable[PartnerSample] | None = None,
        partner_keys: Iterable[str | int | None] | None = None,
        threads: int = 1,
    ) -> list[Any]:
        """What a call gives for each sample under its key, in their order and to the last byte.

        `partners` and their keys, where steps mix, run beside the samples. Several `threads` pay
        for pictures, films and long sounds, whose libraries let others run meanwhile; the results
        are the same. Raises SampleError where the numbers of samples and keys differ, and whatever
        a call raises, with the key of its sample: the first in their order.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, caption: {modality: text, describes: image}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> sample = {"image": photo, "caption": "a cat on the left"}
        >>> outs = policy.batch([sample, sample], keys=["photo/1", "photo/2"], epoch=3)
        >>> [out["caption"] for out in outs]
        ['a cat on the right', 'a cat on the right']
        """
        rows = rows_of(samples)
        columns = [
            column_of("keys", keys, len(rows)),
            column_of("partners", partners, len(rows)),
            column_of("partner_keys", partner_keys, len(rows)),
        ]
        count = workers_of("threads", threads, "how many threads work")

        def call(row: tuple[Any, ...]) -> Any:
            sample, key, partner, partner_key = row
            return self(sample, key=key, epoch=epoch, partner=partner, partner_key=partner_key)

        return list(in_order(call, zip(rows, *columns, strict=True), min(count, len(rows))))

    def apply(
        self,
        sample: Mapping[str, Any],
        *,
        key: str | int,
        epoch: int | None = None,
        partner: PartnerSample = None,
        partner_key: str | int | None = None,
        view: int = 0,
    ) -> tuple[Any, Record]:
        """The augmented sample, as from a call, and the record that replays it.

        The record holds a digest of the sample, and of the partner where one was mixed in.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, caption: {modality: text, describes: image}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> sample = {"image": photo, "caption": "a cat on the left"}
        >>> out, record = policy.apply(sample, key="photo/1", epoch=3)
        >>> record.outcome, record.draw.steps[0].applied
        ('accepted', True)
        """
        if partner_key is not None:
            partner_key = key_of("partner_key", partner_key)
        engine = self._compiled.engine()
        other = Partner.of(partner, partner_key, engine.border.take)
        taken = engine.border.taken(sample, key)
        result = self._apply(taken, key, epoch, other, view)
        from syncaug.recording import record_of

        record = record_of(result, engine.program, taken.sample, self.policy, self.sync, other)
        return taken.handed_back(result.out), record

    def accepted_draws(
        self,
        sample: Mapping[str, Any],
        *,
        key: str | int,
        epoch: int | None = None,
        partner: PartnerSample = None,
        partner_key: str | int | None = None,
        view: int = 0,
    ) -> dict[str, Draw | None]:
        """For each stream of the policy the accepted draw that it comes out of.

        It is one and the same for all streams, but in an arm of an `ablation:`, where it is None
        for a stream that stays as it came. Empty where no draw was accepted. Raises what a call
        raises.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn)
        >>> import numpy as np
        >>> drawn = policy.accepted_draws({"image": np.zeros((9, 9, 3), np.uint8)}, key=1)
        >>> drawn["image"] == policy.draw(key=1)
        True
        """
        engine = self._compiled.engine()
        other = Partner.of(partner, partner_key, engine.border.take)
        taken = engine.border.taken(sample, key)
        try:
            result = self._tried(taken.sample, key, epoch, other, view, engine.seeing(()))
        except SampleError as error:
            raise taken.explained(error) from error
        if result.outcome != ACCEPTED:
            return {}
        shared = dict.fromkeys((stream.name for stream in self.plan.streams), result.draw)
        return {**shared, **result.draws}

    def preview(
        self,
        sample: Mapping[str, Any],
        *,
        key: str | int,
        epoch: int | None = None,
        variants: int = 4,
        partner: PartnerSample = None,
        partner_key: str | int | None = None,
    ) -> Preview:
        """Variants of a sample to look at: those of `epoch` and of the epochs after it.

        Notebooks show before and after; `.save(path)` writes one HTML file; it is a sequence of
        results with `before`, `after` and `record`. Raises what a call raises, and
        MissingExtraError without the extra `report`.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, caption: {modality: text, describes: image}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> sample = {"image": photo, "caption": "a cat on the left"}
        >>> shown = policy.preview(sample, key="photo/1", variants=2)
        >>> [one.after["caption"] for one in shown]
        ['a cat on the right', 'a cat on the right']
        """
        from syncaug.report.preview import Preview, preview_of

        count = results_of("variants", variants, "how many variants there are")
        start = self.epoch if epoch is None else epoch
        first = place_of("epoch", start)
        how = {"key": key, "partner": partner, "partner_key": partner_key}
        made = [
            preview_of(self, sample, {"epoch": str(one)}, epoch=one, **how)
            for one in range(first, first + count)
        ]
        return Preview(made, title=f"{self.plan.name or 'the policy'}: {key}")

    def replay(
        self,
        sample: Mapping[str, Any],
        record: Record | Mapping[str, Any] | str,
        *,
        partner: PartnerSample = None,
    ) -> Any:
        """The same result again, from the original sample and its record.

        What the record says was drawn is drawn again for comparison, and must agree with it.
        `partner` is the sample that `record.partner` names, or a function that fetches it. Raises
        RecordError where the record is damaged, tells of what its policy does not draw, belongs to
        another policy, or tells of another sample or partner. Warns (RecordWarning) where another
        version of syncaug made it, whose results may differ.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, caption: {modality: text, describes: image}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> sample = {"image": photo, "caption": "a cat on the left"}
        >>> out, record = policy.apply(sample, key="photo/1", epoch=3)
        >>> policy.replay(sample, record.to_json())["caption"] == out["caption"]
        True
        """
        from syncaug.backends.errstate import own_errstate
        from syncaug.replaying import draw_of, own_arm, recognise, replayed

        if not isinstance(record, Record):
            record = Record.from_json(record)
        draw = draw_of(record, self.plan, self.policy, self.encoders)
        if record.engine != ENGINE_VERSION:
            warnings.warn(RecordWarning(f"a record {told_engine(record.engine)}"), stacklevel=2)
        mixed = record.partner or {}
        engine = self._compiled.engine()
        other = Partner(partner if mixed else None, mixed.get("key"), engine.border.take)
        taken = engine.border.taken(sample, draw.key)
        try:
            if own_arm(self.plan, record):
                recognise(engine.program.digest, taken.sample, record, other)
                out = self._again(taken.sample, draw, record.sync, other).out
                return taken.handed_back(out)
            with own_errstate():
                out = replayed(engine.program, taken.sample, record, draw, other, self._suspicions)
        except SampleError as error:
            raise taken.explained(error) from error
        return taken.handed_back(out)

    def invert(
        self,
        prediction: Any,
        record: Record | Mapping[str, Any] | str,
        stream: str,
        *,
        kind: str = "",
        unknown: float | None = None,
        sample: Mapping[str, Any] | None = None,
    ) -> Any:
        """What a model says of an augmented stream, brought back onto the original.

        The prediction is in the form of the stream's modality: boxes, keypoints, polygons, rasters
        (those of another resolution too), 3-D points, boxes and joints, cues. `kind` is its
        modality where that is another one: masks that are predicted from an image. Nothing is
        dropped, and rows stay in their order. Rasters hold `unknown` where the result shows nothing
        of the original: 255 in masks, NaN in heat maps and flow, 0 in others. `sample` is the
        original, which only records of earlier versions need. Raises RecordError where the record
        is none of this policy, or where its result has no way back (a warp without a formula, a
        mix), and SampleError where the prediction does not fit the stream.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, boxes: {modality: boxes, optional: true}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> out, record = policy.apply({"image": photo}, key="photo/1")
        >>> policy.invert([[0.0, 1.0, 2.0, 3.0]], record, "boxes")
        [[4.0, 1.0, 6.0, 3.0]]
        """
        from syncaug.backends.errstate import own_errstate
        from syncaug.inverting import brought_back, composed, predicted_stream
        from syncaug.replaying import draw_of

        if not isinstance(record, Record):
            record = Record.from_json(record)
        told = record
        engine = self._compiled.engine()
        program = engine.program
        declared = predicted_stream(program, stream, kind)
        draw = draw_of(record, self.plan, self.policy, self.encoders)

        def again() -> Mapping[str, Any]:
            original = None if sample is None else engine.border.taken(sample, draw.key).sample
            return composed(program, original, told, draw)

        taken = engine.border.taken({stream: prediction} if not kind else {}, draw.key)
        seen = taken.sample.get(stream, prediction)
        with own_errstate():
            back = brought_back(seen, record, declared, unknown, again)
        return prediction if back is seen else taken.handed_back({stream: back})[stream]

    def _apply(
        self, taken: Taken, key: str | int, epoch: int | None, partner: Partner, view: int
    ) -> Result:
        """What becomes of a sample that was taken in. Raises SampleError as the sample came."""
        try:
            return self._tried(taken.sample, key, epoch, partner, view)
        except SampleError as error:
            raise taken.explained(error) from error

    def _again(self, sample: Mapping[str, Any], draw: Draw, sync: str, partner: Partner) -> Result:
        """What became of a sample at the address of a draw, tried again."""
        at = self._with(seed=draw.seed, severity=draw.severity, progress=draw.progress, sync=sync)
        return at._tried(sample, draw.key, draw.epoch, partner, draw.view)

    def _tried(
        self,
        sample: Mapping[str, Any],
        key: str | int,
        epoch: int | None,
        partner: Partner,
        view: int,
        engine: Engine | None = None,
    ) -> Result:
        """What becomes of a sample as carriers see it, in an arm of an ablation too."""
        engine, arm = engine or self._compiled.engine(), self.plan.ablation
        if arm is not None:
            from syncaug.ablated import ablated

            def draws_at(nearby: Nearby | None) -> Callable[..., Draw]:
                return partial(self._draw, nearby, view)

            return ablated(engine, arm, sample, key, epoch, draws_at, partner, self._suspicions)
        draw_at = partial(self._draw, None, view)
        return engine.attempt(sample, key, epoch, draw_at, partner, self._suspicions)
