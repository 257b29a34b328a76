"""A change of the YAML that would lose a table's data is refused by plan and apply until the YAML gives the data up."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from tests.support.checkout import Checkout

pytestmark = [pytest.mark.whole, pytest.mark.slow, pytest.mark.terraform, pytest.mark.timeout(600)]

ROWS = "/bigquery/v2/projects/atm-platform-tiny/datasets/prices/tables/ticks"
BASE = """
apis: [bigquery.googleapis.com]
subprojects:
  data:
    datasets:
      prices:
        {allowed}
        tables:
          {table}
"""
TINY = """
project_id: atm-platform-tiny
project_number: "301872649100"
cloud: sandbox
deletion_protection: false
"""
COLUMNS = [{"name": "symbol", "type": "STRING"}, {"name": "price", "type": "FLOAT64"}]
TABLE = "ticks: {schema: ticks.json}"


def declare(
    checkout: Checkout, columns: list[dict[str, Any]], allowed: str = "description: x", table: str = TABLE
) -> None:
    (checkout.root / "envs/base.yaml").write_text(BASE.format(allowed=allowed, table=table))
    (checkout.root / "envs/ticks.json").write_text(json.dumps(columns))


def test_data_is_lost_only_where_the_yaml_says_so(fresh: Checkout) -> None:
    shutil.rmtree(fresh.root / "envs")
    (fresh.root / "envs").mkdir()
    (fresh.root / "envs/tiny.yaml").write_text(TINY)
    declare(fresh, COLUMNS)
    fresh.must("up", "tiny", "--format", "json")
    shutil.copytree(
        fresh.root / ".sandbox/tiny",
        fresh.root / ".sandbox/local",
        ignore=lambda folder, names: {name for name in names if name != "sandbox.json"},
    )
    fresh.call("POST", f"{ROWS}/insertAll", {"rows": [{"json": {"symbol": "INFY", "price": 1.5}}]})

    # A column goes.
    declare(fresh, COLUMNS[:1])
    for command in ("plan", "apply"):
        refused = fresh.must(command, "tiny", code=1)
        assert "envs/base.yaml:9:27: prices.ticks: column price is dropped" in refused.err
        assert "write `allow_data_loss: [ticks]` in dataset prices" in refused.err
    assert not (fresh.root / "build/tiny/plan.tfplan").exists()

    # A plan that was allowed, applied when it is no longer.
    declare(fresh, COLUMNS[:1], "allow_data_loss: [ticks]")
    fresh.must("plan", "tiny", "--out", "kept.tfplan", code=2)
    declare(fresh, COLUMNS[:1])
    assert "column price is dropped" in fresh.must("apply", "tiny", "--plan", "kept.tfplan", code=1).err
    assert len(fresh.call("GET", ROWS)["schema"]["fields"]) == 2
    assert fresh.call("GET", f"{ROWS}/data")["totalRows"] == "1"

    declare(fresh, COLUMNS[:1], "allow_data_loss: [ticks]")
    fresh.must("apply", "tiny", "--plan", "kept.tfplan")
    assert [column["name"] for column in fresh.call("GET", ROWS)["schema"]["fields"]] == ["symbol"]
    assert fresh.call("GET", f"{ROWS}/data")["totalRows"] == "1", "the other column keeps its data"

    # A type changes, which replaces the table; then the table goes.
    declare(fresh, [{"name": "symbol", "type": "BYTES"}])
    message = "column symbol changes from STRING to BYTES, which replaces the table"
    assert message in fresh.must("plan", "tiny", code=1).err
    declare(fresh, COLUMNS[:1], table="{}")
    assert "prices.ticks: the table is destroyed" in fresh.must("plan", "tiny", code=1).err
    declare(fresh, COLUMNS[:1], "allow_data_loss: [ticks]", table="{}")
    fresh.must("apply", "tiny")

    fresh.must("destroy", "tiny")
