"""Where entries are looked for: all that a project holds, or what a view shows of a log bucket."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.apis.logging.routes import BUCKETS, BUILT_IN, compiled
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.filters import Matches

PARENT = r"(?:projects|folders|organizations|billingAccounts)/[^/]+"
VIEWS = "logging.views"
_RESOURCE = re.compile(rf"(?P<parent>{PARENT})(?:/locations/[^/]+/buckets/(?P<bucket>[^/]+)/views/(?P<view>[^/]+))?")
_DATA_ACCESS = 'log_id("cloudaudit.googleapis.com/data_access") OR log_id("externalaudit.googleapis.com/data_access")'
# The views that Google makes: one in every bucket, and another in _Default.
_BUILT_IN = {"_AllLogs": "", "_Default": f"NOT ({_DATA_ACCESS})"}

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where entries are.

    parent   a project or another parent, whose own entries they are or which they were passed on to
    bucket   or the log bucket that keeps them
    shown    which of the bucket's are shown
    """

    parent: str = ""
    bucket: str = ""
    shown: Matches = lambda entry: True

    @property
    def sql(self) -> str:
        """A condition that holds for all its entries, with two `values`."""
        return "instr(places, ?) > ?" if self.bucket else "(instr(log, ?) = 1 OR instr(places, ?) > 0)"

    @property
    def values(self) -> tuple[Any, Any]:
        """The values of `sql`."""
        return (f" {self.bucket} ", 0) if self.bucket else (f"{self.parent}/logs/", f" {self.parent} ")

    def has(self, entry: Entry, places: str) -> bool:
        """Whether an entry is here, which is kept at these places."""
        if self.bucket:
            return f" {self.bucket} " in places and self.shown(entry)
        return str(entry["logName"]).startswith(f"{self.parent}/logs/") or f" {self.parent} " in places


def scopes(control: Control, names: Iterable[str]) -> list[Scope]:
    """The scopes of resource names. 400 where one is none, 404 where there is no such view."""
    given = [str(name) for name in names]
    if not given:
        raise invalid_argument("resourceNames must be given.", {"resourceNames": "required"})
    return [_scope(control, name, given) for name in given]


def _scope(control: Control, name: str, given: list[str]) -> Scope:
    found = _RESOURCE.fullmatch(name)
    if found is None:
        raise invalid_argument(f"Invalid resource names: {given}", {"resourceNames": "no parent"})
    kind, owner = found["parent"].split("/")
    parent = f"{kind}/{control.projects.resolve(owner, control.clock()) if kind == 'projects' else owner}"
    if not found["view"]:
        return Scope(parent)
    bucket = parent + name.removeprefix(found["parent"]).partition("/views/")[0]
    there = found["bucket"] in BUILT_IN or control.store.get(BUCKETS, bucket) is not None
    view = control.store.get(VIEWS, f"{bucket}/views/{found['view']}") if there else None
    if view is not None:
        return Scope(bucket=bucket, shown=compiled(str(view.document.get("filter") or "")))
    if there and (found["view"] == "_AllLogs" or found["view"] == found["bucket"] == "_Default"):
        return Scope(bucket=bucket, shown=compiled(_BUILT_IN[found["view"]]))
    raise not_found(f"View {bucket}/views/{found['view']} does not exist.")
