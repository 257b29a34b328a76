"""Where log entries go: which sinks take an entry, which log buckets keep it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sandbox.apis.logging.filter import compile_filter
from sandbox.control import iam
from sandbox.control.context import Control
from sandbox.control.errors import ApiError
from sandbox.control.filters import Matches
from sandbox.control.store import Resource

Entry = dict[str, Any]

SINKS, BUCKETS, EXCLUSIONS = "logging.sinks", "logging.buckets", "logging.exclusions"
BUILT_IN = ("_Default", "_Required")
"""Sinks, and the log buckets they fill, that every project has."""
_AUDIT = " OR ".join(
    f'log_id("{service}.googleapis.com/{log}")'
    for service in ("cloudaudit", "externalaudit")
    for log in ("activity", "system_event", "access_transparency")
)
_BUCKET = re.compile(r"logging\.googleapis\.com/\w+/[^/]+/locations/.+")
_PROJECT = re.compile(r"logging\.googleapis\.com/(projects/[^/]+)")
_MAY_STORE = frozenset({"roles/logging.bucketWriter", "roles/logging.admin", "roles/editor", "roles/owner"})
_MAY_PASS = frozenset({"roles/logging.logWriter", "roles/logging.admin", "roles/editor", "roles/owner"})

log = logging.getLogger("sandbox.logging")
compiled = lru_cache(maxsize=1024)(compile_filter)
"""A filter that was checked before is not read again."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a sink can't pass entries on, as Google's codes have it (`topic_not_found`)."""

    sink: Resource
    code: str
    detail: str = ""


@dataclass(slots=True)
class Routed:
    """Where one entry goes.

    places   log buckets that keep it, and projects that it was passed on to
    sinks    the sinks that pass it on to somewhere else, with their destinations
    """

    places: dict[str, None] = field(default_factory=dict)
    sinks: dict[str, str] = field(default_factory=dict)


def built_in(parent: str, name: str) -> dict[str, Any]:
    """The document of a sink that Google makes in every project.

    >>> built_in("projects/p", "_Default")["destination"]
    'logging.googleapis.com/projects/p/locations/global/buckets/_Default'
    """
    return {
        "name": f"{parent}/sinks/{name}",
        "destination": f"logging.googleapis.com/{parent}/locations/global/buckets/{name}",
        "filter": _AUDIT if name == "_Required" else f"NOT ({_AUDIT})",
    }


def stored_in(destination: str) -> str:
    """The log bucket that a sink's destination is, or nothing."""
    return destination.partition("/")[2] if _BUCKET.fullmatch(destination) else ""


class Routes:
    """The sinks of a batch of entries: each parent's are read once. What is wrong with them is in `problems`."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._sinks: dict[str, list[tuple[Resource, Matches]]] = {}
        self._allowed: dict[str, bool] = {}
        self.problems: list[Problem] = []

    def of(self, entry: Entry) -> Routed:
        """Where an entry goes."""
        routed = Routed()
        self._route(entry, str(entry["logName"]).partition("/logs/")[0], routed, hops=0)
        return routed

    def _route(self, entry: Entry, parent: str, routed: Routed, hops: int) -> None:
        for sink, takes in self._of(parent):
            if not takes(entry):
                continue
            destination = str(sink.document["destination"])
            if bucket := stored_in(destination):
                if self._may_store(sink, parent, bucket):
                    routed.places[bucket] = None
            elif project := _PROJECT.fullmatch(destination):
                # Google passes an entry on to another project once.
                if not hops and project[1] != parent and self._may(sink, project[1], _MAY_PASS, "project"):
                    routed.places[project[1]] = None
                    self._route(entry, project[1], routed, hops + 1)
            else:
                routed.sinks[sink.name] = destination

    def _of(self, parent: str) -> list[tuple[Resource, Matches]]:
        found = self._sinks.get(parent)
        if found is None:
            found = self._sinks[parent] = list(self._read(parent))
        return found

    def _read(self, parent: str) -> Iterator[tuple[Resource, Matches]]:
        store = self._control.store
        made = {sink.id: sink for sink in store.select(SINKS, parent)}
        for name in BUILT_IN:
            document = built_in(parent, name)
            made.setdefault(name, Resource(SINKS, document["name"], document))
        # The older exclusions of a project are of what goes to _Default.
        older = [each.document for each in store.select(EXCLUSIONS, parent)]
        for sink in made.values():
            document = sink.document
            if document.get("disabled"):
                continue
            excluded = [*(document.get("exclusions") or []), *(older if sink.id == "_Default" else [])]
            try:
                takes = compiled(str(document.get("filter") or ""))
                leaves = [compiled(str(each["filter"])) for each in excluded if not each.get("disabled")]
            except ApiError as error:
                self.problems.append(Problem(sink, "filter_invalid", error.message))
                continue
            yield sink, _but_for(takes, leaves) if leaves else takes

    def _may_store(self, sink: Resource, parent: str, bucket: str) -> bool:
        owner, identity = bucket.partition("/locations/")[0], bucket.rpartition("/")[2]
        if identity not in BUILT_IN and self._control.store.get(BUCKETS, bucket) is None:
            self.problems.append(Problem(sink, "bucket_not_found", f"There is no log bucket {bucket}."))
            return False
        return owner == parent or self._may(sink, owner, _MAY_STORE, "bucket")

    def _may(self, sink: Resource, owner: str, roles: frozenset[str], noun: str) -> bool:
        allowed = self._allowed.get(sink.name)
        if allowed is None:
            writer = str(sink.document.get("writerIdentity", ""))
            above = iam.project(owner.partition("/")[2])
            allowed = self._allowed[sink.name] = iam.holds(self._control, writer, roles, [above])
            if not allowed:
                wanted = min(role for role in roles if role.startswith("roles/logging."))
                detail = f"{writer or 'The sink'} has no role such as {wanted} on {owner}."
                self.problems.append(Problem(sink, f"{noun}_permission_denied", detail))
        return allowed


def _but_for(takes: Matches, leaves: list[Matches]) -> Matches:
    return lambda entry: takes(entry) and not any(leave(entry) for leave in leaves)
