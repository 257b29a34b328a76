"""What each served type goes through: a configuration, a change in place, replacements, ids to import it by."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """`second` updates in place; each of `replaced` (old text, new text, address) replaces; `imports` by address."""

    name: str
    first: str
    second: str = ""
    updated: frozenset[str] = frozenset()
    replaced: tuple[tuple[str, str, str], ...] = ()
    imports: dict[str, str] = field(default_factory=dict)
    after_import: frozenset[str] = frozenset()
    """Attributes that the API does not tell, or that only say who set them: they may change after an import."""
    stays: str = ""
    """Where Google keeps the name of what is destroyed: what it says to whoever wants it again."""
    whole: bool = False
    """Too much for every run of the tests."""


_LABELS = frozenset(("labels", "terraform_labels", "annotations"))

IDENTITY = Case(
    "identity",
    first="""
resource "google_project_service" "run" {
  service            = "run.googleapis.com"
  disable_on_destroy = false
}
resource "google_service_account" "a" {
  account_id   = "strategy-engine"
  display_name = "Strategy engine"
}
resource "google_service_account" "b" {
  account_id = "risk-manager"
}
resource "google_service_account_iam_member" "actas" {
  service_account_id = google_service_account.a.name
  role               = "roles/iam.serviceAccountUser"
  member             = "user:Ann@example.com"
}
resource "google_project_iam_member" "jobs" {
  project = "PROJECT"
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.a.member
}
resource "google_project_iam_member" "conditional" {
  project = "PROJECT"
  role    = "roles/storage.objectViewer"
  member  = google_service_account.a.member
  condition {
    title      = "reports-only"
    expression = "resource.name.startsWith(\\"projects/_/buckets/atm/objects/reports/\\")"
  }
}
""",
    second="""
resource "google_project_service" "run" {
  service            = "run.googleapis.com"
  disable_on_destroy = true
}
resource "google_service_account" "a" {
  account_id  = "strategy-engine"
  description = "Trades"
}
resource "google_service_account" "b" {
  account_id = "risk-manager"
  disabled   = true
}
resource "google_service_account_iam_member" "actas" {
  service_account_id = google_service_account.a.name
  role               = "roles/iam.serviceAccountUser"
  member             = "user:ann@example.com"
}
resource "google_project_iam_member" "jobs" {
  project = "PROJECT"
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.a.member
}
resource "google_project_iam_member" "conditional" {
  project = "PROJECT"
  role    = "roles/storage.objectViewer"
  member  = google_service_account.a.member
  condition {
    title      = "reports-only"
    expression = "resource.name.startsWith(\\"projects/_/buckets/atm/objects/reports/\\")"
  }
}
""",
    updated=frozenset(("google_project_service.run", "google_service_account.a", "google_service_account.b")),
    replaced=(
        ('"roles/bigquery.jobUser"', '"roles/bigquery.user"', "google_project_iam_member.jobs"),
        ('title      = "reports-only"', 'title      = "reports"', "google_project_iam_member.conditional"),
        ('"user:ann@example.com"', '"user:bob@example.com"', "google_service_account_iam_member.actas"),
    ),
    imports={
        "google_project_service.run": "PROJECT/run.googleapis.com",
        "google_service_account.a": "strategy-engine@PROJECT.iam.gserviceaccount.com",
        "google_service_account_iam_member.actas": "projects/PROJECT/serviceAccounts/strategy-engine@PROJECT"
        ".iam.gserviceaccount.com roles/iam.serviceAccountUser user:ann@example.com",
        "google_project_iam_member.jobs": "PROJECT roles/bigquery.jobUser serviceAccount:strategy-engine@PROJECT"
        ".iam.gserviceaccount.com",
        "google_project_iam_member.conditional": "PROJECT roles/storage.objectViewer serviceAccount:"
        "strategy-engine@PROJECT.iam.gserviceaccount.com reports-only",
    },
    after_import=frozenset(("disable_on_destroy",)),
)

SECRETS = Case(
    "secrets",
    first="""
