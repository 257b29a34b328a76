"""What Google refuses of an uptime check, and what it fills in."""

from __future__ import annotations

from typing import Any

from sandbox.control.errors import ApiError, invalid_argument, unimplemented

_PERIODS = {"60s", "300s", "600s", "900s"}
_FEWEST_REGIONS = 3


def complete(document: dict[str, Any], project: str) -> None:
    """Raises 400 with the field that is wrong."""
    if "syntheticMonitor" in document or "resourceGroup" in document:
        raise unimplemented("The sandbox implements uptime checks of a monitored resource only.")
    resource = document.get("monitoredResource")
    if not resource:
        raise _wrong("monitored_resource", "must be specified")
    if resource.get("type") not in ("uptime_url", "cloud_run_revision"):
        raise unimplemented(f"The sandbox does not implement uptime checks of {resource.get('type')}.")
    labels = resource.setdefault("labels", {})
    if resource["type"] == "uptime_url" and not labels.get("host"):
        raise _wrong("monitored_resource.labels.host", "must be specified")
    labels.setdefault("project_id", project)
    if ("httpCheck" in document) == ("tcpCheck" in document):
        raise _wrong("http_check", "an uptime check is by HTTP or by TCP")
    if document["period"] not in _PERIODS:
        raise _wrong("period", "must be 60s, 300s, 600s or 900s")
    timeout = str(document.get("timeout", ""))
    if not timeout.endswith("s") or not 1 <= float(timeout[:-1] or 0) <= 60:
        raise _wrong("timeout", "must be 1s to 60s")
    regions = document.get("selectedRegions") or []
    if regions and len(regions) < _FEWEST_REGIONS and "USA" not in regions:
        raise _wrong("selected_regions", "must give at least three locations, or none")
    if len(document.get("contentMatchers") or []) > 1:
        raise _wrong("content_matchers", "there is one at most")
    if http := document.get("httpCheck"):
        _http(http)


def _http(http: dict[str, Any]) -> None:
    http.setdefault("requestMethod", "GET")
    http.setdefault("port", 443 if http.get("useSsl") else 80)
    path = str(http.get("path") or "/")
    http["path"] = path if path.startswith("/") else f"/{path}"
    if http.get("validateSsl") and not http.get("useSsl"):
        raise _wrong("http_check.validate_ssl", "needs use_ssl")
    if http.get("body") and http["requestMethod"] != "POST":
        raise _wrong("http_check.body", "is for POST")


def _wrong(where: str, text: str) -> ApiError:
    field = f"uptime_check_config.{where}"
    return invalid_argument(f"Field {field} had an invalid value: {text}.", {field: text})
