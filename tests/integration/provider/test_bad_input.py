"""States from later versions, values of wrong types, and what the embedded provider knows and doesn't serve."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.provider.root import Root

pytestmark = pytest.mark.terraform

TOPIC = 'resource "google_pubsub_topic" "t" {\n  name = "orders"\n}\n'


def _plan(root: Root, *arguments: str, ok: int = 1) -> str:
    """What a plan says, in one line."""
    done = root.run("plan", "-input=false", "-no-color", *arguments, ok=(ok,))
    return " ".join((done.stdout + done.stderr).replace("│", " ").split())


def _edit_state(root: Root, **changes: Any) -> None:
    path = root.folder / "terraform.tfstate"
    state = json.loads(path.read_text())
    for name, value in changes.items():
        if name == "schema_version":
            state["resources"][0]["instances"][0][name] = value
        else:
            state[name] = value
    path.write_text(json.dumps(state))


@pytest.mark.whole
def test_states_of_later_versions_are_refused_and_kept(root: Root) -> None:
    root.apply(TOPIC)
    before = root.folder.joinpath("terraform.tfstate").read_text()

    _edit_state(root, schema_version=99)
    said = _plan(root)
    assert "Resource instance managed by newer provider version" in said
    assert "The current state of google_pubsub_topic.t was created by a newer provider version" in said

    root.folder.joinpath("terraform.tfstate").write_text(before)
    _edit_state(root, version=5, terraform_version="9.0.0")
    assert "version 5" in _plan(root)

    root.folder.joinpath("terraform.tfstate").write_text(before)
    assert root.changes(TOPIC) == {}, "nothing was written"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('{"a": 1}', 'Inappropriate value for attribute "message_retention_duration": string required'),
        ("null", ""),
    ],
)
def test_a_value_of_another_type_is_refused_at_its_argument(root: Root, value: str, said: str) -> None:
    root.write(
        'variable "v" {\n  type = any\n}\n'
        'resource "google_pubsub_topic" "t" {\n  name = "orders"\n  message_retention_duration = var.v\n}\n'
    )
    found = _plan(root, f"-var=v={value}", ok=1 if said else 0)
    assert said in found
    if said:
        assert "message_retention_duration = var.v" in found


def test_words_and_numbers_that_cannot_be_are_refused_at_their_argument_before_anything_is_planned(root: Root) -> None:
    root.write("""
resource "google_compute_firewall" "f" {
  name      = "f"
  network   = "default"
  direction = "SIDEWAYS"
  priority  = 70000
  allow {
    protocol = "tcp"
  }
}
resource "google_sql_database_instance" "s" {
  name             = "s"
  database_version = "POSTGRES_17"
}
""")
    said = _plan(root)

    assert 'expected direction to be one of ["INGRESS" "EGRESS" ""], got SIDEWAYS' in said
    assert 'direction = "SIDEWAYS"' in said
    assert "priority = 70000" in said
    assert "expected priority to be in the range (0 - 65535), got 70000" in said
    assert "one of `clone,point_in_time_restore_context,settings` must be specified" in said


_KNOWN = """
variable "on" {
  type    = bool
  default = false
}
resource "google_pubsub_topic" "t" {
  name = "orders"
}
resource "google_bigtable_table" "p" {
  count         = var.on ? 1 : 0
  name          = "p"
  instance_name = "i"
}
"""


def test_a_type_that_is_only_known_may_be_named_and_not_made(root: Root) -> None:
    root.apply(_KNOWN)
    assert root.changes(_KNOWN) == {}
    said = _plan(root, "-var=on=true")
    assert "The sandbox does not serve google_bigtable_table" in said
    assert "with google_bigtable_table.p[0]" in said


_BETA = """
resource "google_dns_managed_zone" "z" {
  provider       = google-beta
  name           = "z"
  dns_name       = "z.example."
  reverse_lookup = ON
}
"""


@pytest.mark.whole
def test_as_google_beta_it_knows_betas_arguments(root: Root) -> None:
    root.apply(_BETA.replace("ON", "false"))
    assert root.changes(_BETA.replace("ON", "false")) == {}
    root.write(_BETA.replace("ON", "true"))
    said = _plan(root)
    assert "The sandbox does not serve reverse_lookup" in said
    assert "5: " in said or "reverse_lookup = true" in said
    root.write(_BETA.replace("ON", "false").replace("  provider       = google-beta\n", ""))
    assert 'An argument named "reverse_lookup" is not expected here.' in _plan(root)


def test_a_schema_that_is_no_json_is_told_before_anything_is_made(root: Root) -> None:
    table = 'resource "google_bigquery_table" "t" {\n  dataset_id = "d"\n  table_id = "t"\n  schema = "SCHEMA"\n}\n'
    root.write(table.replace("SCHEMA", "schema.json"))
    assert '"schema" contains an invalid JSON' in _plan(root)
    root.write(table.replace("SCHEMA", "{}"))
    assert '"schema" is not a JSON array' in _plan(root)


def test_a_network_is_no_peer_of_its_own(root: Root) -> None:
    own = (
        'resource "google_compute_network" "n" {\n  name = "n"\n  auto_create_subnetworks = false\n}\n'
        'resource "google_compute_network_peering" "p" {\n  name = "p"\n  network = google_compute_network.n.id\n'
        "  peer_network = google_compute_network.n.id\n}\n"
    )
    assert "A network is no peer of its own" in root.fails(own)
    root.write(own.replace("= google_compute_network.n.id", '= "n"'))
    assert "doesn't match regexp" in _plan(root)
