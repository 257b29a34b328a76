"""A state of an earlier release, with the code of now: nothing that holds data is destroyed or replaced.

The state was made by applying release 0.1 (two subprojects) to a sandbox; what only a sandbox knows was left in it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from envctl.environments.load import load
from envctl.environments.render import write

from tests.integration.modules.terraform import MODULES, ROOT, Terraform, copy_modules

pytestmark = pytest.mark.terraform
STATES = sorted((Path(__file__).parent / "states").glob("release-*.json"))


@pytest.mark.parametrize("state", STATES, ids=lambda path: path.stem)
def test_an_earlier_state_plans_no_destroy(terraform: Callable[[Path], Terraform], state: Path, tmp_path: Path) -> None:
    copy_modules(tmp_path, *MODULES)
    shutil.copytree(ROOT / "infra", tmp_path / "infra", ignore=shutil.ignore_patterns(".terraform*", "backend.tf"))
    shutil.copy2(state, tmp_path / "infra" / "terraform.tfstate")
    tfvars = write(load("local", ROOT), tmp_path / "build").tfvars
    inside = terraform(tmp_path / "infra").init()

    # Without refresh: the resources of the state are on no sandbox of today.
    inside("plan", "-refresh=false", "-no-color", f"-var-file={tfvars}", "-out=plan").must_pass()
    changes: list[dict[str, Any]] = json.loads(inside("show", "-json", "plan").must_pass().out)["resource_changes"]

    destroyed = [change for change in changes if "delete" in change["change"]["actions"]]
    # Whom a thing is granted to may change; the thing itself stays.
    assert [change["address"] for change in destroyed if not change["type"].endswith("_iam_member")] == []
    # A grant that is taken away at one address and given at another is one binding: the removal would win.
    given = [binding(change["change"]["after"]) for change in changes if change["change"]["actions"] == ["create"]]
    assert [c["address"] for c in destroyed if binding(c["change"]["before"]) in given] == []
    moved = {change["previous_address"] for change in changes if "previous_address" in change}
    assert 'module.bigquery["strategy-engine"].google_bigquery_table.table["trading_data/market_data"]' in moved


def binding(grant: dict[str, Any]) -> tuple[Any, ...]:
    """What a grant comes to, whatever its address: on what, which role, for whom."""
    on = tuple((key, grant[key]) for key in sorted(grant) if key not in ("id", "etag", "role", "member", "condition"))
    return (*on, grant.get("role"), grant.get("member"))
