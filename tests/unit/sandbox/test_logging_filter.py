"""The language of log filters."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.apis.logging.filter import compile_filter
from sandbox.control.errors import ApiError

ENTRY: dict[str, Any] = {
    "logName": "projects/atm/logs/run.googleapis.com%2Fstdout",
    "severity": "ERROR",
    "timestamp": "2026-11-26T09:00:00.5Z",
    "resource": {"type": "cloud_run_revision", "labels": {"service_name": "risk-manager"}},
    "labels": {"k8s-pod/app": "risk"},
    "jsonPayload": {"symbol": "TCS", "latency": 12.5, "tags": ["a", "b"], "late": True, "from": "10.1.2.3"},
}


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "severity>=WARNING",
        'severity=(INFO OR ERROR) AND resource.type="cloud_run_revision"',
        'resource.labels.service_name="risk-manager" jsonPayload.symbol:"tc"',
        'timestamp>="2026-11-26T09:00:00Z" timestamp<"2026-11-26T09:00:01Z"',
        "timestamp>=2026-11-26T09:00:00Z",
        'timestamp>="2026-11-26T14:30:00.1+0530"',
        'labels."k8s-pod/app"=risk',
        "jsonPayload.latency>9 AND jsonPayload.tags=b AND jsonPayload.late=true",
        "NOT jsonPayload.symbol=INFY",
        "-jsonPayload.symbol=INFY",
        'jsonPayload.symbol=~"^T.S$" AND jsonPayload.symbol!~"^I"',
        "jsonPayload.latency:*",
        'log_id("run.googleapis.com/stdout")',
        'NOT (LOG_ID("a") OR LOG_ID("b"))',
        "sample(logName, 1)",
        'ip_in_net(jsonPayload.from, "10.0.0.0/8")',
        "jsonPayload.symbol=(INFY OR TCS)",
        "(severity=INFO OR severity=ERROR) AND TCS",
        "severity=INFO OR severity=ERROR",
        "jsonPayload.symbol!=INFY -- a remark",
    ],
)
def test_an_entry_is_found(asked: str) -> None:
    assert compile_filter(asked)(ENTRY)


@pytest.mark.parametrize(
    "asked",
    [
        "severity<ERROR",
        "severity=ERROR AND jsonPayload.symbol=INFY",
        "severity=ERROR AND (jsonPayload.symbol=INFY OR jsonPayload.symbol=WIPRO)",
        "NOT TCS",
        "sample(logName, 0)",
        'ip_in_net(jsonPayload.symbol, "10.0.0.0/8")',
        "jsonPayload.missing=1",
        'timestamp>"2026-11-26T10:00:00Z"',
        "jsonPayload.latency>100",
        'jsonPayload.symbol!="TCS"',
    ],
)
def test_an_entry_is_passed_over(asked: str) -> None:
    assert not compile_filter(asked)(ENTRY)


@pytest.mark.parametrize(
    "asked",
    [
        "severity>=",
        "(severity=INFO",
        "severity=LOUD",
        "=x",
        "a=b)",
        "cast(a, INT64)=1",
        "sample(insertId, 7)",
        "sample()",
        'a=~"("',
    ],
)
def test_what_is_no_filter_is_refused(asked: str) -> None:
    with pytest.raises(ApiError):
        compile_filter(asked)
