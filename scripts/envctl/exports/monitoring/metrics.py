"""Queries over the metrics of the base: `http_requests_total`, their gRPC twins, and those of the business."""

from __future__ import annotations

ERRORS = {"http": 'status=~"5.."', "grpc": 'status=~"(?i)unknown|internal|unavailable|data_loss|deadline_exceeded"'}
"""What counts as an answer that failed, by protocol."""


def one_of(names: list[str]) -> str:
    """A matcher for services.

    >>> one_of(["auth", "api-gateway"])
    'service=~"api-gateway|auth"'
    """
    return f'service="{names[0]}"' if len(names) == 1 else f'service=~"{"|".join(sorted(names))}"'


def requests(protocol: str, service: str, by: str = "status") -> str:
    """Requests a second."""
    return f"sum by ({by}) (rate({protocol}_requests_total{{{service}}}[$__rate_interval]))"


def error_ratio(protocol: str, service: str, window: str) -> str:
    """The part of the requests that failed; 0 where there were requests and none did."""
    name = f"{protocol}_requests_total"
    all_of_them = f"sum by (service) (rate({name}{{{service}}}[{window}]))"
    failed = f"sum by (service) (rate({name}{{{service},{ERRORS[protocol]}}}[{window}]))"
    return f"({failed} or 0 * {all_of_them}) / {all_of_them}"


def slow_ratio(service: str, bound: float, window: str) -> str:
    """The part of the requests that took longer than a bound, which is one of the buckets'."""
    name = "http_request_duration_seconds"
    fast = f'sum by (service) (rate({name}_bucket{{{service},le="{bound_text(bound)}"}}[{window}]))'
    return f"1 - {fast} / sum by (service) (rate({name}_count{{{service}}}[{window}]))"


def quantile(protocol: str, service: str, part: float) -> str:
    """How long the quickest part of the requests took at most, in seconds."""
    buckets = f"{protocol}_request_duration_seconds_bucket{{{service}}}"
    return f"histogram_quantile({part}, sum by (le) (rate({buckets}[$__rate_interval])))"


def bound_text(bound: float) -> str:
    """A bucket's bound as Prometheus' client writes it.

    >>> bound_text(1), bound_text(0.25)
    ('1.0', '0.25')
    """
    return repr(float(bound))
