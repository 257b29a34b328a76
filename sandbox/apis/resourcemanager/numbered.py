"""What Resource Manager v3 gives a number to: folders, tag keys and tag values, in the general case."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.control import iam, operations, paging, projects
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Numbered:
    """One kind.

    collection      `folders`; noun as messages have it, `type` the protobuf message of operations
    taken           what a creation takes of a request; `changed` what a PATCH may
    check           (document, call): completes and refuses what is about to be made
    gone            (resource, call): refuses what can't be deleted, or keeps it: True where it stays in the store
    listed          the list's field
    """

    collection: str
    noun: str
    type: str
    taken: Sequence[str]
    changed: Sequence[str]
    check: Callable[[Json, Call], None]
    gone: Callable[[Resource, Call], bool]

    @property
    def key(self) -> str:
        """The collection's key in the store."""
        return f"cloudresourcemanager.{self.collection}"

    def all(self, control: Control, parent: str) -> Iterator[Resource]:
        """Those of a parent."""
        return (one for one in control.store.select(self.key) if one.document["parent"] == parent)

    def must(self, control: Control, name: str) -> Resource:
        """One by name. What isn't there and what one may not see are the same to Google: 403."""
        found = control.store.get(self.key, name)
        if found is None:
            what = f"Permission denied on resource '{name}' (or it may not exist)."
            raise ApiError("PERMISSION_DENIED", what)
        return found

    def done(self, call: Call, resource: Resource, step: str) -> Response:
        """The operation of a change, which is done."""
        name = f"operations/{step}.{call.control.uid()}"
        return Response.of(operations.done(call.control, "", self.type, resource.document, name=name))

    def keep(self, call: Call, resource: Resource, change: Mapping[str, Any]) -> Resource:
        """Store a change."""
        stamps = {"updateTime": call.control.now(), "etag": call.control.etag()}
        document = {**resource.document, **change, **stamps}
        new = Resource(self.key, resource.name, document, resource.created, call.control.clock())
        call.store.put(new)
        return new

    def routes(self) -> list[Route]:
        """Of the general case."""
        place = f"v3/{self.collection}"
        return [
            Route("POST", place, self._create),
            Route("GET", place, self._list),
            Route("GET", place + "/{number}", self._get),
            Route("PATCH", place + "/{number}", self._patch),
            Route("DELETE", place + "/{number}", self._delete),
        ]

    def iam_routes(self) -> list[Route]:
        """Of the policy of one."""
        place = f"v3/{self.collection}/{{number}}"
        return [
            Route("POST", place, self._get_policy, "getIamPolicy"),
            Route("POST", place, self._set_policy, "setIamPolicy"),
            Route("POST", place, self._permissions, "testIamPermissions"),
        ]

    def _named(self, call: Call) -> Resource:
        return self.must(call.control, f"{self.collection}/{call.params['number']}")

    async def _create(self, call: Call) -> Response:
        body = call.body()
        document: Json = {key: body[key] for key in self.taken if body.get(key) not in (None, "", {})}
        self.check(document, call)
        name, moment, now = (
            f"{self.collection}/{secrets.randbelow(9 * 10**11) + 10**11}",
            call.control.clock(),
            call.control.now(),
        )
        document |= {"name": name, "createTime": now, "updateTime": now, "etag": call.control.etag()}
        resource = Resource(self.key, name, document, moment, moment)
        if not call.flag("validateOnly"):
            call.store.insert(resource)
        return self.done(call, resource, "c")

    async def _get(self, call: Call) -> Response:
        return Response.of(self._named(call).document)

    async def _list(self, call: Call) -> Response:
        parent = call.query("parent")
        if not parent:
            raise invalid_argument("parent is required.", {"parent": "required"})
        if parent.startswith("projects/"):  # kept by its number
            project = call.control.projects.resolve(parent.removeprefix("projects/"), call.control.clock())
            parent = f"projects/{projects.number(project)}"
        size, after = call.integer("pageSize", 100, 300) or 100, paging.after(call.query("pageToken"))
        found = [one for one in self.all(call.control, parent) if one.name > after]
        found = [one for one in found if one.document.get("state", "ACTIVE") == "ACTIVE" or call.flag("showDeleted")]
        page = paging.page(self.collection, found, size, lambda one: one.name, lambda one: one.document)
        return Response.of(page)

    async def _patch(self, call: Call) -> Response:
        resource, body = self._named(call), call.body()
        given = [path for path in call.query("updateMask").split(",") if path] or [k for k in body if k in self.changed]
        for path in given:
            if path not in self.changed:
                raise invalid_argument(f"{path} of a {self.noun} can't be changed.", {"update_mask": path})
        document = {**resource.document, **{path: body.get(path, "") for path in given}}
        self.check(document, call)
        new = self.keep(call, resource, {key: value for key, value in document.items() if value != ""})
        for path in given:
            if new.document.get(path) and not document[path]:
                del new.document[path]
                call.store.put(new)
        return self.done(call, new, "u")

    async def _delete(self, call: Call) -> Response:
        resource = self._named(call)
        if not self.gone(resource, call):
            call.store.delete(self.key, resource.name)
            call.store.delete_policy(self._full(resource))
        return self.done(call, call.store.get(self.key, resource.name) or resource, "d")

    def _full(self, resource: Resource) -> str:
        return f"//cloudresourcemanager.googleapis.com/{resource.name}"

    async def _get_policy(self, call: Call) -> Response:
        return iam.answer(call, self._full(self._named(call)))

    async def _set_policy(self, call: Call) -> Response:
        return iam.answer_set(call, self._full(self._named(call)))

    async def _permissions(self, call: Call) -> Response:
        self._named(call)
        return Response.of(iam.permissions(call))
