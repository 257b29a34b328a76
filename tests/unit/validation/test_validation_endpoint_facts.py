"""Our table of the provider's variables, held against the provider's own facts where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from envctl.clouds import Endpoints, environment_variables

FACTS = Path(__file__).resolve().parents[4] / "shared/google-provider-facts/_provider.json"
# Written by hand in the provider, so not among its products.
BY_HAND = {"GOOGLE_IAM_CUSTOM_ENDPOINT", "GOOGLE_CLOUD_RESOURCE_MANAGER_CUSTOM_ENDPOINT"}
# As it was called before 7.
OLDER = {"GOOGLE_BILLING_CUSTOM_ENDPOINT", "GOOGLE_CORE_BILLING_CUSTOM_ENDPOINT"}


@pytest.mark.skipif(not FACTS.is_file(), reason="the provider's facts are not beside the repository")
def test_each_variable_is_the_provider_s_and_has_its_path() -> None:
    products = json.loads(FACTS.read_text())["products"].values()
    known = {product["custom_endpoint_env"]: product["base_url"] for product in products}
    for name, value in environment_variables("http://sandbox", "p").items():
        if name.endswith("_CUSTOM_ENDPOINT") and "BACKEND" not in name and name not in BY_HAND | OLDER:
            base = known[name]
            host, _, path = base.removeprefix("https://").partition("/")
            product = host.partition(".")[0].removeprefix("{{location}}-")
            # Storage, BigQuery and Compute carry their product in the path already.
            expected = path if path.startswith(f"{product}/") else f"{product}/{path}"
            if host.startswith("{{location}}-run."):  # v1's paths have no region, so the one of the host is put there
                expected = f"{product}/regions/{{{{location}}}}/{path}"
            assert value == f"http://sandbox/{expected}", name


def test_each_api_that_is_read_has_a_google_host_of_its_own() -> None:
    assert Endpoints().url("run", "v2/x") == "https://run.googleapis.com/v2/x"
    assert Endpoints().url("bigquery", "v2/x") == "https://bigquery.googleapis.com/bigquery/v2/x"
    assert Endpoints().client_endpoint("bigquery") == "https://bigquery.googleapis.com"
