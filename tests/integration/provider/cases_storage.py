"""Buckets with all that Cloud Storage has for them, their managed folders and notifications."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_AROUND = """
resource "google_pubsub_topic" "changes" {
  name = "changes"
}
data "google_project" "this" {}
resource "google_pubsub_topic_iam_member" "agent" {
  topic  = google_pubsub_topic.changes.name
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-${data.google_project.this.number}@gs-project-accounts.iam.gserviceaccount.com"
}
resource "google_storage_managed_folder" "reports" {
  bucket        = google_storage_bucket.dual.name
  name          = "reports/daily/"
  force_destroy = FORCE
}
resource "google_storage_managed_folder_iam_member" "reader" {
  bucket         = google_storage_managed_folder.reports.bucket
  managed_folder = google_storage_managed_folder.reports.name
  role           = "roles/storage.objectViewer"
  member         = "user:ann@example.com"
}
resource "google_storage_notification" "changes" {
  bucket             = google_storage_bucket.dual.name
  topic              = google_pubsub_topic.changes.id
  payload_format     = "JSON_API_V1"
  event_types        = ["OBJECT_FINALIZE", "OBJECT_DELETE"]
  object_name_prefix = "reports/"
  custom_attributes  = { origin = "reports" }
  depends_on         = [google_pubsub_topic_iam_member.agent]
}
resource "google_storage_notification" "all" {
  bucket         = google_storage_bucket.dual.name
  topic          = google_pubsub_topic.changes.id
  payload_format = "NONE"
  depends_on     = [google_storage_notification.changes]
}
"""

STORAGE_FEATURES = Case(
    "storage-features",
    first=_AROUND.replace("FORCE", "false")
    + """
resource "google_storage_bucket" "dual" {
  name                        = "PROJECT-dual"
  location                    = "IN"
  uniform_bucket_level_access = true
  rpo                         = "ASYNC_TURBO"
  requester_pays              = true
  default_event_based_hold    = true
  enable_object_retention     = true
  custom_placement_config {
    data_locations = ["ASIA-SOUTH1", "ASIA-SOUTH2"]
  }
  autoclass {
    enabled                = true
    terminal_storage_class = "ARCHIVE"
  }
  encryption {
    google_managed_encryption_enforcement_config {
      restriction_mode = "NotRestricted"
    }
    customer_managed_encryption_enforcement_config {
      restriction_mode = "NotRestricted"
    }
    customer_supplied_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }
  }
  ip_filter {
    mode                           = "Enabled"
    allow_all_service_agent_access = true
    public_network_source {
      allowed_ip_cidr_ranges = ["203.0.113.0/24"]
    }
    vpc_network_sources {
      network                = "projects/PROJECT/global/networks/atm"
      allowed_ip_cidr_ranges = ["10.0.0.0/16"]
    }
  }
  website {
    main_page_suffix = "index.html"
    not_found_page   = "404.html"
  }
  lifecycle_rule {
    condition {
      created_before         = "2026-01-31"
      custom_time_before     = "2026-01-31"
      days_since_custom_time = 10
      size_above_bytes       = 1000
    }
    action {
      type = "Delete"
    }
  }
}
resource "google_storage_bucket" "folders" {
  name                        = "PROJECT-folders"
  location                    = "asia-south1"
  uniform_bucket_level_access = true
  hierarchical_namespace {
    enabled = true
  }
}
""",
    second=_AROUND.replace("FORCE", "true")
    + """
