"""Cloud Tasks sends its tasks: when they are due, as fast as the queue lets them, again where they fail.

Each queue that has tasks has a worker. What a task has been through is stored before it is sent: a sandbox that is
killed sends it again.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from dataclasses import dataclass, field

from sandbox.apis.cloudtasks.request import outgoing, seconds
from sandbox.control.context import Control, timestamp
from sandbox.control.sending import Answer, Sender, backoff
from sandbox.control.store import Resource
from sandbox.control.waiting import woken

log = logging.getLogger("sandbox.cloudtasks")

TASKS = "cloudtasks.tasks"
QUEUES = "cloudtasks.queues"
# How long the name of a task that is gone stays taken.
_TOMBSTONE_SECONDS = 3_600
_SCHEMA = """CREATE TABLE IF NOT EXISTS cloudtasks_gone (name TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cloudtasks_gone_until ON cloudtasks_gone (until)"""


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
        self._sender = Sender(control)
        control.store.schema(_SCHEMA)
        for task in control.store.select(TASKS):
            self.add(task)

    async def close(self) -> None:
        """Close the connections; the workers end with the sandbox."""
        await self._sender.close()

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
            await woken(line.waiter, rest)

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
            answer = await self._send(queue, task)
            now = self._control.store.get(TASKS, task.name)
            queue = self._control.store.get(QUEUES, task.parent)
            # Who runs a task by hand while it is under way has sent it twice: the later attempt decides.
            if now is None or queue is None or now.document["dispatchCount"] != task.document["dispatchCount"]:
                return
            if not answer.problem:
                self.drop(now)
                return
            log.warning("%s: attempt %s: %s", task.name, now.document["dispatchCount"], answer.problem)
            self._again(queue, now, answer)
        finally:
            if line is not None:
                line.running -= 1
                line.waiter.set()

    async def _send(self, queue: Resource, task: Resource) -> Answer:
        try:
            made = outgoing(self._control, queue, task)
        except ValueError as error:  # a URL that the queue's override can't change
            return Answer(0, f"INVALID_ARGUMENT: {error}", 3)
        return await self._sender.send(made, float(task.document["dispatchDeadline"][:-1]))

    def _again(self, queue: Resource, task: Resource, answer: Answer) -> None:
        """Once more later, unless the attempts and the time for them are used up."""
        document, clock = task.document, self._control.clock()
        retry = {**queue.document["retryConfig"], **document.get("retryConfig", {})}
        document["lastAttempt"]["responseStatus"] = {"code": answer.code, "message": answer.problem}
        if answer.status:
            document["lastAttempt"]["responseTime"] = self._control.now()
            document["responseCount"] = document.get("responseCount", 0) + 1
            document["previousResponse"] = answer.status
        longest = float(str(retry.get("maxRetryDuration", "0s"))[:-1])
        tried, most = document["dispatchCount"], int(retry["maxAttempts"])
        in_time = longest > 0 and clock - seconds(document["firstAttempt"]["dispatchTime"]) < longest
        if (most != -1 and tried >= most and not in_time) or (most == -1 and longest > 0 and not in_time):
            log.warning("%s: given up after %s attempts", task.name, tried)
            self.drop(task)
            return
        least, longest_wait = float(retry["minBackoff"][:-1]), float(retry["maxBackoff"][:-1])
        wait = backoff(least, longest_wait, int(retry["maxDoublings"]), tried)
        after = answer.headers.get("retry-after", "")  # how long the target wants to be left alone
        document["scheduleTime"] = timestamp(clock + max(wait, float(after) if after.isdigit() else 0))
        self._control.store.put(task)
        self.add(task)
