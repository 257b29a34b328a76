"""Cloud Scheduler fires its jobs: at their times, again where they fail, one run of a job at a time.

What is to be done is a row: one for the next run by schedule of each enabled job, and one for each run by hand. It
stays until the run has ended, so a sandbox that is killed in the middle of an attempt makes it again.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from sandbox.apis import cron
from sandbox.apis.cron_times import Times
from sandbox.apis.scheduler.request import attempt
from sandbox.control.context import Control, timestamp
from sandbox.control.sending import Answer, Sender, backoff
from sandbox.control.store import Resource
from sandbox.control.waiting import woken

log = logging.getLogger("sandbox.cloudscheduler")

JOBS = "cloudscheduler.jobs"
# A machine that slept is noticed: its clock goes on, the event loop's doesn't.
_LONGEST_WAIT = 30.0
_SCHEMA = """CREATE TABLE IF NOT EXISTS cloudscheduler_runs (
  id INTEGER PRIMARY KEY, job TEXT NOT NULL, scheduled REAL, due REAL NOT NULL, first REAL, failed INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS cloudscheduler_runs_by_job ON cloudscheduler_runs (job)"""


@dataclass(slots=True)
class _Run:
    """A run that is to come or under way.

    scheduled  the schedule's time it is for; None: by hand
    due        when its next attempt is
    first      when its first attempt was
    failed     how many attempts have failed
    """

    id: int
    job: str
    scheduled: float | None
    due: float
    first: float | None = None
    failed: int = 0


class Runs:
    """All runs of a sandbox."""

    def __init__(self, control: Control) -> None:
        self._control, self._store = control, control.store
        self._sender = Sender(control)
        self._woken = asyncio.Event()
        self._busy: dict[int, _Run] = {}
        self._store.schema(_SCHEMA)
        rows = self._store.rows("SELECT id, job, scheduled, due, first, failed FROM cloudscheduler_runs")
        self._runs = {row[0]: _Run(*row) for row in rows}
        planned = {run.job for run in self._runs.values() if run.scheduled is not None}
        for job in self._store.select(JOBS):
            if job.document["state"] == "ENABLED" and job.name not in planned:
                self.plan(job)

    def begin(self) -> None:
        """From now on jobs are fired."""
        self._control.spawn(self._work(), "Cloud Scheduler")

    async def close(self) -> None:
        """Close the connections; attempts under way end with the sandbox, and are made again by the next."""
        await self._sender.close()

    def plan(self, job: Resource) -> None:
        """The job's next run is by its schedule as it is now; a paused job has none. An attempt under way goes on."""
        enabled = job.document["state"] == "ENABLED"
        for run in self._of(job.name):
            if run.scheduled is not None or not enabled:
                self._drop(run)
        if enabled:
            due = _schedule(job).after(self._control.clock())
            if due is not None:
                self._add(job.name, due, due)
        self._tell(job)
        self._woken.set()

    def run(self, job: Resource) -> None:
        """Run a job now, whatever its state is, even where it runs already."""
        run = self._add(job.name, None, self._control.clock())
        self._start(run, job)

    def end(self, name: str) -> None:
        """A job is gone; an attempt under way goes on."""
        for run in self._of(name):
            self._drop(run)

    def wake(self) -> None:
        """The time may have changed."""
        self._woken.set()

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            rest = self._start_due()
            await woken(self._woken, rest)

    def _start_due(self) -> float:
        """Start what is due. After how many seconds to look again."""
        now, rest = self._control.clock(), _LONGEST_WAIT
        running = {run.job for run in self._busy.values()}
        for run in sorted(self._runs.values(), key=lambda run: run.due):
            if run.job in running:
                continue  # one run at a time: the end of the other one wakes
            if run.due > now:
                return min(rest, run.due - now)
            if job := self._store.get(JOBS, run.job):
                running.add(run.job)
                self._start(run, job)
            else:
                self._drop(run)
        return rest

    def _start(self, run: _Run, job: Resource) -> None:
        now = self._control.clock()
        with self._store.transaction():
            if run.first is None:
                # After a time without a sandbox what the job missed is one run, for the last of the missed times.
                if run.scheduled is not None:
                    run.scheduled = _schedule(job).latest(run.scheduled, now) or run.scheduled
                run.first = now
                self._keep(run)
            self._busy[run.id] = run
            job.document["lastAttemptTime"] = timestamp(now)
            self._tell(job)
        self._control.spawn(self._attempt(run, job), f"job {job.name}")

    async def _attempt(self, run: _Run, job: Resource) -> None:
        try:
            answer = await attempt(self._control, self._sender, job, run.scheduled)
        except Exception as error:
            log.exception("%s", job.name)
            answer = Answer(0, f"INTERNAL: {type(error).__name__}: {error}", 13)
        # Not where the sandbox ends: the next one makes it again.
        self._busy.pop(run.id, None)
        now = self._store.get(JOBS, run.job)
        if now is not None:
            with self._store.transaction():
                now.document["status"] = {"code": answer.code, "message": answer.problem} if answer.problem else {}
                self._settle(run, now, answer)
                self._tell(now)
        self._woken.set()

    def _settle(self, run: _Run, job: Resource, answer: Answer) -> None:
        """After an attempt: once more, or the run has ended and the next one is due."""
        if answer.problem:
            run.failed += 1
            log.warning("%s: attempt %s: %s", job.name, run.failed, answer.problem)
        if run.id not in self._runs:
            return  # the job was paused or changed meanwhile
        wait = _wait(job, run, self._control.clock()) if answer.problem else None
        if wait is not None:
            run.due = self._control.clock() + wait
            self._keep(run)
            return
        self._drop(run)
        if run.scheduled is None:
            return
        due = _schedule(job).after(run.scheduled)  # which may be over: the run is late then
        if due is not None:
            self._add(job.name, due, due)

    def _tell(self, job: Resource) -> None:
        """The job shows when its next attempt is, and is stored."""
        dues = [run.due for run in self._of(job.name) if run.id not in self._busy]
        if not dues and job.document["state"] == "ENABLED":
            following = _schedule(job).after(self._control.clock())
            dues = [following] if following is not None else []
        job.document.pop("scheduleTime", None)
        if dues:
            job.document["scheduleTime"] = timestamp(min(dues))
        self._store.put(job)

    def _of(self, name: str) -> list[_Run]:
        return [run for run in self._runs.values() if run.job == name]

    def _add(self, job: str, scheduled: float | None, due: float) -> _Run:
        sql = "INSERT INTO cloudscheduler_runs (job, scheduled, due, failed) VALUES (?, ?, ?, 0) RETURNING id"
        ((number,),) = self._store.rows(sql, (job, scheduled, due))
        run = self._runs[number] = _Run(number, job, scheduled, due)
        return run

    def _keep(self, run: _Run) -> None:
        sql = "UPDATE cloudscheduler_runs SET scheduled = ?, due = ?, first = ?, failed = ? WHERE id = ?"
        self._store.execute(sql, (run.scheduled, run.due, run.first, run.failed, run.id))

    def _drop(self, run: _Run) -> None:
        self._runs.pop(run.id, None)
        self._store.execute("DELETE FROM cloudscheduler_runs WHERE id = ?", (run.id,))


def _schedule(job: Resource) -> Times:
    return cron.parsed(job.document["schedule"], job.document["timeZone"])


def _wait(job: Resource, run: _Run, now: float) -> float | None:
    """Seconds until a failed run is tried again; None where it isn't.

    With both a number of retries and a time for them, it is tried until both are used up.
    """
    retry = job.document.get("retryConfig") or {}
    longest = float(str(retry.get("maxRetryDuration", "0s"))[:-1])
    in_time = longest > 0 and now - (run.first or now) < longest
    if run.failed > int(retry.get("retryCount", 0)) and not in_time:
        return None
    least, most = (float(str(retry[field])[:-1]) for field in ("minBackoffDuration", "maxBackoffDuration"))
    return backoff(least, most, int(retry["maxDoublings"]), run.failed)
