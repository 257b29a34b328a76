"""Analytics Hub: exchanges and listings, and who may see them."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_HUB = """
resource "google_bigquery_dataset" "prices" {
  dataset_id = "prices"
  location   = "asia-south1"
}
resource "google_bigquery_table" "daily" {
  dataset_id          = google_bigquery_dataset.prices.dataset_id
  table_id            = "daily"
  deletion_protection = false
  schema              = jsonencode([{ name = "a", type = "STRING" }])
}
resource "google_pubsub_topic" "ticks" {
  name = "ticks"
}
resource "google_bigquery_analytics_hub_data_exchange" "main" {
  location         = "asia-south1"
  data_exchange_id = "main"
  display_name     = "Main"
  description      = "Prices"
}
resource "google_bigquery_analytics_hub_data_exchange" "room" {
  location         = "asia-south1"
  data_exchange_id = "room"
  display_name     = "Clean room"
  discovery_type   = "DISCOVERY_TYPE_PUBLIC"
  sharing_environment_config {
    dcr_exchange_config {}
  }
}
resource "google_bigquery_analytics_hub_listing" "prices" {
  location         = "asia-south1"
  data_exchange_id = google_bigquery_analytics_hub_data_exchange.main.data_exchange_id
  listing_id       = "prices"
  display_name     = "Prices"
  request_access   = "ann@example.com"
  categories       = ["CATEGORY_FINANCIAL"]
  bigquery_dataset {
    dataset = google_bigquery_dataset.prices.id
  }
  data_provider {
    name            = "Data"
    primary_contact = "data@example.com"
  }
  publisher {
    name = "Publisher"
  }
}
resource "google_bigquery_analytics_hub_listing" "daily" {
  location         = "asia-south1"
  data_exchange_id = google_bigquery_analytics_hub_data_exchange.room.data_exchange_id
  listing_id       = "daily"
  display_name     = "Daily"
  bigquery_dataset {
    dataset = google_bigquery_dataset.prices.id
    selected_resources {
      table = google_bigquery_table.daily.id
    }
  }
  restricted_export_config {
    enabled               = true
    restrict_query_result = true
  }
}
resource "google_bigquery_analytics_hub_listing" "ticks" {
  location         = "asia-south1"
  data_exchange_id = google_bigquery_analytics_hub_data_exchange.main.data_exchange_id
  listing_id       = "ticks"
  display_name     = "Ticks"
  pubsub_topic {
    topic = google_pubsub_topic.ticks.id
  }
}
resource "google_bigquery_analytics_hub_data_exchange_iam_member" "ann" {
  location         = "asia-south1"
  data_exchange_id = google_bigquery_analytics_hub_data_exchange.main.data_exchange_id
  role             = "roles/analyticshub.viewer"
  member           = "user:ann@example.com"
}
resource "google_bigquery_analytics_hub_listing_iam_member" "ann" {
  location         = "asia-south1"
  data_exchange_id = google_bigquery_analytics_hub_data_exchange.main.data_exchange_id
  listing_id       = google_bigquery_analytics_hub_listing.prices.listing_id
  role             = "roles/analyticshub.subscriber"
  member           = "user:ann@example.com"
}
"""
_PLACE = "projects/PROJECT/locations/asia-south1/dataExchanges"
ANALYTICS_HUB = Case(
    "analytics hub",
    first=_HUB,
    second=_HUB.replace('description      = "Prices"', 'documentation    = "Read me"')
    .replace('request_access   = "ann@example.com"', 'request_access   = "bob@example.com"')
    .replace('"Ticks"', '"All ticks"')
    .replace("restrict_query_result = true", "restrict_query_result = false"),
    updated=frozenset(
        (
            "google_bigquery_analytics_hub_data_exchange.main",
            "google_bigquery_analytics_hub_listing.prices",
            "google_bigquery_analytics_hub_listing.daily",
            "google_bigquery_analytics_hub_listing.ticks",
        )
    ),
    replaced=(
        ('listing_id       = "ticks"', 'listing_id       = "quotes"', "google_bigquery_analytics_hub_listing.ticks"),
    ),
    imports={
        "google_bigquery_dataset.prices": "projects/PROJECT/datasets/prices",
        "google_bigquery_analytics_hub_data_exchange.main": f"{_PLACE}/main",
        "google_bigquery_analytics_hub_listing.prices": f"{_PLACE}/main/listings/prices",
    },
)
CASES = [ANALYTICS_HUB]
