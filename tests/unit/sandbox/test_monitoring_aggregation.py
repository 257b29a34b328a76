"""Cloud Monitoring: what aligners and reducers make of points."""

from __future__ import annotations

import statistics
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis.monitoring import api as monitoring
from sandbox.apis.monitoring import series as monitoring_series
from sandbox.apis.monitoring import values as monitoring_values
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
    fields = {bool: "boolValue", float: "doubleValue", str: "stringValue", dict: "distributionValue"}
    typed = {fields.get(type(value), "int64Value"): str(value) if type(value) is int else value}
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
        ("ALIGN_STDDEV", "DOUBLE", {0: 1.0, 60: 0.0, 120: 0.0}),
        ("ALIGN_INTERPOLATE", "INT64", {0: 6, 60: 3, 120: 2}),
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
        ("REDUCE_STDDEV", {"buy": {0: 1.5, 60: 0.0}, "sell": {0: 0.0}}),
        ("REDUCE_PERCENTILE_50", {"buy": {0: 2.5, 60: 2.0}, "sell": {0: 10.0}}),
        ("9", {"buy": {0: pytest.approx(3.97), 60: 2.0}, "sell": {0: 10.0}}),
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
        ("ALIGN_PERCENTILE_99", "", 400, {}),
        ("ALIGN_MEAN", "REDUCE_COUNT_TRUE", 400, {}),
        ("ALIGN_MOST", "", 400, {}),
        ("ALIGN_NONE", "", 400, {"secondaryAggregation.perSeriesAligner": "ALIGN_MEAN"}),
        ("ALIGN_MEAN", "", 400, {"secondaryAggregation.perSeriesAligner": "ALIGN_RATE"}),
        ("ALIGN_MEAN", "", 400, {"orderBy": "value"}),
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


async def test_points_between_the_ends_are_interpolated(router: Router) -> None:
    for at, value in ((-150, 10.0), (-90, 40.0), (30, 10.0)):
        await _write(router, value, at)
    (series,) = (await _read(router, "ALIGN_INTERPOLATE"))["timeSeries"]
    assert _values(series) == {0: 17.5, 60: 32.5, 120: 25.0}


async def test_a_change_is_told_in_percent_of_what_was_a_period_ago(router: Router) -> None:
    for at, value in ((-660, 10.0), (-600, -1.0), (0, 15.0)):
        await _write(router, value, at)
    (series,) = (await _read(router, "ALIGN_PERCENT_CHANGE", **{"aggregation.alignmentPeriod": "660s"}))["timeSeries"]
    assert (_values(series), series["valueType"]) == ({0: 50.0}, "DOUBLE")


@pytest.mark.parametrize(
    ("aligner", "values"),
    [
        ("ALIGN_COUNT", {0: 3, 60: 1}),
        ("ALIGN_COUNT_TRUE", {0: 2, 60: 0}),
        ("ALIGN_COUNT_FALSE", {0: 1, 60: 1}),
        ("ALIGN_FRACTION_TRUE", {0: 2 / 3, 60: 0.0}),
        ("ALIGN_NEXT_OLDER", {0: True, 60: False}),
    ],
)
async def test_truths_are_counted(router: Router, aligner: str, values: dict[int, Any]) -> None:
    for at, value in ((-60, False), (-40, True), (-20, False), (0, True)):
        await _write(router, value, at)
    assert _values((await _read(router, aligner))["timeSeries"][0]) == values


async def test_truths_of_several_series_are_counted(router: Router) -> None:
    for symbol, value in (("A", True), ("B", False), ("C", True), ("D", True)):
        await _write(router, value, 0, symbol=symbol)
    for reducer, value in (("COUNT_TRUE", 3), ("COUNT_FALSE", 1), ("FRACTION_TRUE", 0.75)):
        (series,) = (await _read(router, "ALIGN_NEXT_OLDER", f"REDUCE_{reducer}"))["timeSeries"]
        assert _values(series) == {0: value}


