"""Metrics of log entries, read as Cloud Monitoring's time series."""

from __future__ import annotations

import functools
import itertools
import math
import statistics
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis.logging import api as logging
from sandbox.apis.logging import counts as logging_counts
from sandbox.apis.logging import entries as logging_entries
from sandbox.apis.monitoring import api as monitoring
from sandbox.apis.monitoring import points as monitoring_points
from sandbox.apis.monitoring import series as monitoring_series
from sandbox.apis.monitoring.values import Distribution
from sandbox.control.context import Control, timestamp
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store

NOW = 1_800_000_000.0  # a whole minute
RUN = {"type": "cloud_run_revision", "labels": {"service_name": "router", "project_id": "atm-counts"}}


class Counted:
    """The two APIs, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.control = Control(Store(folder / "sandbox.db"), folder, clock=lambda: NOW)
        self.router = Router(self.control)
        for api in (monitoring.API, logging.API):
            self.router.add(api)

    async def ask(self, method: str, path: str, document: Any = None, status: int = 200) -> Any:
        response = await self.router.dispatch(Request.of(method, path, document))
        assert response.status == status, response.body
        return response.json()

    async def metric(self, name: str, **more: Any) -> None:
        document = {"name": name, "filter": 'resource.type="cloud_run_revision"', **more}
        await self.ask("POST", "/logging/v2/projects/atm-counts/metrics", document)

    async def write(self, *payloads: dict[str, Any], at: float = -90) -> None:
        common = {"logName": "projects/atm-counts/logs/run.googleapis.com%2Fstdout", "resource": RUN}
        entries = [{**common, "timestamp": timestamp(NOW + at), "jsonPayload": each} for each in payloads]
        await self.ask("POST", "/logging/v2/entries:write", {"entries": entries})

    async def series(self, name: str, since: float = -3600, **aggregation: str) -> list[dict[str, Any]]:
        query = {
            "filter": f'metric.type = "logging.googleapis.com/user/{name}"',
            "interval.startTime": timestamp(NOW + since),
            "interval.endTime": timestamp(NOW),
            **{f"aggregation.{key}": value for key, value in aggregation.items()},
        }
        path = f"/monitoring/v3/projects/atm-counts/timeSeries?{urlencode(query)}"
        return list((await self.ask("GET", path)).get("timeSeries", []))


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[Counted]:
    made = Counted(tmp_path)
    await monitoring_series.start(made.control)
    await logging_entries.start(made.control)
    yield made
    made.control.store.close()


async def test_entries_are_counted_by_minute_label_and_resource(counted: Counted) -> None:
    labels = [{"key": "symbol"}, {"key": "lots", "valueType": "INT64"}]
    await counted.metric(
        "orders/sent",
        filter='jsonPayload.event="sent"',
        labelExtractors={
            "symbol": "EXTRACT(jsonPayload.symbol)",
            "lots": 'REGEXP_EXTRACT(jsonPayload.text, "lots=([0-9]+)")',
        },
        metricDescriptor={"metricKind": "DELTA", "valueType": "INT64", "labels": labels},
    )
    sent = {"event": "sent", "symbol": "TCS", "text": "lots=2"}
    await counted.write(sent, sent, {**sent, "event": "filled"})
    await counted.write(sent, at=-30)
    await counted.write({"event": "sent"})
    await counted.write(sent, at=-25 * 3600)  # too old to be counted

    bare, tcs = sorted(await counted.series("orders/sent"), key=lambda each: str(each["metric"]))
    assert bare["metric"]["labels"] == {"symbol": "", "lots": "0"}
    assert tcs["metric"] == {
        "type": "logging.googleapis.com/user/orders/sent",
        "labels": {"symbol": "TCS", "lots": "2"},
    }
    assert tcs["resource"] == RUN
    assert (tcs["metricKind"], tcs["valueType"]) == ("DELTA", "INT64")
    assert [(point["interval"], point["value"]["int64Value"]) for point in tcs["points"]] == [
        ({"startTime": timestamp(NOW - 60), "endTime": timestamp(NOW)}, "1"),
        ({"startTime": timestamp(NOW - 120), "endTime": timestamp(NOW - 60)}, "2"),
    ]
    period = {"alignmentPeriod": "120s"}
    (whole,) = await counted.series(
        "orders/sent", -120, **period, perSeriesAligner="ALIGN_DELTA", crossSeriesReducer="REDUCE_SUM"
    )
    assert [point["value"] for point in whole["points"]] == [{"int64Value": "4"}]
    rates = await counted.series("orders/sent", -120, **period, perSeriesAligner="ALIGN_RATE")
    assert sorted(series["points"][0]["value"]["doubleValue"] for series in rates) == [1 / 120, 3 / 120]


async def test_a_distribution_is_of_what_is_extracted(counted: Counted) -> None:
    await counted.metric(
        "latency",
        valueExtractor="EXTRACT(jsonPayload.took)",
        bucketOptions={"explicitBuckets": {"bounds": [1, 10]}},
        metricDescriptor={"valueType": "DISTRIBUTION", "unit": "ms"},
    )
    await counted.write({"took": 0.5}, {"took": "4s"}, {"took": 12}, {"took": "soon"}, {})
    await counted.write({"took": 1})
    ((point,),) = [series["points"] for series in await counted.series("latency")]
    found = point["value"]["distributionValue"]
    assert (found["count"], found["bucketCounts"]) == ("4", ["1", "2", "1"])
    assert found["mean"] == pytest.approx(4.375)
    assert found["sumOfSquaredDeviation"] == pytest.approx(statistics.pvariance([0.5, 4, 12, 1]) * 4)
    (half,) = await counted.series("latency", alignmentPeriod="60s", perSeriesAligner="ALIGN_PERCENTILE_50")
    assert half["valueType"] == "DOUBLE"
    assert 1 <= half["points"][0]["value"]["doubleValue"] <= 10
    (whole,) = await counted.series("latency", alignmentPeriod="3600s", perSeriesAligner="ALIGN_DELTA")
    assert whole["points"][0]["value"]["distributionValue"]["count"] == "4"


async def test_a_metric_is_counted_whether_or_not_a_bucket_keeps_the_entry(counted: Counted) -> None:
    default = await counted.ask("GET", "/logging/v2/projects/atm-counts/sinks/_Default")
    path = "/logging/v2/projects/atm-counts/sinks/_Default?updateMask=disabled"
    await counted.ask("PATCH", path, {**default, "disabled": True})
    bucket = "projects/atm-counts/locations/global/buckets/_Default"
    await counted.metric("all")
    await counted.metric("kept", bucketName=bucket)
    await counted.metric("off", disabled=True)
    await counted.write({"event": "sent"})
    assert len(await counted.series("all")) == 1
    for name in ("kept", "off"):
        assert await counted.series(name) == []


async def test_monitoring_knows_a_metric_as_long_as_it_is_there(counted: Counted) -> None:
    await counted.metric("orders/sent", description="Orders.")
    kind = "logging.googleapis.com/user/orders/sent"
    path = f"/monitoring/v3/projects/atm-counts/metricDescriptors/{kind}"
    found = await counted.ask("GET", path)
    assert (found["type"], found["metricKind"], found["description"]) == (kind, "DELTA", "Orders.")
    await counted.write({"event": "sent"})
    await counted.ask("DELETE", f"/logging/v2/projects/atm-counts/metrics/{quote('orders/sent', safe='')}")
    await counted.ask("GET", path, status=404)
    assert await counted.series("orders/sent") == []


@pytest.mark.parametrize(
    "more",
    [
        {"filter": "severity>="},
        {"valueExtractor": 'REGEXP_EXTRACT(textPayload, "(")', "metricDescriptor": {"valueType": "DISTRIBUTION"}},
        {"valueExtractor": 'REGEXP_EXTRACT(textPayload, "a")', "metricDescriptor": {"valueType": "DISTRIBUTION"}},
        {
            "valueExtractor": "EXTRACT(jsonPayload.took)",
            "metricDescriptor": {"valueType": "DISTRIBUTION"},
            "bucketOptions": {"linearBuckets": {"numFiniteBuckets": 2, "offset": 1}},
        },
    ],
)
async def test_what_could_not_be_counted_is_refused(counted: Counted, more: dict[str, Any]) -> None:
    document = {"name": "wrong", "filter": "severity=ERROR", **more}
    await counted.ask("POST", "/logging/v2/projects/atm-counts/metrics", document, status=400)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_what_is_added_one_by_one_is_the_distribution_of_all(numbers: list[float]) -> None:
    bounds = [-1000.0, 0.0, 0.5, 1000.0]
    metric = {
        "filter": "",
        "valueExtractor": "EXTRACT(n)",
        "bucketOptions": {"explicitBuckets": {"bounds": bounds}},
        "metricDescriptor": {"type": "t"},
    }
    read = logging_counts._Metric.of(metric)
    additions = [monitoring_points.Addition("p", {}, 0, 60, logging_counts._one(read, number)) for number in numbers]
    whole = functools.reduce(lambda one, other: one.plus(other.value), additions).value
    assert isinstance(whole, Distribution)
    told = whole.document()
    ends = itertools.pairwise([-math.inf, *bounds, math.inf])
    expected = [sum(low <= number < high for number in numbers) for low, high in ends]
    assert [int(count) for count in told["bucketCounts"]] == expected[: len(told["bucketCounts"])]
    assert int(told["count"]) == len(numbers)
    assert told["mean"] == pytest.approx(statistics.fmean(numbers), abs=1e-6)
