"""Settings that many kinds share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from envctl.validation.model import Read, Setting, Thing, World
from envctl.validation.normal import dig, flag, labels, text

LABELS = Setting(
    "labels",
    "labels",
    normal=labels,
    declared=lambda thing, _world: dict(thing.labels),
    says="its own, its subproject's and the environment's, and no other but those that begin with goog-",
)
DESCRIPTION = Setting("description", "description", normal=text)


def at(path: str) -> Callable[[Thing, World], Any]:
    """The declared value at a dotted path of a thing's fields: what a `Setting` of a block compares."""
    return lambda thing, _world: dig(thing.fields, path)


def iap_setting(path: str) -> Setting:
    """Whether Identity-Aware Proxy asks who comes, at a place of the API's document."""
    return Setting(
        "iap",
        path,
        normal=flag,
        declared=lambda thing, _world: thing.fields["iap"] is not None,
        says="on where it was declared; who comes through is a kind of its own",
    )


TERRAFORM_ONLY = "exists in Terraform only: no API knows it"


def policy_read(service: str, version: str, permission: str, *, method: str = "GET") -> Read:
    """How most APIs tell their grants. Version 3, or conditions come back as roles with a suffix."""
    path = f"{version}/{{name}}:getIamPolicy"
    if method == "GET":
        return Read(service, path, permission, query={"options.requestedPolicyVersion": "3"})
    return Read(service, path, permission, method="POST", body={"options": {"requestedPolicyVersion": 3}})
