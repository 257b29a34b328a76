"""What Google keeps when a thing is gone: the apply after a destroy says what to do, and doing it helps."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request

import pytest

from tests.support.checkout import TOKEN, Checkout

pytestmark = [pytest.mark.whole, pytest.mark.slow, pytest.mark.terraform, pytest.mark.timeout(900)]

BASE = """
apis: [cloudkms.googleapis.com, cloudtasks.googleapis.com]
subprojects:
  trading:
    kms_keys: {data: {deletion_protection: false}}
    queues:
      orders: {}
"""
TINY = """
project_id: atm-platform-tiny
project_number: "301872649100"
cloud: sandbox
deletion_protection: false
"""


def test_after_a_destroy_an_apply_says_what_to_do_about_names_that_are_taken(fresh: Checkout) -> None:
    shutil.rmtree(fresh.root / "envs")
    (fresh.root / "envs").mkdir()
    (fresh.root / "envs/tiny.yaml").write_text(TINY)
    (fresh.root / "envs/base.yaml").write_text(BASE)
    fresh.must("up", "tiny")
    fresh.must("destroy", "tiny")

    # Terraform comes to one after the other.
    refused = fresh.must("apply", "tiny", code=1).err
    assert "a key ring is never deleted" in refused, refused
    follow(fresh, refused)
    refused = fresh.must("apply", "tiny", code=1).err
    assert "gcloud kms keys versions create --key=projects/atm-platform-tiny/" in refused, refused
    follow(fresh, refused)
    new_version(fresh)
    refused = fresh.must("apply", "tiny", code=1).err
    assert "give subprojects.trading.queues.orders another one (name: orders-2)" in refused, refused
    fresh.edit("envs/base.yaml", "orders: {}", "orders: {name: orders-2}")
    fresh.must("apply", "tiny")

    assert "nothing to change" in fresh.must("plan", "tiny").out
    fresh.must("validate-env", "tiny")


def new_version(fresh: Checkout) -> None:
    """What `gcloud kms keys versions create --primary` does."""
    url = json.loads((fresh.root / ".sandbox/tiny/sandbox.json").read_text())["url"]
    key = f"{url}/cloudkms/v1/projects/atm-platform-tiny/locations/asia-south1/keyRings/trading/cryptoKeys/data"
    for path, body in (("/cryptoKeyVersions", {}), (":updatePrimaryVersion", {"cryptoKeyVersionId": "2"})):
        headers = {"authorization": TOKEN, "content-type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(key + path, json.dumps(body).encode(), headers), timeout=30)


def follow(fresh: Checkout, refused: str) -> None:
    """Import as the message says."""
    (found,) = re.findall(r"(terraform -chdir=infra import .*?) \(after", " ".join(refused.split()))
    command = f'eval "$({fresh.command("env", "tiny")[0]} env tiny)" && {found.replace("ENVIRONMENT", "tiny")}'
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=fresh.root,
        env=fresh.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
