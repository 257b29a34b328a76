"""A kind of resource of Compute Engine as a table, and the general case: insert, get, list, patch, update, delete."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.apis.compute import links, operations, references, zones
from sandbox.apis.compute.documents import body_of, fingerprint, patched, told_time
from sandbox.apis.compute.errors import exists, immutable, in_use, invalid, missing, required, stale
from sandbox.apis.compute.filters import accepts
from sandbox.control import iam, names, paging, payload
from sandbox.control.context import Call, Control
from sandbox.control.errors import unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
# (document, call, the resource before or None): completes and checks what is about to be stored.
Check = Callable[[Json, Call, "Resource | None"], None]
View = Callable[[Resource, Call], Json]
After = Callable[[Resource, Call], None]
Verb = Callable[[Resource, Json, Call], None]

NAME = r"(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)"
_SERVER = (
    "kind",
    "id",
    "creationTimestamp",
    "selfLink",
    "selfLinkWithId",
    "region",
    "zone",
    "fingerprint",
    "labelFingerprint",
)
PLACES = {"global": "global", "regions": "regions/{region}", "zones": "zones/{zone}"}
_KEYS = {"global": "", "regions": "regional.", "zones": "zonal."}


def by_number(resource: Resource, call: Call) -> Json:
    """For `view`: the link that names a resource by its number."""
    return {"selfLinkWithId": f"{links.HOST}{resource.name.rpartition('/')[0]}/{resource.document['id']}"}


@dataclass(eq=False, slots=True)
class Kind:
    """One kind.

    collection      `networks`; noun as messages have it, kind as documents have it (`compute#network`)
    scope           `global`, `regions` or `zones`: what it is below
    defaults        what the server fills in
    required        what a creation needs
    immutable       what a change refuses
    output_only     dropped from requests
    methods         PATCH merges, PUT replaces
    fingerprint     a change must carry the current fingerprint
    labelled        `labels` with `setLabels` and a fingerprint of their own
    check, view, after, gone    hooks: before storing, when shown (None hides a field), after creation, before deletion
    verbs           `POST …/{name}/{verb}`; `PATCH` where the key says so
    iam             has an IAM policy
    """

    collection: str
    noun: str
    kind: str
    scope: str = "global"
    defaults: Mapping[str, Any] = field(default_factory=dict)
    required: Sequence[str] = ()
    immutable: Sequence[str] = ()
    output_only: Sequence[str] = ()
    methods: Sequence[str] = ("PATCH",)
    fingerprint: bool = False
    labelled: bool = False
    check: Check | None = None
    view: View | None = None
    after: After | None = None
    gone: After | None = None
    verbs: dict[str, Verb] = field(default_factory=dict)
    iam: bool = False

    def __post_init__(self) -> None:
        references.KINDS.append(self)

    @property
    def key(self) -> str:
        """The collection's key in the store; global, regional and zonal ones are three."""
        return f"compute.{_KEYS[self.scope]}{self.collection}"

    @property
    def place(self) -> str:
        """The path of the collection."""
        return f"v1/projects/{{project}}/{PLACES[self.scope]}/{self.collection}"

    def parent(self, call: Call) -> str:
        """`projects/p/global`, or the region or zone; 404 where there is no such one."""
        place = names.fill(PLACES[self.scope], call.params)
        known = {"global": (place,), "regions": names.REGIONS, "zones": zones.NAMES}[self.scope]
        if place.rpartition("/")[2] not in known:
            raise missing(f"projects/{call.project}/{place}")
        return f"projects/{call.project}/{place}"

    def name(self, call: Call) -> str:
        """The name that a path says."""
        return f"{self.parent(call)}/{self.collection}/{call.params['name']}"

    def all(self, control: Control, project: str) -> Iterator[Resource]:
        """Every one of a project, in all places."""
        for resource in control.store.select(self.key):
            if resource.name.startswith(f"projects/{project}/"):
                yield resource

    def must(self, control: Control, name: str) -> Resource:
        """One by name; 404 where it is missing."""
        found = references.kept(control, self.key, name)
        if found is None:
            raise missing(name)
        return found

    def shown(self, resource: Resource, call: Call) -> Json:
        """As responses show it."""
        document: Json = {**resource.document, **(self.view(resource, call) if self.view else {})}
        document = {key: value for key, value in links.shown(document).items() if value is not None}
        document["kind"] = self.kind
        document["selfLink"] = links.HOST + resource.name
        if self.scope != "global":
            document.setdefault(self.scope[:-1], links.HOST + resource.name.rsplit("/", 2)[0])
        if self.fingerprint:
            document["fingerprint"] = fingerprint(resource.document)
        if self.labelled:
            document["labelFingerprint"] = fingerprint(resource.document.get("labels") or {})
        return document

    def routes(self) -> list[Route]:
        """The routes of the kind."""
        found = [
            Route("POST", self.place, self._insert),
            Route("GET", self.place, self._list),
            Route("GET", self.place + "/{name}", self._get),
            Route("DELETE", self.place + "/{name}", self._delete),
            *(Route(method, self.place + "/{name}", self.change) for method in self.methods),
            *(self._verb_route(verb) for verb in self.verbs),
        ]
        if self.labelled:
            found.append(Route("POST", self.place + "/{name}/setLabels", self._set_labels))
        if self.iam:
            found += [
                Route("GET", self.place + "/{name}/getIamPolicy", self._get_policy),
                Route("POST", self.place + "/{name}/setIamPolicy", self._set_policy),
                Route("POST", self.place + "/{name}/testIamPermissions", self._permissions),
            ]
        return found

    async def _get(self, call: Call) -> Response:
        return Response.of(self.shown(self.must(call.control, self.name(call)), call))

    def _policy(self, call: Call) -> str:
        return f"//compute.googleapis.com/{self.must(call.control, self.name(call)).name}"

    async def _get_policy(self, call: Call) -> Response:
        return iam.answer(call, self._policy(call))

    async def _set_policy(self, call: Call) -> Response:
        return iam.answer_set(call, self._policy(call))

    async def _permissions(self, call: Call) -> Response:
        self._policy(call)
        return Response.of(iam.permissions(call))

    async def _list(self, call: Call) -> Response:
        if call.query("orderBy"):
            raise unimplemented(f"The sandbox does not implement orderBy for {self.collection}.")
        parent, size = self.parent(call), call.integer("maxResults", 500, 500) or 500
        after = paging.after(call.query("pageToken"))
        accept = accepts(call.query("filter"))
        found = [self.shown(r, call) for r in call.control.store.select(self.key, parent, after=after)]
        kept = [document for document in found if accept(document)][: size + 1]
        page = paging.page("items", kept, size, lambda document: str(document["selfLink"]).removeprefix(links.HOST))
        head = {"kind": f"{self.kind}List", "id": f"{parent}/{self.collection}", "selfLink": links.HOST + parent}
        return Response.of({**head, **page})

    def insert(self, call: Call, parent: str, body: Json) -> Resource:
        """Store a new one below `parent`; raises what Google refuses."""
        control = call.control
        document = self._clean(body, call)
        short = str(document.get("name") or "")
        if not short:
            raise required("name")
        if not re.fullmatch(NAME, short):
            raise invalid("name", short, f"Must be a match of regex '{NAME}'")
        name = f"{parent}/{self.collection}/{short}"
        if control.store.get(self.key, name) is not None:
            raise exists(name)
        self._require(document)
        references.check(control, call.project, document)
        self._fill(document, self.defaults)
        if self.check:
            self.check(document, call, None)
        moment = control.clock()
        document["id"] = operations.number(call, "resources")
        document["creationTimestamp"] = told_time(moment)
        resource = Resource(self.key, name, document, moment, moment)
        with control.store.transaction():
            control.store.insert(resource)
            if self.after:
                self.after(resource, call)
        return resource

    def _fill(self, document: Json, fields: Iterable[str]) -> None:
        """The defaults of those fields, where they aren't there."""
        for key in fields:
            if key in self.defaults:
                document.setdefault(key, json.loads(json.dumps(self.defaults[key])))

    def _require(self, document: Json) -> None:
        for needed in self.required:
            if document.get(needed) in (None, "", [], {}):
                raise required(needed)

    async def _insert(self, call: Call) -> Response:
        resource = self.insert(call, self.parent(call), body_of(call))
        return operations.done(call, "insert", resource.name, resource.document["id"])

    async def change(self, call: Call) -> Response:
        """PATCH or PUT of the one that the path says."""
        old, body = self.must(call.control, self.name(call)), body_of(call)
        given = body.get("fingerprint")
        if self.fingerprint:
            if not given:
                raise required("fingerprint")
            if given != fingerprint(old.document):
                raise stale()
        whole = call.request.method == "PUT"
        change = self._clean(body, call, keep_nulls=True)
        if whole:
            kept: Json = {key: old.document[key] for key in ("name", "id", "creationTimestamp") if key in old.document}
            document: Json = {**payload.without_nulls(change), **kept}
            for key in self.output_only:
                if key in old.document:
                    document[key] = old.document[key]
            self._fill(document, self.defaults)
        else:
            document = patched(old.document, change)
            self._fill(document, change)
        for key in ("name", *self.immutable):
            if key in change and change[key] != old.document.get(key):
                raise immutable(key)
        self._require(document)
        references.check(call.control, call.project, document)
        if self.check:
            self.check(document, call, old)
        new = Resource(self.key, old.name, document, old.created, call.control.clock())
        call.control.store.put(new)
        return operations.done(call, "update" if whole else "patch", old.name, document["id"])

    async def _delete(self, call: Call) -> Response:
        resource = self.must(call.control, self.name(call))
        if self.gone:
            self.gone(resource, call)
        user = references.used_by(call.control, resource.name)
        if user is not None:
            raise in_use(self.noun, resource.name, user)
        call.control.store.delete(self.key, resource.name)
        if self.iam:
            call.control.store.delete_policy(f"//compute.googleapis.com/{resource.name}")
        return operations.done(call, "delete", resource.name, resource.document["id"])

    async def _set_labels(self, call: Call) -> Response:
        resource, body = self.must(call.control, self.name(call)), body_of(call)
        given = body.get("labelFingerprint")
        if given and given != fingerprint(resource.document.get("labels") or {}):
            raise stale()
        names.check_labels(body.get("labels"))
        self._store(resource, {**resource.document, "labels": body.get("labels") or {}}, call)
        return operations.done(call, "setLabels", resource.name, resource.document["id"])

    def _verb_route(self, verb: str) -> Route:
        method, _, name = verb.rpartition(" ")
        return Route(method or "POST", f"{self.place}/{{name}}/{name}", self._verb(verb))

    def _verb(self, verb: str) -> Callable[[Call], Awaitable[Response]]:
        async def serve(call: Call) -> Response:
            resource = self.must(call.control, self.name(call))
            body = links.stored(payload.without_nulls(body_of(call)), call.project)
            document = json.loads(json.dumps(resource.document))
            changed = Resource(self.key, resource.name, document, resource.created, call.control.clock())
            self.verbs[verb](changed, body, call)
            references.check(call.control, call.project, document)
            call.control.store.put(changed)
            return operations.done(call, verb.rpartition(" ")[2], resource.name, document["id"])

        return serve

    def _store(self, resource: Resource, document: Json, call: Call) -> None:
        control = call.control
        control.store.put(Resource(self.key, resource.name, document, resource.created, control.clock()))

    def _clean(self, body: Json, call: Call, *, keep_nulls: bool = False) -> Json:
        """A request's document: the server's own fields dropped, links as names."""
        document = body if keep_nulls else payload.without_nulls(body)
        document = {key: value for key, value in document.items() if key not in (*_SERVER, *self.output_only)}
        if self.labelled:
            names.check_labels(document.get("labels"))
        cleaned: Json = links.stored(document, call.project)
        return cleaned
