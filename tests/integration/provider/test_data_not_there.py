"""Data sources of what isn't there, or is there twice: both providers say so with the same words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = pytest.mark.terraform
_THERE = """
resource "google_dns_managed_zone" "there" {
  name     = "there"
  dns_name = "there.example.com."
}
resource "google_sql_database_instance" "there" {
  name                = "there"
  region              = "asia-south1"
  database_version    = "POSTGRES_15"
  deletion_protection = false
  settings {
    tier = "db-f1-micro"
  }
}
resource "google_tags_tag_key" "there" {
  parent     = "projects/PROJECT"
  short_name = "there"
}
resource "google_monitoring_notification_channel" "twice" {
  count        = 2
  display_name = "Twice"
  type         = "email"
  labels       = { email_address = "twice@example.com" }
}
"""
# Address below `data.` → its arguments, and the words that the error begins with.
_SAID = {
    "google_organization.reserved": ('domain = "nobody.invalid"', "Organization not found: nobody.invalid"),
    "google_organization.no_domain": ('domain = "nobody"', "Organization not found: nobody"),
    "google_organization.neither": ("", "one of domain or organization must be set"),
    "google_monitoring_notification_channel.missing": (
        'display_name = "Nobody"\n  user_labels = { team = "none" }',
        'No NotificationChannel found using filter: display_name="Nobody" AND user_labels.team="none"',
    ),
    "google_monitoring_notification_channel.twice": (
        'display_name = "Twice"\n  type = "email"',
        'Found more than one 1 NotificationChannel matching specified filter: display_name="Twice" AND type="email"',
    ),
    "google_monitoring_notification_channel.neither": ("", "At least one of display_name or type must be provided"),
    "google_tags_tag_key.missing": (
        'parent = "projects/PROJECT"\n  short_name = "none"',
        "tag key with short_name none not found under parent projects/PROJECT",
    ),
    "google_tags_tag_value.missing": (
        'parent = google_tags_tag_key.there.id\n  short_name = "none"',
        "tag value with short_name none not found under parent tagKeys/KEY",
    ),
    "google_billing_account.missing": ('display_name = "Nobody\'s"', "Billing account not found: Nobody's"),
    "google_billing_account.closed": (
        'billing_account = "012345-6789AB-CDEF01"\n  open = false',
        "Billing account not found: 012345-6789AB-CDEF01",
    ),
    "google_billing_account.neither": ("", "one of billing_account or display_name must be set"),
    "google_dns_record_set.missing": (
        'managed_zone = "there"\n  name = "www.there.example.com."\n  type = "A"',
        "Only expected 1 record set, got 0",
    ),
    "google_sql_databases.missing": ('instance = "none"', 'Databases in "none" instance not found'),
    "google_sql_ca_certs.missing": (
        'instance = "none"',
        "error retrieving CA certs: googleapi: Error 404: The Cloud SQL instance does not exist., notFound",
    ),
    "google_sql_backup_run.none": ('instance = "there"', "No backups found for SQL Database Instance there"),
    "google_sql_backup_run.missing": (
        'instance = "there"\n  backup_id = 7',
        "googleapi: Error 404: The backup run does not exist., notFound",
    ),
    "google_bigquery_tables.missing": (
        'dataset_id = "none"',
        "Error retrieving tables: googleapi: Error 404: Not found: Dataset PROJECT:none, notFound",
    ),
    "google_logging_sink.missing": ('id = "projects/PROJECT/sinks/none"', "projects/PROJECT/sinks/none not found"),
    "google_logging_log_view.missing": (
        'parent = "projects/PROJECT"\n  location = "global"\n  bucket = "_Default"\n  name = "none"',
        "projects/PROJECT/locations/global/buckets/_Default/views/none not found",
    ),
    "google_logging_folder_settings.missing": (
        'folder = "nonsense"',
        'Error when reading or editing LoggingFolderSettings "": googleapi: Error 400: Invalid parent ',
    ),
    "google_logging_organization_settings.missing": (
        'organization = "nonsense"',
        'Error when reading or editing LoggingOrganizationSettings "": googleapi: Error 400: Invalid parent ',
    ),
    "google_organizations.unknown": (
        'filter = "owner:me"',
        "Error retrieving organizations: googleapi: Error 400: ",
    ),
    "google_billing_account.wrong": (
        'billing_account = "nonsense"',
        "Error when reading or editing Billing Account Not Found : nonsense: googleapi: Error 400: nonsense is not",
    ),
    "google_dns_record_sets.missing": (
        'managed_zone = "none"',
        "error reading DNS Record Sets: googleapi: Error 404: The 'parameters.managedZone' resource named 'none' does ",
    ),
}


def test_what_is_not_there_is_said_as_the_real_provider_says_it(root: Root, sandbox: Sandbox, tmp_path: Path) -> None:
    said = _said(root)
    assert said.keys() == _SAID.keys()
    for address, (_, words) in _SAID.items():
        assert said[address].startswith(words), address
    if MIRROR:
        assert _said(real_root(sandbox, tmp_path)) == said


def _said(root: Root) -> dict[str, str]:
    """What a plan says of each data source."""
    root.apply(_THERE)
    key = root.state()["google_tags_tag_key.there"]["id"]
    blocks = [
        f'data "{address.partition(".")[0]}" "{address.partition(".")[2]}" {{\n  {arguments}\n}}\n'
        for address, (arguments, _) in _SAID.items()
    ]
    root.write(_THERE + "".join(blocks))
    lines = root.run("plan", "-json", ok=(1,)).stdout.splitlines()
    found = [json.loads(line).get("diagnostic") or {} for line in lines]
    return {
        each["address"].removeprefix("data."): (each["summary"] + each.get("detail", ""))
        .replace(key, "tagKeys/KEY")
        .replace(root.project, "PROJECT")
        for each in found
        if each.get("severity") == "error"
    }
