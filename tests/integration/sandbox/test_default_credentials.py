"""Google's clients find credentials of the sandbox's own, where the variables of `envctl env` are set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from envctl.clouds import cloud_sdk_files

from tests.integration.sandbox_process import Sandbox

PROJECT = "default-credentials"

BIGQUERY = """
from google.cloud import bigquery
client = bigquery.Client(client_options={"api_endpoint": URL})
client.create_dataset("d", exists_ok=True)
print(client.project, [each.n for each in client.query_and_wait("SELECT 1 AS n")], client._credentials.token[:8])
"""
LOGGING = """
import google.auth
from google.cloud import logging
credentials, project = google.auth.default()
client = logging.Client(project=project, _use_grpc=False, client_options={"api_endpoint": URL + "/logging"})
print(project, list(client.list_metrics()), client._connection.credentials.token[:8])
"""


@pytest.mark.parametrize("script", [BIGQUERY, LOGGING], ids=["bigquery", "logging"])
def test_a_client_needs_no_credentials_of_its_own(sandbox: Sandbox, tmp_path: Path, script: str) -> None:
    files = cloud_sdk_files(sandbox.url, PROJECT, tmp_path)
    assert Path(files["GOOGLE_APPLICATION_CREDENTIALS"]).stat().st_mode & 0o077 == 0
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"URL = {sandbox.url!r}\n{script}"],
        env={**files, "GOOGLE_CLOUD_PROJECT": PROJECT, "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split()[0] == PROJECT
    assert run.stdout.split()[-1] == "sandbox-", "the token is the one that the sandbox exchanged"


def test_an_exchange_without_a_token_is_refused(sandbox: Sandbox) -> None:
    asked = {"grantType": "urn:ietf:params:oauth:grant-type:token-exchange", "audience": "//iam.googleapis.com/x"}
    refused = sandbox.request("POST", "/sts/v1/token", asked)
    assert (refused.status, refused.json()["error"]) == (400, "invalid_request")
    assert "subjectToken" in refused.json()["error_description"]
