"""Cloud Monitoring: what aligners and reducers make of points."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from sandbox.apis import monitoring, monitoring_series
from sandbox.control.context import Control, timestamp
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store

_NOW = 1_800_000_000.0
_TYPE = "custom.googleapis.com/orders/count"
_SERIES = "/monitoring/v3/projects/aggregation-unit/timeSeries"


@pytest.fixture
async def router(tmp_path: Path) -> AsyncIterator[Router]:
    control = Control(Store(tmp_path / "sandbox.db"), tmp_path, clock=lambda: _NOW)
    made = Router(control)
    made.add(monitoring.API)
    await monitoring_series.start(control)
    yield made
    control.store.close()


async def _write(router: Router, value: Any, at: float, since: float | None = None, **labels: str) -> None:
    interval = {"endTime": timestamp(_NOW + at)}
    if since is not None:
        interval["startTime"] = timestamp(_NOW + since)
    typed = {"doubleValue": value} if isinstance(value, float) else {"int64Value": str(value)}
    if isinstance(value, str):
        typed = {"stringValue": value}
    series = {
        "metric": {"type": _TYPE, "labels": labels},
        "resource": {"type": "generic_task", "labels": {"job": labels.get("job", "risk")}},
        "metricKind": "GAUGE" if since is None else "CUMULATIVE",
        "points": [{"interval": interval, "value": typed}],
    }
    answer = await router.dispatch(Request.of("POST", _SERIES, {"timeSeries": [series]}))
    assert answer.status == 200, answer.json()


async def _read(router: Router, aligner: str, reducer: str = "", status: Any = 200, **more: Any) -> Any:
    query = {
        "filter": f'metric.type = "{_TYPE}"',
        "interval.startTime": timestamp(_NOW - 180),
        "interval.endTime": timestamp(_NOW),
        "aggregation.alignmentPeriod": "60s",
        "aggregation.perSeriesAligner": aligner,
        **({"aggregation.crossSeriesReducer": reducer} if reducer else {}),
        **more,
    }
    answer = await router.dispatch(Request.of("GET", f"{_SERIES}?{urlencode(query, doseq=True)}"))
    assert answer.status == status, answer.json()
    return answer.json()


def _values(series: Any) -> dict[int, Any]:
    """By the period's end, in seconds before now."""
    found = {}
    for point in series["points"]:
        ((kind, value),) = point["value"].items()
        ends = [n for n in range(0, 300, 60) if timestamp(_NOW - n) == point["interval"]["endTime"]]
        found[ends[0]] = int(value) if kind == "int64Value" else value
    return found


@pytest.mark.parametrize(
    ("aligner", "type_", "values"),
    [
        ("ALIGN_MEAN", "DOUBLE", {0: 5.0, 60: 3.0, 120: 2.0}),
        ("ALIGN_SUM", "INT64", {0: 10, 60: 3, 120: 2}),
        ("ALIGN_MIN", "INT64", {0: 4, 60: 3, 120: 2}),
        ("11", "INT64", {0: 6, 60: 3, 120: 2}),
        ("ALIGN_COUNT", "INT64", {0: 2, 60: 1, 120: 1}),
        ("ALIGN_NEXT_OLDER", "INT64", {0: 6, 60: 3, 120: 2}),
    ],
)
async def test_gauges_are_aligned(router: Router, aligner: str, type_: str, values: dict[int, Any]) -> None:
    for at, value in ((-180, 1), (-120, 2), (-60, 3), (-30, 4), (0, 6)):
        await _write(router, value, at)
    (series,) = (await _read(router, aligner))["timeSeries"]
    assert (series["valueType"], series["metricKind"], _values(series)) == (type_, "GAUGE", values)


async def test_a_counter_s_growth_between_periods_and_after_a_reset(router: Router) -> None:
    for at, value, since in ((-180, 10, -240), (-90, 40, -240), (-60, 45, -240), (-30, 6, -59), (0, 12, -59)):
        await _write(router, value, at, since)
    (series,) = (await _read(router, "ALIGN_DELTA"))["timeSeries"]
    assert (series["metricKind"], series["valueType"]) == ("DELTA", "INT64")
    assert _values(series) == {0: 12, 60: 15, 120: 20}
    assert series["points"][0]["interval"] == {"startTime": timestamp(_NOW - 60), "endTime": timestamp(_NOW)}
    (rate,) = (await _read(router, "ALIGN_RATE"))["timeSeries"]
    assert (rate["metricKind"], rate["valueType"], _values(rate)) == (
        "GAUGE",
        "DOUBLE",
        {0: 0.2, 60: 0.25, 120: 20 / 60},
    )


