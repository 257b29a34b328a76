"""Who asks, and what they may do here."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, Request

from shared_services import HttpProblem, Principal, service_of

READ, WRITE, APPROVE, REPORTS = "config.read", "config.write", "config.approve", "reports.read"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks.

    Args:
        name: their address, or the account's id; `local` for whoever sits at this machine.
        permissions: what they may do.
        signed_in: whether a token says who they are.
    """

    name: str
    permissions: frozenset[str]
    signed_in: bool = True


def person_of(request: Request) -> Person:
    """Who asks.

    Where `identity.audiences` is empty nobody is known. On a laptop that is whoever sits there, who may do everything,
    from this very machine; anywhere else they may look, since Cloud Run has let them in, and change nothing.
    """
    principal = request.scope.get("principal")
    if isinstance(principal, Principal):
        return Person(principal.email or principal.subject, principal.permissions)
    identity = service_of(request.app).identity
    here = identity.environment == "local" or "SANDBOX_URL" in os.environ
    if here and urlsplit(f"//{request.headers.get('host', '')}").hostname in _LOOPBACK:
        return Person("local", frozenset({READ, WRITE, APPROVE, REPORTS}), signed_in=False)
    return Person("unknown", frozenset({READ, REPORTS}), signed_in=False)


def allowed(permission: str) -> Any:
    """A dependency: who asks, where they have the permission; else 403."""

    def check(request: Request) -> Person:
        person = person_of(request)
        if permission in person.permissions:
            return person
        if person.signed_in:
            raise HttpProblem(403, f"{person.name} lacks {permission}")
        raise HttpProblem(403, f"nobody is known here, so nobody has {permission}: set identity.audiences in security")

    return Depends(check)


Check = Callable[[Request], Person]
