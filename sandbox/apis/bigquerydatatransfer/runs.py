"""Runs of scheduled queries: they begin at their times or when they are asked for, one of a configuration at a time.

A run is a resource from when it is due until it is deleted. Its job has an id that is always the same, and BigQuery
takes no second job of an id: a run that a crash interrupts asks how its job ended, and only begins it where there is
none.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from typing import Any

from sandbox.apis.bigquerydatatransfer import plan as transfer_plan
from sandbox.apis.bigquerydatatransfer import query
from sandbox.apis.bigquerydatatransfer.query import Outcome
from sandbox.control import projects
from sandbox.control.context import Control, timestamp
from sandbox.control.http import Request, Response
from sandbox.control.operations import GRPC_CODES
from sandbox.control.sending import backoff
from sandbox.control.store import Resource
from sandbox.control.waiting import woken

log = logging.getLogger("sandbox.bigquerydatatransfer")

CONFIGS, RUNS = "bigquerydatatransfer.transferConfigs", "bigquerydatatransfer.runs"
SCHEDULED_QUERY = "scheduled_query"
# A machine that slept is noticed: its clock goes on, the event loop's doesn't.
_LONGEST_WAIT = 30.0
_COPIED = ("params", "destinationDatasetId", "dataSourceId", "notificationPubsubTopic", "emailPreferences")
_HIDDEN = ("messages", "notified")


class Runs:
    """All runs of a sandbox."""

    def __init__(self, control: Control) -> None:
        self._control, self._store = control, control.store
        self._woken = asyncio.Event()
        self._due: dict[str, float] = {}
        self._busy: set[str] = set()
        runs = self._store.select(RUNS)
        waiting = [run for run in runs if run.document["state"] in ("PENDING", "RUNNING")]
        # What was under way first, then in the order in which they were made.
        waiting.sort(key=lambda run: (run.document["state"] == "PENDING", run.created, str(run.document["runTime"])))
        self._open = {run.name: run.parent for run in waiting}
        self._untold = [run.name for run in runs if run.document.get("notified") is False]
        for config in self._store.select(CONFIGS):
            if config.document.get("nextRunTime"):
                self._due[config.name] = transfer_plan.moment(config.document["nextRunTime"], "nextRunTime")
            else:
                self.plan(config)

    def begin(self) -> None:
        """From now on they are run."""
        for run in self._untold:
            self._control.spawn(self._notify(run), f"the end of {run}")
        self._control.spawn(self._work(), "BigQuery's scheduled queries")

    def plan(self, config: Resource, *, made: bool = False) -> None:
        """The next run is by the schedule as it is now. `made`: an interval's first run is now."""
        self._due.pop(config.name, None)
        config.document.pop("nextRunTime", None)
        if config.document["dataSourceId"] == SCHEDULED_QUERY and not config.document.get("disabled"):
            now = self._control.clock()
            self._next(config, float(int(config.created)) - 1e-3 if made else now)
        self._store.put(config)
        self._woken.set()

    def end(self, name: str) -> None:
        """A configuration is gone with its runs; a job under way goes on."""
        self._due.pop(name, None)
        self._open = {run: config for run, config in self._open.items() if config != name}

    def forget(self, run: str) -> None:
        """A run is gone; its job, where it is under way, goes on."""
        self._open.pop(run, None)

    def wake(self) -> None:
        """The time may have changed."""
        self._woken.set()

    def add(self, config: Resource, run_time: float, schedule: str = "") -> Resource:
        """A run that is to begin. `schedule`: what it is by, empty where it was asked for."""
        now = self._control.clock()
        name = f"{config.name}/runs/{self._control.uid()}"
        document: dict[str, Any] = {
            "name": name,
            "scheduleTime": timestamp(run_time if schedule else now),
            "runTime": timestamp(run_time),
            "state": "PENDING",
            "updateTime": timestamp(now),
            "errorStatus": {},
            **{field: config.document[field] for field in _COPIED if field in config.document},
            **({"schedule": schedule} if schedule else {}),
            "messages": [],
        }
        run = Resource(RUNS, name, document, now, now)
        self._store.insert(run)
        self._open[name] = config.name
        self._woken.set()
        return run

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            rest = self._start_due()
            await woken(self._woken, rest)

    def _start_due(self) -> float:
        """Start what is due. After how many seconds to look again."""
        now, rest = self._control.clock(), _LONGEST_WAIT
        for name, due in list(self._due.items()):
            if due > now:
                rest = min(rest, due - now)
            elif config := self._store.get(CONFIGS, name):
                rest = min(rest, self._schedule(config, due))
            else:
                self._due.pop(name)
        for name, config_name in list(self._open.items()):
            if config_name not in self._busy:
                self._busy.add(config_name)
                self._control.spawn(self._run(name, config_name), f"run {name}")
        return rest

    def _schedule(self, config: Resource, due: float) -> float:
        """Make the run that is due. After a time without a sandbox what was missed is one run, the last."""
        now = self._control.clock()
        planned = transfer_plan.plan(config)
        with self._store.transaction():
            if planned is not None:
                due = planned.latest(due, now)
                self.add(config, due, planned.text)
            self._due.pop(config.name, None)
            config.document.pop("nextRunTime", None)
            self._next(config, due)
            self._store.put(config)
        return max(0.0, self._due.get(config.name, now + _LONGEST_WAIT) - now)

    def _next(self, config: Resource, after: float) -> None:
        planned = transfer_plan.plan(config)
        due = planned.after(after) if planned else None
        if due is not None:
            self._due[config.name] = due
            config.document["nextRunTime"] = timestamp(due)

    async def _run(self, name: str, config: str) -> None:
        try:
            if run := self._begin(name):
                try:
                    outcome = await self._carry_out(run)
                except Exception as error:
                    log.exception("%s", name)
                    outcome = Outcome(GRPC_CODES["INTERNAL"], f"{type(error).__name__}: {error}")
                # Not where the sandbox ends: the next one asks how the job ended.
                self._settle(name, outcome)
        finally:
            self._open.pop(name, None)
            self._busy.discard(config)
            self._woken.set()
        await self._notify(name)

    def _begin(self, name: str) -> Resource | None:
        run = self._store.get(RUNS, name)
        if run is not None and run.document["state"] == "PENDING":
            run.document.update(state="RUNNING", startTime=self._control.now())
            self._say(run, "INFO", "Starting to process the query job.")
            self._keep(run)
        return run

    async def _carry_out(self, run: Resource) -> Outcome:
        """Have the job run to its end, or learn how it ended. BigQuery that is down is waited for."""
        made = query.job(run.name, run.document, transfer_plan.moment(run.document["runTime"], "runTime"))
        jobs = f"/bigquery/v2/projects/{run.name.split('/')[1]}/jobs"
        failed = 0
        while True:
            answer = await self._control.dispatch(Request.of("GET", f"{jobs}/{query.job_id(run.name)}"))
            if answer.status == 404:
                answer = await self._control.dispatch(Request.of("POST", jobs, made))
                if answer.status == 409:
                    continue
            status = answer.json().get("status", {}) if answer.status < 300 else {}
            if (status.get("errorResult") or {}).get("reason") == "backendError":  # the sandbox ended while it ran
                await self._control.dispatch(Request.of("DELETE", f"{jobs}/{query.job_id(run.name)}/delete"))
                continue
            if status.get("state") == "DONE":
                return query.outcome(run.name, answer.json())
            if answer.status not in (200, 429, 503):
                return query.refused(run.name, *query.error(answer))
            failed += 1
            await asyncio.sleep(backoff(0.5, 30, 6, failed))

    def _settle(self, name: str, outcome: Outcome) -> None:
        run = self._store.get(RUNS, name)
        if run is None:
            return  # it was deleted meanwhile
        job = query.job_id(name)
        if outcome.code:
            log.warning("%s: %s", name, outcome.problem)
            run.document["errorStatus"] = {"code": outcome.code, "message": outcome.problem}
            self._say(run, "ERROR", outcome.problem)
        else:
            self._say(run, "INFO", f"Job {job} completed successfully. Number of records: {outcome.rows}.")
        run.document["state"] = "FAILED" if outcome.code else "SUCCEEDED"
        run.document["endTime"] = self._control.now()
        if run.document.get("notificationPubsubTopic"):
            run.document["notified"] = False
        with self._store.transaction():
            self._keep(run)
            config = self._store.get(CONFIGS, run.parent)
            if config is not None:
                config.document["state"] = run.document["state"]
                self._store.put(config)

    async def _notify(self, name: str) -> None:
        """Tell the topic of a run how that ended: again, where the sandbox ends before it knows that it has."""
        run = self._store.get(RUNS, name)
        if run is None or run.document.get("notified") is not False:
            return
        topic = str(run.document["notificationPubsubTopic"])
        message = {
            "data": base64.b64encode(json.dumps(shown(run)).encode()).decode(),
            "attributes": {"eventType": "TRANSFER_RUN_FINISHED", "payloadFormat": "JSON_API_V1"},
        }
        answer: Response = await self._control.dispatch(
            Request.of("POST", f"/pubsub/v1/{topic}:publish", {"messages": [message]})
        )
        run = self._store.get(RUNS, name)
        if run is None:
            return
        run.document["notified"] = True
        if answer.status >= 400:
            self._say(run, "WARNING", f"{topic} could not be told of the run's end: {answer.problem()}")
        self._store.put(run)

    def _say(self, run: Resource, severity: str, text: str) -> None:
        message = {"messageTime": self._control.now(), "severity": severity, "messageText": text}
        run.document["messages"] = [*run.document.get("messages", []), message]

    def _keep(self, run: Resource) -> None:
        run.document["updateTime"] = self._control.now()
        run.updated = self._control.clock()
        self._store.put(run)


def shown(run: Resource) -> dict[str, Any]:
    """A run as answers and notifications have it."""
    document = {key: value for key, value in run.document.items() if key not in _HIDDEN}
    return {**document, "name": projects.by_number(run.name)}
