"""Triggers: what would be built of which source, and upon what. They are kept and checked; nothing is built."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis import secret_references
from sandbox.apis.cloudbuild.connections import repositories
from sandbox.control import masks, names, paging
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_KEY = "cloudbuild.triggers"
_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?")
_TEMPLATES = ("build", "filename", "gitFileSource", "autodetect")
_EVENTS = (
    *("triggerTemplate", "github", "pubsubConfig", "webhookConfig", "repositoryEventConfig"),
    *("bitbucketServerTriggerConfig", "developerConnectEventConfig"),
)
_SERVER = ("id", "createTime", "resourceName")
_REPOSITORY = re.compile(r"projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+")


def _place(call: Call) -> str:
    """Where a trigger is; the older paths name no location, which is global."""
    location = call.params.get("location", "global")
    if location != "global":
        names.check_location(location)
    return f"projects/{call.project}/locations/{location}"


def _must(call: Call) -> Resource:
    """By its id, or by its name. Raises 404."""
    place, wanted = _place(call), call.params["trigger"]
    found = call.store.get(_KEY, f"{place}/triggers/{wanted}")
    if found is None:
        found = next((one for one in call.store.select(_KEY, place) if one.document["name"] == wanted), None)
    if found is None:
        raise not_found(f"trigger '{wanted}' not found.")
    return found


def _check(document: Json, call: Call, place: str, but: str = "") -> None:
    name = document["name"]
    if not _NAME.fullmatch(name):
        what = "It may have up to 64 letters, digits or hyphens, no hyphen first or last."
        raise invalid_argument(f"Invalid trigger name '{name}'. {what}", {"trigger.name": what})
    for other in call.store.select(_KEY, place):
        if other.document["name"] == name and other.name != but:
            raise already_exists(f"A trigger named {name} exists already in {place}.")
    if len([one for one in _TEMPLATES if document.get(one)]) != 1:
        raise invalid_argument(f"A trigger has one of {', '.join(_TEMPLATES)}.", {"trigger.build_template": "one"})
    events = [one for one in _EVENTS if document.get(one)]
    if len(events) > 1:
        raise invalid_argument(f"A trigger has one event at most, not {' and '.join(events)}.", {"trigger": "events"})
    if document.get("build") and not document["build"].get("steps"):
        raise invalid_argument("A build needs steps.", {"trigger.build.steps": "required"})
    _check_event(document, call)
    if template := document.get("triggerTemplate"):
        template.setdefault("projectId", call.project)


def _check_event(document: Json, call: Call) -> None:
    """What the event is of must be there."""
    if (topic := document.get("pubsubConfig")) and call.store.get("pubsub.topics", str(topic.get("topic"))) is None:
        raise not_found(f"The topic '{topic.get('topic')}' was not found.")
    if hook := document.get("webhookConfig"):
        field = "trigger.webhook_config.secret"
        if not secret_references.is_there(hook.get("secret"), field, call):
            raise not_found(f"The secret version '{hook['secret']}' was not found.")
    event = document.get("repositoryEventConfig")
    if event is None:
        return
    repository = str(event.get("repository") or "")
    if not _REPOSITORY.fullmatch(repository):
        what = "projects/*/locations/*/connections/*/repositories/*"
        raise invalid_argument(
            f"'{repository}' is no repository.", {"trigger.repository_event_config.repository": what}
        )
    if repositories.find(call.control, repository) is None:
        raise not_found(f"The repository '{repository}' was not found.")
    if bool(event.get("push")) == bool(event.get("pullRequest")):
        raise invalid_argument("A repository's event is a push or a pull request.", {"trigger": "one event"})


async def create(call: Call) -> Response:
    """`triggers.create`."""
    place, moment = _place(call), call.control.clock()
    document = {key: value for key, value in call.body().items() if key not in _SERVER}
    document["name"] = document.get("name") or f"trigger-{call.control.hex(8)}"
    _check(document, call, place)
    number = call.control.uid()
    name = f"{place}/triggers/{number}"
    document |= {"id": number, "createTime": call.control.now(), "resourceName": name}
    call.store.insert(Resource(_KEY, name, document, moment, moment))
    return Response.of(document)


async def get(call: Call) -> Response:
    """`triggers.get`."""
    return Response.of(_must(call).document)


async def every(call: Call) -> Response:
    """`triggers.list`."""
    if call.query("filter"):
        raise unimplemented("The sandbox does not implement filter of triggers.")
    size, after = call.integer("pageSize", 50, 1000) or 50, paging.after(call.query("pageToken"))
    found = list(call.store.select(_KEY, _place(call), after=after))
    page = paging.page("triggers", found[: size + 1], size, lambda one: one.name, lambda one: one.document)
    return Response.of(page)


async def patch(call: Call) -> Response:
    """`triggers.patch`: all of it, or what the mask names."""
    old = _must(call)
    body = {key: value for key, value in call.body().items() if key not in _SERVER}
    mask, kept = call.query("updateMask"), {key: old.document[key] for key in _SERVER}
    document = masks.apply(old.document, body, masks.paths(mask)) if mask else {**body, **kept}
    document["name"] = document.get("name") or old.document["name"]
    _check(document, call, old.name.rpartition("/triggers/")[0], old.name)
    call.store.put(Resource(_KEY, old.name, document, old.created, call.control.clock()))
    return Response.of(document)


async def delete(call: Call) -> Response:
    """`triggers.delete`."""
    call.store.delete(_KEY, _must(call).name)
    return Response.of({})


def routes() -> list[Route]:
    """Of triggers in a location, and by the older paths of global ones."""
    found = []
    for place in ("v1/projects/{project}/locations/{location}/triggers", "v1/projects/{project}/triggers"):
        one = f"{place}/{{trigger}}"
        found += [Route("POST", place, create), Route("GET", place, every), Route("GET", one, get)]
        found += [Route("PATCH", one, patch), Route("DELETE", one, delete)]
    return found
