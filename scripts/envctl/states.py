"""Terraform's state of an environment: who holds its lock, its versions, backups, and putting one back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .clouds.failures import Failure, Reason
from .clouds.session import Session
from .console import step
from .errors import UserError
from .files import put
from .operations import confirm, ready

if TYPE_CHECKING:
    from .target import Target

_CONSOLE = "https://console.cloud.google.com/storage/browser/_details/{bucket}/{name}"


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds the state.

    Attributes:
        id: what `envctl state unlock` takes.
        who: user and machine, as Terraform wrote them.
        operation: plan or apply.
        created: when, in ISO 8601.
        age_seconds: how long ago.
        link: where to look at it.
    """

    id: str
    who: str
    operation: str
    created: str
    age_seconds: int
    link: str


@dataclass(frozen=True, slots=True)
class LockReport:
    """Whether an environment's state is locked."""

    environment: str
    words: str
    lock: Lock | None = None

    @property
    def exit_code(self) -> int:
        return 2 if self.lock else 0


@dataclass(frozen=True, slots=True)
class StateFile:
    """A state that was kept."""

    file: Path
    serial: int
    lineage: str
    resources: int


@dataclass(frozen=True, slots=True)
class Version:
    """A state that the bucket keeps."""

    generation: str
    updated: str
    size: int
    current: bool


def lock_report(target: Target, *, now: datetime | None = None) -> LockReport:
    """Who holds the state, since when.

    Raises:
        UserError: it can't be read.
    """
    bucket, name = target.loaded.state_bucket, f"{target.loaded.declared.state.prefix}/default.tflock"
    document, said = asyncio.run(_object(target, bucket, name))
    if document is None or said is None:
        return LockReport(target.name, target.words)
    created = str(said.get("Created", ""))
    at = now or datetime.now(UTC)
    lock = Lock(
        id=str(document.get("generation", "")),
        who=str(said.get("Who", "somebody")),
        operation={"OperationTypePlan": "plan", "OperationTypeApply": "apply"}.get(
            str(said.get("Operation", "")), "an operation"
        ),
        created=created,
        age_seconds=_age(created, at),
        link=str(document.get("selfLink", "")) if target.sandbox else _CONSOLE.format(bucket=bucket, name=quote(name)),
    )
    return LockReport(target.name, target.words, lock)


def unlock(target: Target, lock_id: str, *, yes: bool = False) -> Lock:
    """Take the lock away from one who is gone.

    Args:
        target: the environment.
        lock_id: of the lock that was looked at: another one is somebody else's.
        yes: don't ask.

    Raises:
        UserError: there is no such lock, or nobody could be asked.
    """
    report = lock_report(target)
    if report.lock is None:
        raise UserError(f"the state of {target.name} is not locked", todo="there is nothing to do")
    if report.lock.id != lock_id:
        raise UserError(
            f"the lock is {report.lock.id} by {report.lock.who}, not {lock_id}",
            why="somebody took it since you looked",
            todo=f"look again: `envctl state lock {target.words}`",
        )
    confirm(target, yes, f"Take the lock of {report.lock.who} away from {target.name}? It must not run any more.")
    ready(target).unlock(lock_id)
    return report.lock


def backup(target: Target, file: Path) -> StateFile:
    """Keep the state in a file, which only its owner can read: it may hold secrets.

    Raises:
        UserError: there is no state, or the file is there already.
    """
    if file.exists():
        raise UserError(f"{file} is there already", todo="name another file: a backup is never overwritten")
    with step("state") as stage:
        data = ready(target).pull()
        state = _state(data, str(file))
        stage.result = f"serial {state['serial']}"
    put(file, data, private=True)
    return _described(file, state)


def versions(target: Target) -> list[Version]:
    """The states that the bucket keeps, the newest first.

    Raises:
        UserError: they can't be read.
    """
    bucket, name = target.loaded.state_bucket, f"{target.loaded.declared.state.prefix}/default.tfstate"
    found = asyncio.run(_versions(target, bucket, name))
    listed = [
        Version(
            str(one.get("generation", "")),
            str(one.get("updated") or one.get("timeCreated") or ""),
            int(one.get("size") or 0),
            not one.get("timeDeleted"),
        )
        for one in found
        if one.get("name") == name
    ]
    return sorted(listed, key=lambda one: int(one.generation or 0), reverse=True)


