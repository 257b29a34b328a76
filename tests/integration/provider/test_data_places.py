"""Data sources for which the real provider asks Google's own servers, whatever endpoints it is given."""

from __future__ import annotations

from tests.integration.provider.root import Root


def test_places_and_checkers_are_told(root: Root) -> None:
    root.apply(
        'data "google_artifact_registry_locations" "all" {}\n'
        'data "google_cloud_run_locations" "all" {}\n'
        'data "google_monitoring_uptime_check_ips" "all" {}\n'
    )
    state = root.state()
    for name in ("google_artifact_registry_locations", "google_cloud_run_locations"):
        told = state[f"data.{name}.all"]
        assert (told["id"], told["project"]) == (f"projects/{root.project}", root.project)
        assert {"asia-south1", "europe-west1"} < set(told["locations"])
        assert told["locations"] == sorted(told["locations"])
    checkers = state["data.google_monitoring_uptime_check_ips.all"]
    assert checkers["id"] == "uptime_check_ips_id"
    assert {one["region"] for one in checkers["uptime_check_ips"]} == {
        "USA",
        "EUROPE",
        "SOUTH_AMERICA",
        "ASIA_PACIFIC",
    }
    assert all(one["ip_address"] and one["location"] for one in checkers["uptime_check_ips"])
