"""A collection of resources of an API, as a table. The general case is in `crud`; hooks hold what is not."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.control import names, operations
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, already_exists, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Handler, Route
from sandbox.control.store import Resource

if TYPE_CHECKING:
    from sandbox.control.context import Control

Hook = Callable[[Resource, Call], Awaitable[None]]
UpdateHook = Callable[[Resource, Resource, Call], Awaitable[None]]
View = Callable[[Resource, Call], dict[str, Any]]
Verb = Callable[[Resource, Call], Awaitable[Any]]
Server = Callable[[Resource, Call], Any]
Filter = Callable[[str], Callable[[dict[str, Any]], bool]]
HookT = TypeVar("HookT", bound=Hook)
UpdateT = TypeVar("UpdateT", bound=UpdateHook)
VerbT = TypeVar("VerbT", bound=Verb)


def now(resource: Resource, call: Call) -> str:
    """For `on_create_set` and `on_update_set`: the time."""
    return call.control.now()


def uid(resource: Resource, call: Call) -> str:
    """A random UUID."""
    return call.control.uid()


def etag(resource: Resource, call: Call) -> str:
    """A new etag."""
    return call.control.etag()


@dataclass(eq=False, slots=True)
class Collection:
    """The table of one kind of resource.

    path            `v1/projects/{project}/topics/{topic}`; names are the path without its version
    noun            how messages call it; the default is made from the path (`topics` → `Topic`)
    type            the protobuf message, for the `response` of operations (`google.cloud.run.v2.Service`)
    id_rule         a regular expression for the last variable; `id_message` says it in words
    create          "POST" on the collection, "PUT" on the name, or None
    id_required     False: the server makes an id where none is given, a number with `id_number`
    id_param        where POST has the id: a query parameter (`secretId`); None: the body's `id_field`
    update          methods that change: ("PATCH",), ("PUT",), both or none
    body_field      PATCH bodies that wrap the resource (`{"topic": {…}, "updateMask": …}`)
    mask            without a field mask a PATCH: "required" is refused; "optional" sets the fields it has; "replace"
                    sets all fields, and clears those it leaves out
    defaults        what the server fills in where the request has no such field
    output_only     fields of a request that are dropped (those set below are so too)
    on_create_set   fields the server sets at creation; on_update_set at every change
    immutable       fields whose change is refused
    required        fields that creation needs, and no change can take away
    enums           field path → names by number, for clients that send numbers
    labels          field names that are checked as labels
    shape           the kinds of values of its fields
    location        check the location of the path: "region", "multi" or None
    unserved        locations of Google's that the sandbox hasn't: 501
    parents         collections whose resource must exist: deleted with it
    key             of the store, where the last collection of the path isn't enough to tell it
    iam, lro        IAM routes; answers in operations (`lro_update` False: a change is answered bare; `lro_deleted`:
                    the operation of a deletion ends with what was deleted, where others' are empty)
    """

    path: str
    noun: str = ""
    type: str = ""
    id_rule: str = r".+"
    id_message: str = ""
    create: str | None = "POST"
    id_param: str | None = None
    id_field: str = "name"
    id_required: bool = True
    id_number: bool = False
    read: bool = True
    listing: bool = True
    list_field: str = ""
    page_size: int = 100
    page_most: int = 1000
    update: Sequence[str] = ("PATCH",)
    body_field: str | None = None
    mask: str = "optional"
    delete: bool = True
    defaults: Mapping[str, Any] = field(default_factory=dict)
    output_only: Sequence[str] = ()
    on_create_set: Mapping[str, Server] = field(default_factory=dict)
    on_update_set: Mapping[str, Server] = field(default_factory=dict)
    immutable: Sequence[str] = ()
    required: Sequence[str] = ()
    enums: Mapping[str, Sequence[str]] = field(default_factory=dict)
    labels: Sequence[str] = ("labels",)
    shape: Mapping[str, Any] = field(default_factory=dict)
    location: str | None = None
    unserved: Sequence[str] = ()
    parents: Sequence[Collection] = ()
    iam: bool = False
    lro: bool = False
    lro_update: bool = True
    lro_deleted: bool = False
    operation_metadata: str = ""
    filter: Filter | None = None
    # Filled in by the decorators and by the Api.
    service: str = ""
    key: str = ""
    create_hooks: list[Hook] = field(default_factory=list)
    created_hooks: list[Hook] = field(default_factory=list)
    update_hooks: list[UpdateHook] = field(default_factory=list)
    updated_hooks: list[UpdateHook] = field(default_factory=list)
    delete_hooks: list[Hook] = field(default_factory=list)
    deleted_hooks: list[Hook] = field(default_factory=list)
    verbs: list[tuple[str, str, Verb, bool]] = field(default_factory=list)
    view_hook: View | None = None
    children: list[Collection] = field(default_factory=list)

    def __post_init__(self) -> None:
        segment = self.path.split("/")[-2]
        self.list_field = self.list_field or segment
        self.noun = self.noun or re.sub(r"ies$", "y", segment).removesuffix("s").capitalize()
        for parent in self.parents:
            parent.children.append(self)

    def join(self, service: str, short: str) -> None:
        """Become a collection of an API."""
        self.service = service
        self.key = self.key or f"{short}.{self.path.split('/')[-2]}"

    # Names

    @property
    def template(self) -> str:
        """The path without its version."""
        return self.path.partition("/")[2]

    @property
    def id_variable(self) -> str:
        """The last variable of the path."""
        return names.variables(self.path)[-1]

    def name(self, params: Mapping[str, str]) -> str:
        """The relative name from the variables of a path."""
        return names.fill(self.template, params)

    def parent(self, params: Mapping[str, str]) -> str:
        """The name of what the collection is in: `projects/p`."""
        return names.fill(self.template.rsplit("/", 2)[0], params)

    def full_name(self, name: str) -> str:
        """`//service/name`, under which the policy is kept."""
        return f"//{self.service}/{name}"

    # Reading, for handlers and other APIs

    def find(self, control: Control, name: str) -> Resource | None:
        """A resource by its relative name, or None."""
        return control.store.get(self.key, name)

    def must(self, control: Control, name: str) -> Resource:
        """A resource by its relative name; 404 where it is missing."""
        resource = control.store.get(self.key, name)
        if resource is None:
            raise self.missing(name)
        return resource

    def missing(self, name: str) -> ApiError:
        """The 404 of a name."""
        return not_found(
            f"Resource not found (resource={name.rpartition('/')[2]}). {self.noun} '{name}' does not exist."
        )

    def exists(self, name: str) -> ApiError:
        """The 409 of a name."""
        return already_exists(f"Resource '{name}' already exists (resource={name.rpartition('/')[2]}).")

    def check_id(self, text: str) -> None:
        """400 for an id that Google refuses."""
        if not re.fullmatch(self.id_rule, text):
            rule = self.id_message or f"It must match {self.id_rule}."
            message = f"Invalid {self.noun} id '{text}'. {rule}"
            raise invalid_argument(message, {self.id_param or "name": message})

    def view(self, resource: Resource, call: Call) -> dict[str, Any]:
        """The resource as a response shows it."""
        return self.view_hook(resource, call) if self.view_hook else resource.document

    def operation(
        self, resource: Resource, call: Call, verb: str, answer: tuple[str, dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        """The operation, ended and stored, that did something to a resource.

        Args:
            resource: what it was done to.
            call: the request.
            verb: such as "update".
            answer: the type and document that it ends with; by default the resource, as it is shown.
        """
        kind, document = answer or (self.type, self.view(resource, call))
        parent = "/".join(resource.name.split("/")[:4]) if "/locations/" in resource.name else resource.parent
        metadata = {
            "createTime": call.control.now(),
            "endTime": call.control.now(),
            "target": resource.name,
            "verb": verb,
            "apiVersion": self.path.partition("/")[0],
        }
        told = metadata if self.operation_metadata else None
        return operations.done(
            call.control, parent, kind, document, metadata_type=self.operation_metadata, metadata=told
        )

    # Hooks

    def on_create(self, hook: HookT) -> HookT:
        """Before a resource is stored: validate, complete. Raise to refuse."""
        self.create_hooks.append(hook)
        return hook

    def created(self, hook: HookT) -> HookT:
        """After it was stored."""
        self.created_hooks.append(hook)
        return hook

    def on_update(self, hook: UpdateT) -> UpdateT:
        """`(old, new, call)` before a change is stored; `new.document` may be changed."""
        self.update_hooks.append(hook)
        return hook

    def checked(self, hook: HookT) -> HookT:
        """Before a resource is stored, whether it is made or changed: validate, complete."""

        async def change(old: Resource, new: Resource, call: Call) -> None:
            await hook(new, call)

        self.create_hooks.append(hook)
        self.update_hooks.append(change)
        return hook

    def updated(self, hook: UpdateT) -> UpdateT:
        """`(old, new, call)` after a change was stored."""
        self.updated_hooks.append(hook)
        return hook

    def on_delete(self, hook: HookT) -> HookT:
        """Before a resource is deleted. Raise to refuse."""
        self.delete_hooks.append(hook)
        return hook

    def deleted(self, hook: HookT) -> HookT:
        """After it was deleted."""
        self.deleted_hooks.append(hook)
        return hook

    def shown_by(self, view: View) -> View:
        """How responses show a resource, where that is not its document."""
        self.view_hook = view
        return view

    def verb(self, name: str, method: str = "POST", *, data: bool = False) -> Callable[[VerbT], VerbT]:
        """A custom verb of a resource: `@topics.verb("publish")`; its result is the JSON answer (or a Response)."""

        def register(handler: VerbT) -> VerbT:
            self.verbs.append((name, method, handler, data))
            return handler

        return register

    # Routes

    def routes(self) -> list[Route]:
        """The routes of the general case and of the verbs."""
        from sandbox.control import crud

        place = self.path.rsplit("/", 1)[0]
        found: list[Route] = []

        def add(method: str, path: str, handler: crud.General, verb: str = "") -> None:
            async def serve(call: Call) -> Response:
                return await handler(self, call)

            found.append(Route(method, path, serve, verb))

        if self.read:
            add("GET", self.path, crud.get)
        if self.listing:
            add("GET", place, crud.list_page)
        if self.create == "PUT":
            add("PUT", self.path, crud.create)
        elif self.create == "POST":
            add("POST", place, crud.create)
        for method in self.update:
            add(method, self.path, crud.update)
        if self.delete:
            add("DELETE", self.path, crud.delete)
        if self.iam:
            add("GET", self.path, crud.get_policy, "getIamPolicy")
            add("POST", self.path, crud.get_policy, "getIamPolicy")
            add("POST", self.path, crud.set_policy, "setIamPolicy")
            add("POST", self.path, crud.permissions_of, "testIamPermissions")
        found.extend(
            Route(method, self.path, self._verb_handler(handler), verb, data=data)
            for verb, method, handler, data in self.verbs
        )
        return found

    def _verb_handler(self, handler: Verb) -> Handler:
        async def serve(call: Call) -> Response:
            resource = self.must(call.control, self.name(call.params))
            answer = await handler(resource, call)
            return answer if isinstance(answer, Response) else Response.of(answer or {})

        return serve
