"""Cloud Run services as they run: a front each, and a pool of instances per revision."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sandbox.runtime import environment, images
from sandbox.runtime.front import Front, Target
from sandbox.runtime.groups import Groups
from sandbox.runtime.instances import IDLE_SECONDS, Instance, Pool, StartFailed
from sandbox.runtime.logs import LogFile
from sandbox.runtime.output import Listener, Origin
from sandbox.runtime.parts import Container
from sandbox.runtime.probes import PLAIN, ready
from sandbox.runtime.processes import Process, ProcessTable
from sandbox.runtime.revisions import Revision
from sandbox.runtime.volumes import ReadSecret

log = logging.getLogger("sandbox.runtime")

NOT_LISTENING = (
    "The user-provided container failed to start and listen on the port defined provided by the PORT environment "
    "variable within the allocated timeout. This can happen when the container port is misconfigured or if the "
    "timeout is too short. The health check timeout can be extended. Logs for this revision might contain more "
    "information: {log}"
)


@dataclass(slots=True)
class _Running:
    """One service."""

    front: Front
    log: LogFile
    tags: dict[str, Front] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    revisions: dict[str, Revision] = field(default_factory=dict)
    state: str = "deploying"


class Services:
    """All services of a sandbox, by their resource names. `url` is where the sandbox's APIs answer."""

    def __init__(
        self,
        state_dir: Path,
        table: ProcessTable,
        url: Callable[[], str],
        read_secret: ReadSecret,
        listener: Listener | None = None,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._listener = listener
        self._state_dir = state_dir
        self._table = table
        self._url = url
        self._groups = Groups(state_dir / "run" / "volumes" / "services", table, read_secret, listener)
        self._idle_seconds = idle_seconds
        self._services: dict[str, _Running] = {}
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=4.0)
        self._client = httpx.AsyncClient(trust_env=False, verify=PLAIN, timeout=None, limits=limits)  # noqa: S113 - fronts time out

    # Changing what runs

    async def listen(self, service: str, port: int = 0) -> str:
        """Open a service's front, on `port` if it is free. Returns its URI; nothing changes where it is open."""
        running = self._services.get(service)
        if running is None:
            running = self._services[service] = _Running(self._front(), LogFile(self._log_path(service)))
        if running.front.port == 0:
            await running.front.listen(port)
        return f"http://127.0.0.1:{running.front.port}"

    async def warm(self, service: str, revision: Revision) -> None:
        """Have an instance of a revision that is ready. Raises StartFailed, and then nothing of it is left."""
        pool = self._pool(service, revision)
        try:
            await pool.warm()
        except BaseException:  # a cancellation too
            if service in self._services:
                self._services[service].pools.pop(revision.name, None)
            await pool.close(0)
            raise

    def route(self, service: str, shares: Sequence[tuple[Revision, int]]) -> list[Pool]:
        """Send requests to revisions by their shares. Returns the pools that none goes to any more, to be closed."""
        running = self._services[service]
        targets = [
            (revision, Target(self._pool(service, revision), share, revision.timeout, _origin(service, revision)))
            for revision, share in shares
        ]
        running.front.targets = [target for _, target in targets]
        used = {revision.name for revision, _ in targets}
        unused = [running.pools.pop(name) for name in set(running.pools) - used]
        for _, target in targets:
            target.pool.keep_least()
        return unused

    async def serve_tags(self, service: str, tags: Mapping[str, Revision]) -> dict[str, str]:
        """Give each tag an address of its own, which leads to its revision alone. Returns the addresses."""
        running = self._services[service]
        for tag in set(running.tags) - set(tags):
            await running.tags.pop(tag).close()
        for tag, revision in tags.items():
            front = running.tags.setdefault(tag, self._front())
            front.targets = [Target(self._pool(service, revision), 100, revision.timeout, _origin(service, revision))]
            if front.port == 0:
                await front.listen()
        return {tag: f"http://127.0.0.1:{running.tags[tag].port}" for tag in tags}

    def mark(self, service: str, state: str) -> None:
        """Record `ready`, `failed` or `deploying` for the report."""
        self._services[service].state = state

    async def remove(self, service: str) -> None:
        """End a service: its front, then its instances."""
        running = self._services.pop(service, None)
        if running is None:
            return
        await asyncio.gather(running.front.close(), *(front.close() for front in running.tags.values()))
        await asyncio.gather(*(pool.close() for pool in running.pools.values()))
        await self._table.drain()
        running.log.close()

    async def tend(self, every: float = 5.0) -> None:
        """End idle instances, for ever."""
        while True:
            await asyncio.sleep(every)
            for running in list(self._services.values()):
                for pool in list(running.pools.values()):
                    await pool.shrink(time.monotonic())

    async def stop(self) -> None:
        """End everything."""
        await asyncio.gather(*(self.remove(service) for service in list(self._services)))
        await self._client.aclose()

    def report(self) -> list[dict[str, Any]]:
        """What runs, for people and for the command line."""
        return [self._describe(service, running) for service, running in sorted(self._services.items())]

    # Inside

    def _front(self) -> Front:
        return Front(self._client, self._listener)

    def _describe(self, service: str, running: _Running) -> dict[str, Any]:
        parts = service.split("/")
        instances = [instance for pool in running.pools.values() for instance in pool.instances]
        kinds = {images.resolve(r.image).kind for r in running.revisions.values() if r.name in running.pools}
        return {
            "project": parts[1],
            "location": parts[3],
            "name": parts[5],
            "uri": f"http://127.0.0.1:{running.front.port}",
            "kind": "package" if "package" in kinds else "starter",
            "state": running.state,
            "instances": len(instances),
            "pid": instances[0].process.pid if instances else None,
            "port": instances[0].port if instances else None,
            "log": str(running.log.path),
        }

    def _pool(self, service: str, revision: Revision) -> Pool:
        running = self._services[service]
        running.revisions[revision.name] = revision
        pool = running.pools.get(revision.name)
        if pool is None:

            async def launch() -> Instance:
                return await self._launch(service, revision)

            pool = running.pools[revision.name] = Pool(revision.limits, launch, self._idle_seconds)
        return pool

    def _log_path(self, service: str) -> Path:
        parts = service.split("/")
        return self._state_dir / "logs" / "run" / f"{parts[1]}.{parts[3]}.{parts[5]}.log"

    async def _launch(self, service: str, revision: Revision) -> Instance:
        """Start one instance and wait until it is ready."""
        file = self._services[service].log
        home = self._state_dir / "run" / "home" / revision.service
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        port = free_port()

        def variables(container: Container, own: Mapping[str, str]) -> dict[str, str]:
            listens = port if container.main else None
            return environment.service(
                home, self._url(), revision.project, revision.service, revision.name, listens, own
            )

        async def listening(process: Process) -> bool:
            if await ready(process, port, revision.probe):
                return True
            ended = not process.running
            code = await process.stop(grace=2.0)
            why = f"It ended with exit code {code}. " if ended else ""
            raise StartFailed(why + NOT_LISTENING.format(log=file.path))

        origin = _origin(service, revision).labelled(instanceId=secrets.token_hex(32))
        group = await self._groups.start(revision.parts, variables, home, file, origin=origin, wait=listening)
        return Instance(group, port, origin)


def _origin(service: str, revision: Revision) -> Origin:
    parts = service.split("/")
    names = {"service_name": parts[5], "revision_name": revision.name, "configuration_name": parts[5]}
    return Origin(parts[1], "cloud_run_revision", {"project_id": parts[1], "location": parts[3], **names})


def free_port() -> int:
    """A port that was free a moment ago. An instance that finds it taken ends, and its start is a failed one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
