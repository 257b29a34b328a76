"""Cloud Monitoring: series are written by Google's rules and found by its filters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from sandbox.apis.monitoring import api as monitoring
from sandbox.apis.monitoring import points as monitoring_points
from sandbox.apis.monitoring import series as monitoring_series
from sandbox.control.context import Control, timestamp
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store

_PROJECT = "v3/projects/series-unit"
_TYPE = "custom.googleapis.com/orders/count"


class Monitoring:
    """The API over a state directory, and a clock."""

    def __init__(self, path: Path) -> None:
        self.now = 1_800_000_000.0
        self.control = Control(Store(path / "sandbox.db"), path, clock=lambda: self.now)
        self.router = Router(self.control)
        self.router.add(monitoring.API)

    async def ask(self, method: str, path: str, document: Any = None, status: int = 200) -> dict[str, Any]:
        answer = await self.router.dispatch(Request.of(method, f"/monitoring/{path}", document))
        told: dict[str, Any] = answer.json()
        assert answer.status == status, told
        return told

    def series(self, value: Any = 1, at: float = 0, kind: str = _TYPE, **labels: str) -> dict[str, Any]:
        point = {"interval": {"endTime": timestamp(self.now + at)}, "value": {"int64Value": str(value)}}
        return {"metric": {"type": kind, "labels": labels}, "resource": {"type": "global"}, "points": [point]}

    async def write(self, *series: dict[str, Any], status: int = 200) -> dict[str, Any]:
        return await self.ask("POST", f"{_PROJECT}/timeSeries", {"timeSeries": list(series)}, status)

    async def read(self, text: str = f'metric.type = "{_TYPE}"', status: Any = 200, **query: Any) -> dict[str, Any]:
        interval = {"interval.startTime": timestamp(self.now - 3600), "interval.endTime": timestamp(self.now)}
        path = f"{_PROJECT}/timeSeries?{urlencode({'filter': text, **interval, **query})}"
        return await self.ask("GET", path, status=status)


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Monitoring]:
    made = Monitoring(tmp_path)
    await monitoring_series.start(made.control)
    yield made
    made.control.store.close()


async def test_the_first_write_makes_the_descriptor_and_a_new_label_joins_it(api: Monitoring) -> None:
    await api.write(api.series(7, side="buy"))
    shown = await api.ask("GET", f"{_PROJECT}/metricDescriptors/{_TYPE}")
    assert (shown["metricKind"], shown["valueType"], shown["labels"]) == (
        "GAUGE",
        "INT64",
        [{"key": "side", "valueType": "STRING"}],
    )
    await api.write(api.series(8, side="buy", symbol="TCS"))
    shown = await api.ask("GET", f"{_PROJECT}/metricDescriptors/{_TYPE}")
    assert [label["key"] for label in shown["labels"]] == ["side", "symbol"]
    query = urlencode({"filter": 'metric.type = starts_with("custom.googleapis.com/orders")'})
    listed = await api.ask("GET", f"{_PROJECT}/metricDescriptors?{query}")
    assert [each["type"] for each in listed["metricDescriptors"]] == [_TYPE]
    await api.ask("DELETE", f"{_PROJECT}/metricDescriptors/{_TYPE}")
    assert await api.read() == {}
    await api.ask("GET", f"{_PROJECT}/metricDescriptors/{_TYPE}", status=404)


async def test_points_are_read_newest_first_after_the_start(api: Monitoring) -> None:
    for at, value in ((-3600, 1), (-60, 2), (0, 3)):
        await api.write(api.series(value, at, side="buy"))
    (series,) = (await api.read())["timeSeries"]
    assert [point["value"]["int64Value"] for point in series["points"]] == ["3", "2"]
    assert series["resource"] == {"type": "global", "labels": {"project_id": "series-unit"}}
    (headers,) = (await api.read(view="HEADERS"))["timeSeries"]
    assert "points" not in headers


async def test_pages_count_points(api: Monitoring) -> None:
    for side in ("buy", "sell"):
        for at in (-20, -10, 0):
            await api.write(api.series(at + 100, at, side=side))
    pages, token = [], ""
    for _ in range(10):
        page = await api.read(pageSize=2, pageToken=token)
        pages.append([point["value"]["int64Value"] for each in page["timeSeries"] for point in each["points"]])
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert pages == [["100", "90"], ["80", "100"], ["90", "80"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": []}, "exactly one point"),
        ({"resource": {"type": "cloud_sky"}}, "resource.type"),
        ({"resource": {"type": "global", "labels": {"zone": "a"}}}, "unrecognized resource label zone"),
        ({"valueType": "DOUBLE"}, "Value type"),
        ({"metricKind": "CUMULATIVE"}, "Metric kind"),
        ({"metric": {"type": "run.googleapis.com/requests"}}, "metricDescriptor.type"),
    ],
)
async def test_what_can_t_be_written(api: Monitoring, change: dict[str, Any], message: str) -> None:
    await api.write(api.series(1, -60))
    told = await api.write(api.series(2, 0) | change, status=400)
    assert message in told["error"]["message"]


async def test_points_come_in_order_and_not_too_often(api: Monitoring) -> None:
    await api.write(api.series(1, 0))
    for at, message in ((0, "in order"), (-10, "in order"), (3, "more frequently"), (400, "5 minutes in the future")):
        assert message in (await api.write(api.series(2, at), status=400))["error"]["message"]
    await api.write(api.series(2, 5))
    told = await api.write(api.series(3, 10), api.series(3, 10), api.series(1, side="buy"), status=400)
    (summary,) = told["error"]["details"]
    assert (summary["totalPointCount"], summary["successPointCount"]) == (3, 2)
    await api.write(*[api.series(1, n=str(n)) for n in range(201)], status=400)


async def test_old_points_make_room(api: Monitoring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring_points, "POINTS_MOST", 3)
    for at in range(-50, 1, 10):
        await api.write(api.series(at + 100, at))
    (series,) = (await api.read())["timeSeries"]
    assert [point["value"]["int64Value"] for point in series["points"]] == ["100", "90", "80"]


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("", "buy hold sell"),
        (' AND metric.labels.side = "buy"', "buy"),
        (' metric.label."side" != "buy"', "hold sell"),
        (' AND metric.labels.side = one_of("buy", "sell")', "buy sell"),
        (' AND metric.labels.side = ends_with("l")', "sell"),
        (' AND NOT metric.labels.side = has_substring("l")', "buy"),
        (' AND metric.labels.side = "buy" OR metric.labels.side = "sell"', "buy sell"),
        (' AND (metric.labels.side = "buy" AND resource.type = "global")', "buy"),
        (' AND resource.labels.project_id = starts_with("other")', ""),
        (' AND metric.labels.side = monitoring.regex.full_match("b.*|h.*")', "buy hold"),
        (' AND project = "series-unit" AND metric.labels.side > "c"', "hold sell"),
    ],
)
async def test_filters(api: Monitoring, text: str, sides: str) -> None:
    await api.write(*[api.series(1, side=side) for side in ("buy", "sell", "hold")])
    found = (await api.read(f'metric.type = "{_TYPE}"{text}')).get("timeSeries", [])
    assert sorted(each["metric"]["labels"]["side"] for each in found) == sides.split()


@pytest.mark.parametrize(
    "text", ["", 'metric.type = "a" AND', "metric.type ~ 3", 'metric.kind = "a"', 'resource.type = "global"', "(", ")"]
)
async def test_filters_that_are_none(api: Monitoring, text: str) -> None:
    assert (await api.read(text, 400))["error"]["status"] == "INVALID_ARGUMENT"


async def test_what_is_not_served_is_said(api: Monitoring) -> None:
    await api.read(status=400, orderBy="x")
    await api.read('metric.type = "a" AND metadata.user_labels.a = "b"', 501)
    await api.read(**{"aggregation.perSeriesAligner": "ALIGN_NONE"})


@pytest.mark.parametrize(
    "document",
    [
        {"type": "compute.googleapis.com/x", "metricKind": "GAUGE", "valueType": "INT64"},
        {"type": _TYPE, "metricKind": "DELTA", "valueType": "INT64"},
        {"type": _TYPE, "metricKind": "CUMULATIVE", "valueType": "STRING"},
        {"type": _TYPE, "metricKind": "GAUGE"},
        {"type": _TYPE, "metricKind": "GAUGE", "valueType": "INT64", "labels": [{"key": "1a"}]},
    ],
)
async def test_descriptors_that_can_t_be(api: Monitoring, document: dict[str, Any]) -> None:
    await api.ask("POST", f"{_PROJECT}/metricDescriptors", document, 400)


async def test_a_descriptor_s_kind_is_for_good(api: Monitoring) -> None:
    document = {"type": _TYPE, "metricKind": 3, "valueType": 3, "unit": "1"}
    made = await api.ask("POST", f"{_PROJECT}/metricDescriptors", document)
    assert (made["metricKind"], made["valueType"], made["unit"]) == ("CUMULATIVE", "DOUBLE", "1")
    await api.ask("POST", f"{_PROJECT}/metricDescriptors", {**document, "metricKind": "GAUGE"}, 400)
    begins = {"interval": {"startTime": timestamp(api.now - 60), "endTime": timestamp(api.now)}}
    point = {**begins, "value": {"doubleValue": 1.5}}
    await api.write({"metric": {"type": _TYPE}, "resource": {"type": "global"}, "points": [point]})
    assert (await api.read())["timeSeries"][0]["metricKind"] == "CUMULATIVE"


async def test_resources(api: Monitoring) -> None:
    listed = await api.ask("GET", f"{_PROJECT}/monitoredResourceDescriptors?pageSize=3")
    assert len(listed["resourceDescriptors"]) == 3
    assert listed["nextPageToken"]
    shown = await api.ask("GET", f"{_PROJECT}/monitoredResourceDescriptors/generic_task")
    assert [each["key"] for each in shown["labels"]] == ["project_id", "location", "namespace", "job", "task_id"]
    await api.ask("GET", f"{_PROJECT}/monitoredResourceDescriptors/none", status=404)


async def test_groups_have_parents_and_children(api: Monitoring) -> None:
    groups, text = f"{_PROJECT}/groups", 'resource.type = "gce_instance"'
    top = (await api.ask("POST", groups, {"displayName": "top", "filter": text}))["name"]
    below = await api.ask("POST", groups, {"displayName": "below", "filter": text, "parentName": top})
    assert len((await api.ask("GET", groups))["group"]) == 2
    changed = {"displayName": "renamed", "filter": text, "isCluster": True}
    assert (await api.ask("PUT", f"v3/{top}", changed))["isCluster"]
    await api.ask("PUT", f"v3/{top}", {**changed, "parentName": below["name"]}, 400)
    await api.ask("DELETE", f"v3/{top}", status=400)
    await api.ask("DELETE", f"v3/{top}?recursive=true")
    assert await api.ask("GET", groups) == {}
    await api.ask("POST", groups, {"displayName": "x", "filter": "what?"}, 400)


async def test_snoozes_end_and_then_stay(api: Monitoring) -> None:
    condition = {"displayName": "c", "conditionMatchedLog": {"filter": "severity>=ERROR"}}
    limit = {"notificationRateLimit": {"period": "300s"}}
    policy = {"displayName": "p", "combiner": "OR", "conditions": [condition], "alertStrategy": limit}
    named = (await api.ask("POST", f"{_PROJECT}/alertPolicies", policy))["name"]
    interval = {"startTime": timestamp(api.now), "endTime": timestamp(api.now + 600)}
    body = {"displayName": "s", "criteria": {"policies": [named]}, "interval": interval}
    made = (await api.ask("POST", f"{_PROJECT}/snoozes", body))["name"]
    longer = {"interval": {"endTime": timestamp(api.now + 900)}}
    changed = await api.ask("PATCH", f"v3/{made}?updateMask=interval.endTime", longer)
    assert changed["interval"]["endTime"] == timestamp(api.now + 900)
    await api.ask("POST", f"{_PROJECT}/snoozes", {**body, "criteria": {"policies": [f"{named}x"]}}, 400)
    await api.ask("POST", f"{_PROJECT}/snoozes", {**body, "interval": {"startTime": timestamp(api.now)}}, 400)
    api.now += 1000
    await api.ask("PATCH", f"v3/{made}?updateMask=displayName", {"displayName": "late"}, 400)
    assert [each["name"] for each in (await api.ask("GET", f"{_PROJECT}/snoozes"))["snoozes"]] == [made]


async def test_where_uptime_checks_come_from(api: Monitoring) -> None:
    listed = (await api.ask("GET", "v3/uptimeCheckIps"))["uptimeCheckIps"]
    assert {each["region"] for each in listed} == {"USA", "EUROPE", "SOUTH_AMERICA", "ASIA_PACIFIC"}