@pytest.mark.parametrize(
    ("reducer", "values"),
    [
        ("REDUCE_SUM", {"buy": {0: 5, 60: 2}, "sell": {0: 10}}),
        ("REDUCE_MEAN", {"buy": {0: 2.5, 60: 2.0}, "sell": {0: 10.0}}),
        ("REDUCE_MIN", {"buy": {0: 1, 60: 2}, "sell": {0: 10}}),
        ("REDUCE_MAX", {"buy": {0: 4, 60: 2}, "sell": {0: 10}}),
        ("REDUCE_COUNT", {"buy": {0: 2, 60: 1}, "sell": {0: 1}}),
    ],
)
async def test_series_are_reduced_by_group(router: Router, reducer: str, values: dict[str, Any]) -> None:
    await _write(router, 2, -60, side="buy", symbol="TCS")
    await _write(router, 1, 0, side="buy", symbol="TCS")
    await _write(router, 4, 0, side="buy", symbol="INFY")
    await _write(router, 10, 0, side="sell", symbol="TCS")
    told = await _read(router, "ALIGN_SUM", reducer, **{"aggregation.groupByFields": ["metric.labels.side"]})
    assert {each["metric"]["labels"]["side"]: _values(each) for each in told["timeSeries"]} == values
    assert all(set(each["metric"]["labels"]) == {"side"} for each in told["timeSeries"])
    (whole,) = (await _read(router, "ALIGN_SUM", "REDUCE_SUM"))["timeSeries"]
    assert (_values(whole), whole["metric"]["labels"]) == ({0: 15, 60: 2}, {})
    assert whole["resource"] == {"type": "generic_task", "labels": {"project_id": "aggregation-unit"}}


async def test_pages_and_headers(router: Router) -> None:
    for side in ("buy", "sell"):
        for at in (-120, -60, 0):
            await _write(router, 1, at, side=side)
    sizes, token = [], ""
    for _ in range(5):
        page = await _read(router, "ALIGN_SUM", pageSize=2, pageToken=token)
        sizes.append([len(each["points"]) for each in page["timeSeries"]])
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert sizes == [[2], [1, 1], [2]]
    told = await _read(router, "ALIGN_SUM", view="HEADERS")
    assert ["points" in each for each in told["timeSeries"]] == [False, False]


@pytest.mark.parametrize(
    ("aligner", "reducer", "status", "more"),
    [
        ("ALIGN_RATE", "", 400, {}),
        ("ALIGN_NONE", "REDUCE_SUM", 400, {}),
        ("ALIGN_MEAN", "", 400, {"aggregation.alignmentPeriod": "10s"}),
        ("ALIGN_MEAN", "", 400, {"aggregation.alignmentPeriod": ""}),
        ("ALIGN_MEAN", "", 400, {"aggregation.groupByFields": ["metric.labels.a"]}),
        ("ALIGN_MEAN", "REDUCE_SUM", 400, {"aggregation.groupByFields": ["side"]}),
        ("ALIGN_PERCENTILE_99", "", 501, {}),
        ("ALIGN_MEAN", "REDUCE_STDDEV", 501, {}),
        ("ALIGN_MEAN", "", 501, {"secondaryAggregation.alignmentPeriod": "60s"}),
    ],
)
async def test_what_is_refused(router: Router, aligner: str, reducer: str, status: int, more: dict[str, Any]) -> None:
    await _write(router, 1.5, 0)
    await _read(router, aligner, reducer, status, **more)


async def test_text_is_counted_by_nobody(router: Router) -> None:
    await _write(router, "open", 0)
    await _read(router, "ALIGN_MEAN", status=400)
    (series,) = (await _read(router, "ALIGN_NEXT_OLDER"))["timeSeries"]
    assert _values(series) == {0: "open"}
    await _read(router, "ALIGN_NEXT_OLDER", "REDUCE_MAX", 400)
    assert _values((await _read(router, "ALIGN_NEXT_OLDER", "REDUCE_COUNT"))["timeSeries"][0]) == {0: 1}
