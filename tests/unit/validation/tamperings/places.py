"""Where things are in the cloud of these tests."""

from typing import Any

P = "projects/full-project"
RUN = f"run/v2/{P}/locations/asia-south1"
BQ = f"bigquery/v2/{P}/datasets/market_data"
ORDERS = f"bigquery/v2/{P}/datasets/orders_data"
TAXONOMIES = f"datacatalog/v1/{P}/locations/asia-south1/taxonomies"
TAGS = f"{TAXONOMIES}/of-sensitivity/policyTags"
MASKED = f"bigquerydatapolicy/v1/{P}/locations/asia-south1/dataPolicies/last_four"
EVE = {"role": "roles/viewer", "members": ["user:eve@example.com"]}
JOBS = f"cloudscheduler/v1/{P}/locations/asia-south1/jobs"

Tampering = tuple[str, str, Any, str]
"""A document, the dotted path of a value in it, the value it is given, and the check that must find it."""