resource "google_secret_manager_secret" "auto" {
  secret_id = "kite_api_key"
  labels    = { subproject = "strategy-engine", tier = "one" }
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret" "regional" {
  secret_id = "database_url"
  replication {
    user_managed {
      replicas {
        location = "asia-south1"
      }
    }
  }
}
resource "google_secret_manager_secret_version" "v" {
  secret      = google_secret_manager_secret.auto.id
  secret_data = "canary"
}
resource "google_secret_manager_secret_version" "write_only" {
  secret                 = google_secret_manager_secret.regional.id
  secret_data_wo         = "canary"
  secret_data_wo_version = 1
}
resource "google_secret_manager_secret_iam_member" "access" {
  secret_id = google_secret_manager_secret.auto.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "user:ann@example.com"
}
""",
    second="""
resource "google_secret_manager_secret" "auto" {
  secret_id   = "kite_api_key"
  labels      = { subproject = "strategy-engine" }
  annotations = { owner = "quant" }
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret" "regional" {
  secret_id           = "database_url"
  version_destroy_ttl = "86400s"
  replication {
    user_managed {
      replicas {
        location = "asia-south1"
      }
    }
  }
}
resource "google_secret_manager_secret_version" "v" {
  secret      = google_secret_manager_secret.auto.id
  secret_data = "canary"
  enabled     = false
}
resource "google_secret_manager_secret_version" "write_only" {
  secret                 = google_secret_manager_secret.regional.id
  secret_data_wo         = "canary"
  secret_data_wo_version = 1
}
resource "google_secret_manager_secret_iam_member" "access" {
  secret_id = google_secret_manager_secret.auto.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "user:ann@example.com"
}
""",
    updated=frozenset(
        (
            "google_secret_manager_secret.auto",
            "google_secret_manager_secret.regional",
            "google_secret_manager_secret_version.v",
        )
    ),
    replaced=(
        ("secret_data_wo_version = 1", "secret_data_wo_version = 2", "google_secret_manager_secret_version.write_only"),
        ('location = "asia-south1"', 'location = "asia-south2"', "google_secret_manager_secret.regional"),
    ),
    imports={
        "google_secret_manager_secret.auto": "kite_api_key",
        "google_secret_manager_secret.regional": "PROJECT/database_url",
        "google_secret_manager_secret_iam_member.access": "projects/PROJECT/secrets/kite_api_key "
        "roles/secretmanager.secretAccessor user:ann@example.com",
    },
    after_import=_LABELS,
)

REGISTRY = Case(
    "registry",
    first="""
resource "google_artifact_registry_repository" "services" {
  location      = "asia-south1"
  repository_id = "services"
  format        = "DOCKER"
  docker_config {
    immutable_tags = true
  }
  cleanup_policies {
    id     = "keep-10"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }
  cleanup_policies {
    id     = "old"
    action = "DELETE"
    condition {
      older_than = "30d"
    }
  }
}
resource "google_artifact_registry_repository_iam_member" "reader" {
  location   = google_artifact_registry_repository.services.location
  repository = google_artifact_registry_repository.services.name
  role       = "roles/artifactregistry.reader"
  member     = "user:ann@example.com"
}
""",
    second="""
resource "google_artifact_registry_repository" "services" {
  location      = "asia-south1"
  repository_id = "services"
  format        = "DOCKER"
  description   = "Images"
  docker_config {
    immutable_tags = false
  }
  cleanup_policies {
    id     = "old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
      tag_state  = "UNTAGGED"
    }
  }
}
resource "google_artifact_registry_repository_iam_member" "reader" {
  location   = google_artifact_registry_repository.services.location
  repository = google_artifact_registry_repository.services.repository_id
  role       = "roles/artifactregistry.reader"
  member     = "user:ann@example.com"
}
""",
    updated=frozenset(("google_artifact_registry_repository.services",)),
    replaced=(("DOCKER", "PYTHON", "google_artifact_registry_repository.services"),),
    imports={
        "google_artifact_registry_repository.services": "asia-south1/services",
        "google_artifact_registry_repository_iam_member.reader": "projects/PROJECT/locations/asia-south1/repositories/"
        "services roles/artifactregistry.reader user:ann@example.com",
    },
    after_import=_LABELS,
)

ORCHESTRATION = Case(
    "orchestration",
    first="""
