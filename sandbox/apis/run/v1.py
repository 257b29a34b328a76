"""Cloud Run v1, which `gcloud run` speaks: Knative's resources, each a view of one of v2.

A path has no region where Google has it in the host (`asia-south1-run.googleapis.com`): here it is read of the host too
(`asia-south1-run.localhost`), or of the path before it (`/run/regions/asia-south1/apis/…`, as hashicorp/google is led
here), and where neither names one a read looks in all regions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.apis.run import domain_mappings
from sandbox.apis.run import knative_views as views
from sandbox.control import names
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, not_found, unimplemented
from sandbox.control.http import Request, Response
from sandbox.control.router import Handler, Route

Document = dict[str, Any]
_SERVING, _RUN = "apis/serving.knative.dev/v1", "apis/run.googleapis.com/v1"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of v1: its place there and in v2, and how its document is made of v2's, and read."""

    plural: str
    group: str
    name: str
    source: str
    shown: Callable[[Document], Document]
    taken: Callable[[Document, Document], Document] | None = None
    id_param: str = ""
    also: str = ""  # another place in v2 whose documents are of this kind

    def view(self, document: Document) -> Document:
        """The v1 document of a v2 one."""
        version = self.group.removeprefix("apis/")
        return {"apiVersion": version, "kind": self.name, **self.shown(document)}


KINDS = (
    Kind("services", _SERVING, "Service", "services", views.service, views.service_v2, "serviceId"),
    Kind("configurations", _SERVING, "Configuration", "services", views.configuration),
    Kind("routes", _SERVING, "Route", "services", views.route),
    Kind("revisions", _SERVING, "Revision", "services/-/revisions", views.revision, also="workerPools/-/revisions"),
    Kind("jobs", _RUN, "Job", "jobs", views.job, views.job_v2, "jobId"),
    Kind("executions", _RUN, "Execution", "jobs/-/executions", views.execution),
    Kind("tasks", _RUN, "Task", "jobs/-/executions/-/tasks", views.task),
    Kind("workerpools", _RUN, "WorkerPool", "workerPools", views.pool, views.pool_v2, "workerPoolId"),
)
_REGION = re.compile(r"([a-z]+-[a-z]+\d+)-")


def region(call: Call) -> str:
    """The region that a request is for; `-` where it names none."""
    if "location" in call.params:
        return call.params["location"]
    match = _REGION.match(call.request.headers.get("host", ""))
    return match[1] if match and match[1] in names.REGIONS else "-"


async def _ask(call: Call, method: str, path: str, body: Any = None, **query: str) -> Document:
    """Ask v2; its errors are v1's."""
    url = f"/run/v2/projects/{call.project}/locations/{path}" + (f"?{urlencode(query)}" if query else "")
    answer = await call.control.dispatch(Request.of(method, url, body))
    document = answer.json()
    if answer.status >= 400:
        error = document["error"]
        raise ApiError(error["status"], error["message"], code=answer.status, details=error.get("details", ()))
    return dict(document)


async def _all(call: Call, kind: Kind) -> list[Document]:
    found: list[Document] = []
    plural = kind.source.rpartition("/")[2]
    for source in filter(None, (kind.source, kind.also)):
        token = ""
        while True:
            page = await _ask(call, "GET", f"{region(call)}/{source}", pageSize="1000", pageToken=token)
            found += page.get(plural, [])
            token = page.get("nextPageToken", "")
            if not token:
                break
    return found


async def _one(call: Call, kind: Kind) -> Document:
    """The v2 document of a name. 404 where there is none, in any of the regions asked."""
    name = call.params["name"]
    found = [document for document in await _all(call, kind) if document["name"].rpartition("/")[2] == name]
    if not found:
        raise not_found(f"{kind.name} '{name}' was not found.")
    if len(found) > 1:
        raise invalid_argument(f"{kind.name} '{name}' is in several regions: name one.", {"name": "ambiguous"})
    return found[0]


def _place(document: Document) -> str:
    return quote(str(document["name"]).partition("/locations/")[2], safe="/")


def _list(kind: Kind) -> Handler:
    async def handle(call: Call) -> Response:
        if call.query("fieldSelector"):
            raise unimplemented("The sandbox does not implement fieldSelector of Cloud Run's lists.")
        items = [kind.view(document) for document in await _all(call, kind)]
        items = [item for item in items if _selected(item, call.query("labelSelector"))]
        limit = call.integer("limit", len(items) or 1)
        start = call.integer("continue", 0)
        metadata: Document = {"selfLink": call.request.path}
        if start + limit < len(items):
            metadata["continue"] = str(start + limit)
        version = kind.group.removeprefix("apis/")
        shown = {"items": items[start : start + limit]} if items else {}
        return Response.of({"apiVersion": version, "kind": f"{kind.name}List", "metadata": metadata, **shown})

    return handle


