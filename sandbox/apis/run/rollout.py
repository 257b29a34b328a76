"""Bringing what runs in line with the documents of services: revisions, traffic, conditions."""

from __future__ import annotations

import asyncio
import logging
import weakref
from typing import Any
from urllib.parse import urlsplit

from sandbox.apis.run import operations
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, failed_precondition
from sandbox.control.store import Resource
from sandbox.runtime.instances import Pool, StartFailed
from sandbox.runtime.revisions import Revision
from sandbox.runtime.services import Services

log = logging.getLogger("sandbox.runtime")

SERVICES, REVISIONS = "run.services", "run.revisions"
_TYPE = "google.cloud.run.v2.Service"
# Fields of a template that its revision has too.
_CARRIED = (
    "annotations",
    "labels",
    "scaling",
    "vpcAccess",
    "timeout",
    "serviceAccount",
    "containers",
    "volumes",
    "nodeSelector",
    "executionEnvironment",
    "encryptionKey",
    "maxInstanceRequestConcurrency",
    "sessionAffinity",
)


class _Overtaken(Exception):
    """A newer change of the service came."""


class Rollouts:
    """Rolls services out, one change of a service at a time."""

    def __init__(self, control: Control, runtime: Services) -> None:
        self._control = control
        self._runtime = runtime
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._warming: dict[str, asyncio.Task[None]] = {}

    async def roll_out(self, name: str, operation: str | None = None) -> None:
        """Start the newest revision; send it the traffic once it is ready. Ends the operation that waits for it.

        A change overtakes the rollout of an earlier one that still waits for its revision.
        """
        self._overtake(name)
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            try:
                error = await self._roll_out(name)
            except Exception:
                # Whoever waits for the operation would wait for ever.
                log.exception("rolling out %s", name)
                error = ApiError("INTERNAL", "Internal error of the sandbox; see its log.")
        stored = self._control.store.get(SERVICES, name)
        if operation is None:
            return
        if stored is None:
            error = ApiError("ABORTED", f"Service '{name}' was deleted while it was rolled out.")
        operations.end(self._control, operation, _TYPE, stored.document if stored else None, error)

    async def _roll_out(self, name: str) -> ApiError | None:
        store = self._control.store
        service = store.get(SERVICES, name)
        if service is None:
            return None
        created, generation = service.document["latestCreatedRevision"], service.document["generation"]
        revision = self._revision(service, created)
        uri = await self._runtime.listen(name, _port(service.document))
        failure = ""
        self._runtime.mark(name, "deploying")
        if created != service.document.get("latestReadyRevision"):
            try:
                await self._warm(name, Revision.of(created, revision.document))
            except _Overtaken:
                return ApiError("ABORTED", f"Revision '{revision.id}' was superseded before it was ready.")
            except StartFailed as error:
                failure = f"Revision '{revision.id}' is not ready and cannot serve traffic. {error}"
                log.warning("%s: %s", name, failure)
        # The document may have been changed or deleted meanwhile: only what the rollout found out is written.
        service = store.get(SERVICES, name)
        if service is None:
            await self._runtime.remove(name)
            return None
        self._finish_revision(created, failure)
        document = service.document
        if not failure:
            document["latestReadyRevision"] = created
        _conclude(document, generation, failure, self._control.now())
        if document.get("defaultUriDisabled"):
            document.pop("uri", None)
            document.pop("urls", None)
        else:
            document.update(uri=uri, urls=[uri])
        store.put(service)
        await self._route(service)
        self._runtime.mark(name, "failed" if failure else "ready")
        return failed_precondition(failure) if failure else None

    async def _warm(self, name: str, revision: Revision) -> None:
        task = self._warming[name] = asyncio.create_task(
            self._runtime.warm(name, revision), name=f"warm {revision.name}"
        )
        try:
            await asyncio.wait({task})
        finally:
            self._warming.pop(name, None)
            task.cancel()
        if task.cancelled():
            raise _Overtaken
        task.result()

    def _overtake(self, name: str) -> None:
        task = self._warming.get(name)
        if task is not None:
            task.cancel()

    async def _route(self, service: Resource) -> None:
        ready = service.document.get("latestReadyRevision")
        if ready is None:
            return
        shares: list[tuple[Revision, int]] = []
        tags: dict[str, Revision] = {}
        for status in service.document["trafficStatuses"]:
            name = f"{service.name}/revisions/{status['revision']}" if status.get("revision") else ready
            stored = self._control.store.get(REVISIONS, name)
            if stored is not None:
                revision = Revision.of(name, stored.document)
                shares.append((revision, int(status.get("percent") or 0)))
                if status.get("tag"):
                    tags[status["tag"]] = revision
        for pool in self._runtime.route(service.name, shares):
            self._control.spawn(_close(pool), f"drain a revision of {service.id}")
        uris = await self._runtime.serve_tags(service.name, tags)
        # The document may have been changed meanwhile.
        current = self._control.store.get(SERVICES, service.name)
        if current is not None:
            changed = False
            for status in current.document.get("trafficStatuses") or ():
                uri = uris.get(status.get("tag", ""))
                if uri is not None and status.get("uri") != uri:
                    status["uri"], changed = uri, True
            if changed:
                self._control.store.put(current)

    def _revision(self, service: Resource, name: str) -> Resource:
        """The revision's resource, made from the template where it is new."""
        store, template = self._control.store, service.document["template"]
        found = store.get(REVISIONS, name)
        if found is not None:
            return found
        moment = self._control.now()
        document: dict[str, Any] = {
            "name": name,
            "uid": self._control.uid(),
            "generation": "1",
            "createTime": moment,
            "updateTime": moment,
            "launchStage": service.document["launchStage"],
            "service": service.id,
            **{key: template[key] for key in _CARRIED if key in template},
            "conditions": [{"type": "Ready", "state": "CONDITION_RECONCILING", "lastTransitionTime": moment}],
            "reconciling": True,
            "creator": service.document["lastModifier"],
            "etag": self._control.etag(),
        }
        found = Resource(REVISIONS, name, document, self._control.clock(), self._control.clock())
        store.insert(found)
        return found

    def _finish_revision(self, name: str, failure: str) -> None:
        stored = self._control.store.get(REVISIONS, name)
        if stored is None:
            return
        stored.document["conditions"] = [_condition("Ready", failure, self._control.now())]
        stored.document.update(reconciling=False, observedGeneration=stored.document["generation"])
        stored.updated = self._control.clock()
        self._control.store.put(stored)

    async def restore(self) -> None:
        """After a start of the sandbox: every service listens again; the instances start with the requests."""
        for service in self._control.store.select(SERVICES):
            uri = await self._runtime.listen(service.name, _port(service.document))
            if service.document.get("reconciling") or "latestReadyRevision" not in service.document:
                self._resume(service)
                continue
            if service.document.get("uri") not in (None, uri):
                service.document.update(uri=uri, urls=[uri])
                self._control.store.put(service)
            await self._route(service)
            failed = service.document["terminalCondition"]["state"] == "CONDITION_FAILED"
            self._runtime.mark(service.name, "failed" if failed else "ready")

    def _resume(self, service: Resource) -> None:
        """Roll out what the end of the sandbox interrupted; only the newest change's operation can still succeed."""
        waiting = operations.pending(self._control, service.name.partition("/services/")[0], service.name)
        for operation in waiting[:-1]:
            error = ApiError("ABORTED", "The change was superseded by a newer one.")
            operations.end(self._control, operation, _TYPE, service.document, error)
        self._control.spawn(self.roll_out(service.name, *waiting[-1:]), f"roll out {service.name}")

    async def remove(self, name: str) -> None:
        """End what runs of a deleted service, unless it was created again meanwhile."""
        self._overtake(name)
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            if self._control.store.get(SERVICES, name) is None:
                await self._runtime.remove(name)


async def _close(pool: Pool) -> None:
    await pool.close()


def _port(document: dict[str, Any]) -> int:
    return urlsplit(document.get("uri", "")).port or 0


def _condition(kind: str, failure: str, moment: str) -> dict[str, Any]:
    state = "CONDITION_FAILED" if failure else "CONDITION_SUCCEEDED"
    condition = {"type": kind, "state": state, "lastTransitionTime": moment}
    return {**condition, "message": failure, "revisionReason": "HEALTH_CHECK_CONTAINER_ERROR"} if failure else condition


def _conclude(document: dict[str, Any], generation: str, failure: str, moment: str) -> None:
    """Write the outcome of a generation's rollout into the service's document."""
    document["observedGeneration"] = generation
    document["reconciling"] = document["generation"] != generation
    document["terminalCondition"] = _condition("Ready", failure, moment)
    document["conditions"] = [_condition(kind, failure, moment) for kind in ("RoutesReady", "ConfigurationsReady")]
    statuses = []
    for target in document["traffic"]:
        status = {key: target[key] for key in ("type", "revision", "percent", "tag") if key in target}
        statuses.append(status)
    document["trafficStatuses"] = statuses
