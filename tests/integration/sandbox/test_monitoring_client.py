"""Google's Cloud Monitoring clients, unchanged, over gRPC: skipped where google-cloud-monitoring is not installed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from google.api_core import exceptions

from tests.integration.sandbox_process import Sandbox

monitoring = pytest.importorskip("google.cloud.monitoring_v3", reason="google-cloud-monitoring is not installed")

PROJECT = "projects/monitoring-client"
TYPE = "custom.googleapis.com/orders/open"


def test_series_are_written_and_read(sandbox: Sandbox) -> None:
    client = sandbox.over_grpc(monitoring.MetricServiceClient)
    now = int(time.time())

    def series(value: float, ends: int) -> Any:
        made = monitoring.TimeSeries(
            metric={"type": TYPE, "labels": {"side": "buy"}},
            resource={"type": "generic_task", "labels": {"location": "asia-south1", "job": "risk", "task_id": "1"}},
        )
        made.points = [monitoring.Point(interval={"end_time": {"seconds": ends}}, value={"double_value": value})]
        return made

    client.create_time_series(name=PROJECT, time_series=[series(1.5, now - 30)])
    client.create_time_series(name=PROJECT, time_series=[series(2.5, now)])
    with pytest.raises(exceptions.InvalidArgument, match="in order"):
        client.create_time_series(name=PROJECT, time_series=[series(2.5, now)])
    interval = {"start_time": {"seconds": now - 60}, "end_time": {"seconds": now}}
    request = {
        "name": PROJECT,
        "filter": f'metric.type = "{TYPE}" AND resource.labels.job = "risk"',
        "interval": interval,
    }
    (found,) = client.list_time_series(request={**request, "view": "FULL"})
    assert [point.value.double_value for point in found.points] == [2.5, 1.5]
    assert (found.value_type.name if hasattr(found.value_type, "name") else found.value_type) in ("DOUBLE", 3)
    aggregation = {"alignment_period": {"seconds": 60}, "per_series_aligner": "ALIGN_MEAN"}
    aggregation |= {"cross_series_reducer": "REDUCE_SUM", "group_by_fields": ["resource.labels.job"]}
    (made,) = client.list_time_series(request={**request, "aggregation": aggregation})
    assert ([point.value.double_value for point in made.points], dict(made.resource.labels)["job"]) == ([2.0], "risk")
    descriptor = client.get_metric_descriptor(name=f"{PROJECT}/metricDescriptors/{TYPE}")
    assert [label.key for label in descriptor.labels] == ["side"]
    assert [each.type for each in client.list_metric_descriptors(name=PROJECT)] == [TYPE]
    assert "generic_task" in [each.type for each in client.list_monitored_resource_descriptors(name=PROJECT)]
    client.delete_metric_descriptor(name=f"{PROJECT}/metricDescriptors/{TYPE}")
    assert list(client.list_time_series(request=request)) == []


def test_what_is_counted_and_measured_of_logs_is_read(sandbox: Sandbox) -> None:
    """Metrics made of log entries, declared over REST as Terraform does."""
    name, moment = "monitoring-client-logs", time.time() - 120
    metric = {
        "name": "orders/took",
        "filter": 'jsonPayload.event="sent"',
        "valueExtractor": "EXTRACT(jsonPayload.took)",
        "labelExtractors": {"side": "EXTRACT(jsonPayload.side)"},
        "metricDescriptor": {"valueType": "DISTRIBUTION", "unit": "s", "labels": [{"key": "side"}]},
        "bucketOptions": {"exponentialBuckets": {"numFiniteBuckets": 3, "growthFactor": 2, "scale": 1}},
    }
    assert sandbox.request("POST", f"/logging/v2/projects/{name}/metrics", metric).status == 200
    entry = {
        "logName": f"projects/{name}/logs/app",
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": "router"}},
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
    }
    payloads = [{"event": "sent", "side": "buy", "took": took} for took in (0.5, 3)] + [{"event": "filled"}]
    entries = [{**entry, "jsonPayload": payload} for payload in payloads]
    assert sandbox.request("POST", "/logging/v2/entries:write", {"entries": entries}).status == 200

    client = sandbox.over_grpc(monitoring.MetricServiceClient)
    request = {
        "name": f"projects/{name}",
        "filter": 'metric.type = "logging.googleapis.com/user/orders/took" AND metric.labels.side = "buy"',
        "interval": {"start_time": {"seconds": int(moment) - 120}, "end_time": {"seconds": int(moment) + 120}},
    }
    (found,) = client.list_time_series(request={**request, "view": "FULL"})
    assert dict(found.resource.labels)["service_name"] == "router"
    (point,) = found.points
    value = point.value.distribution_value
    assert (value.count, value.mean, list(value.bucket_counts)) == (2, 1.75, [1, 0, 1])
    aggregation = {"alignment_period": {"seconds": 240}, "per_series_aligner": "ALIGN_PERCENTILE_99"}
    (made,) = client.list_time_series(request={**request, "aggregation": aggregation})
    assert 2 < made.points[0].value.double_value <= 4


def test_groups_and_snoozes(sandbox: Sandbox) -> None:
    groups = sandbox.over_grpc(monitoring.GroupServiceClient)
    made = groups.create_group(name=PROJECT, group={"display_name": "all", "filter": 'resource.type = "gce_instance"'})
    made.display_name = "machines"
    assert groups.update_group(group=made).display_name == "machines"
    assert [each.name for each in groups.list_groups(name=PROJECT)] == [made.name]
    groups.delete_group(name=made.name)
    with pytest.raises(exceptions.NotFound):
        groups.get_group(name=made.name)
    assert len(list(sandbox.over_grpc(monitoring.UptimeCheckServiceClient).list_uptime_check_ips(request={}))) > 3
    snoozes = sandbox.over_grpc(monitoring.SnoozeServiceClient)
    interval = {"start_time": {"seconds": int(time.time())}, "end_time": {"seconds": int(time.time()) + 600}}
    criteria = {"policies": [f"{PROJECT}/alertPolicies/none"]}
    with pytest.raises(exceptions.InvalidArgument, match="is not there"):
        snoozes.create_snooze(parent=PROJECT, snooze={"display_name": "s", "interval": interval, "criteria": criteria})
    assert list(snoozes.list_snoozes(parent=PROJECT)) == []