resource "google_service_account" "a" {
  account_id = "workflows"
}
resource "google_workflows_workflow" "daily" {
  name                = "daily-cycle"
  region              = "asia-south1"
  description         = "The trading day"
  service_account     = google_service_account.a.id
  call_log_level      = "LOG_ERRORS_ONLY"
  deletion_protection = false
  labels              = { subproject = "strategy-engine" }
  user_env_vars       = { REGION = "asia-south1" }
  source_contents     = "main:\\n  steps:\\n  - done:\\n      return: 1\\n"
}
resource "google_workflows_workflow" "generated" {
  name_prefix         = "daily-"
  deletion_protection = false
  source_contents     = "main:\\n  steps:\\n  - done:\\n      return: 1\\n"
}
resource "google_cloud_scheduler_job" "http" {
  name             = "strategy-1800"
  schedule         = "0 18 * * 1-5"
  time_zone        = "Asia/Kolkata"
  attempt_deadline = "320s"
  retry_config {
    retry_count          = 3
    min_backoff_duration = "5s"
  }
  http_target {
    uri     = "https://example.com/run"
    body    = base64encode("{}")
    headers = { "Content-Type" = "application/json" }
    oauth_token {
      service_account_email = google_service_account.a.email
    }
  }
}
resource "google_cloud_scheduler_job" "topic" {
  name      = "tick"
  schedule  = "*/5 * * * *"
  time_zone = "Asia/Kolkata"
  pubsub_target {
    topic_name = "projects/PROJECT/topics/orders"
    data       = base64encode("tick")
  }
}
""",
    second="""
resource "google_service_account" "a" {
  account_id = "workflows"
}
resource "google_workflows_workflow" "daily" {
  name                = "daily-cycle"
  region              = "asia-south1"
  description         = "The whole trading day"
  service_account     = google_service_account.a.id
  deletion_protection = false
  labels              = { subproject = "strategy-engine", tier = "two" }
  source_contents     = "main:\\n  steps:\\n  - done:\\n      return: 2\\n"
}
resource "google_workflows_workflow" "generated" {
  name_prefix         = "daily-"
  deletion_protection = false
  source_contents     = "main:\\n  steps:\\n  - done:\\n      return: 1\\n"
}
resource "google_cloud_scheduler_job" "http" {
  name      = "strategy-1800"
  schedule  = "0 19 * * 1-5"
  time_zone = "Asia/Kolkata"
  paused    = true
  http_target {
    uri         = "https://example.com/run"
    http_method = "PUT"
    oidc_token {
      service_account_email = google_service_account.a.email
    }
  }
}
resource "google_cloud_scheduler_job" "topic" {
  name      = "tick"
  schedule  = "*/5 * * * *"
  time_zone = "Asia/Kolkata"
  pubsub_target {
    topic_name = "projects/PROJECT/topics/orders"
    data       = base64encode("tock")
    attributes = { kind = "tick" }
  }
}
""",
    updated=frozenset(
        (
            "google_workflows_workflow.daily",
            "google_cloud_scheduler_job.http",
            "google_cloud_scheduler_job.topic",
        )
    ),
    replaced=(
        ('"tick"\n', '"tack"\n', "google_cloud_scheduler_job.topic"),
        ('"daily-cycle"', '"cycle"', "google_workflows_workflow.daily"),
    ),
    imports={
        "google_cloud_scheduler_job.http": "asia-south1/strategy-1800",
        "google_cloud_scheduler_job.topic": "tick",
    },
    after_import=_LABELS | {"deletion_protection", "region"},
)

STORAGE = Case(
    "storage",
    first="""
