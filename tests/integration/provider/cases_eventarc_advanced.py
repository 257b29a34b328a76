"""Eventarc Advanced: buses, pipelines, enrollments, sources and channels."""

from __future__ import annotations

from tests.integration.provider.cases import Case, edited

_FIRST = """
resource "google_eventarc_message_bus" "bus" {
  location       = "asia-south1"
  message_bus_id = "bus"
  display_name   = "First"
  labels         = { of = "first" }
  logging_config {
    log_severity = "ALERT"
  }
}
resource "google_eventarc_google_api_source" "source" {
  location             = "asia-south1"
  google_api_source_id = "source"
  display_name         = "First"
  destination          = google_eventarc_message_bus.bus.id
  annotations          = { of = "first" }
}
resource "google_eventarc_pipeline" "pipeline" {
  location     = "asia-south1"
  pipeline_id  = "pipeline"
  display_name = "First"
  destinations {
    http_endpoint {
      uri                      = "https://10.77.0.0:80/route"
      message_binding_template = "{\\"headers\\":{\\"new-header-key\\": \\"new-header-value\\"}}"
    }
    authentication_config {
      google_oidc {
        service_account = "events@PROJECT.iam.gserviceaccount.com"
        audience        = "http://www.example.com"
      }
    }
    output_payload_format {
      avro {
        schema_definition = "{\\"type\\": \\"record\\", \\"name\\": \\"one\\", \\"fields\\": []}"
      }
    }
  }
  input_payload_format {
    json {}
  }
  mediations {
    transformation {
      transformation_template = "{\\"id\\": message.id}"
    }
  }
  retry_policy {
    max_retry_delay = "50s"
    max_attempts    = 2
    min_retry_delay = "40s"
  }
}
resource "google_eventarc_pipeline" "passing" {
  location    = "asia-south1"
  pipeline_id = "passing"
  destinations {
    message_bus = google_eventarc_message_bus.bus.id
  }
}
resource "google_eventarc_enrollment" "enrollment" {
  location      = "asia-south1"
  enrollment_id = "enrollment"
  message_bus   = google_eventarc_message_bus.bus.id
  destination   = google_eventarc_pipeline.pipeline.id
  cel_match     = "message.type == 'google.cloud.dataflow.job.v1beta3.statusChanged'"
  labels        = { of = "first" }
}
resource "google_eventarc_channel" "channel" {
  location             = "asia-south1"
  name                 = "channel"
  third_party_provider = "projects/PROJECT/locations/asia-south1/providers/datadog"
  labels               = { of = "first" }
}
resource "google_eventarc_google_channel_config" "config" {
  location = "asia-south1"
  name     = "projects/PROJECT/locations/asia-south1/googleChannelConfig"
}
"""
CASES = [
    edited(
        Case(
            "eventarc advanced",
            first=_FIRST,
            replaced=(
                ('message_bus_id = "bus"', 'message_bus_id = "other"', "google_eventarc_message_bus.bus"),
                ("providers/datadog", "providers/ping", "google_eventarc_channel.channel"),
            ),
            imports={
                "google_eventarc_message_bus.bus": "asia-south1/bus",
                "google_eventarc_pipeline.pipeline": "projects/PROJECT/locations/asia-south1/pipelines/pipeline",
                "google_eventarc_enrollment.enrollment": "asia-south1/enrollment",
            },
            after_import=frozenset(("labels", "terraform_labels", "annotations")),
        ),
        ('"First"', '"Second"'),
        ('of = "first"', 'of = "second"'),
        ('"ALERT"', '"DEBUG"'),
        ("10.77.0.0:80", "10.77.0.1:80"),
        ("max_attempts    = 2", "max_attempts    = 3"),
        updated={
            "google_eventarc_message_bus.bus",
            "google_eventarc_google_api_source.source",
            "google_eventarc_pipeline.pipeline",
            "google_eventarc_enrollment.enrollment",
            "google_eventarc_channel.channel",
        },
    )
]
