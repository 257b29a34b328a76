"""`Aggregator`: reads sources in batches and hands each batch to the sink once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from shared_services.errors import InputError, PlatformError

from .checkpoint import Folder, Seen, State
from .lines import read_line, written
from .report import Report
from .sinks import Sink
from .source import Garbage, Source


class Aggregator:
    """Brings log lines from sources into a sink, each once.

    A batch is first written to the state's folder, with where the sources stand behind it; then the sink takes it; then
    it is crossed out. Whatever is interrupted in between is taken up by the next run: the batch that is on its way is
    given to the sink again, and the sink knows it.

    Args:
        sources: are read in turn.
        sink: takes the rows.
        state: the folder of the state.
        batch_lines: lines of a batch at most.
        every_seconds: how long lines wait for a batch to fill, where more is awaited.
        told: is told how many lines are written.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        sink: Sink,
        state: Path,
        *,
        batch_lines: int = 50_000,
        every_seconds: float = 60,
        told: Callable[[int], object] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources, self._sink, self._told, self._clock = list(sources), sink, told, clock
        self._most, self._every = batch_lines, every_seconds
        self._folder = Folder(state)
        self._state = self._folder.read()
        if self._state.goal not in ("", sink.name):
            self._folder.close()
            raise InputError(
                f"this state is of another sink, {self._state.goal}",
                where=str(state),
                todo="give each sink a --state of its own",
            )
        self._state.goal = sink.name
        self._seen = Seen(self._folder, self._state.seen)
        self._rows: list[bytes] = []
        self.report = Report()

    def run(self, *, follow: bool = False, stop: Callable[[], bool] = lambda: False, wait: float = 0.5) -> Report:
        """Read what there is; with `follow`, until `stop` says so.

        Raises:
            PlatformError: a source can't be read, or the sink doesn't take a batch. Nothing is lost: run it again.
        """
        began = self._clock()
        try:
            if self._state.pending:
                self.report.notes.append(f"batch {self._state.batch}, interrupted before, is given to the sink again")
            for source in self._sources:
                if self._state.positions.get(source.name) is not None:
                    source.restore(self._state.positions[source.name])
            self._go(follow, stop, wait)
        finally:
            for source in self._sources:
                self.report.notes += source.notes
                source.close()
            self._folder.close()
            self.report.seconds = self._clock() - began
        return self.report

    def _go(self, follow: bool, stop: Callable[[], bool], wait: float) -> None:
        flushed, failures = self._clock(), 0
        while True:
            try:
                self._finish(self._state)
                came = self._read()
                late = self._clock() - flushed >= self._every
                if len(self._rows) >= self._most or (self._rows and (late or not (came or follow))):
                    self._flush()
                    flushed = self._clock()
                failures = 0
            except PlatformError as error:
                if not follow or not error.error_class.retryable or stop():
                    raise
                failures += 1
                self.report.notes.append(f"tried again: {error.what}")
                time.sleep(min(60.0, wait * 2**failures))
                continue
            if stop():
                self._read()  # what was there when the end was asked for
                break
            if not (came or follow):
                break
            if not came:
                if follow and all(getattr(source, "ended", False) for source in self._sources):
                    break
                time.sleep(wait)
        self._flush()

    def _read(self) -> bool:
        """Read what fits into the batch; whether anything was there."""
        report, rows, seen = self.report, self._rows, self._seen
        came = False
        for source in self._sources:
            positional = source.name == "files"  # its ids are new by how they are made
            for what, id, service, where in source.read(self._most - len(rows)):
                came = True
                if type(what) is bytes:
                    row = read_line(what, service)
                else:
                    row = what if type(what) is dict else None
                if row is None:
                    report.refuse(where, what if isinstance(what, bytes | Garbage) else "")
                    continue
                own = row.get("insert_id")
                if own is None:
                    row["insert_id"] = own = id
                    known = not positional and id and not seen.add(id)
                else:
                    known = not seen.add(own)
                if known:
                    report.duplicates += 1
                    continue
                report.add(row)
                rows.append(written(row))
            if len(rows) >= self._most:
                break
        return came

    def _flush(self) -> None:
        """Write the batch down, and hand it over."""
        state = self._state
        state.positions |= {source.name: source.position() for source in self._sources}
        state.seen = self._seen.flush()
        if not self._rows:
            self._folder.write(state)  # garbage and duplicates are behind us too
            return
        state.batch += 1
        state.lines += len(self._rows)
        self._folder.keep(state.batch, self._rows)
        state.sink, state.pending = self._sink.before(), True
        self._folder.write(state)
        count = len(self._rows)
        self._rows.clear()
        self._finish(state)
        self.report.lines += count
        self._told(self.report.lines)

    def _finish(self, state: State) -> None:
        """Give the sink the batch that is on its way, and cross it out."""
        if not state.pending:
            return
        self._sink.take(f"{state.instance}-{state.batch}", self._folder.rows(state.batch), state.sink)
        state.pending = False
        self._folder.write(state)
        self._folder.forget(state.batch)
        self._seen.tidy()