resource "google_storage_bucket" "plain" {
  name     = "PROJECT-plain"
  location = "asia-south1"
}
resource "google_storage_bucket" "full" {
  name                        = "PROJECT-full"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  labels                      = { subproject = "strategy-engine" }
  versioning {
    enabled = true
  }
  cors {
    origin          = ["https://example.com"]
    method          = ["GET"]
    max_age_seconds = 3600
  }
  lifecycle_rule {
    condition {
      age        = 30
      with_state = "ARCHIVED"
    }
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
  }
  lifecycle_rule {
    condition {
      num_newer_versions = 3
      matches_prefix     = ["logs/"]
    }
    action {
      type = "Delete"
    }
  }
  logging {
    log_bucket = google_storage_bucket.plain.name
  }
}
resource "google_storage_bucket_object" "config" {
  bucket       = google_storage_bucket.full.name
  name         = "config/trading.yaml"
  content      = "limit: 10\\n"
  content_type = "application/yaml"
}
resource "google_storage_bucket_object" "file" {
  bucket = google_storage_bucket.full.name
  name   = "main.tf"
  source = "${path.module}/main.tf"
}
resource "google_storage_bucket_object" "sealed" {
  bucket  = google_storage_bucket.full.name
  name    = "sealed"
  content = "by a key of the customer's"
  customer_encryption {
    encryption_key = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
  }
}
resource "google_storage_bucket_iam_member" "reader" {
  bucket = google_storage_bucket.full.name
  role   = "roles/storage.objectViewer"
  member = "user:ann@example.com"
}
""",
    second="""
resource "google_storage_bucket" "plain" {
  name          = "PROJECT-plain"
  location      = "ASIA-SOUTH1"
  storage_class = "NEARLINE"
  website {
    main_page_suffix = "index.html"
  }
}
resource "google_storage_bucket" "full" {
  name                        = "PROJECT-full"
  location                    = "ASIA-SOUTH1"
  uniform_bucket_level_access = true
  public_access_prevention    = "inherited"
  force_destroy               = true
  labels                      = { tier = "two" }
  versioning {
    enabled = true
  }
  soft_delete_policy {
    retention_duration_seconds = 0
  }
  lifecycle_rule {
    condition {
      age = 0
      send_age_if_zero = true
      matches_suffix = [".tmp"]
    }
    action {
      type = "Delete"
    }
  }
}
resource "google_storage_bucket_object" "config" {
  bucket       = google_storage_bucket.full.name
  name         = "config/trading.yaml"
  content      = "limit: 20\\n"
  content_type = "application/yaml"
}
resource "google_storage_bucket_object" "file" {
  bucket = google_storage_bucket.full.name
  name   = "main.tf"
  source = "${path.module}/main.tf"
}
resource "google_storage_bucket_object" "sealed" {
  bucket  = google_storage_bucket.full.name
  name    = "sealed"
  content = "by a key of the customer's"
  customer_encryption {
    encryption_key = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
  }
}
resource "google_storage_bucket_iam_member" "reader" {
  bucket = google_storage_bucket.full.name
  role   = "roles/storage.objectViewer"
  member = "user:ann@example.com"
}
""",
    updated=frozenset(
        (
            "google_storage_bucket.plain",
            "google_storage_bucket.full",
            "google_storage_bucket_object.config",
            "google_storage_bucket_object.file",
        )
    ),
    replaced=(("config/trading.yaml", "config/other.yaml", "google_storage_bucket_object.config"),),
    imports={
        "google_storage_bucket.plain": "PROJECT-plain",
        "google_storage_bucket.full": "PROJECT/PROJECT-full",
        "google_storage_bucket_iam_member.reader": "b/PROJECT-full roles/storage.objectViewer user:ann@example.com",
    },
    after_import=_LABELS | {"force_destroy", "lifecycle_rule", "project"},
)

RUN = Case(
    "run",
    first="""