def _spread(*values: float) -> dict[str, Any]:
    """A distribution of values in buckets of ten, up to thirty."""
    mean = sum(values) / len(values)
    counts = [sum(1 for value in values if place * 10 <= value < (place + 1) * 10) for place in range(-1, 3)]
    return {
        "count": str(len(values)),
        "mean": mean,
        "sumOfSquaredDeviation": sum((value - mean) ** 2 for value in values),
        "bucketOptions": {"linearBuckets": {"numFiniteBuckets": 3, "width": 10, "offset": 0}},
        "bucketCounts": [str(count) for count in counts],
    }


async def test_distributions_are_aligned_and_reduced(router: Router) -> None:
    await _write(router, _spread(1, 2, 3, 4), -30, symbol="A")
    await _write(router, _spread(11, 12, 13, 14), 0, symbol="A")
    await _write(router, _spread(*range(20, 28)), 0, symbol="B")
    one, other = (await _read(router, "ALIGN_PERCENTILE_50"))["timeSeries"]
    assert (_values(one), _values(other)) == ({0: 10.0}, {0: 25.0})
    one, _ = (await _read(router, "ALIGN_SUM"))["timeSeries"]
    whole = _spread(1, 2, 3, 4, 11, 12, 13, 14)
    ((_, summed),) = _values(one).items()
    assert summed == {**whole, "sumOfSquaredDeviation": pytest.approx(whole["sumOfSquaredDeviation"])}
    (reduced,) = (await _read(router, "ALIGN_SUM", "REDUCE_PERCENTILE_95"))["timeSeries"]
    assert _values(reduced) == {0: pytest.approx(20 + 10 * (16 * 0.95 - 8) / 8)}
    (reduced,) = (await _read(router, "ALIGN_SUM", "REDUCE_MEAN"))["timeSeries"]
    assert _values(reduced) == {0: pytest.approx((60 + sum(range(20, 28))) / 16)}


async def test_distributions_that_grow_are_taken_apart(router: Router) -> None:
    await _write(router, _spread(1, 2), -60, -120)
    await _write(router, _spread(1, 2, 21, 22, 23, 24), 0, -120)
    grown = await _read(router, "ALIGN_DELTA", "REDUCE_PERCENTILE_50")
    assert _values(grown["timeSeries"][0]) == {0: 25.0, 60: 5.0}
    (delta,) = (await _read(router, "ALIGN_DELTA"))["timeSeries"]
    assert _values(delta)[0]["bucketCounts"] == ["0", "0", "0", "4"]
    assert _values(delta)[0]["mean"] == pytest.approx(22.5)


async def test_a_second_aggregation_is_of_what_the_first_makes(router: Router) -> None:
    for at in (-120, -60, 0):
        await _write(router, 100 + at, at, -180, symbol="A")
        await _write(router, 200 + at, at, -180, symbol="B")
    second = {
        "secondaryAggregation.alignmentPeriod": "180s",
        "secondaryAggregation.perSeriesAligner": "ALIGN_MAX",
    }
    (series,) = (await _read(router, "ALIGN_DELTA", "REDUCE_SUM", **second))["timeSeries"]
    assert (_values(series), series["metricKind"]) == ({0: 120}, "GAUGE")
    second["secondaryAggregation.perSeriesAligner"] = "ALIGN_RATE"
    (series,) = (
        await _read(router, "ALIGN_DELTA", **second, **{"secondaryAggregation.crossSeriesReducer": "REDUCE_SUM"})
    )["timeSeries"]
    assert _values(series) == {0: pytest.approx(300 / 180)}


_NUMBERS = st.lists(st.integers(-5, 40), min_size=1, max_size=20)


@given(_NUMBERS, _NUMBERS)
def test_distributions_are_added_and_taken_apart_like_their_values(one: list[int], other: list[int]) -> None:
    first, second = (
        monitoring_values.distribution(_spread(*(max(-9, min(v, 29)) for v in each))) for each in (one, other)
    )
    both = first.plus(second)
    whole = [max(-9, min(value, 29)) for value in (*one, *other)]
    assert both.mean == pytest.approx(statistics.fmean(whole))
    assert both.deviation == pytest.approx(statistics.pstdev(whole), abs=1e-6)
    back = both.plus(second, -1)
    assert (back.count, back.buckets, back.total) == (first.count, first.buckets, pytest.approx(first.total))
    assert 0 <= both.percentile(5) <= both.percentile(50) <= both.percentile(99) <= 30
