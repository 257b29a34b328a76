"""`/api/v1/config`: read, check, propose, apply, take back, and follow the configuration."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, cast

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from shared_services import HttpProblem, service_of
from shared_services.config.changes import Change, Glance, Proposal, State
from shared_services.config.registry import document, names
from shared_services.config.schema import schema

from .answers import answer, change_document, described, problem_document, proposal_document, state_document
from .parts import Parts
from .people import APPROVE, READ, WRITE, Person, allowed, person_of
from .preconditions import KEY_HEADER, MATCH_HEADER, base_of, once

router = APIRouter(prefix="/api/v1", tags=["configuration"])

Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,48}$", description="A configuration, such as risk.")]
Id = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Path(ge=0, lt=10**8)]
IfMatch = Annotated[str | None, Header(alias=MATCH_HEADER)]
Key = Annotated[str | None, Header(alias=KEY_HEADER, max_length=200)]
Reader = Annotated[Person, allowed(READ)]
Editor = Annotated[Person, allowed(WRITE)]
Approver = Annotated[Person, allowed(APPROVE)]


class Body(BaseModel):
    """What every writing request may say."""

    model_config = ConfigDict(extra="forbid")
    comment: str = Field(default="", max_length=2000)


class Layer(Body):
    """A layer for the bucket: what differs from the files."""

    override: dict[str, Any]


class Back(Body):
    """Which version to take up again; 0: the files by themselves."""

    to: int = Field(ge=0, lt=10**8)


def parts_of(request: Request) -> Parts:
    """What the routes stand on."""
    return cast("Parts", request.app.state.parts)


@router.get("/me")
def me(request: Request) -> dict[str, Any]:
    """Who asks, and what they may do here."""
    person, identity = person_of(request), service_of(request.app).identity
    parts = parts_of(request)
    return {
        "name": person.name,
        "signed_in": person.signed_in,
        "permissions": sorted(person.permissions),
        "four_eyes": parts.settings.FOUR_EYES,
        "environment": identity.environment,
        "writable": parts.objects is not None,
    }


@router.get("/config")
def configurations(request: Request, person: Reader) -> dict[str, Any]:
    """Every configuration, with its version and how many proposals wait."""
    changes = parts_of(request).changes
    with ThreadPoolExecutor(8) as pool:
        glances = dict(zip(names(), pool.map(changes.glance, names()), strict=True))
    waiting = [each.name for each in changes.proposals() if each.state == "open"]
    return {"configurations": [_listed(glances[name], waiting.count(name)) for name in names()]}


@router.get("/config/{name}")
def read(request: Request, name: Name, person: Reader) -> Response:
    """A configuration as it stands; its ETag is what changes say in If-Match."""
    return _state(parts_of(request).changes.state(name))


@router.get("/config/{name}/schema")
def read_schema(name: Name, person: Reader) -> dict[str, Any]:
    """The JSON Schema of a configuration."""
    return schema(document(name).name)


@router.get("/config/{name}/wait")
def wait(
    request: Request,
    name: Name,
    person: Reader,
    after: Annotated[int, Query(ge=0, lt=10**8)],
    seconds: Annotated[float, Query(ge=0, le=60)] = 25,
) -> Response:
    """The configuration as soon as it is newer than a version; 304 where it isn't in that time."""
    parts, until = parts_of(request), time.monotonic() + seconds
    while True:
        state = parts.changes.state(name)
        if state.version > after:
            return _state(state)
        if time.monotonic() >= until or service_of(request.app).draining:
            return Response(status_code=304, headers={"etag": f'"{state.version}"'})
        time.sleep(0.25)


@router.post("/config/{name}/validate")
def validate(request: Request, name: Name, body: Layer, person: Reader) -> dict[str, Any]:
    """What would come of a layer: what is wrong with it, or what would become different."""
    checked = parts_of(request).changes.check(name, body.override)
    return {
        "valid": not checked.problems,
        "problems": [problem_document(each) for each in checked.problems],
        "differences": [described(each) for each in checked.differences],
    }


@router.put("/config/{name}")
def apply(
    request: Request, name: Name, body: Layer, person: Approver, if_match: IfMatch = None, key: Key = None
) -> Response:
    """Put a layer in force."""
    parts, base = parts_of(request), base_of(if_match)

    def do() -> dict[str, Any]:
        made = parts.changes.apply(name, body.override, base=base, by=person.name, comment=body.comment)
        return _applied(parts, made)

    return once(parts, request, person, key, [base, body.model_dump()], do)


