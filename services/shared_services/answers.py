"""What is answered: documents of what the library gives, and of what goes wrong."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import FastAPI, Request, Response

from shared_services import (
    CloudForbidden,
    CloudUnavailable,
    InputError,
    InvalidConfiguration,
    PlatformError,
    UnknownConfiguration,
)
from shared_services.config.changes import (
    Change,
    Conflict,
    Difference,
    NoSuchChange,
    NotOpen,
    OwnProposal,
    Proposal,
    State,
    Withheld,
)
from shared_services.config.changes.hiding import change_shown, proposal_shown, state_shown
from shared_services.config.changes.state import read_layer_text
from shared_services.service.problem import CONTENT_TYPE, Problem
from shared_services.yaml.paths import format_path, parse_path
from shared_services.yaml.problems import Problem as Wrong

_STATUS: dict[type[Exception], tuple[int, str]] = {
    Conflict: (412, "conflict"),
    NoSuchChange: (404, ""),
    UnknownConfiguration: (404, ""),
    NotOpen: (409, "not-open"),
    OwnProposal: (403, "four-eyes"),
    Withheld: (409, "withheld"),
    CloudForbidden: (502, "dependency"),
    CloudUnavailable: (502, "dependency"),
    InvalidConfiguration: (422, "invalid-configuration"),
    InputError: (422, "input"),
}


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON."""
    return Response(orjson.dumps(body, default=str), status, headers, "application/json")


def described(difference: Difference) -> dict[str, Any]:
    """A difference."""
    return {
        "path": format_path(difference.path),
        "parts": list(difference.path),
        "kind": difference.kind,
        "before": difference.before,
        "after": difference.after,
    }


def problem_document(problem: Wrong) -> dict[str, Any]:
    """What is wrong with a value, by the path of its field."""
    try:
        parts = list(parse_path(problem.path))
    except ValueError:
        parts = []
    return {
        "path": problem.path,
        "parts": parts,
        "detail": problem.message,
        "hint": problem.hint,
        "where": "" if problem.file == "change" else str(problem.location),
    }


def state_document(state: State) -> dict[str, Any]:
    """A configuration as it stands."""
    state = state_shown(state)
    return {
        "name": state.name,
        "version": state.version,
        "values": state.values,
        "below": state.below,
        "override": state.override,
        "text": state.text,
        "origins": state.origins,
        "problems": [problem_document(each) for each in state.problems],
    }


def change_document(change: Change, *, whole: bool = False) -> dict[str, Any]:
    """A version."""
    change = change_shown(change)
    return {
        "name": change.name,
        "version": change.version,
        "at": change.at,
        "by": change.by,
        "action": change.action,
        "comment": change.comment,
        "differences": [described(each) for each in change.differences],
        "proposed_by": change.proposed_by,
        "proposal": change.proposal,
        "of_version": change.of_version,
        "withheld": change.withheld,
        **({"text": change.text, "override": read_layer_text(change.text)[0]} if whole else {}),
    }


def proposal_document(proposal: Proposal) -> dict[str, Any]:
    """A proposal."""
    proposal = proposal_shown(proposal)
    return {
        "name": proposal.name,
        "id": proposal.id,
        "base": proposal.base,
        "at": proposal.at,
        "by": proposal.by,
        "state": proposal.state,
        "comment": proposal.comment,
        "override": proposal.override,
        "differences": [described(each) for each in proposal.differences],
        "decided_by": proposal.decided_by,
        "decided_at": proposal.decided_at,
        "answer": proposal.answer,
    }


def errors_as_documents(app: FastAPI) -> None:
    """Have the errors of the library answered with their status."""
    for kind in _STATUS:
        app.add_exception_handler(kind, _refused)


async def _refused(request: Request, error: Exception) -> Response:
    status, kind = next(found for known, found in _STATUS.items() if isinstance(error, known))
    more: dict[str, Any] = {}
    if isinstance(error, InvalidConfiguration):
        more["errors"] = [problem_document(each) for each in error.problems]
    if isinstance(error, Conflict):
        more["version"] = error.version
    detail = error.what if isinstance(error, PlatformError) else str(error)
    todo = getattr(error, "todo", "")
    problem = Problem(status, f"{detail}; {todo}" if todo else detail, kind, more=more)
    return Response(problem.body(request.url.path), status, media_type=CONTENT_TYPE.decode())
