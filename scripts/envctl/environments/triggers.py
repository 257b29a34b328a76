"""Schedules that jobs and workflows carry themselves: each becomes a schedule of its own in the tfvars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .models import Subproject
from .models.orchestration import WorkflowSchedule
from .models.run import JobSchedule

GRANT = "schedule"
"""The key of the grant by which a job's schedule may run that job."""
ATTEMPT_DEADLINE = "180s"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A schedule within a thing.

    Args:
        id: of the schedule that is made.
        kind: "jobs" or "workflows".
        thing: the job or workflow.
        service_account: the path of the account it starts the thing as.
    """

    id: str
    kind: str
    thing: str
    service_account: str
    schedule: JobSchedule | WorkflowSchedule


def triggers(subproject: Subproject) -> Iterator[Trigger]:
    """Every schedule within a job or a workflow of a subproject."""
    for name, job in subproject.jobs.items():
        if job.schedule is not None:
            account = job.schedule.service_account or job.service_account
            yield Trigger(f"job-{name}", "jobs", name, account, job.schedule)
    for name, workflow in subproject.workflows.items():
        if workflow.schedule is not None:
            account = workflow.schedule.service_account or workflow.service_account
            yield Trigger(f"workflow-{name}", "workflows", name, account, workflow.schedule)


def declared_at(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where a schedule of the tfvars stands in the YAML, if it is one of these.

    >>> declared_at(("subprojects", "a", "schedules", "job-backtest", "cron"))
    ('subprojects', 'a', 'jobs', 'backtest', 'schedule', 'cron')
    """
    if len(path) > 3 and path[2] == "schedules":
        for prefix, kind in (("job-", "jobs"), ("workflow-", "workflows")):
            if str(path[3]).startswith(prefix):
                return (*path[:2], kind, str(path[3]).removeprefix(prefix), "schedule", *path[4:])
    return path
