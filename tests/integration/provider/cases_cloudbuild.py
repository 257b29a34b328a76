"""Cloud Build's connections to hosts of source code, and Dataform's repositories, which have theirs by a secret too."""

from __future__ import annotations

from tests.integration.provider.cases import LABELS, Case

_SECRET = """
resource "google_secret_manager_secret" "token" {
  secret_id = "token"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_version" "token" {
  secret      = google_secret_manager_secret.token.id
  secret_data = "not-a-token"
}
"""
_CONNECTIONS = (
    _SECRET
    + """
resource "google_cloudbuildv2_connection" "github" {
  location    = "asia-south1"
  name        = "github"
  annotations = { of = "first" }
  github_config {
    app_installation_id = 123
    authorizer_credential {
      oauth_token_secret_version = google_secret_manager_secret_version.token.id
    }
  }
}
resource "google_cloudbuildv2_connection" "gitlab" {
  location = "asia-south1"
  name     = "gitlab"
  disabled = true
  gitlab_config {
    webhook_secret_secret_version = google_secret_manager_secret_version.token.id
    authorizer_credential {
      user_token_secret_version = google_secret_manager_secret_version.token.id
    }
    read_authorizer_credential {
      user_token_secret_version = google_secret_manager_secret_version.token.id
    }
  }
}
resource "google_cloudbuildv2_connection" "waiting" {
  location = "asia-south1"
  name     = "waiting"
  github_enterprise_config {
    host_uri = "https://ghe.example.com"
  }
}
resource "google_cloudbuildv2_repository" "ours" {
  location          = "asia-south1"
  name              = "ours"
  parent_connection = google_cloudbuildv2_connection.github.name
  remote_uri        = "https://github.com/example/ours.git"
  annotations       = { of = "ours" }
}
resource "google_cloudbuildv2_repository" "theirs" {
  name              = "theirs"
  parent_connection = google_cloudbuildv2_connection.github.id
  remote_uri        = "https://github.com/example/theirs.git"
}
resource "google_cloudbuildv2_connection_iam_member" "viewer" {
  location = "asia-south1"
  name     = google_cloudbuildv2_connection.github.name
  role     = "roles/cloudbuild.connectionViewer"
  member   = "user:jane@example.com"
}
"""
)
_DATAFORM = (
    _SECRET
    + """
resource "google_dataform_repository" "plain" {
  name         = "plain"
  region       = "asia-south1"
  display_name = "Plain"
  labels       = { of = "first" }
}
resource "google_dataform_repository" "remote" {
  name            = "remote"
  region          = "asia-south1"
  service_account = "dataform@PROJECT.iam.gserviceaccount.com"
  git_remote_settings {
    url                                 = "https://github.com/example/ours.git"
    default_branch                      = "main"
    authentication_token_secret_version = google_secret_manager_secret_version.token.id
  }
  workspace_compilation_overrides {
    default_database = "database"
    schema_suffix    = "_suffix"
  }
}
resource "google_dataform_repository" "keyed" {
  name   = "keyed"
  region = "asia-south1"
  git_remote_settings {
    url            = "git@github.com:example/ours.git"
    default_branch = "main"
    ssh_authentication_config {
      user_private_key_secret_version = google_secret_manager_secret_version.token.id
      host_public_key                 = "ssh-rsa AAAA"
    }
  }
}
resource "google_dataform_repository_iam_member" "viewer" {
  region     = "asia-south1"
  repository = google_dataform_repository.plain.name
  role       = "roles/dataform.viewer"
  member     = "user:jane@example.com"
}
"""
)
_TRIGGERS = (
    _CONNECTIONS
    + """
resource "google_pubsub_topic" "built" {
  name = "built"
}
resource "google_cloudbuild_trigger" "pushed" {
  name        = "pushed"
  location    = "asia-south1"
  description = "Upon a push"
  filename    = "cloudbuild.yaml"
  tags        = ["one", "two"]
  repository_event_config {
    repository = google_cloudbuildv2_repository.ours.id
    push {
      branch = "main.*"
    }
  }
  substitutions = { _OF = "first" }
}
resource "google_cloudbuild_trigger" "told" {
  location = "asia-south1"
  name     = "told"
  disabled = true
  pubsub_config {
    topic = google_pubsub_topic.built.id
  }
  build {
    timeout = "900s"
    step {
      name    = "gcr.io/cloud-builders/gsutil"
      args    = ["cp", "gs://of-nobody/remote.zip", "local.zip"]
      timeout = "120s"
    }
    step {
      name   = "ubuntu"
      script = "echo hello"
      env    = ["OF=hello"]
    }
    options {
      machine_type         = "N1_HIGHCPU_8"
      logging              = "CLOUD_LOGGING_ONLY"
      substitution_option  = "ALLOW_LOOSE"
      dynamic_substitutions = true
    }
    available_secrets {
      secret_manager {
        env          = "TOKEN"
        version_name = google_secret_manager_secret_version.token.id
      }
    }
  }
}
resource "google_cloudbuild_trigger" "old" {
  name = "old"
  trigger_template {
    branch_name = "main"
    repo_name   = "ours"
  }
  filename = "cloudbuild.yaml"
}
resource "google_cloudbuild_trigger" "by_hand" {
  name = "by-hand"
  source_to_build {
    uri       = "https://github.com/example/ours"
    ref       = "refs/heads/main"
    repo_type = "GITHUB"
  }
  git_file_source {
    path      = "cloudbuild.yaml"
    uri       = "https://github.com/example/ours"
    revision  = "refs/heads/main"
    repo_type = "GITHUB"
  }
  approval_config {
    approval_required = true
  }
}
"""
)
CASES = [
    Case(
        "cloud build triggers",
        first=_TRIGGERS,
        second=_TRIGGERS.replace("Upon a push", "Upon any push")
        .replace('_OF = "first"', '_OF = "second"')
        .replace('script = "echo hello"', 'script = "echo there"'),
        updated=frozenset(("google_cloudbuild_trigger.pushed", "google_cloudbuild_trigger.told")),
        replaced=(
            ('"asia-south1"\n  description', '"asia-south2"\n  description', "google_cloudbuild_trigger.pushed"),
        ),
    ),
    Case(
        "cloud build connections",
        first=_CONNECTIONS,
        second=_CONNECTIONS.replace('annotations = { of = "first" }', 'annotations = { of = "second" }').replace(
            "disabled = true", "disabled = false"
        ),
        updated=frozenset(("google_cloudbuildv2_connection.github", "google_cloudbuildv2_connection.gitlab")),
        replaced=(
            ("example/theirs.git", "example/others.git", "google_cloudbuildv2_repository.theirs"),
            ('{ of = "ours" }', '{ of = "theirs" }', "google_cloudbuildv2_repository.ours"),
        ),
        imports={
            "google_cloudbuildv2_connection.github": "projects/PROJECT/locations/asia-south1/connections/github",
            "google_cloudbuildv2_repository.theirs": "asia-south1/github/theirs",
        },
        after_import=LABELS | {"github_config"},
    ),
    Case(
        "dataform repositories",
        first=_DATAFORM,
        second=_DATAFORM.replace('of = "first"', 'of = "second"')
        .replace('"Plain"', '"Simple"')
        .replace('"_suffix"', '"_end"'),
        updated=frozenset(("google_dataform_repository.plain", "google_dataform_repository.remote")),
        replaced=(('name         = "plain"', 'name         = "other"', "google_dataform_repository.plain"),),
        imports={
            "google_dataform_repository.plain": "asia-south1/plain",
            "google_dataform_repository.remote": "projects/PROJECT/locations/asia-south1/repositories/remote",
        },
        after_import=LABELS | {"git_remote_settings"},
    ),
]
