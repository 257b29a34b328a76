"""Reading `terraform show -json`. What is no plan is refused with what it is instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import UserError
from .model import Change, Plan, action_of

FORMAT = "1."
MAKE_ONE = "make one with `envctl plan ENV --out DIR`"


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
    if "values" in document and "resource_changes" not in document:
        raise _refused(where, "it is a state, not a plan")
    try:
        found = tuple(_change(resource) for resource in _of(document.get("resource_changes", []), list))
        variables = {name: _of(one, dict).get("value") for name, one in _part(document, "variables").items()}
        outputs = _part(document, "output_changes").items()
        changed = tuple(sorted(name for name, one in outputs if _of(one, dict).get("actions") != ["no-op"]))
    except (KeyError, TypeError) as error:
        raise _refused(where, f"a part of it is not as Terraform writes it ({error!r})") from None
    return Plan(found, variables, changed, str(document.get("terraform_version", "")))


# What looking at values of another form than the provider's comes to: a stranger may have written the plan.
FOREIGN = (AttributeError, KeyError, TypeError, ValueError, IndexError)


def foreign(address: str, error: Exception) -> NotAPlan:
    """The refusal of a plan whose values are not as the provider has them."""
    return _refused("the plan", f"{address} has other values than hashicorp/google gives it ({error})")


def _part(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = _of(document.get(name, {}), dict)
    return found


def _of(value: Any, type: type) -> Any:
    if not isinstance(value, type):
        raise TypeError(f"{str(value)[:40]!r} is no {type.__name__}")
    return value


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
    address, type, change = resource["address"], resource["type"], resource["change"]
    action = action_of(change["actions"])
    if action is None:
        raise KeyError(f"actions {change['actions']}")
    before, after = change.get("before"), change.get("after")
    for values in (before, after):
        if values is not None and not isinstance(values, dict):
            raise TypeError(f"{address} has values that are no object")
    previous = resource.get("previous_address", "")
    if not isinstance(address, str) or not isinstance(type, str) or not isinstance(previous, str):
        raise TypeError(f"{address} is no address, or {type} no type")
    replaced = change.get("replace_paths")
    return Change(
        address,
        type,
        action,
        before,
        after,
        change.get("after_unknown"),
        change.get("before_sensitive"),
        change.get("after_sensitive"),
        tuple(map(_steps, _of(replaced, list))) if replaced else (),
        previous,
        bool(change.get("importing")),
    )


def _steps(path: Any) -> tuple[str | int, ...]:
    if not isinstance(path, list) or not all(isinstance(step, str | int) for step in path):
        raise TypeError(f"{path} is no path")
    return tuple(path)


def _refused(where: str, why: str) -> NotAPlan:
    return NotAPlan(f"{where} is not a plan", why=why, todo=MAKE_ONE)