resource "google_storage_bucket" "dual" {
  name                        = "PROJECT-dual"
  location                    = "IN"
  uniform_bucket_level_access = true
  rpo                         = "DEFAULT"
  enable_object_retention     = true
  custom_placement_config {
    data_locations = ["ASIA-SOUTH1", "ASIA-SOUTH2"]
  }
  autoclass {
    enabled                = true
    terminal_storage_class = "NEARLINE"
  }
  encryption {
    google_managed_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }
    customer_managed_encryption_enforcement_config {
      restriction_mode = "NotRestricted"
    }
    customer_supplied_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }
  }
  ip_filter {
    mode                           = "Disabled"
    allow_all_service_agent_access = false
  }
}
resource "google_storage_bucket" "folders" {
  name                        = "PROJECT-folders"
  location                    = "asia-south1"
  uniform_bucket_level_access = true
  hierarchical_namespace {
    enabled = true
  }
}
""",
    updated=frozenset(("google_storage_bucket.dual", "google_storage_managed_folder.reports")),
    replaced=(
        ('"reports/daily/"', '"reports/weekly/"', "google_storage_managed_folder.reports"),
        ('payload_format = "NONE"', 'payload_format = "JSON_API_V1"', "google_storage_notification.all"),
        ('["ASIA-SOUTH1", "ASIA-SOUTH2"]', '["ASIA-SOUTH1", "ASIA-EAST1"]', "google_storage_bucket.dual"),
        ("enabled = true\n  }\n}\n", "enabled = false\n  }\n}\n", "google_storage_bucket.folders"),
    ),
    imports={
        "google_pubsub_topic.changes": "projects/PROJECT/topics/changes",
        "google_storage_bucket.dual": "PROJECT-dual",
        "google_storage_managed_folder.reports": "PROJECT-dual/managedFolders/reports/daily/",
        "google_storage_managed_folder_iam_member.reader": "b/PROJECT-dual/managedFolders/reports/daily/"
        " roles/storage.objectViewer user:ann@example.com",
        "google_storage_notification.changes": "PROJECT-dual/notificationConfigs/1",
    },
    after_import=frozenset(("force_destroy", "labels", "terraform_labels", "project", "lifecycle_rule")),
)

_LISTS = """
resource "google_storage_bucket" "a" {
  name          = "PROJECT-lists"
  location      = "asia-south1"
  force_destroy = true
}
resource "google_storage_bucket" "b" {
  name          = "PROJECT-more-lists"
  location      = "asia-south1"
  force_destroy = true
}
resource "google_storage_bucket_object" "one" {
  bucket  = google_storage_bucket.a.name
  name    = "dir/one"
  content = "1"
}
resource "google_storage_bucket_object" "two" {
  bucket  = google_storage_bucket.a.name
  name    = "two"
  content = "2"
}
resource "google_storage_bucket_acl" "pairs" {
  bucket      = google_storage_bucket.a.name
  default_acl = "DEFAULT"
  role_entity = ["READER:user-ann@example.com", "WRITER:PERSON"]
}
resource "google_storage_bucket_acl" "predefined" {
  bucket         = google_storage_bucket.b.name
  predefined_acl = "publicRead"
}
resource "google_storage_bucket_access_control" "entry" {
  bucket     = google_storage_bucket.b.name
  entity     = "group-all@example.com"
  role       = "ENTRY"
  depends_on = [google_storage_bucket_acl.predefined]
}
resource "google_storage_default_object_acl" "pairs" {
  bucket      = google_storage_bucket.b.name
  role_entity = ["OWNER:PERSON", "READER:allAuthenticatedUsers"]
}
resource "google_storage_default_object_access_control" "entry" {
  bucket     = google_storage_bucket.a.name
  entity     = "allUsers"
  role       = "ENTRY"
  depends_on = [google_storage_bucket_acl.pairs]
}
resource "google_storage_object_acl" "pairs" {
  bucket      = google_storage_bucket.a.name
  object      = google_storage_bucket_object.one.name
  role_entity = ["READER:PERSON"]
}
resource "google_storage_object_access_control" "entry" {
  bucket = google_storage_bucket.a.name
  object = google_storage_bucket_object.two.output_name
  entity = "domain-example.com"
  role   = "ENTRY"
}
"""

STORAGE_LISTS = Case(
    "storage-lists",
    first=_LISTS.replace("DEFAULT", "private").replace("PERSON", "user-bob@example.com").replace("ENTRY", "READER"),
    second=_LISTS.replace("DEFAULT", "private").replace("PERSON", "group-b@example.com").replace("ENTRY", "OWNER"),
    updated=frozenset(
        (
            "google_storage_bucket_acl.pairs",
            "google_storage_bucket_access_control.entry",
            "google_storage_default_object_acl.pairs",
            "google_storage_default_object_access_control.entry",
            "google_storage_object_acl.pairs",
            "google_storage_object_access_control.entry",
        )
    ),
    replaced=(
        ('"publicRead"', '"projectPrivate"', "google_storage_bucket_acl.predefined"),
        ('"group-all@example.com"', '"group-some@example.com"', "google_storage_bucket_access_control.entry"),
    ),
    imports={
        "google_storage_bucket_access_control.entry": "PROJECT-more-lists/group-all@example.com",
        "google_storage_default_object_access_control.entry": "PROJECT-lists/allUsers",
        "google_storage_object_access_control.entry": "PROJECT-lists/two/domain-example.com",
    },
)

_FOLDERS = """
resource "google_storage_bucket" "tree" {
  name                        = "PROJECT-tree"
  location                    = "asia-south1"
  uniform_bucket_level_access = true
  force_destroy               = true
  hierarchical_namespace {
    enabled = true
  }
}
resource "google_storage_folder" "reports" {
  bucket        = google_storage_bucket.tree.name
  name          = "reports/"
  force_destroy = FORCE
}
resource "google_storage_folder" "daily" {
  bucket = google_storage_bucket.tree.name
  name   = "${google_storage_folder.reports.name}daily/"
}
resource "google_storage_bucket_object" "one" {
  bucket  = google_storage_bucket.tree.name
  name    = "${google_storage_folder.daily.name}one"
  content = "1"
}
data "google_storage_bucket_object" "one" {
  bucket = google_storage_bucket_object.one.bucket
  name   = google_storage_bucket_object.one.name
}
"""

STORAGE_FOLDERS = Case(
    "storage-folders",
    first=_FOLDERS.replace("FORCE", "false"),
    second=_FOLDERS.replace("FORCE", "true"),
    updated=frozenset(("google_storage_folder.reports",)),
    replaced=(("}daily/", "}weekly/", "google_storage_folder.daily"),),
    imports={
        "google_storage_folder.reports": "PROJECT-tree/folders/reports/",
        "google_storage_folder.daily": "PROJECT-tree/reports/daily/",
    },
    after_import=frozenset(("force_destroy",)),
)

CASES = [STORAGE_FEATURES, STORAGE_LISTS, STORAGE_FOLDERS]
