"""hashicorp/random, null and time as embedded: the stock terraform makes, keeps, replaces, imports and destroys.

Where `ATM_PROVIDER_MIRROR` holds the real ones, these go the same way beside it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = [pytest.mark.terraform]

FIRST = """
resource "random_id" "suffix" {
  byte_length = 4
  prefix      = "atm-"
  keepers     = { of = "one" }
}
resource "random_string" "name" {
  length  = 12
  special = false
}
resource "random_password" "secret" {
  length           = 24
  min_special      = 2
  override_special = "-_"
}
resource "random_integer" "port" {
  min = 1024
  max = 2048
}
resource "random_pet" "host" {
  prefix = "vm"
}
resource "random_shuffle" "zones" {
  input        = ["a", "b", "c"]
  result_count = 2
}
resource "random_uuid" "run" {}
resource "random_uuid7" "event" {}
resource "random_bytes" "key" {
  length = 16
}
resource "null_resource" "once" {
  triggers = { name = random_string.name.result }
}
data "null_data_source" "values" {
  inputs = { a = "b" }
}
resource "time_static" "at" {
  rfc3339 = "2026-01-31T09:15:00Z"
}
resource "time_offset" "later" {
  base_rfc3339  = time_static.at.rfc3339
  offset_months = 1
}
resource "time_rotating" "weekly" {
  rotation_days = 7
}
resource "time_sleep" "settled" {
  create_duration = "50ms"
}
"""
SECOND = (
    FIRST.replace('of = "one"', 'of = "two"')
    .replace("length  = 12", "length  = 13")
    .replace("offset_months = 1", "offset_days = 1")
    .replace("rotation_days = 7", "rotation_days = 30")
    .replace("50ms", "60ms")
)
_REPLACED = ["null_resource.once", "random_id.suffix", "random_string.name"]
_UPDATED = ["time_offset.later", "time_rotating.weekly", "time_sleep.settled"]
_IDS = {
    "random_id.suffix": "atm-,qrvM3Q",
    "random_string.name": "abcdefghijkl",
    "random_integer.port": "1500,1024,2048",
    "random_uuid.run": "6b0d5a3e-93a5-4a1c-9f52-0c7f1a7c9b11",
    "random_bytes.key": "AAECAwQFBgcICQoLDA0ODw==",
    "time_static.at": "2026-01-31T09:15:00Z",
    "time_offset.later": "2026-01-31T09:15:00Z,,1,,,,",
    "time_sleep.settled": "50ms,",
}
_FUNCTIONS = """
terraform {
  required_providers {
    time = { source = "hashicorp/time" }
  }
}
output "parsed" {
  value = [
    provider::time::duration_parse("1h30m"),
    provider::time::rfc3339_parse("2026-01-31T09:15:00+05:30"),
    provider::time::unix_timestamp_parse(1769831100),
  ]
}
"""


def _walk(root: Root) -> dict[str, Any]:
    """All that happens, what is random or the time of now left out."""
    told: dict[str, Any] = {"create": _plain(root.changes(FIRST))}
    root.apply_plan()
    told["state"] = _shape(root.state())
    told["empty"] = root.actions()
    told["change"] = _plain(root.changes(SECOND))
    root.apply_plan()
    told["after"] = root.actions()
    root.destroy()
    told["left"] = root.state()
    imports = "".join(f'import {{\n  to = {address}\n  id = "{id}"\n}}\n' for address, id in _IDS.items())
    told["import"] = _plain(root.changes(FIRST + imports))
    return told


def _plain(changes: dict[str, Any]) -> dict[str, Any]:
    kept = ("actions", "after_unknown", "after_sensitive", "replace_paths")
    return {
        address: {key: change[key] for key in kept if change.get(key)} for address, change in sorted(changes.items())
    }


def _shape(state: dict[str, Any]) -> Any:
    """The attributes; of those that are chance, or the time of now, only what they are."""

    def form(name: str, value: Any) -> Any:
        if name in ("rfc3339", "base_rfc3339") or isinstance(value, dict | bool):
            return value
        return type(value).__name__

    return {
        address: {name: form(name, value) for name, value in sorted(values.items())}
        for address, values in sorted(state.items())
        if address not in ("time_rotating.weekly", "null_resource.once")
    }


def test_they_make_keep_replace_import_and_destroy(root: Root) -> None:
    told = _walk(root)
    assert {change["actions"][0] for change in told["create"].values()} == {"create"}
    assert told["empty"] == told["after"] == told["left"] == {}
    replaced = [address for address, change in told["change"].items() if change["actions"] == ["delete", "create"]]
    updated = [address for address, change in told["change"].items() if change["actions"] == ["update"]]
    assert (replaced, updated) == (_REPLACED, _UPDATED)
    assert told["import"]["random_integer.port"].get("actions") == ["no-op"]


def test_functions_of_time(root: Root) -> None:
    assert _parsed(root)[1]["iso_week"] == 5


@pytest.mark.real_provider
@pytest.mark.skipif(
    not (Path(MIRROR) / "registry.terraform.io/hashicorp/random").is_dir(), reason="the mirror has no hashicorp/random"
)
def test_the_real_ones_go_the_same_way(root: Root, sandbox: Sandbox, tmp_path: Path) -> None:
    real = real_root(sandbox, tmp_path)
    ours, theirs = _walk(root), _walk(real)
    for step, told in theirs.items():
        assert ours[step] == told, step
    for one in (root, real):
        (one.folder / ".terraform.lock.hcl").unlink(missing_ok=True)
    assert _parsed(root) == _parsed(real)


def _parsed(root: Root) -> Any:
    (root.folder / "main.tf").write_text(_FUNCTIONS)
    root.run("init", "-input=false", "-no-color")
    root.run("apply", "-auto-approve", "-input=false", "-no-color")
    return json.loads(root.run("output", "-json", "parsed").stdout)