resource "google_service_account" "a" {
  account_id = "strategy"
}
resource "google_secret_manager_secret" "key" {
  secret_id = "kite_api_key"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "key" {
  secret      = google_secret_manager_secret.key.id
  secret_data = "canary"
}
resource "google_cloud_run_v2_service" "plain" {
  name                = "shared-services"
  location            = "asia-south1"
  deletion_protection = false
  template {
    containers {
      image = "asia-south1-docker.pkg.dev/PROJECT/services/shared-services:1"
    }
  }
}
resource "google_cloud_run_v2_service" "full" {
  name                = "strategy-engine"
  location            = "asia-south1"
  ingress             = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  deletion_protection = false
  labels              = { subproject = "strategy-engine" }
  annotations         = { owner = "quant" }
  scaling {
    min_instance_count = 0
  }
  template {
    service_account                  = google_service_account.a.email
    timeout                          = "3600s"
    max_instance_request_concurrency = 10
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    labels                           = { tier = "compute" }
    scaling {
      min_instance_count = 0
      max_instance_count = 10
    }
    containers {
      name  = "app"
      image = "asia-south1-docker.pkg.dev/PROJECT/services/strategy-engine:1"
      ports {
        name           = "http1"
        container_port = 8080
      }
      resources {
        limits            = { cpu = "2", memory = "4Gi" }
        cpu_idle          = true
        startup_cpu_boost = true
      }
      env {
        name  = "LOG_LEVEL"
        value = "INFO"
      }
      env {
        name = "KITE_API_KEY"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.key.secret_id
            version = "latest"
          }
        }
      }
      startup_probe {
        period_seconds    = 5
        failure_threshold = 10
        http_get {
          path = "/health/ready"
        }
      }
      liveness_probe {
        period_seconds = 30
        http_get {
          path = "/health/live"
        }
      }
    }
  }
  depends_on = [google_secret_manager_secret_version.key]
}
resource "google_cloud_run_v2_service_iam_member" "invoker" {
  name     = google_cloud_run_v2_service.full.name
  location = google_cloud_run_v2_service.full.location
  role     = "roles/run.invoker"
  member   = google_service_account.a.member
}
resource "google_cloud_run_v2_job" "backtest" {
  name                = "backtest"
  location            = "asia-south1"
  deletion_protection = false
  template {
    parallelism = 4
    task_count  = 16
    template {
      max_retries     = 2
      timeout         = "1800s"
      service_account = google_service_account.a.email
      containers {
        image = "asia-south1-docker.pkg.dev/PROJECT/services/strategy-engine:1"
        env {
          name  = "MODE"
          value = "backtest"
        }
        resources {
          limits = { cpu = "2", memory = "4Gi" }
        }
      }
    }
  }
}
resource "google_cloud_run_v2_job_iam_member" "invoker" {
  name     = google_cloud_run_v2_job.backtest.name
  location = google_cloud_run_v2_job.backtest.location
  role     = "roles/run.invoker"
  member   = google_service_account.a.member
}
""",
    replaced=(('"backtest"\n  location', '"rehearsal"\n  location', "google_cloud_run_v2_job.backtest"),),
    imports={
        "google_cloud_run_v2_service.plain": "asia-south1/shared-services",
        "google_cloud_run_v2_service.full": "projects/PROJECT/locations/asia-south1/services/strategy-engine",
        "google_cloud_run_v2_service_iam_member.invoker": "projects/PROJECT/locations/asia-south1/services/"
        "strategy-engine roles/run.invoker serviceAccount:strategy@PROJECT.iam.gserviceaccount.com",
        "google_cloud_run_v2_job.backtest": "PROJECT/asia-south1/backtest",
        "google_cloud_run_v2_job_iam_member.invoker": "projects/PROJECT/locations/asia-south1/jobs/backtest "
        "roles/run.invoker serviceAccount:strategy@PROJECT.iam.gserviceaccount.com",
    },
    after_import=_LABELS | {"deletion_protection"},
)

PUBSUB = Case(
    "pubsub",
    first="""
