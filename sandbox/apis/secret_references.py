"""Versions of secrets that resources of other APIs name."""

from __future__ import annotations

import re

from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument

_VERSION = re.compile(r"projects/([^/]+)/secrets/([^/]+)/versions/([^/]+)")


def is_there(value: object, field: str, call: Call) -> bool:
    """Whether a version is there; `latest` is where its secret has one. 400 at `field` for what names none."""
    named = _VERSION.fullmatch(str(value))
    if named is None:
        raise invalid_argument(f"'{value}' is no version of a secret.", {field: "projects/*/secrets/*/versions/*"})
    project = call.control.projects.resolve(named[1], call.control.clock())
    secret = f"projects/{project}/secrets/{named[2]}"
    if named[3] == "latest":
        return bool(call.store.select("secretmanager.versions", secret, limit=1))
    return call.store.get("secretmanager.versions", f"{secret}/versions/{named[3]}") is not None
