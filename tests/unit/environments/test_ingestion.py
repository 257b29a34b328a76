"""What fills topics by itself."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

NUMBER = 'project_id: atm-dev-1\nproject_number: "123456789012"\n'


def topic(envs: EnvironmentFiles, text: str) -> EnvironmentFiles:
    alpha = f"""
        service_accounts: {{reader-1: {{}}}}
        buckets: {{raw: {{}}, archive: {{}}}}
        topics: {{lines: {{ingestion: {text}}}, plain: {{}}}}
        subscriptions: {{kept: {{topic: plain, cloud_storage: {{bucket: archive}}}}}}
        """
    return envs.dev(NUMBER).subprojects(alpha=alpha)


def test_a_bucket_and_an_account_are_named_as_google_has_them(envs: EnvironmentFiles) -> None:
    made = topic(envs, "{cloud_storage: {bucket: raw}}").load().tfvars["subprojects"]["alpha"]["topics"]["lines"]
    assert made["ingestion"]["cloud_storage"]["bucket"] == "atm-dev-1-raw"
    hub = '{bootstrap_server: "a.b:9092", cluster_id: c, topic: t, identity_pool_id: p, service_account: reader-1}'
    made = topic(envs, f"{{confluent_cloud: {hub}}}").load().tfvars["subprojects"]["alpha"]["topics"]["lines"]
    account = made["ingestion"]["confluent_cloud"]["service_account"]
    assert account == "reader-1@atm-dev-1.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "comes from one source"),
        ("{platform_logs: ERROR}", "comes from one source"),
        ("{cloud_storage: {bucket: rew}}", '"rew" names no bucket (did you mean "raw"?)'),
        ("{cloud_storage: {bucket: raw, format: avro, delimiter: ;}}", "only texts have a delimiter"),
        ("{cloud_storage: {bucket: raw, created_after: yesterday}}", "is not a time"),
        ("{cloud_storage: {bucket: archive}}", "the subscription alpha/kept writes there"),
        ("{aws_msk: {cluster_arn: c, topic: t, aws_role_arn: r, service_account: reader-1}}", "is not an ARN"),
    ],
)
def test_what_could_not_fill_a_topic(envs: EnvironmentFiles, text: str, message: str) -> None:
    assert any(message in problem for problem in topic(envs, text).problems())


def test_a_bucket_fills_topics_of_one_subproject(envs: EnvironmentFiles) -> None:
    source = "topics: {TOPIC: {ingestion: {cloud_storage: {bucket: alpha/raw}}}}"
    alpha = "buckets: {raw: {}}\n" + source.replace("TOPIC", "one")
    problem = envs.dev(NUMBER).subprojects(alpha=alpha, beta=source.replace("TOPIC", "two")).problem()
    assert "topics of alpha are filled from there" in problem
