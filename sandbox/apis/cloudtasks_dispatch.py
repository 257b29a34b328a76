"""Cloud Tasks sends its tasks: when they are due, as fast as the queue lets them, again where they fail.

Each queue that has tasks has a worker. What a task has been through is stored before it is sent: a sandbox that is
killed sends it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.apis.cloudtasks_request import outgoing, seconds
from sandbox.control.context import Control, timestamp
from sandbox.control.store import Resource

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("sandbox.cloudtasks")

TASKS = "cloudtasks.tasks"
QUEUES = "cloudtasks.queues"
# How long the name of a task that is gone stays taken.
_TOMBSTONE_SECONDS = 3_600
_SCHEMA = """CREATE TABLE IF NOT EXISTS cloudtasks_gone (name TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cloudtasks_gone_until ON cloudtasks_gone (until)"""
_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 429: 8, 500: 13, 501: 12, 503: 14, 504: 4}


@dataclass(slots=True)
class _Line:
    """The tasks of a queue that wait: `due` says when, the heap holds what may be outdated."""

    due: dict[str, float] = field(default_factory=dict)
    heap: list[tuple[float, str]] = field(default_factory=list)
    waiter: asyncio.Event = field(default_factory=asyncio.Event)
    running: int = 0
    tokens: float = -1.0  # full, when first looked at
    at: float = 0.0


class Dispatcher:
    """The workers of all queues."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._lines: dict[str, _Line] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._client: httpx.AsyncClient | None = None
        control.store.schema(_SCHEMA)
        for task in control.store.select(TASKS):
            self.add(task)

    async def close(self) -> None:
        """Close the connections; the workers end with the sandbox."""
        if self._client is not None:
            await self._client.aclose()

    def add(self, task: Resource) -> None:
        """A task waits for its time."""
        line = self._lines.setdefault(task.parent, _Line())
        line.due[task.name] = due = seconds(task.document["scheduleTime"])
        heapq.heappush(line.heap, (due, task.name))
        if task.parent not in self._workers:
            self._workers[task.parent] = self._control.spawn(self._work(task.parent), f"queue {task.parent}")
        line.waiter.set()

    def drop(self, task: Resource) -> None:
        """A task is gone: it is not sent, and its name stays taken for a while."""
        if line := self._lines.get(task.parent):
            line.due.pop(task.name, None)
        store, now = self._control.store, self._control.clock()
        with store.transaction():
            store.delete(TASKS, task.name)
            store.execute("DELETE FROM cloudtasks_gone WHERE until < ?", (now,))
            store.execute("INSERT OR REPLACE INTO cloudtasks_gone VALUES (?, ?)", (task.name, now + _TOMBSTONE_SECONDS))

    def gone(self, name: str) -> bool:
        """Whether a task of that name was there a short time ago."""
        sql = "SELECT 1 FROM cloudtasks_gone WHERE name = ? AND until >= ?"
        return bool(self._control.store.rows(sql, (name, self._control.clock())))

    def wake(self, queue: str) -> None:
        """The queue's settings may have changed."""
        if line := self._lines.get(queue):
            line.waiter.set()

    def end(self, queue: str) -> None:
        """A queue is gone, with its tasks."""
        self._lines.pop(queue, None)
        if worker := self._workers.pop(queue, None):
            worker.cancel()

    def run(self, task: Resource) -> Resource:
        """Send a task now, whatever the queue's state and rates; the task as it is then."""
        if line := self._lines.get(task.parent):
            line.due.pop(task.name, None)
        task.document["scheduleTime"] = self._control.now()
        begun = self._begin(task)
        self._control.spawn(self._attempt(begun, None), f"task {task.name}")
        return begun

    async def _work(self, queue: str) -> None:
        line = self._lines[queue]
        while True:
            line.waiter.clear()
            rest = self._send_due(queue, line)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(rest):  # wait_for of Python 3.11 may lose the cancellation
                    await line.waiter.wait()

    def _send_due(self, queue_name: str, line: _Line) -> float | None:
        """Send what may be sent now. After how many seconds there is more to do; None: when it is woken."""
        queue = self._control.store.get(QUEUES, queue_name)
        if queue is None or queue.document["state"] != "RUNNING":
            return None
        limits = queue.document["rateLimits"]
        rate, burst = float(limits["maxDispatchesPerSecond"]), float(limits["maxBurstSize"])
        now = self._control.clock()
        line.tokens = burst if line.tokens < 0 else min(burst, line.tokens + (now - line.at) * rate)
        line.at = now
        while line.heap:
            due, name = line.heap[0]
            if line.due.get(name) != due:
                heapq.heappop(line.heap)
                continue
            if due > now:
                return due - now
            if line.running >= int(limits["maxConcurrentDispatches"]):
                return None
            if line.tokens < 1:
                return (1 - line.tokens) / rate
            heapq.heappop(line.heap)
            del line.due[name]
            task = self._control.store.get(TASKS, name)
            if task is not None:
                line.tokens -= 1
                line.running += 1
                self._control.spawn(self._attempt(self._begin(task), line), f"task {name}")
        return None

    def _begin(self, task: Resource) -> Resource:
        document, moment = task.document, self._control.now()
        document["dispatchCount"] = document.get("dispatchCount", 0) + 1
        document["lastAttempt"] = {"scheduleTime": document["scheduleTime"], "dispatchTime": moment}
        document.setdefault("firstAttempt", {"dispatchTime": moment})
        self._control.store.put(task)
        return task

    async def _attempt(self, task: Resource, line: _Line | None) -> None:
        try:
            queue = self._control.store.get(QUEUES, task.parent)
            if queue is None:
                return
            code, problem, wait = await self._send(queue, task)
            now = self._control.store.get(TASKS, task.name)
            queue = self._control.store.get(QUEUES, task.parent)
            # Who runs a task by hand while it is under way has sent it twice: the later attempt decides.
            if now is None or queue is None or now.document["dispatchCount"] != task.document["dispatchCount"]:
                return
            if not problem:
                self.drop(now)
                return
            log.warning("%s: attempt %s: %s", task.name, now.document["dispatchCount"], problem)
            self._again(queue, now, code, problem, wait)
        finally:
            if line is not None:
                line.running -= 1
                line.waiter.set()

    async def _send(self, queue: Resource, task: Resource) -> tuple[int, str, float]:
        """The status, what is wrong with it, and how long the target wants to be left alone."""
        import httpx

        if self._client is None:
            # Proxies of the environment are not for loopback addresses.
            self._client = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=None))
        deadline = float(task.document["dispatchDeadline"][:-1])
        try:
            made = outgoing(self._control, queue, task)
            sending = self._client.request(
                made.method, made.url, headers=made.headers, content=made.content, timeout=None
            )
            response = await asyncio.wait_for(sending, deadline)
        except TimeoutError:
            return 0, f"DEADLINE_EXCEEDED: no answer within {deadline:g} s", 0
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return 0, f"UNAVAILABLE: {type(error).__name__}: {error}", 0
        if 200 <= response.status_code < 300:
            return response.status_code, "", 0
        after = response.headers.get("retry-after", "")
        return response.status_code, f"HTTP status code {response.status_code}", float(after) if after.isdigit() else 0

    def _again(self, queue: Resource, task: Resource, code: int, problem: str, wait: float) -> None:
        """Once more later, unless the attempts and the time for them are used up."""
        document, clock = task.document, self._control.clock()
        retry = {**queue.document["retryConfig"], **document.get("retryConfig", {})}
        status = _CODES.get(code, 2) if code else (4 if problem.startswith("DEADLINE") else 14)
        document["lastAttempt"]["responseStatus"] = {"code": status, "message": problem}
        if code:
            document["lastAttempt"]["responseTime"] = self._control.now()
            document["responseCount"] = document.get("responseCount", 0) + 1
            document["previousResponse"] = code
        longest = float(str(retry.get("maxRetryDuration", "0s"))[:-1])
        tried, most = document["dispatchCount"], int(retry["maxAttempts"])
        in_time = longest > 0 and clock - seconds(document["firstAttempt"]["dispatchTime"]) < longest
        if (most != -1 and tried >= most and not in_time) or (most == -1 and longest > 0 and not in_time):
            log.warning("%s: given up after %s attempts", task.name, tried)
            self.drop(task)
            return
        document["scheduleTime"] = timestamp(clock + max(wait, backoff(retry, tried)))
        self._control.store.put(task)
        self.add(task)


def backoff(retry: dict[str, Any], failed: int) -> float:
    """Seconds after so many failures: doubled as often as it may be, then growing by the same step.

    >>> [backoff({"minBackoff": "10s", "maxBackoff": "300s", "maxDoublings": 3}, n) for n in range(1, 9)]
    [10.0, 20.0, 40.0, 80.0, 160.0, 240.0, 300.0, 300.0]
    """
    least, most, doublings = (
        float(retry["minBackoff"][:-1]),
        float(retry["maxBackoff"][:-1]),
        int(retry["maxDoublings"]),
    )
    steps = failed - 1
    if steps <= doublings:
        return min(most, least * 2.0 ** min(steps, 60))
    return min(most, least * 2.0 ** min(doublings, 60) * (steps - doublings + 1))
