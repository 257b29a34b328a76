"""The data source of Google's ranges of numbers."""

from __future__ import annotations

import pytest

from tests.integration.provider.root import Root


def test_ranges_that_are_fixed_are_told(root: Root) -> None:
    root.apply(
        'data "google_netblock_ip_ranges" "checks" {\n  range_type = "health-checkers"\n}\n'
        'data "google_netblock_ip_ranges" "apis" {\n  range_type = "restricted-googleapis"\n}\n'
    )
    checks, apis = (root.state()[f"data.google_netblock_ip_ranges.{name}"] for name in ("checks", "apis"))
    assert checks["cidr_blocks"] == checks["cidr_blocks_ipv4"] == ["35.191.0.0/16", "130.211.0.0/22"]
    assert checks["cidr_blocks_ipv6"] is None
    assert apis["cidr_blocks"] == ["199.36.153.4/30", "2600:2d00:0002:1000::/64"]


@pytest.mark.parametrize(("kind", "words"), [("google-netblocks", "asks nobody"), ("nonsense", "Unknown range_type")])
def test_ranges_that_google_publishes_elsewhere_are_refused(root: Root, kind: str, words: str) -> None:
    said = root.fails(f'data "google_netblock_ip_ranges" "x" {{\n  range_type = "{kind}"\n}}\n')
    assert words in " ".join(said.split())
