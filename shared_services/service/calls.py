"""`CallMetrics`: requests and their durations, counted by plain additions and made into metrics when Prometheus asks.

Prometheus' own counters take a lock for each addition; requests are counted by the one thread that answers them.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
_LABELS = {"http": ("service", "method", "route"), "grpc": ("service", "method")}
_WORDS = {"http": "HTTP", "grpc": "gRPC"}
_families: dict[str, _Family] = {}
_told: set[str] = set()
_lock = threading.Lock()


class CallMetrics:
    """Requests and their durations: `http_…` by method, route and status, `grpc_…` by method and status.

    Args:
        service: stands in each of them.
        protocol: `http` or `grpc`.
        buckets: of the durations, in seconds.
    """

    def __init__(self, service: str, protocol: str, buckets: Sequence[float] = BUCKETS) -> None:
        self._service = service
        self._buckets = tuple(sorted(buckets))
        self._family = _families.setdefault(protocol, _Family(protocol))
        self._family.under_way[service] += 0  # told before the first request
        self._tallies: dict[tuple[tuple[str, ...], str], _Tally] = {}

    def began(self) -> None:
        """A request came."""
        self._family.under_way[self._service] += 1

    def ended(self, names: tuple[str, ...], status: str, seconds: float) -> None:
        """A request was answered.

        Args:
            names: method and route, or gRPC's full method.
            status: as it is counted.
            seconds: how long it took.
        """
        self._family.under_way[self._service] -= 1
        tally = self._tallies.get((names, status))
        if tally is None:
            tally = self._tallies[names, status] = self._family.tally((self._service, *names), status, self._buckets)
        tally.seconds += seconds
        tally.counts[bisect_left(tally.bounds, seconds)] += 1


@dataclass(slots=True)
class _Tally:
    """The requests of one route and status: how many took up to each bound, and longer than the last one."""

    bounds: tuple[float, ...]
    counts: list[int]
    seconds: float = 0.0


class _Family:
    """All requests of a protocol in this process; what Prometheus calls a collector."""

    def __init__(self, protocol: str) -> None:
        self._protocol = protocol
        self._tallies: dict[tuple[tuple[str, ...], str], _Tally] = {}
        self.under_way: dict[str, int] = defaultdict(int)

    def tally(self, labels: tuple[str, ...], status: str, bounds: tuple[float, ...]) -> _Tally:
        """Where a route's requests with a status are counted; the same one when asked for again."""
        with _lock:
            for (known, _), tally in self._tallies.items():
                if known == labels:  # one histogram has one set of bounds
                    bounds = tally.bounds
            return self._tallies.setdefault((labels, status), _Tally(bounds, [0] * (len(bounds) + 1)))

    def describe(self) -> Iterator[Any]:
        """The names, for the registry."""
        return self.collect()

    def collect(self) -> Iterator[Any]:
        """What was counted so far."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
        from prometheus_client.utils import floatToGoString

        name, words, labels = self._protocol, _WORDS[self._protocol], _LABELS[self._protocol]
        requests = CounterMetricFamily(f"{name}_requests_total", f"{words} requests.", labels=(*labels, "status"))
        durations = HistogramMetricFamily(
            f"{name}_request_duration_seconds", f"How long {words} requests took.", labels=labels
        )
        under_way = GaugeMetricFamily(
            f"{name}_requests_in_progress", f"{words} requests under way.", labels=("service",)
        )
        routes: dict[tuple[str, ...], list[_Tally]] = defaultdict(list)
        with _lock:
            tallies = list(self._tallies.items())
        for (route, status), tally in tallies:
            requests.add_metric([*route, status], sum(tally.counts))
            routes[route].append(tally)
        for route, each in routes.items():
            total, buckets = 0, []
            for index, bound in enumerate((*each[0].bounds, float("inf"))):
                total += sum(tally.counts[index] for tally in each)
                buckets.append((floatToGoString(bound), total))  # type: ignore[no-untyped-call]
            durations.add_metric(route, buckets, sum(tally.seconds for tally in each))
        for service, count in list(self.under_way.items()):
            under_way.add_metric([service], count)
        yield from (requests, durations, under_way)


def tell_calls() -> None:
    """Have Prometheus' registry ask for what was counted."""
    from prometheus_client import REGISTRY

    with _lock:
        new = [(protocol, family) for protocol, family in _families.items() if protocol not in _told]
        _told.update(protocol for protocol, _ in new)
    for _, family in new:
        REGISTRY.register(family)
