"""The service over the sandbox's bucket and topic: what is applied reaches a service that runs."""

from __future__ import annotations

import time

import pytest

from shared_services import Bucket

from .running import Platform, ask

pytestmark = pytest.mark.xdist_group("shared-services")


def body(value: int) -> dict[str, object]:
    return {"override": {"limits": {"orders_per_minute": value}}, "comment": "test"}


def test_a_change_reaches_a_running_service(url: str, follower: str, platform: Platform) -> None:
    base = ask(f"{url}/api/v1/config/risk").json["version"]
    assert ask(f"{follower}/orders-per-minute").json["value"] != 61 + base
    applied = ask(f"{url}/api/v1/config/risk", "PUT", body(61 + base), if_match=f'"{base}"', idempotency_key="t1")
    assert applied.status == 200
    began = time.monotonic()
    while ask(f"{follower}/orders-per-minute").json["value"] != 61 + base:
        assert time.monotonic() < began + 30
        time.sleep(0.02)
    assert ask(f"{url}/api/v1/config/risk", "PUT", body(5), if_match=f'"{base}"').status == 412
    again = ask(f"{url}/api/v1/config/risk", "PUT", body(61 + base), if_match=f'"{base}"', idempotency_key="t1")
    assert again.json == applied.json
    bucket = Bucket(platform.name, environ=platform.environ)
    assert f"orders_per_minute: {61 + base}".encode() in bucket.read("risk.yaml")
    back = ask(f"{url}/api/v1/config/risk/rollback", "POST", {"to": base}, if_match=f'"{base + 1}"')
    assert back.json["version"] == base + 2


@pytest.mark.whole
def test_two_instances_agree(url: str, platform: Platform) -> None:
    other = platform.service()
    base = ask(f"{other}/api/v1/config/trading").json["version"]
    layer = {"override": {"capital": 123456}}
    assert ask(f"{url}/api/v1/config/trading", "PUT", layer, if_match=f'"{base}"', idempotency_key="k").status == 200
    assert ask(f"{other}/api/v1/config/trading", "PUT", layer, if_match=f'"{base}"', idempotency_key="k").status == 200
    assert ask(f"{other}/api/v1/config/trading", "PUT", layer, if_match=f'"{base}"').status == 412
    seen = ask(f"{other}/api/v1/config/trading").json
    assert (seen["version"], seen["values"]["capital"]) == (base + 1, 123456)


def test_services_and_reports(url: str, reports: Bucket) -> None:
    found = ask(f"{url}/api/v1/services").json["services"]
    assert len([each for each in found if not each["deployed"]]) >= 12  # none of ours is deployed in this project
    health = ask(f"{url}/api/v1/services/health").json
    assert {each["service"] for each in health["services"]} >= {"risk-manager", "auth"}
    reports.write("daily/2026-11-25.json", b'{"pnl": 12}', content_type="application/json")
    reports.write("daily/evil.html", b"<script>alert(1)</script>", content_type="text/html")
    names = [each["name"] for each in ask(f"{url}/api/v1/reports?prefix=daily/").json["reports"]]
    assert names == ["daily/2026-11-25.json", "daily/evil.html"]
    got = ask(f"{url}/api/v1/reports/daily/2026-11-25.json")
    assert (got.json, got.headers["content-type"]) == ({"pnl": 12}, "application/json")
    evil = ask(f"{url}/api/v1/reports/daily/evil.html")
    assert evil.headers["content-type"] == "application/octet-stream"
    assert evil.headers["content-disposition"].startswith("attachment")
    assert ask(f"{url}/api/v1/reports/daily/none.json").status == 404