resource "google_pubsub_schema" "signal" {
  name       = "signal"
  type       = "AVRO"
  definition = jsonencode({ type = "record", name = "Signal", fields = [{ name = "symbol", type = "string" }] })
}
resource "google_pubsub_topic" "plain" {
  name = "orders"
}
resource "google_pubsub_topic" "full" {
  name                       = "signals"
  message_retention_duration = "604800s"
  labels                     = { subproject = "strategy-engine" }
  schema_settings {
    schema   = google_pubsub_schema.signal.id
    encoding = "JSON"
  }
  message_storage_policy {
    allowed_persistence_regions = ["asia-south1"]
  }
}
resource "google_pubsub_topic" "dead" {
  name = "signals-dead"
}
resource "google_pubsub_subscription" "plain" {
  name  = "orders-pull"
  topic = google_pubsub_topic.plain.id
}
resource "google_pubsub_subscription" "short" {
  name  = "orders-short"
  topic = google_pubsub_topic.plain.name
}
resource "google_pubsub_subscription" "full" {
  name                       = "signals-pull"
  topic                      = google_pubsub_topic.full.id
  ack_deadline_seconds       = 60
  message_retention_duration = "86400s"
  retain_acked_messages      = true
  enable_message_ordering    = true
  filter                     = "attributes.strategy = \\"momentum\\""
  labels                     = { kind = "pull" }
  expiration_policy {
    ttl = ""
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = 5
  }
}
resource "google_pubsub_subscription" "push" {
  name  = "signals-push"
  topic = google_pubsub_topic.full.id
  push_config {
    push_endpoint = "https://risk-manager.example.com/signals"
    attributes    = { x-goog-version = "v1" }
    no_wrapper {
      write_metadata = true
    }
  }
}
resource "google_pubsub_topic_iam_member" "publisher" {
  topic  = google_pubsub_topic.full.name
  role   = "roles/pubsub.publisher"
  member = "user:ann@example.com"
}
resource "google_pubsub_subscription_iam_member" "subscriber" {
  subscription = google_pubsub_subscription.full.name
  role         = "roles/pubsub.subscriber"
  member       = "user:ann@example.com"
}
""",
    replaced=(
        ('"orders"', '"trades"', "google_pubsub_topic.plain"),
        ("enable_message_ordering    = true", "", "google_pubsub_subscription.full"),
    ),
    imports={
        "google_pubsub_schema.signal": "signal",
        "google_pubsub_topic.plain": "orders",
        "google_pubsub_topic.full": "projects/PROJECT/topics/signals",
        "google_pubsub_topic.dead": "PROJECT/signals-dead",
        "google_pubsub_subscription.full": "PROJECT/signals-pull",
        "google_pubsub_subscription.push": "signals-push",
        "google_pubsub_topic_iam_member.publisher": "projects/PROJECT/topics/signals roles/pubsub.publisher "
        "user:ann@example.com",
        "google_pubsub_subscription_iam_member.subscriber": "projects/PROJECT/subscriptions/signals-pull "
        "roles/pubsub.subscriber user:ann@example.com",
    },
    after_import=_LABELS,
)

BIGQUERY = Case(
    "bigquery",
    first="""
