"""Words with which hashicorp/google refuses to destroy, by type."""

from __future__ import annotations

import pytest

from sandbox.provider.catalogue import load
from sandbox.provider.protection import refusal

STATE = {"id": "projects/p/things/t", "name": "t"}
APPLY = "and running `terraform apply`"


@pytest.mark.parametrize(
    ("type", "called"),
    [
        ("google_pubsub_topic", "PubsubTopic"),
        ("google_bigquery_dataset", "BigQueryDataset"),
        ("google_compute_instance", '"projects/p/things/t"'),
        ("google_secret_manager_regional_secret", "SecretManagerRegionalRegionalSecret"),
    ],
)
def test_a_policy_that_prevents_it_names_the_type(type: str, called: str) -> None:
    said = refusal(load().resources[type], {**STATE, "deletion_policy": "PREVENT", "deletion_protection": True})
    assert said == f'cannot destroy {called} without setting deletion_policy="DELETE" {APPLY}'


@pytest.mark.parametrize(
    ("type", "said"),
    [
        ("google_workflows_workflow", f"cannot destroy workflow without setting deletion_protection=false {APPLY}"),
        (
            "google_bigquery_table",
            f"cannot destroy table projects/p/things/t without setting deletion_protection=false {APPLY}",
        ),
        (
            "google_compute_instance",
            "Cannot delete instance t: instance Deletion Protection is enabled. Set deletion_protection to false for "
            'this resource and run "terraform apply" before attempting to delete it.',
        ),
    ],
)
def test_protection_is_told_of_in_the_words_of_the_type(type: str, said: str) -> None:
    assert refusal(load().resources[type], {**STATE, "deletion_policy": "DELETE", "deletion_protection": True}) == said


def test_a_project_has_a_sentence_of_its_own_and_what_nothing_protects_none() -> None:
    project = load().resources["google_project"]
    assert (
        refusal(project, {"deletion_policy": "PREVENT"})
        == "Cannot destroy project as deletion_policy is set to PREVENT."
    )
    assert refusal(project, {"deletion_policy": "DELETE"}) is None
