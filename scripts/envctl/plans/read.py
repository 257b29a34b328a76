"""Reading `terraform show -json`. What is no plan is refused with what it is instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import UserError
from .model import Change, Plan, action_of

FORMAT = "1."


class NotAPlan(UserError):
    """A file or an answer that isn't a plan."""


def read_plan(data: bytes | Mapping[str, Any], where: str = "the plan") -> Plan:
    """A plan, typed.

    Args:
        data: what `terraform show -json` printed, or that as a document.
        where: for messages: the file.

    Raises:
        NotAPlan: it is malformed, of a format we don't know, or something else, such as a state.
    """
    document = _parsed(data, where) if isinstance(data, bytes) else data
    version = str(document.get("format_version", ""))
    if not version:
        raise _refused(where, "it has no format_version: it isn't what `terraform show -json` prints")
    if not version.startswith(FORMAT):
        raise _refused(where, f"its format is {version}; envctl knows {FORMAT}x")
    if document.get("errored"):
        raise _refused(where, "terraform failed while it made the plan, so it is not whole")
    resources = document.get("resource_changes", [])
    if "values" in document and "resource_changes" not in document:
        raise _refused(where, "it is a state, not a plan")
    if not isinstance(resources, list):
        raise _refused(where, "its resource_changes are no list")
    variables = {name: value.get("value") for name, value in document.get("variables", {}).items()}
    outputs = tuple(
        sorted(name for name, one in document.get("output_changes", {}).items() if one.get("actions") != ["no-op"])
    )
    try:
        found = tuple(_change(resource) for resource in resources)
    except (KeyError, TypeError, AttributeError) as error:
        raise _refused(where, f"a resource change is not as Terraform writes it ({error!r})") from None
    return Plan(found, variables, outputs, str(document.get("terraform_version", "")))


def _parsed(data: bytes, where: str) -> dict[str, Any]:
    import orjson

    try:
        document = orjson.loads(data)
    except ValueError as error:
        said = "it is a saved plan: give `terraform show -json` of it" if data[:2] == b"PK" else f"not JSON: {error}"
        raise _refused(where, said) from None
    if not isinstance(document, dict):
        raise _refused(where, f"it is a JSON {type(document).__name__}, not an object")
    return document


def _change(resource: dict[str, Any]) -> Change:
    change = resource["change"]
    action = action_of(change["actions"])
    if action is None:
        raise KeyError(f"actions {change['actions']}")
    return Change(
        resource["address"],
        resource["type"],
        action,
        change.get("before"),
        change.get("after"),
        change.get("after_unknown"),
        change.get("before_sensitive"),
        change.get("after_sensitive"),
        tuple(map(tuple, change["replace_paths"])) if change.get("replace_paths") else (),
        resource.get("previous_address", ""),
        bool(change.get("importing")),
    )


def _refused(where: str, why: str) -> NotAPlan:
    return NotAPlan(f"{where} is not a plan", why=why, todo="make one with `envctl plan ENV --out DIR`")
