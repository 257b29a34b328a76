"""Prometheus metrics: those that every service has, and a way to those of its business.

Families are made once for a process and stand in Prometheus' default registry, beside what a service makes itself.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .calls import BUCKETS

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

    from shared_services.cache import Cache
    from shared_services.resilience import CircuitBreaker

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_made: dict[str, Any] = {}
_lock = threading.Lock()


def counter(name: str, about: str, labels: Sequence[str] = ()) -> Counter:
    """A counter; the same one when asked for again.

    >>> counter("example_orders_total", "Orders.", ["side"]).labels("BUY").inc()
    """
    return _family("Counter", name, about, labels)  # type: ignore[no-any-return]


def gauge(name: str, about: str, labels: Sequence[str] = ()) -> Gauge:
    """A value that goes up and down; the same one when asked for again.

    >>> gauge("example_positions", "Open positions.").set(3)
    """
    return _family("Gauge", name, about, labels)  # type: ignore[no-any-return]


def histogram(name: str, about: str, labels: Sequence[str] = (), buckets: Sequence[float] = BUCKETS) -> Histogram:
    """A distribution; the same one when asked for again.

    >>> histogram("example_seconds", "How long it took.").observe(0.01)
    """
    return _family("Histogram", name, about, labels, buckets=buckets)  # type: ignore[no-any-return]


def _family(kind: str, name: str, about: str, labels: Sequence[str], **more: Any) -> Any:
    with _lock:
        found = _made.get(name)
        if found is None:
            import prometheus_client  # as slow to import as all the rest of a service that was never asked

            found = _made[name] = getattr(prometheus_client, kind)(name, about, labels, **more)
        if type(found).__name__ != kind:
            raise TypeError(f"the metric {name} is a {type(found).__name__.lower()}")
        return found


class BusinessMetrics:
    """What every trading service tells by the same names, so that one dashboard shows all of them.

    >>> business = BusinessMetrics("portfolio-manager")
    >>> business.order("BUY", "ACCEPTED")
    >>> business.pnl("momentum", 12_500.0)

    Args:
        service: stands in each of them.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._orders = counter("orders_total", "Orders, by side and state.", ("service", "side", "status"))
        self._pnl = gauge("pnl_rupees", "Profit and loss of the day, in rupees.", ("service", "strategy"))
        self._positions = gauge("positions_open", "Open positions.", ("service", "strategy"))
        self._risk = gauge("risk_limit_used_ratio", "The part of a limit that is used.", ("service", "limit"))

    def order(self, side: str, status: str, count: int = 1) -> None:
        """Orders that came to a state."""
        self._orders.labels(self._service, side, status).inc(count)

    def pnl(self, strategy: str, rupees: float) -> None:
        """Profit and loss of the day."""
        self._pnl.labels(self._service, strategy).set(rupees)

    def positions(self, strategy: str, count: int) -> None:
        """Open positions."""
        self._positions.labels(self._service, strategy).set(count)

    def risk(self, limit: str, used: float) -> None:
        """The part of a limit that is used: 1 is all of it."""
        self._risk.labels(self._service, limit).set(used)


def watch_breaker(breaker: CircuitBreaker) -> None:
    """Tell a breaker's state: 0 closed, 1 half-open, 2 open.

    >>> from shared_services import CircuitBreaker
    >>> watch_breaker(CircuitBreaker("kite"))
    """
    states = {"closed": 0, "half-open": 1, "open": 2}
    told = gauge("circuit_breaker_state", "0 closed, 1 half-open, 2 open.", ("name",)).labels(breaker.name)
    told.set_function(lambda: states[breaker.state.value])


def watch_cache(name: str, cache: Cache) -> None:
    """Tell a cache's hits, misses and size.

    >>> from shared_services import Cache
    >>> watch_cache("quotes", Cache())
    """
    memory = cache.memory
    told = gauge("cache_memory", "Hits, misses, evictions and entries of the memory level.", ("name", "what"))
    told.labels(name, "hits").set_function(lambda: memory.hits)
    told.labels(name, "misses").set_function(lambda: memory.misses)
    told.labels(name, "evicted").set_function(lambda: memory.evicted)
    told.labels(name, "entries").set_function(lambda: len(memory))


def rendered(registry: CollectorRegistry | None = None) -> bytes:
    """All metrics, as Prometheus reads them.

    >>> b"python_info" in rendered()
    True
    """
    from prometheus_client import REGISTRY
    from prometheus_client.exposition import generate_latest

    from .calls import tell_calls

    tell_calls()
    return generate_latest(REGISTRY if registry is None else registry)
