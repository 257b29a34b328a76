"""What a person reads when terraform fails."""

from datetime import UTC, datetime

import pytest
from envctl.terraform.events import Diagnostic
from envctl.terraform.failures import StateLocked, TerraformFailed, failure
from envctl.terraform.process import Outcome

LOCK = """Lock Info:
  ID:        1763690000123456
  Path:      gs://atm-local-tfstate/terraform/state/default.tflock
  Operation: OperationTypeApply
  Who:       asha@desk
  Version:   1.11.4
  Created:   2026-11-20 10:00:00.123456 +0000 UTC
  Info:
"""


def test_lock_report_says_holder_age_and_how_to_unlock() -> None:
    diagnostic = Diagnostic("error", "Error acquiring the state lock", LOCK)
    error = failure("plan", Outcome(exit_code=1, diagnostics=[diagnostic]), datetime(2026, 11, 20, 12, 5, tzinfo=UTC))
    assert isinstance(error, StateLocked)
    assert "asha@desk" in error.what
    assert "since 2 hours" in error.what
    assert error.where == "gs://atm-local-tfstate/terraform/state/default.tflock"
    assert "envctl state unlock ENVIRONMENT --lock 1763690000123456" in error.todo


def test_lock_report_is_found_in_plain_text_with_borders() -> None:
    text = "╷\n│ Error: Error acquiring the state lock\n│ \n" + "".join(f"│ {line}\n" for line in LOCK.splitlines())
    error = failure("init", Outcome(exit_code=1, text=text), datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC))
    assert isinstance(error, StateLocked)
    assert "since 30 seconds" in error.what


def test_every_diagnostic_is_shown_with_its_address_and_line() -> None:
    diagnostics = [
        Diagnostic(
            "error",
            "Error creating Topic: googleapi: Error 409",
            "exists",
            "module.pubsub.google_pubsub_topic.this",
            "main.tf:3",
        ),
        Diagnostic("warning", "Deprecated", "old"),
        Diagnostic("error", "Invalid value", "", "", "variables.tf:9"),
    ]
    error = failure("apply", Outcome(exit_code=1, diagnostics=diagnostics))
    assert isinstance(error, TerraformFailed)
    text = str(error)
    assert "2 errors" in text
    assert "module.pubsub.google_pubsub_topic.this in main.tf:3: Error creating Topic: googleapi: Error 409" in text
    assert "variables.tf:9: Invalid value" in text
    assert "Deprecated" not in text


def test_an_unreachable_provider_points_to_the_sandbox() -> None:
    diagnostic = Diagnostic(
        "error", "Failed to reattach to provider", "dial unix /tmp/x.sock: connect: connection refused"
    )
    error = failure("plan", Outcome(exit_code=1, diagnostics=[diagnostic]))
    assert "envctl sandbox up" in error.todo


@pytest.mark.parametrize(
    ("address", "said", "todo"),
    [
        (
            'module.cloud_tasks["trading"].google_cloud_tasks_queue.this["orders"]',
            "googleapi: Error 400: The queue cannot be created because a queue with this name existed too recently.",
            "give subprojects.trading.queues.orders another one (name: orders-2), or wait",
        ),
        (
            'module.kms["trading"].google_kms_key_ring.this["trading"]',
            "googleapi: Error 409: KeyRing projects/p/locations/asia-south1/keyRings/trading already exists.",
            """terraform.tfvars.json 'module.kms["trading"].google_kms_key_ring.this["trading"]' """
            "projects/p/locations/asia-south1/keyRings/trading",
        ),
        (
            'module.kms["trading"].google_kms_crypto_key.this["data"]',
            "googleapi: Error 409: CryptoKey projects/p/locations/l/keyRings/trading/cryptoKeys/data already exists.",
            "gcloud kms keys versions create --key=projects/p/locations/l/keyRings/trading/cryptoKeys/data --primary",
        ),
        (
            'module.github_oidc.google_iam_workload_identity_pool.this["github"]',
            "googleapi: Error 409: Requested entity already exists",
            "name another as github.pool in the YAML, or take it back",
        ),
    ],
)
def test_a_name_that_google_keeps_says_what_to_do(address: str, said: str, todo: str) -> None:
    error = failure(
        "apply", Outcome(exit_code=1, diagnostics=[Diagnostic("error", "Error creating it", said, address)])
    )
    assert todo in error.todo


def test_missing_credentials_say_how_to_sign_in() -> None:
    said = "╷\n│ Error: storage.NewClient() failed: dialing: google: could not find default credentials. See …\n╵\n"
    error = failure("init", Outcome(exit_code=1, text=said))
    assert "no Google credentials" in error.what
    assert "gcloud auth application-default login" in error.todo
    assert "--sandbox" in error.todo, "a newcomer may have no account at all"


def test_a_missing_state_bucket_points_to_bootstrap() -> None:
    said = "Error: Failed to get existing workspaces: querying Cloud Storage failed: storage: bucket doesn't exist"
    assert "envctl bootstrap" in failure("init", Outcome(exit_code=1, text=said)).todo


def test_a_file_that_is_no_plan_is_told_without_terraforms_colours_and_frame() -> None:
    text = "\n".join(
        (
            "There are some problems with the CLI configuration:",
            "\x1b[31m╷\x1b[0m\x1b[0m",
            "\x1b[31m│\x1b[0m \x1b[1m\x1b[31mError: \x1b[0mFailed to read the given file as a state or plan file",
            "\x1b[31m│\x1b[0m \x1b[0m",
            "\x1b[31m│\x1b[0m \x1b[0mState read error: Error reading junk.tfplan",
        )
    )
    error = failure("show", Outcome(exit_code=1, text=text))
    assert str(error) == (
        "terraform show failed: the file holds no saved plan\n"
        "  why: Error: Failed to read the given file as a state or plan file\n"
        "    State read error: Error reading junk.tfplan\n"
        "  what to do: make one with `envctl plan ENVIRONMENT --out FILE`"
    )


def test_a_stale_plan_says_to_plan_again() -> None:
    diagnostic = Diagnostic("error", "Saved plan is stale", "The given plan file can no longer be applied.")
    error = failure("apply", Outcome(exit_code=1, diagnostics=[diagnostic]))
    assert error.what == "terraform apply failed: the state has changed since the plan was made"
    assert "plan again" in error.todo
