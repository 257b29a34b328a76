"""What somebody wrote where a reference to a secret belongs is neither shown nor kept, however it came there.

Such a value is never in force: it is refused. But it may stand in the bucket's object, written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from shared_services.logging.redaction import HIDDEN, redactor
from shared_services.yaml.said import types_at

from ..registry import document
from ..secret import Secret
from .records import Change, Difference, Proposal
from .state import State, read_layer_text
from .text import layer_text

Path = tuple[str | int, ...]
_REFERENCE = {"secret", "version"}  # what a reference says


def hidden(name: str, values: Any, path: Path = ()) -> Any:
    """Values of a configuration, without what should have been a reference.

    >>> hidden("database", {"password": "hunter2", "host": "db"})
    {'password': '[redacted]', 'host': 'db'}
    >>> hidden("database", {"password": {"secret": "database-password"}})
    {'password': {'secret': 'database-password'}}
    """
    return _hidden(document(name).model, values, path)


def state_shown(state: State) -> State:
    """A configuration as it may be shown."""
    return replace(
        state,
        values=hidden(state.name, state.values),
        below=hidden(state.name, state.below),
        override=hidden(state.name, state.override),
        text=text_shown(state.name, state.text),
    )


def change_shown(change: Change) -> Change:
    """A version as it may be shown."""
    return replace(
        change,
        differences=differences_shown(change.name, change.differences),
        text=text_shown(change.name, change.text),
    )


def proposal_shown(proposal: Proposal) -> Proposal:
    """A proposal as it may be shown."""
    return replace(
        proposal,
        differences=differences_shown(proposal.name, proposal.differences),
        override=hidden(proposal.name, proposal.override),
    )


def change_kept(change: Change, generation: int) -> Change:
    """What somebody wrote by hand, as its record is kept for ever; `generation` is the object's."""
    text = text_shown(change.name, change.text)
    if text == change.text:
        return change
    before, after = read_layer_text(change.text), read_layer_text(text)
    return replace(change, text=text, generation=generation, withheld=bool(before[1]) or before[0] != after[0])


def text_shown(name: str, text: str) -> str:
    """A layer's text as it may be shown: in one that can't be read nobody can tell what is secret."""
    if not text:  # there is no object
        return text
    override, problems = read_layer_text(text)
    if problems:
        return "# this can't be read, so it isn't known what in it is secret: see it in the bucket\n"
    shown = hidden(name, override)
    said = [line for line in text.splitlines() if "#" in line]
    if shown == override and all(redactor().text(line) == line for line in said):
        return text
    comments = [redactor().text(line) for line in said if line.startswith("#")]
    return "".join(f"{line}\n" for line in comments) + layer_text(shown)


def differences_shown(name: str, differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Differences as they may be shown and kept."""
    return tuple(
        replace(
            each,
            before=hidden(name, each.before, each.path),
            after=hidden(name, each.after, each.path),
        )
        for each in differences
    )


def _hidden(model: type[BaseModel], value: Any, path: Path) -> Any:
    types = types_at(model, path)
    if value is None or (path and Secret in types_at(model, path[:-1]) and path[-1] in _REFERENCE):
        return value
    if Secret in types or (not types and path and _below_secret(model, path)):
        return value if isinstance(value, dict) and _is_reference(value) else HIDDEN
    if isinstance(value, dict):
        return {key: _hidden(model, item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_hidden(model, item, (*path, index)) for index, item in enumerate(value)]
    return value


def _below_secret(model: type[BaseModel], path: Path) -> bool:
    """Whether a key that the model doesn't know has a secret's name, or stands in the place of a reference."""
    return redactor().is_secret(str(path[-1])) or Secret in types_at(model, path[:-1])


def _is_reference(value: dict[str, Any]) -> bool:
    try:
        Secret.model_validate(value)
    except ValueError:
        return False
    return value.keys() <= _REFERENCE