@router.post("/config/{name}/rollback")
def rollback(
    request: Request, name: Name, body: Back, person: Approver, if_match: IfMatch = None, key: Key = None
) -> Response:
    """Put an earlier version in force again, as a new one."""
    parts, base = parts_of(request), base_of(if_match)

    def do() -> dict[str, Any]:
        return _applied(parts, parts.changes.rollback(name, body.to, base=base, by=person.name, comment=body.comment))

    return once(parts, request, person, key, [base, body.model_dump()], do)


@router.get("/config/{name}/history")
def history(
    request: Request,
    name: Name,
    person: Reader,
    before: Annotated[int | None, Query(ge=0, lt=10**8)] = None,
    most: Annotated[int, Query(ge=1, le=200)] = 30,
) -> dict[str, Any]:
    """The versions, newest first."""
    found = parts_of(request).changes.history(name, before=before, most=most)
    return {"versions": [change_document(each) for each in found]}


@router.get("/config/{name}/history/{number}")
def version(request: Request, name: Name, number: Number, person: Reader) -> dict[str, Any]:
    """A version, with its whole text."""
    return change_document(parts_of(request).changes.version(name, number), whole=True)


@router.get("/proposals")
def all_proposals(request: Request, person: Reader) -> dict[str, Any]:
    """The newest proposals of all configurations."""
    return {"proposals": [proposal_document(each) for each in parts_of(request).changes.proposals()]}


@router.get("/config/{name}/proposals")
def proposals(request: Request, name: Name, person: Reader) -> dict[str, Any]:
    """The newest proposals of a configuration."""
    return {"proposals": [proposal_document(each) for each in parts_of(request).changes.proposals(name)]}


@router.get("/config/{name}/proposals/{proposal}")
def one_proposal(request: Request, name: Name, proposal: Id, person: Reader) -> dict[str, Any]:
    """A proposal."""
    return proposal_document(parts_of(request).changes.proposal(name, proposal))


@router.post("/config/{name}/proposals", status_code=201)
def propose(
    request: Request, name: Name, body: Layer, person: Editor, if_match: IfMatch = None, key: Key = None
) -> Response:
    """Put a layer down for somebody to apply."""
    parts, base = parts_of(request), base_of(if_match)

    def do() -> dict[str, Any]:
        made = parts.changes.propose(name, body.override, base=base, by=person.name, comment=body.comment)
        return _decided(parts, made)

    return once(parts, request, person, key, [base, body.model_dump()], do, status=201)


@router.post("/config/{name}/proposals/{proposal}/apply")
def accept(request: Request, name: Name, proposal: Id, person: Approver, key: Key = None) -> Response:
    """Put a proposal in force; its version is its precondition."""
    parts = parts_of(request)

    def do() -> dict[str, Any]:
        return _applied(parts, parts.changes.accept(name, proposal, by=person.name))

    return once(parts, request, person, key, [], do)


@router.post("/config/{name}/proposals/{proposal}/reject")
def decline(
    request: Request, name: Name, proposal: Id, person: Editor, body: Body | None = None, key: Key = None
) -> Response:
    """Reject a proposal; whoever made it withdraws it so."""
    parts, reason = parts_of(request), "" if body is None else body.comment

    def do() -> dict[str, Any]:
        if APPROVE not in person.permissions and parts.changes.proposal(name, proposal).by != person.name:
            raise HttpProblem(403, f"{person.name} lacks {APPROVE}, and did not propose this")
        return _decided(parts, parts.changes.decline(name, proposal, by=person.name, answer=reason))

    return once(parts, request, person, key, [reason], do)


@router.get("/events")
async def events(request: Request, person: Reader) -> StreamingResponse:
    """What happens, as server-sent events: `applied`, `proposed`, `changed`."""
    parts, service = parts_of(request), service_of(request.app)
    seconds = max(1.0, service.settings.request_seconds - 10)  # Cloud Run cuts it off at its own limit
    stream = parts.events.listen(
        {"revision": service.identity.revision}, most=parts.settings.EVENT_STREAMS, seconds=seconds
    )
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


def _state(state: State) -> Response:
    return answer(state_document(state), headers={"etag": f'"{state.version}"', "cache-control": "no-store"})


def _listed(glance: Glance, waiting: int) -> dict[str, Any]:
    about = document(glance.name)
    return {
        "name": glance.name,
        "title": (about.model.__doc__ or "").strip().splitlines()[0],
        "kind": "service" if about.is_service else "platform",
        "version": glance.version,
        "at": glance.at,
        "by": glance.by,
        "waiting": waiting,
    }


def _applied(parts: Parts, change: Change) -> dict[str, Any]:
    parts.told(change.name, change.version, change.by, change.comment)
    return change_document(change, whole=True)


def _decided(parts: Parts, proposal: Proposal) -> dict[str, Any]:
    parts.events.tell("proposed", name=proposal.name, id=proposal.id, state=proposal.state)
    return proposal_document(proposal)