def _selected(item: Document, selector: str) -> bool:
    """Whether an item has the labels of a selector: `a=b`, `a!=b`, `a in (b,c)`, `a`, joined by commas."""
    labels = item["metadata"].get("labels", {})
    for part in re.split(r",(?![^(]*\))", selector) if selector else ():
        match = re.fullmatch(r"\s*([\w./-]+)\s*(?:(=|==|!=|in)\s*(.*?))?\s*", part)
        if match is None:
            raise unimplemented(f"The sandbox does not implement the selector '{selector}'.")
        value, operator, wanted = labels.get(match[1]), match[2], (match[3] or "").strip("()")
        fits = value is not None if operator is None else value in [text.strip() for text in wanted.split(",")]
        if fits is (operator == "!="):
            return False
    return True


def _get(kind: Kind) -> Handler:
    async def handle(call: Call) -> Response:
        return Response.of(kind.view(await _one(call, kind)))

    return handle


def _write(kind: Kind, method: str) -> Handler:
    async def handle(call: Call) -> Response:
        body, taken = call.body(), kind.taken
        metadata = body.get("metadata") or {}
        if taken is None or not metadata.get("name") or not isinstance(body.get("spec"), dict):
            raise invalid_argument("metadata.name and spec are required.", {"metadata.name": "required"})
        check = {"validateOnly": "true"} if call.query("dryRun") == "all" else {}
        if method == "PUT":
            old = await _one(call, kind)
            given = metadata.get("resourceVersion")
            if given and given != old.get("etag"):
                text = (
                    f"Conflict for resource '{metadata['name']}': version '{given}' was specified but current is other."
                )
                raise ApiError("ABORTED", text)
            await _ask(call, "PATCH", _place(old), taken(body, old), updateMask="*", **check)
            return Response.of(kind.view(await _one(call, kind)))
        place = region(call)
        if place == "-":
            raise invalid_argument(
                "The request names no region: send it to REGION-run.localhost, or with locations/REGION in its path.",
                {"location": "required"},
            )
        path, made = f"{place}/{kind.source}", taken(body, {})
        operation = await _ask(call, "POST", path, made, **{kind.id_param: metadata["name"]}, **check)
        call.params["name"] = metadata["name"]
        return Response.of(kind.view(operation["response"] if check else await _one(call, kind)))

    return handle


def _delete(kind: Kind) -> Handler:
    async def handle(call: Call) -> Response:
        document = await _one(call, kind)
        await _ask(call, "DELETE", _place(document))
        return Response.of({"apiVersion": "v1", "kind": "Status", "status": "Success", "code": 200})

    return handle


async def _run(call: Call) -> Response:
    """`jobs.run`: the execution that begins."""
    kind = next(kind for kind in KINDS if kind.plural == "jobs")
    job, body = await _one(call, kind), call.body()
    overrides = views.overrides_v2(body.get("overrides") or {})
    operation = await _ask(call, "POST", f"{_place(job)}:run", {"overrides": overrides} if overrides else {})
    execution = next(kind for kind in KINDS if kind.plural == "executions")
    metadata = {key: value for key, value in operation["metadata"].items() if key != "@type"}
    return Response.of(execution.view(metadata))


_POLICIES = (("GET", "getIamPolicy"), ("POST", "setIamPolicy"), ("POST", "testIamPermissions"))


def _policy(kind: Kind, method: str, verb: str) -> Handler:
    async def handle(call: Call) -> Response:
        version = call.query("options.requestedPolicyVersion")
        query = {"options.requestedPolicyVersion": version} if version else {}
        path = f"{call.params['location']}/{kind.source}/{call.params['name']}:{verb}"
        body = json.loads(call.request.body) if call.request.body else None
        return Response.of(await _ask(call, method, path, body, **query))

    return handle


def routes() -> list[Route]:
    """All routes of v1."""
    found = domain_mappings.routes(region)
    for kind in KINDS:
        place = f"{kind.group}/namespaces/{{project}}/{kind.plural}"
        # With the prefix only: flat, `v1/projects/*/locations/*/jobs` is Cloud Scheduler's.
        regional = f"v1/projects/{{project}}/locations/{{location}}/{kind.plural}"
        for path in (place, regional, f"regions/{{location}}/{place}"):
            flat = path is place
            found += [Route("GET", path, _list(kind), flat=flat), Route("GET", path + "/{name}", _get(kind), flat=flat)]
            if kind.taken is not None:
                found.append(Route("POST", path, _write(kind, "POST"), flat=flat))
                found.append(Route("PUT", path + "/{name}", _write(kind, "PUT"), flat=flat))
            if kind.taken is not None or kind.plural in ("revisions", "executions"):
                found.append(Route("DELETE", path + "/{name}", _delete(kind), flat=flat))
        if kind.plural == "jobs":
            found.append(Route("POST", place + "/{name}", _run, verb="run"))
        if kind.taken is not None:
            for method, verb in _POLICIES:
                handler = _policy(kind, method, verb)
                for before in ("", "regions/{region}/"):
                    found.append(Route(method, f"{before}{regional}/{{name}}", handler, verb=verb, flat=False))
    return found
