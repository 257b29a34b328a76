"""The embedded provider plans what the real one plans, leaf for leaf."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.provider import catalogue
from tests.integration.provider.root import Root

pytestmark = pytest.mark.terraform
PLANS = Path(__file__).resolve().parents[4] / "shared/provider-plans"
ROOTS = sorted(path.parent.name for path in PLANS.glob("*/plan.json"))
PROVIDER = 'provider "google" {\n  project = "atm-plans"\n  region  = "asia-south1"\n}\n'


@pytest.mark.parametrize("name", ROOTS or [pytest.param("", marks=pytest.mark.skip("the real plans are not at hand"))])
def test_every_leaf_is_planned_as_the_real_provider_plans_it(root: Root, name: str) -> None:
    served = catalogue.load().resources
    text = (PLANS / name / "main.tf").read_text()
    blocks = re.findall(r"^resource [\s\S]*?^}\n?", text, re.MULTILINE)
    kept = [block for block in blocks if block.split('"')[1] in served]
    wanted = {
        address: change
        for address, change in json.loads((PLANS / name / "plan.json").read_text()).items()
        if address.split(".")[0] in served
    }

    got = root.changes(PROVIDER + "\n".join(kept))

    assert sorted(got) == sorted(wanted)
    for address, change in wanted.items():
        for part in ("actions", "after", "after_unknown", "after_sensitive"):
            assert dict(leaves(got[address][part])) == dict(leaves(change[part])), f"{address} {part}"


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its path; an empty collection is a leaf."""
    items = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    if not items:
        yield path, value
    for key, inner in items:
        yield from leaves(inner, f"{path}.{key}")