resource "google_bigquery_dataset" "full" {
  dataset_id                  = "trading_data"
  location                    = "asia-south1"
  friendly_name               = "Trading data"
  description                 = "Bars and ticks"
  default_table_expiration_ms = 3600000
  max_time_travel_hours       = "72"
  delete_contents_on_destroy  = true
  labels                      = { subproject = "trading-data-pipeline" }
}
resource "google_bigquery_table" "partitioned" {
  dataset_id          = google_bigquery_dataset.full.dataset_id
  table_id            = "market_data"
  deletion_protection = false
  clustering          = ["symbol", "exchange"]
  labels              = { kind = "bars" }
  time_partitioning {
    type          = "DAY"
    field         = "ts"
    expiration_ms = 157680000000
  }
  require_partition_filter = true
  schema = jsonencode([
    { name = "ts", type = "TIMESTAMP", mode = "REQUIRED" },
    { name = "symbol", type = "STRING", mode = "REQUIRED", description = "NSE symbol" },
    { name = "exchange", type = "STRING" },
  ])
}
resource "google_bigquery_table" "view" {
  dataset_id          = google_bigquery_dataset.full.dataset_id
  table_id            = "latest"
  deletion_protection = false
  view {
    query          = "SELECT symbol FROM `PROJECT.trading_data.market_data`"
    use_legacy_sql = false
  }
  depends_on = [google_bigquery_table.partitioned]
}
resource "google_bigquery_dataset_iam_member" "editor" {
  dataset_id = google_bigquery_dataset.full.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = "user:ann@example.com"
}
resource "google_bigquery_table_iam_member" "viewer" {
  dataset_id = google_bigquery_dataset.full.dataset_id
  table_id   = google_bigquery_table.partitioned.table_id
  role       = "roles/bigquery.dataViewer"
  member     = "user:ann@example.com"
}
""",
    replaced=(
        ('"exchange", type = "STRING"', '"exchange", type = "INTEGER"', "google_bigquery_table.partitioned"),
        ('"asia-south1"', '"EU"', "google_bigquery_dataset.full"),
    ),
    imports={
        "google_bigquery_dataset.full": "trading_data",
        "google_bigquery_table.partitioned": "PROJECT/trading_data/market_data",
        "google_bigquery_dataset_iam_member.editor": "projects/PROJECT/datasets/trading_data "
        "roles/bigquery.dataEditor user:ann@example.com",
        "google_bigquery_table_iam_member.viewer": "projects/PROJECT/datasets/trading_data/tables/market_data "
        "roles/bigquery.dataViewer user:ann@example.com",
    },
    after_import=_LABELS | {"deletion_protection", "delete_contents_on_destroy"},
)


def _changed(case: Case, *edits: tuple[str, str], updated: set[str]) -> Case:
    """The case with its second configuration made from the first by edits."""
    second = case.first
    for old, new in edits:
        assert old in second, f"{case.name}: {old!r} is not in the configuration"
        second = second.replace(old, new)
    return Case(case.name, case.first, second, frozenset(updated), case.replaced, case.imports, case.after_import)


CASES = [
    IDENTITY,
    SECRETS,
    REGISTRY,
    ORCHESTRATION,
    STORAGE,
    _changed(
        RUN,
        ("INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_ALL"),
        ('value = "INFO"', 'value = "DEBUG"'),
        ("period_seconds    = 5", "period_seconds    = 6"),
        ('labels              = { subproject = "strategy-engine" }', ""),
        ('annotations         = { owner = "quant" }', 'annotations = { owner = "ops" }'),
        ("task_count  = 16", "task_count  = 8"),
        ("max_instance_count = 10", "max_instance_count = 5"),
        updated={"google_cloud_run_v2_service.full", "google_cloud_run_v2_job.backtest"},
    ),
    _changed(
        PUBSUB,
        ('message_retention_duration = "604800s"', 'message_retention_duration = "86400s"'),
        ('labels                     = { subproject = "strategy-engine" }', ""),
        ("ack_deadline_seconds       = 60", "ack_deadline_seconds       = 30"),
        ("max_delivery_attempts = 5", "max_delivery_attempts = 10"),
        ("https://risk-manager.example.com/signals", "https://risk-manager.example.com/v2"),
        updated={"google_pubsub_topic.full", "google_pubsub_subscription.full", "google_pubsub_subscription.push"},
    ),
    _changed(
        BIGQUERY,
        ('"Bars and ticks"', '"Bars"'),
        (
            '{ name = "exchange", type = "STRING" },',
            '{ name = "exchange", type = "STRING" }, { name = "close", type = "NUMERIC" },',
        ),
        ("SELECT symbol FROM", "SELECT symbol, exchange FROM"),
        ('labels              = { kind = "bars" }', ""),
        updated={
            "google_bigquery_dataset.full",
            "google_bigquery_table.partitioned",
            "google_bigquery_table.view",
        },
    ),
]
