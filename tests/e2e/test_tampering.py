"""Fifty changes behind Terraform's back, drawn at random: validation finds all of them, and nothing else."""

from __future__ import annotations

import os
import random

import pytest
from envctl.environments.load import load
from envctl.validation.kinds import all_things

from tests.e2e.tampering import chosen
from tests.support.checkout import Checkout

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.terraform,
    pytest.mark.xdist_group("platform"),
    pytest.mark.timeout(900),
]
COUNT = 50


def test_fifty_random_tamperings_are_found_and_nothing_else(platform: Checkout) -> None:
    seed = int(os.environ.get("TAMPERING_SEED", random.randrange(1_000_000)))
    tamperings = chosen(list(all_things(load("local", platform.root))), COUNT, seed)

    for each in tamperings:
        each.do(platform.call)
    report = platform.must("validate-env", "local", "--format", "json", code=2).json
    failed = {check["id"] for check in report["checks"] if check["result"] not in ("pass", "skipped")}

    expected = {each.expected for each in tamperings}
    words = "\n".join(f"{each.expected}: {each.what}" for each in tamperings)
    assert sorted(expected - failed) == [], f"not found (TAMPERING_SEED={seed}):\n{words}"
    assert sorted(failed - expected) == [], f"found besides (TAMPERING_SEED={seed}):\n{words}"

    platform.must("apply", "local")
    platform.must("validate-env", "local")
    platform.must("plan", "local")
