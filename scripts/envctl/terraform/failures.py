"""Turning terraform's failures into messages that say what to do."""

from __future__ import annotations

import re
import signal
from datetime import UTC, datetime

from ..errors import UserError
from .events import Diagnostic
from .process import Outcome
from .taken_names import advice

_LOCK_FIELD = re.compile(r"^\s*(ID|Path|Operation|Who|Version|Created):\s*(.*?)\s*$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


# What terraform says of a machine or a project that isn't ready, and what to do about it.
_ADVICE = {
    "could not find default credentials": (
        "there are no Google credentials on this machine",
        "sign in: `gcloud auth application-default login`; or try it on this machine, without a cloud: add --sandbox",
    ),
    "storage: bucket doesn't exist": (
        "the bucket of the Terraform state does not exist",
        "make it: `envctl bootstrap ENVIRONMENT`, once per project",
    ),
    "Failed to query available provider packages": (
        "the Terraform registry is out of reach",
        "leave --provider out to use the sandbox's own provider, or give terraform a mirror of it",
    ),
    "Failed to read the given file as a state or plan file": (
        "the file holds no saved plan",
        "make one with `envctl plan ENVIRONMENT --out FILE`",
    ),
    "Saved plan is stale": (
        "the state has changed since the plan was made",
        "plan again: `envctl plan ENVIRONMENT`; a plan is applied once",
    ),
    "for flag -lock-timeout": (
        "--lock-timeout is a number with its unit",
        "write it as 60s or 5m",
    ),
}


class StateLocked(UserError):
    """Somebody else works on the environment."""


class TerraformFailed(UserError):
    """Terraform refused or failed; `diagnostics` holds all it said."""

    def __init__(self, what: str, diagnostics: list[Diagnostic], *, why: str = "", todo: str = "") -> None:
        super().__init__(what, why=why, todo=todo)
        self.diagnostics = diagnostics


def failure(command: str, outcome: Outcome, now: datetime | None = None) -> UserError:
    """The error to raise for a command that ended badly."""
    for text in (*(f"{d.summary}\n{d.detail}" for d in outcome.errors), outcome.text):
        if "Error acquiring the state lock" in text:
            return _locked(text, now or datetime.now(UTC))
    if outcome.exit_code < 0:
        name = signal.Signals(-outcome.exit_code).name
        return TerraformFailed(
            f"terraform {command} was killed ({name})",
            outcome.errors,
            why="it may have left its lock, and things that the state doesn't know",
            todo="see whether it holds the lock: `envctl state lock ENVIRONMENT`; and what it left: `envctl plan`",
        )
    errors = outcome.errors
    said = [_diagnostic(diagnostic) for diagnostic in errors] or [_plain(outcome.text)]
    if any(
        "Failed to reattach" in text or "Unrecognized remote plugin" in text or "connection refused" in text
        for text in said
    ):
        return TerraformFailed(
            f"terraform {command} could not reach the sandbox",
            errors,
            why=said[0],
            todo="start it with `envctl sandbox up`, then try again",
        )
    for sign, (why, todo) in _ADVICE.items():
        if any(sign in text for text in said):
            return TerraformFailed(f"terraform {command} failed: {why}", errors, why=said[0], todo=todo)
    taken = [told for told in map(advice, errors) if told]
    count = f"{len(errors)} errors" if len(errors) > 1 else "an error"
    return TerraformFailed(
        f"terraform {command} failed with {count}\n\n" + "\n\n".join(said), errors, todo="; ".join(taken)
    )


def _diagnostic(diagnostic: Diagnostic) -> str:
    place = " in ".join(part for part in (diagnostic.address, diagnostic.where) if part)
    lines = [f"{place}: {diagnostic.summary}" if place else diagnostic.summary]
    lines += [f"  {line}" for line in diagnostic.detail.strip().splitlines()]
    return "\n".join(lines)


def _plain(text: str) -> str:
    lines = [re.sub(r"^[│╷╵]\s?", "", line).rstrip() for line in _COLOUR.sub("", text).splitlines()]
    kept = [line for line in lines if line]
    start = next((number for number, line in enumerate(kept) if line.startswith("Error")), 0)
    return "\n".join(kept[start : start + 20]) or "it said nothing"


def _locked(text: str, now: datetime) -> StateLocked:
    lock = dict(_LOCK_FIELD.findall(re.sub(r"^[│╷╵]\s?", "", text, flags=re.MULTILINE)))
    holder, identity = lock.get("Who", "somebody"), lock.get("ID", "")
    what = {"OperationTypePlan": "plan", "OperationTypeApply": "apply"}.get(lock.get("Operation", ""), "an operation")
    return StateLocked(
        f"the state is locked by {holder}, {_age(lock.get('Created', ''), now)}",
        where=lock.get("Path", ""),
        why=f"terraform {lock.get('Version', '')} runs {what} there, or was killed during it (lock {identity})",
        todo="wait for it to end: `envctl state lock ENVIRONMENT` says more. If nothing runs any more: "
        f"`envctl state unlock ENVIRONMENT --lock {identity}`",
    )


def _age(created: str, now: datetime) -> str:
    match = re.match(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", created)
    if not match:
        return "since an unknown time"
    since = datetime.fromisoformat(f"{match[1]}T{match[2]}+00:00")
    seconds = max(0, int((now - since).total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size or size == 1:
            number = seconds // size
            return f"since {number} {unit}{'' if number == 1 else 's'}"
    return "just now"
