"""What users rely on beyond the plain cycle: refusals, drift, several projects at once, labels, many at a time."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = pytest.mark.terraform

TOPIC = 'resource "google_pubsub_topic" "t" {\n  name = "orders"\n}\n'
GRANT = """
resource "google_pubsub_topic_iam_member" "g" {
  topic  = google_pubsub_topic.t.id
  role   = "roles/pubsub.publisher"
  member = "user:ann@example.com"
}
"""


def test_a_binding_decides_all_members_of_its_role_and_of_no_other(root: Root, sandbox: Sandbox) -> None:
    policy = f"/pubsub/v1/projects/{root.project}/topics/orders"
    binding = """
resource "google_pubsub_topic_iam_binding" "b" {
  topic   = google_pubsub_topic.t.id
  role    = "roles/pubsub.publisher"
  members = ["user:ann@example.com"]
}
"""
    root.apply(TOPIC)
    held = [{"role": role, "members": ["user:bob@example.com"]} for role in ("roles/pubsub.publisher", "roles/viewer")]
    sandbox.request("POST", f"{policy}:setIamPolicy", {"policy": {"bindings": held}})

    root.apply(TOPIC + binding)

    assert _members(sandbox, policy) == {
        "roles/pubsub.publisher": ["user:ann@example.com"],
        "roles/viewer": held[1]["members"],
    }
    sandbox.request("POST", f"{policy}:setIamPolicy", {"policy": {"bindings": held[1:]}})
    assert root.actions() == {"google_pubsub_topic_iam_binding.b": ["update"]}, "who lost the role gets it back"
    root.apply_plan()
    assert root.changes() == {}
    root.apply(TOPIC)
    assert _members(sandbox, policy) == {"roles/viewer": held[1]["members"]}


def _members(sandbox: Sandbox, thing: str) -> dict[str, list[str]]:
    policy = sandbox.request("GET", f"{thing}:getIamPolicy").json()
    return {binding["role"]: binding["members"] for binding in policy.get("bindings", [])}


def test_a_folder_counts_with_and_without_its_collection(root: Root, sandbox: Sandbox) -> None:
    number = str(int(root.project[4:], 16))
    grant = """
