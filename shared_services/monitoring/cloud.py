"""Metrics as Cloud Monitoring's own: `custom.googleapis.com/platform/…`."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from shared_services.cloud.errors import CloudForbidden, CloudUnavailable
from shared_services.cloud.rest import refusal
from shared_services.cloud.tokens import AccessTokens
from shared_services.errors import InputError

from .metrics import Sample

PREFIX = "custom.googleapis.com/platform/"
_MOST = 200  # series of a request
_NO_LABEL = re.compile(r"\W")


class CloudMonitoring:
    """Writes samples as time series. A series takes a point every five seconds at most.

    Args:
        project: whose metrics.
        region: stands in the monitored resource.
        environ: the variables.
        client: of httpx.
    """

    def __init__(
        self,
        project: str,
        *,
        region: str = "asia-south1",
        environ: Mapping[str, str] | None = None,
        client: httpx.Client | None = None,
    ) -> None:
        environ = os.environ if environ is None else environ
        self._tokens = AccessTokens(environ)
        base = environ.get("GOOGLE_MONITORING_CUSTOM_ENDPOINT") or "https://monitoring.googleapis.com/"
        base = base.rstrip("/")
        self._url = f"{base if base.endswith('/v3') else f'{base}/v3'}/projects/{project}/timeSeries"
        self._project, self._region = project, region
        self._client = client or httpx.Client(timeout=30, trust_env=not base.startswith("http://"))

    def write(self, samples: Sequence[Sample], at: datetime | None = None) -> int:
        """Write the samples as points of one moment; how many series they are.

        Raises:
            CloudForbidden, CloudUnavailable, InputError: they can't be written.
        """
        series = list(time_series(samples, at or datetime.now(UTC), self._project, self._region))
        for begin in range(0, len(series), _MOST):
            self._send(series[begin : begin + _MOST])
        return len(series)

    def _send(self, series: list[dict[str, Any]]) -> None:
        headers = {"authorization": f"Bearer {self._tokens(self._url)}"}
        try:
            answer = self._client.post(self._url, json={"timeSeries": series}, headers=headers)
        except httpx.HTTPError as error:
            raise CloudUnavailable("Cloud Monitoring doesn't answer", where=self._url, why=str(error)) from error
        if answer.is_success:
            return
        said = refusal(answer)
        if answer.status_code == 501:
            raise InputError("this sandbox measures nothing", why=said, todo="--format json or prometheus")
        if answer.status_code in (401, 403):
            todo = "grant monitoring.timeSeries.create to the account that runs this"
            raise CloudForbidden("the metrics can't be written", where=self._project, why=said, todo=todo)
        if answer.status_code >= 500 or answer.status_code == 429:
            raise CloudUnavailable("the metrics can't be written just now", where=self._project, why=said)
        raise InputError("Cloud Monitoring refuses the metrics", where=self._project, why=said)


def time_series(samples: Sequence[Sample], at: datetime, project: str, region: str) -> Iterator[dict[str, Any]]:
    """Samples as Cloud Monitoring's series: counters are cumulative, histograms are distributions."""
    whole: dict[tuple[str, tuple[tuple[str, str], ...]], list[Sample]] = {}
    for sample in samples:
        if sample.kind in ("histogram", "gaugehistogram"):
            labels = tuple(sorted((k, v) for k, v in sample.labels.items() if k != "le"))
            whole.setdefault((sample.name, labels), []).append(sample)
        elif math.isfinite(sample.value):
            kind = "CUMULATIVE" if sample.kind == "counter" and sample.began else "GAUGE"
            value = {"doubleValue": sample.value}
            yield _series(
                sample.name + sample.part, sample.labels, kind, "DOUBLE", value, sample.began, at, project, region
            )
    for (name, labels), parts in whole.items():
        spread: dict[str, Any] = {"distributionValue": _distribution(parts)}
        kind = "CUMULATIVE" if parts[0].began else "GAUGE"
        yield _series(name, dict(labels), kind, "DISTRIBUTION", spread, parts[0].began, at, project, region)


def _series(
    name: str,
    labels: Mapping[str, str],
    kind: str,
    type: str,
    value: dict[str, Any],
    began: float,
    at: datetime,
    project: str,
    region: str,
) -> dict[str, Any]:
    interval = {"endTime": at.isoformat()}
    if kind == "CUMULATIVE":
        interval["startTime"] = datetime.fromtimestamp(began, UTC).isoformat()
    resource = {
        "type": "generic_task",
        "labels": {
            "project_id": project,
            "location": region,
            "namespace": "platform",
            "job": labels.get("service", ""),
            "task_id": labels.get("instance", ""),
        },
    }
    own = {_NO_LABEL.sub("_", key): text for key, text in labels.items() if key not in ("service", "instance")}
    return {
        "metric": {"type": PREFIX + name, "labels": own},
        "resource": resource,
        "metricKind": kind,
        "valueType": type,
        "points": [{"interval": interval, "value": value}],
    }


def _distribution(parts: Sequence[Sample]) -> dict[str, Any]:
    """A histogram of Prometheus, whose buckets add up, as a distribution, whose buckets stand alone."""
    bounds = sorted(((float(p.labels["le"]), p.value) for p in parts if p.part == "_bucket"), key=lambda each: each[0])
    total = next((p.value for p in parts if p.part == "_count"), bounds[-1][1] if bounds else 0.0)
    sum_ = next((p.value for p in parts if p.part == "_sum"), 0.0)
    counts, below = [], 0.0
    for _, cumulative in bounds:
        counts.append(str(int(cumulative - below)))
        below = cumulative
    finite = [bound for bound, _ in bounds if math.isfinite(bound)]
    found: dict[str, Any] = {"count": str(int(total)), "mean": sum_ / total if total else 0.0}
    if finite:
        found |= {"bucketOptions": {"explicitBuckets": {"bounds": finite}}, "bucketCounts": counts}
    return found
