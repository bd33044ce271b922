"""What `apply` does with a manifest: every variant of every sample, less what is done already."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncaug.cli.partners import Partners
from syncaug.cli.resuming import check_result, check_variants
from syncaug.errors import ManifestError, SampleError, SyncaugError
from syncaug.io.atomic import is_full
from syncaug.suspicions import Suspicions

if TYPE_CHECKING:
    from syncaug.cli.dataset_writer import DatasetWriter
    from syncaug.cli.reporting import Report
    from syncaug.io.limits import Limits
    from syncaug.io.manifest import Entry
    from syncaug.io.writer import ResultWriter
    from syncaug.record import Record
    from syncaug.report.result import Result

__all__ = ["Work"]


class Work:
    """What is to be done of a manifest: each sample's variants, less what is done already."""

    def __init__(
        self,
        augmenter: Any,
        items: Sequence[Entry | ManifestError],
        writer: ResultWriter | DatasetWriter,
        how: Mapping[str, Any],
        limits: Limits,
        counts: Mapping[str, int],
        frames: Any,
        show: Callable[[Result], None] | None = None,
    ) -> None:
        """`show` is told each result with its sample, after it is written."""
        from syncaug.io.left_out import LeftOut
        from syncaug.io.manifest import Entry
        from syncaug.io.streams import load_sample

        self._augmenter, self._writer, self._how = augmenter, writer, how
        self._show = show
        self._variants, self._first, self._frames = counts["variants"], counts["epoch"], frames
        self._entries = [item for item in items if isinstance(item, Entry)]
        self._partners = Partners(augmenter, self._entries)
        streams = {stream.name: stream for stream in augmenter.plan.streams}
        self.left_out = LeftOut(streams)
        self._load = partial(
            load_sample,
            streams=streams,
            lazy_above=how["lazy_above"],
            limits=limits,
            suspicions=Suspicions(),
        )

    @property
    def order(self) -> list[tuple[str | int, int]]:
        """The key and the epoch of every result, as they come one after the other."""
        return [
            (entry.key, self._epoch(entry, variant))
            for entry in self._entries
            for variant in range(self._variants)
        ]

    def _epoch(self, entry: Entry, variant: int) -> int:
        return entry.epoch + self._first + variant

    def check_done(self) -> None:
        """Raise ManifestError where an earlier result is not one that this run would make."""
        left = dict(self._writer.done)
        counts = []
        for entry in self._entries:
            counts.append(0)
            for variant in range(self._variants):
                unit = entry.key, self._epoch(entry, variant)
                if left.pop(unit, None) is None:
                    continue
                counts[-1] += 1
                partner = self._partners.of(entry, unit[1])
                source = self._source(entry, partner, variant)
                check_result(self._writer, unit, self._augmenter, source)
        if left:
            key, epoch = next(iter(left))
            raise ManifestError(
                f"{self._writer.out}: cannot be resumed: expected the results of this manifest and "
                f"these options only; it holds one of {key!r}, epoch {epoch}. Run what was run "
                "before, or start anew with --overwrite or in another folder."
            )
        check_variants(self._writer, [count for count in counts if count], self._variants)

    def item(self, entry: Entry, report: Report) -> None:
        """All variants of one sample; the first that fails is the last."""
        self.left_out.look(entry)
        for variant in range(self._variants):
            epoch = self._epoch(entry, variant)
            done = self._writer.done.get((entry.key, epoch))
            if done is not None:
                report.done(done.outcome, before=True)
                continue
            try:
                report.done(self._one(entry, epoch, variant))
            except SyncaugError as error:
                if is_full(error.__cause__):  # the fault of no sample: the next fails like it
                    raise ManifestError(
                        f"{error}. No other sample can be written either: make room, then go on "
                        "with --resume."
                    ) from error
                report.failed(_placed(entry, error))
                return
            except UserWarning as error:  # where the user makes warnings errors
                report.failed(ManifestError(f"{entry.place}: {error}"))
                return
            except Exception as error:
                if not report.skips:
                    raise
                report.failed(_unforeseen(entry, error))
                return

    def _one(self, entry: Entry, epoch: int, variant: int) -> str:
        """Load, augment and write one variant of one sample; its outcome."""
        from syncaug.augmenter import DROPPED

        partner = self._partners.of(entry, epoch)
        sample = self._load(entry)
        result, record = self._augmenter.apply(
            sample,
            key=entry.key,
            epoch=epoch,
            partner=None if partner is None else partial(self._load, partner),
            partner_key=None if partner is None else partner.key,
        )
        mixed = None if record.partner is None else partner
        record = replace(record, source=self._source(entry, mixed, variant))
        if result is DROPPED:
            self._writer.write_record(record, unit=(entry.key, epoch))
        else:
            self._writer.write(
                entry.key,
                result,
                record,
                epoch=epoch,
                variant=variant,
                sources=entry.values,
                source_folder=entry.folder,
                progress=self._frames,
            )
        if self._show is not None:
            self._tell(sample, result, record, mixed)
        return str(record.outcome)

    def _tell(self, sample: Any, result: Any, record: Record, partner: Entry | None) -> None:
        from syncaug.report.result import Result

        assert self._show is not None
        plan = self._augmenter.plan
        mixed = None if partner is None else self._load(partner)
        self._show(Result(plan.name or "policy", sample, result, record, plan, partner=mixed))

    def _source(self, entry: Entry, partner: Entry | None, variant: int) -> dict[str, Any]:
        """Where a result comes from, as its record tells it."""
        source = {
            "folder": Path(os.path.relpath(entry.folder, self._writer.out)).as_posix(),
            "manifest": entry.manifest.name,
            "values": dict(entry.values),
            "variant": variant,
            **self._how,
        }
        if partner is not None:
            source["partner"] = dict(partner.values)
        return source


def _placed(entry: Entry, error: SyncaugError) -> SyncaugError:
    """An error of a sample with the line of the manifest that it stands in."""
    if isinstance(error, SampleError):
        return ManifestError(f"{entry.place}: {error}")
    return error


def _unforeseen(entry: Entry, error: Exception) -> ManifestError:
    """What no check has named, as the error of its sample."""
    return ManifestError(
        f"{entry.place}: sample {entry.key!r}: {type(error).__name__}: "
        f"{str(error)[:200]}; this is a bug of ours, please report it"
    )
