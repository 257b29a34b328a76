"""Versions of a configuration, what changed between two, and how a reload went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from shared_services.yaml.paths import Path, format_path

from .errors import InvalidConfiguration
from .model import ConfigModel


@dataclass(frozen=True, slots=True)
class ConfigVersion:
    """A state that a configuration had.

    Args:
        number: counts from 1 in this process.
        loaded_at: when, in UTC.
        config: the state.
        origins: the layers it was made of, lowest first: files, `bucket/object#generation`, `$VARIABLE`.
        changed: the paths that differ from the version before.
        reason: why it was loaded: `first`, `file`, `reload`, `notification`, `rollback to 3`.
    """

    number: int
    loaded_at: datetime
    config: ConfigModel
    origins: tuple[str, ...]
    changed: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """What a listener is told.

    Args:
        name: the configuration.
        old, new: before and after.
        version: the new version's number.
        changed: the paths that differ.
        reason: why, as in `ConfigVersion`.
    """

    name: str
    old: ConfigModel
    new: ConfigModel
    version: int
    changed: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ReloadResult:
    """How the reload of one configuration went.

    Args:
        name: the configuration.
        outcome: `changed`, `unchanged`, or `rejected`: the new state is wrong, and the last good one stays.
        version: the version in force afterwards.
        error: what is wrong with a rejected one.
    """

    name: str
    outcome: Literal["changed", "unchanged", "rejected"]
    version: int
    error: InvalidConfiguration | None = None


@dataclass(frozen=True, slots=True)
class ConfigStatus:
    """The state of one configuration, for health checks and dashboards.

    Args:
        name: the configuration.
        version: the version in force.
        loaded_at: since when, in UTC.
        origins: what it is made of.
        rolled_back: whether a rollback holds, until the files or objects change again.
        rejected: what is wrong with a newer state that was refused, where there is one.
        remote_error: why the bucket could not be read, where it couldn't.
    """

    name: str
    version: int
    loaded_at: datetime
    origins: tuple[str, ...]
    rolled_back: bool
    rejected: InvalidConfiguration | None
    remote_error: str | None


def differences(old: ConfigModel, new: ConfigModel) -> tuple[str, ...]:
    """The paths of the values that differ, sorted.

    >>> class Limits(ConfigModel):
    ...     orders: int = 9
    ...     symbols: dict[str, int] = {}
    >>> differences(Limits(symbols={"TCS": 1}), Limits(orders=5, symbols={"TCS": 1, "INFY": 2}))
    ('orders', 'symbols.INFY')
    """
    return tuple(sorted(format_path(path) for path in _differing(old, new, ())))


def _differing(old: Any, new: Any, path: Path) -> Iterator[Path]:
    if isinstance(old, ConfigModel) and type(old) is type(new):
        for name in type(old).model_fields:
            yield from _differing(getattr(old, name), getattr(new, name), (*path, name))
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            if key not in old or key not in new:
                yield (*path, key)
            else:
                yield from _differing(old[key], new[key], (*path, key))
    elif old != new or isinstance(old, BaseModel) != isinstance(new, BaseModel):
        yield path
