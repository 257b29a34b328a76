"""Cloud Tasks v2: queues. Their tasks are in `tasks`."""

from __future__ import annotations

from typing import Any

from sandbox.apis.cloudtasks import tasks as cloudtasks_tasks
from sandbox.apis.cloudtasks.dispatch import Dispatcher
from sandbox.apis.cloudtasks.request import METHODS, check_tokens
from sandbox.control import crud, durations, locations
from sandbox.control.collection import Collection
from sandbox.control.context import Call, Control
from sandbox.control.errors import failed_precondition, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api, Route
from sandbox.control.store import Resource

_RETRY = {"maxAttempts": 100, "minBackoff": "0.100s", "maxBackoff": "3600s", "maxDoublings": 16}
# How long Google keeps the name of a deleted queue.
_TOMBSTONE_SECONDS = 3 * 86_400
_DELETED = "cloudtasks.deletedQueues"

queues = Collection(
    path="v2/projects/{project}/locations/{location}/queues/{queue}",
    id_rule=r"[A-Za-z0-9-]{1,100}",
    id_message="It must be 1 to 100 letters, numbers or hyphens.",
    update=(),
    mask="replace",
    output_only=("purgeTime",),
    on_create_set={"state": lambda queue, call: "RUNNING"},
    enums={
        "httpTarget.httpMethod": METHODS,
        "httpTarget.uriOverride.scheme": ("SCHEME_UNSPECIFIED", "HTTP", "HTTPS"),
        "httpTarget.uriOverride.uriOverrideEnforceMode": (
            "URI_OVERRIDE_ENFORCE_MODE_UNSPECIFIED",
            "IF_NOT_EXISTS",
            "ALWAYS",
        ),
    },
    location="region",
    iam=True,
)
tasks = cloudtasks_tasks.collection(queues)


async def _patch(call: Call) -> Response:
    """PATCH changes a queue. Google also makes one that isn't there, which the sandbox leaves to `queues.create`."""
    if queues.find(call.control, queues.name(call.params)) is None:
        raise unimplemented("The sandbox does not create queues by PATCH: create the queue first.")
    return await crud.update(queues, call)


API = Api(
    "cloudtasks.googleapis.com",
    "cloudtasks",
    [queues, tasks],
    [Route("PATCH", queues.path, _patch), *locations.routes("v2"), *cloudtasks_tasks.routes(queues, tasks)],
)


async def _start(control: Control) -> None:
    control.provide(Dispatcher(control))


async def _stop(control: Control) -> None:
    await control.part(Dispatcher).close()


API.start, API.stop = _start, _stop


def _refused(field: str, message: str) -> Exception:
    return invalid_argument(message, {f"queue.{field}": message})


def _complete(queue: Resource) -> None:
    """Checked, with what the server fills in."""
    document = queue.document
    if document.get("appEngineRoutingOverride"):
        raise unimplemented("The sandbox does not implement App Engine targets of Cloud Tasks.")
    document["rateLimits"] = _rate_limits(document.get("rateLimits") or {})
    document["retryConfig"] = _retry_config(document.get("retryConfig") or {})
    if not document.get("httpTarget"):
        document.pop("httpTarget", None)
    else:
        _http_target(document["httpTarget"])
    if not 0 <= float((document.get("stackdriverLoggingConfig") or {}).get("samplingRatio", 0)) <= 1:
        raise _refused("stackdriver_logging_config.sampling_ratio", "The sampling ratio must be 0.0 to 1.0.")


def _rate_limits(given: dict[str, Any]) -> dict[str, Any]:
    """Bursts are the server's own: a fifth of the rate, 10 at least."""
    limits = {"maxDispatchesPerSecond": 500, "maxConcurrentDispatches": 1000, **given}
    rate = float(limits["maxDispatchesPerSecond"])
    if not 0 < rate <= 500:
        raise _refused("rate_limits.max_dispatches_per_second", "maxDispatchesPerSecond must be above 0, at most 500.")
    if not 0 < int(limits["maxConcurrentDispatches"]) <= 5000:
        raise _refused("rate_limits.max_concurrent_dispatches", "maxConcurrentDispatches must be 1 to 5000.")
    return {**limits, "maxBurstSize": max(10, int(rate / 5))}


