"""Where lines go: a queue in front, and a thread that writes, so that whoever logs never waits."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Protocol

_BATCH = 500
_GATHER = 0.005  # seconds that a line may wait for others to go with it


class Output(Protocol):
    """Something that lines are written to."""

    def write(self, text: str) -> None:
        """Write lines, each with its end."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class StandardOutput:
    """Standard output, whatever that is at the moment."""

    def write(self, text: str) -> None:
        """Write lines."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def close(self) -> None:
        """It stays open."""


class Sink:
    """A queue of lines and the thread that writes them.

    When the queue is full a line is dropped and counted; how many is said once there is room again. An output that
    fails is counted too, and the others go on.

    Args:
        outputs: where lines are written.
        size: lines that may wait.
        dropped_line: makes the line that says how many were dropped.
    """

    def __init__(self, outputs: Sequence[Output], size: int, dropped_line: Callable[[int], str]) -> None:
        self._outputs = list(outputs)
        self._size = size
        self._dropped_line = dropped_line
        self._queue: SimpleQueue[str | threading.Event | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._said = 0
        self.dropped = 0
        self.failures = 0
        atexit.register(self.close)

    def put(self, line: str) -> None:
        """Take a line. Never waits, never raises."""
        if self._queue.qsize() >= self._size:
            self.dropped += 1
            return
        self._queue.put(line)
        if self._thread is None or self._pid != os.getpid():
            self._start()

    def flush(self, timeout: float = 5) -> bool:
        """Wait until everything taken so far is written; whether it was, within `timeout` seconds."""
        thread = self._thread
        if thread is None or not thread.is_alive():
            return self._queue.empty()
        mark = threading.Event()
        self._queue.put(mark)
        return mark.wait(timeout)

    def close(self, timeout: float = 2) -> None:
        """Write what waits, and end."""
        atexit.unregister(self.close)
        thread = self._thread
        if thread is not None and thread.is_alive() and self._pid == os.getpid():
            self._queue.put(None)
            thread.join(timeout)
        for output in self._outputs:
            try:
                output.close()
            except Exception:
                self.failures += 1

    def _start(self) -> None:
        with self._lock:
            if self._pid != os.getpid():  # a fork has the queue, and not the thread
                self._pid, self._thread = os.getpid(), None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            items = [self._queue.get()]
            if isinstance(items[0], str):
                time.sleep(_GATHER)  # woken for each line, this thread would take turns with whoever logs
            try:
                while len(items) < _BATCH:
                    items.append(self._queue.get_nowait())
            except Empty:
                pass
            lines = [item for item in items if isinstance(item, str)]
            if self.dropped > self._said and self._queue.qsize() < self._size:
                missing, self._said = self.dropped - self._said, self.dropped
                lines.append(self._dropped_line(missing))
            if lines:
                self._write("".join(lines))
            for item in items:
                if isinstance(item, threading.Event):
                    item.set()
            if None in items:
                return

    def _write(self, text: str) -> None:
        for output in self._outputs:
            try:
                output.write(text)
            except Exception:
                self.failures += 1
                time.sleep(0.001)  # an output that fails at once must not spin