def restore(target: Target, *, file: Path | None = None, generation: str | None = None, yes: bool = False) -> StateFile:
    """Put a kept state back, as the newest one. What was there is kept as a version, and beside the build files.

    Args:
        target: the environment.
        file: a backup.
        generation: a version that the bucket keeps.
        yes: don't ask.

    Raises:
        UserError: it is no state, or one of something else.
    """
    if (file is None) == (generation is None):
        raise UserError("one of them is put back: a file, or a version", todo="give --from FILE or --generation N")
    workspace = ready(target)
    now = _state(workspace.pull(), "the state")
    if file is not None:
        try:
            old = _state(file.read_bytes(), str(file))
        except OSError as error:
            raise UserError(f"{file} can't be read", why=error.strerror or str(error)) from None
    else:
        old = _generation(target, str(generation))
    if now.get("lineage") and old["lineage"] != now["lineage"]:
        raise UserError(
            "that is the state of something else",
            why=f"its lineage is {old['lineage']}, that of {target.name} is {now['lineage']}",
            todo="find a backup of this environment: `envctl state versions`",
        )
    there, back = len(now.get("resources", [])), len(old.get("resources", []))
    question = f"Put back the state of serial {old['serial']} ({back} resources) over {now['serial']} ({there})?"
    confirm(target, yes, question)
    before = workspace.build / f"state-before-restore-{now['serial']}.json"
    put(before, json.dumps(now), private=True)
    # Terraform takes a state that is newer than its own.
    restored = {**old, "serial": int(now["serial"]) + 1}
    with step("state, put back") as stage, workspace.passing("restored.tfstate") as pushed:
        put(pushed, json.dumps(restored), private=True)
        workspace.push(pushed)
        stage.result = f"serial {restored['serial']}"
    return _described(before, restored)


def _state(data: bytes, where: str) -> dict[str, Any]:
    try:
        state = json.loads(data or b"null")
    except ValueError as error:
        raise UserError(f"{where} is not a state", why=str(error)) from None
    if state is None:
        raise UserError("there is no state yet", todo="apply first; there is nothing to keep")
    if not isinstance(state, dict) or not {"version", "serial", "lineage"} <= state.keys():
        raise UserError(f"{where} is not a state", why="it lacks version, serial or lineage")
    return state


def _described(file: Path, state: Mapping[str, Any]) -> StateFile:
    return StateFile(file, int(state["serial"]), str(state["lineage"]), len(state.get("resources", [])))


def _generation(target: Target, generation: str) -> dict[str, Any]:
    bucket, name = target.loaded.state_bucket, f"{target.loaded.declared.state.prefix}/default.tfstate"
    _, said = asyncio.run(_object(target, bucket, name, generation))
    if said is None:
        raise UserError(f"the bucket keeps no version {generation}", todo="`envctl state versions` lists them")
    return _state(json.dumps(said).encode(), f"version {generation}")


async def _object(
    target: Target, bucket: str, name: str, generation: str | None = None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """An object's metadata and its content, which is JSON; None where it isn't there."""
    path = f"v1/b/{bucket}/o/{quote(name, safe='')}"
    query = {"generation": generation} if generation else {}
    async with Session(target.endpoints, target.credentials) as session:
        document = await session.read("storage", path, query=query, permission="storage.objects.get")
        if isinstance(document, Failure):
            if document.reason is Reason.ABSENT:
                return None, None
            raise _unread(name, document)
        content = await session.read("storage", path, query={**query, "alt": "media"}, permission="storage.objects.get")
    if isinstance(content, Failure):
        if content.reason is Reason.ABSENT:
            return None, None
        raise _unread(name, content)
    return document, content


async def _versions(target: Target, bucket: str, name: str) -> list[dict[str, Any]]:
    query = {"versions": "true", "prefix": name}
    found: list[dict[str, Any]] = []
    async with Session(target.endpoints, target.credentials) as session:
        while True:
            answer = await session.read("storage", f"v1/b/{bucket}/o", query=query, permission="storage.objects.list")
            if isinstance(answer, Failure):
                raise _unread(name, answer)
            found += answer.get("items") or []
            if not answer.get("nextPageToken"):
                return found
            query["pageToken"] = str(answer["nextPageToken"])


def _unread(name: str, failure: Failure) -> UserError:
    return UserError(f"{name} can't be read", why=failure.message, todo=failure.todo)


def _age(created: str, now: datetime) -> int:
    try:
        # Terraform writes nanoseconds, which Python doesn't read.
        at = datetime.fromisoformat(created[:19]).replace(tzinfo=UTC)
    except ValueError:
        return 0
    return max(0, int((now - at).total_seconds()))
