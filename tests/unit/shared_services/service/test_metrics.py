"""Metrics of the business, of breakers and caches, beside those of requests."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from shared_services import Cache, CircuitBreaker, Service, counter, gauge, watch_breaker, watch_cache
from shared_services.service.calls import BUCKETS, CallMetrics
from shared_services.service.metrics import rendered

from .asgi import settings


def value(told: Service, metric: str, /, **labels: str) -> float:
    """A metric's value as Prometheus reads it."""
    for line in told.metrics().decode().splitlines():
        found = re.fullmatch(rf"{metric}\{{(.*)\}} (\S+)", line)
        if found and dict(re.findall(r'(\w+)="([^"]*)"', found[1])) == labels:
            return float(found[2])
    raise AssertionError(f"{metric} {labels} is not told")


def test_business_metrics_have_the_names_that_dashboards_know() -> None:
    service = Service(settings())
    service.business.order("BUY", "FILLED", 3)
    service.business.pnl("momentum", -1250.5)
    service.business.positions("momentum", 4)
    service.business.risk("gross", 0.75)
    assert value(service, "orders_total", service="quotes", side="BUY", status="FILLED") == 3
    assert value(service, "pnl_rupees", service="quotes", strategy="momentum") == -1250.5
    assert value(service, "positions_open", service="quotes", strategy="momentum") == 4
    assert value(service, "risk_limit_used_ratio", service="quotes", limit="gross") == 0.75


def test_breakers_and_caches_tell_how_they_are() -> None:
    service, breaker, cache = Service(settings()), CircuitBreaker("broker-test", failure_threshold=1), Cache()
    watch_breaker(breaker)
    watch_cache("test", cache)
    assert value(service, "circuit_breaker_state", name="broker-test") == 0
    breaker.failed(breaker.enter(), TimeoutError())
    cache.set("k", 1)
    cache.get("k")
    cache.get("other")
    assert value(service, "circuit_breaker_state", name="broker-test") == 2
    assert [value(service, "cache_memory", name="test", what=what) for what in ("hits", "misses", "entries")] == [
        1,
        1,
        1,
    ]


@given(st.lists(st.tuples(st.sampled_from(["200", "404", "503"]), st.floats(0, 20)), max_size=50))
def test_requests_are_counted_as_prometheus_own_histogram_does(requests: list[tuple[str, float]]) -> None:
    route = next(_ROUTES)
    registry = CollectorRegistry()
    peer = Histogram(
        "http_request_duration_seconds", "", ("service", "method", "route"), buckets=BUCKETS, registry=registry
    )
    calls = [CallMetrics("peer", "http"), CallMetrics("peer", "http")]  # of one process: they add up
    for number, (status, seconds) in enumerate(requests):
        calls[number % 2].began()
        calls[number % 2].ended(("GET", route), status, seconds)
        peer.labels("peer", "GET", route).observe(seconds)
    told = rendered().decode().splitlines()
    expected = [
        line for line in generate_latest(registry).decode().splitlines() if route in line and "_created" not in line
    ]
    mine = [line for line in told if "duration_seconds" in line and f'"{route}"' in line]
    assert [_read(line) for line in mine] == [
        (name, pytest.approx(number)) for name, number in map(_read, expected)
    ]  # seconds are added in another order
    totals = [_read(line)[1] for line in told if line.startswith("http_requests_total") and f'"{route}"' in line]
    assert sum(totals) == len(requests)
    assert len(totals) == len({status for status, _ in requests})
    assert 'http_requests_in_progress{service="peer"} 0.0' in told or not requests


_ROUTES = (f"/route-{number}" for number in itertools.count())


def _read(line: str) -> tuple[str, float]:
    name, _, number = line.rpartition(" ")
    return name, float(number)


def test_two_processes_of_a_test_share_their_families() -> None:
    assert counter("shared_total", "Shared.") is counter("shared_total", "Shared.")
    with pytest.raises(TypeError, match="the metric shared_total is a counter"):
        gauge("shared_total", "Shared.")


def test_families_are_told_before_the_first_request() -> None:
    text = Service(settings()).metrics().decode()
    for name in ("http_requests_total", "http_request_duration_seconds", "orders_total", "pnl_rupees"):
        assert f"# TYPE {name} " in text