resource "google_folder_iam_member" "MEMBER" {
  folder = "FOLDER"
  role   = "roles/viewer"
  member = "user:MEMBER@example.com"
}
"""
    grants = (("ann", number), ("bob", f"folders/{number}"))
    root.apply("".join(grant.replace("MEMBER", name).replace("FOLDER", folder) for name, folder in grants))

    assert root.changes() == {}
    state = root.state().values()
    assert {one["folder"] for one in state} == {number, f"folders/{number}"}, "each as it was given"
    assert all(one["id"].startswith(f"folders/{number}/roles/viewer/") for one in state)
    policy = sandbox.request("POST", f"/cloudresourcemanager/v3/folders/{number}:getIamPolicy").json()
    assert policy["bindings"][0]["members"] == ["user:ann@example.com", "user:bob@example.com"]


def test_a_resource_that_exists_is_a_conflict_in_the_providers_words(root: Root, sandbox: Sandbox) -> None:
    sandbox.request("PUT", f"/pubsub/v1/projects/{root.project}/topics/orders", {})

    said = root.fails(TOPIC)

    assert "Error creating Topic: googleapi: Error 409:" in said
    assert "with google_pubsub_topic.t, on main.tf line" in said


def test_what_the_api_refuses_is_shown_at_the_argument(root: Root) -> None:
    said = root.fails(
        'resource "google_pubsub_topic" "t" {\n  name                       = "orders"\n'
        '  message_retention_duration = "1s"\n}\n'
    )

    assert "googleapi: Error 400" in said


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            'resource "google_secret_manager_secret" "s" {\n  secret_id = "s"\n  replication {}\n}\n',
            '"replication.0.auto": one of `replication.0.auto,replication.0.user_managed` must be specified',
        ),
        (
            'resource "google_pubsub_subscription" "s" {\n  name = "s"\n  topic = "t"\n  push_config {\n'
            '    push_endpoint = "https://example.com"\n  }\n  bigquery_config {\n    table = "p.d.t"\n  }\n}\n',
            '"bigquery_config": conflicts with push_config',
        ),
        (
            'resource "google_cloud_scheduler_job" "j" {\n  name = "j"\n}\n',
            '"app_engine_http_target": one of `app_engine_http_target,http_target,pubsub_target` must be specified',
        ),
    ],
)
def test_arguments_that_do_not_go_together_are_refused_by_validate(
    root: Root, configuration: str, message: str
) -> None:
    assert message in root.fails(configuration, "validate", "-no-color")


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            'resource "google_compute_firewall" "f" {\n  name = "f"\n  network = "n"\n'
            '  allow {\n    protocol = "tcp"\n  }\n}\n',
            "one of source_tags, source_ranges, or source_service_accounts must be defined",
        ),
        (
            'resource "google_compute_ssl_policy" "p" {\n  name = "p"\n  custom_features = ["TLS_RSA"]\n}\n',
            "the profile is set to COMPATIBLE but using custom_features requires the profile to be CUSTOM",
        ),
        (
            'resource "google_sql_database_instance" "s" {\n  name = "s"\n  database_version = "MYSQL_8_4"\n'
            '  settings {\n    tier = "db-g1-small"\n    backup_configuration {\n'
            "      point_in_time_recovery_enabled = true\n    }\n  }\n}\n",
            "point_in_time_recovery_enabled is only available for the following [POSTGRES SQLSERVER]",
        ),
        (
            'resource "google_cloud_run_domain_mapping" "d" {\n  name = "a.example.com"\n  location = "asia-south1"\n'
            '  spec {\n    route_name = "s"\n  }\n}\n',
            'Insufficient "metadata" blocks. 1 "metadata" block is required.',
        ),
    ],
)
def test_what_does_not_go_together_is_refused_by_the_plan(root: Root, configuration: str, message: str) -> None:
    assert message in root.fails(configuration, "plan", "-no-color")


def test_a_rule_that_lets_nobody_in_may_be_planned(root: Root) -> None:
    rule = 'name = "f"\n  network = "n"\n  source_ranges = []\n  allow {\n    protocol = "tcp"\n  }'

    assert root.changes(f'resource "google_compute_firewall" "f" {{\n  {rule}\n}}\n')


def test_a_project_stays_where_nothing_else_is_said(root: Root) -> None:
    [change] = root.changes(
        'resource "google_project" "p" {\n  name = "Quotes"\n  project_id = "PROJECT-x"\n}\n'
    ).values()

    assert change["after"]["deletion_policy"] == "PREVENT"


def test_drift_is_seen_and_mended(root: Root, sandbox: Sandbox) -> None:
    root.apply(TOPIC + GRANT)
    name = f"/pubsub/v1/projects/{root.project}/topics/orders"

    sandbox.request("POST", f"{name}:setIamPolicy", {"policy": {"bindings": []}})
    assert root.actions() == {"google_pubsub_topic_iam_member.g": ["create"]}

    sandbox.request("DELETE", name)
    assert root.actions() == {"google_pubsub_topic.t": ["create"], "google_pubsub_topic_iam_member.g": ["create"]}
    root.apply_plan()
    assert root.actions() == {}


def test_a_label_set_by_someone_else_is_kept(root: Root, sandbox: Sandbox) -> None:
    root.apply('resource "google_pubsub_topic" "t" {\n  name = "orders"\n  labels = { mine = "1" }\n}\n')
    labels = {"mine": "1", "theirs": "2", "goog-terraform-provisioned": "true"}
    topic = f"/pubsub/v1/projects/{root.project}/topics/orders"
    sandbox.request("PATCH", f"{topic}?updateMask=labels", {"topic": {"labels": labels}})

    assert root.actions() == {}
    root.apply('resource "google_pubsub_topic" "t" {\n  name = "orders"\n}\n')

    assert sandbox.get(topic)["labels"] == {"theirs": "2", "goog-terraform-provisioned": "true"}


def test_default_labels_and_attribution_come_from_the_provider_block(root: Root) -> None:
    root.apply(
        'provider "google" {\n  default_labels = { team = "quant" }\n  add_terraform_attribution_label = false\n}\n'
        'resource "google_pubsub_topic" "t" {\n  name = "orders"\n  labels = { a = "b" }\n}\n'
    )

    assert root.state()["google_pubsub_topic.t"]["effective_labels"] == {"team": "quant", "a": "b"}
    assert root.actions() == {}


def test_provider_aliases_keep_their_own_projects(root: Root, sandbox: Sandbox) -> None:
    other = f"{root.project}-other"
    configuration = (
        TOPIC + f'provider "google" {{\n  alias   = "other"\n  project = "{other}"\n}}\n'
        'resource "google_pubsub_topic" "o" {\n  provider = google.other\n  name     = "orders"\n}\n'
    )

    root.apply(configuration)

    assert root.actions() == {}
    for project in (root.project, other):
        assert (
            sandbox.get(f"/pubsub/v1/projects/{project}/topics/orders")["name"] == f"projects/{project}/topics/orders"
        )


def test_runs_side_by_side_do_not_share_settings(root: Root, tmp_path: Path) -> None:
    roots = []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        roots.append(dataclasses.replace(root, folder=folder, project=f"{root.project}-{number}"))
    topics = "".join(f'resource "google_pubsub_topic" "t{n}" {{\n  name = "topic-{n}"\n}}\n' for n in range(10))

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda one: one.apply(topics), roots))

    for one in roots:
        assert {values["project"] for values in one.state().values()} == {one.project}


def test_many_grants_on_one_policy_all_arrive(root: Root, sandbox: Sandbox) -> None:
    root.parallelism = 50
    root.apply(
        TOPIC + 'resource "google_pubsub_topic_iam_member" "g" {\n  count = 60\n  topic = google_pubsub_topic.t.id\n'
        '  role = "roles/pubsub.publisher"\n  member = "user:u${count.index}@example.com"\n}\n'
    )

    policy = sandbox.get(f"/pubsub/v1/projects/{root.project}/topics/orders:getIamPolicy")
    assert len(policy["bindings"][0]["members"]) == 60
    root.destroy()


def test_deletion_protection_stops_a_destroy(root: Root) -> None:
    service = (
        'resource "google_workflows_workflow" "w" {\n  name = "w"\n  region = "asia-south1"\n'
        '  source_contents = "main:\\n  steps:\\n  - done:\\n      return: 1\\n"\n}\n'
    )
    root.apply(service)

    said = root.fails(service, "destroy", "-auto-approve", "-no-color")

    assert "cannot destroy workflow without setting deletion_protection=false and running `terraform apply`" in said


@pytest.mark.parametrize(("policy", "left"), [("ABANDON", 200), ("DELETE", 404)])
def test_deletion_policy_decides_what_destroy_does(root: Root, sandbox: Sandbox, policy: str, left: int) -> None:
    root.apply(f'resource "google_pubsub_topic" "t" {{\n  name = "orders"\n  deletion_policy = "{policy}"\n}}\n')
    root.destroy()

    assert sandbox.request("GET", f"/pubsub/v1/projects/{root.project}/topics/orders").status == left


def test_deletion_policy_prevent_refuses_a_destroy(root: Root) -> None:
    topic = 'resource "google_pubsub_topic" "t" {\n  name = "orders"\n  deletion_policy = "PREVENT"\n}\n'
    root.apply(topic)

    said = root.fails(topic, "destroy", "-auto-approve", "-no-color")
    assert 'cannot destroy PubsubTopic without setting deletion_policy="DELETE"' in said


def test_a_bucket_with_objects_is_destroyed_only_by_force(root: Root) -> None:
    bucket = 'resource "google_storage_bucket" "b" {\n  name = "PROJECT-b"\n  location = "EU"\n%s}\n'
    loose = (
        'resource "google_storage_bucket_object" "o" {\n  bucket = google_storage_bucket.b.name\n'
        '  name = "o"\n  content = "x"\n  deletion_policy = "ABANDON"\n}\n'
    )
    root.apply(bucket % "" + loose)

    said = root.fails(bucket % "" + loose, "destroy", "-auto-approve", "-no-color")
    assert "without `force_destroy` set to true" in said

    root.apply(bucket % "  force_destroy = true\n")
    root.destroy()


def test_a_service_is_left_enabled_unless_told_to_disable_it(root: Root, sandbox: Sandbox) -> None:
    kept = 'resource "google_project_service" "s" {\n  service = "pubsub.googleapis.com"\n%s}\n'
    url = f"/serviceusage/v1/projects/{root.project}/services/pubsub.googleapis.com"
    root.apply(kept % "")
    root.destroy()
    assert sandbox.get(url)["state"] == "ENABLED"

    root.apply(kept % "  disable_on_destroy = true\n")
    root.destroy()
    assert sandbox.get(url)["state"] == "DISABLED"


def test_a_write_only_secret_reaches_the_api_and_no_file(root: Root, sandbox: Sandbox) -> None:
    root.write(
        'resource "google_secret_manager_secret" "s" {\n  secret_id = "s"\n  replication {\n    auto {}\n  }\n}\n'
        'variable "key" {\n  ephemeral = true\n}\n'
        'resource "google_secret_manager_secret_version" "v" {\n  secret = google_secret_manager_secret.s.id\n'
        "  secret_data_wo = var.key\n  secret_data_wo_version = 1\n}\n"
    )
    root.run("apply", "-auto-approve", "-no-color", "-var=key=canary-7f3a")

    version = f"/secretmanager/v1/projects/{root.project}/secrets/s/versions/latest:access"
    assert sandbox.get(version)["payload"]["data"] == "Y2FuYXJ5LTdmM2E="
    assert "canary-7f3a" not in (root.folder / "terraform.tfstate").read_text()


def test_an_import_id_of_no_known_form_names_the_forms(root: Root) -> None:
    said = root.fails(TOPIC, "import", "-no-color", "google_pubsub_topic.t", "a/b/c/d")

    assert (
        "doesn't match any of the accepted formats: [projects/{{project}}/topics/{{name}} {{project}}/{{name}}" in said
    )


def test_a_column_that_goes_is_dropped_in_place(root: Root, sandbox: Sandbox) -> None:
    table = (
        'resource "google_bigquery_dataset" "d" {\n  dataset_id = "d"\n}\n'
        'resource "google_bigquery_table" "t" {\n  dataset_id = google_bigquery_dataset.d.dataset_id\n'
        '  table_id = "t"\n  deletion_protection = false\n  schema = jsonencode(%s)\n}\n'
    )
    root.apply(table % '[{ name = "a", type = "STRING" }, { name = "b", type = "INTEGER" }]')
    narrow = table % '[{ name = "A", type = "STRING" }]'

    assert root.actions(narrow) == {"google_bigquery_table.t": ["update"]}
    root.apply_plan()

    assert root.actions() == {}
    told = sandbox.get(f"/bigquery/v2/projects/{root.project}/datasets/d/tables/t")
    assert [column["name"].lower() for column in told["schema"]["fields"]] == ["a"]


def test_terraform_test_runs_without_a_cloud(root: Root) -> None:
    root.write(TOPIC + 'output "id" {\n  value = google_pubsub_topic.t.name\n}\n')
    (root.folder / "plain.tftest.hcl").write_text(
        'run "plans" {\n  command = plan\n  assert {\n    condition     = output.id == "orders"\n'
        '    error_message = "no"\n  }\n}\n'
    )

    assert "1 passed, 0 failed" in root.run("test", "-no-color").stdout


def test_the_state_file_of_a_version_before_is_read(root: Root) -> None:
    root.apply(TOPIC)
    path = root.folder / "terraform.tfstate"
    state = json.loads(path.read_text())
    attributes = state["resources"][0]["instances"][0]["attributes"]
    attributes.pop("tags")
    attributes["of_an_older_version"] = 1
    state["serial"] += 1
    path.write_text(json.dumps(state))

    assert root.actions() == {}


def test_the_zones_of_a_region_and_a_network_that_leaves_its_mtu_to_the_server(root: Root) -> None:
    root.apply(
        'data "google_compute_zones" "here" {}\ndata "google_compute_regions" "all" {}\n'
        'data "google_compute_regions" "down" {\n  status = "DOWN"\n}\n'
        'resource "google_compute_network" "n" {\n  name = "n"\n  auto_create_subnetworks = false\n  mtu = 0\n}\n'
    )
    assert root.changes() == {}
    zones = root.state()["data.google_compute_zones.here"]
    assert zones["names"] == ["asia-south1-a", "asia-south1-b", "asia-south1-c"]
    assert zones["id"] == f"projects/{root.project}/regions/asia-south1"
    assert "asia-south1" in root.state()["data.google_compute_regions.all"]["names"]
    assert not root.state()["data.google_compute_regions.down"]["names"]


def test_projects_and_folders_are_listed_by_data_sources(root: Root) -> None:
    """The real provider asks Google for these, whatever its endpoints are."""
    root.apply(
        TOPIC
        + f"""
