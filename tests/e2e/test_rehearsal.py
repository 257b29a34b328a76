"""A rehearsal: production, from its very YAML, on this machine."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.checkout import Checkout

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.terraform,
    pytest.mark.xdist_group("rehearsal"),
    pytest.mark.timeout(1800),  # a whole life of production: up, plans, destroy
]


def test_production_comes_up_in_a_sandbox_and_can_be_destroyed_there(fresh: Checkout) -> None:
    done = fresh.envctl("up", "prod", "--sandbox", "--format", "json", timeout=600)
    assert done.code == 0, done.out + done.err
    assert {check["result"] for check in done.json["validation"]["checks"]} <= {"pass", "skipped"}
    assert re.search(r'placeholders of secrets: .*jwt-signing-key.*: "unset", in this sandbox only', done.err)

    assert "nothing to change" in fresh.must("plan", "prod", "--sandbox", timeout=300).out
    variables = json.loads((fresh.root / "build/prod-sandbox/terraform.tfvars.json").read_text())
    strategy = variables["subprojects"]["strategy-engine"]["services"]["strategy-engine"]
    assert strategy["deletion_protection"] is True, "nothing is lifted before destroy is asked for"

    fresh.must("destroy", "prod", "--sandbox", timeout=600)
    assert "nothing to change" in fresh.must("plan", "prod", "--sandbox", "--destroy", timeout=300).out
    again = fresh.must("destroy", "prod", "--sandbox")
    assert "protection" not in again.err
