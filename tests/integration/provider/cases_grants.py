"""Single members, roles' bindings and whole policies, of every resource that has them and no other case."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_PARENTS = """
resource "google_artifact_registry_repository" "r" {
  location      = "asia-south1"
  repository_id = "everywhere"
  format        = "DOCKER"
}
resource "google_bigquery_connection" "c" {
  connection_id = "everywhere"
  location      = "asia-south1"
  cloud_resource {}
}
resource "google_bigquery_dataset" "d" {
  dataset_id = "everywhere"
  location   = "asia-south1"
}
resource "google_bigquery_table" "t" {
  dataset_id          = google_bigquery_dataset.d.dataset_id
  table_id            = "everywhere"
  deletion_protection = false
  schema              = jsonencode([{ name = "a", type = "STRING" }])
}
resource "google_bigquery_routine" "r" {
  dataset_id      = google_bigquery_dataset.d.dataset_id
  routine_id      = "everywhere"
  routine_type    = "SCALAR_FUNCTION"
  language        = "SQL"
  definition_body = "1"
}
resource "google_cloud_run_v2_job" "j" {
  name                = "everywhere"
  location            = "asia-south1"
  deletion_protection = false
  template {
    template {
      containers {
        image = "asia-south1-docker.pkg.dev/PROJECT/services/hello:1"
      }
    }
  }
}
resource "google_cloud_run_v2_service" "s" {
  name                = "everywhere"
  location            = "asia-south1"
  deletion_protection = false
  template {
    containers {
      image = "asia-south1-docker.pkg.dev/PROJECT/services/hello:1"
    }
  }
}
resource "google_cloud_run_v2_worker_pool" "w" {
  name                = "everywhere-w"
  location            = "asia-south1"
  deletion_protection = false
  template {
    containers {
      image = "asia-south1-docker.pkg.dev/PROJECT/services/hello:1"
    }
  }
}
resource "google_compute_network" "n" {
  name                    = "everywhere"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "n" {
  name          = "everywhere"
  network       = google_compute_network.n.id
  region        = "asia-south1"
  ip_cidr_range = "10.7.0.0/24"
}
resource "google_compute_backend_service" "b" {
  name                  = "everywhere"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}
resource "google_cloud_tasks_queue" "q" {
  name     = "everywhere"
  location = "asia-south1"
}
resource "google_data_catalog_taxonomy" "t" {
  display_name           = "everywhere"
  region                 = "asia-south1"
  activated_policy_types = ["FINE_GRAINED_ACCESS_CONTROL"]
}
resource "google_data_catalog_policy_tag" "p" {
  taxonomy     = google_data_catalog_taxonomy.t.id
  display_name = "everywhere"
}
resource "google_bigquery_datapolicy_data_policy" "p" {
  location         = "asia-south1"
  data_policy_id   = "everywhere"
  policy_tag       = google_data_catalog_policy_tag.p.name
  data_policy_type = "DATA_MASKING_POLICY"
  data_masking_policy {
    predefined_expression = "SHA256"
  }
}
resource "google_kms_key_ring" "r" {
  name     = "everywhere"
  location = "asia-south1"
}
resource "google_kms_crypto_key" "k" {
  name     = "everywhere"
  key_ring = google_kms_key_ring.r.id
}
resource "google_logging_project_bucket_config" "b" {
  project   = "PROJECT"
  location  = "asia-south1"
  bucket_id = "everywhere"
}
resource "google_logging_log_view" "v" {
  name   = "everywhere"
  bucket = google_logging_project_bucket_config.b.id
}
resource "google_pubsub_schema" "s" {
  name       = "everywhere"
  type       = "AVRO"
  definition = jsonencode({ type = "record", name = "A", fields = [{ name = "a", type = "string" }] })
}
resource "google_storage_bucket" "b" {
  name                        = "PROJECT-everywhere"
  location                    = "asia-south1"
  uniform_bucket_level_access = true
}
resource "google_storage_managed_folder" "f" {
  bucket = google_storage_bucket.b.name
  name   = "everywhere/"
}
resource "google_secret_manager_regional_secret" "s" {
  secret_id = "everywhere"
  location  = "asia-south1"
}
resource "google_dns_managed_zone" "z" {
  name     = "everywhere"
  dns_name = "everywhere.example."
}
"""

# Type without its ending → what says the parent, and the role.
_OF = {
    "google_artifact_registry_repository": (
        'location = "asia-south1"\n  repository = google_artifact_registry_repository.r.name',
        "roles/artifactregistry.reader",
    ),
    "google_bigquery_connection": (
        'location = "asia-south1"\n  connection_id = google_bigquery_connection.c.connection_id',
        "roles/bigquery.connectionUser",
    ),
    "google_bigquery_table": (
        "dataset_id = google_bigquery_dataset.d.dataset_id\n  table_id = google_bigquery_table.t.table_id",
        "roles/bigquery.dataViewer",
    ),
    "google_bigquery_routine": (
        "dataset_id = google_bigquery_dataset.d.dataset_id\n  routine_id = google_bigquery_routine.r.routine_id",
        "roles/bigquery.dataViewer",
    ),
    "google_cloud_run_v2_job": (
        'location = "asia-south1"\n  name = google_cloud_run_v2_job.j.name',
        "roles/run.viewer",
    ),
    "google_cloud_run_v2_service": (
        'location = "asia-south1"\n  name = google_cloud_run_v2_service.s.name',
        "roles/run.viewer",
    ),
    "google_cloud_run_v2_worker_pool": (
        'location = "asia-south1"\n  name = google_cloud_run_v2_worker_pool.w.name',
        "roles/run.viewer",
    ),
    "google_iap_web_cloud_run_service": (
        'location = "asia-south1"\n  cloud_run_service_name = google_cloud_run_v2_service.s.name',
        "roles/iap.httpsResourceAccessor",
    ),
    "google_iap_web_backend_service": (
        "web_backend_service = google_compute_backend_service.b.name",
        "roles/iap.httpsResourceAccessor",
    ),
    "google_compute_subnetwork": (
        'region = "asia-south1"\n  subnetwork = google_compute_subnetwork.n.name',
        "roles/compute.networkUser",
    ),
    "google_cloud_tasks_queue": (
        'location = "asia-south1"\n  name = google_cloud_tasks_queue.q.name',
        "roles/cloudtasks.viewer",
    ),
    "google_data_catalog_taxonomy": (
        'region = "asia-south1"\n  taxonomy = google_data_catalog_taxonomy.t.name',
        "roles/datacatalog.viewer",
    ),
    "google_data_catalog_policy_tag": (
        "policy_tag = google_data_catalog_policy_tag.p.name",
        "roles/datacatalog.categoryFineGrainedReader",
    ),
    "google_bigquery_datapolicy_data_policy": (
        'location = "asia-south1"\n  data_policy_id = google_bigquery_datapolicy_data_policy.p.data_policy_id',
        "roles/bigquerydatapolicy.maskedReader",
    ),
    "google_kms_key_ring": ("key_ring_id = google_kms_key_ring.r.id", "roles/cloudkms.viewer"),
    "google_kms_crypto_key": ("crypto_key_id = google_kms_crypto_key.k.id", "roles/cloudkms.viewer"),
    "google_logging_log_view": (
        'parent = "projects/PROJECT"\n  location = "asia-south1"\n'
        "  bucket = google_logging_project_bucket_config.b.bucket_id\n  name = google_logging_log_view.v.name",
        "roles/logging.viewAccessor",
    ),
    "google_pubsub_schema": ("schema = google_pubsub_schema.s.name", "roles/pubsub.viewer"),
    "google_storage_managed_folder": (
        "bucket = google_storage_bucket.b.name\n  managed_folder = google_storage_managed_folder.f.name",
        "roles/storage.objectViewer",
    ),
    "google_secret_manager_regional_secret": (
        'location = "asia-south1"\n  secret_id = google_secret_manager_regional_secret.s.secret_id',
        "roles/secretmanager.viewer",
    ),
    "google_dns_managed_zone": ("managed_zone = google_dns_managed_zone.z.name", "roles/dns.reader"),
}


def _granted(ending: str, body: str) -> str:
    return "".join(
        f'resource "{kind}_iam_{ending}" "g" {{\n  {parent}\n{body.replace("ROLE", role)}}}\n'
        for kind, (parent, role) in _OF.items()
    )


_MEMBER = _granted("member", '  role = "ROLE"\n  member = "user:ann@example.com"\n')
_BINDING = _granted("binding", '  role = "ROLE"\n  members = ["user:ann@example.com"]\n')
_POLICY = _granted(
    "policy",
    '  policy_data = jsonencode({ bindings = [{ role = "ROLE", members = ["user:ann@example.com"] }] })\n',
)
_BOTH = '["user:ann@example.com", "user:bob@example.com"]'


def _case(name: str, ending: str, grants: str) -> Case:
    parents = _PARENTS.replace("everywhere", name.replace("-", ""))
    return Case(
        name,
        first=parents + grants,
        second=(parents + grants).replace('["user:ann@example.com"]', _BOTH),
        updated=frozenset(() if ending == "member" else (f"{kind}_iam_{ending}.g" for kind in _OF)),
        stays="already exists",
        whole=True,
    )


CASES = [
    _case("members-everywhere", "member", _MEMBER),
    _case("bindings-everywhere", "binding", _BINDING),
    _case("policies-everywhere", "policy", _POLICY),
]
