"""Cloud SQL's switchover by terraform: the DR replica becomes the primary, and its primary the DR replica."""

from __future__ import annotations

import pytest

from tests.integration.provider.root import Root

pytestmark = pytest.mark.terraform
_INSTANCE = """
resource "google_sql_database_instance" "NAME" {
  name                = "NAME"
  region              = "REGION"
  database_version    = "POSTGRES_15"
  deletion_protection = false
  ROLE
  settings {
    tier    = "db-perf-optimized-N-2"
    edition = "ENTERPRISE_PLUS"
    BACKUPS
  }
}
"""
_LOGGED = "backup_configuration {\n enabled = true\n point_in_time_recovery_enabled = true\n }"
_SILENT = "backup_configuration {\n enabled = false\n point_in_time_recovery_enabled = false\n }"


def _instances(first: str, second: str, backups: tuple[str, str]) -> str:
    texts = []
    for name, region, role, logs in (
        ("first", "asia-south1", first, backups[0]),
        ("second", "asia-south2", second, backups[1]),
    ):
        text = _INSTANCE.replace("NAME", name).replace("REGION", region).replace("ROLE", role)
        texts.append(text.replace("BACKUPS", logs))
    return "".join(texts)


_PRIMARY = 'instance_type = "CLOUD_SQL_INSTANCE"'
_REPLICA = 'instance_type = "READ_REPLICA_INSTANCE"\nmaster_instance_name = MASTER'


def _recovered_by(name: str) -> str:
    return f'replication_cluster {{\n failover_dr_replica_name = "PROJECT:{name}"\n }}'


def test_a_switchover_changes_places_in_place(root: Root) -> None:
    replica = _REPLICA.replace("MASTER", "google_sql_database_instance.first.name")
    root.apply(_instances(_PRIMARY, replica, (_LOGGED, "")))
    designated = f"{_PRIMARY}\n{_recovered_by('second')}"
    root.apply(_instances(designated, replica, (_LOGGED, "")))
    assert root.changes() == {}

    new = f"{_PRIMARY}\nreplica_names = [google_sql_database_instance.first.name]\n{_recovered_by('first')}"
    assert root.actions(_instances(designated, new, (_LOGGED, _LOGGED))) == {
        "google_sql_database_instance.second": ["update"]
    }
    root.apply_plan()

    old = _REPLICA.replace("MASTER", '"second"') + '\nreplication_cluster {\n failover_dr_replica_name = ""\n }'
    assert root.changes(_instances(old, new, (_SILENT, _LOGGED))) == {}
    root.refresh()
    state = root.state()
    assert state["google_sql_database_instance.first"]["replication_cluster"][0]["dr_replica"]


def test_a_promotion_wants_the_primary_left_out(root: Root) -> None:
    replica = _REPLICA.replace("MASTER", "google_sql_database_instance.first.name")
    root.apply(_instances(_PRIMARY, replica, (_LOGGED, "")))
    promoted = replica.replace("READ_REPLICA_INSTANCE", "CLOUD_SQL_INSTANCE")
    said = root.fails(_instances(_PRIMARY, promoted, (_LOGGED, "")))
    assert "Please remove master_instance_name" in said