resource "google_folder" "above" {{
  display_name        = "listed-{root.project[4:]}"
  parent              = "organizations/281475"
  deletion_protection = false
}}
resource "google_folder" "below" {{
  display_name        = "below"
  parent              = google_folder.above.name
  deletion_protection = false
}}
data "google_folders" "below" {{
  parent_id  = google_folder.above.name
  depends_on = [google_folder.below]
}}
data "google_projects" "ours" {{
  filter     = "id:{root.project} lifecycleState:ACTIVE"
  depends_on = [google_pubsub_topic.t]
}}
"""
    )
    state = root.state()
    assert [one["display_name"] for one in state["data.google_folders.below"]["folders"]] == ["below"]
    assert [one["project_id"] for one in state["data.google_projects.ours"]["projects"]] == [root.project]
    root.destroy()


def test_a_project_below_an_organization_is_told_to_be_in_no_folder(root: Root, sandbox: Sandbox) -> None:
    body = {"projectId": root.project, "parent": "organizations/281475"}
    sandbox.request("POST", "/cloudresourcemanager/v3/projects", body)
    root.apply('data "google_project" "ours" {}\n')
    told = root.state()["data.google_project.ours"]
    assert (told["org_id"], told["folder_id"]) == ("281475", "")
    root.destroy()


def test_a_notification_of_no_events_is_refused_as_the_plugin_framework_refuses_it(root: Root) -> None:
    notification = """
resource "google_storage_bucket" "raw" {
  name     = "PROJECT-raw"
  location = "asia-south1"
}
resource "google_pubsub_topic" "raw" {
  name = "raw-changed"
}
data "google_storage_project_service_account" "agent" {}
resource "google_pubsub_topic_iam_member" "agent" {
  topic  = google_pubsub_topic.raw.id
  role   = "roles/pubsub.publisher"
  member = data.google_storage_project_service_account.agent.member
}
resource "google_storage_notification" "raw" {
  bucket             = google_storage_bucket.raw.name
  topic              = google_pubsub_topic.raw.id
  payload_format     = "NONE"
  object_name_prefix = ""
  custom_attributes  = {}
  event_types        = []
  depends_on         = [google_pubsub_topic_iam_member.agent]
}
"""
    said = root.fails(notification)
    assert "produced an unexpected new value: .event_types: was cty.SetValEmpty(cty.String), but now null." in said
    root.apply(notification.replace("  event_types        = []\n", ""))
    assert root.actions() == {}
