"""What runs and is listened to: whose output it is, and who hears of what it prints and of the requests it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Origin:
    """What prints, as Cloud Logging names it.

    kind      the type of the monitored resource, such as cloud_run_revision
    resource  its labels
    labels    labels of each entry
    """

    project: str
    kind: str
    resource: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)

    def labelled(self, **labels: str) -> Origin:
        """The same with more labels of its entries.

        >>> Origin("p", "cloud_run_job", {}).labelled(instanceId="1f").labels
        {'instanceId': '1f'}
        """
        return replace(self, labels={**self.labels, **labels})


@dataclass(frozen=True, slots=True)
class Served:
    """A request that ended. `ended` is in seconds since the epoch, `latency` in seconds, sizes in bytes."""

    method: str
    url: str
    status: int
    latency: float
    ended: float
    received: int
    sent: int
    client: str
    server: str
    protocol: str
    headers: Mapping[str, str]


class Listener(Protocol):
    """Hears of all of it. It must return at once: the caller is what prints, or who waits for an answer."""

    def printed(self, origin: Origin, stream: str, lines: bytes) -> None:
        """Whole lines of `stdout` or `stderr`."""

    def served(self, origin: Origin, request: Served) -> None:
        """A request was answered."""
