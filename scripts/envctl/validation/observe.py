"""Reading the cloud: every question once, all at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from envctl.clouds import Failure, Reason
from envctl.clouds.reader import Reader

from . import health
from .model import Read, Thing

Answer = Mapping[str, Any] | Failure
Progress = Callable[[int, int], None]

_PAGES = 100


@dataclass(slots=True)
class Observed:
    """What the cloud answered.

    Attributes:
        answers: by thing id and the name of the read ("document", "policy", …).
        healths: of the services, by thing id.
        asked_health: whether services were asked at all.
    """

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    healths: dict[str, health.Health] = field(default_factory=dict)
    asked_health: bool = True


async def observe(things: list[Thing], reader: Reader, *, services: bool, on_progress: Progress | None) -> Observed:
    """Read every thing, its grants, and the services' health.

    Args:
        things: declared.
        reader: what asks the cloud.
        services: whether to ask services for their health.
        on_progress: told after each read: how many are done, and of how many.
    """
    asking = _Asking(reader, on_progress)
    asking.observed.asked_health = services
    await asking.run([asking.thing(thing, services) for thing in things])
    return asking.observed


def _reads(thing: Thing) -> dict[str, Read]:
    reads = {"document": thing.kind.document, **thing.kind.reads}
    if thing.kind.policy:
        reads["policy"] = thing.kind.policy
    return reads


class _Asking:
    def __init__(self, reader: Reader, on_progress: Progress | None) -> None:
        self.observed = Observed()
        self._reader = reader
        self._on_progress = on_progress
        self._shared: dict[tuple[str, str, str], asyncio.Task[Answer]] = {}
        self._done = 0
        self._total = 0

    async def run(self, works: list[Coroutine[Any, Any, None]]) -> None:
        self._total = len(works)
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)

    async def thing(self, thing: Thing, services: bool) -> None:
        """All reads of one thing; a service's health as soon as its address is known."""
        async with asyncio.TaskGroup() as group:
            for name, read in _reads(thing).items():
                group.create_task(self._read(thing, name, read, services and thing.kind.name == "services"))
        self._done += 1
        if self._on_progress:
            self._on_progress(self._done, self._total)

    async def _read(self, thing: Thing, name: str, read: Read, with_health: bool) -> None:
        answer = await self._once(thing, read)
        self.observed.answers[thing.id, name] = answer
        if with_health and name == "document" and not isinstance(answer, Failure):
            self.observed.healths[thing.id] = await health.ask(self._reader, thing, answer)

    async def _once(self, thing: Thing, read: Read) -> Answer:
        """Things may share a question, such as the project's policy: it is asked once."""
        path = thing.fill(read.path)
        if read.above is not None and read.pick is not None:
            answer = await self._once(thing, read.above)
            name = answer if isinstance(answer, Failure) else read.pick(thing, answer)
            if name is None:
                return Failure(Reason.ABSENT, f"{thing.title} is missing")
            if isinstance(name, Failure):
                return name
            path = path.replace("{above}", name)
        key = (read.service, read.client or read.method, path)
        if key not in self._shared:
            self._shared[key] = asyncio.ensure_future(self._ask(read, key[2]))
        return await self._shared[key]

    async def _ask(self, read: Read, path: str) -> Answer:
        if read.client:
            return await self._reader.client(read.client, path, read.permission, read.service)
        gathered: list[Any] = []
        query = dict(read.query)
        for _ in range(_PAGES):
            answer = await self._reader.http(read.service, path, read.method, query, read.body, read.permission)
            if isinstance(answer, Failure) or not read.items:
                return answer
            gathered += answer.get(read.items) or []
            if not answer.get("nextPageToken"):
                return {read.items: gathered}
            query["pageToken"] = str(answer["nextPageToken"])
        # Half a list must not make the rest look absent.
        return Failure(Reason.UNEXPECTED, f"{read.service} has more than {_PAGES} pages of {read.items}")
