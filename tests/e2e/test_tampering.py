"""Fifty changes behind Terraform's back, drawn at random: validation and drift find them all, and nothing else."""

from __future__ import annotations

import os
import random

import pytest
from envctl.environments.load import load
from envctl.validation.kinds import all_things

from tests.e2e.tampering import OPENED, chosen, close
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

    # Deleted last: what is gone can't be named in a change any more.
    for each in sorted(tamperings, key=lambda each: each.what == "deleted"):
        each.do(platform.call)
    report = platform.must("validate-env", "local", "--format", "json", code=2).json
    failed = {check["id"] for check in report["checks"] if check["result"] not in ("pass", "skipped")}

    expected = {each.expected for each in tamperings}
    words = "\n".join(f"{each.expected}: {each.what}" for each in tamperings)
    assert sorted(expected - failed) == [], f"not found (TAMPERING_SEED={seed}):\n{words}"
    assert sorted(failed - expected) == [], f"found besides (TAMPERING_SEED={seed}):\n{words}"

    # Drift names the same, says that it was the cloud that changed, and finds what nobody declared.
    project = load("local", platform.root).declared.project_id
    platform.call("PUT", f"/pubsub/v1/projects/{project}/topics/nobodys", {"labels": {"subproject": "strategy-engine"}})
    drift = platform.must("drift", "local", "--imports", "imports.tf", "--format", "json", code=2, timeout=600).json
    drifted = {one["id"]: one["verdict"] for one in drift["drifts"]}
    expected |= {"unmanaged/topics/nobodys#exists"}
    assert sorted(expected ^ drifted.keys()) == [], f"TAMPERING_SEED={seed}"
    assert set(drifted.values()) <= {"changed", "deleted", "unmanaged"}, f"TAMPERING_SEED={seed}"
    assert 'google_pubsub_topic.this["nobodys"]' in (platform.root / "imports.tf").read_text()
    platform.call("DELETE", f"/pubsub/v1/projects/{project}/topics/nobodys")

    # Terraform mends all but the grants that nobody declared: ours are additive, so a person takes those back.
    platform.must("apply", "local", timeout=600)
    opened = [each for each in tamperings if each.expected.endswith(f"#grants {OPENED}")]
    left = platform.must("validate-env", "local", "--format", "json", code=2 if opened else 0).json
    unmended = {check["id"] for check in left["checks"] if check["result"] != "pass"}
    assert unmended == {each.expected for each in opened}, f"TAMPERING_SEED={seed}"
    for each in opened:
        close(platform.call, each)
    platform.must("validate-env", "local")
    platform.must("plan", "local")
