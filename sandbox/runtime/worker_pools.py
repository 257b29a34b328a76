"""Worker pools as they run: so many instances of each revision, all the time; one that ends is started again."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.runtime import environment, images
from sandbox.runtime.groups import Group, Groups
from sandbox.runtime.instances import StartFailed
from sandbox.runtime.logs import LogFile
from sandbox.runtime.output import Listener, Origin
from sandbox.runtime.parts import Container
from sandbox.runtime.processes import ProcessTable
from sandbox.runtime.revisions import Revision
from sandbox.runtime.volumes import ReadSecret

log = logging.getLogger("sandbox.runtime")
LONGEST_PAUSE = 30.0
"""Seconds before an instance that ended is started again, at most; the first time it is one."""


@dataclass(slots=True)
class _Pool:
    log: LogFile
    slots: dict[str, list[asyncio.Task[None]]] = field(default_factory=dict)  # by revision
    running: set[Group] = field(default_factory=set)


class WorkerPools:
    """All worker pools of a sandbox, by their resource names."""

    def __init__(
        self,
        state_dir: Path,
        table: ProcessTable,
        url: Callable[[], str],
        read_secret: ReadSecret,
        listener: Listener | None = None,
    ) -> None:
        self._state_dir = state_dir
        self._url = url
        self._groups = Groups(state_dir / "run" / "volumes" / "pools", table, read_secret, listener)
        self._pools: dict[str, _Pool] = {}

    async def keep(self, name: str, shares: Sequence[tuple[Revision, int]]) -> None:
        """Run as many instances of each revision as it says, and no others of this pool."""
        pool = self._pools.get(name)
        if pool is None:
            parts = name.split("/")
            path = self._state_dir / "logs" / "run" / f"{parts[1]}.{parts[3]}.pool.{parts[5]}.log"
            pool = self._pools[name] = _Pool(LogFile(path))
        wanted = {revision.name: (revision, count) for revision, count in shares}
        ended: list[asyncio.Task[None]] = []
        for revision, slots in list(pool.slots.items()):
            count = wanted[revision][1] if revision in wanted else 0
            ended += slots[count:]
            pool.slots[revision] = slots[:count]
        for revision, (what, count) in wanted.items():
            slots = pool.slots.setdefault(revision, [])
            slots += [asyncio.create_task(self._run(name, pool, what)) for _ in range(count - len(slots))]
        await _cancelled(ended)

    async def remove(self, name: str) -> None:
        """End a pool."""
        pool = self._pools.pop(name, None)
        if pool is not None:
            await _cancelled([slot for slots in pool.slots.values() for slot in slots])
            pool.log.close()

    async def stop(self) -> None:
        """End everything."""
        await asyncio.gather(*(self.remove(name) for name in list(self._pools)))

    def report(self) -> list[dict[str, object]]:
        """What runs, for people and for the command line."""
        return [
            {
                "project": name.split("/")[1],
                "name": name.split("/")[5],
                "instances": len(pool.running),
                "pids": sorted(group.pid for group in pool.running),
                "log": str(pool.log.path),
            }
            for name, pool in sorted(self._pools.items())
        ]

    async def _run(self, name: str, pool: _Pool, revision: Revision) -> None:
        """One instance, for ever."""
        if images.resolve(revision.image).kind == "starter":
            pool.log.write(f"sandbox: not run: no package here is the image {revision.image}\n".encode())
            return
        home = self._state_dir / "run" / "home" / revision.service
        home.mkdir(parents=True, exist_ok=True, mode=0o700)

        def variables(_container: Container, own: Mapping[str, str]) -> dict[str, str]:
            return environment.worker(home, self._url(), revision.project, revision.service, revision.name, own)

        pause = 1.0
        while True:
            try:
                origin = _origin(name, revision)
                group = await self._groups.start(revision.parts, variables, home, pool.log, origin=origin)
            except StartFailed as error:
                log.warning("worker pool %s: %s", revision.service, error)
            else:
                pool.running.add(group)
                try:
                    await asyncio.shield(group.exited)
                except asyncio.CancelledError:
                    await group.stop()
                    raise
                finally:
                    pool.running.discard(group)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _origin(pool: str, revision: Revision) -> Origin:
    parts = pool.split("/")
    place = {"project_id": parts[1], "location": parts[3], "worker_pool_name": parts[5], "revision_name": revision.name}
    return Origin(parts[1], "cloud_run_worker_pool", place, {"instanceId": secrets.token_hex(32)})


def shares(total: int, splits: Sequence[tuple[Revision, int]]) -> list[tuple[Revision, int]]:
    """How many instances each revision has, of a total that is split by percents; the rest goes to the first."""
    counts = [total * percent // 100 for _, percent in splits]
    if counts:
        counts[0] += total - sum(counts)
    return [(revision, count) for (revision, _), count in zip(splits, counts, strict=True)]


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