def _retry_config(given: dict[str, Any]) -> dict[str, Any]:
    retry = {**_RETRY, **given}
    if int(retry["maxAttempts"]) == 0 or int(retry["maxAttempts"]) < -1:
        raise _refused("retry_config.max_attempts", "maxAttempts must be -1 or positive.")
    if int(retry["maxDoublings"]) < 0:
        raise _refused("retry_config.max_doublings", "maxDoublings must not be negative.")
    for field in ("minBackoff", "maxBackoff", "maxRetryDuration"):
        if field in retry and not durations.FORM.fullmatch(str(retry[field])):
            raise _refused(f"retry_config.{field}", f"{field} is not a duration.")
    if float(retry["minBackoff"][:-1]) > float(retry["maxBackoff"][:-1]):
        raise _refused("retry_config.min_backoff", "minBackoff must be at most maxBackoff.")
    if float(str(retry.get("maxRetryDuration", "0s"))[:-1]) == 0:
        retry.pop("maxRetryDuration", None)  # as many attempts as there may be: Google doesn't tell a zero
    return retry


def _http_target(target: dict[str, Any]) -> None:
    check_tokens(target, "http_target", _refused)
    override = target.get("uriOverride")
    if override:
        if override.setdefault("scheme", "HTTPS") not in ("HTTP", "HTTPS"):
            raise _refused("http_target.uri_override.scheme", "The scheme must be HTTP or HTTPS.")
        if override.setdefault("uriOverrideEnforceMode", "ALWAYS") not in ("ALWAYS", "IF_NOT_EXISTS"):
            raise _refused("http_target.uri_override", "uriOverrideEnforceMode must be ALWAYS or IF_NOT_EXISTS.")


@queues.on_create
async def complete(queue: Resource, call: Call) -> None:
    """Checked and completed; refused where a queue of this name was deleted a short time ago."""
    deleted = call.store.get(_DELETED, queue.name)
    if deleted is not None:
        if call.control.clock() - deleted.created < _TOMBSTONE_SECONDS:
            raise failed_precondition(
                "The queue cannot be created because a queue with this name existed too recently."
            )
        call.store.delete(_DELETED, queue.name)
    _complete(queue)


@queues.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    _complete(new)


@queues.updated
async def rethink(old: Resource, new: Resource, call: Call) -> None:
    """The new limits hold at once."""
    call.control.part(Dispatcher).wake(new.name)


@queues.deleted
async def remember(queue: Resource, call: Call) -> None:
    """The name stays taken for a while."""
    call.control.part(Dispatcher).end(queue.name)
    moment = call.control.clock()
    call.store.insert(Resource(_DELETED, queue.name, {}, moment, moment))


def _changed(queue: Resource, call: Call, **fields: str) -> dict[str, Any]:
    queue.document.update(fields)
    queue.updated = call.control.clock()
    call.store.put(queue)
    call.control.part(Dispatcher).wake(queue.name)
    return queue.document


@queues.verb("pause")
async def pause(queue: Resource, call: Call) -> dict[str, Any]:
    """`queues.pause`."""
    return _changed(queue, call, state="PAUSED")


@queues.verb("resume")
async def resume(queue: Resource, call: Call) -> dict[str, Any]:
    """`queues.resume`."""
    return _changed(queue, call, state="RUNNING")


@queues.verb("purge")
async def purge(queue: Resource, call: Call) -> dict[str, Any]:
    """`queues.purge`: all tasks are gone, and their names taken for a while."""
    for task in call.store.select(tasks.key, queue.name):
        call.control.part(Dispatcher).drop(task)
    return _changed(queue, call, purgeTime=call.control.now())
